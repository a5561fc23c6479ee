package schema

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/chatmodel-go/chatmodel/internal/jsonpointer"
)

// typeNames are the types of JSON Schema.
var typeNames = []string{"null", "boolean", "object", "array", "number", "integer", "string"}

// A child is a schema inside another, at a pointer relative to it.
type child struct {
	pointer string
	schema  *jsonschema.Schema
}

// children lists the schemas directly inside s, always in the same order.
func children(s *jsonschema.Schema) []child {
	var list []child
	one := func(keyword string, c *jsonschema.Schema) {
		if c != nil {
			list = append(list, child{"/" + keyword, c})
		}
	}
	many := func(keyword string, cs []*jsonschema.Schema) {
		for i, c := range cs {
			list = append(list, child{fmt.Sprintf("/%s/%d", keyword, i), c})
		}
	}
	named := func(keyword string, cs map[string]*jsonschema.Schema) {
		for _, name := range slices.Sorted(maps.Keys(cs)) {
			list = append(list, child{"/" + keyword + "/" + jsonpointer.Escape(name), cs[name]})
		}
	}
	named("$defs", s.Defs)
	named("definitions", s.Definitions)
	named("properties", s.Properties)
	named("patternProperties", s.PatternProperties)
	one("additionalProperties", s.AdditionalProperties)
	one("propertyNames", s.PropertyNames)
	one("unevaluatedProperties", s.UnevaluatedProperties)
	many("prefixItems", s.PrefixItems)
	many("items", s.ItemsArray)
	one("items", s.Items)
	one("additionalItems", s.AdditionalItems)
	one("contains", s.Contains)
	one("unevaluatedItems", s.UnevaluatedItems)
	many("allOf", s.AllOf)
	many("anyOf", s.AnyOf)
	many("oneOf", s.OneOf)
	one("not", s.Not)
	one("if", s.If)
	one("then", s.Then)
	one("else", s.Else)
	named("dependentSchemas", s.DependentSchemas)
	named("dependencies", s.DependencySchemas)
	one("contentSchema", s.ContentSchema)
	return list
}

// sameValue lists the schemas that s applies to the value it is applied to.
func sameValue(s, target *jsonschema.Schema) []*jsonschema.Schema {
	list := slices.Concat(s.AllOf, s.AnyOf, s.OneOf)
	for _, name := range slices.Sorted(maps.Keys(s.DependentSchemas)) {
		list = append(list, s.DependentSchemas[name])
	}
	for _, c := range []*jsonschema.Schema{target, s.Not, s.If, s.Then, s.Else} {
		if c != nil {
			list = append(list, c)
		}
	}
	return list
}

// lookup finds the value at a JSON pointer, nil if there is none.
func lookup(document any, pointer string) any {
	for part := range jsonpointer.Names(pointer) {
		switch v := document.(type) {
		case map[string]any:
			document = v[part]
		case []any:
			i, err := strconv.Atoi(part)
			if err != nil || i < 0 || i >= len(v) {
				return nil
			}
			document = v[i]
		default:
			return nil
		}
	}
	return document
}
