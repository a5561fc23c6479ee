package conformance

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func causeOfDeadline(p *probe) {
	check := func(what string, err error) {
		if !errors.Is(err, errCause) {
			p.errorf("%s: the cause of the deadline can't be reached by errors.Is: %v", what, err)
		}
		p.ended(what, err, model.ErrDeadline)
	}
	for _, w := range ways {
		r := p.play(fake.Text("Hello.").After(hour).Always())
		ctx, cancel := context.WithDeadlineCause(p.ctx, time.Now().Add(-time.Second), errCause)
		_, err := r.ask(ctx, w, ask("Hi"))
		cancel()
		check(fmt.Sprintf("%s with a deadline that has passed", w), err)
		if !p.env.Bubble {
			continue // the clock would have to say when it passes
		}
		ctx, cancel = context.WithTimeoutCause(p.ctx, time.Minute, errCause)
		_, err = r.ask(ctx, w, ask("Hi"))
		cancel()
		check(fmt.Sprintf("%s whose deadline passes", w), err)
	}
}

// leavesNothing checks that calls which are over have left no goroutine, while
// the context that they were made with lives on.
func leavesNothing(p *probe) {
	const n = 8
	bad := with(ask("Hi"), func(r *model.Request) { r.MaxTokens = -1 })
	for _, c := range []struct {
		what string
		turn fake.Turn
		req  *model.Request
	}{
		{"answers", fake.Text("one two three").Always(), ask("Count.")},
		{"failures", fake.Fail(refusal(model.ErrUnavailable)).Always(), ask("Count.")},
		{"refusals", fake.Text("ok").Always(), bad},
		{"answers that break off", fake.Text("one two three").CutAfter(2).Always(), ask("Count.")},
	} {
		for _, w := range ways {
			r := p.play(c.turn)
			ctx, cancel := context.WithCancel(p.ctx)
			r.ask(ctx, w, c.req) // what stays for good, such as a connection, is there now
			r.soon(func() bool { return true })
			before := p.goroutines()
			for range n {
				r.ask(ctx, w, c.req)
			}
			if !r.soon(func() bool { return p.goroutines() < before+n/2 }) {
				p.errorf("%d calls of %s that brought %s left %d goroutines behind, though they are over", n, w, c.what, p.goroutines()-before)
			}
			cancel()
		}
	}
}
