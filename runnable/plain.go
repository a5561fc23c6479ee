package runnable

import (
	"reflect"
	"strconv"
	"text/template/parse"
)

// A plainText is a template of texts and fields alone, as most are: nothing of
// it needs to be interpreted when it is filled. It makes what text/template would
// make of the same.
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
// or nil if it is none: it does more, or t does not tell where the fields lie, or
// their types say themselves how they are printed.
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
