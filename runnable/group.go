package runnable

import (
	"context"
	"runtime"
	"runtime/debug"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// defaultLimit bounds concurrency where the caller does not say.
const defaultLimit = 8

// limitOr returns a limit, the default one if it is none.
func limitOr(limit int) int {
	if limit < 1 {
		return defaultLimit
	}
	return limit
}

// concurrently calls work for 0 to n-1, at most limit at a time, and returns
// when all calls have. The first error that work returns cancels the context
// of the others and is returned, with the conversations of the others beside it;
// see [LoopErrors].
//
// The goroutine that calls it emits the branches' events. A panic or a
// runtime.Goexit in a branch is repeated on it.
func concurrently(ctx context.Context, n, limit int, work func(ctx context.Context, i int) error) error {
	switch n {
	case 0:
		return nil
	case 1:
		return work(labelled(ctx, "[0]"), 0)
	}
	return fork(ctx, n, limit, work)
}

// fork is concurrently for more than one branch.
func fork(ctx context.Context, n, limit int, work func(ctx context.Context, i int) error) error {
	outer := ctx
	ctx, cancel := context.WithCancelCause(ctx)
	eg, ctx := errgroup.WithContext(ctx)
	g := &group{n: n, work: work, cancel: cancel, done: make(chan struct{}), errs: make([]error, n)}
	if rc := listening(ctx); rc != nil {
		if err := rc.sink.hold(); err != nil {
			cancel(nil)
			return err
		}
		defer rc.sink.release()
		g.parent, g.events = rc, make(chan Event)
	}
	defer func() { // also when the consumer's loop panics
		if !inLoop(outer) {
			cancel(nil)
			eg.Wait()
			return
		}
		cancel(errLeft)
		if err := eg.Wait(); err != nil { // what the branches leave behind
			g.parent.sink.lost = g.together(err)
		}
	}()
	workers := min(n, limit)
	g.active.Store(int32(workers))
	for range workers {
		eg.Go(func() error { return g.worker(ctx) })
	}
	g.relay()
	err := eg.Wait()
	if p := g.panicked.Load(); p != nil {
		panic(p)
	}
	if g.exited.Load() {
		runtime.Goexit()
	}
	return g.together(err)
}

// A group is the branches of a concurrent step.
type group struct {
	n      int
	work   func(ctx context.Context, i int) error
	cancel context.CancelCauseFunc
	next   atomic.Int64 // the next branch to be started

	parent *runContext // who listens; nil if nobody
	events chan Event  // from the branches to parent

	errs []error // of the branches

	active   atomic.Int32  // workers
	done     chan struct{} // closed by the last worker
	panicked atomic.Pointer[PanicError]
	exited   atomic.Bool // a branch called runtime.Goexit
}

// worker runs branches until there are no more or one fails.
func (g *group) worker(ctx context.Context) (err error) {
	returned := false
	defer func() {
		if !returned {
			g.abort(recover())
		}
		if g.active.Add(-1) == 0 {
			close(g.done)
		}
	}()
	for err == nil {
		i := int(g.next.Add(1)) - 1
		if i >= g.n {
			break
		}
		err = g.work(g.branch(ctx, i), i)
		g.errs[i] = err
	}
	returned = true
	return err
}

// together puts the errors of the other branches that have conversations beside
// the first one, when all have ended.
func (g *group) together(first error) error {
	e, ok := first.(*StepError)
	if !ok {
		return first
	}
	all := *e
	all.beside = slices.Clip(all.beside)
	for _, err := range g.errs {
		if other, ok := err.(*StepError); ok && other != e && hasLoop(other) {
			all.beside = append(all.beside, other)
		}
	}
	return &all
}

// abort ends the other branches after one panicked or exited.
func (g *group) abort(value any) {
	switch p, again := value.(*PanicError); {
	case value == nil:
		g.exited.Store(true)
	case again: // from a concurrent step within the branch
		g.panicked.CompareAndSwap(nil, p)
	default:
		g.panicked.CompareAndSwap(nil, &PanicError{Value: value, Stack: debug.Stack()})
	}
	g.cancel(nil)
}

// branch returns the context of a branch.
func (g *group) branch(ctx context.Context, i int) context.Context {
	if g.parent == nil {
		return ctx
	}
	return &runContext{
		Context: ctx,
		sink:    newBranchSink(ctx, g.cancel, g.events),
		step:    join(g.parent.step, indexName(i)),
	}
}

// relay emits the branches' events until they have ended.
func (g *group) relay() {
	for g.parent != nil {
		select {
		case <-g.done:
			return
		case ev := <-g.events:
			if !g.parent.sink.send(ev) {
				g.parent.sink.leave(g.parent)
				g.cancel(errLeft) // the branches end by themselves now
				return
			}
		}
	}
}
