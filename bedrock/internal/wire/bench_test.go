package wire_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
)

func BenchmarkParseEvent(b *testing.B) {
	for _, bb := range []struct{ name, payload string }{
		{"Text", `{"contentBlockIndex":0,"delta":{"text":"ll check the current"},"p":"abcdefghijklmnopqrstuvwxyz"}`},
		{"ToolInput", `{"contentBlockIndex":1,"delta":{"toolUse":{"input":"{\"location\": \"Par"}},"p":"abcdefghijklmnopqrstuvwxyz"}`},
		{"Signature", `{"contentBlockIndex":0,"delta":{"reasoningContent":{"signature":"EsgECkYICBgCKkA"}},"p":"abcdefghijklm"}`},
	} {
		payload := []byte(bb.payload)
		b.Run(bb.name, func(b *testing.B) {
			var ev wire.Event
			b.ReportAllocs()
			for b.Loop() {
				if err := wire.ParseEvent("contentBlockDelta", payload, &ev); err != nil {
					b.Fatal(err)
				}
			}
		})
		// The yardstick: encoding/json into a struct with only these members.
		b.Run(bb.name+"EncodingJSON", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var v struct {
					ContentBlockIndex int
					Delta             struct {
						Text             string
						ToolUse          struct{ Input string }
						ReasoningContent struct{ Text, Signature string }
					}
				}
				if err := json.Unmarshal(payload, &v); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkAppendEvent(b *testing.B) {
	ev := delta(0, wire.Delta{Kind: wire.DeltaText, Text: "ll check the current"})
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		buf = wire.AppendEvent(buf[:0], &ev, "abcdefghijklmnopqrstuvwxyz")
	}
}

func BenchmarkParseResponse(b *testing.B) {
	text := strings.Repeat("The quick brown fox jumps over the lazy dog. ", 50)
	data := wire.AppendResponse(nil, &wire.Response{
		Message:  &wire.Message{Role: "assistant", Content: []wire.ContentBlock{{Text: &text}}},
		Metadata: wire.Metadata{Usage: &wire.Usage{InputTokens: 1}, Metrics: &wire.Metrics{LatencyMs: 1}}, StopReason: "end_turn",
	})
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := wire.ParseResponse(data); err != nil {
			b.Fatal(err)
		}
	}
}
