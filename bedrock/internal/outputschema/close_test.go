package outputschema_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/outputschema"
)

var schemas = []struct{ name, in, want string }{
	{"empty schema", `{}`, `{}`},
	{"true", `true`, `true`},
	{"false, with space", " false\n", " false\n"},
	{"object", `{"type":"object"}`, `{"type":"object","additionalProperties":false}`},
	{"space is kept", "{\n  \"type\": \"object\"\n}\n", "{\n  \"type\": \"object\",\"additionalProperties\":false\n}\n"},
	{"object or null", `{"type":["null","object"]}`, `{"type":["null","object"],"additionalProperties":false}`},
	{"untyped", `{"properties":{}}`, `{"properties":{},"additionalProperties":false}`},
	{"string with properties", `{"type":"string","properties":{}}`, `{"type":"string","properties":{}}`},
	{"says false", `{"type":"object","additionalProperties":false}`, `{"type":"object","additionalProperties":false}`},
	{"says true", `{"additionalProperties":true,"type":"object"}`, `{"additionalProperties":true,"type":"object"}`},
	{"says a schema", `{"type":"object","additionalProperties":{"type":"object"}}`, `{"type":"object","additionalProperties":{"type":"object"}}`},
	{"order, numbers and escapes are kept",
		`{"z":9007199254740993,"type":"object","a":1.50e+1,"description":"\u00e9<é>\/"}`,
		`{"z":9007199254740993,"type":"object","a":1.50e+1,"description":"\u00e9<é>\/","additionalProperties":false}`},
	{"properties",
		`{"type":"object","properties":{"b":{"type":"object"},"a":{"type":"string"},"c":true}}`,
		`{"type":"object","properties":{"b":{"type":"object","additionalProperties":false},"a":{"type":"string"},"c":true},"additionalProperties":false}`},
	{"a property called type",
		`{"properties":{"type":{"type":"string"},"properties":{"type":"object"},"additionalProperties":{"type":"object"}}}`,
		`{"properties":{"type":{"type":"string"},"properties":{"type":"object","additionalProperties":false},"additionalProperties":{"type":"object","additionalProperties":false}},"additionalProperties":false}`},
	{"items", `{"type":"array","items":{"type":"object"}}`, `{"type":"array","items":{"type":"object","additionalProperties":false}}`},
	{"items as an array", `{"items":[{"type":"object"},false]}`, `{"items":[{"type":"object","additionalProperties":false},false]}`},
	{"items as a boolean", `{"items":false}`, `{"items":false}`},
	{"prefixItems", `{"prefixItems":[{"type":"object"}]}`, `{"prefixItems":[{"type":"object","additionalProperties":false}]}`},
	{"allOf, anyOf, oneOf",
		`{"allOf":[{"type":"object"}],"anyOf":[{"type":"null"},{"properties":{}}],"oneOf":[{"type":"object"}]}`,
		`{"allOf":[{"type":"object","additionalProperties":false}],"anyOf":[{"type":"null"},{"properties":{},"additionalProperties":false}],"oneOf":[{"type":"object","additionalProperties":false}]}`},
	{"$defs and definitions",
		`{"$ref":"#/$defs/a","$defs":{"a":{"type":"object"}},"definitions":{"b":{"type":"object"}}}`,
		`{"$ref":"#/$defs/a","$defs":{"a":{"type":"object","additionalProperties":false}},"definitions":{"b":{"type":"object","additionalProperties":false}}}`},
	{"patternProperties", `{"type":"object","patternProperties":{"^a":{"type":"object"}}}`, `{"type":"object","patternProperties":{"^a":{"type":"object","additionalProperties":false}},"additionalProperties":false}`},
	{"conditions are left alone", `{"not":{"type":"object"},"if":{"type":"object"},"contains":{"type":"object"}}`, `{"not":{"type":"object"},"if":{"type":"object"},"contains":{"type":"object"}}`},
	{"values are not schemas",
		`{"enum":[{"type":"object"}],"const":{"type":"object"},"default":{"type":"object"},"examples":[{"properties":{}}]}`,
		`{"enum":[{"type":"object"}],"const":{"type":"object"},"default":{"type":"object"},"examples":[{"properties":{}}]}`},
}

func TestClose(t *testing.T) {
	for _, test := range schemas {
		t.Run(test.name, func(t *testing.T) {
			raw := json.RawMessage(test.in)
			got, err := outputschema.Close(raw)
			if err != nil || string(got) != test.want {
				t.Errorf("Close(%s)\n got %s, %v\nwant %s", test.in, got, err, test.want)
			}
			if string(raw) != test.in {
				t.Errorf("Close changed its input to %s", raw)
			}
			if len(got) > 0 {
				got[0] = 'x'
				if raw[0] == 'x' {
					t.Error("Close returns its input, want a copy")
				}
			}
		})
	}
}

func TestCloseErrors(t *testing.T) {
	for _, test := range []struct{ name, in, want string }{
		{"empty", ``, "schema is not JSON"},
		{"truncated", `{"type":"object"`, "schema is not JSON"},
		{"two values", `{} {}`, "schema is not JSON"},
		{"too deep", strings.Repeat(`{"items":`, 20000), "schema is not JSON"},
		{"null", `null`, "schema: want an object, true or false"},
		{"array", `[]`, "schema: want an object, true or false"},
		{"number as a property", `{"properties":{"a/~b":1}}`, "schema: /properties/a~1~0b: want an object, true or false"},
		{"properties as an array", `{"items":{"properties":[]}}`, "schema: /items/properties: want an object"},
		{"anyOf as an object", `{"anyOf":{}}`, "schema: /anyOf: want an array"},
		{"string in oneOf", `{"oneOf":[true,"x"]}`, "schema: /oneOf/1: want an object, true or false"},
		{"number as items", `{"items":3}`, "schema: /items: want an object, an array, true or false"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := outputschema.Close(json.RawMessage(test.in))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Close(%.40s) = %s, %v, want error with %q", test.in, got, err, test.want)
			}
		})
	}
}

func FuzzClose(f *testing.F) {
	for _, test := range schemas {
		f.Add([]byte(test.in))
	}
	addition := []byte(`"additionalProperties":false`)
	f.Fuzz(func(t *testing.T, raw []byte) {
		before := bytes.Clone(raw)
		got, err := outputschema.Close(raw)
		if !bytes.Equal(before, raw) {
			t.Fatalf("Close changed %s to %s", before, raw)
		}
		if err != nil {
			return
		}
		if !json.Valid(got) {
			t.Fatalf("Close(%s) = %s, want JSON", raw, got)
		}
		again, err := outputschema.Close(got)
		if err != nil || !bytes.Equal(again, got) {
			t.Errorf("Close(%s) = %s, %v, want no change", got, again, err)
		}
		// Without the additions, and those that were there, it is what it was.
		strip := func(b []byte) string {
			b = bytes.ReplaceAll(b, append([]byte(","), addition...), nil)
			return string(bytes.ReplaceAll(b, addition, nil))
		}
		if strip(got) != strip(raw) {
			t.Errorf("Close(%s) = %s, want additions only", raw, got)
		}
	})
}

func ExampleClose() {
	closed, err := outputschema.Close(json.RawMessage(`{"type":"object","properties":{"n":{"type":"integer"}}}`))
	fmt.Println(string(closed), err)
	// Output:
	// {"type":"object","properties":{"n":{"type":"integer"}},"additionalProperties":false} <nil>
}
