package lower_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/model/lower"
)

func TestSchema(t *testing.T) {
	for _, test := range []struct {
		name, in, want string
		limits         lower.Limits
	}{
		{"nothing to do keeps the bytes", `{ "type" : "object", "properties":{"a":{"type":"string"}},  "additionalProperties":false }`,
			`{ "type" : "object", "properties":{"a":{"type":"string"}},  "additionalProperties":false }`, lower.Grammar()},
		{"no limits", `{"minimum":1.50}`, `{"minimum":1.50}`, lower.Limits{}},
		{"an empty schema of a tool", `{}`, `{"type":"object"}`, lower.Tool()},
		{"no schema of a tool", ``, `{"type":"object"}`, lower.Tool()},
		{"true for a tool", `true`, `{"type":"object"}`, lower.Tool()},
		{"properties without a type", `{"properties":{"q":{"type":"string"}}}`, `{"type":"object","properties":{"q":{"type":"string"}}}`, lower.Tool()},
		{"alternatives at the root", `{"anyOf":[{"type":"object"},{"type":"null"}]}`, `{"type":"object"}`, lower.Tool()},
		{"commands at the root", `{"anyOf":[{"type":"object","properties":{"do":{"const":"add"},"n":{"type":"integer"}},"required":["do","n"]},{"$ref":"#/$defs/stop"}],"$defs":{"stop":{"type":"object","properties":{"do":{"const":"stop"}}}}}`,
			`{"type":"object","$defs":{"stop":{"type":"object","properties":{"do":{"const":"stop"}}}},"description":"Matches at least one of [{\"type\":\"object\",\"properties\":{\"do\":{\"const\":\"add\"},\"n\":{\"type\":\"integer\"}},\"required\":[\"do\",\"n\"]},{\"$ref\":\"#/$defs/stop\"}].","properties":{"do":{"anyOf":[{"const":"add"},{"const":"stop"}]},"n":{"type":"integer"}}}`, lower.Tool()},
		{"parts at the root", `{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"allOf":[{"properties":{"a":{"minLength":1},"b":{"type":"integer"}},"required":["b","a"]},{"required":["a"]}]}`,
			`{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"integer"}},"required":["a","b"],"description":"Matches all of [{\"properties\":{\"a\":{\"minLength\":1},\"b\":{\"type\":\"integer\"}},\"required\":[\"b\",\"a\"]},{\"required\":[\"a\"]}]."}`, lower.Tool()},
		{"one of two at the root", `{"type":"object","description":"Opens it.","properties":{"id":{"type":"string"},"url":{"type":"string"}},"oneOf":[{"required":["id"]},{"required":["url"]}]}`,
			`{"type":"object","description":"Opens it. Matches exactly one of [{\"required\":[\"id\"]},{\"required\":[\"url\"]}].","properties":{"id":{"type":"string"},"url":{"type":"string"}}}`, lower.Tool()},
		{"a choice that is referred to", `{"type":"object","properties":{"a":{"$ref":"#/anyOf/0"}},"anyOf":[{"type":"object"},{"required":["a"]}]}`,
			`{"type":"object","properties":{"a":{"$ref":"#/anyOf/0"}},"anyOf":[{"type":"object"},{"required":["a"]}]}`, lower.Tool()},
		{"object or null at the root", `{"type":["object","null"]}`, `{"type":"object"}`, lower.Tool()},
		{"limits of numbers", `{"type":"object","properties":{"n":{"type":"integer","description":"how many","minimum":1,"maximum":14.0}},"required":["n"],"additionalProperties":false}`,
			`{"type":"object","properties":{"n":{"type":"integer","description":"how many. At least 1. At most 14.0."}},"required":["n"],"additionalProperties":false}`, lower.Grammar()},
		{"a pattern keeps its letters", `{"type":"object","properties":{"s":{"type":"string","pattern":"^<a>&$"}}}`,
			`{"type":"object","properties":{"s":{"type":"string","description":"Matches the regular expression ^<a>&$."}},"additionalProperties":false}`, lower.Grammar()},
		{"formats that are known stay", `{"type":"object","properties":{"a":{"type":"string","format":"date-time"},"b":{"type":"string","format":"iri"}}}`,
			`{"type":"object","properties":{"a":{"type":"string","format":"date-time"},"b":{"type":"string","description":"In the format iri."}},"additionalProperties":false}`, lower.Grammar()},
		{"a fixed array", `{"type":"object","properties":{"p":{"type":"array","items":{"type":"integer"},"minItems":2,"maxItems":2}}}`,
			`{"type":"object","properties":{"p":{"type":"array","items":{"type":"integer"},"description":"At least 2 items. At most 2 items."}},"additionalProperties":false}`, lower.Grammar()},
		{"one item at least stays", `{"type":"object","properties":{"p":{"type":"array","items":{"type":"integer"},"minItems":1}},"additionalProperties":false}`,
			`{"type":"object","properties":{"p":{"type":"array","items":{"type":"integer"},"minItems":1}},"additionalProperties":false}`, lower.Grammar()},
		{"closed inside", `{"type":"object","properties":{"o":{"type":["object","null"],"properties":{}}},"$defs":{"d":{"properties":{"x":{"type":"string"}}}}}`,
			`{"type":"object","properties":{"o":{"type":["object","null"],"properties":{},"additionalProperties":false}},"$defs":{"d":{"properties":{"x":{"type":"string"}},"additionalProperties":false}},"additionalProperties":false}`, lower.Grammar()},
		{"objects without properties", `{"type":"object","properties":{"o":{"type":"object"}},"additionalProperties":false}`,
			`{"type":"object","properties":{"o":{"type":"object","additionalProperties":false}},"additionalProperties":false}`, lower.Grammar()},
		{"white space stays", "{ \"type\" : \"object\" ,\n \"properties\":{ \"a\" : { \"type\": [ \"object\" , \"null\" ] , \"properties\": { } } } ,\n \"anyOf\": [ { \"minimum\":1 , \"type\":\"object\" } , {\"type\":\"null\"} ] }",
			"{ \"type\" : \"object\" ,\n \"properties\":{ \"a\" : { \"type\": [ \"object\" , \"null\" ] , \"properties\": { },\"additionalProperties\":false } } ,\n \"anyOf\": [ { \"type\":\"object\",\"additionalProperties\":false,\"description\":\"At least 1.\" } , {\"type\":\"null\"} ],\"additionalProperties\":false }",
			lower.Limits{Closed: true, Refused: []string{"minimum"}}},
		{"open objects close", `{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":true}`,
			`{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false}`, lower.Grammar()},
		{"oneOf becomes anyOf", `{"type":"object","properties":{"a":{"oneOf":[{"type":"string"},{"type":"integer"}]}},"additionalProperties":false}`,
			`{"type":"object","properties":{"a":{"anyOf":[{"type":"string"},{"type":"integer"}]}},"additionalProperties":false}`, lower.Grammar()},
		{"an allOf of one is joined", `{"type":"object","properties":{"a":{"description":"x","allOf":[{"$ref":"#/$defs/d"}]}},"$defs":{"d":{"type":"string"}},"additionalProperties":false}`,
			`{"type":"object","properties":{"a":{"description":"x","$ref":"#/$defs/d"}},"$defs":{"d":{"type":"string"}},"additionalProperties":false}`, lower.Grammar()},
		{"enums of objects", `{"type":"object","properties":{"a":{"type":"array","items":{"type":"string"},"enum":[["x"],[]]}},"additionalProperties":false}`,
			`{"type":"object","properties":{"a":{"type":"array","items":{"type":"string"},"description":"One of [[\"x\"],[]]."}},"additionalProperties":false}`, lower.Grammar()},
		{"names that look like keywords", `{"type":"object","properties":{"minimum":{"type":"integer"},"format":{"type":"string"}},"required":["minimum"],"additionalProperties":false}`,
			`{"type":"object","properties":{"minimum":{"type":"integer"},"format":{"type":"string"}},"required":["minimum"],"additionalProperties":false}`, lower.Grammar()},
		{"a tuple", `{"type":"object","properties":{"a":{"type":"array","prefixItems":[{"type":"string"},{"type":"integer"}],"items":false}},"additionalProperties":false}`,
			`{"type":"object","properties":{"a":{"type":"array","items":{"anyOf":[{"type":"string"},{"type":"integer"}]},"description":"The first items in order: [{\"type\":\"string\"},{\"type\":\"integer\"}]."}},"additionalProperties":false}`, lower.Grammar()},
		{"optional ones first lose null", `{"type":"object","properties":{"a":{"type":["string","null"]},"b":{"type":["integer","null"]}},"required":["a"]}`,
			`{"type":"object","properties":{"a":{"type":["string","null"]},"b":{"type":"integer"}},"required":["a"]}`, lower.Limits{MaxUnions: 1}},
		{"optional ones beyond the limit are null", `{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string","enum":["x"],"description":"d"},"c":{"$ref":"#"}},"required":["z"]}`,
			`{"type":"object","properties":{"a":{"type":"string"},"b":{"description":"d","anyOf":[{"type":"string","enum":["x"]},{"type":"null"}]},"c":{"anyOf":[{"$ref":"#"},{"type":"null"}]}},"required":["z","b","c"]}`, lower.Limits{MaxOptional: 1}},
	} {
		in := []byte(test.in)
		r, err := lower.Schema(in, test.limits)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if string(r.Schema) != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.name, r.Schema, test.want)
		}
		if string(in) != test.in {
			t.Errorf("%s: the caller's bytes were changed to %s", test.name, in)
		}
		if (len(r.Changes) == 0) != (test.in == test.want) {
			t.Errorf("%s: the changes are %v", test.name, r.Changes)
		}
		again, err := lower.Schema(r.Schema, test.limits)
		if err != nil || string(again.Schema) != test.want {
			t.Errorf("%s: lowered twice: %s, %v", test.name, again.Schema, err)
		}
	}
}

func TestInexpressible(t *testing.T) {
	for in, want := range map[string]string{
		`{"type":"object","additionalProperties":{"type":"integer"}}`:                                                           "names of the properties",
		`{"type":"object","properties":{"next":{"$ref":"#"}},"additionalProperties":false}`:                                     "contains itself",
		`{"type":"object","properties":{"a":{"$ref":"#/$defs/a"}},"$defs":{"a":{"type":"array","items":{"$ref":"#/$defs/a"}}}}`: "contains itself",
		`{"type":"object","properties":{"a":{}}}`:                                                                               "at /properties/a: the schema allows any value",
		`{"type":"object","properties":{"a":true}}`:                                                                             "at /properties/a: the schema allows any value",
		`{"type":"string"}`: "want object",
		`["object"]`:        "",
		`{"$ref":"#/$defs/s","$defs":{"s":{"type":"string"}}}`:                                                                           "want object",
		`{"type":"object","properties":{"a":{"allOf":[{"properties":{"x":{"type":"string"}}},{"properties":{"y":{"type":"string"}}}]}}}`: "at /properties/a/allOf",
		"{\"type\":\"object\",\"properties\":{" + unions(17) + "},\"additionalProperties\":false}":                                       "17 unions",
	} {
		_, err := lower.Schema([]byte(in), lower.Grammar())
		if err == nil || !strings.Contains(err.Error(), want) || errors.Is(err, lower.ErrInexpressible) == (want == "") {
			t.Errorf("Schema(%s) error = %v, want one about %q", in, err, want)
		}
	}
}

// TestNoObject checks which schemas no object matches.
func TestNoObject(t *testing.T) {
	for in, wrong := range map[string]string{
		`false`:                       "allows nothing",
		`{"type":"string"}`:           "is of type string",
		`{"type":["string","null"]}`:  `is of type ["string","null"]`,
		`{"type":3}`:                  "is of type 3",
		`{"const":3}`:                 "is always 3",
		`{"const":null}`:              "is always null",
		`{"type":"object","const":3}`: "is always 3",
		`{"const":"` + strings.Repeat("ä", 90) + `"}`: `is always "` + strings.Repeat("ä", 29) + "…;",
		`{"enum":[1, "a"]}`:                           `is one of [1,"a"]`,
		`{"enum":[]}`:                                 "is one of []",
		`{"not":{}}`:                                  "allows no object",
		`{"not":true}`:                                "allows no object",
		`{"not":{"type":"object"}}`:                   "allows no object",
		`{"anyOf":[]}`:                                "allows nothing",
		`{"anyOf":[{"const":3},false]}`:               "allows nothing",
		`{"oneOf":[{"type":"integer"},{"$ref":"#/$defs/c"}],"$defs":{"c":{"const":1}}}`: "is always 1",
		`{"allOf":[{},{"type":"string"}]}`:                                              "is of type string",
		`{"type":"object","allOf":[{"anyOf":[{"const":3}]}]}`:                           "is always 3",
		`{"allOf":[{"$ref":"#"},{"$ref":"#"},{"const":1}]}`:                             "is always 1",

		`true`:                                  "",
		`{}`:                                    "",
		`{"type":["object","null"]}`:            "",
		`{"const":{}}`:                          "",
		`{"enum":[1,{"a":1}]}`:                  "",
		`{"not":{"type":"string"}}`:             "",
		`{"not":false}`:                         "",
		`{"not":{"type":"object","a":1}}`:       "",
		`{"anyOf":[{"const":3},{}]}`:            "",
		`{"$ref":"#"}`:                          "",
		`{"$ref":"https://example.com/schema"}`: "",
		`{"properties":{"a":{"const":3}}}`:      "",
		`{"a":{"anyOf":[{"$ref":"#"}]},"allOf":[{"$ref":"#/$defs/a"},{"$ref":"#/$defs/a"}],"$defs":{"a":{"allOf":[{"$ref":"#/$defs/b"},{"$ref":"#/$defs/b"}]},"b":{"anyOf":[{"$ref":"#/$defs/a"},{"$ref":"#"}]}}}`: "",
	} {
		_, err := lower.Schema([]byte(in), lower.Limits{ObjectRoot: true})
		switch {
		case wrong == "" && err != nil:
			t.Errorf("Schema(%s) error = %v", in, err)
		case wrong != "" && (!errors.Is(err, lower.ErrInexpressible) || !strings.Contains(err.Error()+";", wrong) || !strings.Contains(err.Error(), "want object")):
			t.Errorf("Schema(%s) error = %v, want one that says %q", in, err, wrong)
		}
	}
}

// unions returns n properties whose unions have no null.
func unions(n int) string {
	var all []string
	for i := range n {
		all = append(all, `"p`+string(rune('a'+i))+`":{"anyOf":[{"type":"string"},{"type":"integer"}]}`)
	}
	return strings.Join(all, ",")
}

func TestMalformed(t *testing.T) {
	for in, path := range map[string]string{
		`{`:                                  "",
		`{"type":"object"} x`:                "",
		`{"properties":[]}`:                  "/properties",
		`{"properties":{"a/b":{"items":3}}}`: "/properties/a~1b/items",
		`{"anyOf":{}}`:                       "/anyOf",
		`{"anyOf":[true,"x"]}`:               "/anyOf/1",
		`{"required":[1]}`:                   "/required",
		strings.Repeat(`{"not":`, 300) + "{}" + strings.Repeat("}", 300): "",
	} {
		_, err := lower.Schema([]byte(in), lower.Grammar())
		e, ok := errors.AsType[*lower.Error](err)
		if !ok || errors.Is(err, lower.ErrInexpressible) || e.Path != path {
			t.Errorf("Schema(%.50s) error = %v, want a malformed schema at %q", in, err, path)
		}
	}
}

func TestNoNulls(t *testing.T) {
	in := `{"type":"object","properties":{
  "a":{"anyOf":[{"type":"integer","minimum":0},{"type":"null"}],"default":null,"description":"the a"},
  "b":{"type":["string","null"],"enum":["x",null]},
  "c":{"anyOf":[{"type":"string"},{"type":"integer"},{"type":"null"}]},
  "d":{"type":"string"}
},"required":["b"]}`
	want := `{"type":"object","properties":{
  "a":{"description":"the a","type":"integer","minimum":0},
  "b":{"type":"string","enum":["x"]},
  "c":{"anyOf":[{"type":"string"},{"type":"integer"}]},
  "d":{"type":"string"}
},"required":["b"]}`
	r, err := lower.NoNulls([]byte(in))
	if err != nil || string(r.Schema) != want || len(r.Changes) != 3 || r.Unions != 1 || r.Optional != 3 {
		t.Errorf("NoNulls = %+v, %v\n got %s\nwant %s", r, err, r.Schema, want)
	}
}

// TestSeventeenParameters lowers the schema of a tool server whose parameters
// may all be null.
func TestSeventeenParameters(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"type":"object","properties":{`)
	for i := range 20 {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`"p` + string(rune('a'+i)) + `":{"anyOf":[{"type":"string"},{"type":"null"}]}`)
	}
	b.WriteString(`}}`)
	r, err := lower.Schema([]byte(b.String()), lower.Tool())
	if err != nil || r.Unions != 16 || len(r.Changes) != 4 {
		t.Errorf("got %d unions after %d changes, %v; want 16 after 4", r.Unions, len(r.Changes), err)
	}
}

func FuzzSchema(f *testing.F) {
	for _, s := range []string{`{}`, `true`, `{"type":["object","null"],"properties":{"a":{"minimum":1}}}`, `{"allOf":[{"$ref":"#"}]}`, `{"items":[{},true],"oneOf":[{"type":"null"},{"const":[1]}]}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		before := bytes.Clone(in)
		for _, limits := range []lower.Limits{lower.Grammar(), lower.Tool(), {}, {MaxUnions: -1, MaxOptional: -1, Closed: true}} {
			r, err := lower.Schema(in, limits)
			if !bytes.Equal(in, before) {
				t.Fatal("the caller's bytes were changed")
			}
			if err != nil {
				continue
			}
			if !json.Valid(r.Schema) {
				t.Fatalf("not JSON: %s", r.Schema)
			}
			if limits.MaxOptional < 0 { // what was required to be null is a union now
				continue
			}
			again, err := lower.Schema(r.Schema, limits)
			if err != nil || !bytes.Equal(again.Schema, r.Schema) {
				t.Fatalf("lowered twice: %+v, %v, want %s", again, err, r.Schema)
			}
		}
	})
}

func TestWrap(t *testing.T) {
	in := `{"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"x","type":"array","items":{"anyOf":[{"$ref":"#"},{"$ref":"#/$defs/a~1b"},{"$ref":"#n"}]},"$defs":{"a/b":{"type":"string"},"c":{"$anchor":"n"}}}`
	want := `{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","properties":{"value":{"type":"array","items":{"anyOf":[{"$ref":"#/properties/value"},{"$ref":"#/properties/value/$defs/a~1b"},{"$ref":"#n"}]},"$defs":{"a/b":{"type":"string"},"c":{"$anchor":"n"}}}},"required":["value"],"additionalProperties":false}`
	got, err := lower.Wrap([]byte(in), "value")
	if err != nil || string(got) != want {
		t.Errorf("Wrap = %s, %v\nwant %s", got, err, want)
	}
	if _, err := lower.Wrap([]byte(`[]`), "value"); err == nil {
		t.Error("Wrap takes an array for a schema")
	}
}
