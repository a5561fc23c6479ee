// Package mutate puts faults into Go packages, to see whether tests find them.
//
// All faults of a run go into one build, each behind a switch of package
// fault, so that a thousand faults cost one compilation:
//
//	set, err := mutate.Load(dir, []string{"./model", "./bedrock/..."}, nil)
//	faults := set.Sample(300, seed)
//	err = set.Overlay(tmp, faults)   // go test -c -overlay tmp/overlay.json
//
// A fault is what a slip of the pen makes of a line: a condition negated, a
// comparison off by one, half of a condition lost, a statement left out, a
// number off by one, a text lost, a field not set, an error swallowed. Lines
// are drawn first, and then a fault of the line, so that each line counts the
// same. Words for people, texts with a space in them, stay as they are.
package mutate
