package cancellation

import (
	"context"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func cancelReleases(p *probe.Probe) {
	const n = 8
	r := p.Play(fake.Text("one two three").Every(probe.Hour).Always())
	before := p.Goroutines()
	for range n {
		ctx, cancel := context.WithCancel(p.Ctx)
		p.MidStream(r, 1, ctx, cancel)
	}
	r.Released("cancelled streams")
	if !r.Soon(func() bool { return p.Goroutines() < before+n/2 }) {
		p.Errorf("%d cancelled streams left %d goroutines behind", n, p.Goroutines()-before)
	}
}

// leavesNothing checks that calls which are over have left no goroutine,
// although their context has not ended.
func leavesNothing(p *probe.Probe) {
	const n = 8
	bad := probe.With(probe.Ask("Hi"), func(r *model.Request) { r.MaxTokens = -1 })
	for _, c := range []struct {
		what string
		turn fake.Turn
		req  *model.Request
	}{
		{"answers", fake.Text("one two three").Always(), probe.Ask("Count.")},
		{"failures", fake.Fail(probe.Refusal(model.ErrUnavailable)).Always(), probe.Ask("Count.")},
		{"refusals", fake.Text("ok").Always(), bad},
		{"answers that break off", fake.Text("one two three").CutAfter(2).Always(), probe.Ask("Count.")},
	} {
		for _, w := range probe.Ways {
			r := p.Play(c.turn)
			ctx, cancel := context.WithCancel(p.Ctx)
			r.Ask(ctx, w, c.req) // creates what stays for good, such as a connection
			r.Soon(func() bool { return true })
			before := p.Goroutines()
			for range n {
				r.Ask(ctx, w, c.req)
			}
			if !r.Soon(func() bool { return p.Goroutines() < before+n/2 }) {
				p.Errorf("%d calls of %s that brought %s left %d goroutines behind, though they are over", n, w, c.what, p.Goroutines()-before)
			}
			cancel()
		}
	}
}
