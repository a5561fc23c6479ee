package streaming

import (
	"time"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func incremental(p *probe.Probe) {
	pieces := []string{"one ", "two ", "three"}
	r := p.Play(fake.Text("one two three").Split(pieces...).Every(time.Hour))
	start := time.Now()
	n := 0
	for ev, err := range r.Stream(p.Ctx, probe.Ask("Count.")).Events() {
		if err != nil {
			p.Fatalf("the stream failed: %v", err)
		}
		if ev.Kind != model.EventText || ev.Text == "" {
			continue
		}
		if n++; !p.Bubble {
			break // the next one is an hour away
		}
		if got, next := time.Since(start), time.Duration(n)*time.Hour; got >= next {
			p.Errorf("piece %d was handed on after %v, the next one arrived after %v", n, got, next)
		}
	}
	if n == 0 {
		p.Errorf("no piece was handed on")
	}
	r.Released("after the loop")
}

func lazy(p *probe.Probe) {
	r := p.Play(fake.Text("Hello."))
	r.Stream(p.Ctx, probe.Ask("Hi"))
	ready := r.Soon(func() bool { return r.Script.Calls() == 0 })
	if !ready {
		p.Errorf("a stream that nobody ranged over has sent a request")
	}
	r.Released("a stream that nobody ranged over")
	if got := r.Answer(probe.Generate, probe.Ask("Hi")).Text(); got != "Hello." {
		p.Errorf("the stream that nobody ranged over has used up an answer: the next is %q", got)
	}
}

func longWaits(p *probe.Probe) {
	if !p.Bubble {
		return // without a bubble this would take too long
	}
	p.Streams("an answer with pauses of ten minutes", fake.Text("one two three").After(10*time.Minute).Every(10*time.Minute), probe.Ask("Count."),
		[]model.Part{model.Text("one two three")})
}
