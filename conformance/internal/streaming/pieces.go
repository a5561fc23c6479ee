package streaming

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/chatmodel-go/chatmodel/conformance/internal/laws"
	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/prompt"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func oneByte(p *probe.Probe) {
	parts, req := p.Sample()
	p.Streams("pieces of one byte", fake.Reply(parts...).Pieces(1), req, parts)
	p.Streams("odd text in pieces of one byte", fake.Text(strings.Join(probe.OddTexts, " ")).Pieces(1), probe.Ask("Hi"), []model.Part{model.Text(strings.Join(probe.OddTexts, " "))})
}

func onePiece(p *probe.Probe) {
	parts, req := p.Sample()
	p.Streams("parts in one piece", fake.Reply(parts...).Pieces(0), req, parts)
}

func randomPieces(p *probe.Probe) {
	const text = "It was the best of times – it was the worst of times. 最好的时代 👩‍👩‍👧‍👦 \n"
	for seed := range uint64(12) {
		pieces := cutRandomly(rand.New(rand.NewPCG(seed, 7)), text)
		p.Streams(fmt.Sprintf("random pieces, seed %d", seed), fake.Text(text).Split(pieces...), probe.Ask("Hi"), []model.Part{model.Text(text)})
	}
}

func cutRandomly(r *rand.Rand, text string) []string {
	var pieces []string
	for len(text) > 0 {
		n := min(1+r.IntN(9), len(text))
		pieces, text = append(pieces, text[:n]), text[n:]
	}
	return pieces
}

func emptyPieces(p *probe.Probe) {
	p.Streams("empty pieces", fake.Text("Hello world").Split("", "Hello", "", "", " world", ""), probe.Ask("Hi"), []model.Part{model.Text("Hello world")})
}

func largePiece(p *probe.Probe) {
	text := strings.Repeat("0123456789abcdef", 1<<14)
	p.Streams("a piece of 256 KiB", fake.Text(text).Pieces(0), probe.Ask("Hi"), []model.Part{model.Text(text)})
}

func manyPieces(p *probe.Probe) {
	var b strings.Builder
	for i := range 1200 {
		fmt.Fprintf(&b, "%d,", i)
	}
	p.Streams("thousands of pieces", fake.Text(b.String()).Pieces(2), probe.Ask("Hi"), []model.Part{model.Text(b.String())})
}

func piecesKeptApart(p *probe.Probe) {
	pieces := []string{"one ", "two ", "three ", "four ", "five"}
	r := p.Play(fake.Text(strings.Join(pieces, "")).Split(pieces...))
	n := 0
	for _, ev := range r.Observe(p.Ctx, probe.Ask("Count.")).Events {
		if ev.Kind == model.EventText && ev.Text != "" {
			n++
		}
	}
	if n < len(pieces) {
		p.Errorf("an answer that the provider sent in %d pieces arrived in %d", len(pieces), n)
	}
}

func interleavedParts(p *probe.Probe) {
	r := p.Play(fake.Events(
		model.Event{Kind: model.EventText, Index: 0, Text: "Let me "},
		model.Event{Kind: model.EventToolCall, Index: 1, Part: model.ToolCall{ID: "c1", Name: "look"}},
		model.Event{Kind: model.EventText, Index: 0, Text: "see."},
		model.Event{Kind: model.EventToolInput, Index: 1, Text: `{"at"`},
		model.Event{Kind: model.EventToolCall, Index: 2, Part: model.ToolCall{ID: "c2", Name: "look"}},
		model.Event{Kind: model.EventToolInput, Index: 2, Text: `{"at":2`},
		model.Event{Kind: model.EventToolInput, Index: 1, Text: `:1}`},
		model.Event{Kind: model.EventToolInput, Index: 2, Text: `}`},
		model.Event{Kind: model.EventPartDone, Index: 1},
		model.Event{Kind: model.EventPartDone, Index: 0},
		model.Event{Kind: model.EventPartDone, Index: 2},
		model.Event{Kind: model.EventFinish, Response: &model.Response{StopReason: model.StopToolUse}},
	))
	o := r.Observe(p.Ctx, probe.WithTools(probe.Ask("Look."), "look"))
	if o.Err != nil {
		p.Fatalf("the stream failed: %v", o.Err)
	}
	p.Equal("parts of the answer", prompt.Plain(o.Response.Message.Parts), []model.Part{
		model.Text("Let me see."), probe.ToolCall("c1", "look", `{"at":1}`), probe.ToolCall("c2", "look", `{"at":2}`)})
	if err := laws.All(o); err != nil {
		p.Errorf("%v", err)
	}
}

func sparseIndices(p *probe.Probe) {
	r := p.Play(fake.Events(
		model.Event{Kind: model.EventText, Index: 2, Text: "One."},
		model.Event{Kind: model.EventPartDone, Index: 2},
		model.Event{Kind: model.EventText, Index: 9, Text: "Two."},
		model.Event{Kind: model.EventPartDone, Index: 9},
		model.Event{Kind: model.EventFinish, Response: &model.Response{StopReason: model.StopEndTurn}},
	))
	o := r.Observe(p.Ctx, probe.Ask("Count."))
	if o.Err != nil {
		p.Fatalf("the stream failed: %v", o.Err)
	}
	p.Equal("parts of the answer", o.Response.Message.Parts, []model.Part{model.Text("One."), model.Text("Two.")})
	if err := laws.All(o); err != nil {
		p.Errorf("%v", err)
	}
}

func noPartEnds(p *probe.Probe) {
	r := p.Play(fake.Events(
		model.Event{Kind: model.EventText, Index: 0, Text: "One."},
		model.Event{Kind: model.EventText, Index: 1, Text: "Two."},
		model.Event{Kind: model.EventFinish, Response: &model.Response{StopReason: model.StopEndTurn}},
	))
	o := r.Observe(p.Ctx, probe.Ask("Count."))
	if o.Err != nil {
		p.Fatalf("the stream failed: %v", o.Err)
	}
	p.Equal("parts of the answer", o.Response.Message.Parts, []model.Part{model.Text("One."), model.Text("Two.")})
	if err := laws.All(o); err != nil {
		p.Errorf("%v", err)
	}
}

func adjacentTexts(p *probe.Probe) {
	parts := []model.Part{model.Text("One."), model.Text("Two."), model.Text("Three.")}
	p.Streams("three texts in a row", fake.Reply(parts...), probe.Ask("Count."), parts)
}
