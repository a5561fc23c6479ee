package fake_test

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/google/go-cmp/cmp"
)

// randomParts returns the parts of an answer, in the form in which a stream
// collects them.
func randomParts(r *rand.Rand) []model.Part {
	text := func() string {
		b := make([]byte, r.IntN(12))
		for i := range b {
			b[i] = " ab\xc3\xa9\"{\x00"[r.IntN(8)]
		}
		return string(b)
	}
	var parts []model.Part
	for range 1 + r.IntN(5) {
		var p model.Part
		switch r.IntN(8) {
		case 0:
			p = model.Text(text())
		case 1:
			p = model.Thinking{Text: text(), Signature: text(), Provider: []string{"fake", "other"}[r.IntN(2)], Incomplete: r.IntN(9) == 0}
		case 2:
			p = model.Thinking{Redacted: []byte(text() + "x"), Provider: "fake"}
		case 3:
			p = model.ToolCall{ID: "i" + text(), Name: text(), Input: json.RawMessage([]string{`{}`, ` {"a": 1.50}`, `[1,"é"]`, `0`}[r.IntN(4)])}
		case 4:
			p = model.ToolCall{ID: "i", Name: "n", InvalidInput: "{" + text()}
		case 5:
			p = model.ServerToolCall{ID: "i", Name: "n", Kind: text(), Input: json.RawMessage(`{}`)}
		case 6:
			p = model.CitedText{Text: text(), Citations: []model.Citation{{Title: text()}, {Quotes: []string{"q"}}}[:r.IntN(3)]}
		case 7:
			p = model.Opaque{Provider: "p", Kind: text(), Data: json.RawMessage(`{"a":1}`)}
		}
		parts = append(parts, p)
	}
	return parts
}

// collects plays a random answer in pieces of a size, negative for the usual ones.
// What a stream of it collects must be the script, and what Generate returns.
func collects(t *testing.T, seed uint64, size int) {
	t.Helper()
	parts := randomParts(rand.New(rand.NewPCG(seed, 0)))
	turn := fake.Reply(parts...)
	if size >= 0 {
		turn = turn.Pieces(size)
	}
	want, err := fake.New(turn).Generate(t.Context(), hello())
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(parts, want.Message.Parts) { // quicker than cmp, which says how they differ
		if diff := cmp.Diff(parts, want.Message.Parts); diff != "" {
			t.Errorf("Generate changes the script (-script +got)\n%s", diff)
		}
	}
	s := fake.New(turn).Stream(t.Context(), hello())
	var bytes int // of what is delivered in pieces
	for ev, err := range s.Events() {
		if err != nil {
			t.Fatal(err)
		}
		if size > 0 && len(ev.Text) > size {
			t.Errorf("a piece of %d bytes, want at most %d", len(ev.Text), size)
		}
		bytes += len(ev.Text)
	}
	got, err := s.Response()
	if err != nil || !reflect.DeepEqual(want, got) {
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("stream error = %v, response (-generate +stream)\n%s", err, diff)
		}
	}
	if want := deliverable(parts); bytes != want {
		t.Errorf("the pieces have %d bytes, want %d", bytes, want)
	}
}

// TestStreamCollects plays random answers in pieces of all sizes.
func TestStreamCollects(t *testing.T) {
	for seed := range uint64(300) {
		collects(t, seed, int(seed%18)-1)
	}
}

// FuzzStreamCollects is TestStreamCollects for any answer. A seed of a fuzz target
// costs many times what it costs a test, so there are few.
func FuzzStreamCollects(f *testing.F) {
	for seed := range uint64(9) {
		f.Add(seed, int(seed*2)-1)
	}
	f.Fuzz(collects)
}

// deliverable returns how many bytes of the parts arrive as texts of events.
func deliverable(parts []model.Part) int {
	n := 0
	for _, p := range parts {
		switch p := p.(type) {
		case model.Text:
			n += len(p)
		case model.CitedText:
			n += len(p.Text)
		case model.Thinking:
			n += len(p.Text) + len(p.Signature)
		case model.ToolCall:
			n += len(p.Input) + len(p.InvalidInput)
		case model.ServerToolCall:
			n += len(p.Input)
		}
	}
	return n
}
