package rules

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// checkOptionalMembers counts the members that may be missing. Claude takes some
// of them, GPT none.
func checkOptionalMembers(in *Input) *Refusal {
	if in.Model.AllRequired {
		return checkAllRequired(in)
	}
	n := 0
	_ = obeyed(in, func(_ string, schema any) *Refusal {
		eachOptional(schema, nil, func([]string, string) bool { n++; return true })
		return nil
	})
	if n <= 24 {
		return nil
	}
	return in.refuse(textOptional, n)
}

// checkAllRequired names the first member that may be missing, and the way to
// the object that has it.
func checkAllRequired(in *Input) (r *Refusal) {
	if o := in.Request.Output; o != nil {
		eachOptional(parsedJSON(o.Schema), nil, func(way []string, name string) bool {
			r = in.refuse(textAllRequired, o.Name, inContext(way), name)
			return false
		})
	}
	for _, t := range in.Request.Tools {
		if r != nil || t.Strict == nil || !*t.Strict {
			continue
		}
		eachOptional(parsedJSON(t.InputSchema), nil, func(way []string, name string) bool {
			r = in.refuse(textAllRequiredTool, t.Name, inContext(way), name)
			return false
		})
	}
	return r
}

// inContext writes a way through a schema as a tuple of Python.
func inContext(way []string) string {
	words := make([]string, len(way))
	for i, w := range way {
		words[i] = "'" + w + "'"
	}
	if len(words) == 1 {
		return words[0] + ","
	}
	return strings.Join(words, ", ")
}

// eachOptional calls f with every optional member in a schema, until f returns
// false, which eachOptional then does as well.
func eachOptional(schema any, way []string, f func(way []string, name string) bool) bool {
	s, ok := schema.(map[string]any)
	if !ok {
		return true
	}
	properties, _ := s["properties"].(map[string]any)
	required, _ := s["required"].([]any)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if !slices.Contains(required, any(name)) && !f(way, name) {
			return false
		}
	}
	within := func(inner any, further ...string) bool {
		return eachOptional(inner, append(slices.Clip(way), further...), f)
	}
	for _, word := range []string{"properties", "$defs", "definitions"} {
		inner, _ := s[word].(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(inner)) {
			if !within(inner[name], word, name) {
				return false
			}
		}
	}
	for _, word := range []string{"anyOf", "allOf", "oneOf", "prefixItems"} {
		inner, _ := s[word].([]any)
		for i, item := range inner {
			if !within(item, word, fmt.Sprint(i)) {
				return false
			}
		}
	}
	return within(s["items"], "items") && within(s["not"], "not")
}

// checkStrictTools counts the tools that must be obeyed.
func checkStrictTools(in *Input) *Refusal {
	if !in.Model.ClosedSchemas {
		return nil
	}
	n := 0
	for _, t := range in.Request.Tools {
		if t.Strict != nil && *t.Strict {
			n++
		}
	}
	if n <= 20 {
		return nil
	}
	return in.refuse(textStrictTools, n)
}
