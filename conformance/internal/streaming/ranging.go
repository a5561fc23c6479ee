package streaming

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/chatmodel-go/chatmodel/conformance/internal/laws"
	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/prompt"
	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func secondRange(p *probe.Probe) {
	for i, what := range []string{"a complete stream", "a failed stream"} {
		turn := []fake.Turn{fake.Text("Hello."), fake.Fail(&model.Error{Kind: model.ErrUnavailable, Message: "down"})}[i]
		r := p.Play(turn.Always())
		s := r.Stream(p.Ctx, probe.Ask("Hi"))
		for range s.Events() { // only the second loop matters
		}
		usedUp(p, what, s)
		r.Calls(what+", ranged over twice", 1)
	}
	r := p.Play(fake.Text("one two three").Always())
	s := r.Stream(p.Ctx, probe.Ask("Hi"))
	for range s.Events() {
		break
	}
	usedUp(p, "a stream that was left", s)
	r.Calls("a stream that was left, ranged over again", 1)
}

// usedUp checks that a stream yields only ErrStreamUsed.
func usedUp(p *probe.Probe, what string, s laws.Stream) {
	n := 0
	for ev, err := range s.Events() {
		n++
		if err == nil {
			p.Errorf("%s, ranged over again, yields an event %v", what, ev.Kind)
		} else if model.KindOf(err) != model.ErrStreamUsed {
			p.Errorf("%s, ranged over again, yields an error of kind %q, want %q", what, string(model.KindOf(err)), string(model.ErrStreamUsed))
		}
		if n > 100 {
			break
		}
	}
	if n != 1 {
		p.Errorf("%s, ranged over again, yields %d times, want one error", what, n)
	}
}

func textOnly(p *probe.Probe) {
	parts, req := p.Sample()
	for _, size := range []int{1, 2} {
		r := p.Play(fake.Reply(parts...).Pieces(size))
		var got strings.Builder
		for text, err := range r.Stream(p.Ctx, req).Text() {
			if err != nil {
				p.Fatalf("Text failed: %v", err)
			}
			if text == "" {
				p.Errorf("Text yields an empty piece")
			}
			if !utf8.ValidString(text) {
				p.Errorf("Text yields %q, a part of a character", text)
			}
			got.WriteString(text)
		}
		p.Equal("what Text yields", got.String(), model.Message{Parts: parts}.Text())
	}
}

func textError(p *probe.Probe) {
	r := p.Play(fake.Text("one two three").CutAfter(2))
	var got []string
	var failure error
	for text, err := range r.Stream(p.Ctx, probe.Ask("Count.")).Text() {
		if failure != nil {
			p.Errorf("Text goes on after its error")
		}
		if failure = err; err == nil {
			got = append(got, text)
		} else if text != "" {
			p.Errorf("Text yields %q together with its error", text)
		}
	}
	p.Equal("what Text yields before its error", strings.Join(got, ""), "one two")
	if failure == nil {
		p.Errorf("Text of a truncated answer ends without an error")
	}
}

func responseAlone(p *probe.Probe) {
	r := p.Play(fake.Text("Hello.").Always())
	s := r.Stream(p.Ctx, probe.Ask("Hi"))
	for i := range 2 {
		resp, err := s.Response()
		if err != nil {
			p.Fatalf("Response, call %d: %v", i+1, err)
		}
		p.Equal(fmt.Sprintf("text of Response, call %d", i+1), resp.Text(), "Hello.")
	}
	r.Calls("two calls of Response", 1)
	r.Released("Response")
}

func responseAfterLoop(p *probe.Probe) {
	r := p.Play(fake.Text("Hello.").Always())
	s := r.Stream(p.Ctx, probe.Ask("Hi"))
	var finish *model.Response
	for ev, err := range s.Events() {
		if err != nil {
			p.Fatalf("the stream failed: %v", err)
		}
		if ev.Kind == model.EventFinish {
			finish = ev.Response
		}
	}
	resp, err := s.Response()
	if err != nil {
		p.Fatalf("Response after the loop: %v", err)
	}
	p.Equal("Response after the loop, compared with the finish event's", resp, finish)
	r.Calls("a loop and Response", 1)
}

func finishOnce(p *probe.Probe) {
	parts, req := p.Sample()
	r := p.Play(fake.Reply(parts...))
	o := r.Observe(p.Ctx, req)
	n := 0
	for _, ev := range o.Events {
		if ev.Kind == model.EventFinish {
			n++
		}
	}
	if n != 1 {
		p.Fatalf("the stream has %d finish events, want one", n)
	}
	last := o.Events[len(o.Events)-1]
	if last.Kind != model.EventFinish {
		p.Fatalf("the last event is %v, want finish", last.Kind)
	}
	if last.Response == nil {
		p.Fatalf("the finish event has no response")
	}
	p.Equal("parts of the finish event's answer", prompt.Plain(last.Response.Message.Parts), prompt.Plain(parts))
	for _, f := range o.Faults {
		p.Errorf("%s", f)
	}
}

func responseWithinLoop(p *probe.Probe) {
	r := p.Play(fake.Text("one two three"))
	s := r.Stream(p.Ctx, probe.Ask("Count."))
	for ev, err := range s.Events() {
		if err != nil {
			p.Fatalf("the stream failed: %v", err)
		}
		if ev.Kind != model.EventText || ev.Text == "" {
			continue
		}
		resp, err := s.Response()
		if model.KindOf(err) != model.ErrStreamUsed {
			p.Errorf("Response within the loop = %v, want an error of kind %q", err, string(model.ErrStreamUsed))
		}
		if resp == nil || !strings.HasPrefix("one two three", resp.Text()) || resp.Text() == "" {
			p.Errorf("Response within the loop returns (%s), want the part so far", show.Value(resp))
		}
		break
	}
	r.Calls("a loop with Response in it", 1)
}
