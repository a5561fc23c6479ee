package model_test

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"testing"

	"github.com/chatmodel-go/chatmodel/model"
)

// BenchmarkStream measures what a delta costs on its way from the provider to
// the consumer and into the response. The cost must not depend on how many
// there are.
func BenchmarkStream(b *testing.B) {
	shapes := []struct {
		name  string
		event func(i int) model.Event
	}{
		{"text", func(int) model.Event { return textEvent(0, "word ") }},
		{"thinking", func(int) model.Event { return thinkingEvent(0, "word ") }},
		{"input", func(int) model.Event { return inputEvent(0, "1234 ") }},
		{"interleaved", func(i int) model.Event { return textEvent(i%8, "word ") }},
		{"parts", func(i int) model.Event { return textEvent(i/10, "word ") }},
		{"parts in falling order", func(i int) model.Event { return textEvent(-i/10, "word ") }},
		{"redacted", func(int) model.Event { return redactedPiece }},
	}
	for _, shape := range shapes {
		for _, n := range []int{1_000, 100_000} {
			b.Run(fmt.Sprintf("%s/%d", shape.name, n), func(b *testing.B) {
				events := make([]model.Event, n)
				for i := range events {
					events[i] = shape.event(i)
				}
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				for b.Loop() {
					s := play(context.Background(), nil, events...)
					for _, err := range s.Events() {
						if err != nil {
							break // the end without a finish
						}
					}
					if resp, _ := s.Response(); resp == nil {
						b.Fatal("no response")
					}
				}
				runtime.ReadMemStats(&after)
				deltas := float64(b.N) * float64(n)
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/deltas, "ns/delta")
				b.ReportMetric(float64(after.Mallocs-before.Mallocs)/deltas, "allocs/delta")
				b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/deltas, "B/delta")
			})
		}
	}
}

var redactedPiece = redactedEvent(0, "word ")

// BenchmarkMiddleware measures what a layer adds to a delta.
func BenchmarkMiddleware(b *testing.B) {
	events := make([]model.Event, 1_000, 1_001)
	for i := range events {
		events[i] = textEvent(0, "word ")
	}
	events = append(events, finishEvent())
	inner := failing(nil, events...)
	for name, m := range map[string]model.ChatModel{"0": inner, "1": model.Wrap(inner, model.Retry(nil)), "2": model.Wrap(inner, model.Retry(nil), model.Fallback())} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := m.Stream(context.Background(), &model.Request{}).Response(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*1000), "ns/delta")
		})
	}
}

func BenchmarkMessageJSON(b *testing.B) {
	m := model.Message{Role: model.RoleAssistant}
	for range 100 {
		m.Parts = append(m.Parts, model.Text("some text of a usual length, without much in it"),
			model.ToolCall{ID: "t", Name: "n", Input: json.RawMessage(`{"city": "Paris", "unit": "celsius"}`)})
	}
	data, err := json.Marshal(m)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("Marshal", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := json.Marshal(m); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Unmarshal", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			var back model.Message
			if err := json.Unmarshal(data, &back); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkValidate(b *testing.B) {
	req := fullRequest()
	b.ReportAllocs()
	for b.Loop() {
		if err := req.Validate(); err != nil {
			b.Fatal(err)
		}
	}
}
