package runnable

import "context"

// Progress sends a value out to whoever ranges over the run ([Run.Events]), as
// an event labelled with the step that ctx belongs to. Steps and tools report
// by it how far they are. Where nobody listens, it does nothing.
//
// The value is handed on as it is. The error says that the loop over the run
// was left, or that another goroutine of the step sends at the same time; the
// step should return it.
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
