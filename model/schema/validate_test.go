package schema_test

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/chatmodel-go/chatmodel/model/schema"
	"github.com/google/go-cmp/cmp"
	"github.com/google/jsonschema-go/jsonschema"
)

const object = `{"type":"object","properties":{
	"city":{"type":"string","minLength":2,"maxLength":20,"pattern":"^[A-Z]"},
	"days":{"type":"integer","minimum":1,"maximum":14},
	"unit":{"enum":["c","f",null]},
	"lines":{"type":"array","minItems":1,"maxItems":2,"uniqueItems":true,"items":{"$ref":"#/$defs/line"}}
	},"required":["city"],"additionalProperties":false,
	"$defs":{"line":{"type":"object","properties":{"a/b~c":{"type":["number","null"],"exclusiveMinimum":0,"exclusiveMaximum":10,"multipleOf":2}},"additionalProperties":{"type":"boolean"}}}}`

// values pairs a schema with a value and the problems that it has, if any.
var values = []struct {
	name   string
	schema string
	value  string
	want   string // problems, joined; empty if valid
}{
	{"object, all good", object, `{"city":"Rome","days":3,"unit":null,"lines":[{"a/b~c":4,"x":true},{"a/b~c":null}]}`, ""},
	{"not an object", object, `["Rome"]`, "want object, got array"},
	{"missing and unknown", object, `{"town":"Rome"}`, `/city: required, but missing; /town: unknown property; the known ones are "city", "days", "lines", "unit"`},
	{"strings", object, `{"city":"r"}`, `/city: want at least 2 characters; /city: want a string that matches "^[A-Z]"`},
	{"long string", object, `{"city":"Rrrrrrrrrrrrrrrrrrrrrrr"}`, "/city: want at most 20 characters"},
	{"small integer", object, `{"city":"Rome","days":0}`, "/days: want at least 1"},
	{"big integer", object, `{"city":"Rome","days":15}`, "/days: want at most 14"},
	{"fraction for an integer", object, `{"city":"Rome","days":1.5}`, "/days: want integer, got number"},
	{"number in a string", object, `{"city":"Rome","days":"3"}`, "/days: want integer, got string"},
	{"whole float is an integer", object, `{"city":"Rome","days":3.0}`, ""},
	{"enum", object, `{"city":"Rome","unit":"k"}`, `/unit: want one of "c", "f", null`},
	{"no items", object, `{"city":"Rome","lines":[]}`, "/lines: want at least 1 items"},
	{"same items", object, `{"city":"Rome","lines":[{},{}]}`, "/lines: want items that all differ"},
	{"deep, through $ref", object, `{"city":"Rome","lines":[{},{"a/b~c":"4"}]}`, "/lines/1/a~1b~0c: want number or null, got string"},
	{"limits, through $ref", object, `{"city":"Rome","lines":[{"a/b~c":11}]}`, "/lines/0/a~1b~0c: want less than 10; /lines/0/a~1b~0c: want a multiple of 2"},
	{"zero, through $ref", object, `{"city":"Rome","lines":[{"a/b~c":0}]}`, "/lines/0/a~1b~0c: want more than 0"},
	{"additional, through $ref", object, `{"city":"Rome","lines":[{"x":1}]}`, "/lines/0/x: want boolean, got integer"},
	{"an optional property is not null", object, `{"city":"Rome","days":null}`, "/days: want integer, got null"},

	{"2^53+1 is an integer", `{"type":"integer"}`, `9007199254740993`, ""},
	{"2^53+1 is in the enum", `{"enum":[9007199254740993]}`, `9007199254740993`, ""},
	{"2^53 is not", `{"enum":[9007199254740993]}`, `9007199254740992`, "want one of 9007199254740993"},
	{"2^53+1 is the const", `{"properties":{"a":{"const":9007199254740993}}}`, `{"a":9007199254740993}`, ""},
	{"2^53 is not the const", `{"properties":{"a":{"const":9007199254740993}}}`, `{"a":9007199254740992}`, "/a: want 9007199254740993"},
	{"-2^53-1 is exact", `{"const":-9007199254740993}`, `-9007199254740993`, ""},
	{"-2^53 is another", `{"const":-9007199254740993}`, `-9007199254740992`, "want -9007199254740993"},
	{"a wrong type is the only problem", `{"type":"string","enum":["a"]}`, `1`, "want string, got integer"},
	{"const null", `{"const":null}`, `0`, "want null"},
	{"2^64-1 is exact", `{"const":18446744073709551615}`, `18446744073709551615`, ""},
	{"2^64-2 is another", `{"const":18446744073709551615}`, `18446744073709551614`, "want 18446744073709551615"},
	{"beyond 64 bits", `{"type":"integer"}`, `123456789012345678901234567890`, ""},
	{"beyond float64", `{}`, `{"a/":[0,1e400]}`, "/a~1/1: want a number in the range of float64"},

	{"200 levels", `{}`, strings.Repeat("[", 200) + strings.Repeat("]", 200), ""},
	{"201 levels", `{}`, strings.Repeat("[", 201) + "1" + strings.Repeat("]", 201), strings.Repeat("/0", 201) + ": want at most 200 levels of nesting"},
	{"anyOf, in itself", `{"anyOf":[{"items":{"$ref":"#"},"type":"array"},{"type":"string"}]}`, `[[[[1]]]]`, "matches none of the alternatives: /0: matches none of the alternatives: /0/0: matches none of the alternatives, or want string, got array, or want string, got array"},

	{"two beyond float64", `{}`, `{"b":1e400,"a":1e400,"c":1e400}`, "/a: want a number in the range of float64"},

	{"anyOf", `{"properties":{"v":{"anyOf":[{"type":"string"},{"type":"object","required":["id"]}]}}}`, `{"v":{}}`, "/v: matches none of the alternatives: want string, got object, or /v/id: required, but missing"},
	{"anyOf, one matches", `{"anyOf":[{"type":"string"},{"type":"null"}]}`, `null`, ""},
	{"oneOf, none", `{"oneOf":[{"type":"string"},{"$ref":"#/definitions/n"}],"definitions":{"n":{"type":"null"}}}`, `1`, "matches none of the alternatives: want string, got integer, or want null, got integer"},
	{"oneOf, two", `{"oneOf":[{"type":"integer"},{"minimum":3}]}`, `4`, "matches 2 of the alternatives; want exactly one"},
	{"allOf", `{"allOf":[{"required":["a"]},{"required":["b"]}]}`, `{}`, "/a: required, but missing; /b: required, but missing"},
	{"not", `{"not":{"type":"string"}}`, `"s"`, "want a value that does not match the schema under not"},
	{"false", `{"properties":{"a":false}}`, `{"a":1}`, "/a: want nothing here"},
	{"if, then", `{"if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}}`, `{"a":1}`, "/b: required, but missing"},
	{"if, else", `{"if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}}`, `{}`, "/c: required, but missing"},
	{"contains", `{"contains":{"type":"string"}}`, `[1]`, "0 items match the schema under contains; want at least 1"},
	{"maxContains", `{"contains":{"type":"string"},"maxContains":1}`, `["a","b"]`, "2 items match the schema under contains; want at most 1"},
	{"propertyNames", `{"propertyNames":{"maxLength":2}}`, `{"abc":1}`, "/abc: the name of this property is not allowed"},
	{"patternProperties", `{"patternProperties":{"^n":{"type":"number"}},"additionalProperties":false}`, `{"n1":"x","z":1}`, "/n1: want number, got string; /z: unknown property"},
	{"dependentRequired", `{"dependentRequired":{"a":["b"]}}`, `{"a":1}`, `/b: required beside "a", but missing`},
	{"dependentSchemas", `{"dependentSchemas":{"a":{"properties":{"b":{"type":"string"}}}}}`, `{"a":1,"b":2}`, "/b: want string, got integer"},
	{"dependencies", `{"dependencies":{"a":["b"],"c":{"required":["d"]}}}`, `{"a":1,"c":1}`, `/b: required beside "a", but missing; /d: required, but missing`},
	{"unevaluatedProperties", `{"allOf":[{"properties":{"a":{}}}],"unevaluatedProperties":false}`, `{"a":1,"b":2}`, "has properties that the schema does not describe, and that do not match its unevaluatedProperties"},
	{"prefixItems", `{"prefixItems":[{"type":"string"}],"items":{"type":"integer"}}`, `[1,"a"]`, "/0: want string, got integer; /1: want integer, got string"},
	{"items as an array", `{"items":[{"type":"string"}],"additionalItems":{"type":"integer"}}`, `[1,"a"]`, "/0: want string, got integer; /1: want integer, got string"},
	{"additionalItems without array", `{"items":{"type":"string"},"additionalItems":false}`, `["a"]`, ""},
	{"draft-07 ignores what is beside $ref", `{"$schema":"http://json-schema.org/draft-07/schema#","properties":{"a":{"$ref":"#/definitions/s","maxLength":1}},"definitions":{"s":{"type":"string"}}}`, `{"a":"long"}`, ""},
	{"2020-12 does not", `{"$schema":"https://json-schema.org/draft/2020-12/schema","properties":{"a":{"$ref":"#/$defs/s","maxLength":1}},"$defs":{"s":{"type":"string"}}}`, `{"a":"long"}`, "/a: want at most 1 characters"},
	{"recursive", `{"properties":{"next":{"$ref":"#"},"v":{"type":"integer"}}}`, `{"next":{"next":{"v":"x"}}}`, "/next/next/v: want integer, got string"},
	{"anchor", `{"$id":"https://example.com/x","properties":{"a":{"$ref":"#w"}},"$defs":{"x":{"$anchor":"w","type":"null"}}}`, `{"a":1}`, "/a: want null, got integer"},
	{"escaped reference", `{"properties":{"a":{"$ref":"#/$defs/x%20~1"}},"$defs":{"x /":{"type":"null"}}}`, `{"a":1}`, "/a: want null, got integer"},
	{"reference into a reference", `{"properties":{"a":{"$ref":"#/$defs/l/items/anyOf/0"}},"$defs":{"l":{"items":{"anyOf":[{"type":"null"}]}}}}`, `{"a":1}`, "/a: want null, got integer"},
	{"format is not checked", `{"format":"date-time"}`, `"soon"`, ""},
	{"true", `true`, `1`, ""},
	{"many problems", `{"items":{"type":"string"}}`, `[1,2,3,4,5,6,7,8,9,10]`, "/0: want string, got integer; /1: want string, got integer; /2: want string, got integer; /3: want string, got integer; /4: want string, got integer; /5: want string, got integer; /6: want string, got integer; /7: want string, got integer"},
}

func TestValidate(t *testing.T) {
	for _, test := range values {
		t.Run(test.name, func(t *testing.T) {
			v, err := schema.Compile(json.RawMessage(test.schema))
			if err != nil {
				t.Fatal(err)
			}
			err = v.Validate([]byte(test.value))
			got := ""
			if err != nil {
				invalid, ok := errors.AsType[*schema.ValidationError](err)
				if !ok {
					t.Fatalf("Validate(%s) error is %T, want *ValidationError: %v", test.value, err, err)
				}
				got = strings.TrimPrefix(invalid.Error(), "schema: value does not match: ")
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("Validate(%s): (-want +got)\n%s", test.value, diff)
			}
		})
	}
}

func TestValidateNotJSON(t *testing.T) {
	v, err := schema.Compile(json.RawMessage(`true`))
	if err != nil {
		t.Fatal(err)
	}
	for _, data := range []string{"", " ", `{"a":`, `{"a":1} x`, `1 2`, `nul`, `{"a":01}`, "[" + strings.Repeat("[", 20000)} {
		err := v.Validate([]byte(data))
		if _, ok := errors.AsType[*json.SyntaxError](err); !ok || !strings.HasPrefix(err.Error(), "schema: validate: not JSON: ") {
			t.Errorf("Validate(%.20q) error = %v, want one that wraps a *json.SyntaxError", data, err)
		}
	}
}

func TestZeroValidator(t *testing.T) {
	if err := new(schema.Validator).Validate([]byte(`1`)); err == nil {
		t.Error("zero Validator accepts 1, want an error")
	}
	if err := (*schema.Validator)(nil).Validate([]byte(`1`)); err == nil {
		t.Error("nil Validator accepts 1, want an error")
	}
}

func TestCompileErrors(t *testing.T) {
	for _, test := range []struct{ name, schema, want string }{
		{"empty", ``, "not JSON"},
		{"two values", `{} {}`, "not JSON"},
		{"null", `null`, "the schema is of type null; want an object"},
		{"array", `[]`, "the schema is of type array; want an object"},
		{"unknown type", `{"properties":{"a":{"type":"text"}}}`, `at /properties/a: type "text"; want one of null, boolean`},
		{"unknown type in a list", `{"type":["string","nil"]}`, `type "nil"`},
		{"bad type", `{"type":7}`, "type"},
		{"bad required", `{"required":"a"}`, "required"},
		{"null property", `{"properties":{"a":null}}`, "at /properties/a: null is not a schema"},
		{"pattern", `{"items":{"pattern":"(?=a)"}}`, "at /items: pattern: error parsing regexp"},
		{"patternProperties", `{"patternProperties":{"(":true}}`, "patternProperties: error parsing regexp"},
		{"multipleOf", `{"multipleOf":0}`, "multipleOf: want a number above 0"},
		{"remote reference", `{"properties":{"a":{"$ref":"https://example.com/x"}}}`, `at /properties/a: $ref "https://example.com/x" leads out of the schema`},
		{"dangling reference", `{"$ref":"#/$defs/a"}`, `$ref "#/$defs/a": there is no such schema`},
		{"dangling anchor", `{"$ref":"#a"}`, `$ref "#a": there is no such schema`},
		{"bad escape", `{"$ref":"#%zz"}`, `$ref "#%zz": invalid URL escape`},
		{"anchor twice", `{"$defs":{"a":{"$anchor":"x"},"b":{"$anchor":"x"}}}`, `at /$defs/b: anchor "x" is there twice`},
		{"dynamic reference", `{"items":{"$dynamicRef":"#"}}`, "at /items: $dynamicRef is not supported"},
		{"nested $id", `{"$defs":{"a":{"$id":"x"}}}`, "at /$defs/a: $id below the top of a schema is not supported"},
		{"other draft", `{"$schema":"http://json-schema.org/draft-04/schema#"}`, "want draft 2020-12 or draft-07"},
		{"both kinds of tuple", `{"prefixItems":[true],"items":[true]}`, "both prefixItems and items as an array"},
		{"both kinds of dependency", `{"dependencies":{"a":["b"]},"dependentSchemas":{"a":true}}`, "want one form"},
		{"itself", `{"$ref":"#"}`, "validation would never end"},
		{"itself by detours", `{"properties":{"a":{"$ref":"#/$defs/x"}},"$defs":{"x":{"anyOf":[{"type":"string"},{"not":{"if":{"$ref":"#/properties/a"}}}]}}}`, "validation would never end"},
		{"number out of range", `{"properties":{"a":{"minimum":1e999}}}`, "/properties/a/minimum: want a number in the range of float64"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := schema.Compile(json.RawMessage(test.schema))
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), "schema: compile: ") {
				t.Errorf("Compile(%s) error = %v, want one with %q", test.schema, err, test.want)
			}
		})
	}
}

func TestDecode(t *testing.T) {
	type small struct {
		N int8 `json:"n"`
	}
	raw, err := schema.For[small]()
	if err != nil {
		t.Fatal(err)
	}
	v, err := schema.Compile(raw)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := schema.Decode[small](v, []byte(`{"n":7}`)); err != nil || got.N != 7 {
		t.Errorf("Decode(7) = %v, %v, want {7}", got, err)
	}
	got, err := schema.Decode[small](v, []byte(`{"n":"7"}`))
	if _, ok := errors.AsType[*schema.ValidationError](err); !ok || got.N != 0 {
		t.Errorf("Decode(string) = %v, %v, want a *ValidationError", got, err)
	}
	got, err = schema.Decode[small](v, []byte(`{"n":300}`))
	if _, ok := errors.AsType[*json.UnmarshalTypeError](err); !ok || !strings.HasPrefix(err.Error(), "schema: decode: ") || got.N != 0 {
		t.Errorf("Decode(300) = %v, %v, want a *json.UnmarshalTypeError", got, err)
	}
}

// TestConcurrent is for the race detector. Valid and invalid values take
// different paths.
func TestConcurrent(t *testing.T) {
	for _, test := range values {
		v, err := schema.Compile(json.RawMessage(test.schema))
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if err := v.Validate([]byte(test.value)); (err == nil) != (test.want == "") {
					t.Errorf("%s: Validate error = %v, want %q", test.name, err, test.want)
				}
			})
		}
		wg.Wait()
	}
}

func TestCompileKeepsCallersBytes(t *testing.T) {
	raw := json.RawMessage(`{"enum":["a"]}`)
	v, err := schema.Compile(raw)
	if err != nil {
		t.Fatal(err)
	}
	if string(raw) != `{"enum":["a"]}` {
		t.Errorf("Compile changed its input to %s", raw)
	}
	copy(raw, `{"enum":["b"]}`)
	if err := v.Validate([]byte(`"a"`)); err != nil {
		t.Errorf("Validate after a change of raw: %v, want none", err)
	}
}

// notComparable matches schemas that this package reads in another way than the
// library, and numbers that it reads better.
var notComparable = regexp.MustCompile(`(?i)dependenc|items|\$schema|\$id|\$ref|anchor|\d{15}|\\u`)

func FuzzValidate(f *testing.F) {
	for _, test := range values {
		f.Add([]byte(test.schema), []byte(test.value))
	}
	f.Fuzz(func(t *testing.T, raw, data []byte) {
		v, err := schema.Compile(raw)
		if err != nil {
			return
		}
		err = v.Validate(data)
		if invalid, ok := errors.AsType[*schema.ValidationError](err); ok {
			if len(invalid.Problems) == 0 {
				t.Errorf("Validate(%s, %s): no problems", raw, data)
			}
			if again := v.Validate(data); again.Error() != err.Error() {
				t.Errorf("Validate(%s, %s) = %v, then %v", raw, data, err, again)
			}
		} else if err != nil {
			if json.Valid(data) {
				t.Errorf("Validate(%s, %s) = %v of JSON", raw, data, err)
			}
			return
		}
		if err != nil && strings.Contains(err.Error(), "levels of nesting") {
			return // a limit of this package
		}
		if notComparable.Match(raw) || notComparable.Match(data) {
			return
		}
		if want, ok := libraryAccepts(raw, data); ok && want != (err == nil) {
			t.Errorf("Validate(%s, %s) = %v, want valid: %t, as the library says", raw, data, err, want)
		}
	})
}

// libraryAccepts asks the library without this package.
func libraryAccepts(raw, data []byte) (valid, ok bool) {
	var s jsonschema.Schema
	var value any
	if json.Unmarshal(raw, &s) != nil || json.Unmarshal(data, &value) != nil {
		return false, false
	}
	resolved, err := s.Resolve(nil)
	if err != nil {
		return false, false
	}
	return resolved.Validate(value) == nil, true
}
