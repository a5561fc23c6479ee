package schema

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/chatmodel-go/chatmodel/internal/jsonpointer"
)

// maxProblems bounds an error: a model mends a few things at a time, and a long
// array can be wrong at every item.
const maxProblems = 8

// maxInside bounds how many lists of alternatives are explained inside each
// other, or one that contains itself would take the text of every level along.
const maxInside = 2

// An explainer looks for the places where a value that was refused does not
// match. It decides nothing itself: it asks the evaluator about one keyword or
// one schema at a time, which usually knows the answer already.
type explainer struct {
	e        *evaluator
	most     int // problems to find
	problems []Problem
	inside   int // how many lists of alternatives
}

// explain returns the problems of a value that does not match the schema.
func (e *evaluator) explain(value *instance) []Problem {
	x := &explainer{e: e, most: maxProblems}
	x.match(e.v.root, value, "")
	if len(x.problems) == 0 {
		x.add("", "does not match the schema")
	}
	return x.problems
}

// add notes a problem, unless it is known or there are enough.
func (x *explainer) add(path, format string, args ...any) {
	p := Problem{Path: path, Reason: fmt.Sprintf(format, args...)}
	if len(x.problems) < x.most && !slices.Contains(x.problems, p) {
		x.problems = append(x.problems, p)
	}
}

// match adds the problems of value under s. There may be none.
func (x *explainer) match(s *jsonschema.Schema, value *instance, path string) {
	if len(x.problems) == x.most || x.e.valid(s, value) || !x.e.step() {
		return
	}
	if isFalse(s) {
		x.add(path, "want nothing here")
		return
	}
	for _, a := range x.e.v.assertions[s] {
		if !a.holds(x.e, value) {
			x.add(path, "%s", a.want(value))
			if a.keyword == "type" {
				return // what else is wrong follows from that
			}
		}
	}
	before := len(x.problems)
	x.combined(s, value, path)
	switch {
	case value.isObject:
		x.object(s, value, path)
	case value.isArray:
		x.array(s, value.array, path)
	}
	if before == len(x.problems) {
		x.unevaluated(s, value, path)
	}
}

// unevaluated explains the keywords for what no other keyword has looked at. It
// comes last: which these are, only the library knows.
func (x *explainer) unevaluated(s *jsonschema.Schema, value *instance, path string) {
	var what string
	switch {
	case value.isObject:
		if s.UnevaluatedProperties != nil {
			what = "properties"
		}
	case value.isArray:
		if s.UnevaluatedItems != nil {
			what = "items"
		}
	}
	if what != "" && !x.e.valid(s, value) {
		x.add(path, "has %s that the schema does not describe, and that do not match its unevaluated%s", what, strings.ToUpper(what[:1])+what[1:])
	}
}

// combined explains the keywords that apply other schemas to the same value.
func (x *explainer) combined(s *jsonschema.Schema, value *instance, path string) {
	if target := x.e.v.targets[s]; target != nil {
		x.match(target, value, path)
	}
	for _, c := range s.AllOf {
		x.match(c, value, path)
	}
	if s.AnyOf != nil && x.countValid(s.AnyOf, value) == 0 {
		x.alternatives(s.AnyOf, value, path)
	}
	if s.OneOf != nil {
		switch n := x.countValid(s.OneOf, value); {
		case n == 0:
			x.alternatives(s.OneOf, value, path)
		case n > 1:
			x.add(path, "matches %d of the alternatives; want exactly one", n)
		}
	}
	if s.Not != nil && x.e.valid(s.Not, value) {
		x.add(path, "want a value that does not match the schema under not")
	}
	if s.If != nil {
		branch := s.Else
		if x.e.valid(s.If, value) {
			branch = s.Then
		}
		if branch != nil {
			x.match(branch, value, path)
		}
	}
}

func (x *explainer) countValid(list []*jsonschema.Schema, value *instance) int {
	n := 0
	for _, s := range list {
		if x.e.valid(s, value) {
			n++
		}
	}
	return n
}

// alternatives says of each alternative what is wrong with value first.
func (x *explainer) alternatives(list []*jsonschema.Schema, value *instance, path string) {
	if x.inside == maxInside {
		x.add(path, "matches none of the alternatives")
		return
	}
	var reasons []string
	for _, s := range list {
		inner := &explainer{e: x.e, most: 1, inside: x.inside + 1}
		inner.match(s, value, path)
		if len(inner.problems) == 0 || len(reasons) == maxProblems {
			continue
		}
		first := inner.problems[0]
		reason := first.String()
		if first.Path == path {
			reason = first.Reason
		}
		if !slices.Contains(reasons, reason) {
			reasons = append(reasons, reason)
		}
	}
	if len(reasons) == 0 {
		x.add(path, "matches none of the alternatives")
		return
	}
	x.add(path, "matches none of the alternatives: %s", strings.Join(reasons, ", or "))
}

// object adds the problems of the members of an object.
func (x *explainer) object(s *jsonschema.Schema, value *instance, path string) {
	object := value.object
	for _, name := range s.Required {
		if _, ok := object[name]; !ok {
			x.add(path+"/"+jsonpointer.Escape(name), "required, but missing")
		}
	}
	for _, name := range value.names {
		if len(x.problems) == x.most || !x.e.step() {
			return
		}
		at := path + "/" + jsonpointer.Escape(name)
		if x.e.omitted(s, name, object[name]) {
			continue
		}
		if s.PropertyNames != nil && !x.e.valid(s.PropertyNames, x.e.key(value, name)) {
			x.add(at, "the name of this property is not allowed")
		}
		applied := x.property(s, name, object[name], at)
		switch extra := s.AdditionalProperties; {
		case applied || extra == nil:
		case isFalse(extra):
			x.add(at, "%s", unknownProperty(s))
		default:
			x.match(extra, object[name], at)
		}
		for _, required := range s.DependentRequired[name] {
			if _, ok := object[required]; !ok {
				x.add(path+"/"+jsonpointer.Escape(required), "required beside %q, but missing", name)
			}
		}
		if dependent := s.DependentSchemas[name]; dependent != nil {
			x.match(dependent, value, path)
		}
	}
}

// property matches the value of a property with the schemas for its name, and
// reports whether there are any.
func (x *explainer) property(s *jsonschema.Schema, name string, value *instance, path string) bool {
	c, applied := s.Properties[name]
	if applied {
		x.match(c, value, path)
	}
	for _, pattern := range slices.Sorted(maps.Keys(s.PatternProperties)) {
		if x.e.v.patterns[pattern].MatchString(name) {
			applied = true
			x.match(s.PatternProperties[pattern], value, path)
		}
	}
	return applied
}

// unknownProperty is the reason for a member that may not be there. It names
// those that may, since one of them is probably meant.
func unknownProperty(s *jsonschema.Schema) string {
	if len(s.Properties) == 0 {
		return "unknown property"
	}
	return "unknown property; the known ones are " + quoteList(slices.Sorted(maps.Keys(s.Properties)))
}

// array adds the problems of the items of an array.
func (x *explainer) array(s *jsonschema.Schema, array []*instance, path string) {
	matching := 0
	for i, item := range array {
		if len(x.problems) == x.most {
			return
		}
		at := path + "/" + strconv.Itoa(i)
		if i < len(s.PrefixItems) {
			x.match(s.PrefixItems[i], item, at)
		} else if s.Items != nil {
			x.match(s.Items, item, at)
		}
		if s.Contains != nil && x.e.valid(s.Contains, item) {
			matching++
		}
	}
	if s.Contains == nil {
		return
	}
	least := leastContained(s)
	if matching < least {
		x.add(path, "%d items match the schema under contains; want at least %d", matching, least)
	}
	if s.MaxContains != nil && matching > *s.MaxContains {
		x.add(path, "%d items match the schema under contains; want at most %d", matching, *s.MaxContains)
	}
}

// isFalse reports whether s is the schema false, which the library reads as
// {"not":{}}. Compile has given both schemas an anchor.
func isFalse(s *jsonschema.Schema) bool {
	return s.Not != nil && len(children(s)) == 1 && onlyAnchor(s.Not)
}
