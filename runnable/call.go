package runnable

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/chatmodel-go/chatmodel/model"
)

// A Call is the call that a tool answers.
type Call struct {
	ID    string // of the call, as the model gave it
	Name  string // of the tool
	Model string // that called; empty if the answer does not name it
	Step  int    // of the [ToolLoop], from 1; zero outside of one
}

// CallOf returns the call that a tool is running for. It reports false if ctx
// is not the context of a tool.
func CallOf(ctx context.Context) (Call, bool) {
	c, ok := ctx.Value(callKey{}).(*callContext)
	if !ok {
		return Call{}, false
	}
	return c.Call, true
}

// KeepArtifact keeps a value that a tool made for the program and not for the
// model. [Conversation.Artifacts] holds it under the call's id. If a call keeps
// several, the last one counts. Outside a tool, and for nil, KeepArtifact does
// nothing.
func KeepArtifact(ctx context.Context, artifact any) {
	c, ok := ctx.Value(callKey{}).(*callContext)
	if !ok || artifact == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.artifact = artifact
}

// callKey is the key by which a [callContext] finds itself below other contexts.
type callKey struct{}

// A callContext is the context of a tool, or is found in it.
type callContext struct {
	context.Context
	Call
	mu       sync.Mutex
	artifact any
}

// Value finds the callContext itself, and whatever its parent holds.
func (c *callContext) Value(key any) any {
	if key == (callKey{}) {
		return c
	}
	return c.Context.Value(key)
}

// String keeps fmt from looking into it, where a tool may be writing.
func (c *callContext) String() string { return fmt.Sprintf("%v.call(%s)", c.Context, c.Name) }

// kept returns the artifact that the tool has kept, nil if it kept none. It
// locks because a goroutine that the tool left behind may still write.
func (c *callContext) kept() any {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.artifact
}

// A ToolRequest is a call that is about to be run.
type ToolRequest struct {
	Call model.ToolCall
	Tool Tool // that will run it; nil if no tool has that name

	Model string // that called; empty if the answer does not name it
	Step  int    // of the [ToolLoop], from 1
}

// A Decision says what to do with a call. The zero value runs it. [RunWith],
// [ReplyWith], [Deny] and [Hold] make the others.
type Decision struct {
	action  action
	input   json.RawMessage
	parts   []model.Part
	isError bool
	reason  string
}

// An action is the kind of a [Decision].
type action uint8

const (
	actionRun action = iota
	actionRunWith
	actionReply
	actionHold
)

// RunWith runs the call with another input. The history keeps the input that
// the model wrote.
func RunWith(input json.RawMessage) Decision { return Decision{action: actionRunWith, input: input} }

// ReplyWith answers the call instead of the tool.
func ReplyWith(parts ...model.Part) Decision { return Decision{action: actionReply, parts: parts} }

// Deny answers the call with a refusal, and the model reads the reason.
func Deny(reason string) Decision {
	return Decision{action: actionReply, isError: true, parts: []model.Part{model.Text(reason)}}
}

// Hold stops the loop until somebody decides; see [PausedError]. The reason is
// for that person.
func Hold(reason string) Decision { return Decision{action: actionHold, reason: reason} }

// A job is a call on its way to its result.
type job struct {
	call    model.ToolCall
	input   json.RawMessage // to run it with, if not the call's own
	changed bool

	result   model.ToolResult
	done     bool
	held     bool
	reason   string // why it is held
	artifact any
}

// jobsFor returns a job for each call of an answer, in order, with nothing decided
// yet. It uses the memory of jobs that are over.
func jobsFor(answer *model.Message, over []job) []job {
	jobs := over[:0]
	for _, q := range answer.Parts {
		if call, ok := q.(model.ToolCall); ok {
			jobs = append(jobs, job{call: call, result: model.ToolResult{CallID: call.ID}})
		}
	}
	return jobs
}

// isAny reports whether a state is that of any job.
func isAny(jobs []job, state func(*job) bool) bool {
	for i := range jobs {
		if state(&jobs[i]) {
			return true
		}
	}
	return false
}

// waits reports whether a job is to be run.
func (j *job) waits() bool { return !j.done && !j.held }

// isHeld reports whether somebody has to decide about a job first.
func (j *job) isHeld() bool { return j.held }

// decide applies a decision.
func (j *job) decide(d Decision) {
	switch d.action {
	case actionRunWith:
		j.input, j.changed = d.input, true
	case actionReply:
		j.answer(d.isError, d.parts...)
	case actionHold:
		j.held, j.reason = true, d.reason
	}
}

// answer finishes a job.
func (j *job) answer(isError bool, parts ...model.Part) {
	j.result.IsError, j.result.Parts, j.done = isError, parts, true
}
