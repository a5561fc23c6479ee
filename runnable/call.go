package runnable

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/chatmodel-go/chatmodel/model"
)

// A Call is the call that a tool answers.
type Call struct {
	ID    string // of the call, as the model gave it
	Name  string // of the tool
	Model string // that called; empty if the answer does not tell
	Step  int    // of the [ToolLoop], from 1; zero outside of one
}

// CallOf returns the call that a tool is running for, and whether ctx is that
// of a tool.
func CallOf(ctx context.Context) (Call, bool) {
	c, ok := ctx.Value(callKey{}).(*callContext)
	if !ok {
		return Call{}, false
	}
	return c.Call, true
}

// KeepArtifact leaves something for the program that a tool has made and that
// is not for the model: it is found in [Conversation.Artifacts] under the
// call's id. The last one counts. Outside of a tool, and for nil, it does
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

type callKey struct{}

// A callContext is kept in the context of a tool.
type callContext struct {
	Call
	mu       sync.Mutex
	artifact any
}

func (c *callContext) kept() any {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.artifact
}

// A ToolRequest is a call that is about to be run.
type ToolRequest struct {
	Call model.ToolCall
	Tool Tool // that will run it; nil if there is none of that name

	Model string // that called; empty if the answer does not tell
	Step  int    // of the [ToolLoop], from 1
}

// A Decision says what becomes of a call. The zero value runs it. It is made
// by [RunWith], [ReplyWith], [Deny] and [Hold].
type Decision struct {
	action  action
	input   json.RawMessage
	parts   []model.Part
	isError bool
	reason  string
}

type action uint8

const (
	actionRun action = iota
	actionRunWith
	actionReply
	actionHold
)

// RunWith runs the call with another input. The history keeps what the model
// wrote.
func RunWith(input json.RawMessage) Decision { return Decision{action: actionRunWith, input: input} }

// ReplyWith answers the call in the tool's place.
func ReplyWith(parts ...model.Part) Decision { return Decision{action: actionReply, parts: parts} }

// Deny tells the model that the call was not allowed, and why.
func Deny(reason string) Decision {
	return Decision{action: actionReply, isError: true, parts: []model.Part{model.Text(reason)}}
}

// Hold stops the loop until somebody has decided; see [PausedError]. The
// reason is for them.
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

func jobsFor(calls []model.ToolCall) []*job {
	jobs := make([]*job, len(calls))
	for i, call := range calls {
		jobs[i] = &job{call: call, result: model.ToolResult{CallID: call.ID}}
	}
	return jobs
}

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
