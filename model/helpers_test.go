package model_test

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/model"
)

// A partCase is a part and its JSON, both written by hand.
type partCase struct {
	name string
	part model.Part
	want string
}

// partCases holds every kind of part with every field set, and the forms that
// leave fields out. Fields that exclude each other in a request are set
// together where only their JSON matters.
func partCases() []partCase {
	return []partCase{
		{"text", model.Text("1 < 2 & \"a\"\n\u2028é"), `{"type":"text","text":"1 < 2 & \"a\"\n\u2028é"}`},
		{"text empty", model.Text(""), `{"type":"text","text":""}`},
		{"cited text", everyCitation(),
			`{"type":"cited_text","text":"Oaks <3","citations":[` +
				`{"title":"Trees","source":"https://t.example/?a=1&b=2","quotes":["an oak","a < b"],` +
				`"location":{"kind":"char","index":3,"start":10,"end":20,"url":"https://t.example","domain":"t.example","data":{"x":2.50}}},` +
				`{"location":{"kind":"page","start":1,"end":2}},{}]}`},
		{"cited text without citations", model.CitedText{Text: "a"}, `{"type":"cited_text","text":"a","citations":null}`},
		{"cited text, no citation", model.CitedText{Citations: []model.Citation{}}, `{"type":"cited_text","text":"","citations":[]}`},
		{"thinking", model.Thinking{Text: "hm <", Signature: "sig+/==", Redacted: []byte{0, 255}, Provider: "bedrock", Model: "m", Incomplete: true},
			`{"type":"thinking","text":"hm <","signature":"sig+/==","redacted":"AP8=","provider":"bedrock","model":"m","incomplete":true}`},
		{"thinking signed", model.Thinking{Text: "hm", Signature: "c2ln"}, `{"type":"thinking","text":"hm","signature":"c2ln"}`},
		{"thinking signature alone", model.Thinking{Signature: "c2ln"}, `{"type":"thinking","signature":"c2ln"}`},
		{"thinking text alone", model.Thinking{Text: "hm"}, `{"type":"thinking","text":"hm"}`},
		{"thinking redacted", model.Thinking{Redacted: []byte("<&>")}, `{"type":"thinking","redacted":"PCY+"}`},
		{"image", model.Image{MediaType: "image/png", Data: []byte("\x89PNG"), URI: "s3://b/k", Owner: "123"},
			`{"type":"image","media_type":"image/png","data":"iVBORw==","uri":"s3://b/k","owner":"123"}`},
		{"image zero", model.Image{}, `{"type":"image"}`},
		{"video", model.Video{MediaType: "video/mp4", Data: []byte{1}, URI: "s3://b/v", Owner: "123"},
			`{"type":"video","media_type":"video/mp4","data":"AQ==","uri":"s3://b/v","owner":"123"}`},
		{"audio", model.Audio{MediaType: "audio/mp3", Data: []byte{2}, URI: "s3://b/a", Owner: "123"},
			`{"type":"audio","media_type":"audio/mp3","data":"Ag==","uri":"s3://b/a","owner":"123"}`},
		{"document", model.Document{Name: "n", MediaType: "text/plain", Data: []byte("d"), URI: "s3://b/d", Owner: "123",
			Text: "t", Chunks: []string{"c1", ""}, Context: "x", Citations: true},
			`{"type":"document","name":"n","media_type":"text/plain","data":"ZA==","uri":"s3://b/d","owner":"123",` +
				`"text":"t","chunks":["c1",""],"context":"x","citations":true}`},
		{"tool call", model.ToolCall{ID: "t1", Name: "weather", Input: json.RawMessage(`{"n":9007199254740993,"x":2.50,"e":1e400}`), InvalidInput: "{"},
			`{"type":"tool_call","id":"t1","name":"weather","input":{"n":9007199254740993,"x":2.50,"e":1e400},"invalid_input":"{"}`},
		{"tool call exact", model.ToolCall{ID: "t1", Name: "weather", Input: json.RawMessage(`{ "q":"<"}`)},
			`{"type":"tool_call","id":"t1","name":"weather","input":{"q":"<"},"input_text":"{ \"q\":\"<\"}"}`},
		{"tool call zero", model.ToolCall{}, `{"type":"tool_call","id":"","name":""}`},
		{"tool call invalid", model.ToolCall{ID: "t1", Name: "weather", InvalidInput: `{"q":"Pa`},
			`{"type":"tool_call","id":"t1","name":"weather","invalid_input":"{\"q\":\"Pa"}`},
		{"server tool call", model.ServerToolCall{ID: "t1", Name: "search", Kind: "server_tool_use", Input: json.RawMessage(`[]`), InvalidInput: "["},
			`{"type":"server_tool_call","id":"t1","name":"search","kind":"server_tool_use","input":[],"invalid_input":"["}`},
		{"tool result", model.ToolResult{CallID: "t1", Parts: []model.Part{model.Text("a"), model.JSON(`{"b":1}`)}, IsError: true},
			`{"type":"tool_result","call_id":"t1","parts":[{"type":"text","text":"a"},{"type":"json","value":{"b":1}}],"is_error":true}`},
		{"tool result empty", model.ToolResult{CallID: "t1"}, `{"type":"tool_result","call_id":"t1","parts":[]}`},
		{"server tool result", model.ServerToolResult{CallID: "t1", Kind: "web", Parts: []model.Part{model.Text("a")}, IsError: true},
			`{"type":"server_tool_result","call_id":"t1","kind":"web","parts":[{"type":"text","text":"a"}],"is_error":true}`},
		{"json", model.JSON(`{"b":[1.0,null]}`), `{"type":"json","value":{"b":[1.0,null]}}`},
		{"json exact", model.JSON("[1, 2]\n"), `{"type":"json","value":[1,2],"value_text":"[1, 2]\n"}`},
		{"json null", model.JSON(`null`), `{"type":"json","value":null}`},
		{"cache point", model.CachePoint{TTL: time.Hour}, `{"type":"cache_point","ttl":"1h"}`},
		{"cache point default", model.CachePoint{}, `{"type":"cache_point"}`},
		{"search result", model.SearchResult{Source: "s", Title: "t", Content: []string{"c"}, Citations: true},
			`{"type":"search_result","source":"s","title":"t","content":["c"],"citations":true}`},
		{"guard", model.Guard{Text: "g", Qualifiers: []string{"query"}, Image: &model.Image{MediaType: "image/png", Data: []byte{1}, URI: "u", Owner: "o"}},
			`{"type":"guard","text":"g","qualifiers":["query"],"image":{"media_type":"image/png","data":"AQ==","uri":"u","owner":"o"}}`},
		{"guard text", model.Guard{Text: "g"}, `{"type":"guard","text":"g"}`},
		{"opaque", model.Opaque{Provider: "bedrock", Kind: "hologram", Data: json.RawMessage(`{"depth":2.50}`)},
			`{"type":"opaque","provider":"bedrock","kind":"hologram","data":{"depth":2.50}}`},
		{"opaque exact", model.Opaque{Provider: "bedrock", Kind: "hologram", Data: json.RawMessage("{\t}")},
			`{"type":"opaque","provider":"bedrock","kind":"hologram","data":{},"data_text":"{\t}"}`},
		{"opaque of a model", model.Opaque{Provider: "bedrock", Kind: "hologram", Data: json.RawMessage(`{}`), Model: "maker.model"},
			`{"type":"opaque","provider":"bedrock","kind":"hologram","data":{},"model":"maker.model"}`},
		{"opaque without data", model.Opaque{Provider: "bedrock", Kind: "hologram"}, `{"type":"opaque","provider":"bedrock","kind":"hologram"}`},
		{"unknown kind", model.Opaque{Kind: "smell", Data: json.RawMessage(`{"type":"smell","of":{"x":2.50}}`)}, `{"type":"smell","of":{"x":2.50}}`},
	}
}

func everyCitation() model.CitedText {
	return model.CitedText{Text: "Oaks <3", Citations: []model.Citation{
		{
			Title: "Trees", Source: "https://t.example/?a=1&b=2", Quotes: []string{"an oak", "a < b"},
			Location: model.CitationLocation{Kind: model.LocationChar, Index: 3, Start: 10, End: 20,
				URL: "https://t.example", Domain: "t.example", Data: json.RawMessage(`{"x":2.50}`)},
		},
		{Location: model.CitationLocation{Kind: model.LocationPage, Start: 1, End: 2}},
		{},
	}}
}

// everyPart returns the parts of partCases.
func everyPart() []model.Part {
	var parts []model.Part
	for _, c := range partCases() {
		parts = append(parts, c.part)
	}
	return parts
}

// testOptions is a provider's settings.
type testOptions struct{ Values []string }

func (x *testOptions) OptionsFor() string { return "test" }
func (x *testOptions) CloneOptions() model.ProviderOptions {
	return &testOptions{append([]string(nil), x.Values...)}
}

type otherOptions struct{}

func (otherOptions) OptionsFor() string                    { return "other" }
func (x otherOptions) CloneOptions() model.ProviderOptions { return x }

// fullRequest returns a valid request in which every field is set.
func fullRequest() *model.Request {
	return &model.Request{
		Messages: []model.Message{
			model.SystemParts(model.Text("Be brief."), model.CachePoint{TTL: 5 * time.Minute}),
			model.UserParts(
				model.Text("What is on these?"),
				model.Image{MediaType: "image/png", Data: []byte{1, 2}},
				model.Image{URI: "s3://b/i", Owner: "1"},
				model.Video{URI: "s3://b/v"},
				model.Audio{Data: []byte{3}},
				model.Document{Name: "d", Data: []byte{4}},
				model.Document{URI: "s3://b/d"},
				model.Document{Text: "x", Context: "y", Citations: true},
				model.Document{Chunks: []string{"a", "b"}},
				model.SearchResult{Source: "s", Title: "t", Content: []string{"c"}},
				model.Guard{Text: "g", Qualifiers: []string{"query"}},
				model.Guard{Image: &model.Image{Data: []byte{5}}},
				model.CachePoint{},
			),
			model.AssistantParts(
				model.Thinking{Text: "hm", Signature: "sig", Provider: "test"},
				model.Thinking{Redacted: []byte{6}},
				everyCitation(),
				model.ServerToolCall{ID: "s1", Name: "search", Kind: "k", Input: json.RawMessage(`{"q":1}`)},
				model.ServerToolResult{CallID: "s1", Kind: "k", Parts: []model.Part{model.Text("found")}},
				model.ToolCall{ID: "t1", Name: "weather", Input: json.RawMessage(`{"city":"Paris"}`)},
				model.ToolCall{ID: "t2", Name: "weather", InvalidInput: `{"city`},
				model.Opaque{Provider: "test", Kind: "k", Data: json.RawMessage(`{"a":1}`)},
			),
			model.ToolResults(
				model.ToolResult{CallID: "t1", Parts: []model.Part{
					model.Text("sunny"), model.JSON(`{"c":20}`), model.Image{Data: []byte{7}}, model.Document{Data: []byte{8}},
					model.Video{Data: []byte{9}}, model.SearchResult{Content: []string{"x"}}, model.Opaque{Provider: "test", Data: json.RawMessage(`1`)},
				}},
				model.ToolResult{CallID: "t2", IsError: true},
			),
		},
		Tools: []model.Tool{
			{Name: "weather", Description: "tells the weather", InputSchema: json.RawMessage(`{"type":"object"}`), Strict: new(true),
				Cache: &model.CachePoint{TTL: time.Hour}},
			{Name: "search", ServerSide: true},
		},
		ToolChoice:      model.ToolChoice{Mode: model.ToolsNamed, Name: "weather", Parallel: new(false)},
		MaxTokens:       4096,
		Temperature:     new(0.0),
		TopP:            new(0.5),
		TopK:            40,
		StopSequences:   []string{"END"},
		Thinking:        &model.ThinkingConfig{Mode: model.ThinkingEnabled, Budget: 1024, Effort: "high"},
		Output:          &model.OutputFormat{Name: "o", Description: "d", Schema: json.RawMessage(`{"type":"object"}`)},
		Cache:           &model.CacheConfig{TTL: time.Hour},
		ProviderOptions: []model.ProviderOptions{&testOptions{Values: []string{"v"}}},
	}
}

// fullResponse returns a response in which every field is set.
func fullResponse() *model.Response {
	return &model.Response{
		Message:    model.AssistantParts(everyPart()...),
		StopReason: model.StopToolUse,
		Usage: &model.Usage{Known: true, InputTokens: 10, OutputTokens: 5, CacheReadTokens: 3, CacheWriteTokens: 4, ReasoningTokens: 2,
			CacheWrites: []model.CacheWrite{{TTL: time.Hour, Tokens: 1}, {TTL: 5 * time.Minute, Tokens: 3}}},
		Model:            "m",
		RequestID:        "r",
		Latency:          1500 * time.Millisecond,
		Warnings:         []model.Warning{{Action: model.WarningDropped, Field: "top_k", Reason: "not known"}},
		Attempts:         []model.Attempt{{Provider: "p", Model: "m", Err: model.ErrThrottled, Wait: 1}},
		ProviderMetadata: "metadata",
	}
}

func mustMarshal(t testing.TB, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("Marshal(%T) error = %v", v, err)
	}
	return string(data)
}

func diff(t testing.TB, what string, want, got any) {
	t.Helper()
	if reflect.DeepEqual(want, got) {
		return // as it usually is; a diff of equal values takes long
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s mismatch (-want +got):\n%s", what, d)
	}
}

// A funcModel is a ChatModel made of two functions.
type funcModel struct {
	generate func(context.Context, *model.Request) (*model.Response, error)
	stream   func(context.Context, *model.Request) *model.Stream
}

func (m *funcModel) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	return m.generate(ctx, req)
}
func (m *funcModel) Stream(ctx context.Context, req *model.Request) *model.Stream {
	return m.stream(ctx, req)
}

var errBoom = errors.New("boom")

// Constructors of events.

func textEvent(index int, s string) model.Event {
	return model.Event{Kind: model.EventText, Index: index, Text: s}
}

func thinkingEvent(index int, s string) model.Event {
	return model.Event{Kind: model.EventThinking, Index: index, Text: s}
}

func signatureEvent(index int, s string) model.Event {
	return model.Event{Kind: model.EventSignature, Index: index, Text: s}
}

func redactedEvent(index int, b string) model.Event {
	return model.Event{Kind: model.EventRedacted, Index: index, Part: model.Thinking{Redacted: []byte(b)}}
}

func callEvent(index int, id, name string) model.Event {
	return model.Event{Kind: model.EventToolCall, Index: index, Part: model.ToolCall{ID: id, Name: name}}
}

func inputEvent(index int, s string) model.Event {
	return model.Event{Kind: model.EventToolInput, Index: index, Text: s}
}

func citationEvent(index int, c model.Citation) model.Event {
	return model.Event{Kind: model.EventCitation, Index: index, Part: model.CitedText{Citations: []model.Citation{c}}}
}

func partEvent(index int, p model.Part) model.Event {
	return model.Event{Kind: model.EventPart, Index: index, Part: p}
}

func doneEvent(index int) model.Event { return model.Event{Kind: model.EventPartDone, Index: index} }

func donePart(index int, p model.Part) model.Event {
	return model.Event{Kind: model.EventPartDone, Index: index, Part: p}
}

func finishEvent() model.Event {
	return model.Event{Kind: model.EventFinish, Response: &model.Response{StopReason: model.StopEndTurn, Usage: &model.Usage{}}}
}

var testInfo = model.StreamInfo{Provider: "test", Model: "m-1"}

// play returns a stream of events that ends with err.
func play(ctx context.Context, err error, events ...model.Event) *model.Stream {
	return model.NewStream(ctx, testInfo, func(_ context.Context, emit func(model.Event) bool) error {
		for _, ev := range events {
			if !emit(ev) {
				return nil
			}
		}
		return err
	})
}

// collect ranges over s.
func collect(s *model.Stream) (events []model.Event, err error) {
	for ev, e := range s.Events() {
		if e != nil {
			return events, e
		}
		events = append(events, ev)
	}
	return events, nil
}

// responseOf plays events and returns the complete response.
func responseOf(t testing.TB, events ...model.Event) *model.Response {
	t.Helper()
	resp, err := play(t.Context(), nil, events...).Response()
	if err != nil {
		t.Fatalf("Response() error = %v", err)
	}
	return resp
}

// asError returns the *model.Error that err is.
func asError(t testing.TB, err error) *model.Error {
	t.Helper()
	e, ok := err.(*model.Error)
	if !ok {
		t.Fatalf("error is a %T (%v), want *model.Error", err, err)
	}
	return e
}
