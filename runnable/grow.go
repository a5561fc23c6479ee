package runnable

import (
	"bytes"
	"encoding"
	"encoding/json"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/chatmodel-go/chatmodel/internal/jsonfield"
	"github.com/chatmodel-go/chatmodel/internal/rawjson"
)

// A grower fills a Go value with JSON while that arrives, as json.Unmarshal
// would fill it with all of it. Every byte is looked at a fixed number of
// times, however many pieces it comes in.
type grower struct {
	root   reflect.Value
	c      completer
	text   []byte // all that was read
	frames []frame
	start  int // where the scalar or key begins that is being read

	// The string that is being read into place, as far as it is in there.
	into    func(string) // nil: it is placed when it is complete
	growing *strings.Builder
	read    int // bytes of text that are in growing

	names map[reflect.Type]map[string]jsonfield.Field

	more   bool // something has come since grown was called
	broken bool // a value does not fit
}

// A frame is an object or array that is open.
type frame struct {
	kind  frameKind
	v     reflect.Value // the struct, map, slice or array; addressable but for a map
	start int           // of its text
	n     int           // items of an array
	key   string        // of the value that comes

	names map[string]jsonfield.Field // of a struct

	// Values of maps, and slices in an interface, are put in place anew when
	// they have changed.
	commit func()
}

// A frameKind says how a frame takes in its values.
type frameKind uint8

const (
	frameStruct frameKind = iota
	frameMap
	frameSlice
	frameArray
	frameWhole   // read by json.Unmarshal when it is complete
	frameIgnored // has no place
)

// plain reads the bytes that text begins with if they are nothing but letters
// of a string, and returns how many.
func (g *grower) plain(text string) (n int) {
	if g.c.state != inString || g.c.utf8 > 0 || g.c.high {
		return 0
	}
	for n < len(text) && text[n] >= ' ' && text[n] < utf8.RuneSelf && text[n] != '"' && text[n] != '\\' {
		n++
	}
	g.c.n += n
	g.text = append(g.text, text[:n]...)
	return n
}

// step reads a byte.
func (g *grower) step(b byte) int {
	before, depth, wasKey := g.c.state, len(g.c.stack), g.c.isKey
	result := g.c.step(b)
	at := len(g.text)
	g.text = append(g.text, b)
	if result == stepWrong || g.broken {
		return result
	}
	after := g.c.state
	switch { // something has ended
	case (before == inNumber) && after != inNumber:
		g.scalar(g.text[g.start:at])
	case before == inWord && after != inWord:
		g.scalar(g.text[g.start : at+1])
	case before == inString && after != inString && after != inEscape:
		if wasKey {
			g.frames[len(g.frames)-1].key = unquoted(g.text[g.start : at+1])
		} else {
			g.string(g.text[g.start : at+1])
		}
	}
	switch { // something begins
	case len(g.c.stack) > depth:
		g.open(b, at)
	case len(g.c.stack) < depth:
		g.close(at)
	case after != before && (after == inNumber || after == inWord):
		g.start = at
	case after == inString && before != inString && before != inEscape && before != inHex:
		g.start = at
		if !g.c.isKey {
			g.beginString(at)
		}
	}
	return result
}

// grown reports whether there is more to see than the last time.
func (g *grower) grown() bool {
	if g.into != nil && !g.broken {
		g.extend(g.c.settled())
	}
	if !g.more || g.broken {
		return false
	}
	g.more = false
	for i := len(g.frames) - 1; i >= 0; i-- {
		if commit := g.frames[i].commit; commit != nil {
			commit()
		}
	}
	return true
}

// top returns the innermost frame, nil at the root.
func (g *grower) top() *frame {
	if len(g.frames) == 0 {
		return nil
	}
	return &g.frames[len(g.frames)-1]
}

// place returns where the next value goes, and a function to call when it has
// changed. The place is invalid if there is none.
func (g *grower) place() (v reflect.Value, commit func(), quoted bool) {
	f := g.top()
	if f == nil {
		return g.root, nil, false
	}
	switch f.kind {
	case frameStruct:
		field, ok := f.names[f.key]
		if !ok {
			field, ok = f.names[strings.ToLower(f.key)]
		}
		if !ok {
			return v, nil, false
		}
		return fieldByPath(f.v, field.Path), nil, field.Quoted
	case frameMap:
		m, key := f.v, reflect.ValueOf(f.key).Convert(f.v.Type().Key())
		elem := reflect.New(m.Type().Elem()).Elem()
		return elem, func() { m.SetMapIndex(key, elem) }, false
	case frameSlice:
		f.v.Set(reflect.Append(f.v, reflect.Zero(f.v.Type().Elem())))
		return f.v.Index(f.v.Len() - 1), nil, false
	case frameArray:
		f.n++
		if f.n <= f.v.Len() {
			return f.v.Index(f.n - 1), nil, false
		}
	}
	return v, nil, false
}

// fieldByPath returns a field, making the embedded structs on the way.
func fieldByPath(v reflect.Value, path []int) reflect.Value {
	for i, n := range path {
		if i > 0 && v.Kind() == reflect.Pointer {
			if v.IsNil() {
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
		v = v.Field(n)
	}
	return v
}

// nextType returns the type of the place of the next value, nil if there is
// none, and whether it is read out of a string.
func (g *grower) nextType() (t reflect.Type, quoted bool) {
	f := g.top()
	switch {
	case f == nil:
		return g.root.Type(), false
	case f.kind == frameStruct:
		field, ok := f.names[f.key]
		if !ok {
			if field, ok = f.names[strings.ToLower(f.key)]; !ok {
				return nil, false
			}
		}
		return field.Type, field.Quoted
	case f.kind == frameMap, f.kind == frameSlice, f.kind == frameArray:
		return f.v.Type().Elem(), false
	}
	return nil, false
}

// open begins an object or array.
func (g *grower) open(bracket byte, at int) {
	f := frame{kind: frameIgnored, start: at}
	switch t, _ := g.nextType(); {
	case g.top() != nil && (g.top().kind == frameWhole || g.top().kind == frameIgnored), t == nil:
		g.skipItem()
	default:
		f.kind = frameWhole
		if opens(t, bracket) {
			v, commit, _ := g.place()
			f.commit = commit
			g.container(&f, v, bracket)
		}
	}
	g.frames = append(g.frames, f)
	g.more = g.more || f.kind != frameIgnored && f.kind != frameWhole
}

// skipItem counts an item that goes nowhere.
func (g *grower) skipItem() {
	if f := g.top(); f != nil && f.kind == frameArray {
		f.n++
	}
}

// opens reports whether the container can be filled piece by piece.
func opens(t reflect.Type, bracket byte) bool {
	for t.Kind() == reflect.Pointer {
		if reads(t) {
			return false
		}
		t = t.Elem()
	}
	if reads(t) {
		return false
	}
	switch t.Kind() {
	case reflect.Interface:
		return t.NumMethod() == 0
	case reflect.Struct:
		return bracket == '{'
	case reflect.Map:
		return bracket == '{' && t.Key().Kind() == reflect.String && !reads(t.Key())
	case reflect.Slice:
		return bracket == '['
	case reflect.Array:
		return bracket == '['
	}
	return false
}

// reads reports whether a t reads its JSON itself.
func reads(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[json.Unmarshaler]()) || p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// container prepares v to be filled.
func (g *grower) container(f *frame, v reflect.Value, bracket byte) {
	v = settled(v)
	if v.Kind() == reflect.Interface {
		outer, hold := f.commit, v
		if bracket == '{' {
			v = reflect.ValueOf(map[string]any{})
			hold.Set(v)
		} else {
			v = reflect.New(reflect.TypeFor[[]any]()).Elem()
			v.Set(reflect.ValueOf([]any{}))
			list := v
			f.commit = func() {
				hold.Set(list)
				if outer != nil {
					outer()
				}
			}
		}
	}
	f.v = v
	switch v.Kind() {
	case reflect.Struct:
		f.kind = frameStruct
		f.names = g.namesOf(v.Type())
	case reflect.Map:
		f.kind = frameMap
		if v.IsNil() {
			v.Set(reflect.MakeMap(v.Type()))
		}
	case reflect.Slice:
		f.kind = frameSlice
		v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	case reflect.Array:
		f.kind = frameArray
		v.SetZero()
	}
	if f.commit != nil {
		f.commit()
	}
}

// settled follows pointers and allocates where they are nil.
func settled(v reflect.Value) reflect.Value {
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		v = v.Elem()
	}
	return v
}

// namesOf returns the fields of a struct by their names and, where that is not
// the name of another, in lower case.
func (g *grower) namesOf(t reflect.Type) map[string]jsonfield.Field {
	if names, ok := g.names[t]; ok {
		return names
	}
	fields, _ := jsonfield.Of(t, "") // without what json cannot fill
	names := make(map[string]jsonfield.Field, 2*len(fields))
	if g.names == nil {
		g.names = map[reflect.Type]map[string]jsonfield.Field{}
	}
	g.names[t] = names
	for _, f := range fields {
		if lower := strings.ToLower(f.Key); names[lower].Type == nil {
			names[lower] = f
		}
	}
	for _, f := range fields {
		names[f.Key] = f
	}
	return names
}

// close ends an object or array.
func (g *grower) close(at int) {
	f := *g.top()
	if f.commit != nil {
		f.commit()
	}
	g.frames = g.frames[:len(g.frames)-1]
	if f.kind == frameWhole {
		g.scalar(g.text[f.start : at+1])
	}
}

// scalar puts a complete value in its place.
func (g *grower) scalar(text []byte) {
	if f := g.top(); f != nil && (f.kind == frameWhole || f.kind == frameIgnored) {
		return
	}
	v, commit, quoted := g.place()
	if !v.IsValid() {
		return
	}
	if quoted && text[0] == '"' {
		text = []byte(unquoted(text))
	}
	if !plainInt(v, text) {
		if err := json.Unmarshal(text, v.Addr().Interface()); err != nil {
			g.broken = true
			return
		}
	}
	if commit != nil {
		commit()
	}
	g.more = true
}

// plainInt sets an ordinary int to a short whole number, which most numbers are.
// It reports false, and sets nothing, for everything else.
func plainInt(v reflect.Value, text []byte) bool {
	n, rest, ok := rawjson.CutIndex(text)
	if !ok || len(rest) > 0 || v.Type() != reflect.TypeFor[int]() {
		return false
	}
	v.SetInt(int64(n))
	return true
}

// beginString looks whether a string can be read into place while it arrives.
func (g *grower) beginString(at int) {
	g.into = nil
	if f := g.top(); f != nil && (f.kind == frameWhole || f.kind == frameIgnored) {
		return
	}
	t, quoted := g.nextType()
	if t == nil || quoted || !isText(t) {
		return
	}
	v, commit, _ := g.place()
	if !v.IsValid() {
		return
	}
	v = settled(v)
	g.growing, g.read = new(strings.Builder), at+1
	set := v.SetString
	if v.Kind() == reflect.Interface {
		set = func(s string) { v.Set(reflect.ValueOf(s)) }
	}
	g.into = func(s string) {
		if set(s); commit != nil {
			commit()
		}
	}
	g.into("")
	g.more = true
}

// isText reports whether a t takes any string as it is.
func isText(t reflect.Type) bool {
	for t.Kind() == reflect.Pointer {
		if reads(t) {
			return false
		}
		t = t.Elem()
	}
	if reads(t) || t == reflect.TypeFor[json.Number]() {
		return false
	}
	return t.Kind() == reflect.String || t.Kind() == reflect.Interface && t.NumMethod() == 0
}

// string ends a string.
func (g *grower) string(text []byte) {
	if g.into == nil {
		g.scalar(text)
		return
	}
	g.extend(len(g.text) - 1)
	g.into = nil
}

// extend reads the string that is being read up to the byte end.
func (g *grower) extend(end int) {
	if end <= g.read {
		return
	}
	piece := g.text[g.read:end]
	g.read = end
	if utf8.Valid(piece) && bytes.IndexByte(piece, '\\') < 0 {
		g.growing.Write(piece)
	} else {
		g.growing.WriteString(unquoted([]byte(`"` + string(piece) + `"`)))
	}
	g.into(g.growing.String()) // strings handed out before stay as they are
	g.more = true
}

// unquoted returns the contents of a string that has been read before.
func unquoted(text []byte) string { return rawjson.Unquote(text[1 : len(text)-1]) }
