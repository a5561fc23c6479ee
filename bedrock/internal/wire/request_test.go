package wire_test

import (
	"encoding/json"
	"errors"
	"math"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/google/go-cmp/cmp"
)

func userText(s string) []wire.Message {
	return []wire.Message{{Role: "user", Content: []wire.ContentBlock{{Text: &s}}}}
}

func block(b wire.ContentBlock) *wire.Request {
	return &wire.Request{Messages: []wire.Message{{Role: "user", Content: []wire.ContentBlock{b}}}}
}

// TestAppendRequest compares the output of AppendRequest with bytes written by
// hand, and reads it back with ParseRequest where the value has a way back.
func TestAppendRequest(t *testing.T) {
	const blockHead, blockTail = `{"messages":[{"content":[`, `],"role":"user"}]}`
	for _, tt := range []struct {
		name   string
		req    *wire.Request
		want   string
		oneWay bool
	}{
		{name: "nothing", req: &wire.Request{}, want: `{}`},
		{
			name: "empty lists are sent",
			req: &wire.Request{
				Messages: []wire.Message{{Content: []wire.ContentBlock{}, Role: "user"}}, System: []wire.SystemBlock{},
				ToolConfig: &wire.ToolConfig{Tools: []wire.Tool{}}, InferenceConfig: &wire.InferenceConfig{StopSequences: []string{}},
				AdditionalModelResponseFieldPaths: []string{}, RequestMetadata: map[string]string{}, PromptVariables: map[string]wire.PromptVariable{},
			},
			want: `{"additionalModelResponseFieldPaths":[],"inferenceConfig":{"stopSequences":[]},"messages":[{"content":[],"role":"user"}],` +
				`"promptVariables":{},"requestMetadata":{},"system":[],"toolConfig":{"tools":[]}}`,
		},
		{
			name: "zero numbers are sent",
			req: &wire.Request{InferenceConfig: &wire.InferenceConfig{
				MaxTokens: new(0), Temperature: new(0.0), TopP: new(0.0),
			}},
			want: `{"inferenceConfig":{"maxTokens":0,"temperature":0,"topP":0}}`,
		},
		{
			name: "numbers in shortest form",
			req: &wire.Request{InferenceConfig: &wire.InferenceConfig{
				Temperature: new(1e-9), TopP: new(0.1),
			}},
			want: `{"inferenceConfig":{"temperature":1e-9,"topP":0.1}}`,
		},
		{
			name: "big numbers", req: &wire.Request{InferenceConfig: &wire.InferenceConfig{Temperature: new(1e21), TopP: new(1e20)}},
			want: `{"inferenceConfig":{"temperature":1e+21,"topP":100000000000000000000}}`,
		},
		{
			name: "no numbers", req: &wire.Request{InferenceConfig: &wire.InferenceConfig{Temperature: new(math.NaN()), TopP: new(math.Inf(-1))}},
			want: `{"inferenceConfig":{"temperature":"NaN","topP":"-Infinity"}}`, oneWay: true,
		},
		{
			name: "names of maps are sorted",
			req: &wire.Request{
				RequestMetadata: map[string]string{"b": "2", "a": "1", "ä": "3", "C": "4"},
				PromptVariables: map[string]wire.PromptVariable{"y": {Text: new("2")}, "x": {Text: new("")}},
			},
			want: `{"promptVariables":{"x":{"text":""},"y":{"text":"2"}},"requestMetadata":{"C":"4","a":"1","b":"2","ä":"3"}}`,
		},
		{
			name: "text is escaped no more than JSON demands",
			req:  &wire.Request{Messages: userText("<a href=\"x\">&\u2028\u2029\x7f é \\ \b\f\n\r\t\x00\x1f</a>")},
			want: blockHead + "{\"text\":\"<a href=\\\"x\\\">&\u2028\u2029\x7f é \\\\ \\b\\f\\n\\r\\t\\u0000\\u001f</a>\"}" + blockTail,
		},
		{
			name: "bytes that are no UTF-8", oneWay: true,
			req:  &wire.Request{Messages: userText("a\xffb\xc3")},
			want: blockHead + "{\"text\":\"a\uFFFDb\uFFFD\"}" + blockTail,
		},
		{
			name: "documents are copied byte for byte",
			req: block(wire.ContentBlock{ToolUse: &wire.ToolUse{
				Input: json.RawMessage("{ \"z\" : 1.0,\n\"a\":[1e400, \"\\u003c<&>\"] }"), Name: "n", ToolUseID: "functions.f:0",
			}}),
			want: blockHead + "{\"toolUse\":{\"input\":{ \"z\" : 1.0,\n\"a\":[1e400, \"\\u003c<&>\"] },\"name\":\"n\",\"toolUseId\":\"functions.f:0\"}}" + blockTail,
		},
		{
			name: "a null document is one",
			req:  &wire.Request{AdditionalModelRequestFields: json.RawMessage("null")},
			want: `{"additionalModelRequestFields":null}`,
		},
		{
			name: "a block of an unknown kind",
			req:  block(wire.ContentBlock{Unknown: &wire.Unknown{Name: "hologram", Value: json.RawMessage(`{ "x":1.0 }`)}}),
			want: blockHead + `{"hologram":{ "x":1.0 }}` + blockTail,
		},
		{
			name: "a block without anything", req: block(wire.ContentBlock{}), want: blockHead + `{}` + blockTail,
		},
		{
			name: "bytes in base64, empty ones too",
			req: &wire.Request{Messages: []wire.Message{{Role: "user", Content: []wire.ContentBlock{
				{Image: &wire.Image{Format: "png", Source: &wire.MediaSource{Bytes: []byte{0xfb, 0xff, 0}}}},
				{Image: &wire.Image{Format: "png", Source: &wire.MediaSource{Bytes: []byte{}}}},
				{ReasoningContent: &wire.ReasoningContent{RedactedContent: []byte("EtkDCk")}},
			}}}},
			want: blockHead + `{"image":{"format":"png","source":{"bytes":"+/8A"}}},{"image":{"format":"png","source":{"bytes":""}}},` +
				`{"reasoningContent":{"redactedContent":"RXRrRENr"}}` + blockTail,
		},
		{
			name: "tools",
			req: &wire.Request{ToolConfig: &wire.ToolConfig{
				ToolChoice: &wire.ToolChoice{Any: &wire.Empty{}},
				Tools: []wire.Tool{
					{ToolSpec: &wire.ToolSpec{Name: "f", InputSchema: &wire.InputSchema{JSON: json.RawMessage(`{"type":"object"}`)}, Strict: new(false)}},
					{SystemTool: &wire.SystemTool{Name: "nova_code_interpreter"}},
					{CachePoint: &wire.CachePoint{Type: "default", TTL: "1h"}},
				},
			}},
			want: `{"toolConfig":{"toolChoice":{"any":{}},"tools":[{"toolSpec":{"inputSchema":{"json":{"type":"object"}},"name":"f","strict":false}},` +
				`{"systemTool":{"name":"nova_code_interpreter"}},{"cachePoint":{"ttl":"1h","type":"default"}}]}}`,
		},
		{
			name: "output",
			req: &wire.Request{OutputConfig: &wire.OutputConfig{Effort: "high", TextFormat: &wire.TextFormat{
				Type: "json_schema", Structure: &wire.TextStructure{JSONSchema: &wire.JSONSchema{Name: new("n"), Schema: `{"type":"object"}`}},
			}}},
			want: `{"outputConfig":{"effort":"high","textFormat":{"structure":{"jsonSchema":{"name":"n","schema":"{\"type\":\"object\"}"}},"type":"json_schema"}}}`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := string(wire.AppendRequest([]byte("before"), tt.req)); got != "before"+tt.want {
				t.Errorf("AppendRequest =\n%s, want\n%s", got, "before"+tt.want)
			}
			if tt.oneWay {
				return
			}
			back, err := wire.ParseRequest([]byte(tt.want), false)
			if err != nil {
				t.Fatalf("ParseRequest: %v", err)
			}
			if diff := cmp.Diff(tt.req, back); diff != "" {
				t.Errorf("ParseRequest of it (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseRequestErrors(t *testing.T) {
	for _, tt := range []struct {
		name, in        string
		strict, lenient string // error texts; empty for none
	}{
		{"known", `{"messages":[]}`, "", ""},
		{"unknown at the top", `{"foo":1}`, "foo: unknown member", ""},
		{"unknown null", `{"foo":null}`, "foo: unknown member", ""},
		{
			"unknown kind of block", `{"messages":[{"role":"user","content":[{"text":"a"},{"foo":{}}]}]}`,
			"messages.0.content.1.foo: unknown member", "",
		},
		{
			"unknown beside a known kind", `{"messages":[{"role":"user","content":[{"text":"a","foo":{}}]}]}`,
			"messages.0.content.0.foo: unknown member", "",
		},
		{
			"unknown in a tool", `{"toolConfig":{"tools":[{"toolSpec":{"name":"n","x\u0079z":{}}}]}}`,
			"toolConfig.tools.0.toolSpec.xyz: unknown member", "",
		},
		{"unknown inside a document", `{"additionalModelRequestFields":{"any":"thing"}}`, "", ""},
		{"unknown in an empty object", `{"toolConfig":{"toolChoice":{"auto":{"x":1}}}}`, "toolConfig.toolChoice.auto.x: unknown member", ""},
		{"names differ in case", `{"Messages":[]}`, "Messages: unknown member", ""},
		{
			"two kinds at once", `{"system":[{"text":"a","cachePoint":{"type":"default"}}]}`,
			"system.0: want one member, got 2", "system.0: want one member, got 2",
		},
		{"no kind", `{"system":[{}]}`, "system.0: want one member, got none", ""},
		{"a kind that is null", `{"system":[{"text":null}]}`, "system.0: want one member, got none", ""},
		{"null is absent", `{"messages":null,"toolConfig":null,"inferenceConfig":{"maxTokens":null,"temperature":null}}`, "", ""},
		{
			"number for text", `{"messages":[{"content":[{"text":5}]}]}`,
			"messages.0.content.0.text: want a string, got a number", "messages.0.content.0.text: want a string, got a number",
		},
		{"object for list", `{"messages":{}}`, "messages: want an array, got an object", "messages: want an array, got an object"},
		{"null in a list", `{"messages":[null]}`, "messages.0: want an object, got null", "messages.0: want an object, got null"},
		{
			"number in strings", `{"additionalModelResponseFieldPaths":["/a",1]}`,
			"additionalModelResponseFieldPaths.1: want a string, got a number", "additionalModelResponseFieldPaths.1: want a string, got a number",
		},
		{"fraction", `{"inferenceConfig":{"maxTokens":1.5}}`, "inferenceConfig.maxTokens: want an integer, got a number outside its range", "inferenceConfig.maxTokens: want an integer, got a number outside its range"},
		{"text for number", `{"inferenceConfig":{"topP":"1"}}`, "inferenceConfig.topP: want a number, got a string", "inferenceConfig.topP: want a number, got a string"},
		{"number too big", `{"inferenceConfig":{"topP":1e999}}`, "inferenceConfig.topP: want a number, got a number outside its range", "inferenceConfig.topP: want a number, got a number outside its range"},
		{
			"text for boolean", `{"toolConfig":{"tools":[{"toolSpec":{"strict":"true"}}]}}`,
			"toolConfig.tools.0.toolSpec.strict: want a boolean, got a string", "toolConfig.tools.0.toolSpec.strict: want a boolean, got a string",
		},
		{
			"bad base64", `{"messages":[{"content":[{"image":{"source":{"bytes":"a"}}}]}]}`,
			"messages.0.content.0.image.source.bytes: invalid base64", "messages.0.content.0.image.source.bytes: invalid base64",
		},
		{"map of numbers", `{"requestMetadata":{"a":1}}`, "requestMetadata.a: want a string, got a number", "requestMetadata.a: want a string, got a number"},
		{"array", `[]`, "want an object, got an array", "want an object, got an array"},
		{"nothing", ``, "invalid JSON: unexpected end of JSON input", "invalid JSON: unexpected end of JSON input"},
		{"two values", `{}{}`, "invalid JSON: invalid character '{' after top-level value", "invalid JSON: invalid character '{' after top-level value"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, mode := range []struct {
				strict bool
				want   string
			}{{true, tt.strict}, {false, tt.lenient}} {
				_, err := wire.ParseRequest([]byte(tt.in), mode.strict)
				got := ""
				if err != nil {
					got = err.Error()
					if _, ok := errors.AsType[*wire.FieldError](err); !ok {
						t.Errorf("error is %T, want *wire.FieldError", err)
					}
				}
				if got != mode.want {
					t.Errorf("ParseRequest(strict %v): error %q, want %q", mode.strict, got, mode.want)
				}
			}
		})
	}
}

// TestParseRequestKeepsNothing changes the input after parsing. The request
// must stay as it was.
func TestParseRequestKeepsNothing(t *testing.T) {
	in := []byte(`{"additionalModelRequestFields":{"a":1},"messages":[{"content":[{"x":{"b":2}},{"text":"hello"}],"role":"user"}]}`)
	want := string(in)
	r, err := wire.ParseRequest(in, false)
	if err != nil {
		t.Fatal(err)
	}
	for i := range in {
		in[i] = 'X'
	}
	if got := string(wire.AppendRequest(nil, r)); got != want {
		t.Errorf("after the input changed: %s, want %s", got, want)
	}
}

// TestParseRequestLastMemberCounts repeats a member, which the service and the
// SDK both allow.
func TestParseRequestLastMemberCounts(t *testing.T) {
	r, err := wire.ParseRequest([]byte(`{"system":[{"text":"a"}],"syste\u006d":[{"text":"b","text":"c"}]}`), true)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(wire.AppendRequest(nil, r)), `{"system":[{"text":"c"}]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
