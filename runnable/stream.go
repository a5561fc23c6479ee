package runnable

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"sync/atomic"

	"github.com/chatmodel-go/chatmodel/internal/rawjson"
	"github.com/chatmodel-go/chatmodel/model"
)

// An Event is an event of a model somewhere in a chain, or of a tool: the
// result of a tool that was run is an event of kind [model.EventPart] that
// brings the [model.ToolResult]. What steps report by [Progress] has no kind.
type Event struct {
	// Step is the path of the step that the event comes from, such as
	// "translate/model"; see [StepError.Step]. Steps without a name are not
	// in it.
	Step string

	model.Event

	// Progress is the value that a step or a tool reported by [Progress]. It is
	// nil in the events of models.
	Progress any
}

// String returns the step and the event in a line of text; see
// [model.Event.String].
func (e Event) String() string {
	text := ""
	if e.Progress != nil {
		text = fmt.Sprintf("progress %v", e.Progress)
	} else {
		text = e.Event.String()
	}
	if e.Step == "" {
		return text
	}
	return e.Step + ": " + text
}

// Format makes every verb of fmt print what String returns.
func (e Event) Format(f fmt.State, verb rune) { io.WriteString(f, e.String()) }

// LogValue makes log/slog show what String shows.
func (e Event) LogValue() slog.Value { return slog.StringValue(e.String()) }

// An eventHead is what an event's JSON has before that of [model.Event].
type eventHead struct {
	Step     string `json:"step,omitempty"`
	Progress any    `json:"progress,omitempty"`
}

// MarshalJSON writes the event as [model.Event.MarshalJSON] does, with the step
// that it comes from. Progress is an object with "progress" instead of a kind.
func (e Event) MarshalJSON() ([]byte, error) {
	if e.Progress != nil {
		return json.Marshal(eventHead{e.Step, e.Progress})
	}
	event, err := e.Event.MarshalJSON()
	if err != nil || e.Step == "" {
		return event, err
	}
	head, err := json.Marshal(eventHead{Step: e.Step})
	if err != nil {
		return nil, err
	}
	return append(append(head[:len(head)-1], ','), event[1:]...), nil
}

// UnmarshalJSON reads what MarshalJSON writes. Progress becomes what
// [encoding/json] makes of it in an any.
func (e *Event) UnmarshalJSON(data []byte) error {
	var head eventHead
	if err := json.Unmarshal(data, &head); err != nil {
		return err
	}
	read := Event{Step: head.Step, Progress: head.Progress}
	if head.Progress == nil {
		if err := json.Unmarshal(data, &read.Event); err != nil {
			return err
		}
	}
	*e = read
	return nil
}

// Stream prepares a run of r whose models answer in pieces. Nothing happens
// until the run is ranged over. Until then, in must not be changed. See [Run]
// for the rules.
func Stream[I, O any](ctx context.Context, r Runnable[I, O], in I) *Run[O] {
	r = present(r)
	return &Run[O]{ctx: ctx, invoke: func(ctx context.Context) (O, error) { return r.Invoke(ctx, in) }}
}

// A Run is a call of a chain that has not been made yet. Ranging over the run,
// by [Run.Events] or [Run.Text], or calling [Run.Result] invokes the chain. The
// events of every model in the chain come out as they happen, from any depth,
// unless a step is [Quiet].
//
//   - A run can be ranged over once. A second range yields an error of kind
//     [model.ErrStreamUsed].
//   - A run that is never ranged over does nothing; there is nothing to close.
//   - Leaving the loop ends the run: its context is cancelled, and everything
//     that the chain started has ended when the loop is left.
//   - An error is yielded last, with a zero Event; nothing follows it. It is
//     the error that Invoke would have returned, and the part of a model's
//     answer that broke off is in its [model.Error.Partial].
//   - The loop body runs on the goroutine that ranges, one event at a time. In
//     a chain without concurrent steps it is called straight from the model's
//     stream: there is no goroutine, no channel and no buffer. Concurrent
//     branches pass their events to the ranging goroutine and wait for it, so a
//     slow loop slows down all of them.
//   - While the run goes on, the text of the last event may be followed by
//     that of another step. Within a step, order is kept.
//
// A Run is meant for one goroutine.
type Run[O any] struct {
	ctx    context.Context
	invoke func(ctx context.Context) (O, error)
	state  atomic.Int32
	out    O
	err    error
}

// The states of a run.
const (
	runUnused = iota
	runRunning
	runEnded
)

// Events returns the events of the run, and at last its error if it has one.
// See [Run] for the rules.
func (r *Run[O]) Events() iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		if !r.state.CompareAndSwap(runUnused, runRunning) {
			yield(Event{}, errUsed)
			return
		}
		if err := r.play(yield); err != nil {
			yield(Event{}, err)
		}
	}
}

// play invokes the chain and returns the error to yield, nil if there is none
// or the loop was left.
func (r *Run[O]) play(yield func(Event, error) bool) error {
	r.err = errLeft // if the loop, or the chain, panics
	defer r.state.Store(runEnded)
	if e := model.ContextError(r.ctx); e != nil {
		r.err = e
		return e
	}
	ctx, quit := context.WithCancelCause(r.ctx)
	defer quit(errLeft)
	s := &sink{quit: quit}
	s.take = func(ev Event, err error) bool {
		s.inLoop = true
		more := yield(ev, err)
		s.inLoop = false
		return more
	}
	defer func() {
		if s.lost != nil {
			r.err = left(s.lost)
		}
	}()
	out, err := r.invoke(&runContext{Context: ctx, sink: s})
	if !s.close() { // the loop was left
		if err != nil {
			r.err = left(err)
		}
		return nil
	}
	s.lost = nil
	r.out, r.err = out, err
	return err
}

// Text returns the text of all models in the chain as it arrives, and at last
// the run's error if it has one. It yields whole characters: the bytes of one
// that was cut wait for the rest. Where more than one model speaks, make those
// that are not for the reader [Quiet]. Thinking and tool calls are passed
// over.
func (r *Run[O]) Text() iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		var cut map[source]string // the beginning of a character
		for ev, err := range r.Events() {
			if err != nil {
				yield("", err)
				return
			}
			if ev.Kind != model.EventText && ev.Kind != model.EventPartDone {
				continue
			}
			at := source{ev.Step, ev.Index}
			text := cut[at]
			delete(cut, at)
			if ev.Kind == model.EventText { // after PartDone no rest can come
				var rest string
				if text, rest = rawjson.CutCharacter(text + ev.Text); rest != "" {
					if cut == nil {
						cut = map[source]string{}
					}
					cut[at] = rest
				}
			}
			if text != "" && !yield(text, nil) {
				return
			}
		}
	}
}

// Result returns the chain's result. It runs the chain first if that has not
// been done. After a loop that was left early, the error is of kind
// [model.ErrStopped] and wraps the error that the chain then returned: a
// [*ToolLoopError] with the conversation so far, if there was one. Called
// inside the loop, Result returns an error of kind [model.ErrStreamUsed].
func (r *Run[O]) Result() (O, error) {
	if r.state.Load() == runUnused {
		for range r.Events() { // the error is kept in r.err
		}
	}
	if r.state.Load() == runRunning {
		var zero O
		return zero, errUsed
	}
	return r.out, r.err
}

var errUsed = &model.Error{Kind: model.ErrStreamUsed, Op: "stream", Message: "a run can be ranged over once; ask Stream for a new one"}

// left returns the error of a run whose loop was left, for which the chain
// returned err.
func left(err error) error {
	if model.KindOf(err) == model.ErrStopped {
		return err
	}
	return &model.Error{Kind: model.ErrStopped, Op: "stream", Message: errLeft.Message, Err: err}
}
