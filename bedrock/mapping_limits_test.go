package bedrock_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// documents are JSON objects that a client can easily spoil.
var documents = []string{
	`{"n":9007199254740993}`,
	`{"n":2.50}`,
	`{"n":1e400,"m":-0,"k":1E+2}`,
	`{"b":1,"a":{"z":[{"y":null},[],{}],"x":"<&>\u00e9\/"},"b":2}`,
	"{ \"spaced\" :\n\t[ 1 , 2 ] }",
	`{"日本":"語","\u0061":"\ud83d\ude00"}`,
	`{}`,
}

// TestMapDocuments checks that JSON documents are sent byte for byte.
func TestMapDocuments(t *testing.T) {
	for _, doc := range documents {
		t.Run(doc, func(t *testing.T) {
			req := documentRequest(doc)
			unary, streamed := callBoth(t, claude37, &req)
			if unary.err != nil {
				t.Fatal(unary.err)
			}
			if !bytes.Equal(unary.body, streamed.body) {
				t.Errorf("bodies differ:\n%s\n%s", unary.body, streamed.body)
			}
			inner := bytes.TrimPrefix(bytes.TrimSuffix([]byte(doc), []byte("}")), []byte("{"))
			fields := `{"top_k":3}`
			if len(inner) > 0 {
				fields = `{"top_k":3,` + string(inner) + `}`
			}
			schema := strings.TrimPrefix(doc, "{")
			if schema = strings.TrimLeft(schema, " "); schema != "}" {
				schema = "," + doc[1:]
			}
			schema = `{"type":"object"` + schema
			for _, want := range []string{
				`"toolUse":{"input":` + doc + `,`, `{"future":` + doc + `}`, `{"place":` + doc + `}`,
				`{"json":` + doc + `}`, `{"piece":` + doc + `}`, `"inputSchema":{"json":` + schema + `}`,
				`"additionalModelRequestFields":` + fields,
			} {
				if !bytes.Contains(unary.body, []byte(want)) {
					t.Errorf("the body lacks %s:\n%s", want, unary.body)
				}
			}
		})
	}
}

// documentRequest has a document in every place that takes one.
func documentRequest(doc string) model.Request {
	raw := func() json.RawMessage { return json.RawMessage(doc) }
	return model.Request{
		Messages: []model.Message{model.User("Hi"),
			assistant(model.ToolCall{ID: "c1", Name: "f", Input: raw()}, model.Opaque{Provider: "bedrock", Kind: "future", Data: raw()},
				model.CitedText{Text: "t", Citations: []model.Citation{{Location: model.CitationLocation{Kind: "place", Data: raw()}}}}),
			user(result("c1", model.JSON(raw()), model.Opaque{Provider: "bedrock", Kind: "piece", Data: raw()}))},
		Tools:           []model.Tool{{Name: "f", InputSchema: raw()}},
		TopK:            3,
		ProviderOptions: []model.ProviderOptions{&bedrock.ProviderOptions{AdditionalFields: raw()}},
	}
}

// TestReceivedDocuments checks that JSON documents are received byte for byte,
// in one piece and in pieces cut at every byte.
func TestReceivedDocuments(t *testing.T) {
	for _, doc := range documents {
		t.Run(doc, func(t *testing.T) {
			body := `{"output":{"message":{"role":"assistant","content":[{"toolUse":{"toolUseId":"c1","name":"f","input":` + doc + `}},
				{"future":` + doc + `},{"toolResult":{"toolUseId":"s","type":"x","content":[{"json":` + doc + `}]}}]}},"stopReason":"tool_use",
				"additionalModelResponseFields":` + doc + `,"trace":` + doc + `}`
			resp, err := newModel(t, claude45, roundTrip(func(*http.Request) (*http.Response, error) {
				return answer([]byte(body), "application/json"), nil
			}), nil).Generate(context.Background(), hello)
			if err != nil {
				t.Fatal(err)
			}
			want := []model.Part{
				model.ToolCall{ID: "c1", Name: "f", Input: json.RawMessage(doc)},
				model.Opaque{Provider: "bedrock", Model: claude45Base, Kind: "future", Data: json.RawMessage(doc)},
				model.ServerToolResult{CallID: "s", Kind: "x", Parts: []model.Part{model.JSON(doc)}},
			}
			if diff := cmp.Diff(want, resp.Message.Parts); diff != "" {
				t.Errorf("parts (-want +got):\n%s", diff)
			}
			if x := bedrock.MetadataOf(resp); string(x.AdditionalFields) != doc || string(x.Trace) != doc {
				t.Errorf("additional fields = %s, trace = %s, want %s", x.AdditionalFields, x.Trace, doc)
			}
			for cut := range doc { // between characters: a delta is a JSON string
				streamedInput(t, doc[:cut], doc[cut:], model.ToolCall{ID: "c1", Name: "f", Input: json.RawMessage(doc)})
			}
		})
	}
	for _, row := range []struct {
		pieces [2]string
		want   model.ToolCall
	}{
		{[2]string{"", ""}, model.ToolCall{ID: "c1", Name: "f", Input: json.RawMessage("{}")}},
		{[2]string{" ", "\n"}, model.ToolCall{ID: "c1", Name: "f", Input: json.RawMessage("{}")}},
		{[2]string{`{"a":`, ` 1`}, model.ToolCall{ID: "c1", Name: "f", InvalidInput: `{"a": 1`}},
		{[2]string{`{"a":1}`, `}`}, model.ToolCall{ID: "c1", Name: "f", InvalidInput: `{"a":1}}`}},
		{[2]string{`[1,`, `2.50]`}, model.ToolCall{ID: "c1", Name: "f", Input: json.RawMessage(`[1,2.50]`)}},
		{[2]string{`nu`, `ll`}, model.ToolCall{ID: "c1", Name: "f", Input: json.RawMessage(`null`)}},
	} {
		streamedInput(t, row.pieces[0], row.pieces[1], row.want)
	}
}

func streamedInput(t *testing.T, first, second string, want model.ToolCall) {
	t.Helper()
	delta := func(s string) string {
		quoted, _ := json.Marshal(s)
		return `contentBlockDelta {"contentBlockIndex":0,"delta":{"toolUse":{"input":` + string(quoted) + `}}}`
	}
	resp := collect(t, frames(`contentBlockStart {"contentBlockIndex":0,"start":{"toolUse":{"toolUseId":"c1","name":"f"}}}`, delta(first), delta(second),
		`contentBlockStop {"contentBlockIndex":0}`, `messageStop {"stopReason":"tool_use"}`))
	if diff := cmp.Diff([]model.Part{want}, resp.Message.Parts); diff != "" {
		t.Errorf("%q + %q (-want +got):\n%s", first, second, diff)
	}
}

// collect returns the answer of a stream.
func collect(t testing.TB, stream []byte) *model.Response {
	t.Helper()
	m := newModel(t, claude45, roundTrip(func(*http.Request) (*http.Response, error) {
		return answer(stream, "application/vnd.amazon.eventstream"), nil
	}), nil)
	resp, err := m.Stream(context.Background(), hello).Response()
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

// TestMapSameBytes checks that equal requests give equal bytes, which the
// service's cache depends on.
func TestMapSameBytes(t *testing.T) {
	var first []byte
	for i := range 50 {
		x := bedrock.ProviderOptions{Metadata: map[string]string{}, PromptVariables: map[string]string{}, AdditionalFields: json.RawMessage(`{"z":1,"a":2}`)}
		for n := range 20 {
			k := fmt.Sprint("k", (n*7+i)%20)
			x.Metadata[k], x.PromptVariables[k] = "m"+k, "p"+k
		}
		req := withWeather(user(model.Text("Hi"), model.Document{Name: "a", Text: "t"}, model.Document{Name: "a", Text: "t"}))
		req.ProviderOptions, req.TopK, req.Thinking = []model.ProviderOptions{&x}, 3, &model.ThinkingConfig{Mode: model.ThinkingDisabled}
		req.Cache = &model.CacheConfig{}
		unary, streamed := callBoth(t, claude37, &req)
		if unary.err != nil {
			t.Fatal(unary.err)
		}
		if first == nil {
			first = unary.body
		}
		if !bytes.Equal(unary.body, first) || !bytes.Equal(streamed.body, first) {
			t.Fatalf("encoding %d differs:\n%s\n%s", i, first, unary.body)
		}
	}
}

// TestChangeAfterStream checks that a request may be changed as soon as Stream
// has returned, though it is sent later.
func TestChangeAfterStream(t *testing.T) {
	image := []byte("\x01\x02")
	input := json.RawMessage(`{"a":1}`)
	schema := json.RawMessage(`{"type":"object"}`)
	x := &bedrock.ProviderOptions{AdditionalFields: json.RawMessage(`{"a":1}`), Metadata: map[string]string{"k": "v"}}
	req := &model.Request{
		Messages: []model.Message{user(model.Text("Hi"), model.Image{MediaType: "image/png", Data: image}),
			assistant(model.ToolCall{ID: "c1", Name: "f", Input: input}), user(result("c1", model.Text("x")))},
		Tools: []model.Tool{{Name: "f", InputSchema: schema}}, MaxTokens: 7, Temperature: new(0.5), StopSequences: []string{"stop"},
		ProviderOptions: []model.ProviderOptions{x},
	}
	for _, options := range []*bedrock.Options{nil, {Profiles: mappedProfile(claude37)}} {
		id := claude37
		if options != nil {
			id = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc"
		}
		req := req.Clone()
		want, _ := callBoth(t, claude37, req)
		var body []byte
		s := newModel(t, id, roundTrip(func(r *http.Request) (*http.Response, error) {
			body, _ = io.ReadAll(r.Body)
			return answer(okStream, "application/vnd.amazon.eventstream"), nil
		}), options).Stream(context.Background(), req)
		spoil(req)
		if _, err := s.Response(); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(body, want.body) {
			t.Errorf("%s: the body follows changes of the request:\n%s\nwant %s", id, body, want.body)
		}
	}
}

// spoil changes everything in a request.
func spoil(req *model.Request) {
	img := req.Messages[0].Parts[1].(model.Image)
	img.Data[0] = 9
	tc := req.Messages[1].Parts[0].(model.ToolCall)
	copy(tc.Input, `{"b":2}`)
	copy(req.Tools[0].InputSchema, `{"type":"number"}`)
	req.Messages[2].Parts[0].(model.ToolResult).Parts[0] = model.Text("y")
	req.Messages[0].Parts[0] = model.Text("Bye")
	req.Messages[1] = model.User("other")
	req.Tools[0].Name = "g"
	*req.Temperature, req.MaxTokens, req.StopSequences[0] = 1, 9, "go"
	x := req.ProviderOptions[0].(*bedrock.ProviderOptions)
	copy(x.AdditionalFields, `{"b":2}`)
	x.Metadata["k"] = "w"
}

// TestProviderOptionsClone checks that cloned ProviderOptions share nothing
// with the original.
func TestProviderOptionsClone(t *testing.T) {
	full := func() *bedrock.ProviderOptions {
		return &bedrock.ProviderOptions{AdditionalFields: json.RawMessage(`{"a":1}`), ResponseFieldPaths: []string{"/a"}, Guardrail: &bedrock.Guardrail{ID: "g"},
			Latency: "standard", ServiceTier: "flex", Metadata: map[string]string{"k": "v"}, PromptVariables: map[string]string{"k": "v"}, OutputEffort: "low"}
	}
	x := full()
	c := x.CloneOptions().(*bedrock.ProviderOptions)
	if diff := cmp.Diff(x, c); diff != "" {
		t.Fatalf("clone (-original +clone):\n%s", diff)
	}
	c.AdditionalFields[0], c.ResponseFieldPaths[0], c.Guardrail.ID, c.Metadata["k"], c.PromptVariables["k"] = 'x', "x", "x", "x", "x"
	if diff := cmp.Diff(full(), x); diff != "" {
		t.Errorf("the original follows its clone (-want +got):\n%s", diff)
	}
	var none *bedrock.ProviderOptions
	if c := none.CloneOptions(); c != model.ProviderOptions(none) {
		t.Errorf("clone of nil = %v", c)
	}
	if got := x.OptionsFor(); got != "bedrock" {
		t.Errorf("OptionsFor() = %q", got)
	}
	if got := bedrock.MetadataOf(nil); got != nil {
		t.Errorf("MetadataOf(nil) = %v", got)
	}
	if got := bedrock.MetadataOf(&model.Response{ProviderMetadata: time.Second}); got != nil {
		t.Errorf("MetadataOf(another provider's answer) = %v", got)
	}
}
