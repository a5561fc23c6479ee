package runnable

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
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

// A plainText is a template of texts and fields alone, as most are: nothing in it
// needs to be interpreted when it is filled. Its text is the one that
// text/template would make.
type plainText struct {
	typ    reflect.Type // a struct, or the one value that is put in
	pieces []plainPiece
}

// A plainPiece is a text, or the field whose value is put in.
type plainPiece struct {
	text  string
	put   bool  // it is a field
	index []int // of the field; empty: the value itself
}

// plainOf returns the plain text that a parsed template is for values of type t,
// or nil if there is none: it does more, or t does not show where the fields lie,
// or their types have their own way to be printed.
func plainOf(t reflect.Type, tree *parse.Tree) *plainText {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil {
		return nil
	}
	p := &plainText{typ: t}
	if tree == nil { // an empty text
		return p
	}
	for _, node := range tree.Root.Nodes {
		switch n := node.(type) {
		case *parse.TextNode:
			p.pieces = append(p.pieces, plainPiece{text: string(n.Text)})
		case *parse.ActionNode:
			index, ok := plainField(t, n.Pipe)
			if !ok {
				return nil
			}
			p.pieces = append(p.pieces, plainPiece{put: true, index: index})
		default:
			return nil
		}
	}
	return p
}

// plainField returns where the field lies that a pipeline names, if it does
// nothing else.
func plainField(t reflect.Type, pipe *parse.PipeNode) (index []int, ok bool) {
	if len(pipe.Decl) > 0 || len(pipe.Cmds) != 1 || len(pipe.Cmds[0].Args) != 1 {
		return nil, false
	}
	switch n := pipe.Cmds[0].Args[0].(type) {
	case *parse.DotNode:
	case *parse.FieldNode:
		for _, name := range n.Ident {
			if t.Kind() != reflect.Struct {
				return nil, false
			}
			if _, is := reflect.PointerTo(t).MethodByName(name); is {
				return nil, false
			}
			f, ok := t.FieldByName(name)
			if !ok || !f.IsExported() || throughPointer(t, f.Index) {
				return nil, false
			}
			index, t = append(index, f.Index...), f.Type
		}
	default:
		return nil, false
	}
	return index, isPlain(t)
}

// throughPointer reports whether a field lies in an embedded pointer, which may
// be nil.
func throughPointer(t reflect.Type, index []int) bool {
	for _, i := range index[:len(index)-1] {
		if t = t.Field(i).Type; t.Kind() != reflect.Struct {
			return true
		}
	}
	return false
}

// isPlain reports whether values of type t are printed as strconv does it.
func isPlain(t reflect.Type) bool {
	if reflect.PointerTo(t).NumMethod() > 0 { // String, Error, Format
		return false
	}
	switch t.Kind() {
	case reflect.String, reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return true
	}
	return false
}

// fill returns the text with the fields of v put in. It reports false if v is not
// of the type that the text was made for, or nil.
func (p *plainText) fill(v reflect.Value) (string, bool) {
	for v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if !v.IsValid() || v.Type() != p.typ {
		return "", false
	}
	if len(p.pieces) == 1 {
		switch piece := &p.pieces[0]; {
		case !piece.put:
			return piece.text, true
		case piece.of(v).Kind() == reflect.String:
			return piece.of(v).String(), true
		}
	}
	var room [256]byte
	text := room[:0]
	for i := range p.pieces {
		if piece := &p.pieces[i]; piece.put {
			text = appendPlain(text, piece.of(v))
		} else {
			text = append(text, piece.text...)
		}
	}
	return string(text), true
}

// of returns the field of v that the piece puts in.
func (p *plainPiece) of(v reflect.Value) reflect.Value {
	for _, i := range p.index {
		v = v.Field(i)
	}
	return v
}

// appendPlain appends v as text/template prints it. The type of v is plain.
func appendPlain(dst []byte, v reflect.Value) []byte {
	switch {
	case v.Kind() == reflect.String:
		return append(dst, v.String()...)
	case v.Kind() == reflect.Bool:
		return strconv.AppendBool(dst, v.Bool())
	case v.CanInt():
		return strconv.AppendInt(dst, v.Int(), 10)
	}
	return strconv.AppendUint(dst, v.Uint(), 10)
}
