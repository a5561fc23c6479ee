package runnable

import (
	"context"
	"sync/atomic"

	"github.com/chatmodel-go/chatmodel/model"
)

// A sink takes the events of a run. In a linear chain it calls the consumer's
// own loop body; in a branch of a concurrent step it hands them to the
// goroutine that waits for the branches, which does the same one level up.
// So a loop body is only ever called by the goroutine that ranges.
type sink struct {
	yield func(Event, error) bool // of a linear chain
	quit  context.CancelCauseFunc // ends the run

	handOver chan<- Event    // of a branch
	stop     <-chan struct{} // ends the branch

	state atomic.Int32
	sent  int // events so far
}

// The states of a sink.
const (
	sinkIdle   = iota
	sinkBusy   // an event is being taken
	sinkClosed // no event will be taken
)

// emit hands on an event. An error means that the step should end.
func (s *sink) emit(ev Event) error {
	if !s.state.CompareAndSwap(sinkIdle, sinkBusy) {
		return s.refusal()
	}
	s.sent++
	if !s.take(ev) {
		s.state.Store(sinkClosed)
		return errLeft
	}
	s.state.Store(sinkIdle)
	return nil
}

func (s *sink) take(ev Event) bool {
	if s.yield != nil {
		if s.yield(ev, nil) {
			return true
		}
		s.quit(errLeft)
		return false
	}
	select {
	case s.handOver <- ev:
		return true
	case <-s.stop:
		return false
	}
}

var (
	errLeft    = &model.Error{Kind: model.ErrStopped, Op: "stream", Message: "the loop over the run was left before it was complete"}
	errOverlap = &model.Error{Kind: model.ErrInvalidRequest, Op: "stream",
		Message: "events came from two goroutines at once; use Parallel, Map or Batch to run steps concurrently, or make them Quiet"}
)

// refusal says why an event was not taken: a step that started goroutines of
// its own let two of them emit at once, or did not wait for them.
func (s *sink) refusal() error {
	if s.state.Load() == sinkClosed {
		return errLeft
	}
	return errOverlap
}

// A runContext is the context inside a run. It says where events go and what
// they are labelled with. A run has one type for both, so that a chain of
// names does not become a chain of contexts.
type runContext struct {
	context.Context
	sink *sink // nil in a quiet step
	step string
}

type runKey struct{}

// Value finds the runContext itself, and whatever its parent holds.
func (c *runContext) Value(key any) any {
	if key == (runKey{}) {
		return c
	}
	return c.Context.Value(key)
}

// listening returns the runContext of a run whose events are listened to,
// and nil otherwise.
func listening(ctx context.Context) *runContext {
	rc, ok := ctx.(*runContext)
	if !ok {
		rc, _ = ctx.Value(runKey{}).(*runContext)
	}
	if rc == nil || rc.sink == nil {
		return nil
	}
	return rc
}

// labelled adds a name to the path that events are labelled with.
func labelled(ctx context.Context, name string) context.Context {
	rc := listening(ctx)
	if rc == nil {
		return ctx
	}
	return rc.over(ctx, rc.sink, join(rc.step, name))
}

// silenced returns a context whose events go nowhere.
func silenced(ctx context.Context) context.Context {
	rc := listening(ctx)
	if rc == nil {
		return ctx
	}
	return rc.over(ctx, nil, "")
}

// over returns a runContext on top of ctx, in the place of c if that is ctx.
func (c *runContext) over(ctx context.Context, s *sink, step string) context.Context {
	if ctx == context.Context(c) {
		ctx = c.Context
	}
	return &runContext{Context: ctx, sink: s, step: step}
}

// seen returns the number of events that have gone out through ctx. What has
// been seen cannot be taken back, so whoever repeats a step asks this.
func seen(ctx context.Context) int {
	if rc := listening(ctx); rc != nil {
		return rc.sink.sent
	}
	return 0
}
