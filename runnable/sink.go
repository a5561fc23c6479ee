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
//
// The sender of events holds the sink while it sends. That is once a model call
// and not once an event, which would cost as much as the event.
type sink struct {
	// take emits an event: it is the loop body, or a branch's way up.
	take func(Event, error) bool

	quit   context.CancelCauseFunc // ends the run or the branch
	state  atomic.Int32
	used   bool         // the holder has sent something
	inLoop bool         // the consumer's loop body runs; of the outermost sink only
	lost   error        // what a step that is torn down by a panic leaves behind
	sent   atomic.Int64 // how many holders have
}

// newBranchSink returns the sink of a branch. Events go up until ctx ends.
func newBranchSink(ctx context.Context, quit context.CancelCauseFunc, up chan<- Event) *sink {
	return &sink{quit: quit, take: func(ev Event, _ error) bool {
		select {
		case up <- ev:
			return true
		case <-ctx.Done():
			return false
		}
	}}
}

// The states of a sink.
const (
	sinkIdle   = iota
	sinkHeld   // somebody sends
	sinkClosed // no event will be taken
)

// hold makes the caller the one who sends. It fails if there is another one,
// or nobody to send to: a step has started goroutines of its own, and lets two
// of them send at once or did not wait for them.
func (s *sink) hold() error {
	switch {
	case s.state.CompareAndSwap(sinkIdle, sinkHeld):
		return nil
	case s.state.Load() == sinkClosed:
		return errLeft
	}
	return errOverlap
}

// release ends what hold began.
func (s *sink) release() {
	if s.used {
		s.used = false
		s.sent.Add(1)
	}
	s.state.CompareAndSwap(sinkHeld, sinkIdle)
}

// send emits an event, for the holder. It reports false if the step must
// end, with [sink.leave]. It is small enough to be inlined.
func (s *sink) send(ev Event) bool {
	s.used = true
	return s.state.Load() != sinkClosed && s.take(ev, nil)
}

// leave ends the run or the branch, whose events are not taken any more, and
// returns the error for the step that sent the last one.
func (s *sink) leave(ctx context.Context) error {
	s.close()
	s.quit(errLeft)
	if e := model.ContextError(ctx); e != nil {
		return e
	}
	return errLeft
}

// close reports whether the sink was open.
func (s *sink) close() bool { return s.state.Swap(sinkClosed) != sinkClosed }

var (
	errLeft    = &model.Error{Kind: model.ErrStopped, Op: "stream", Message: "the loop over the run was left before it was complete"}
	errOverlap = &model.Error{Kind: model.ErrInvalidRequest, Op: "stream",
		Message: "two goroutines send events at once; use Parallel, Map or Batch to run steps concurrently, or make them Quiet"}
)

// A runContext is the context inside a run. It says where events go and what
// they are labelled with. A run has one type for both, so that a chain of
// names does not become a chain of contexts.
type runContext struct {
	context.Context
	sink *sink // nil in a quiet step
	step string
}

// runKey is the key by which a [runContext] finds itself below other contexts.
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

// apart returns the context for a model whose events are sent by who asks it:
// a chain inside that model must not send them, too.
func (c *runContext) apart(ctx context.Context) context.Context {
	if ctx == context.Context(c) && c.Context.Value(runKey{}) == nil {
		return c.Context
	}
	return c.over(ctx, nil, "")
}

// over returns a runContext on top of ctx, in the place of c if that is ctx.
func (c *runContext) over(ctx context.Context, s *sink, step string) context.Context {
	if ctx == context.Context(c) {
		ctx = c.Context
	}
	return &runContext{Context: ctx, sink: s, step: step}
}

// seen returns a number that grows when events go out through ctx. What has
// been seen cannot be taken back, so a step that repeats another asks this.
func seen(ctx context.Context) int64 {
	if rc := listening(ctx); rc != nil {
		return rc.sink.sent.Load()
	}
	return 0
}

// Progress sends a value to the loop that ranges over the run ([Run.Events]),
// as an event labelled with the step that ctx belongs to. Steps and tools use
// it to report how far they are. If nothing ranges over the run, Progress does
// nothing.
//
// The value is passed on unchanged. The error says that the loop over the run
// has ended, or that another goroutine of the step is sending at the same time.
// The step should return it.
func Progress(ctx context.Context, value any) error {
	rc := listening(ctx)
	if rc == nil || value == nil {
		return nil
	}
	return emit(ctx, rc, Event{Step: rc.step, Progress: value})
}

// emit sends one event.
func emit(ctx context.Context, rc *runContext, ev Event) error {
	if err := rc.sink.hold(); err != nil {
		return err
	}
	defer rc.sink.release()
	if !rc.sink.send(ev) {
		return rc.sink.leave(ctx)
	}
	return nil
}
