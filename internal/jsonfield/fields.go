package jsonfield

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"
)

// A Field is a struct field as encoding/json sees it.
type Field struct {
	reflect.StructField        // of the struct that declares it
	Key                 string // its name in JSON
	Tagged              bool   // the name is from the tag
	Quoted              bool   // the value is inside a JSON string
	Optional            bool
	Path                []int // the index of the field, and before it of the structs it is embedded in
}

// Of lists the fields of struct t that encoding/json fills, in the order
// of declaration. The path names t in errors.
func Of(t reflect.Type, path string) ([]Field, error) {
	all, err := collect(t, path)
	if err != nil {
		return nil, err
	}
	byName := map[string][]Field{}
	for _, f := range all {
		byName[f.Key] = append(byName[f.Key], f)
	}
	var list []Field
	for _, same := range byName {
		if best, ok := dominant(same); ok {
			list = append(list, best)
		}
	}
	slices.SortFunc(list, func(a, b Field) int { return slices.Compare(a.Path, b.Path) })
	return list, nil
}

// dominant applies Go's rule for promoted fields as encoding/json amends it:
// the least deep wins, among those the tagged, and a tie drops them all.
func dominant(same []Field) (Field, bool) {
	rank := func(a, b Field) int {
		if len(a.Path) != len(b.Path) {
			return len(a.Path) - len(b.Path)
		}
		if a.Tagged != b.Tagged {
			if a.Tagged {
				return -1
			}
			return 1
		}
		return 0
	}
	best := slices.MinFunc(same, rank)
	ties := 0
	for _, f := range same {
		if rank(f, best) == 0 {
			ties++
		}
	}
	return best, ties == 1
}

// An embedding is a struct whose fields are those of the outermost struct.
type embedding struct {
	t        reflect.Type
	path     string
	index    []int
	optional bool // reached through a pointer
	repeated bool // embedded more than once at this depth
}

// collect lists the fields of struct t and of the structs embedded in it, level
// by level. Like encoding/json it looks at a type only once, at the level where
// it comes first, and lists the fields of one that is repeated there twice.
func collect(t reflect.Type, path string) ([]Field, error) {
	var list []Field
	seen := map[reflect.Type]bool{t: true}
	for level := []embedding{{t: t, path: path}}; len(level) > 0; {
		var next []embedding
		for _, e := range level {
			fields, inner, err := e.fields()
			if err != nil {
				return nil, err
			}
			list = append(list, fields...)
			if e.repeated {
				list = append(list, fields...)
			}
			next = append(next, inner...)
		}
		level = merge(next, seen)
	}
	return list, nil
}

// merge joins repeated types of a level, and drops those of levels before.
func merge(level []embedding, seen map[reflect.Type]bool) []embedding {
	var merged []embedding
	for _, e := range level {
		i := slices.IndexFunc(merged, func(m embedding) bool { return m.t == e.t })
		switch {
		case i >= 0:
			merged[i].repeated = true
		case !seen[e.t]:
			seen[e.t] = true
			merged = append(merged, e)
		}
	}
	return merged
}

// fields lists the fields of one struct, and the structs embedded in it.
func (e embedding) fields() ([]Field, []embedding, error) {
	var fields []Field
	var inner []embedding
	for i := range e.t.NumField() {
		sf := e.t.Field(i)
		f, ok := read(sf)
		if !ok {
			continue
		}
		f.Path = append(slices.Clone(e.index), i)
		t, inlined := embedded(f)
		if !inlined {
			f.Optional = f.Optional || e.optional
			fields = append(fields, f)
			continue
		}
		path := e.path + "." + sf.Name
		pointer := sf.Type.Kind() == reflect.Pointer
		if pointer && !sf.IsExported() {
			return nil, nil, fmt.Errorf("%s: json cannot fill an embedded pointer to an unexported struct; export it, or embed the struct", path)
		}
		inner = append(inner, embedding{t: t, path: path, index: f.Path, optional: e.optional || pointer})
	}
	return fields, inner, nil
}

// embedded reports whether json reads f's fields as those of the outer struct.
func embedded(f Field) (reflect.Type, bool) {
	t := f.Type
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t, f.Anonymous && !f.Tagged && t.Kind() == reflect.Struct
}

// read applies the json tag. It reports false for a field that json skips.
func read(sf reflect.StructField) (Field, bool) {
	if !sf.IsExported() {
		if _, inlined := embedded(Field{StructField: sf}); !inlined {
			return Field{}, false
		}
	}
	tag := sf.Tag.Get("json")
	if tag == "-" {
		return Field{}, false
	}
	parts := strings.Split(tag, ",")
	name, options := parts[0], parts[1:]
	f := Field{StructField: sf, Key: sf.Name}
	if validName(name) {
		f.Key, f.Tagged = name, true
	}
	f.Optional = sf.Type.Kind() == reflect.Pointer ||
		slices.Contains(options, "omitempty") || slices.Contains(options, "omitzero")
	f.Quoted = slices.Contains(options, "string") && quotable(sf.Type)
	return f, true
}

// validName reports whether encoding/json uses a name from a tag.
func validName(name string) bool {
	for _, r := range name {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("!#$%&()*+-./:;<=>?@[]^_{|}~ ", r) {
			return false
		}
	}
	return name != ""
}

// quotable reports whether json's "string" option applies to t.
func quotable(t reflect.Type) bool {
	if t.Name() == "" && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Bool, reflect.String, reflect.Float32, reflect.Float64,
		reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return true
	}
	return false
}
