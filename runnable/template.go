package runnable

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"text/template"
	"text/template/parse"
)

// A sectionText is the text of a section.
type sectionText struct {
	tmpl  *template.Template
	plain *plainText // does without tmpl; nil if the text needs it
}

// parseTemplate parses a text and checks its fields against t.
func parseTemplate(t reflect.Type, name, text string) (*sectionText, error) {
	tmpl, err := template.New(name).Option("missingkey=error").Funcs(template.FuncMap{printed: printable}).Parse(text)
	if err != nil {
		return nil, err // says the name
	}
	if err := refuseBraces(t, text); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if tmpl.Tree == nil { // an empty text
		return &sectionText{tmpl, plainOf(t, nil)}, nil
	}
	c := &checker{tmpl: tmpl, visited: map[visit]bool{}}
	if err := c.template(name, t); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	plain := plainOf(t, tmpl.Tree)
	for _, defined := range tmpl.Templates() {
		if defined.Tree != nil {
			guard(defined.Tree.Root)
		}
	}
	return &sectionText{tmpl, plain}, nil
}

// braces are how other libraries write a field in a template.
var braces = regexp.MustCompile(`\{([A-Za-z_][A-Za-z0-9_]*)\}`)

// refuseBraces returns an error for a text that was written for another
// library: it has no action of text/template, but a field of t in single
// braces, which the model would be sent as it is.
func refuseBraces(t reflect.Type, text string) error {
	if strings.Contains(text, "{{") {
		return nil
	}
	for _, found := range braces.FindAllStringSubmatch(text, -1) {
		if hasField(t, found[1]) {
			return fmt.Errorf("%s is not a template action, so it would be sent as it is; write {{.%s}}, or {{%q}} for the text itself", found[0], found[1], found[0])
		}
	}
	return nil
}

// hasField reports whether a t may have a field of that name, in upper or
// lower case.
func hasField(t reflect.Type, name string) bool {
	switch t = elemOfPointers(t); {
	case t == nil:
		return true
	case t.Kind() == reflect.Map:
		return true
	case t.Kind() == reflect.Struct:
		_, ok := t.FieldByNameFunc(func(s string) bool { return strings.EqualFold(s, name) })
		return ok
	}
	return false
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
