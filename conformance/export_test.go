package conformance

import "testing"

// RunCase runs one case on a subject, in a bubble.
func RunCase(t *testing.T, s Subject, c Case) Result { return runner{subject: &s, t: t}.run(c) }
