package fake_test

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/schema"
	"github.com/google/go-cmp/cmp"
	"github.com/google/jsonschema-go/jsonschema"
)

// document returns what Auto answers to a request for output of the schema.
func document(t *testing.T, schema string, seed uint64) (string, error) {
	t.Helper()
	req := &model.Request{Messages: []model.Message{model.User("go")}, Output: &model.OutputFormat{Schema: json.RawMessage(schema)}}
	resp, err := fake.New(fake.Auto(seed)).Generate(t.Context(), req)
	if err != nil {
		return "", err
	}
	return resp.Text(), nil
}

// validate returns the verdict of another implementation of JSON Schema.
func validate(t *testing.T, schema, doc string) error {
	t.Helper()
	var s jsonschema.Schema
	if err := json.Unmarshal([]byte(schema), &s); err != nil {
		t.Fatalf("the schema is not read by the validator: %v\n%s", err, schema)
	}
	rs, err := s.Resolve(nil)
	if err != nil {
		t.Fatalf("the schema is not resolved by the validator: %v\n%s", err, schema)
	}
	var v any
	if err := json.Unmarshal([]byte(doc), &v); err != nil {
		return err
	}
	return rs.Validate(v)
}

func TestAutoDocument(t *testing.T) {
	tests := []struct {
		name, schema string
		seed         uint64
		want         string
	}{
		{"empty", `{}`, 0, `"a"`},
		{"string", `{"type":"string"}`, 0, `"a"`},
		{"string of at least", `{"type":"string","minLength":3}`, 0, `"aaa"`},
		{"string of nothing", `{"type":"string","maxLength":0}`, 0, `""`},
		{"integer", `{"type":"integer"}`, 0, `0`},
		{"minimum", `{"type":"integer","minimum":3}`, 0, `3`},
		{"minimum with fraction", `{"type":"integer","minimum":2.5}`, 0, `3`},
		{"exclusive minimum", `{"type":"integer","exclusiveMinimum":3}`, 0, `4`},
		{"maximum below zero", `{"type":"integer","maximum":-2.5}`, 0, `-3`},
		{"exclusive maximum", `{"type":"number","exclusiveMaximum":0}`, 0, `-1`},
		{"one integer between exclusive bounds", `{"type":"integer","exclusiveMinimum":4,"exclusiveMaximum":6}`, 0, `5`},
		{"fraction between bounds", `{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1}`, 0, `0.5`},
		{"multiple", `{"type":"integer","multipleOf":7,"minimum":15}`, 0, `21`},
		{"multiple of fraction", `{"type":"number","multipleOf":0.25,"exclusiveMinimum":1}`, 0, `1.25`},
		{"multiples of both", `{"type":"integer","minimum":1,"allOf":[{"multipleOf":4},{"multipleOf":6}]}`, 0, `12`},
		{"large digits", `{"type":"integer","minimum":9007199254740993}`, 0, `9007199254740993`},
		{"boolean", `{"type":"boolean"}`, 0, `true`},
		{"null", `{"type":"null"}`, 0, `null`},
		{"const", `{"const":{"a":[1,2.0]}}`, 0, `{"a":[1,2.0]}`},
		{"enum", `{"enum":["red","green","blue"]}`, 0, `"red"`},
		{"enum by seed", `{"enum":["red","green","blue"]}`, 1, `"green"`},
		{"enum by seed, around", `{"enum":["red","green","blue"]}`, 5, `"blue"`},
		{"enum of a type", `{"enum":[1,"one"],"type":"string"}`, 0, `"one"`},
		{"union of types", `{"type":["string","null"]}`, 0, `"a"`},
		{"union of types by seed", `{"type":["string","null"]}`, 1, `null`},
		{"anyOf", `{"anyOf":[{"type":"integer"},{"type":"string"}]}`, 0, `0`},
		{"anyOf by seed", `{"anyOf":[{"type":"integer"},{"type":"string"}]}`, 1, `"a"`},
		{"oneOf, not both", `{"oneOf":[{"type":"integer"},{"type":"number","minimum":0}]}`, 1, `0.5`},
		{"allOf", `{"allOf":[{"type":"integer","minimum":2},{"type":"number","maximum":9}]}`, 0, `2`},
		{"not", `{"type":"string","not":{"const":"a"}}`, 0, `"b"`},
		{"enum and multipleOf", `{"enum":[3,4],"multipleOf":2}`, 0, `4`},
		{"enum and maxLength", `{"enum":["aaa","a"],"maxLength":2}`, 0, `"a"`},
		{"enum and uniqueItems", `{"enum":[[1,1.0],[1,2]],"uniqueItems":true}`, 0, `[1,2]`},
		{"enum and minItems", `{"enum":[[],[1]],"minItems":1}`, 0, `[1]`},
		{"enum and maxItems", `{"enum":[[1],[]],"maxItems":0}`, 0, `[]`},
		{"enum and contains", `{"enum":[[2],[1]],"contains":{"const":1}}`, 0, `[1]`},
		{"enum and maxContains", `{"enum":[[1,1],[1]],"contains":{"const":1},"maxContains":1}`, 0, `[1]`},
		{"enum and minProperties", `{"enum":[{},{"a":1}],"minProperties":1}`, 0, `{"a":1}`},
		{"enum and maxProperties", `{"enum":[{"a":1},{}],"maxProperties":0}`, 0, `{}`},
		{"enum and dependentRequired", `{"enum":[{"a":1},{"a":1,"b":2}],"dependentRequired":{"a":["b"]}}`, 0, `{"a":1,"b":2}`},
		{"default and format", `{"type":"string","format":"ipv4","default":"300.0.0.1"}`, 0, `"192.0.2.1"`},
		{"bounds that meet", `{"type":"integer","minimum":3,"exclusiveMinimum":3}`, 0, `4`},
		{"exclusive as in draft 4", `{"type":"integer","minimum":3,"maximum":5,"exclusiveMaximum":5}`, 0, `3`},
		{"draft 7 ignores what stands beside a ref", `{"$schema":"http://json-schema.org/draft-07/schema#","definitions":{"n":{"type":"integer"}},"type":"object","properties":{"x":{"$ref":"#/definitions/n","type":"string"}},"required":["x"]}`, 0, `{"x":0}`},
		{"items as in draft 7", `{"$schema":"http://json-schema.org/draft-07/schema#","type":"array","items":[{"type":"integer"}],"additionalItems":{"type":"null"},"minItems":2}`, 0, `[0,null]`},
		{"pattern with repetitions", `{"type":"string","pattern":"^a{2}b?$","minLength":3}`, 0, `"aab"`},
		{"pattern of any character", `{"type":"string","pattern":"^.\\s[^a]+$"}`, 0, `"a b"`},
		{"long uri", `{"type":"string","format":"uri","minLength":30}`, 0, `"https://example.com/aaaaaaaaaa"`},
		{"long hostname", `{"type":"string","format":"hostname","minLength":12}`, 0, `"a.aa.example"`},
		{"default", `{"type":"string","default":"x"}`, 0, `"x"`},
		{"default that is not valid", `{"type":"integer","default":"x"}`, 0, `0`},
		{"examples", `{"type":"string","examples":["x","y"]}`, 1, `"y"`},
		{"nothing required", `{"type":"object","properties":{"a":{"type":"string"}}}`, 0, `{}`},
		{"required", `{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"integer"}},"required":["b"]}`, 0, `{"b":0}`},
		{"required, not described", `{"type":"object","required":["b"]}`, 0, `{"b":"a"}`},
		{"nested", `{"type":"object","properties":{"a":{"type":"object","properties":{"b":{"type":"array","items":{"enum":[7]},"minItems":2}},"required":["b"]}},"required":["a"]}`, 0, `{"a":{"b":[7,7]}}`},
		{"no type", `{"properties":{"a":{"type":"boolean"}},"required":["a"]}`, 0, `{"a":true}`},
		{"more members", `{"type":"object","minProperties":2,"additionalProperties":{"type":"integer"}}`, 0, `{"a":0,"b":0}`},
		{"members by pattern", `{"type":"object","minProperties":1,"patternProperties":{"^x-":{"const":1}},"additionalProperties":false}`, 0, `{"x-":1}`},
		{"names", `{"type":"object","minProperties":1,"propertyNames":{"pattern":"^[A-Z]{2}$"}}`, 0, `{"AA":"a"}`},
		{"dependent", `{"type":"object","required":["a"],"dependentRequired":{"a":["b"]}}`, 0, `{"a":"a","b":"a"}`},
		{"dependent schema", `{"type":"object","required":["a"],"dependentSchemas":{"a":{"required":["c"]}}}`, 0, `{"a":"a","c":"a"}`},
		{"if", `{"type":"object","required":["k"],"properties":{"k":{"enum":["x","y"]}},"if":{"properties":{"k":{"const":"x"}}},"then":{"required":["a"]},"else":{"required":["b"]}}`, 0, `{"a":"a","k":"x"}`},
		{"else", `{"type":"object","required":["k"],"properties":{"k":{"enum":["y"]}},"if":{"properties":{"k":{"const":"x"}}},"then":{"required":["a"]},"else":{"required":["b"]}}`, 0, `{"b":"a","k":"y"}`},
		{"array", `{"type":"array"}`, 0, `[]`},
		{"items that differ", `{"type":"array","items":{"type":"integer"},"minItems":3,"uniqueItems":true}`, 0, `[0,1,2]`},
		{"objects that differ", `{"type":"array","items":{"type":"object","required":["id"],"properties":{"id":{"type":"integer"}}},"minItems":2,"uniqueItems":true}`, 0, `[{"id":0},{"id":1}]`},
		{"prefix items", `{"type":"array","prefixItems":[{"type":"integer"},{"type":"boolean"}],"items":{"type":"null"},"minItems":3}`, 0, `[0,true,null]`},
		{"contains", `{"type":"array","items":{"type":"integer"},"contains":{"minimum":5},"minContains":2}`, 0, `[5,5]`},
		{"contains twice", `{"type":"array","allOf":[{"contains":{"const":1}},{"contains":{"const":2}}]}`, 0, `[1,2]`},
		{"dependent on an optional one", `{"type":"object","minProperties":1,"properties":{"a":{},"b":{},"z":{}},"additionalProperties":false,"dependentRequired":{"a":["z"]}}`, 0, `{"a":"a","z":"a"}`},
		{"ref", `{"$defs":{"n":{"type":"integer","minimum":1}},"$ref":"#/$defs/n"}`, 0, `1`},
		{"ref to definitions, with escapes", `{"definitions":{"a/b~c d":{"const":3}},"$ref":"#/definitions/a~1b~0c%20d"}`, 0, `3`},
		{"ref with siblings", `{"$defs":{"n":{"type":"integer"}},"$ref":"#/$defs/n","minimum":4}`, 0, `4`},
		{"tree", `{"type":"object","properties":{"next":{"anyOf":[{"$ref":"#"},{"type":"null"}]}},"required":["next"]}`, 0, `{"next":null}`},
		{"tree by seed", `{"type":"object","properties":{"next":{"anyOf":[{"type":"null"},{"$ref":"#"}]}},"required":["next"]}`, 1, `{"next":null}`},
		{"pattern", `{"type":"string","pattern":"^[A-Z]{3}-\\d{2}$"}`, 0, `"AAA-00"`},
		{"pattern anywhere, lengthened", `{"type":"string","pattern":"[0-9]+x","minLength":6}`, 0, `"0xaaaa"`},
		{"pattern and its opposite", `{"type":"string","pattern":"^(cat|dog)$","not":{"const":"cat"}}`, 0, `"dog"`},
		{"date", `{"type":"string","format":"date"}`, 0, `"2024-01-01"`},
		{"date-time", `{"type":"string","format":"date-time"}`, 0, `"2024-01-01T00:00:00Z"`},
		{"base64", `{"type":"string","contentEncoding":"base64"}`, 0, `"YQ=="`},
		{"time", `{"type":"string","format":"time"}`, 0, `"00:00:00Z"`},
		{"duration", `{"type":"string","format":"duration"}`, 0, `"P1D"`},
		{"email", `{"type":"string","format":"email"}`, 0, `"a.example@example.com"`},
		{"uri", `{"type":"string","format":"uri"}`, 0, `"https://example.com/a"`},
		{"uuid", `{"type":"string","format":"uuid"}`, 0, `"00000000-0000-4000-8000-000000000000"`},
		{"ipv4", `{"type":"string","format":"ipv4"}`, 0, `"192.0.2.1"`},
		{"ipv6", `{"type":"string","format":"ipv6"}`, 0, `"2001:db8::1"`},
		{"hostname", `{"type":"string","format":"hostname"}`, 0, `"a.example"`},
		{"format nobody knows", `{"type":"string","format":"shoe-size"}`, 0, `"a"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := document(t, test.schema, test.seed)
			if err != nil || got != test.want {
				t.Fatalf("Auto(%d) on %s = %s, %v; want %s", test.seed, test.schema, got, err, test.want)
			}
			if err := validate(t, test.schema, got); err != nil {
				t.Errorf("%s is not valid: %v", got, err)
			}
		})
	}
}

func TestAutoErrors(t *testing.T) {
	tests := []struct{ name, schema, want string }{
		{"bounds", `{"type":"object","required":["a"],"properties":{"a":{"type":"integer","minimum":3,"maximum":2}}}`, "output.schema at #"},
		{"contradiction", `{"type":"object","required":["a"],"properties":{"a":{"allOf":[{"type":"string"},{"type":"integer"}]}}}`, "#/properties/a: no type satisfies"},
		{"never", `{"type":"object","required":["a"],"properties":{"a":false}}`, "#/properties/a: the schema allows no value"},
		{"additional", `{"type":"object","required":["a"],"additionalProperties":false}`, "#/additionalProperties: the schema allows no value"},
		{"endless", `{"$defs":{"a":{"type":"object","required":["next"],"properties":{"next":{"$ref":"#/$defs/a"}}}},"$ref":"#/$defs/a"}`, "#/$defs/a/properties/next: the schema contains itself without end"},
		{"ref to itself", `{"$ref":"#"}`, "without end"},
		{"ref to nothing", `{"$ref":"#/$defs/a"}`, `at #: $ref "#/$defs/a" points to nothing`},
		{"ref elsewhere", `{"$ref":"https://example.com/s"}`, `$ref "https://example.com/s" is not supported`},
		{"look-ahead", `{"type":"string","pattern":"(?=a)"}`, `pattern "(?=a)" is not supported`},
		{"unevaluated", `{"type":"object","unevaluatedProperties":false}`, "unevaluatedProperties is not supported"},
		{"type", `{"type":"text"}`, `type is "text", which is not a type`},
		{"required", `{"properties":{"a":{"required":[1]}}}`, "at #/properties/a: required must hold strings only"},
		{"multiple of zero", `{"multipleOf":0}`, "multipleOf must be more than 0"},
		{"minLength", `{"type":"string","minLength":100000000}`, "minLength must be 65536 or less here"},
		{"minItems", `{"type":"array","minItems":100000000}`, "minItems must be 1000 or less here"},
		{"exponent", `{"minimum":1e999999999}`, "minimum is too large or too small a number"},
		{"schema in schema", `{"properties":{"a":3}}`, "at #/properties/a: a schema must be an object, true or false"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := document(t, test.schema, 0)
			if !errors.Is(err, fake.ErrScript) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Auto on %s = %q, error %v; want an error with %q", test.schema, got, err, test.want)
			}
		})
	}
}

// randomSchema returns a schema of any of the keywords. Numbers are such that
// an implementation that computes in floating point sees the same.
func randomSchema(r *rand.Rand, depth int) any {
	s := map[string]any{}
	sub := func() any { return randomSchema(r, depth-1) }
	some := func(n int) bool { return r.IntN(n) == 0 }
	kinds := []string{"string", "object", "array", "integer", "number", "boolean", "null"}
	switch r.IntN(8) {
	case 0:
	case 1:
		s["type"] = []string{kinds[r.IntN(7)], "string"}[:1+r.IntN(2)]
		if l := s["type"].([]string); len(l) == 2 && l[0] == l[1] {
			s["type"] = "string"
		}
	default:
		s["type"] = kinds[r.IntN(7)]
	}
	number := func() any { return float64(r.IntN(40)-20) / 4 }
	values := []any{"a", 1, nil, true, []any{}, map[string]any{"a": 1}, "2024-01-01", -2.5}
	put := func(odds int, name string, v func() any) {
		if some(odds) {
			s[name] = v()
		}
	}
	count := func() any { return r.IntN(4) }
	put(12, "enum", func() any { return values[r.IntN(4) : 4+r.IntN(5)] })
	put(20, "const", func() any { return values[r.IntN(len(values))] })
	put(12, "default", func() any { return values[r.IntN(len(values))] })
	put(5, "minimum", number)
	put(5, "maximum", number)
	put(9, "exclusiveMinimum", number)
	put(9, "exclusiveMaximum", number)
	put(9, "multipleOf", func() any { return []float64{0.25, 0.5, 1, 2, 4}[r.IntN(5)] })
	put(6, "minLength", count)
	put(6, "maxLength", count)
	put(9, "pattern", func() any {
		return []string{"^a", "b$", "^[a-c]{2,}$", "x|y", `\d`, "^(ab)*$", "[^a]", "(?i)q"}[r.IntN(8)]
	})
	put(5, "minItems", count)
	put(6, "maxItems", count)
	put(9, "uniqueItems", func() any { return true })
	put(5, "minProperties", count)
	put(6, "maxProperties", count)
	put(4, "required", func() any { return []string{"a", "b", "c"}[r.IntN(3):] })
	put(12, "dependentRequired", func() any { return map[string]any{"a": []string{"d"}} })
	put(12, "$ref", func() any { return "#/$defs/" + strconv.Itoa(r.IntN(2)) })
	if depth == 0 {
		return s
	}
	list := func() any { return []any{sub(), sub()}[:1+r.IntN(2)] }
	object := func() any { return map[string]any{"a": sub(), "b": sub()} }
	put(3, "properties", object)
	put(9, "patternProperties", func() any { return map[string]any{"^[ac]$": sub()} })
	put(7, "additionalProperties", func() any {
		if some(2) {
			return false
		}
		return sub()
	})
	put(12, "propertyNames", sub)
	put(12, "dependentSchemas", object)
	put(4, "items", sub)
	put(8, "prefixItems", list)
	put(9, "contains", sub)
	put(9, "minContains", count)
	put(9, "maxContains", count)
	put(8, "allOf", list)
	put(8, "anyOf", list)
	put(8, "oneOf", list)
	put(12, "not", sub)
	put(12, "if", sub)
	put(12, "then", sub)
	put(12, "else", sub)
	return s
}

// randomRoot returns a random schema. Of four shapes one is deep: shallow schemas
// take much less time, and are wrong in their own ways.
func randomRoot(t *testing.T, shape uint64) string {
	t.Helper()
	r, depth := rand.New(rand.NewPCG(shape, 1)), int(shape%4)
	root := randomSchema(r, depth).(map[string]any)
	root["$defs"] = map[string]any{"0": randomSchema(r, max(depth-1, 0)), "1": randomSchema(r, max(depth-1, 0))}
	schema, err := json.Marshal(root)
	if err != nil {
		t.Fatal(err)
	}
	return string(schema)
}

// autoKeeps checks that a value that is generated for a random schema is valid,
// unless there is an error, and the same the second time.
func autoKeeps(t *testing.T, shape, seed uint64, validate func(t *testing.T, schema, doc string) error) {
	t.Helper()
	schema := randomRoot(t, shape)
	doc, err := document(t, schema, seed)
	if err != nil {
		if !errors.Is(err, fake.ErrScript) {
			t.Fatalf("error = %v, want ErrScript", err)
		}
		return
	}
	if err := validate(t, schema, doc); err != nil {
		t.Errorf("Auto(%d) on %s\n= %s, which is not valid: %v", seed, schema, doc, err)
	}
	if again, _ := document(t, schema, seed); again != doc {
		t.Errorf("Auto(%d) = %s and then %s", seed, doc, again)
	}
}

// TestAutoKeeps generates values for random schemas, which another
// implementation of JSON Schema judges.
func TestAutoKeeps(t *testing.T) {
	for shape := range uint64(200) {
		autoKeeps(t, shape, 0, validate)
	}
}

// FuzzAuto is TestAutoKeeps for any schema. A seed of a fuzz target costs many
// times what it costs a test, so there are few.
func FuzzAuto(f *testing.F) {
	for shape := range uint64(8) {
		f.Add(shape, uint64(0))
	}
	f.Fuzz(func(t *testing.T, shape, seed uint64) { autoKeeps(t, shape, seed, validate) })
}

// FuzzAutoQuick is FuzzAuto judged by package schema, which takes a fraction of
// the time.
func FuzzAutoQuick(f *testing.F) {
	for shape := range uint64(8) {
		f.Add(shape, uint64(1))
	}
	f.Fuzz(func(t *testing.T, shape, seed uint64) {
		autoKeeps(t, shape, seed, func(t *testing.T, form, doc string) error {
			v, err := schema.Compile(json.RawMessage(form))
			if err != nil {
				t.Skip("a schema that the package refuses") // such as definitions that refer to each other
			}
			return v.Validate([]byte(doc))
		})
	})
}

// FuzzAutoSchema reads arbitrary bytes, which may be no schema at all.
func FuzzAutoSchema(f *testing.F) {
	for _, s := range []string{`{}`, `{"type":"object","required":["a"]}`, `{"$ref":"#/a","a":{"pattern":"(a*)*b{3}"}}`, `{"minimum":1e5,"multipleOf":0.1}`, `{"allOf":[{"$ref":"#"}]}`, `{"not":{"$ref":"#"}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, schema []byte) {
		doc, err := document(t, string(schema), 0)
		if err == nil && !json.Valid([]byte(doc)) {
			t.Errorf("Auto on %s = %q, which is not JSON", schema, doc)
		}
	})
}

func TestAutoSatisfies(t *testing.T) {
	satisfied := 0
	const n = 500
	for shape := range uint64(n) {
		schema, _ := json.Marshal(randomSchema(rand.New(rand.NewPCG(shape, 7)), 0))
		if strings.Contains(string(schema), "$ref") {
			satisfied++ // to nothing
			continue
		}
		if _, err := document(t, string(schema), 0); err == nil {
			satisfied++
		}
	}
	if satisfied < n*9/10 {
		t.Errorf("%d of %d plain random schemas were satisfied, want nine tenths or more", satisfied, n)
	}
}

var autoTools = []model.Tool{
	{Name: "weather", InputSchema: json.RawMessage(`{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}`)},
	{Name: "web_search", ServerSide: true},
	{Name: "time"},
}

func TestAutoConversation(t *testing.T) {
	m := fake.NewWith(&fake.Options{Strict: true}, fake.Auto(0).Always())
	req := &model.Request{Messages: []model.Message{model.User("go")}, Tools: autoTools}
	ask := func() *model.Response {
		t.Helper()
		resp, err := m.Generate(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		req.Messages = append(req.Messages, resp.Message)
		return resp
	}
	resp := ask()
	want := []model.ToolCall{
		{ID: "call_1_1", Name: "weather", Input: json.RawMessage(`{"city":"a"}`)},
		{ID: "call_1_2", Name: "time", Input: json.RawMessage(`{}`)},
	}
	if diff := cmp.Diff(want, resp.ToolCalls()); diff != "" || resp.StopReason != model.StopToolUse {
		t.Errorf("stop reason %q, calls (-want +got)\n%s", resp.StopReason, diff)
	}
	req.Messages = append(req.Messages, model.ToolResults(
		model.ToolResult{CallID: "call_1_1", Parts: []model.Part{model.JSON(`{"degrees": 18}`)}},
		model.ToolResult{CallID: "call_1_2", Parts: []model.Part{model.Text("the clock is <slow>")}, IsError: true},
	))
	if got, want := ask().Text(), `{"weather":{"degrees":18},"time":{"error":"the clock is <slow>"}}`; got != want {
		t.Errorf("after the results: %s, want %s", got, want)
	}
	req.Messages = append(req.Messages, model.User("again"))
	if got := len(ask().ToolCalls()); got != 2 {
		t.Errorf("after another question: %d calls, want 2", got)
	}
}

func TestAutoToolChoice(t *testing.T) {
	yes := []model.Message{model.User("go"), model.AssistantParts(model.ToolCall{ID: "1", Name: "weather"}, model.ToolCall{ID: "2", Name: "time"}),
		model.ToolResults(model.ToolResult{CallID: "1"}, model.ToolResult{CallID: "2"})}
	tests := []struct {
		name     string
		choice   model.ToolChoice
		messages []model.Message
		seed     uint64
		want     string
	}{
		{"auto", model.ToolChoice{Mode: model.ToolsAuto}, yes[:1], 0, "weather time"},
		{"any", model.ToolChoice{Mode: model.ToolsAny}, yes[:1], 0, "weather time"},
		{"any, all called", model.ToolChoice{Mode: model.ToolsAny}, yes, 0, "weather time"},
		{"none", model.ToolChoice{Mode: model.ToolsNone}, yes[:1], 0, ""},
		{"named", model.UseTool("time"), yes[:1], 0, "time"},
		{"named, called", model.UseTool("time"), yes, 0, "time"},
		{"auto, all called", model.ToolChoice{}, yes, 0, ""},
		{"one a turn", model.ToolChoice{Parallel: new(false)}, yes[:1], 0, "weather"},
		{"one a turn, by seed", model.ToolChoice{Parallel: new(false)}, yes[:1], 1, "time"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			req := &model.Request{Messages: test.messages, Tools: autoTools, ToolChoice: test.choice}
			resp, err := fake.New(fake.Auto(test.seed)).Generate(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, c := range resp.ToolCalls() {
				names = append(names, c.Name)
			}
			if got := strings.Join(names, " "); got != test.want {
				t.Errorf("calls %q, want %q", got, test.want)
			}
			if test.want == "" && resp.Text() == "" {
				t.Error("no text, want some")
			}
		})
	}
}
