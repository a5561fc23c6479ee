package conformance_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/conformance"
	"github.com/chatmodel-go/chatmodel/model"
)

// TestCheckWire checks that each part on the wire is found there, and that each
// part that is not there is reported as missing unless a warning names it.
func TestCheckWire(t *testing.T) {
	for _, row := range []struct {
		name    string
		part    model.Part
		in, not string // a body's member that holds it, and one that does not
	}{
		{"text", model.Text("a\n<é>"), `"a\n<\u00e9>"`, `"a <\u00e9>"`},
		{"text within a text", model.Text("a b"), `"[INST] a b [/INST]"`, `"[INST] b a [/INST]"`},
		{"text that is no UTF-8", model.Text("a\xffb"), `"a\ufffdb"`, `"ab"`},
		{"cited text", model.CitedText{Text: "a b", Citations: []model.Citation{{Title: "T d"}}}, `["a b","T d"]`, `"a b"`},
		{"thinking", model.Thinking{Text: "hm m", Signature: "s1=="}, `{"t":"hm m","s":"s1=="}`, `"hm m"`},
		{"redacted thinking", model.Thinking{Redacted: []byte{0xff, 1, 2}}, `"/wEC"`, `"AQI="`},
		{"redacted thinking as text", model.Thinking{Redacted: []byte("EqE=")}, `"EqE="`, `"EqF="`},
		{"an image", model.Image{Data: []byte{0xff, 1, 2}}, `"data:image/png;base64,/wEC"`, `"/wED"`},
		{"an image by URI", model.Image{URI: "s3://b/k"}, `"s3://b/k"`, `"s3://b"`},
		{"an image in its URI, of the other alphabet", model.Image{URI: "DATA:image/png;base64,_wEC"}, `"/wEC"`, `"AQI="`},
		{"an image in its URI, in lines", model.Image{URI: "data:image/png;base64,/w\nEC"}, `"/wEC"`, `"AQI="`},
		{"a document in its URI, as text", model.Document{URI: "data:text/plain,a%20b"}, `"YSBi"`, `"a%20b"`},
		{"an image in its URI", model.Image{URI: "data:image/png;base64,/wEC"}, `"/wEC"`, `"AQI="`},
		{"a document's text as a file", model.Document{Name: "n", Text: "some words"}, `"c29tZSB3b3Jkcw=="`, `"c29tZSB3b3Jk"`},
		{"a document's chunks", model.Document{Name: "n", Chunks: []string{"one", "two"}}, `["one","two"]`, `["one"]`},
		{"a call", model.ToolCall{ID: "c1", Name: "n1", Input: json.RawMessage(`{"a": 1.0}`)}, `["c1","n1",{"a":1.0}]`, `["c1","n1",{"a":1}]`},
		{"a call's input as text", model.ToolCall{ID: "c1", Name: "n1", Input: json.RawMessage(`{"a":1}`)}, `["c1","n1","{\"a\":1}"]`, `["c1","n1"]`},
		{"a call's name", model.ToolCall{ID: "c1", Name: "n1"}, `["c1","n1"]`, `["c1","n"]`},
		{"a result", model.ToolResult{CallID: "c1", Parts: []model.Part{model.Text("r s"), model.JSON(`[1]`)}}, `["c1","r s",[1]]`, `["c1","r s"]`},
		{"a result's text", model.ToolResult{CallID: "c1", Parts: []model.Part{model.Text("r s")}}, `["c1","r s"]`, `["c1"]`},
		{"a search result", model.SearchResult{Source: "u v", Title: "t u", Content: []string{"x y"}}, `["u v","t u","x y"]`, `["u v","t u"]`},
		{"guard content", model.Guard{Text: "g h"}, `"<tag>g h</tag>"`, `"g"`},
		{"an opaque block", model.Opaque{Provider: "p", Data: json.RawMessage(`{"b":2}`)}, `{"b":2}`, `{"b":3}`},
		{"a cache point", model.CachePoint{TTL: time.Hour}, `{"cachePoint":{"type":"default"}}`, `"cachePoint"`},
		{"another cache point", model.CachePoint{}, `{"cache_control":{}}`, `{}`},
	} {
		t.Run(row.name, func(t *testing.T) {
			req := &model.Request{Messages: []model.Message{{Role: model.RoleUser, Parts: []model.Part{row.part}}}}
			body := func(member string) []byte { return []byte(`{"x":` + member + `}`) }
			if err := conformance.CheckWire(req, body(row.in), nil); err != nil {
				t.Errorf("in %s: %v", row.in, err)
			}
			if err := conformance.CheckWire(req, body(row.not), nil); err == nil {
				t.Errorf("in %s: no error", row.not)
			}
			for _, field := range []string{"messages[0].parts[0]", "messages[0]", "messages[0].parts[0].name"} {
				if _, point := row.part.(model.CachePoint); point && strings.HasSuffix(field, "name") {
					continue
				}
				warned := []model.Warning{{Action: model.WarningDropped, Field: field, Reason: "r"}}
				if err := conformance.CheckWire(req, body(row.not), warned); err != nil {
					t.Errorf("with a warning about %s: %v", field, err)
				}
			}
			other := []model.Warning{{Field: "messages[0].parts[01]"}, {Field: "messages[01]"}}
			if err := conformance.CheckWire(req, body(row.not), other); err == nil {
				t.Errorf("with a warning about something else: no error")
			}
		})
	}
}

// TestCheckWireCounts checks that a text that occurs twice in a request must
// occur twice in the body.
func TestCheckWireCounts(t *testing.T) {
	req := &model.Request{Messages: []model.Message{model.User("a b"), model.Assistant("a b")}}
	if err := conformance.CheckWire(req, []byte(`["a b","a b"]`), nil); err != nil {
		t.Error(err)
	}
	if err := conformance.CheckWire(req, []byte(`["a b"]`), nil); err == nil {
		t.Error("a text was sent once of twice: no error")
	}
}

// TestCheckWireSettings checks that settings are looked for in the body.
func TestCheckWireSettings(t *testing.T) {
	for _, row := range []struct {
		field   string
		set     func(*model.Request)
		in, not string
	}{
		{"max_tokens", func(r *model.Request) { r.MaxTokens = 7 }, `{"m":7}`, `{"m":8}`},
		{"temperature", func(r *model.Request) { r.Temperature = new(0.5) }, `{"t":0.5}`, `{"t":"0.5"}`},
		{"top_p", func(r *model.Request) { r.TopP = new(0.25) }, `{"t":0.25}`, `{}`},
		{"top_k", func(r *model.Request) { r.TopK = 3 }, `{"t":3}`, `{}`},
		{"stop_sequences", func(r *model.Request) { r.StopSequences = []string{"##"} }, `["##"]`, `["#"]`},
		{"tools", func(r *model.Request) { r.Tools = []model.Tool{{Name: "t", Description: "d e"}} }, `["t","d e"]`, `["t"]`},
		{"tools[0]", func(r *model.Request) { r.Tools = []model.Tool{{Name: "t"}} }, `["t"]`, `["tt"]`},
		{"tool_choice", func(r *model.Request) { r.ToolChoice.Mode = model.ToolsAny }, `{"toolChoice":1}`, `{"tool":1}`},
		{"thinking", func(r *model.Request) { r.Thinking = &model.ThinkingConfig{Effort: "low"} }, `{"thinking":1}`, `{}`},
		{"output", func(r *model.Request) { r.Output = &model.OutputFormat{} }, `{"response_format":1}`, `{}`},
	} {
		req := &model.Request{}
		row.set(req)
		if err := conformance.CheckWire(req, []byte(row.in), nil); err != nil {
			t.Errorf("%s in %s: %v", row.field, row.in, err)
		}
		if err := conformance.CheckWire(req, []byte(row.not), nil); err == nil {
			t.Errorf("%s in %s: no error", row.field, row.not)
		}
		if err := conformance.CheckWire(req, []byte(row.not), []model.Warning{{Field: row.field}}); err != nil {
			t.Errorf("%s with a warning: %v", row.field, err)
		}
	}
	if err := conformance.CheckWire(&model.Request{}, []byte(`{`), nil); err == nil {
		t.Error("half a body: no error")
	}
}
