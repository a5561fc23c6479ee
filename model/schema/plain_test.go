package schema_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/model/schema"
)

// plainForms are schemas of which some values are found to match in their bytes,
// and some that look like them.
var plainForms = []struct {
	schema string
	found  []string // that match, and are found to
	left   []string // that are left to the evaluator, whether they match or not
}{
	{`{"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"string"}},"required":["a"],"additionalProperties":false}`,
		[]string{`{"a":1}`, ` { "b" : "x\n\u00e9" , "a" : -0 } `, `{"a":1,"a":2}`, `{"a":123456789012345}`},
		[]string{`{}`, `{"b":"x"}`, `{"a":1.0}`, `{"a":1e3}`, `{"a":1,"c":2}`, `{"a":"1"}`, `{"a":1,"a":"x"}`, `{"a":null}`, `{"a":1}}`, `{"a":01}`, `{"\u0061":1}`, `[]`, `1`,
			`{"a":1234567890123456}`, `{"a":1,"b":1e999}`}},
	{`{"type":["object","null"],"additionalProperties":{"type":"number","minimum":-1.5,"maximum":10}}`,
		[]string{`null`, `{}`, `{"a":1.5,"é":-1.5}`, `{"a":10}`},
		[]string{`{"a":10.1}`, `{"a":-2}`, `{"\u00e9":1}`, "{\"\xff\":1}", `{"a":1e0}`, `true`}},
	{`{"type":"array","items":{"enum":["a","é",2,2.5]},"minItems":1,"maxItems":3}`,
		[]string{`["a"]`, `["é", 2 ,2.5]`, `[2.0]`},
		[]string{`[]`, `["\u0061"]`, `["b"]`, `[3]`, `[null]`, `[{}]`, `[[]]`, `[true]`, `["a","a","a","a"]`, "[\"\xff\"]"}},
	{`{"type":"object","properties":{"a":{},"b":true}}`,
		[]string{`{"a":"x","b":{}}`, `{"a":[],"b":false}`},
		[]string{`{"a":{"x":1}}`, `{"a":[1]}`, `{"c":1}`}},
	{`{"properties":{"\ufffd":{"type":"string"}},"additionalProperties":{}}`, []string{`{"x":1}`}, []string{"{\"\xff\":1}", `{"�":1}`}},
	{`{"properties":{"a\\n":{}},"additionalProperties":{"type":"string"}}`, []string{`{"b":"x"}`}, []string{`{"a\n":1}`, `{"a\\n":1}`}},
	{`{"required":["a","a"]}`, []string{`1`, `"x"`}, []string{`{"a":1}`}},
	{`{"enum":[]}`, nil, []string{`1`, `"a"`}},
	{`{"enum":[9007199254740993,null,[1]]}`, nil, []string{`9007199254740993`, `null`}},
	{`{"type":"string","minLength":2}`, nil, []string{`"ab"`, `"a"`}},
	{`{"type":"string","title":"t","description":"d","default":"x","examples":["y"],"format":"date","x-own":1,"$comment":"c"}`, []string{`"any"`}, []string{`1`}},
	{`{"$defs":{"n":{"type":"integer"}},"properties":{"a":{"$ref":"#/$defs/n"}}}`, nil, []string{`{"a":1}`, `{"a":"x"}`}},
	{`{"not":{}}`, nil, []string{`1`}},
	{`true`, []string{`1`, `"a"`, `{}`}, []string{`{"a":1}`}},
	{`false`, nil, []string{`1`}},
}

// TestPlain checks which values are found to match by their bytes alone, since
// nothing else shows whether any are.
func TestPlain(t *testing.T) {
	for _, form := range plainForms {
		v, err := schema.Compile(json.RawMessage(form.schema))
		if err != nil {
			t.Fatalf("%s: %v", form.schema, err)
		}
		for _, value := range form.found {
			if plain, err := schema.Plainly(v, []byte(value)); !plain || err != nil {
				t.Errorf("schema %s, value %s: found in its bytes %t, the evaluator says %v", form.schema, value, plain, err)
			}
		}
		for _, value := range form.left {
			if plain, err := schema.Plainly(v, []byte(value)); plain {
				t.Errorf("schema %s, value %s is not left to the evaluator, which says %v", form.schema, value, err)
			}
		}
	}
	many := `{"required":["` + strings.Repeat(`x","`, 64) + `y"]}`
	v, err := schema.Compile(json.RawMessage(many))
	if err != nil {
		t.Fatal(err)
	}
	if plain, _ := schema.Plainly(v, []byte(`{}`)); plain {
		t.Error("more than 64 required properties are found in none")
	}
}

// FuzzPlain compares the values that are found to match by their bytes alone
// with the evaluator's verdict.
func FuzzPlain(f *testing.F) {
	for _, form := range plainForms {
		for _, value := range append(form.found, form.left...) {
			f.Add([]byte(form.schema), []byte(value))
		}
	}
	f.Fuzz(func(t *testing.T, raw, data []byte) {
		v, err := schema.Compile(raw)
		if err != nil {
			return
		}
		if plain, err := schema.Plainly(v, data); plain && err != nil {
			t.Errorf("schema %s, value %s is found to match; the evaluator says %v", raw, data, err)
		}
	})
}
