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
	depth               int // of embedding
}

// fieldsOf lists the fields of struct t that encoding/json fills, in the order
// of declaration. The path names t in errors.
func fieldsOf(t reflect.Type, path string) ([]field, error) {
	all, err := collect(t, path, field{}, nil)
	if err != nil {
		return nil, err
	}
	byName := map[string][]field{}
	for _, f := range all {
		byName[f.name] = append(byName[f.name], f)
	}
	// A name that occurs more than once stays where its winner is.
	return slices.DeleteFunc(all, func(f field) bool {
		best, ok := dominant(byName[f.name])
		return !ok || f.depth != best.depth || f.tagged != best.tagged
	}), nil
}

// dominant applies Go's rule for promoted fields as encoding/json amends it:
// the least deep wins, among those the tagged, and a tie drops them all.
func dominant(same []field) (field, bool) {
	rank := func(a, b field) int {
		if a.depth != b.depth {
			return a.depth - b.depth
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

// collect lists the fields of struct t and of the structs embedded in it.
// From outer, t inherits its depth and whether its fields are optional.
func collect(t reflect.Type, path string, outer field, embedding []reflect.Type) ([]field, error) {
	embedding = append(slices.Clip(embedding), t)
	var list []field
	for sf := range t.Fields() {
		f, ok := read(sf)
		if !ok {
			continue
		}
		f.depth = outer.depth
		f.optional = f.optional || outer.optional
		inner, inlined := embedded(f)
		if !inlined {
			list = append(list, f)
			continue
		}
		at := path + "." + sf.Name
		if sf.Type.Kind() == reflect.Pointer && !sf.IsExported() {
			return nil, fmt.Errorf("%s: json cannot fill an embedded pointer to an unexported struct; export it, or embed the struct", at)
		}
		if slices.Contains(embedding, inner) {
			continue // its fields are hidden by the same ones further out
		}
		f.depth++
		f.optional = outer.optional || sf.Type.Kind() == reflect.Pointer
		promoted, err := collect(inner, at, f, embedding)
		if err != nil {
			return nil, err
		}
		list = append(list, promoted...)
	}
	return list, nil
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
