package model_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

// eventText returns an event in a few words.
func eventText(ev model.Event) string {
	s := fmt.Sprintf("%s[%d]", ev.Kind, ev.Index)
	if ev.Text != "" {
		s += shortened(ev.Text)
	}
	if ev.Part != nil {
		s += dump(ev.Part)
	}
	if ev.Response != nil {
		s += dump(*ev.Response)
	}
	return s
}

// playbook notes what streams of events give.
type playbook struct {
	t     *testing.T
	lines []string
}

// note plays a stream that make returns: to its end, as text, as an answer, and
// left at each event.
func (p *playbook) note(name string, make func() *model.Stream) {
	p.lines = append(p.lines, name+":")
	add := func(format string, args ...any) { p.lines = append(p.lines, "  "+fmt.Sprintf(format, args...)) }
	s := make()
	n := 0
	for ev, err := range s.Events() {
		if err != nil {
			add("! %s", failureText(err))
			continue
		}
		n++
		add("%s", eventText(ev))
	}
	resp, err := s.Response()
	if err != nil || resp == nil {
		add("answer %s, %s", dump(resp), failureText(err))
	}
	var pieces []string
	s = make()
	for text, err := range s.Text() {
		if err != nil {
			pieces = append(pieces, "! "+failureText(err))
			continue
		}
		pieces = append(pieces, fmt.Sprintf("%q", text))
	}
	if len(pieces) > 0 && n > 1 {
		add("as text: %s", strings.Join(pieces, " "))
	}
	again, errAgain := make().Response()
	if dump(again) != dump(resp) || failureText(errAgain) != failureText(err) {
		add("asked for at once: %s, %s", dump(again), failureText(errAgain))
	}
}

// one plays events that end as they do.
func (p *playbook) one(name string, err error, events ...model.Event) {
	p.note(name, func() *model.Stream {
		s := play(p.t.Context(), err, events...)
		s.Relabel(pieceInfo)
		return s
	})
}

// pieces are events of every kind at an index, and the ends of parts.
func pieces(i int) []model.Event {
	return []model.Event{
		textEvent(i, "a"), thinkingEvent(i, "hm"), signatureEvent(i, "sig"), redactedEvent(i, "r"), callEvent(i, "t", "n"),
		{Kind: model.EventToolCall, Index: i, Part: model.ServerToolCall{ID: "s", Name: "n", Kind: "k"}}, inputEvent(i, `{"q":1}`),
		citationEvent(i, model.Citation{Title: "c"}), partEvent(i, model.Image{URI: "u"}), partEvent(i, model.Opaque{Provider: "p", Kind: "k"}),
		doneEvent(i), donePart(i, model.Text("given")),
	}
}

// pieceInfo labels the thinking of the streams below.
var pieceInfo = model.StreamInfo{Provider: "p", Model: "eu.m", Base: "m"}

// TestGoldenStreamPairs plays each event before each other one, at the same index
// and at others: on one line, the events that come out and the parts.
func TestGoldenStreamPairs(t *testing.T) {
	var lines []string
	for _, second := range []int{1, 2, 0} {
		for _, a := range pieces(1) {
			for _, b := range pieces(second) {
				s := model.NewStream(t.Context(), pieceInfo, func(_ context.Context, emit func(model.Event) bool) error {
					_ = emit(a) && emit(b) && emit(model.Event{Kind: model.EventFinish})
					return nil
				})
				var line []string
				for ev, err := range s.Events() {
					if err != nil {
						line = append(line, failureText(err))
						continue
					}
					if ev.Kind == model.EventFinish {
						line = append(line, "= "+dump(ev.Response.Message.Parts))
						continue
					}
					line = append(line, eventText(ev))
				}
				lines = append(lines, strings.Join(line, " "))
			}
		}
	}
	checkLines(t, "stream-pairs", lines)
}

// TestGoldenStreamBroken plays each event, and each before another one, and
// breaks off: what had arrived is in the error.
func TestGoldenStreamBroken(t *testing.T) {
	var lines []string
	for i, a := range pieces(1) {
		for j, b := range append(pieces(1), pieces(0)...) {
			s := model.NewStream(t.Context(), pieceInfo, func(_ context.Context, emit func(model.Event) bool) error {
				_ = emit(a) && emit(b)
				return nil
			})
			resp, err := s.Response()
			e := asError(t, err)
			if resp != e.Partial || e.Kind != model.ErrTruncated {
				t.Errorf("%d, %d: Response() = %v, %v", i, j, resp, err)
			}
			if resp == nil {
				lines = append(lines, fmt.Sprintf("%d, %d: nothing", i, j))
				continue
			}
			lines = append(lines, fmt.Sprintf("%d, %d: %s", i, j, dump(resp.Message.Parts)))
		}
	}
	checkLines(t, "stream-broken", lines)
}

// TestGoldenStream plays whole answers and such as no provider should give.
func TestGoldenStream(t *testing.T) {
	p := &playbook{t: t}
	finish := finishEvent()
	p.one("nothing", nil)
	p.one("finish alone", nil, finish)
	p.one("finish without an answer", nil, model.Event{Kind: model.EventFinish})
	p.one("three parts, interleaved, backwards and with gaps", nil, textEvent(9, "c"), callEvent(4, "t", "n"), thinkingEvent(-1, "a"), inputEvent(4, `{"q`),
		textEvent(9, "d"), signatureEvent(-1, "s"), inputEvent(4, `":1}`), doneEvent(4), thinkingEvent(-1, "b"), finish)
	p.one("input that never began", nil, callEvent(0, "t", "n"), finish)
	p.one("input of blanks", nil, callEvent(0, "t", "n"), inputEvent(0, " \n"), finish)
	p.one("input that is not JSON", nil, callEvent(0, "t", "n"), inputEvent(0, `{"q":`), finish)
	p.one("input without a call", nil, inputEvent(0, `[1]`), finish)
	p.one("call that brings input", nil, donePart(0, nil), partEvent(0, model.ToolCall{ID: "t", Input: []byte(`{"given":1}`)}), inputEvent(0, "{}"), finish)
	p.one("cited text", nil, textEvent(0, "a"), citationEvent(0, model.Citation{Title: "one", Quotes: []string{"q"}}), textEvent(0, "b"), citationEvent(0, model.Citation{Title: "two"}), finish)
	p.one("redacted in pieces", nil, redactedEvent(0, "r1"), redactedEvent(0, "r2"), doneEvent(0), finish)
	p.one("two calls at one index", nil, callEvent(0, "t", "n"), inputEvent(0, "{}"), callEvent(0, "u", "n"), inputEvent(0, "[]"), finish)
	p.one("opaque of a model", nil, partEvent(0, model.Opaque{Provider: "p", Kind: "k", Model: "mine"}), partEvent(1, model.Opaque{Kind: "k"}), finish)
	p.one("the end of a part twice", nil, textEvent(0, "a"), doneEvent(0), doneEvent(0), donePart(0, model.Text("b")), finish)
	p.one("what is done given otherwise", nil, textEvent(0, "a"), donePart(0, model.Text("A")), textEvent(0, "b"), finish)
	p.one("answer given", nil, textEvent(0, "a"), model.Event{Kind: model.EventFinish, Response: &model.Response{Message: model.AssistantParts(model.Text("given")), Model: "other", Usage: &model.Usage{Known: true, InputTokens: 1}}})
	p.one("answer given without parts", nil, textEvent(0, "a"), model.Event{Kind: model.EventFinish, Response: &model.Response{Message: model.Message{Role: "robot", Parts: []model.Part{}}}})
	p.one("events behind the end", errBoom, textEvent(0, "a"), finish, textEvent(0, "b"), finish)
	p.one("characters that are cut", nil, textEvent(0, "a\xe2\x82"), textEvent(1, "\xf0"), textEvent(0, "\xacb\xc3"), textEvent(1, "\x9f\x98\x80"), doneEvent(0), textEvent(2, "\xe2"), finish)
	p.one("texts of parts", nil, partEvent(0, model.CitedText{Text: "cited"}), partEvent(1, model.Text("whole")), thinkingEvent(2, "hm"), donePart(3, model.Text("done")), textEvent(4, ""), finish)
	for _, ev := range []model.Event{{}, {Kind: 99}, {Kind: model.EventPart}, {Kind: model.EventCitation, Part: model.Text("a")}, {Kind: model.EventCitation}, {Kind: model.EventRedacted, Part: model.Text("a")},
		{Kind: model.EventToolCall, Part: model.Text("a")}, {Kind: model.EventToolCall}, {Kind: model.EventToolCall, Part: &model.ToolCall{}}} {
		p.one(fmt.Sprintf("an event %d with a %T", ev.Kind, ev.Part), nil, textEvent(0, "a"), ev, textEvent(0, "b"), finish)
	}
	p.one("an event that is none, and an error", errBoom, model.Event{}, finish)
	for i := range 5 {
		p.left(i, textEvent(0, "a"), callEvent(1, "t", "n"), finish)
		p.left(i, textEvent(0, "a"), thinkingEvent(0, "hm"), partEvent(0, model.Text("b")), donePart(0, model.Text("c")), donePart(1, model.Text("d")))
	}
	p.left(9, textEvent(0, "a"), model.Event{}, textEvent(0, "b"))
	p.left(9, model.Event{Kind: model.EventPart}, finish)
	p.left(9, doneEvent(0), finish, finish)
	p.left(9, doneEvent(0))
	p.left(9)
	p.cancelled()
	checkLines(t, "stream", p.lines)
}

// cancelled notes which events are accepted around the end of a context.
func (p *playbook) cancelled() {
	var accepted []bool
	ctx, cancel := context.WithCancel(p.t.Context())
	s := model.NewStream(ctx, pieceInfo, func(_ context.Context, emit func(model.Event) bool) error {
		accepted = append(accepted, emit(textEvent(0, "a")))
		cancel()
		accepted = append(accepted, emit(textEvent(0, "b")), emit(finishEvent()))
		return nil
	})
	resp, err := s.Response()
	p.lines = append(p.lines, fmt.Sprintf("cancelled: accepted %v, answer %s, %s", accepted, dump(resp), failureText(err)))
}

// TestGoldenStreamLengths puts texts together from pieces of every length, which
// are looked at as they grow or are not.
func TestGoldenStreamLengths(t *testing.T) {
	for _, sizes := range [][]int{{0}, {1, 1, 1}, {63, 1, 1}, {64, 1}, {65, 64, 64}, {1023, 1}, {1024}, {1025, 1, 2000, 3}, {10, 1024, 10, 1024, 1024, 5}, {4095, 2, 5000, 100, 200, 300, 400, 5000, 1}, {0, 1, 0, 70, 0, 1 << 15, 0}} {
		for _, look := range []bool{false, true} {
			var want strings.Builder
			var events []model.Event
			for i, n := range sizes {
				events = append(events, textEvent(0, strings.Repeat(string(rune('a'+i)), n)), thinkingEvent(1, "hm"))
			}
			s := play(t.Context(), nil, append(events, finishEvent())...)
			var seen []string
			for ev, err := range s.Events() {
				if err != nil {
					t.Fatal(err)
				}
				if ev.Kind == model.EventText {
					want.WriteString(ev.Text)
				}
				if resp, _ := s.Response(); look && ev.Kind == model.EventText {
					if got := resp.Text(); got != want.String() {
						t.Errorf("%v: the text so far is %s, want %s", sizes, shortened(got), shortened(want.String()))
					}
					seen = append(seen, resp.Text())
				}
			}
			resp, err := s.Response()
			if err != nil || resp.Text() != want.String() || resp.Thinking()[0].Text != strings.Repeat("hm", len(sizes)) {
				t.Errorf("%v: the answer is %s, %v", sizes, shortened(resp.Text()), err)
			}
			for _, text := range seen {
				if !strings.HasPrefix(want.String(), text) {
					t.Errorf("%v: a text that was handed out has changed: %s", sizes, shortened(text))
				}
			}
		}
	}
}

// left leaves the loop behind some events, which run sees.
func (p *playbook) left(n int, events ...model.Event) {
	var accepted []bool
	var late func(model.Event) bool
	s := model.NewStream(p.t.Context(), pieceInfo, func(_ context.Context, emit func(model.Event) bool) error {
		late = emit
		for _, ev := range append(events, textEvent(0, "late")) {
			accepted = append(accepted, emit(ev))
		}
		return errBoom
	})
	i := 0
	for range s.Events() {
		if i++; i > n {
			break
		}
	}
	accepted = append(accepted, late(textEvent(0, "later")))
	resp, err := s.Response()
	p.lines = append(p.lines, fmt.Sprintf("left at %d: accepted %v, answer %s, %s", n, accepted, dump(resp), failureText(err)))
	for ev, err := range s.Events() {
		p.lines = append(p.lines, fmt.Sprintf("  again: %s %s", eventText(ev), failureText(err)))
	}
	for text, err := range s.Text() {
		p.lines = append(p.lines, fmt.Sprintf("  as text: %q %s", text, failureText(err)))
	}
}

// TestGoldenStreamFailures lets run return every sort of error, before anything
// has arrived and behind some text, with a context that lives and one that ends.
func TestGoldenStreamFailures(t *testing.T) {
	partial := &model.Response{Message: model.Assistant("theirs"), Model: "other"}
	var none *model.Error
	errs := []error{
		nil, none, errBoom, context.Canceled, context.DeadlineExceeded, model.ErrThrottled, fmt.Errorf("around: %w", model.ErrQuota),
		&model.Error{}, &model.Error{Kind: model.ErrThrottled, RetryAfter: time.Second, Code: "C", Status: 429, RequestID: "r", Message: "slow"},
		&model.Error{Provider: "x", Op: "y", Model: "z", Kind: model.ErrProvider, Err: errBoom}, &model.Error{Kind: model.ErrProvider, Partial: partial},
		&model.Error{Kind: model.ErrProvider, Partial: &model.Response{Usage: &model.Usage{Known: true}}},
		fmt.Errorf("around: %w", &model.Error{Kind: model.ErrTransport, RetryAfter: time.Minute, Partial: partial, Provider: "x"}),
		&model.Error{Kind: model.ErrCanceled}, &model.Error{Kind: model.ErrCanceled, Err: context.Canceled}, &model.Error{Kind: model.ErrCanceled, Err: fmt.Errorf("%w: %w", context.Canceled, errBoom), RequestID: "r"},
		&model.Error{Kind: model.ErrProvider, Err: context.Canceled, Code: "C"}, &model.Error{Kind: model.ErrProvider, Err: context.DeadlineExceeded},
		&model.Error{Kind: model.ErrDeadline, Err: context.DeadlineExceeded, RequestID: "r", Status: 500},
	}
	p := &playbook{t: t}
	for _, err := range errs {
		for _, arrived := range []string{"", "a"} {
			for _, ends := range []string{"", "cancel", "cause", "late"} {
				p.note(fmt.Sprintf("%T %s %q %s", err, describeNil(err), arrived, ends), func() *model.Stream { return brokenOff(t, err, arrived, ends) })
			}
		}
	}
	if partial.Usage != nil {
		t.Error("the provider's partial answer was changed")
	}
	for _, ends := range []string{"cancel", "cause"} {
		p.note("ended before "+ends, func() *model.Stream {
			ctx, cancel := context.WithCancelCause(t.Context())
			cancel(map[string]error{"cause": errBoom}[ends])
			return play(ctx, nil, finishEvent())
		})
		p.note("failed and ended before "+ends, func() *model.Stream {
			ctx, cancel := context.WithCancelCause(t.Context())
			cancel(map[string]error{"cause": errBoom}[ends])
			return model.FailedStream(ctx, pieceInfo, model.ErrQuota)
		})
	}
	p.note("failed", func() *model.Stream { return model.FailedStream(t.Context(), pieceInfo, errors.New("no")) })
	p.note("relabelled", func() *model.Stream {
		var s *model.Stream
		s = model.NewStream(t.Context(), pieceInfo, func(_ context.Context, emit func(model.Event) bool) error {
			s.Relabel(model.StreamInfo{Provider: "p2", Model: "m2", Base: "b2"})
			_ = emit(thinkingEvent(0, "hm")) && emit(partEvent(1, model.Opaque{Provider: "p"}))
			return errBoom
		})
		return s
	})
	inside := play(t.Context(), nil, textEvent(0, "a"), finishEvent())
	for ev, err := range inside.Events() {
		resp, errInside := inside.Response()
		p.lines = append(p.lines, fmt.Sprintf("in the loop at %s %v: %s, %s", eventText(ev), err, dump(resp), failureText(errInside)))
	}
	checkLines(t, "stream-failures", p.lines)
}

func describeNil(err error) string {
	if e, ok := err.(*model.Error); ok && e == nil {
		return "nil"
	}
	return failureText(err)
}

// brokenOff returns a stream that breaks off with err when some text has arrived
// and its context may have ended. An event behind that end is refused.
func brokenOff(t *testing.T, err error, arrived, ends string) *model.Stream {
	ctx, cancel := context.WithCancelCause(t.Context())
	if ends == "late" {
		var stop func()
		ctx, stop = context.WithDeadline(t.Context(), time.Unix(0, 0))
		t.Cleanup(stop)
		ctx = &endsLater{Context: ctx}
	}
	return model.NewStream(ctx, pieceInfo, func(_ context.Context, emit func(model.Event) bool) error {
		if arrived != "" && !emit(textEvent(0, arrived)) {
			return err
		}
		switch ends {
		case "cancel":
			cancel(nil)
		case "cause":
			cancel(errBoom)
		case "late":
			ctx.(*endsLater).ended = true
		default:
			return err
		}
		if arrived != "" {
			emit(textEvent(0, "refused"))
		}
		return err
	})
}

// endsLater is a context that has ended once it is said.
type endsLater struct {
	context.Context
	ended bool
}

func (c *endsLater) Err() error {
	if !c.ended {
		return nil
	}
	return c.Context.Err()
}
