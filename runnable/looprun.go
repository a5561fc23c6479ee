package runnable

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

// A loopRun is one run of a [ToolLoop]. Whatever happens, its conversation is
// returned: as the result, or beside the error.
type loopRun struct {
	*toolLoop
	request model.Request // the settings of every step; its Messages are not used
	c       *Conversation
	before  time.Duration // that the loop took until it was paused

	set         *ToolSet     // of the step
	definitions []model.Tool // of the request and the set; nil: to be put together

	// The answer whose calls are being run; nil between steps.
	answer  *model.Response
	jobs    []job
	offered map[string]bool // tools of the step; nil: all

	decisions map[string]Decision // of a resumed loop
	state     *LoopState          // the state that a paused loop stores
}

// run makes steps until the model answers without a call. Its error is a
// [*ToolLoopError] with the conversation so far. A panic becomes one, too,
// unless it comes from the consumer's loop body, which it must reach; then the
// error is left with the run instead.
func (r *loopRun) run(parent context.Context) (_ *Conversation, err error) {
	start := time.Now()
	ctx, cancel := parent, func() {}
	if r.limits.Time > 0 {
		ctx, cancel = context.WithTimeoutCause(parent, r.limits.Time-r.before, ErrTimeLimit)
		if rc := listening(parent); rc != nil { // the run's context goes on being found at once
			ctx = rc.over(ctx, rc.sink, rc.step)
		}
	}
	defer cancel()
	returned := false
	defer func() {
		switch {
		case returned:
		case inLoop(parent): // the consumer panics, and goes on with it
			listening(parent).sink.lost = r.failed(errLeft)
		default:
			if v := recover(); v != nil {
				p, ok := v.(*PanicError)
				if !ok {
					p = &PanicError{Value: v, Stack: debug.Stack()}
				}
				err = r.failed(p)
			}
		}
	}()
	for err == nil && r.c.Response == nil {
		if r.answer == nil {
			err = r.ask(ctx)
		}
		if err == nil && r.answer != nil {
			err = r.runTools(ctx, r.before+time.Since(start))
		}
	}
	returned = true
	if err != nil {
		return nil, r.failed(r.timedOut(ctx, parent, err))
	}
	return r.c, nil
}

// ask makes a step: one call of the model.
func (r *loopRun) ask(ctx context.Context) error {
	if r.c.Steps >= r.limits.Steps {
		return ErrStepLimit
	}
	set, err := r.toolLoop.tools.now(ctx)
	if err != nil {
		return err
	}
	if r.definitions == nil || r.set != set {
		r.set, r.definitions = set, slices.Concat(r.request.Tools, set.defs)
	}
	turn := r.request
	turn.Messages = slices.Clip(r.c.Messages)
	turn.Tools = slices.Clip(r.definitions)
	if r.o.Prepare != nil { // it may write to the slices
		turn.Messages, turn.Tools = slices.Clone(turn.Messages), slices.Clone(turn.Tools)
		if err := r.o.Prepare(ctx, r.c.Steps+1, &turn); err != nil {
			return err
		}
	}
	resp, err := r.model.Invoke(ctx, &turn)
	if err != nil {
		return err
	}
	r.c.Steps++
	*r.c.Usage = r.c.Usage.Add(resp.TokenUsage())
	r.c.StepUsage = append(r.c.StepUsage, resp.TokenUsage())
	if mode := r.request.ToolChoice.Mode; mode == model.ToolsAny || mode == model.ToolsNamed {
		r.request.ToolChoice = model.ToolChoice{Parallel: r.request.ToolChoice.Parallel}
	}
	r.jobs = jobsFor(&resp.Message, r.jobs)
	if len(r.jobs) == 0 {
		r.c.Response = resp
		r.c.Messages = append(r.c.Messages, resp.Message)
		return nil
	}
	r.answer, r.offered = resp, nil
	if r.o.Prepare != nil {
		r.offered = map[string]bool{}
		for _, t := range turn.Tools {
			r.offered[t.Name] = true
		}
	}
	return nil
}

// runTools decides on the calls of the answer, runs them, and puts the results
// into the history.
func (r *loopRun) runTools(ctx context.Context, elapsed time.Duration) error {
	if most := r.limits.Tokens; most > 0 && r.c.Usage.Total() >= most {
		return ErrTokenLimit
	}
	if r.set == nil { // resumed
		set, err := r.toolLoop.tools.now(ctx)
		if err != nil {
			return err
		}
		r.set = set
	}
	limited, err := r.decide(ctx)
	if err != nil {
		return err
	}
	limit := r.set.limit
	if r.o.Sequential {
		limit = 1
	}
	if isAny(r.jobs, (*job).waits) {
		if err := r.set.run(ctx, r.jobs, Call{Model: r.answer.Model, Step: r.c.Steps}, limit); err != nil {
			return err
		}
	}
	if isAny(r.jobs, (*job).isHeld) {
		r.state = r.store(elapsed)
		return &PausedError{State: r.state}
	}
	r.settle("")
	if limited {
		return ErrCallLimit
	}
	return nil
}

// decide asks what becomes of the calls, and counts them. It reports whether
// there are more than are allowed.
func (r *loopRun) decide(ctx context.Context) (limited bool, err error) {
	held := false
	for i := range r.jobs {
		j := &r.jobs[i]
		switch {
		case j.done:
			continue
		case held && r.o.Sequential: // its turn comes after one that waits
			j.held = true
			continue
		}
		j.held = false
		if most := r.limits.Calls; most > 0 && r.c.Calls >= most {
			j.answer(true, model.Text(fmt.Sprintf("not run: %d tool calls are allowed, and all were made", most)))
			limited = true
			continue
		}
		if r.offered != nil && !r.offered[j.call.Name] && r.set.byName[j.call.Name] != nil {
			j.answer(true, model.Text(fmt.Sprintf("not run: the tool %q is not on offer now", j.call.Name)))
			continue
		}
		d, decided := r.decisions[j.call.ID]
		if !decided && r.o.Before != nil {
			d, err = r.o.Before(ctx, ToolRequest{Call: j.call, Tool: r.set.byName[j.call.Name], Model: r.answer.Model, Step: r.c.Steps})
			if err != nil {
				return limited, err
			}
		}
		if j.decide(d); j.held {
			held = true
			continue
		}
		if !j.done {
			r.c.Calls++
			continue
		}
		if err := announce(labelled(labelled(ctx, "tools"), j.call.Name), j.result); err != nil { // answered in the tool's place
			return limited, err
		}
	}
	r.decisions = nil
	return limited, nil
}

// settle puts the answer and the results of its calls into the history. Calls
// that have none are answered with the reason.
func (r *loopRun) settle(unfinished string) {
	results := make([]model.Part, len(r.jobs))
	for i := range r.jobs {
		j := &r.jobs[i]
		if !j.done {
			j.result.IsError, j.result.Parts = true, []model.Part{model.Text(unfinished)}
		}
		if j.artifact != nil {
			if r.c.Artifacts == nil {
				r.c.Artifacts = map[string]any{}
			}
			r.c.Artifacts[j.call.ID] = j.artifact
		}
		results[i] = j.result
	}
	r.c.Messages = append(r.c.Messages, r.answer.Message, model.UserParts(results...))
	r.answer, r.jobs = nil, r.jobs[:0]
}

// failed puts what there is so far beside an error. The step that failed
// stays outermost, so that its path goes on.
func (r *loopRun) failed(err error) error {
	if r.answer != nil {
		reason := "not finished: the conversation was interrupted, so whether it had an effect is not known"
		if _, paused := errors.AsType[*PausedError](err); paused {
			reason = "not run: it waits for approval"
		} else if errors.Is(err, ErrTokenLimit) {
			reason = "not run: the conversation has reached its limit"
		}
		r.settle(reason)
	}
	if e, ok := err.(*StepError); ok {
		return e.caused(&ToolLoopError{r.c, e.Err})
	}
	return &ToolLoopError{r.c, err}
}

// timedOut makes err one of the loop's own time limit, if that is the reason.
func (r *loopRun) timedOut(ctx, parent context.Context, err error) error {
	if ctx.Err() == nil || parent.Err() != nil || !errors.Is(context.Cause(ctx), ErrTimeLimit) {
		return err
	}
	e := &model.Error{Kind: model.ErrTimeout, Message: ErrTimeLimit.Error(), Err: errors.Join(ErrTimeLimit, err)}
	if s, ok := err.(*StepError); ok {
		return s.caused(e)
	}
	return e
}
