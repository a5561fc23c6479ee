package anthropic_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/anthropic"
	"github.com/chatmodel-go/chatmodel/model"
)

// FuzzDecode reads arbitrary bodies. Nothing may panic, and what was decoded
// must go back as JSON.
func FuzzDecode(f *testing.F) {
	for _, tt := range blockTests {
		f.Add([]byte(`{"type":"message","content":[` + tt.block + `],"usage":{"input_tokens":1,"output_tokens":2}}`))
	}
	f.Add([]byte(`{"type":"error","error":{"type":"x"}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		a, err := anthropic.Codec{}.Decode(body)
		if err != nil {
			return
		}
		goesBack(t, a.Parts)
	})
}

// FuzzStream reads arbitrary events. Nothing may panic, and the short path for
// deltas must give the same result as the full decoder.
func FuzzStream(f *testing.F) {
	for _, tt := range streamTests {
		for _, c := range tt.chunks {
			f.Add([]byte(c))
		}
	}
	f.Add([]byte(`{"type":"content_block_delta","index":12,"delta":{"type":"thinking_delta","thinking":"\\\"\u0041"}}`))
	f.Fuzz(func(t *testing.T, chunk []byte) {
		read := func(chunk []byte) (events []model.Event, failed bool) {
			d := anthropic.Codec{}.Stream(func(ev model.Event) error { events = append(events, ev); return nil })
			failed = d.Chunk(chunk) != nil
			d.Answer()
			return events, failed
		}
		fast, failed := read(chunk)
		slow, failedSlow := read(append([]byte(" "), chunk...)) // no longer the exact form
		if failed != failedSlow {
			t.Fatalf("short path failed: %v, full: %v", failed, failedSlow)
		}
		if diff := cmp.Diff(slow, fast); diff != "" {
			t.Errorf("events (-full +short):\n%s", diff)
		}
	})
}
