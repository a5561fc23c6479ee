package schema_test

import (
	"encoding/json"
	"testing"

	"github.com/chatmodel-go/chatmodel/model/schema"
)

func TestNormalize(t *testing.T) {
	for _, test := range []struct{ name, schema, value, want string }{
		{"matches as it is", `{"properties":{"a":{"type":["string","null"]}}}`, `{ "a" : null }`, `{ "a" : null }`},
		{"optional", `{"properties":{"a":{"type":"string"},"b":{"type":"number"}}}`, `{"a":null,"b":1.50}`, `{"b":1.50}`},
		{"required", `{"properties":{"a":{"type":"string"}},"required":["a"]}`, `{"a":null}`, ""},
		{"any value", `{"properties":{"a":{},"b":{"type":"string"}}}`, `{"a":null,"b":null}`, `{"a":null}`},
		{"values of a map", `{"additionalProperties":{"type":"string"}}`, `{"a":null}`, ""},
		{"values of a map of anything", `{"properties":{"m":{"additionalProperties":{}},"o":{"type":"string"}}}`, `{"m":{"k":null},"o":null}`, `{"m":{"k":null}}`},
		{"items", `{"items":{"properties":{"a":{"type":"integer"}}}}`, `[{"a":1},{"a":null}]`, `[{"a":1},{}]`},
		{"items themselves", `{"items":{"type":"integer"}}`, `[null]`, ""},
		{"by reference", `{"properties":{"next":{"$ref":"#"},"n":{"type":"integer"}},"required":["n"],"type":"object"}`, `{"n":1,"next":{"n":2,"next":null}}`, `{"n":1,"next":{"n":2}}`},
		{"the alternative that matches", `{"anyOf":[{"properties":{"k":{"const":1},"a":{"type":"string"}},"required":["k"]},{"properties":{"k":{"const":2},"a":{"type":["string","null"]},"b":{"type":"string"}},"required":["k"]}]}`, `{"k":2,"a":null,"b":null}`, `{"k":2,"a":null}`},
		{"wrong besides", `{"properties":{"a":{"type":"string"},"b":{"type":"string"}}}`, `{"a":null,"b":1}`, ""},
		{"a name twice", `{"properties":{"a":{"type":"array"},"b":{"type":"string"}}}`, `{"b":null,"a":{"x":[1,2]},"a":[1]}`, `{"a":[1]}`},
		{"closed", `{"properties":{"a":{"type":"string"}},"additionalProperties":false}`, `{"a":null,"b":null}`, ""},
		{"letters", `{"properties":{"<&>":{"type":"string"},"o":{"type":"string"}}}`, `{"<&>":"<\u00e9>","o":null}`, `{"<&>":"<\u00e9>"}`},
	} {
		v, err := schema.Compile(json.RawMessage(test.schema))
		if err != nil {
			t.Fatal(err)
		}
		got, err := v.Normalize([]byte(test.value))
		if string(got) != test.want || (err == nil) != (test.want != "") {
			t.Errorf("%s: Normalize(%s) = %s, %v; want %s", test.name, test.value, got, err, test.want)
		}
	}
}

func TestDecodeNull(t *testing.T) {
	type inner struct {
		N int `json:"n,omitempty"`
	}
	type outer struct {
		P    *string           `json:"p"`
		I    inner             `json:"i"`
		L    []inner           `json:"l,omitempty"`
		Any  any               `json:"any"`
		Raw  json.RawMessage   `json:"raw"`
		Map  map[string]any    `json:"map"`
		Text map[string]string `json:"text,omitempty"`
	}
	v := compiled[outer](t)
	got, err := schema.Decode[outer](v, []byte(`{"p":null,"i":{"n":null},"l":null,"any":null,"raw":null,"map":{"k":null},"text":null}`))
	if err != nil || got.P != nil || got.L != nil || string(got.Raw) != "null" || len(got.Map) != 1 {
		t.Errorf("Decode = %+v, %v", got, err)
	}
	for _, wrong := range []string{`{"i":null,"any":1,"raw":1,"map":{}}`, `{"i":{},"any":1,"raw":1,"map":null}`} {
		if _, err := schema.Decode[outer](v, []byte(wrong)); err == nil {
			t.Errorf("Decode(%s) takes null for a required field", wrong)
		}
	}
}

func compiled[T any](t *testing.T) *schema.Validator {
	t.Helper()
	raw, err := schema.For[T]()
	if err != nil {
		t.Fatal(err)
	}
	v, err := schema.Compile(raw)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
