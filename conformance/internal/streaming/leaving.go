package streaming

import (
	"fmt"
	"strings"
	"time"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func breakReleases(p *probe.Probe) {
	parts, req := p.Sample()
	for k := 0; ; k++ {
		r := p.Play(fake.Reply(parts...).Pieces(4), fake.Text("Still here."))
		n := 0
		for _, err := range r.Stream(p.Ctx, req).Events() {
			if err != nil {
				p.Fatalf("the stream failed: %v", err)
			}
			if n++; n > k {
				break
			}
		}
		r.Released(fmt.Sprintf("a loop left after event %d", n))
		if got := r.Answer(probe.Generate, probe.Ask("Hi")).Text(); got != "Still here." {
			p.Errorf("the call after a loop that was left answers %q", got)
		}
		if n <= k || k > 60 || p.Failed() {
			return // that was the whole stream
		}
	}
}

func breakLeavesNothing(p *probe.Probe) {
	const breaks = 8
	r := p.Play(fake.Text("one two three four").Always())
	for range r.Stream(p.Ctx, probe.Ask("Hi")).Events() { // creates what stays for good, such as a connection
	}
	before := p.Goroutines()
	for range breaks {
		for range r.Stream(p.Ctx, probe.Ask("Hi")).Events() {
			break
		}
	}
	if !r.Soon(func() bool { return p.Goroutines() < before+breaks/2 }) {
		p.Errorf("%d loops that were left early left %d goroutines behind", breaks, p.Goroutines()-before)
	}
	r.Released("loops that were left")
}

func breakStopsWaiting(p *probe.Probe) {
	r := p.Play(fake.Text("one two three").Every(time.Hour))
	start := time.Now()
	for range r.Stream(p.Ctx, probe.Ask("Count.")).Events() {
		break
	}
	if got := time.Since(start); p.Bubble && got >= time.Hour { // without a bubble the check hangs instead
		p.Errorf("leaving the loop took %v", got)
	}
	r.Released("a loop left while the provider pauses")
}

func breakIsStopped(p *probe.Probe) {
	r := p.Play(fake.Text("one two three"))
	s := r.Stream(p.Ctx, probe.Ask("Count."))
	var seen []model.Event
	for ev := range s.Events() {
		if seen = append(seen, ev); len(probe.Said(seen)) > 3 {
			break
		}
	}
	resp, err := s.Response()
	if model.KindOf(err) != model.ErrStopped {
		p.Errorf("Response after a loop that was left = %v, want an error of kind %q", err, string(model.ErrStopped))
	}
	if resp == nil || resp.Text() != probe.Said(seen) {
		p.Errorf("Response after a loop that was left returns (%s), want the text %q", show.Value(resp), probe.Said(seen))
	}
}

func panicReleases(p *probe.Probe) {
	r := p.Play(fake.Text("one two three"))
	s := r.Stream(p.Ctx, probe.Ask("Count."))
	text := probe.Caught(func() {
		for range s.Events() {
			panic("from the loop")
		}
	})
	if !strings.HasPrefix(text, "from the loop") {
		p.Errorf("a panic in the loop reached the caller as %q", text)
	}
	r.Released("a panic in the loop")
}
