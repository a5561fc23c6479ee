package conformance

import (
	"context"
	"fmt"
	"iter"
	"reflect"
	"strings"
	"sync"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func concurrencyCases() []Case {
	return []Case{
		{ID: "CON-01", Name: "Generate", check: concurrentGenerate,
			Rule: "Generate may be called concurrently; every call gets its own answer"},
		{ID: "CON-02", Name: "Stream", check: concurrentStream,
			Rule: "Stream may be called concurrently; every stream is its own answer"},
		{ID: "CON-03", Name: "SharedRequest", check: sharedRequest,
			Rule: "one request may be used for many calls at once"},
		{ID: "CON-04", Name: "InterleavedStreams", check: interleavedStreams,
			Rule: "streams that are read in turns share nothing"},
		{ID: "CON-05", Name: "Reentrant", check: reentrant,
			Rule: "a model may be called within the loop over one of its streams"},
		{ID: "CON-06", Name: "SettingsApart", check: settingsApart,
			Rule: "the settings of one call never show in another"},
		{ID: "CON-07", Name: "RangedLater", check: rangedLater,
			Rule: "streams may be made in one order and ranged over in another; each answers its own request"},
	}
}

// echo answers with the last words of the user.
func echo() fake.Turn {
	return fake.Func(func(_ context.Context, req *model.Request) (*model.Response, error) {
		text := req.Messages[len(req.Messages)-1].Text()
		return &model.Response{Message: model.Assistant("You said: " + text)}, nil
	}).Pieces(3).Always()
}

const callers = 24

// together runs f on many goroutines at once and waits for them.
func together(f func(i int)) {
	var wg sync.WaitGroup
	for i := range callers {
		wg.Go(func() { f(i) })
	}
	wg.Wait()
}

// words returns what caller i says. They differ in length and content.
func words(i int) string { return fmt.Sprintf("caller %d: %s", i, strings.Repeat("ab", i)) }

func (p *probe) concurrently(w way) {
	r := p.play(echo())
	together(func(i int) {
		resp, err := r.ask(p.ctx, w, ask(words(i)))
		if err != nil || resp == nil {
			p.errorf("%s of caller %d failed: %v", w, i, err)
			return
		}
		if got, want := resp.Text(), "You said: "+words(i); got != want {
			p.errorf("%s of caller %d answers %s, want %s", w, i, showText(got), showText(want))
		}
	})
	r.calls("all callers", callers)
	r.released("all callers")
}

func concurrentGenerate(p *probe) { p.concurrently(generate) }
func concurrentStream(p *probe)   { p.concurrently(streaming) }

func sharedRequest(p *probe) {
	r := p.play(echo())
	req := rich(p.subject.Capabilities.Tools)
	before := req.Clone()
	together(func(i int) {
		resp, err := r.ask(p.ctx, ways[i%2], req)
		if err != nil || resp == nil || resp.Text() != "You said: Go on." {
			p.errorf("%s of caller %d = (%s), %v, want %q", ways[i%2], i, show(resp), err, "You said: Go on.")
		}
	})
	if !reflect.DeepEqual(req, before) {
		p.errorf("the shared request was changed\ngot:  %s\nwant: %s", shorten(showJSON(req)), shorten(showJSON(before)))
	}
	for i := range min(callers, r.script.Calls()) {
		p.equal(fmt.Sprintf("turns of call %d", i+1), r.prompt(i).turns, promptOf(before).turns)
		if p.failed() {
			return
		}
	}
}

func interleavedStreams(p *probe) {
	r := p.play(echo())
	const n = 3
	type reader struct {
		next func() (model.Event, error, bool)
		stop func()
		text string
	}
	var readers [n]*reader
	for i := range n {
		next, stop := iter.Pull2(r.stream(p.ctx, ask(words(i))).Events())
		readers[i] = &reader{next: next, stop: stop}
		defer stop()
	}
	for open := n; open > 0; {
		open = 0
		for i, rd := range readers {
			ev, err, ok := rd.next()
			if !ok {
				continue
			}
			open++
			if err != nil {
				p.fatalf("stream %d failed: %v", i, err)
			}
			if ev.Kind == model.EventText {
				rd.text += ev.Text
			}
		}
	}
	for i, rd := range readers {
		p.equal(fmt.Sprintf("text of stream %d", i), rd.text, "You said: "+words(i))
	}
	r.released("streams that were read in turns")
}

func reentrant(p *probe) {
	r := p.play(echo())
	inner := 0
	for ev, err := range r.stream(p.ctx, ask("outer")).Events() {
		if err != nil {
			p.fatalf("the outer stream failed: %v", err)
		}
		if ev.Kind == model.EventText && inner < 2 {
			inner++
			p.equal("text of a call within the loop", r.answer(ways[inner%2], ask("inner")).Text(), "You said: inner")
		}
		if ev.Kind == model.EventFinish {
			p.equal("text of the outer stream", ev.Response.Text(), "You said: outer")
		}
	}
}

func settingsApart(p *probe) {
	r := p.play(fake.Text("ok").Always())
	together(func(i int) {
		req := ask(words(i))
		req.MaxTokens = 100 + i
		if i%2 == 0 && p.subject.Capabilities.Tools {
			withTools(req, fmt.Sprintf("tool%d", i))
		}
		if i%3 == 0 && p.subject.Capabilities.Sampling {
			req.Temperature = new(0.5)
		}
		if _, err := r.ask(p.ctx, ways[i%2], req); err != nil {
			p.errorf("caller %d failed: %v", i, err)
		}
	})
	for n := range r.script.Calls() {
		got := r.prompt(n)
		i := got.MaxTokens - 100
		if i < 0 || i >= callers {
			p.errorf("a call was sent with max_tokens %d, which nobody asked for", got.MaxTokens)
			continue
		}
		p.equal(fmt.Sprintf("words of caller %d", i), got.text(model.RoleUser), words(i))
		if i%2 == 0 && p.subject.Capabilities.Tools {
			if len(got.Tools) != 1 || got.Tools[0].Name != fmt.Sprintf("tool%d", i) {
				p.errorf("caller %d's call was sent with the tools %s", i, show(got.Tools))
			}
		} else if len(got.Tools) > 0 {
			p.errorf("caller %d's call was sent with %d tools, which are another's", i, len(got.Tools))
		}
		if want := i%3 == 0 && p.subject.Capabilities.Sampling; (got.Temperature != nil) != want {
			p.errorf("caller %d's call was sent with the temperature %s", i, show(got.Temperature))
		}
	}
}

func rangedLater(p *probe) {
	r := p.play(echo())
	const n = 5
	var streams [n]stream
	for i := range n {
		streams[i] = r.stream(p.ctx, ask(words(i)))
	}
	for i := n - 1; i >= 0; i-- {
		resp, err := streams[i].Response()
		if err != nil || resp == nil {
			p.fatalf("stream %d failed: %v", i, err)
		}
		p.equal(fmt.Sprintf("text of stream %d", i), resp.Text(), "You said: "+words(i))
	}
}
