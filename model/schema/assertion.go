package schema

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"
)

// An assertion is one keyword of a schema that holds no other schema, on its
// own, with the words for a value that fails it.
type assertion struct {
	keyword  string
	resolved *jsonschema.Resolved
	want     func(value any) string
}

// assertionsOf splits s into its assertions.
func (x *explainer) assertionsOf(s *jsonschema.Schema) []assertion {
	if list, ok := x.assertions[s]; ok {
		return list
	}
	list := []assertion{}
	add := func(keyword string, present bool, alone *jsonschema.Schema, want func(any) string) {
		if !present {
			return
		}
		if resolved, err := alone.Resolve(nil); err == nil {
			list = append(list, assertion{keyword, resolved, want})
		}
	}
	add("type", s.Type != "" || s.Types != nil, &jsonschema.Schema{Type: s.Type, Types: s.Types}, func(value any) string {
		return fmt.Sprintf("want %s, got %s", wantType(s), typeOf(value))
	})
	add("enum", s.Enum != nil, &jsonschema.Schema{Enum: s.Enum}, func(any) string { return wantEnum(s.Enum) })
	if s.Const != nil {
		add("const", true, &jsonschema.Schema{Const: s.Const}, always("want %s", literal(*s.Const)))
	}
	limits := []struct {
		keyword string
		limit   *float64
		alone   *jsonschema.Schema
		words   string
	}{
		{"minimum", s.Minimum, &jsonschema.Schema{Minimum: s.Minimum}, "want at least"},
		{"maximum", s.Maximum, &jsonschema.Schema{Maximum: s.Maximum}, "want at most"},
		{"exclusiveMinimum", s.ExclusiveMinimum, &jsonschema.Schema{ExclusiveMinimum: s.ExclusiveMinimum}, "want more than"},
		{"exclusiveMaximum", s.ExclusiveMaximum, &jsonschema.Schema{ExclusiveMaximum: s.ExclusiveMaximum}, "want less than"},
		{"multipleOf", s.MultipleOf, &jsonschema.Schema{MultipleOf: s.MultipleOf}, "want a multiple of"},
	}
	for _, l := range limits {
		if l.limit != nil {
			add(l.keyword, true, l.alone, always("%s %s", l.words, literal(*l.limit)))
		}
	}
	counts := []struct {
		keyword string
		limit   *int
		alone   *jsonschema.Schema
		words   string
		unit    string
	}{
		{"minLength", s.MinLength, &jsonschema.Schema{MinLength: s.MinLength}, "at least", "characters"},
		{"maxLength", s.MaxLength, &jsonschema.Schema{MaxLength: s.MaxLength}, "at most", "characters"},
		{"minItems", s.MinItems, &jsonschema.Schema{MinItems: s.MinItems}, "at least", "items"},
		{"maxItems", s.MaxItems, &jsonschema.Schema{MaxItems: s.MaxItems}, "at most", "items"},
		{"minProperties", s.MinProperties, &jsonschema.Schema{MinProperties: s.MinProperties}, "at least", "properties"},
		{"maxProperties", s.MaxProperties, &jsonschema.Schema{MaxProperties: s.MaxProperties}, "at most", "properties"},
	}
	for _, c := range counts {
		if c.limit != nil {
			add(c.keyword, true, c.alone, always("want %s %d %s", c.words, *c.limit, c.unit))
		}
	}
	add("pattern", s.Pattern != "", &jsonschema.Schema{Pattern: s.Pattern}, always("want a string that matches %q", s.Pattern))
	add("uniqueItems", s.UniqueItems, &jsonschema.Schema{UniqueItems: true}, always("want items that all differ"))
	x.assertions[s] = list
	return list
}

func always(format string, args ...any) func(any) string {
	text := fmt.Sprintf(format, args...)
	return func(any) string { return text }
}

func wantType(s *jsonschema.Schema) string {
	if s.Type != "" {
		return s.Type
	}
	return strings.Join(s.Types, " or ")
}

func wantEnum(values []any) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = literal(v)
	}
	return "want one of " + shorten(texts)
}

func quoteList(names []string) string {
	texts := make([]string, len(names))
	for i, name := range names {
		texts[i] = strconv.Quote(name)
	}
	return shorten(texts)
}

// shorten joins a list, but not a very long one.
func shorten(texts []string) string {
	const most = 30
	if len(texts) > most {
		return strings.Join(texts[:most], ", ") + fmt.Sprintf(" and %d more", len(texts)-most)
	}
	return strings.Join(texts, ", ")
}

// literal is a value of a schema as JSON.
func literal(value any) string {
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(data)
}

// onlyAnchor reports whether s says nothing but its name.
func onlyAnchor(s *jsonschema.Schema) bool {
	return reflect.DeepEqual(s, &jsonschema.Schema{Anchor: s.Anchor})
}
