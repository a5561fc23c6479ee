package anthropic_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/anthropic"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
	"github.com/chatmodel-go/chatmodel/model"
)

// collect decodes chunks and puts the answer together as any consumer sees it.
func collect(codec anthropic.Codec, chunks []string) (*model.Response, []model.Event, native.Progress, error) {
	var all []model.Event
	var progress native.Progress
	s := model.NewStream(context.Background(), model.StreamInfo{Provider: "bedrock"}, func(_ context.Context, emit func(model.Event) bool) error {
		d := codec.Stream(func(ev model.Event) error { all = append(all, ev); emit(ev); return nil })
		for _, c := range chunks {
			if err := d.Chunk([]byte(c)); err != nil {
				return err
			}
			progress = d.Progress()
		}
		a := d.Answer()
		emit(model.Event{Kind: model.EventFinish, Response: &model.Response{StopReason: a.StopReason, Usage: a.Usage, Warnings: a.Warnings}})
		return nil
	})
	resp, err := s.Response()
	return resp, all, progress, err
}

// start and stop are the ends of every stream here.
var start = `{"type":"message_start","message":{"id":"m","type":"message","role":"assistant","content":[],"stop_reason":null,"usage":{"input_tokens":3,"cache_read_input_tokens":4,"cache_creation_input_tokens":0,"output_tokens":1}}}`

var stop = []string{
	`{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":9}}`,
	`{"type":"message_stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":3}}`,
}

func whole(chunks ...string) []string { return append(append([]string{start}, chunks...), stop...) }

var streamTests = []struct {
	name   string
	chunks []string
	want   []model.Part
}{
	{"text", whole(
		`{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}`, `{"type":"ping"}`,
		`{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Ol\u00e1 \ud83d"}}`, // a lone surrogate
		`{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\n\"x\" 👋"}}`,
		`{"type":"content_block_delta", "index":0, "delta":{"text":"!","type":"text_delta"}}`,
		`{"type":"content_block_stop","index":0}`), []model.Part{model.Text("Olá \ufffd\n\"x\" 👋!")}},
	{"thinking", whole(
		`{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}`,
		`{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"h"}}`,
		`{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"m"}}`,
		`{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"c2ln"}}`,
		`{"type":"content_block_stop","index":0}`,
		`{"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"RXRr"}}`,
		`{"type":"content_block_stop","index":1}`,
		`{"type":"content_block_start","index":2,"content_block":{"type":"thinking","thinking":"a","signature":"b"}}`,
		`{"type":"content_block_stop","index":2}`), []model.Part{
		model.Thinking{Text: "hm", Signature: "c2ln", Provider: "bedrock"}, model.Thinking{Redacted: []byte("RXRr"), Provider: "bedrock"},
		model.Thinking{Text: "a", Signature: "b", Provider: "bedrock"}}},
	{"tools", whole(
		`{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t1","name":"w","input":{}}}`,
		`{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":""}}`,
		`{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"n\": 2."}}`,
		`{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t2","name":"now","input":{}}}`, // interleaved
		`{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"50}"}}`,
		`{"type":"content_block_stop","index":0}`, `{"type":"content_block_stop","index":1}`,
		`{"type":"content_block_start","index":2,"content_block":{"type":"server_tool_use","id":"s1","name":"web_search","input":{"q":1}}}`,
		`{"type":"content_block_stop","index":2}`,
		`{"type":"content_block_start","index":3,"content_block":{"type":"web_search_tool_result","tool_use_id":"s1","content":`+webResults+`}}`,
		`{"type":"content_block_stop","index":3}`,
		`{"type":"content_block_start","index":4,"content_block":{"type":"mcp_tool_use","id":"m1","input":{},"server_name":"x"}}`,
		`{"type":"content_block_delta","index":4,"delta":{"type":"input_json_delta","partial_json":"{\"a\":"}}`,
		`{"type":"content_block_delta","index":4,"delta":{"type":"input_json_delta","partial_json":"1.0}"}}`,
		`{"type":"content_block_stop","index":4}`), []model.Part{
		model.ToolCall{ID: "t1", Name: "w", Input: json.RawMessage(`{"n": 2.50}`)}, model.ToolCall{ID: "t2", Name: "now", Input: json.RawMessage(`{}`)},
		model.ServerToolCall{ID: "s1", Name: "web_search", Kind: "server_tool_use", Input: json.RawMessage(`{"q":1}`)},
		model.ServerToolResult{CallID: "s1", Kind: "web_search_tool_result", Parts: []model.Part{model.JSON(webResults)}},
		model.Opaque{Provider: "bedrock/anthropic", Kind: "mcp_tool_use", Data: json.RawMessage(`{"type":"mcp_tool_use","id":"m1","input":{"a":1.0},"server_name":"x"}`)}}},
	{"citations", whole(
		`{"type":"content_block_start","index":0,"content_block":{"type":"text","text":"","citations":[]}}`,
		`{"type":"content_block_delta","index":0,"delta":{"type":"citations_delta","citation":`+webCitation+`}}`,
		`{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"So."}}`,
		`{"type":"content_block_stop","index":0}`), []model.Part{model.CitedText{Text: "So.", Citations: []model.Citation{
		{Title: "X", Quotes: []string{"q"}, Location: model.CitationLocation{Kind: model.LocationWeb, URL: "http://x/y", Data: json.RawMessage(webCitation)}}}}}},
}

func TestStream(t *testing.T) {
	for _, tt := range streamTests {
		t.Run(tt.name, func(t *testing.T) {
			resp, _, progress, err := collect(anthropic.Codec{}, tt.chunks)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, resp.Message.Parts); diff != "" {
				t.Errorf("parts (-want +got):\n%s", diff)
			}
			if progress != native.Complete || resp.StopReason != model.StopToolUse || resp.Warnings != nil {
				t.Errorf("progress %v, stop reason %q, warnings %v; want complete, tool_use, none", progress, resp.StopReason, resp.Warnings)
			}
			if diff := cmp.Diff(&model.Usage{Known: true, InputTokens: 7, OutputTokens: 9, CacheReadTokens: 4}, resp.Usage); diff != "" {
				t.Errorf("usage (-want +got):\n%s", diff)
			}
		})
	}
}

// TestStreamUnknown checks that what is unknown is passed over with a warning.
func TestStreamUnknown(t *testing.T) {
	resp, _, _, err := collect(anthropic.Codec{}, whole(`{"type":"mood","index":7}`,
		`{"type":"content_block_delta","index":0,"delta":{"type":"smell_delta","smell":["rose"]}}`,
		`{"type":"content_block_delta","index":0,"delta":{"type":"smell_delta","smell":["rose"]}}`))
	want := []model.Warning{{Action: model.WarningDropped, Field: "answer block 0", Reason: `pieces of the unknown kind "smell_delta"`}}
	if err != nil || !cmp.Equal(resp.Warnings, want) {
		t.Errorf("warnings = %v, %v, want %v", resp, err, want)
	}
}

func TestStreamErrors(t *testing.T) {
	_, _, _, err := collect(anthropic.Codec{}, []string{start, `{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}`})
	if e, ok := errors.AsType[*native.ServiceError](err); !ok || e.Type != "overloaded_error" {
		t.Errorf("an error event = %v, want overloaded_error", err)
	}
	for _, chunk := range []string{``, `[]`, `{"type":1}`, `{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":5}}`,
		`{"type":"content_block_start","index":0,"content_block":{"type":"text","text":5}}`, `{"type":"content_block_start","index":0}`,
		`{"type":"content_block_delta","index":0.5,"delta":{"type":"text_delta","text":"x"}}`,
		`{"type":"completion","completion":" hi","stop_reason":null}`, `{"completion":" hi","stop_reason":"stop_sequence"}`} {
		if _, _, _, err := collect(anthropic.Codec{}, []string{start, chunk}); err == nil {
			t.Errorf("the chunk %s is no error", chunk)
		}
	}
	left := errors.New("left")
	d := anthropic.Codec{}.Stream(func(model.Event) error { return left })
	if err := d.Chunk([]byte(`{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"x"}}`)); err != left {
		t.Errorf("Chunk = %v, want emit's error", err)
	}
}
