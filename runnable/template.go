package runnable

import (
	"errors"
	"fmt"
	"reflect"
	"text/template"
	"text/template/parse"
)

// parseTemplate parses a text and checks its fields against t.
func parseTemplate(t reflect.Type, name, text string) (*template.Template, error) {
	tmpl, err := template.New(name).Option("missingkey=error").Funcs(template.FuncMap{printed: printable}).Parse(text)
	if err != nil {
		return nil, err // says the name
	}
	if tmpl.Tree == nil { // an empty text
		return tmpl, nil
	}
	c := &checker{tmpl: tmpl, visited: map[visit]bool{}}
	if err := c.template(name, t); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	for _, defined := range tmpl.Templates() {
		if defined.Tree != nil {
			guard(defined.Tree.Root)
		}
	}
	return tmpl, nil
}

// printed names the function that guard adds to whatever is printed.
const printed = "_printed"

// printable refuses nil, which text/template would print as <nil> or
// <no value>.
func printable(v any) (any, error) {
	rv := reflect.ValueOf(v)
	for rv.Kind() == reflect.Pointer {
		rv = rv.Elem()
	}
	if !rv.IsValid() {
		return nil, errors.New("the value is nil")
	}
	return v, nil
}

// guard makes every action that prints pass its value through printable.
func guard(node parse.Node) {
	switch n := node.(type) {
	case *parse.ListNode:
		if n == nil {
			return
		}
		for _, child := range n.Nodes {
			guard(child)
		}
	case *parse.ActionNode:
		if len(n.Pipe.Decl) == 0 {
			call := parse.NewIdentifier(printed).SetPos(n.Pos)
			n.Pipe.Cmds = append(n.Pipe.Cmds, &parse.CommandNode{NodeType: parse.NodeCommand, Pos: n.Pos, Args: []parse.Node{call}})
		}
	case *parse.IfNode:
		guard(n.List)
		guard(n.ElseList)
	case *parse.WithNode:
		guard(n.List)
		guard(n.ElseList)
	case *parse.RangeNode:
		guard(n.List)
		guard(n.ElseList)
	}
}
