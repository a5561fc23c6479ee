package cache

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strconv"
)

// render writes a value so that two values are written alike only if they are
// alike. It is for settings whose types this package does not know; a value
// with something in it that cannot be seen, or cannot be compared, is an error.
func render(v any) ([]byte, error) {
	r := renderer{}
	r.value(reflect.ValueOf(v), 0)
	return r.Bytes(), r.err
}

// A renderer writes values until there is one that it cannot write.
type renderer struct {
	bytes.Buffer
	err error
}

// maxDepth bounds values that contain themselves.
const maxDepth = 64

// fail keeps the first error.
func (r *renderer) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf(format, args...)
	}
}

// value writes a value after its type, so that equal contents of two types
// differ. Depth is how many values are around it.
func (r *renderer) value(v reflect.Value, depth int) {
	switch {
	case r.err != nil:
		return
	case depth > maxDepth:
		r.fail("a value is nested more than %d deep", maxDepth)
		return
	case !v.IsValid():
		r.WriteString("nil;")
		return
	}
	fmt.Fprintf(r, "%s ", v.Type())
	switch v.Kind() {
	case reflect.Bool:
		r.WriteString(strconv.FormatBool(v.Bool()))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		r.WriteString(strconv.FormatInt(v.Int(), 10))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		r.WriteString(strconv.FormatUint(v.Uint(), 10))
	case reflect.Float32, reflect.Float64:
		r.WriteString(strconv.FormatFloat(v.Float(), 'x', -1, 64))
	case reflect.String:
		r.WriteString(strconv.Quote(v.String()))
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			r.WriteString("nil")
			break
		}
		r.value(v.Elem(), depth+1)
	case reflect.Slice, reflect.Array:
		r.list(v, depth)
	case reflect.Map:
		r.table(v, depth)
	case reflect.Struct:
		r.fields(v, depth)
	default:
		r.fail("a %s cannot be read", v.Type())
	}
	r.WriteByte(';')
}

// list writes a slice or an array. A nil slice differs from an empty one.
func (r *renderer) list(v reflect.Value, depth int) {
	if v.Kind() == reflect.Slice && v.IsNil() {
		r.WriteString("nil")
		return
	}
	if v.Type().Elem().Kind() == reflect.Uint8 && v.Kind() == reflect.Slice {
		r.WriteString(strconv.Quote(string(v.Bytes())))
		return
	}
	fmt.Fprintf(r, "%d[", v.Len())
	for i := range v.Len() {
		r.value(v.Index(i), depth+1)
	}
	r.WriteByte(']')
}

// table writes a map by its keys' order.
func (r *renderer) table(v reflect.Value, depth int) {
	type entry struct{ key, value []byte }
	var all []entry
	for it := v.MapRange(); it.Next(); {
		k, e := renderer{}, renderer{}
		k.value(it.Key(), depth+1)
		e.value(it.Value(), depth+1)
		for _, err := range []error{k.err, e.err} {
			if err != nil {
				r.fail("%w", err)
			}
		}
		all = append(all, entry{k.Bytes(), e.Bytes()})
	}
	slices.SortFunc(all, func(a, b entry) int { return bytes.Compare(a.key, b.key) })
	fmt.Fprintf(r, "%t %d{", v.IsNil(), len(all))
	for _, e := range all {
		r.Write(e.key)
		r.Write(e.value)
	}
	r.WriteByte('}')
}

// fields writes a struct. A field that cannot be seen might be all that tells
// two values apart, so it is an error.
func (r *renderer) fields(v reflect.Value, depth int) {
	t := v.Type()
	r.WriteByte('{')
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() {
			r.fail("the field %s of %s is not exported, so it cannot be read", f.Name, t)
			return
		}
		r.WriteString(f.Name + ":")
		r.value(v.Field(i), depth+1)
	}
	r.WriteByte('}')
}
