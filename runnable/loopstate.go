package runnable

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/observe"
)

// LoopLimits are the limits of a [ToolLoop] as they are stored. Zero means no
// limit.
type LoopLimits struct {
	Steps  int           `json:"steps"`
	Calls  int           `json:"calls,omitempty"`
	Tokens int           `json:"tokens,omitempty"`
	Time   time.Duration `json:"time_ns,omitempty"`
}

// A LoopState is a [ToolLoop] that waits for somebody's decision. Its JSON can
// be stored and read by another process. [ResumeToolLoop] goes on from it,
// given the model, the tools, and the values that have no JSON: artifacts and
// provider options.
type LoopState struct {
	// Request has the history up to the answer, and the settings.
	Request *model.Request `json:"request"`

	// Answer is the model's answer with the calls in question. Model names the
	// model that gave it.
	Answer model.Message `json:"answer"`
	Model  string        `json:"model,omitempty"`

	// Results holds the results of the calls that have finished. They are not
	// run again.
	Results model.Message `json:"results"`

	// Pending holds the other calls.
	Pending []PendingCall `json:"pending"`

	Steps     int           `json:"steps"` // that were made
	Calls     int           `json:"calls,omitempty"`
	Usage     *model.Usage  `json:"usage,omitempty"`
	StepUsage []model.Usage `json:"step_usage,omitempty"` // of each of the steps
	Elapsed   time.Duration `json:"elapsed_ns,omitempty"`
	Limits    LoopLimits    `json:"limits"`
}

// A PendingCall is a call that has not been run yet.
type PendingCall struct {
	ID    string          `json:"id"`
	Name  string          `json:"name"`
	Input json.RawMessage `json:"input,omitempty"`

	// Reason says why the call was held; see [Hold]. It is empty for a call
	// that only waits for an earlier one.
	Reason string `json:"reason,omitempty"`
}

// A PausedError is the cause of the error of a [ToolLoop] that was stopped for
// approval:
//
//	if p, ok := errors.AsType[*runnable.PausedError](err); ok {
//		stored, err := json.Marshal(p.State)
//		…
//	}
type PausedError struct{ State *LoopState }

// Error says how many calls wait.
func (e *PausedError) Error() string {
	return fmt.Sprintf("tool calls that wait for approval: %d", len(e.State.Pending))
}

// A Resumption is a stored state and the decisions that it waited for.
type Resumption struct {
	State *LoopState

	// Decisions are by the ids of the pending calls. Calls without one are
	// decided on by [ToolLoopOptions.Before].
	Decisions map[string]Decision

	// Artifacts and ProviderOptions are those that the loop had: the ones of
	// the [Conversation] beside the [PausedError], and of the first request.
	Artifacts       map[string]any
	ProviderOptions []model.ProviderOptions
}

// ResumeToolLoop is the step that resumes a paused [ToolLoop] at the calls that
// were pending. Calls that have finished are not run again. The limits are
// those of the stored state, not those of the options. A state that is not
// complete is an error of kind [model.ErrInvalidRequest]. Everything else is as
// for ToolLoop.
func ResumeToolLoop(m model.ChatModel, tools *ToolSet, options *ToolLoopOptions) Runnable[*Resumption, *Conversation] {
	if m == nil {
		return missing[*Resumption, *Conversation]("the model")
	}
	l := newToolLoop(m, tools, options)
	run := Func(func(ctx context.Context, from *Resumption) (*Conversation, error) {
		r, err := l.resume(from)
		if err != nil {
			return nil, &model.Error{Kind: model.ErrInvalidRequest, Message: err.Error()}
		}
		return r.run(ctx)
	})
	return &named[*Resumption, *Conversation]{name: "loop", inner: run, byDefault: true, kind: observe.Loop}
}

// store makes the state of a loop whose jobs wait.
func (r *loopRun) store(elapsed time.Duration) *LoopState {
	req := r.request
	req.Messages, req.ProviderOptions = r.c.Messages, nil
	s := &LoopState{
		Request:   req.Clone(),
		Answer:    r.answer.Message.Clone(),
		Model:     r.answer.Model,
		Results:   model.Message{Role: model.RoleUser},
		Steps:     r.c.Steps,
		Calls:     r.c.Calls,
		Usage:     clone(r.c.Usage),
		StepUsage: slices.Clone(r.c.StepUsage),
		Elapsed:   elapsed,
		Limits:    r.limits,
	}
	for i := range r.jobs {
		if j := &r.jobs[i]; j.done {
			s.Results.Parts = append(s.Results.Parts, j.result)
		} else {
			s.Pending = append(s.Pending, PendingCall{j.call.ID, j.call.Name, slices.Clone(j.call.Input), j.reason})
		}
	}
	s.Results = s.Results.Clone()
	return s
}

// resume makes a run of a state.
func (l *toolLoop) resume(from *Resumption) (*loopRun, error) {
	if from == nil || from.State == nil || from.State.Request == nil {
		return nil, fmt.Errorf("the state to resume from is not complete; pass the State of a PausedError")
	}
	s := from.State
	own := *l
	if own.limits = s.Limits; own.limits.Steps <= 0 {
		own.limits.Steps = l.limits.Steps
	}
	r := own.begin(s.Request)
	r.request.ProviderOptions = from.ProviderOptions
	r.c.Steps, r.c.Calls = s.Steps, s.Calls
	if s.Usage != nil {
		*r.c.Usage = *s.Usage
	}
	r.c.StepUsage = slices.Clone(s.StepUsage)
	if len(from.Artifacts) > 0 {
		r.c.Artifacts = maps.Clone(from.Artifacts)
	}
	r.before = s.Elapsed
	r.decisions = maps.Clone(from.Decisions)
	r.answer = &model.Response{Message: s.Answer, Model: s.Model}
	r.jobs = jobsFor(&s.Answer, nil)
	if len(r.jobs) == 0 {
		return nil, fmt.Errorf("the answer in the state to resume from has no tool calls")
	}
	finished := map[string][]model.ToolResult{}
	for _, p := range s.Results.Parts {
		if result, ok := p.(model.ToolResult); ok {
			finished[result.CallID] = append(finished[result.CallID], result)
		}
	}
	pending := map[string]bool{}
	for _, p := range s.Pending {
		pending[p.ID] = true
	}
	for i := range r.jobs {
		j := &r.jobs[i]
		if results := finished[j.call.ID]; len(results) > 0 {
			j.result, j.done = results[0], true
			finished[j.call.ID] = results[1:]
		} else if !pending[j.call.ID] {
			return nil, fmt.Errorf("the call %q in the state to resume from is neither finished nor pending", j.call.ID)
		}
	}
	for id := range from.Decisions {
		if !pending[id] {
			return nil, fmt.Errorf("there is a decision on %q, which is not a pending call", id)
		}
	}
	return r, nil
}
