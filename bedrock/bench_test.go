package bedrock_test

import (
	"bytes"
	"runtime"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/types"

	"github.com/chatmodel-go/chatmodel/model"
)

// The benchmarks hold this package against the SDK used by hand, on the same
// transport in memory and with the same answer.

const benchDeltas = 1000

// sdkMessages are the messages of hello in the SDK's types.
var sdkMessages = []types.Message{{
	Role:    types.ConversationRoleUser,
	Content: []types.ContentBlock{&types.ContentBlockMemberText{Value: "Hello"}},
}}

func BenchmarkStream(b *testing.B) {
	body := manyDeltas(benchDeltas)
	transport := streamBytes(body)
	b.Run("sdk", func(b *testing.B) {
		client := newClient(transport)
		in := &bedrockruntime.ConverseStreamInput{ModelId: aws.String(claude), Messages: sdkMessages}
		perDelta(b, func() int {
			out, err := client.ConverseStream(b.Context(), in)
			if err != nil {
				b.Fatal(err)
			}
			var text strings.Builder
			stream, n := out.GetStream(), 0
			for ev := range stream.Events() {
				if d, ok := ev.(*types.ConverseStreamOutputMemberContentBlockDelta); ok {
					if t, ok := d.Value.Delta.(*types.ContentBlockDeltaMemberText); ok {
						text.WriteString(t.Value)
						n++
					}
				}
			}
			if err := stream.Close(); err != nil {
				b.Fatal(err)
			}
			return n
		})
	})
	b.Run("chatmodel", func(b *testing.B) {
		m := newModel(b, claude, transport, nil)
		perDelta(b, func() int {
			n := 0
			s := m.Stream(b.Context(), hello)
			for ev, err := range s.Events() {
				if err != nil {
					b.Fatal(err)
				}
				if ev.Kind == model.EventText {
					n++
				}
			}
			if resp, err := s.Response(); err != nil || len(resp.Text()) == 0 {
				b.Fatal(resp, err)
			}
			return n
		})
	})
}

// streamBytes answers each request with the same stream.
func streamBytes(body []byte) roundTrip {
	return freshly(func() roundTrip { return streamOf(bytes.NewReader(body)) })
}

func BenchmarkGenerate(b *testing.B) {
	answer := unaryText(strings.Repeat("Some words of an answer. ", 20))
	transport := freshly(func() roundTrip { return respond(200, strings.NewReader(answer), "Content-Type", "application/json") })
	b.Run("sdk", func(b *testing.B) {
		client := newClient(transport)
		in := &bedrockruntime.ConverseInput{ModelId: aws.String(claude), Messages: sdkMessages}
		b.ReportAllocs()
		for b.Loop() {
			if _, err := client.Converse(b.Context(), in); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("chatmodel", func(b *testing.B) {
		m := newModel(b, claude, transport, nil)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := m.Generate(b.Context(), hello); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// perDelta reports time and allocations by delta. Stream reads one stream and
// returns how many deltas it had.
func perDelta(b *testing.B, stream func() int) {
	b.ReportAllocs()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for b.Loop() {
		if n := stream(); n != benchDeltas {
			b.Fatalf("%d deltas, want %d", n, benchDeltas)
		}
	}
	runtime.ReadMemStats(&after)
	deltas := float64(b.N * benchDeltas)
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/deltas, "ns/delta")
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/deltas, "allocs/delta")
}

// TestStreamAllocations keeps a whole stream, its call included, within three
// allocations for each delta.
func TestStreamAllocations(t *testing.T) {
	m := newModel(t, claude, streamBytes(manyDeltas(benchDeltas)), nil)
	perStream := testing.AllocsPerRun(10, func() {
		if _, err := m.Stream(t.Context(), hello).Response(); err != nil {
			t.Fatal(err)
		}
	})
	if got := perStream / benchDeltas; got > 3 {
		t.Errorf("%.2f allocations a delta, want 3 at most", got)
	}
}
