package facts

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// assign puts a value of the table into a field. Dates stand there as texts.
func assign(field, value any) error {
	switch p := field.(type) {
	case *[]string:
		list, ok := value.([]string)
		if !ok {
			return fmt.Errorf("is %T, not a list", value)
		}
		*p = slices.Clone(list)
		if list == nil {
			*p = []string{}
		}
		return nil
	case *time.Time:
		s, _ := value.(string)
		t, err := time.Parse(time.DateOnly, s)
		*p = t
		return err
	}
	to, from := reflect.ValueOf(field).Elem(), reflect.ValueOf(value)
	switch {
	case from.Type() == to.Type():
	case from.CanInt() && to.CanFloat():
		from = from.Convert(to.Type())
	default:
		return fmt.Errorf("is %T, not %s", value, to.Type())
	}
	to.Set(from)
	return nil
}

// show returns a field as a text; empty if nothing is known.
func show(field any) string {
	switch p := field.(type) {
	case *[]string:
		switch {
		case *p == nil:
			return ""
		case len(*p) == 0:
			return "none"
		}
		return strings.Join(*p, ", ")
	case *time.Time:
		if p.IsZero() {
			return ""
		}
		return p.Format(time.DateOnly)
	case *bool:
		if *p {
			return "yes"
		}
		return "no"
	}
	v := reflect.ValueOf(field).Elem()
	if v.IsZero() {
		return ""
	}
	return fmt.Sprint(v.Interface())
}

// clone makes the lists of f its own.
func (f *Facts) clone() {
	for _, n := range names() {
		if p, ok := n.in(f).(*[]string); ok {
			*p = slices.Clone(*p)
		}
	}
}
