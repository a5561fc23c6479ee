package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/chatmodel-go/chatmodel/model"
)

// An Observation is what was seen of one call: the events of a stream, if it
// was one, and how it ended.
type Observation struct {
	Events []model.Event // nil for a call of Generate

	// Response is the complete answer, or with an error what had arrived of
	// one, if anything.
	Response *model.Response
	Err      error

	// Provider is the name that thinking and errors should carry. Empty means
	// any name.
	Provider string

	streamed bool     // Events were seen, be there none
	faults   []string // what the loop itself showed
}

// Observe ranges over a stream to its end and returns what it saw. The
// observation shares its parts with the stream's response.
func Observe(s *model.Stream) Observation { return observe(s, "") }

func observe(s stream, provider string) Observation {
	o := Observation{Provider: provider, streamed: true}
	finished := false
	for ev, err := range s.Events() {
		switch {
		case o.Err != nil:
			o.fault("the loop went on after the error %v", o.Err)
		case finished && err != nil:
			o.fault("the error %v came after the finish event", err)
		case finished:
			o.fault("an event %v came after the finish event", ev.Kind)
		}
		if err != nil {
			if o.Err == nil {
				o.Err = err
			}
			if !reflect.DeepEqual(ev, model.Event{}) {
				o.fault("an event %v came with the error", ev.Kind)
			}
			continue
		}
		finished = finished || ev.Kind == model.EventFinish
		o.Events = append(o.Events, ev)
	}
	resp, err := s.Response()
	if fmt.Sprint(err) != fmt.Sprint(o.Err) {
		o.fault("the loop ended with the error %v, Response returns %v", o.Err, err)
	}
	o.Response = resp
	return o
}

func (o *Observation) fault(format string, args ...any) {
	o.faults = append(o.faults, fmt.Sprintf(format, args...))
}

// Laws returns what is wrong with an observation by any of the laws:
// CheckEvents, CheckPieces, CheckUsage and CheckThinking. They hold for every answer of
// every model, so they can be run over anybody's streams.
func Laws(o Observation) error {
	return errors.Join(CheckEvents(o), CheckPieces(o), CheckUsage(o), CheckThinking(o))
}

// lawError joins what a law found.
func lawError(law string, faults []string) error {
	if len(faults) == 0 {
		return nil
	}
	return fmt.Errorf("%s: %s", law, strings.Join(faults, "; "))
}

// CheckEvents returns what is wrong with the sequence of events: every part has
// one or more events and then one EventPartDone; after the last part comes one
// EventFinish and nothing else; an error ends an answer that has no finish,
// and comes last. It says nothing of a call that was not streamed.
func CheckEvents(o Observation) error {
	if !o.streamed && o.Events == nil {
		return nil
	}
	g := grammar{faults: slices.Clone(o.faults), open: map[int]model.EventKind{}}
	for i, ev := range o.Events {
		g.event(i, ev)
	}
	switch {
	case o.Err == nil && !g.finished:
		g.fault("the stream ended without a finish event and without an error")
	case o.Err != nil && g.finished:
		g.fault("the answer was finished, and then failed: %v", o.Err)
	}
	if o.Err != nil {
		if _, ok := errors.AsType[*model.Error](o.Err); !ok {
			g.fault("the error is a %T, want a *model.Error", o.Err)
		}
	}
	return lawError("grammar", g.faults)
}

type grammar struct {
	open     map[int]model.EventKind // the kind that began the open part of an index
	finished bool
	faults   []string
}

func (g *grammar) fault(format string, args ...any) {
	g.faults = append(g.faults, fmt.Sprintf(format, args...))
}

func (g *grammar) event(i int, ev model.Event) {
	if g.finished {
		g.fault("event %d, %v, comes after the finish event", i, ev.Kind)
	}
	switch ev.Kind {
	case model.EventPartDone:
		g.done(i, ev)
	case model.EventFinish:
		g.finish(i, ev)
	case model.EventText, model.EventThinking, model.EventSignature, model.EventToolInput:
		g.piece(i, ev)
	case model.EventRedacted, model.EventToolCall, model.EventCitation, model.EventPart:
		if !carries(ev) {
			g.fault("event %d, %v, carries a part of type %T", i, ev.Kind, ev.Part)
		}
		g.piece(i, ev)
	case 0:
		g.fault("event %d has no kind", i)
	} // later versions may add kinds; they are passed over
}

// piece notes an event of a part.
func (g *grammar) piece(i int, ev model.Event) {
	first, open := g.open[ev.Index]
	switch {
	case !open:
		g.open[ev.Index] = ev.Kind
	case family(first) != family(ev.Kind):
		g.fault("event %d, %v, lies within a part of index %d that began with %v", i, ev.Kind, ev.Index, first)
	case ev.Kind == model.EventToolCall, ev.Kind == model.EventPart:
		g.fault("event %d, %v, begins a part at index %d before the one before it was done", i, ev.Kind, ev.Index)
	}
}

func (g *grammar) done(i int, ev model.Event) {
	first, open := g.open[ev.Index]
	switch {
	case !open:
		g.fault("event %d says that a part of index %d is done, but none is open there", i, ev.Index)
	case ev.Part == nil:
		g.fault("event %d, %v, has no part", i, ev.Kind)
	case !fits(first, ev.Part):
		g.fault("event %d completes a part that began with %v as a %T", i, first, ev.Part)
	}
	delete(g.open, ev.Index)
}

func (g *grammar) finish(i int, ev model.Event) {
	g.finished = true
	if len(g.open) > 0 {
		g.fault("event %d is the finish, but %d parts are not done", i, len(g.open))
	}
	switch {
	case ev.Response == nil:
		g.fault("event %d, the finish, has no response", i)
	case ev.Response.Message.Role != model.RoleAssistant:
		g.fault("the answer has the role %q, want %q", ev.Response.Message.Role, model.RoleAssistant)
	}
	if ev.Index != 0 {
		g.fault("event %d, the finish, has the index %d, want 0", i, ev.Index)
	}
}

// carries reports whether an event's part is of the type that its kind says.
func carries(ev model.Event) bool {
	switch ev.Part.(type) {
	case nil:
		return false
	case model.Thinking:
		return ev.Kind == model.EventRedacted || ev.Kind == model.EventPart
	case model.CitedText:
		return ev.Kind == model.EventCitation || ev.Kind == model.EventPart
	case model.ToolCall, model.ServerToolCall:
		return ev.Kind == model.EventToolCall || ev.Kind == model.EventPart
	}
	return ev.Kind == model.EventPart
}

// family returns the kind that stands for all that may build one part.
func family(k model.EventKind) model.EventKind {
	switch k {
	case model.EventSignature:
		return model.EventThinking
	case model.EventToolInput:
		return model.EventToolCall
	case model.EventCitation:
		return model.EventText
	}
	return k
}

// fits reports whether a part can be what began with an event of a kind.
func fits(first model.EventKind, p model.Part) bool {
	switch family(first) {
	case model.EventText:
		switch p.(type) {
		case model.Text, model.CitedText:
			return true
		}
	case model.EventThinking, model.EventRedacted:
		_, ok := p.(model.Thinking)
		return ok
	case model.EventToolCall:
		switch p.(type) {
		case model.ToolCall, model.ServerToolCall:
			return true
		}
	case model.EventPart:
		return true
	}
	return false
}

// CheckPieces returns where an answer says something else than its events:
// the pieces of every part add up to the part, the parts by index are the
// answer, and what broke off holds what had arrived, marked as incomplete.
func CheckPieces(o Observation) error {
	if !o.streamed && o.Events == nil {
		return nil
	}
	var faults []string
	sum := tallyOf(o.Events)
	for _, b := range sum.blocks {
		if b.done == nil {
			continue
		}
		if got, want := plainPart(b.done), plainPart(b.part()); !reflect.DeepEqual(got, want) && !b.whole() {
			faults = append(faults, fmt.Sprintf("the part of index %d is %s, its pieces add up to %s", b.index, describePart(got), describePart(want)))
		}
	}
	want := saidParts(sum.parts())
	var got []model.Part
	if o.Response != nil {
		got = saidParts(plainParts(o.Response.Message.Parts))
	}
	if !reflect.DeepEqual(got, want) {
		faults = append(faults, fmt.Sprintf("the answer is %s, its events add up to %s", shorten(describeParts(got)), shorten(describeParts(want))))
	}
	if sum.finish != nil && o.Err == nil && !reflect.DeepEqual(sum.finish, o.Response) {
		faults = append(faults, fmt.Sprintf("the finish event has the answer (%s), Response returns (%s)", shorten(show(sum.finish)), shorten(show(o.Response))))
	}
	return lawError("conservation", faults)
}

// saidParts leaves out texts that say nothing: whether an empty piece makes a
// part is nobody's concern.
func saidParts(parts []model.Part) []model.Part {
	return slices.DeleteFunc(slices.Clone(parts), func(p model.Part) bool { return p == model.Part(model.Text("")) })
}

// inputOf says where the text of a call's input belongs: JSON into one field,
// anything else into the other.
func inputOf(text string) (input json.RawMessage, invalid string) {
	switch {
	case strings.TrimSpace(text) == "":
		return json.RawMessage("{}"), ""
	case json.Valid([]byte(text)):
		return json.RawMessage(text), ""
	}
	return nil, text
}

// A tally adds up events, independently of how package model does.
type tally struct {
	blocks []*tallied
	finish *model.Response
}

// A tallied is the part of an answer that the events of one index made.
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

func tallyOf(events []model.Event) *tally {
	t := &tally{}
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

func (t *tally) open(index int) *tallied {
	for _, b := range t.blocks {
		if b.index == index && b.done == nil {
			return b
		}
	}
	return nil
}

func (t *tally) piece(ev model.Event) {
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

// part returns what the pieces add up to.
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

// parts returns the answer so far. Parts that are not done say so where
// they can.
func (t *tally) parts() []model.Part {
	var all []model.Part
	for _, b := range t.blocks {
		p := plainPart(b.part())
		if b.done != nil {
			p = plainPart(b.done)
		} else if th, ok := p.(model.Thinking); ok {
			th.Incomplete = true
			p = th
		}
		all = append(all, p)
	}
	return all
}

// CheckUsage returns what is wrong with an answer's usage: InputTokens is the
// whole prompt, so what was read from and written to the cache is part of it;
// the writes by lifetime add up to all writes; and an answer whose provider
// told nothing has a usage that is not known rather than a usage of nothing.
func CheckUsage(o Observation) error {
	if o.Response == nil || !o.Response.TokenUsage().Known {
		return nil
	}
	u := o.Response.Usage
	var faults []string
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	if u.InputTokens < 0 || u.OutputTokens < 0 || u.CacheReadTokens < 0 || u.CacheWriteTokens < 0 {
		fault("a counter is negative: %s", show(u))
	}
	if u.ReasoningTokens < 0 || u.ReasoningTokens > u.OutputTokens {
		fault("%d tokens went into thinking, of %d that were written", u.ReasoningTokens, u.OutputTokens)
	}
	if u.CacheReadTokens+u.CacheWriteTokens > u.InputTokens {
		fault("%d tokens were read from the cache and %d written, more than the whole prompt's %d", u.CacheReadTokens, u.CacheWriteTokens, u.InputTokens)
	}
	if sum := sumWrites(u.CacheWrites); u.CacheWrites != nil && sum != u.CacheWriteTokens {
		fault("the cache writes by lifetime add up to %d, all writes are %d", sum, u.CacheWriteTokens)
	}
	if u.Total() == 0 && made(o.Response) {
		fault("the usage counts nothing for an answer that says something; the Known of an unknown usage is false")
	}
	return lawError("accounting", faults)
}

func sumWrites(writes []model.CacheWrite) int {
	sum := 0
	for _, w := range writes {
		sum += w.Tokens
	}
	return sum
}

// made reports whether the model itself has answered: a guardrail answers
// without it.
func made(r *model.Response) bool {
	return len(saidParts(r.Message.Parts)) > 0 && r.StopReason != model.StopGuardrail && r.StopReason != model.StopContentFiltered
}

// CheckThinking returns what is wrong with an answer's thinking: each block
// names who made it, is of one of the forms that exist, and is complete in an
// answer that is; and no thinking shows in the answer's text.
func CheckThinking(o Observation) error {
	if o.Response == nil {
		return nil
	}
	var faults []string
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	for i, t := range o.Response.Thinking() {
		switch {
		case t.Provider == "":
			fault("thinking %d does not name its provider", i)
		case o.Provider != "" && t.Provider != o.Provider:
			fault("thinking %d is of provider %q, want %q", i, t.Provider, o.Provider)
		}
		if len(t.Redacted) > 0 && (t.Text != "" || t.Signature != "") {
			fault("thinking %d is redacted, and has a text or a signature", i)
		}
		if t.Incomplete && o.Err == nil {
			fault("thinking %d is incomplete in an answer that is complete", i)
		}
	}
	if o.streamed || o.Events != nil {
		text := ""
		for _, b := range tallyOf(o.Events).blocks {
			text += model.Message{Parts: []model.Part{b.part()}}.Text()
		}
		if got := o.Response.Text(); got != text {
			fault("the answer's text is %s, the text events add up to %s", showText(got), showText(text))
		}
	}
	return lawError("provenance", faults)
}
