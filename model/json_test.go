package model_test

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

// An encoder is a way in which a document may be written.
type encoder struct {
	name   string
	encode func(v any) ([]byte, error)
}

func encoders() []encoder {
	with := func(set func(*json.Encoder)) func(any) ([]byte, error) {
		return func(v any) ([]byte, error) {
			var b bytes.Buffer
			e := json.NewEncoder(&b)
			set(e)
			err := e.Encode(v)
			return b.Bytes(), err
		}
	}
	return []encoder{
		{"Marshal", json.Marshal},
		{"MarshalIndent", func(v any) ([]byte, error) { return json.MarshalIndent(v, "> "[1:], "\t") }},
		{"Encoder", with(func(*json.Encoder) {})},
		{"Encoder without HTML escapes", with(func(e *json.Encoder) { e.SetEscapeHTML(false) })},
		{"Encoder indenting without HTML escapes", with(func(e *json.Encoder) { e.SetEscapeHTML(false); e.SetIndent("", "  ") })},
	}
}

func TestPartJSON(t *testing.T) {
	for _, c := range partCases() {
		t.Run(c.name, func(t *testing.T) {
			m := model.Message{Role: model.RoleAssistant, Parts: []model.Part{c.part}}
			got, err := m.MarshalJSON()
			if err != nil {
				t.Fatalf("MarshalJSON() error = %v", err)
			}
			want := `{"role":"assistant","parts":[` + c.want + `]}`
			diff(t, "MarshalJSON()", want, string(got))
			for _, e := range encoders() {
				first, err := e.encode(m)
				if err != nil {
					t.Fatalf("%s: error = %v", e.name, err)
				}
				var back model.Message
				if err := json.Unmarshal(first, &back); err != nil {
					t.Fatalf("%s: Unmarshal(%s) error = %v", e.name, first, err)
				}
				if escaped := strings.Contains(c.name, "unknown"); !escaped {
					diff(t, e.name+": Unmarshal(Marshal(m))", emptyLists(m), emptyLists(back))
				}
				second, err := e.encode(back)
				if err != nil {
					t.Fatalf("%s: second error = %v", e.name, err)
				}
				diff(t, e.name+": second encoding", string(first), string(second))
			}
		})
	}
}

// emptyLists returns m with nil lists of parts made empty, which JSON does
// not tell apart.
func emptyLists(m model.Message) model.Message {
	m = m.Clone()
	for i, p := range m.Parts {
		if r, ok := p.(model.ToolResult); ok && r.Parts == nil {
			r.Parts = []model.Part{}
			m.Parts[i] = r
		}
	}
	return m
}

// TestPartCasesComplete fails when a new kind of part, or a new field of one,
// has no case.
func TestPartCasesComplete(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "part.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var declared []string
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil && f.Name.Name == "kind" {
			declared = append(declared, f.Recv.List[0].Type.(*ast.Ident).Name)
		}
	}
	unset := map[string]bool{} // field → set in no case
	var seen []string
	for _, p := range everyPart() {
		typ := reflect.TypeOf(p)
		if !slices.Contains(seen, typ.Name()) {
			seen = append(seen, typ.Name())
		}
		if typ.Kind() != reflect.Struct {
			continue
		}
		for i := range typ.NumField() {
			field := typ.Name() + "." + typ.Field(i).Name
			set := !reflect.ValueOf(p).Field(i).IsZero()
			if was, ok := unset[field]; !ok || was {
				unset[field] = !set
			}
		}
	}
	slices.Sort(declared)
	slices.Sort(seen)
	diff(t, "kinds of part with a case in partCases", declared, seen)
	for field, missing := range unset {
		if missing {
			t.Errorf("%s is set in no case of partCases", field)
		}
	}
}

// exactInputs are JSON values that encoders like to change.
var exactInputs = []struct{ name, raw string }{
	{"empty object", `{}`},
	{"spaces", `{ "a" : [ 1 , 2 ] }`},
	{"new lines", "{\n\t\"a\": 1\n}\n"},
	{"leading space", " \r\n\t{}"},
	{"html", `{"q":"<a href=\"x\">&amp;</a>"}`},
	{"html escaped", `{"q":"\u003ca\u003e\u0026"}`},
	{"html escaped in capitals", `{"q":"\u003Ca\u003E<"}`},
	{"line separators", "{\"q\":\"\u2028\u2029\"}"},
	{"escaped line separators", `{"q":"\u2028"}`},
	{"big number", `{"n":9007199254740993}`},
	{"trailing zero", `{"n":2.50}`},
	{"exponents", `[1e400,1E+2,-0.0,0e0]`},
	{"key order", `{"b":1,"a":2,"c":3}`},
	{"same key twice", `{"a":1,"a":2}`},
	{"escapes", `{"q":"\u00e9é\/\\\"\ud83d\ude00"}`},
	{"lone surrogate", `{"q":"\ud83d"}`},
	{"replacement character", `{"q":"\ufffd"}`},
	{"scalar", `2.50`},
	{"string", `"a b"`},
	{"null", `null`},
	{"empty list with space", `[ ]`},
	{"nested", `{"a":{"b":[{"c":" x "}]}}`},
}

// rawParts returns each kind of part that holds raw JSON.
func rawParts(raw string) []model.Part {
	return []model.Part{
		model.ToolCall{ID: "t", Name: "n", Input: json.RawMessage(raw)},
		model.ServerToolCall{ID: "t", Name: "n", Input: json.RawMessage(raw)},
		model.ToolResult{CallID: "t", Parts: []model.Part{model.JSON(raw), model.Opaque{Provider: "p", Data: json.RawMessage(raw)}}},
		model.Opaque{Provider: "p", Kind: "k", Data: json.RawMessage(raw)},
	}
}

func TestExactBytes(t *testing.T) {
	for _, in := range exactInputs {
		m := model.Message{Role: model.RoleAssistant, Parts: rawParts(in.raw)}
		type nested struct {
			History []model.Message
			Last    *model.Response
		}
		v := nested{[]model.Message{m}, &model.Response{Message: m}}
		for _, e := range encoders() {
			t.Run(in.name+"/"+e.name, func(t *testing.T) {
				data, err := e.encode(v)
				if err != nil {
					t.Fatal(err)
				}
				var back nested
				if err := json.Unmarshal(data, &back); err != nil {
					t.Fatal(err)
				}
				diff(t, "message", m, back.History[0])
				diff(t, "response", m, back.Last.Message)
				again, err := e.encode(back)
				if err != nil {
					t.Fatal(err)
				}
				diff(t, "second encoding", string(data), string(again))
			})
		}
	}
}

// TestReencoded passes a document through the encoders one after the other,
// as stores and tools do.
func TestReencoded(t *testing.T) {
	for _, in := range exactInputs {
		m := model.Message{Role: model.RoleAssistant, Parts: rawParts(in.raw)}
		doc := json.RawMessage(mustMarshal(t, m))
		for _, e := range encoders() {
			data, err := e.encode(doc)
			if err != nil {
				t.Fatal(err)
			}
			var back model.Message
			if err := json.Unmarshal(data, &back); err != nil {
				t.Fatal(err)
			}
			diff(t, in.name+" after "+e.name, m, back)
			doc = data
		}
	}
}

func TestEditedInput(t *testing.T) {
	tests := []struct {
		name, doc, want string
	}{
		{"text kept", `"input":{"a":"<"},"input_text":"{ \"a\":\"<\" }"`, `{ "a":"<" }`},
		{"text kept though the value is escaped", `"input":{"a":"\u003c"},"input_text":"{ \"a\":\"<\" }"`, `{ "a":"<" }`},
		{"text kept though the value is indented", "\"input\":{\n  \"a\": \"<\"\n},\"input_text\":\"{ \\\"a\\\":\\\"<\\\" }\"", `{ "a":"<" }`},
		{"value edited", `"input":{"a":"b"},"input_text":"{ \"a\":\"<\" }"`, `{"a":"b"}`},
		{"value edited with spaces", `"input":{ "a": "b c" },"input_text":"{ \"a\":\"<\" }"`, `{"a":"b c"}`},
		{"number edited", `"input":{"n":2.5},"input_text":"{ \"n\":2.50 }"`, `{"n":2.5}`},
		{"keys put in another order", `"input":{"b":1,"a":2},"input_text":"{ \"a\":2,\"b\":1 }"`, `{"b":1,"a":2}`},
		{"text edited", `"input":{"a":1},"input_text":"{ \"a\":2 }"`, `{"a":1}`},
		{"text spoiled", `"input":{"a":1},"input_text":"{ \"a\":"`, `{"a":1}`},
		{"text removed", `"input":{"a":1}`, `{"a":1}`},
		{"value removed", `"input_text":"{ }"`, ``},
		{"value removed, text null", `"input_text":" null"`, ``},
		{"written by hand with spaces", `"input": { "a" : [1, 2] }`, `{"a":[1,2]}`},
		{"written by hand with html", `"input":{"a":"<&>"}`, `{"a":"<&>"}`},
		{"null", `"input":null`, `null`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := `{"role":"assistant","parts":[{"type":"tool_call","id":"t","name":"n",` + tt.doc + `}]}`
			var m model.Message
			if err := json.Unmarshal([]byte(doc), &m); err != nil {
				t.Fatal(err)
			}
			got := string(m.ToolCalls()[0].Input)
			if got != tt.want {
				t.Errorf("Input = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestToolCallInputNotJSON(t *testing.T) {
	m := model.AssistantParts(model.ToolCall{ID: "t", Name: "n", Input: json.RawMessage(`{"a":`)})
	want := `{"role":"assistant","parts":[{"type":"tool_call","id":"t","name":"n","invalid_input":"{\"a\":"}]}`
	got := mustMarshal(t, m)
	diff(t, "Marshal()", want, got)
	var back model.Message
	if err := json.Unmarshal([]byte(got), &back); err != nil {
		t.Fatal(err)
	}
	diff(t, "Unmarshal()", model.AssistantParts(model.ToolCall{ID: "t", Name: "n", InvalidInput: `{"a":`}), back)
}

// TestBrokenCharacters: a stream may be cut within a character, and what it
// leaves must still have a stable JSON form.
func TestBrokenCharacters(t *testing.T) {
	m := model.AssistantParts(
		model.Text("Z\xc3"),
		model.CitedText{Text: "Z\xc3"},
		model.Thinking{Text: "\xf0\x9f", Signature: "\xff\xfe"},
		model.ToolCall{ID: "t", Name: "n", InvalidInput: "{\"a\":\"\xe2\x82"},
		model.ServerToolCall{ID: "t", Name: "n", InvalidInput: "{\"a\":\"\xe2\x82"},
		model.ToolCall{ID: "t", Name: "n", Input: json.RawMessage("{ \"a\":\"\xff\"}")},
		model.JSON("{ \"a\":\"\xff\"}"),
	)
	for _, e := range encoders() {
		first, err := e.encode(m)
		if err != nil {
			t.Fatal(err)
		}
		var back model.Message
		if err := json.Unmarshal(first, &back); err != nil {
			t.Fatal(err)
		}
		second, err := e.encode(back)
		if err != nil {
			t.Fatal(err)
		}
		diff(t, e.name+": second encoding", string(first), string(second))
	}
}

func TestMarshalErrors(t *testing.T) {
	tests := []struct {
		name string
		part model.Part
		want string // in the error
	}{
		{"nil part", nil, "parts[0]: the part is nil"},
		{"nil part in a result", model.ToolResult{Parts: []model.Part{model.Text(""), nil}}, "parts[0]: parts[1]: the part is nil"},
		{"pointer", &model.Image{}, "parts[0]: a part of type *model.Image has no JSON form"},
		{"nil pointer", (*model.Image)(nil), "parts[0]: a part of type *model.Image has no JSON form"},
		{"embedded", struct{ model.Text }{}, "parts[0]: a part of type struct"},
		{"input and invalid input", model.ToolCall{ID: "t1", Input: json.RawMessage(`{`), InvalidInput: "x"}, `the input of tool call "t1" is not JSON`},
		{"json not json", model.JSON(`{`), "parts[0]"},
		{"opaque data not json", model.Opaque{Provider: "p", Data: json.RawMessage(`{`)}, "parts[0]"},
		{"citation data not json", model.CitedText{Citations: []model.Citation{{Location: model.CitationLocation{Data: json.RawMessage(`{`)}}}}, "parts[0]"},
		{"opaque without provider and data", model.Opaque{Kind: "k"}, "parts[0]: an opaque part without a provider"},
		{"opaque without provider, not an object", model.Opaque{Data: json.RawMessage(`1`)}, "parts[0]: an opaque part without a provider"},
		{"opaque without provider and type", model.Opaque{Data: json.RawMessage(`{"a":1}`)}, "parts[0]: an opaque part without a provider"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := json.Marshal(model.UserParts(tt.part))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Marshal() error = %v, want one that says %q", err, tt.want)
			}
		})
	}
}

func TestUnmarshalErrors(t *testing.T) {
	tests := []struct{ name, doc, want string }{
		{"not json", `{`, "unexpected end"},
		{"not an object", `[]`, "cannot unmarshal array"},
		{"role of the wrong type", `{"role":1}`, "role"},
		{"part of the wrong type", `{"parts":["hi"]}`, "parts[0]"},
		{"part null", `{"parts":[{"type":"text","text":"a"},null]}`, "parts[1]"},
		{"part without a type", `{"parts":[{"text":"a"}]}`, "parts[0]"},
		{"text of the wrong type", `{"parts":[{"type":"text","text":1}]}`, "parts[0]: text"},
		{"data not base64", `{"parts":[{"type":"image","data":"?"}]}`, "parts[0]: image"},
		{"ttl", `{"parts":[{"type":"cache_point","ttl":"soon"}]}`, `parts[0]: cache_point: ttl "soon" is not a duration`},
		{"part in a result", `{"parts":[{"type":"tool_result","parts":[{"type":"text","text":1}]}]}`, "parts[0]: tool_result: parts[0]: text"},
		{"parts of a result", `{"parts":[{"type":"server_tool_result","parts":1}]}`, "parts[0]: server_tool_result"},
		{"opaque without a provider", `{"parts":[{"type":"opaque","kind":"k","data":{}}]}`, "parts[0]: opaque"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var m model.Message
			err := json.Unmarshal([]byte(tt.doc), &m)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Unmarshal(%s) error = %v, want one that says %q", tt.doc, err, tt.want)
			}
			if err != nil && strings.Count(err.Error(), "model: ") > 1 {
				t.Errorf("Unmarshal(%s) error = %q, which names the package again and again", tt.doc, err)
			}
		})
	}
}

func TestMissingValues(t *testing.T) {
	doc := `{"parts":[{"type":"json"},{"type":"tool_call"},{"type":"opaque","provider":"p"},{"type":"cited_text","citations":[{}]},{"type":"tool_result"}]}`
	var m model.Message
	if err := json.Unmarshal([]byte(doc), &m); err != nil {
		t.Fatal(err)
	}
	diff(t, "parts", []model.Part{
		model.JSON("null"), model.ToolCall{}, model.Opaque{Provider: "p"},
		model.CitedText{Citations: []model.Citation{{}}}, model.ToolResult{Parts: []model.Part{}},
	}, m.Parts)
}

func TestRequestJSON(t *testing.T) {
	req := fullRequest()
	first := mustMarshal(t, req)
	var back model.Request
	if err := json.Unmarshal([]byte(first), &back); err != nil {
		t.Fatal(err)
	}
	want := fullRequest()
	want.ProviderOptions = nil // not part of the JSON
	want.Messages[3].Parts[1] = model.ToolResult{CallID: "t2", Parts: []model.Part{}, IsError: true}
	diff(t, "Unmarshal(Marshal(req))", want, &back)
	diff(t, "second encoding", first, mustMarshal(t, &back))

	if got, want := mustMarshal(t, &model.Request{}), `{"messages":null}`; got != want {
		t.Errorf("Marshal(zero request) = %s, want %s", got, want)
	}
}

func TestResponseJSON(t *testing.T) {
	resp := fullResponse()
	first := mustMarshal(t, resp)
	if got := mustMarshal(t, *resp); got != first {
		t.Errorf("Marshal(*resp) = %s, want that of resp, %s", got, first)
	}
	var back model.Response
	if err := json.Unmarshal([]byte(first), &back); err != nil {
		t.Fatal(err)
	}
	want := fullResponse()
	want.ProviderMetadata, want.Attempts = nil, nil // not part of the JSON
	want.Message, back.Message = emptyLists(want.Message), emptyLists(back.Message)
	diff(t, "Unmarshal(Marshal(resp))", want, &back)
	diff(t, "second encoding", first, mustMarshal(t, &back))

	if got, want := mustMarshal(t, &model.Response{}), `{"message":{"role":"","parts":[]}}`; got != want {
		t.Errorf("Marshal(zero response) = %s, want %s", got, want)
	}
	for _, doc := range []string{`{"message":1}`, `{"latency_ms":"x"}`, `{"usage":{"cache_writes":[{"ttl":1}]}}`} {
		if err := json.Unmarshal([]byte(doc), new(model.Response)); err == nil {
			t.Errorf("Unmarshal(%s) error = nil, want one", doc)
		}
	}
	if err := json.Unmarshal([]byte(`{"message":{},"future":{"a":1}}`), new(model.Response)); err != nil {
		t.Errorf("Unmarshal with an unknown member: error = %v, want nil", err)
	}
}

func TestTTLJSON(t *testing.T) {
	tests := []struct {
		ttl  time.Duration
		want string
	}{
		{0, ``},
		{5 * time.Minute, `5m`},
		{time.Hour, `1h`},
		{10 * time.Minute, `10m`},
		{20 * time.Hour, `20h`},
		{90 * time.Minute, `1h30m`},
		{time.Hour + time.Second, `1h0m1s`},
		{time.Minute + 10*time.Second, `1m10s`},
		{30 * time.Second, `30s`},
		{1500 * time.Millisecond, `1.5s`},
		{-time.Minute, `-1m`},
		{1<<63 - 1, `2562047h47m16.854775807s`},
		{-1 << 63, `-2562047h47m16.854775808s`},
	}
	for _, tt := range tests {
		member := `{"ttl":"` + tt.want + `"}`
		if tt.want == "" {
			member = `{}`
		}
		if got := mustMarshal(t, model.CacheConfig{TTL: tt.ttl}); got != member {
			t.Errorf("Marshal(CacheConfig{%v}) = %s, want %s", tt.ttl, got, member)
		}
		if got := mustMarshal(t, model.CachePoint{TTL: tt.ttl}); got != member {
			t.Errorf("Marshal(CachePoint{%v}) = %s, want %s", tt.ttl, got, member)
		}
		var c model.CacheConfig
		var p model.CachePoint
		var w model.CacheWrite
		for _, v := range []any{&c, &p, &w} {
			if err := json.Unmarshal([]byte(member), v); err != nil {
				t.Errorf("Unmarshal(%s) into %T: error = %v", member, v, err)
			}
		}
		if c.TTL != tt.ttl || p.TTL != tt.ttl || w.TTL != tt.ttl {
			t.Errorf("Unmarshal(%s) = %v, %v, %v, want %v", member, c.TTL, p.TTL, w.TTL, tt.ttl)
		}
		if got, want := mustMarshal(t, model.CacheWrite{TTL: tt.ttl, Tokens: 7}), `{"ttl":"`+tt.want+`","tokens":7}`; got != want {
			t.Errorf("Marshal(CacheWrite{%v}) = %s, want %s", tt.ttl, got, want)
		}
	}
	for _, doc := range []string{`{"ttl":"soon"}`, `{"ttl":5}`, `[]`} {
		for _, v := range []any{new(model.CacheConfig), new(model.CachePoint), new(model.CacheWrite)} {
			if err := json.Unmarshal([]byte(doc), v); err == nil {
				t.Errorf("Unmarshal(%s) into %T: error = nil, want one", doc, v)
			}
		}
	}
}

func TestNestedResults(t *testing.T) {
	nest := func(n int) model.Message {
		p := model.Part(model.Text("a"))
		for range n {
			p = model.ToolResult{CallID: "t", Parts: []model.Part{p}}
		}
		return model.UserParts(p)
	}
	open, end := `{"type":"tool_result","call_id":"t","parts":[`, `]}`
	doc := func(n int) string {
		return `{"role":"user","parts":[` + strings.Repeat(open, n) + `{"type":"text","text":"a"}` + strings.Repeat(end, n) + `]}`
	}
	var m model.Message
	if err := json.Unmarshal([]byte(doc(16)), &m); err != nil {
		t.Errorf("Unmarshal(16 levels) error = %v, want nil", err)
	}
	diff(t, "Unmarshal(16 levels)", nest(16), m)
	diff(t, "Marshal(16 levels)", doc(16), mustMarshal(t, nest(16)))
	for _, n := range []int{17, 3000} { // 3,000 took seconds when every level was read
		if err := json.Unmarshal([]byte(doc(n)), &m); err == nil || !strings.Contains(err.Error(), "nested too deeply") {
			t.Errorf("Unmarshal(%d levels) error = %v, want one that says nested too deeply", n, err)
		}
		if _, err := json.Marshal(nest(n)); err == nil || !strings.Contains(err.Error(), "nested too deeply") {
			t.Errorf("Marshal(%d levels) error = %v, want one that says nested too deeply", n, err)
		}
	}
}
