package wire_test

import (
	"encoding/json"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var ignoreScratch = cmpopts.IgnoreUnexported(wire.Event{})

// eventCases are payloads as the service sends them. Those with canonical set
// are what AppendEvent must give back, with the padding abc.
var eventCases = []struct {
	name, event, payload string
	canonical            bool
	want                 wire.Event
}{
	{"message start", "messageStart", `{"p":"abc","role":"assistant"}`, true, wire.Event{Kind: wire.EventMessageStart, Role: "assistant"}},
	{
		"text", "contentBlockDelta", `{"contentBlockIndex":0,"delta":{"text":"Hello"},"p":"abc"}`, true,
		delta(0, wire.Delta{Kind: wire.DeltaText, Text: "Hello"}),
	},
	{
		"empty text", "contentBlockDelta", `{"contentBlockIndex":0,"delta":{"text":""},"p":"abc"}`, true,
		delta(0, wire.Delta{Kind: wire.DeltaText}),
	},
	{
		"text with escapes", "contentBlockDelta", `{"contentBlockIndex":12,"delta":{"text":"\"é\"\n\\\/\b\f\r\t"},"p":"abc"}`, false,
		delta(12, wire.Delta{Kind: wire.DeltaText, Text: "\"é\"\n\\/\b\f\r\t"}),
	},
	{
		"text with escapes by number", "contentBlockDelta", `{"contentBlockIndex":0,"delta":{"text":"\u00e9\ud83d\ude00\ud83d"},"p":"abc"}`, false,
		delta(0, wire.Delta{Kind: wire.DeltaText, Text: "é😀\uFFFD"}),
	},
	{
		"text that is no UTF-8", "contentBlockDelta", "{\"contentBlockIndex\":0,\"delta\":{\"text\":\"a\xff\"},\"p\":\"abc\"}", false,
		delta(0, wire.Delta{Kind: wire.DeltaText, Text: "a\uFFFD"}),
	},
	{
		"text with escapes that is no UTF-8", "contentBlockDelta", "{\"contentBlockIndex\":0,\"delta\":{\"text\":\"a\\n\xff\"},\"p\":\"abc\"}", false,
		delta(0, wire.Delta{Kind: wire.DeltaText, Text: "a\n\uFFFD"}),
	},
	{
		"text without padding", "contentBlockDelta", `{"contentBlockIndex":0,"delta":{"text":"x"}}`, false,
		delta(0, wire.Delta{Kind: wire.DeltaText, Text: "x"}),
	},
	{
		"text in another order", "contentBlockDelta", `{"p":"abc", "delta":{"text":"x"},"contentBlockIndex":0}`, false,
		delta(0, wire.Delta{Kind: wire.DeltaText, Text: "x"}),
	},
	{
		"tool input", "contentBlockDelta", `{"contentBlockIndex":1,"delta":{"toolUse":{"input":"{\"loca"}},"p":"abc"}`, true,
		delta(1, wire.Delta{Kind: wire.DeltaToolInput, Text: `{"loca`}),
	},
	{
		"tool input missing", "contentBlockDelta", `{"contentBlockIndex":1,"delta":{"toolUse":{}}}`, false,
		delta(1, wire.Delta{Kind: wire.DeltaToolInput}),
	},
	{
		"thinking", "contentBlockDelta", `{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"hm"}},"p":"abc"}`, true,
		delta(0, wire.Delta{Kind: wire.DeltaReasoningText, Text: "hm"}),
	},
	{
		"signature", "contentBlockDelta", `{"contentBlockIndex":0,"delta":{"reasoningContent":{"signature":"EsgE"}},"p":"abc"}`, true,
		delta(0, wire.Delta{Kind: wire.DeltaReasoningSignature, Text: "EsgE"}),
	},
	{
		"redacted", "contentBlockDelta", `{"contentBlockIndex":0,"delta":{"reasoningContent":{"redactedContent":"RXRrRENr"}},"p":"abc"}`, true,
		delta(0, wire.Delta{Kind: wire.DeltaRedactedContent, Redacted: []byte("EtkDCk")}),
	},
	{
		"unknown thinking", "contentBlockDelta", `{"contentBlockIndex":0,"delta":{"reasoningContent":{"aura":{"x":1.0}}},"p":"abc"}`, true,
		delta(0, wire.Delta{Kind: wire.DeltaUnknown, Unknown: &wire.Unknown{Name: "reasoningContent", Value: json.RawMessage(`{"aura":{"x":1.0}}`)}}),
	},
	{
		"citation", "contentBlockDelta", `{"contentBlockIndex":1,"delta":{"citation":{"location":{"documentChar":{"documentIndex":0,"end":58,"start":0}},"sourceContent":[{"text":"Leave: "}],"title":"company_policy"}},"p":"abc"}`, true,
		delta(1, wire.Delta{Kind: wire.DeltaCitation, Citation: &wire.Citation{
			Location:      &wire.CitationLocation{DocumentChar: &wire.DocumentRange{DocumentIndex: new(0), End: new(58), Start: new(0)}},
			SourceContent: []wire.CitedText{{Text: new("Leave: ")}},
			Title:         new("company_policy"),
		}}),
	},
	{
		"citation of an unknown place", "contentBlockDelta", `{"contentBlockIndex":1,"delta":{"citation":{"location":{"moon":{"crater":7}}}},"p":"abc"}`, true,
		delta(1, wire.Delta{Kind: wire.DeltaCitation, Citation: &wire.Citation{
			Location: &wire.CitationLocation{Unknown: &wire.Unknown{Name: "moon", Value: json.RawMessage(`{"crater":7}`)}},
		}}),
	},
	{
		"tool result", "contentBlockDelta", `{"contentBlockIndex":1,"delta":{"toolResult":[{"json":{"stdOut":"7006652","exitCode":0}},{"text":"t"}]},"p":"abc"}`, true,
		delta(1, wire.Delta{Kind: wire.DeltaToolResult, ToolResult: []wire.ToolResultContent{
			{JSON: json.RawMessage(`{"stdOut":"7006652","exitCode":0}`)}, {Text: new("t")},
		}}),
	},
	{
		"image", "contentBlockDelta", `{"contentBlockIndex":1,"delta":{"image":{"source":{"bytes":"AA=="}}},"p":"abc"}`, true,
		delta(1, wire.Delta{Kind: wire.DeltaImage, Image: &wire.ImageDelta{Source: &wire.MediaSource{Bytes: []byte{0}}}}),
	},
	{
		"unknown delta", "contentBlockDelta", `{"contentBlockIndex":1,"delta":{"smell":"rose"},"p":"abc"}`, true,
		delta(1, wire.Delta{Kind: wire.DeltaUnknown, Unknown: &wire.Unknown{Name: "smell", Value: json.RawMessage(`"rose"`)}}),
	},
	{"no delta", "contentBlockDelta", `{"contentBlockIndex":1,"p":"abc"}`, true, delta(1, wire.Delta{})},
	{"nothing", "contentBlockDelta", `{}`, false, wire.Event{Kind: wire.EventBlockDelta}},
	{
		"tool start", "contentBlockStart", `{"contentBlockIndex":1,"p":"abc","start":{"toolUse":{"name":"get_weather","toolUseId":"tooluse_1","type":"tool_use"}}}`, true,
		wire.Event{Kind: wire.EventBlockStart, HasIndex: true, Index: 1, Start: &wire.BlockStart{
			ToolUse: &wire.ToolUseStart{Name: "get_weather", ToolUseID: "tooluse_1", Type: "tool_use"},
		}},
	},
	{
		"tool result start", "contentBlockStart", `{"contentBlockIndex":1,"p":"abc","start":{"toolResult":{"status":"success","toolUseId":"tooluse_1","type":"nova_code_interpreter_result"}}}`, true,
		wire.Event{Kind: wire.EventBlockStart, HasIndex: true, Index: 1, Start: &wire.BlockStart{
			ToolResult: &wire.ToolResultStart{Status: "success", ToolUseID: "tooluse_1", Type: "nova_code_interpreter_result"},
		}},
	},
	{
		"image start", "contentBlockStart", `{"contentBlockIndex":1,"p":"abc","start":{"image":{"format":"png"}}}`, true,
		wire.Event{Kind: wire.EventBlockStart, HasIndex: true, Index: 1, Start: &wire.BlockStart{Image: &wire.ImageStart{Format: "png"}}},
	},
	{
		"unknown start", "contentBlockStart", `{"contentBlockIndex":1,"p":"abc","start":{"hologram":{}}}`, true,
		wire.Event{Kind: wire.EventBlockStart, HasIndex: true, Index: 1, Start: &wire.BlockStart{
			Unknown: &wire.Unknown{Name: "hologram", Value: json.RawMessage(`{}`)},
		}},
	},
	{
		"block stop", "contentBlockStop", `{"contentBlockIndex":1,"p":"abc"}`, true,
		wire.Event{Kind: wire.EventBlockStop, HasIndex: true, Index: 1},
	},
	{
		"block stop with a delta", "contentBlockStop", `{"contentBlockIndex":1,"delta":{"text":"x"},"p":"abc"}`, false,
		wire.Event{Kind: wire.EventBlockStop, HasIndex: true, Index: 1},
	},
	{
		"message stop", "messageStop", `{"additionalModelResponseFields":{"stop_sequence":null},"p":"abc","stopReason":"tool_use"}`, true,
		wire.Event{Kind: wire.EventMessageStop, StopReason: "tool_use", AdditionalModelResponseFields: json.RawMessage(`{"stop_sequence":null}`)},
	},
	{
		"metadata", "metadata", `{"metrics":{"latencyMs":1859},"p":"abc","performanceConfig":{"latency":"optimized"},"serviceTier":{"type":"flex"},"trace":{"x":1.0},` +
			`"usage":{"cacheDetails":[{"inputTokens":236,"ttl":"5m"}],"cacheReadInputTokens":0,"cacheWriteInputTokens":236,"inputTokens":3,"new":{},"outputTokens":121,"totalTokens":360}}`, true,
		wire.Event{Kind: wire.EventMetadata, Metadata: &wire.Metadata{
			Metrics:           &wire.Metrics{LatencyMs: 1859},
			PerformanceConfig: &wire.PerformanceConfig{Latency: "optimized"},
			ServiceTier:       &wire.ServiceTier{Type: "flex"},
			Trace:             json.RawMessage(`{"x":1.0}`),
			Usage: &wire.Usage{
				CacheDetails:         []wire.CacheDetail{{InputTokens: 236, TTL: "5m"}},
				CacheReadInputTokens: new(0), CacheWriteInputTokens: new(236), InputTokens: 3, OutputTokens: 121, TotalTokens: 360,
				Raw: json.RawMessage(`{"cacheDetails":[{"inputTokens":236,"ttl":"5m"}],"cacheReadInputTokens":0,"cacheWriteInputTokens":236,"inputTokens":3,"new":{},"outputTokens":121,"totalTokens":360}`),
			},
		}},
	},
	{"unknown event", "telepathy", `not even JSON`, false, wire.Event{Kind: wire.EventUnknown}},
}

func delta(index int, d wire.Delta) wire.Event {
	return wire.Event{Kind: wire.EventBlockDelta, HasIndex: true, Index: index, Delta: d}
}

// TestParseEvent uses one event for all payloads, with a plain delta between
// them, so that anything left over from the one before would show.
func TestParseEvent(t *testing.T) {
	var ev wire.Event
	plain := delta(7, wire.Delta{Kind: wire.DeltaText, Text: "between"})
	plain.Type = "contentBlockDelta"
	for _, tt := range eventCases {
		t.Run(tt.name, func(t *testing.T) {
			for range 2 {
				if err := wire.ParseEvent(plain.Type, wire.AppendEvent(nil, &plain, ""), &ev); err != nil {
					t.Fatalf("ParseEvent: %v", err)
				}
				if diff := cmp.Diff(plain, ev, ignoreScratch); diff != "" {
					t.Fatalf("ParseEvent of a plain delta (-want +got):\n%s", diff)
				}
			}
			payload := []byte(tt.payload)
			if err := wire.ParseEvent(tt.event, payload, &ev); err != nil {
				t.Fatalf("ParseEvent: %v", err)
			}
			clear(payload)
			want := tt.want
			want.Type = tt.event
			if diff := cmp.Diff(want, ev, ignoreScratch); diff != "" {
				t.Errorf("ParseEvent(%s) (-want +got):\n%s", tt.payload, diff)
			}
		})
	}
}

func TestAppendEvent(t *testing.T) {
	for _, tt := range eventCases {
		if !tt.canonical {
			continue
		}
		t.Run(tt.name, func(t *testing.T) {
			ev := tt.want
			if got := string(wire.AppendEvent(nil, &ev, "abc")); got != tt.payload {
				t.Errorf("AppendEvent = %s\nwant %s", got, tt.payload)
			}
			if diff := cmp.Diff(tt.want, ev, ignoreScratch); diff != "" {
				t.Errorf("AppendEvent changed the event (-before +after):\n%s", diff)
			}
		})
	}
}

func TestAppendEventUsage(t *testing.T) {
	for _, tt := range []struct {
		name  string
		usage wire.Usage
		want  string
	}{
		{
			"no cache", wire.Usage{InputTokens: 446, OutputTokens: 76, TotalTokens: 522},
			`{"inputTokens":446,"outputTokens":76,"serverToolUsage":{},"totalTokens":522}`,
		},
		{
			"cache", wire.Usage{
				CacheDetails:         []wire.CacheDetail{{InputTokens: 236, TTL: "5m"}},
				CacheReadInputTokens: new(1712), CacheWriteInputTokens: new(236), InputTokens: 3, OutputTokens: 121, TotalTokens: 2072,
			},
			`{"cacheDetails":[{"inputTokens":236,"ttl":"5m"}],"cacheReadInputTokenCount":1712,"cacheReadInputTokens":1712,` +
				`"cacheWriteInputTokenCount":236,"cacheWriteInputTokens":236,"inputTokens":3,"outputTokens":121,"serverToolUsage":{},"totalTokens":2072}`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ev := wire.Event{Kind: wire.EventMetadata, Metadata: &wire.Metadata{Usage: &tt.usage}}
			if got, want := string(wire.AppendEvent(nil, &ev, "")), `{"usage":`+tt.want+`}`; got != want {
				t.Errorf("AppendEvent = %s\nwant %s", got, want)
			}
			r := wire.Response{Metadata: *ev.Metadata}
			if got, want := string(wire.AppendResponse(nil, &r)), `{"usage":`+tt.want+`}`; got != want {
				t.Errorf("AppendResponse = %s\nwant %s", got, want)
			}
		})
	}
}

// TestAppendEventEmpty writes events in which nothing is set.
func TestAppendEventEmpty(t *testing.T) {
	for kind := wire.EventUnknown; kind <= wire.EventMetadata+1; kind++ {
		ev := wire.Event{Kind: kind}
		if got := string(wire.AppendEvent(nil, &ev, "")); got != `{}` {
			t.Errorf("AppendEvent(kind %d) = %s, want {}", kind, got)
		}
		if got := string(wire.AppendEvent(nil, &ev, "a")); got != `{"p":"a"}` {
			t.Errorf(`AppendEvent(kind %d) with padding = %s, want {"p":"a"}`, kind, got)
		}
	}
}

func TestParseEventErrors(t *testing.T) {
	for _, tt := range []struct{ name, event, payload, want string }{
		{"text a number", "contentBlockDelta", `{"contentBlockIndex":0,"delta":{"text":5}}`, "delta.text: want a string, got a number"},
		{"index a string", "contentBlockStop", `{"contentBlockIndex":"0"}`, "contentBlockIndex: want an integer, got a string"},
		{"index with zeros", "contentBlockDelta", `{"contentBlockIndex":01,"delta":{"text":"x"}}`, "invalid JSON: invalid character '1' after object key:value pair"},
		{"two kinds", "contentBlockDelta", `{"delta":{"text":"x","toolUse":{"input":""}}}`, "delta: want one member, got 2"},
		{"line break in text", "contentBlockDelta", "{\"contentBlockIndex\":0,\"delta\":{\"text\":\"a\nb\"}}", "invalid JSON: invalid character '\\n' in string literal"},
		{"line break in padding", "contentBlockDelta", "{\"contentBlockIndex\":0,\"delta\":{\"text\":\"ab\"},\"p\":\"\n\"}", "invalid JSON: invalid character '\\n' in string literal"},
		{"wrong escape", "contentBlockDelta", `{"contentBlockIndex":0,"delta":{"text":"\x"}}`, "invalid JSON: invalid character 'x' in string escape code"},
		{"bytes behind the end", "contentBlockDelta", `{"contentBlockIndex":0,"delta":{"text":"x"},"p":"a"}}`, "invalid JSON: invalid character '}' after top-level value"},
		{"empty", "messageStop", ``, "invalid JSON: unexpected end of JSON input"},
		{"null", "messageStop", `null`, "want an object, got null"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var ev wire.Event
			err := wire.ParseEvent(tt.event, []byte(tt.payload), &ev)
			if err == nil || err.Error() != tt.want {
				t.Errorf("ParseEvent: error %v, want %s", err, tt.want)
			}
		})
	}
}

// TestParseEventEscapes puts every byte behind a backslash, and compares the
// result with encoding/json's.
func TestParseEventEscapes(t *testing.T) {
	for c := range 256 {
		text := []byte{'"', 'a', '\\', byte(c), 'b', '"'}
		var want string
		jsonErr := json.Unmarshal(text, &want)
		payload := append(append([]byte(`{"contentBlockIndex":0,"delta":{"text":`), text...), "}}"...)
		var ev wire.Event
		err := wire.ParseEvent("contentBlockDelta", payload, &ev)
		if (err == nil) != (jsonErr == nil) || err == nil && ev.Delta.Text != want {
			t.Errorf("ParseEvent(%q) = %q, %v, want %q, %v", payload, ev.Delta.Text, err, want, jsonErr)
		}
	}
}

func TestParseEventAllocs(t *testing.T) {
	for _, tt := range []struct {
		name, payload string
		want          float64
	}{
		{"text", `{"contentBlockIndex":0,"delta":{"text":"Hello, world"},"p":"abc"}`, 1},
		{"empty text", `{"contentBlockIndex":0,"delta":{"text":""},"p":"abc"}`, 0},
		{"text with escapes", `{"contentBlockIndex":0,"delta":{"text":"one\ntwo"},"p":"abc"}`, 1},
		{"tool input", `{"contentBlockIndex":12,"delta":{"toolUse":{"input":"{\"location\": \"Par"}},"p":"abc"}`, 1},
		{"thinking", `{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"Let me see"}},"p":"abc"}`, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var ev wire.Event
			payload := []byte(tt.payload)
			got := testing.AllocsPerRun(100, func() {
				if err := wire.ParseEvent("contentBlockDelta", payload, &ev); err != nil {
					t.Fatal(err)
				}
			})
			if got != tt.want {
				t.Errorf("ParseEvent costs %v allocations, want %v", got, tt.want)
			}
		})
	}
}
