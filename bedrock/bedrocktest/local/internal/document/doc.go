// Package document reads JSON that people write, and reports errors with their
// place: every [Problem] names the field, the line and the column.
//
// Parse returns a node, and each node knows its place. The code that reads the
// nodes decides what they may contain:
//
//	root, err := document.Parse(data)
//	…
//	err = root.Members(map[string]document.Take{
//		"name": func(n *document.Node) (err error) { name, err = n.Text(); return err },
//	})
//
// Members that no code reads, and duplicate names, are problems too.
package document
