package laws

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/chatmodel-go/chatmodel/conformance/internal/prompt"
	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/model"
)

// Pieces returns the differences between an answer and its events. The pieces
// of every part add up to the part, and the parts by index are the answer. A
// part that broke off has what had arrived and is marked as incomplete.
func Pieces(o Observation) error {
	if !o.Streamed && o.Events == nil {
		return nil
	}
	var faults []string
	sum := TallyOf(o.Events)
	for _, b := range sum.blocks {
		if b.done == nil {
			continue
		}
		if got, want := prompt.Part(b.done), prompt.Part(b.part()); !reflect.DeepEqual(got, want) && !b.whole() {
			faults = append(faults, fmt.Sprintf("the part of index %d is %s, its pieces add up to %s", b.index, show.Part(got), show.Part(want)))
		}
	}
	want := SaidParts(sum.Parts())
	var got []model.Part
	if o.Response != nil {
		got = SaidParts(prompt.Plain(o.Response.Message.Parts))
	}
	if !reflect.DeepEqual(got, want) {
		faults = append(faults, fmt.Sprintf("the answer is %s, its events add up to %s", show.Shorten(show.Parts(got)), show.Shorten(show.Parts(want))))
	}
	if sum.finish != nil && o.Err == nil && !reflect.DeepEqual(sum.finish, o.Response) {
		faults = append(faults, fmt.Sprintf("the finish event has the answer (%s), Response returns (%s)", show.Shorten(show.Value(sum.finish)), show.Shorten(show.Value(o.Response))))
	}
	return broken("conservation", faults)
}

// SaidParts returns parts without empty texts. No law says whether an empty
// piece makes a part.
func SaidParts(parts []model.Part) []model.Part {
	return slices.DeleteFunc(slices.Clone(parts), func(p model.Part) bool { return p == model.Part(model.Text("")) })
}

// inputOf returns the text of a call's input in the field where it belongs:
// JSON in the first, anything else in the second.
func inputOf(text string) (input json.RawMessage, invalid string) {
	switch {
	case strings.TrimSpace(text) == "":
		return json.RawMessage("{}"), ""
	case json.Valid([]byte(text)):
		return json.RawMessage(text), ""
	}
	return nil, text
}

// A Tally adds up events, independently of how package model does.
type Tally struct {
	blocks []*tallied
	finish *model.Response
}

// A tallied is the part of an answer that the events with one index add up to.
type tallied struct {
	index     int
	first     model.EventKind
	text      string
	signature string
	redacted  []byte
	citations []model.Citation
	head      model.Part
	done      model.Part
}

// TallyOf adds up the events of an answer.
func TallyOf(events []model.Event) *Tally {
	t := &Tally{}
	for _, ev := range events {
		switch ev.Kind {
		case model.EventFinish:
			t.finish = ev.Response
		case model.EventPartDone:
			if b := t.open(ev.Index); b != nil {
				b.done = ev.Part
			}
		default:
			if ev.Kind != 0 && ev.Kind < model.EventPartDone {
				t.piece(ev)
			}
		}
	}
	slices.SortStableFunc(t.blocks, func(a, b *tallied) int { return a.index - b.index })
	return t
}

func (t *Tally) open(index int) *tallied {
	for _, b := range t.blocks {
		if b.index == index && b.done == nil {
			return b
		}
	}
	return nil
}

func (t *Tally) piece(ev model.Event) {
	b := t.open(ev.Index)
	if b == nil {
		b = &tallied{index: ev.Index, first: ev.Kind}
		t.blocks = append(t.blocks, b)
	}
	switch p := ev.Part.(type) {
	case model.Thinking:
		b.redacted = append(b.redacted, p.Redacted...)
	case model.CitedText:
		b.citations = append(b.citations, p.Citations...)
	case nil:
		if ev.Kind == model.EventSignature {
			b.signature += ev.Text
		} else {
			b.text += ev.Text
		}
	}
	if ev.Kind == model.EventToolCall || ev.Kind == model.EventPart {
		b.head = ev.Part
	}
}

func (b *tallied) whole() bool { return b.first == model.EventPart }

// part returns the sum of the pieces.
func (b *tallied) part() model.Part {
	switch family(b.first) {
	case model.EventThinking:
		return model.Thinking{Text: b.text, Signature: b.signature}
	case model.EventRedacted:
		return model.Thinking{Redacted: b.redacted}
	case model.EventToolCall:
		return b.call()
	case model.EventPart:
		return b.head
	}
	if len(b.citations) > 0 {
		return model.CitedText{Text: b.text, Citations: b.citations}
	}
	return model.Text(b.text)
}

func (b *tallied) call() model.Part {
	input, invalid := inputOf(b.text)
	switch c := b.head.(type) {
	case model.ServerToolCall:
		c.Input, c.InvalidInput = input, invalid
		return c
	case model.ToolCall:
		c.Input, c.InvalidInput = input, invalid
		return c
	}
	return model.ToolCall{Input: input, InvalidInput: invalid}
}

// Parts returns the answer so far. Parts that are not done are marked as
// incomplete where they can be.
func (t *Tally) Parts() []model.Part {
	var all []model.Part
	for _, b := range t.blocks {
		p := prompt.Part(b.part())
		if b.done != nil {
			p = prompt.Part(b.done)
		} else if th, ok := p.(model.Thinking); ok {
			th.Incomplete = true
			p = th
		}
		all = append(all, p)
	}
	return all
}
