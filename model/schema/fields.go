package schema

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"
)

// A field is a struct field as encoding/json sees it.
type field struct {
	reflect.StructField        // of the struct that declares it
	name                string // in JSON
	tagged              bool   // the name is from the tag
	quoted              bool   // the value is inside a JSON string
	optional            bool
	index               []int // of the field, and before it of the structs it is embedded in
}

// fieldsOf lists the fields of struct t that encoding/json fills, in the order
// of declaration. The path names t in errors.
func fieldsOf(t reflect.Type, path string) ([]field, error) {
	all, err := collect(t, path)
	if err != nil {
		return nil, err
	}
	byName := map[string][]field{}
	for _, f := range all {
		byName[f.name] = append(byName[f.name], f)
	}
	var list []field
	for _, same := range byName {
		if best, ok := dominant(same); ok {
			list = append(list, best)
		}
	}
	slices.SortFunc(list, func(a, b field) int { return slices.Compare(a.index, b.index) })
	return list, nil
}

// dominant applies Go's rule for promoted fields as encoding/json amends it:
// the least deep wins, among those the tagged, and a tie drops them all.
func dominant(same []field) (field, bool) {
	rank := func(a, b field) int {
		if len(a.index) != len(b.index) {
			return len(a.index) - len(b.index)
		}
		if a.tagged != b.tagged {
			if a.tagged {
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
func collect(t reflect.Type, path string) ([]field, error) {
	var list []field
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
func (e embedding) fields() ([]field, []embedding, error) {
	var fields []field
	var inner []embedding
	for i := range e.t.NumField() {
		sf := e.t.Field(i)
		f, ok := read(sf)
		if !ok {
			continue
		}
		f.index = append(slices.Clone(e.index), i)
		t, inlined := embedded(f)
		if !inlined {
			f.optional = f.optional || e.optional
			fields = append(fields, f)
			continue
		}
		path := e.path + "." + sf.Name
		pointer := sf.Type.Kind() == reflect.Pointer
		if pointer && !sf.IsExported() {
			return nil, nil, fmt.Errorf("%s: json cannot fill an embedded pointer to an unexported struct; export it, or embed the struct", path)
		}
		inner = append(inner, embedding{t: t, path: path, index: f.index, optional: e.optional || pointer})
	}
	return fields, inner, nil
}

// embedded reports whether json reads f's fields as those of the outer struct.
func embedded(f field) (reflect.Type, bool) {
	t := f.Type
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t, f.Anonymous && !f.tagged && t.Kind() == reflect.Struct
}

// read applies the json tag. It reports false for a field that json skips.
func read(sf reflect.StructField) (field, bool) {
	if !sf.IsExported() {
		if _, inlined := embedded(field{StructField: sf}); !inlined {
			return field{}, false
		}
	}
	tag := sf.Tag.Get("json")
	if tag == "-" {
		return field{}, false
	}
	parts := strings.Split(tag, ",")
	name, options := parts[0], parts[1:]
	f := field{StructField: sf, name: sf.Name}
	if validName(name) {
		f.name, f.tagged = name, true
	}
	f.optional = sf.Type.Kind() == reflect.Pointer ||
		slices.Contains(options, "omitempty") || slices.Contains(options, "omitzero")
	f.quoted = slices.Contains(options, "string") && quotable(sf.Type)
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
