// Package document reads JSON that people write, and tells them where it is
// wrong: every [Problem] names the field, the line and the column.
//
// A document is read into nodes, each of which knows its place. What the nodes
// should hold is said by the code that takes them apart:
//
//	root, err := document.Parse(data)
//	…
//	err = root.Members(map[string]document.Take{
//		"name": func(n *document.Node) (err error) { name, err = n.Text(); return err },
//	})
//
// Members that nobody takes, and names that stand twice, are problems too.
package document
