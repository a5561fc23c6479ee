package facts

import (
	"reflect"
	"strings"
	"sync"
	"time"
	"unicode"
)

// A name is the name of a fact and the field that holds it.
type name struct {
	text  string
	index []int // of the field, as for reflect.Value.FieldByIndex
}

// in returns a pointer to the field of f.
func (n *name) in(f *Facts) any {
	return reflect.ValueOf(f).Elem().FieldByIndex(n.index).Addr().Interface()
}

// about are the fields that are not facts.
var about = map[string]bool{"ID": true, "Maker": true, "Known": true, "Sibling": true}

// names returns the names of all facts, in the order of the fields.
var names = sync.OnceValue(func() []name { return namesOf(reflect.TypeFor[Facts](), "", nil) })

// namesOf returns the names of the facts in a type, each with the prefix of the
// group that it is in.
func namesOf(t reflect.Type, prefix string, index []int) []name {
	var all []name
	for i := range t.NumField() {
		field := t.Field(i)
		if !field.IsExported() || prefix == "" && about[field.Name] {
			continue
		}
		at := append(append([]int{}, index...), i)
		text := prefix + snake(field.Name)
		if field.Type.Kind() == reflect.Struct && field.Type != reflect.TypeFor[time.Time]() {
			all = append(all, namesOf(field.Type, text+".", at)...)
		} else {
			all = append(all, name{text, at})
		}
	}
	return all
}

// snake returns the name of a field as it stands in the names of facts.
func snake(field string) string {
	if field == "IDs" {
		return "ids"
	}
	var b strings.Builder
	runes := []rune(field)
	for i, r := range runes {
		if i > 0 && unicode.IsUpper(r) && (unicode.IsLower(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// byName returns the names by their texts.
var byName = sync.OnceValue(func() map[string]*name {
	all := names()
	m := make(map[string]*name, len(all))
	for i := range all {
		m[all[i].text] = &all[i]
	}
	return m
})
