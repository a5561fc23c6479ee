package runnable

import (
	"fmt"
	"reflect"
	"strings"
)

// A fieldPath leads from a value to a field, or a field of a field.
type fieldPath struct {
	names []string
	typ   reflect.Type // of the field; nil if it is not known before it is filled
}

// compilePath checks a path against t, and the type it leads to against fits.
func compilePath(t reflect.Type, path string, fits func(reflect.Type) bool, want string) (fieldPath, error) {
	names := strings.Split(strings.TrimPrefix(path, "."), ".")
	for i, name := range names {
		next, err := fieldOf(t, name)
		if err != nil {
			return fieldPath{}, fmt.Errorf("field %s: %w", strings.Join(names[:i+1], "."), err)
		}
		t = next
	}
	if t = elemOfPointers(t); t != nil && !fits(t) {
		return fieldPath{}, fmt.Errorf("field %s is a %s, want %s", path, t, want)
	}
	return fieldPath{names, t}, nil
}

// find returns the field of v, without pointers and interfaces around it. It
// is invalid if something on the way was nil.
func (p fieldPath) find(v reflect.Value) (reflect.Value, error) {
	for i, name := range p.names {
		v = settle(v)
		if !v.IsValid() {
			return v, fmt.Errorf("field %s: %s is nil", strings.Join(p.names, "."), whole(p.names[:i]))
		}
		if v.Kind() != reflect.Map {
			if _, err := fieldOf(v.Type(), name); err != nil { // in an interface
				return v, fmt.Errorf("field %s: %w", strings.Join(p.names[:i+1], "."), err)
			}
			f, err := v.FieldByIndexErr(fieldIndex(v.Type(), name))
			if err != nil {
				return v, fmt.Errorf("field %s: an embedded struct is nil", strings.Join(p.names[:i+1], "."))
			}
			v = f
			continue
		}
		item := v.MapIndex(reflect.ValueOf(name).Convert(v.Type().Key()))
		if !item.IsValid() {
			return v, fmt.Errorf("field %s: the map has no entry %q", strings.Join(p.names[:i+1], "."), name)
		}
		v = item
	}
	return settle(v), nil
}

// whole returns names as a path, and for none of them the words for the value
// itself.
func whole(names []string) string {
	if len(names) == 0 {
		return "the value"
	}
	return strings.Join(names, ".")
}

// settle removes pointers and interfaces.
func settle(v reflect.Value) reflect.Value {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	return v
}

// elemOfPointers removes pointers. It returns nil for an interface, whose
// value may be anything, unless that is of use as it is.
func elemOfPointers(t reflect.Type) reflect.Type {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t != nil && t.Kind() == reflect.Interface && t.NumMethod() == 0 {
		return nil
	}
	return t
}

// fieldOf returns the type of a field of t, or of the items of t if that is a
// map. Nil stands for a type that is known only when a template is filled.
func fieldOf(t reflect.Type, name string) (reflect.Type, error) {
	if t = elemOfPointers(t); t == nil {
		return nil, nil
	}
	switch t.Kind() {
	case reflect.Interface:
		return nil, nil
	case reflect.Map:
		if !reflect.TypeFor[string]().AssignableTo(t.Key()) {
			return nil, fmt.Errorf("%s has no string keys", t)
		}
		return t.Elem(), nil
	case reflect.Struct:
		f, ok := t.FieldByName(name)
		switch {
		case !ok:
			return nil, fmt.Errorf("%s has no field %s%s", t, name, fieldsOf(t))
		case !f.IsExported():
			return nil, fmt.Errorf("field %s of %s is not exported", name, t)
		}
		return f.Type, nil
	}
	return nil, fmt.Errorf("%s has no fields, so no %s", t, name)
}

// fieldIndex returns the index of a field that is known to exist. A value is
// asked for the field by index because, unlike by name, that does not panic on
// an embedded nil pointer.
func fieldIndex(t reflect.Type, name string) []int {
	f, _ := t.FieldByName(name)
	return f.Index
}

// fieldsOf lists the fields of a struct, for a caller who misspelt one.
func fieldsOf(t reflect.Type) string {
	var names []string
	for _, f := range reflect.VisibleFields(t) {
		if f.IsExported() && !f.Anonymous {
			names = append(names, f.Name)
		}
	}
	if len(names) == 0 {
		return "; it has no exported fields"
	}
	return "; it has " + strings.Join(names, ", ")
}

func isList(t reflect.Type) bool { return t.Kind() == reflect.Slice || t.Kind() == reflect.Array }

// elemOf returns the type of a list's items, nil if it is not known.
func elemOf(t reflect.Type) reflect.Type {
	if t == nil {
		return nil
	}
	return t.Elem()
}

// holds reports whether a field of type t is a T or a list of them.
func holds[T any](t reflect.Type) bool {
	want := reflect.TypeFor[T]()
	if want.Kind() == reflect.Interface && t.Implements(want) || t == want {
		return true
	}
	if !isList(t) {
		return t.Kind() == reflect.Interface
	}
	elem := elemOfPointers(t.Elem())
	return elem == nil || elem.Kind() == reflect.Interface || elem == want || want.Kind() == reflect.Interface && elem.Implements(want)
}

// appendAll appends v, a T or a list of them, as found by a fieldPath. What is
// nil is passed over.
func appendAll[T any](all []T, v reflect.Value) ([]T, error) {
	if !v.IsValid() {
		return all, nil
	}
	if one, ok := v.Interface().(T); ok {
		return append(all, one), nil
	}
	if !isList(v.Type()) {
		return all, fmt.Errorf("the field is a %s, want a %s or a slice of them", v.Type(), reflect.TypeFor[T]())
	}
	for i := range v.Len() {
		item := settle(v.Index(i))
		if !item.IsValid() {
			continue
		}
		one, ok := item.Interface().(T)
		if !ok {
			return all, fmt.Errorf("item %d is a %s, want a %s", i, item.Type(), reflect.TypeFor[T]())
		}
		all = append(all, one)
	}
	return all, nil
}
