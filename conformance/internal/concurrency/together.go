package concurrency

import (
	"context"
	"fmt"
	"iter"
	"reflect"
	"strings"
	"sync"

	"github.com/chatmodel-go/chatmodel/conformance/internal/laws"
	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/prompt"
	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// echo returns a turn that answers with the last words of the user.
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

// words returns the words of caller i. They differ in length and content.
func words(i int) string { return fmt.Sprintf("caller %d: %s", i, strings.Repeat("ab", i)) }

func concurrently(p *probe.Probe, w probe.Way) {
	r := p.Play(echo())
	together(func(i int) {
		resp, err := r.Ask(p.Ctx, w, probe.Ask(words(i)))
		if err != nil || resp == nil {
			p.Errorf("%s of caller %d failed: %v", w, i, err)
			return
		}
		if got, want := resp.Text(), "You said: "+words(i); got != want {
			p.Errorf("%s of caller %d answers %s, want %s", w, i, show.Text(got), show.Text(want))
		}
	})
	r.Calls("all callers", callers)
	r.Released("all callers")
}

func concurrentGenerate(p *probe.Probe) { concurrently(p, probe.Generate) }

func concurrentStream(p *probe.Probe) { concurrently(p, probe.Stream) }

func sharedRequest(p *probe.Probe) {
	r := p.Play(echo())
	req := probe.Rich(p.Subject.Capabilities.Tools)
	before := req.Clone()
	together(func(i int) {
		resp, err := r.Ask(p.Ctx, probe.Ways[i%2], req)
		if err != nil || resp == nil || resp.Text() != "You said: Go on." {
			p.Errorf("%s of caller %d = (%s), %v, want %q", probe.Ways[i%2], i, show.Value(resp), err, "You said: Go on.")
		}
	})
	if !reflect.DeepEqual(req, before) {
		p.Errorf("the shared request was changed\ngot:  %s\nwant: %s", show.Shorten(show.JSON(req)), show.Shorten(show.JSON(before)))
	}
	for i := range min(callers, r.Script.Calls()) {
		p.Equal(fmt.Sprintf("turns of call %d", i+1), r.Prompt(i).Turns, prompt.Of(before).Turns)
		if p.Failed() {
			return
		}
	}
}

func interleavedStreams(p *probe.Probe) {
	r := p.Play(echo())
	const n = 3
	type reader struct {
		next func() (model.Event, error, bool)
		stop func()
		text string
	}
	var readers [n]*reader
	for i := range n {
		next, stop := iter.Pull2(r.Stream(p.Ctx, probe.Ask(words(i))).Events())
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
				p.Fatalf("stream %d failed: %v", i, err)
			}
			if ev.Kind == model.EventText {
				rd.text += ev.Text
			}
		}
	}
	for i, rd := range readers {
		p.Equal(fmt.Sprintf("text of stream %d", i), rd.text, "You said: "+words(i))
	}
	r.Released("streams that were read in turns")
}

func reentrant(p *probe.Probe) {
	r := p.Play(echo())
	inner := 0
	for ev, err := range r.Stream(p.Ctx, probe.Ask("outer")).Events() {
		if err != nil {
			p.Fatalf("the outer stream failed: %v", err)
		}
		if ev.Kind == model.EventText && inner < 2 {
			inner++
			p.Equal("text of a call within the loop", r.Answer(probe.Ways[inner%2], probe.Ask("inner")).Text(), "You said: inner")
		}
		if ev.Kind == model.EventFinish {
			p.Equal("text of the outer stream", ev.Response.Text(), "You said: outer")
		}
	}
}

func settingsApart(p *probe.Probe) {
	r := p.Play(fake.Text("ok").Always())
	together(func(i int) {
		req := probe.Ask(words(i))
		req.MaxTokens = 100 + i
		if i%2 == 0 && p.Subject.Capabilities.Tools {
			probe.WithTools(req, fmt.Sprintf("tool%d", i))
		}
		if i%3 == 0 && p.Subject.Capabilities.Sampling {
			req.Temperature = new(0.5)
		}
		if _, err := r.Ask(p.Ctx, probe.Ways[i%2], req); err != nil {
			p.Errorf("caller %d failed: %v", i, err)
		}
	})
	for n := range r.Script.Calls() {
		got := r.Prompt(n)
		i := got.MaxTokens - 100
		if i < 0 || i >= callers {
			p.Errorf("a call was sent with max_tokens %d, which nobody asked for", got.MaxTokens)
			continue
		}
		p.Equal(fmt.Sprintf("words of caller %d", i), got.Text(model.RoleUser), words(i))
		if i%2 == 0 && p.Subject.Capabilities.Tools {
			if len(got.Tools) != 1 || got.Tools[0].Name != fmt.Sprintf("tool%d", i) {
				p.Errorf("caller %d's call was sent with the tools %s", i, show.Value(got.Tools))
			}
		} else if len(got.Tools) > 0 {
			p.Errorf("caller %d's call was sent with %d tools, which are another's", i, len(got.Tools))
		}
		if want := i%3 == 0 && p.Subject.Capabilities.Sampling; (got.Temperature != nil) != want {
			p.Errorf("caller %d's call was sent with the temperature %s", i, show.Value(got.Temperature))
		}
	}
}

func rangedLater(p *probe.Probe) {
	r := p.Play(echo())
	const n = 5
	var streams [n]laws.Stream
	for i := range n {
		streams[i] = r.Stream(p.Ctx, probe.Ask(words(i)))
	}
	for i := n - 1; i >= 0; i-- {
		resp, err := streams[i].Response()
		if err != nil || resp == nil {
			p.Fatalf("stream %d failed: %v", i, err)
		}
		p.Equal(fmt.Sprintf("text of stream %d", i), resp.Text(), "You said: "+words(i))
	}
}
