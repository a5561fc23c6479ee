package fake

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/chatmodel-go/chatmodel/fake/internal/sample"
	"github.com/chatmodel-go/chatmodel/model"
)

// Auto answers according to the request. It is usually used with [Turn.Always],
// to run a whole service without writing a script:
//
//   - It calls every tool on offer that has not been called since the user
//     last spoke, once, with small arguments that satisfy the tool's schema.
//     Tools that the provider runs are left alone.
//   - When all have been called, it answers: with a small document of the
//     schema of Request.Output if there is one; or else, after tool results,
//     with a JSON object of the results by the names of their tools; or else
//     with the text "ok".
//   - ToolChoice is honoured: named calls only that tool, none calls none, any
//     calls the tools on offer again when all have been called already, and
//     Parallel false calls one a turn.
//
// The seed chooses among the options of enum, anyOf, oneOf, examples and lists
// of types; equal seeds give equal answers. Examples and defaults are used
// where they are valid.
//
// All of JSON Schema's validation keywords are known, with $ref into the same
// document. Formats that are known are kept: date, date-time, time, duration,
// email, hostname, uri, uri-reference, uuid, ipv4, ipv6, json-pointer, regex
// and the international variants; others are treated as annotations. Not
// supported are $dynamicRef, $ref to an anchor or another document, an inner
// $id, dependencies, unevaluatedItems, unevaluatedProperties, patterns that
// Go's regexp package does not accept, such as those with look-ahead, strings
// of more than 65,536 characters and arrays of more than 1,000 items. A schema
// that is not supported, or not satisfied by any value that was tried, makes
// the call fail, with an error that names the place in the schema; see
// [ErrScript].
func Auto(seed uint64) Turn {
	return Turn{
		what: fmt.Sprintf("Auto(%d)", seed),
		answer: func(_ context.Context, req *model.Request) (*model.Response, error) {
			parts, err := autoParts(req, seed)
			if err != nil {
				return nil, err
			}
			return &model.Response{Message: model.AssistantParts(parts...)}, nil
		},
	}
}

func autoParts(req *model.Request, seed uint64) ([]model.Part, error) {
	round := lastRound(req.Messages)
	if calls := autoTools(req, round, seed); len(calls) > 0 {
		return autoCalls(req.Tools, calls, seed)
	}
	if req.Output != nil {
		doc, err := sample.Document(req.Output.Schema, "", seed)
		if err != nil {
			return nil, scriptErrorf("output.schema %v", err)
		}
		return []model.Part{model.Text(doc)}, nil
	}
	if text := round.report(); text != "" {
		return []model.Part{model.Text(text)}, nil
	}
	return []model.Part{model.Text("ok")}, nil
}

// autoTools returns the indices of the tools to call.
func autoTools(req *model.Request, r round, seed uint64) []int {
	var offered, pending []int
	for i, t := range req.Tools {
		choice := req.ToolChoice
		if t.ServerSide || choice.Mode == model.ToolsNone || choice.Mode == model.ToolsNamed && choice.Name != t.Name {
			continue
		}
		offered = append(offered, i)
		if !r.called[t.Name] {
			pending = append(pending, i)
		}
	}
	forced := req.ToolChoice.Mode == model.ToolsAny || req.ToolChoice.Mode == model.ToolsNamed
	if forced && len(pending) == 0 {
		pending = offered
	}
	if p := req.ToolChoice.Parallel; p != nil && !*p && len(pending) > 1 {
		at := seed % uint64(len(pending))
		return pending[at : at+1]
	}
	return pending
}

func autoCalls(tools []model.Tool, calls []int, seed uint64) ([]model.Part, error) {
	var parts []model.Part
	for _, i := range calls {
		t := tools[i]
		schema := t.InputSchema
		if len(schema) == 0 {
			schema = json.RawMessage("{}")
		}
		input, err := sample.Document(schema, "object", seed)
		if err != nil {
			return nil, scriptErrorf("tools[%d].input_schema of %q %v", i, t.Name, err)
		}
		parts = append(parts, model.ToolCall{Name: t.Name, Input: input})
	}
	return parts, nil
}

// A round is what has happened since the user last spoke.
type round struct {
	called  map[string]bool // by name
	calls   []model.ToolCall
	results map[string]model.ToolResult // by id of the call
}

func lastRound(messages []model.Message) round {
	r := round{called: map[string]bool{}, results: map[string]model.ToolResult{}}
	for _, m := range messages {
		answers := false // the message brings tool results
		for _, p := range m.Parts {
			if result, ok := p.(model.ToolResult); ok {
				r.results[result.CallID], answers = result, true
			}
		}
		if m.Role == model.RoleUser && !answers {
			clear(r.called)
			r.calls = nil
		}
		for _, c := range m.ToolCalls() {
			r.called[c.Name] = true
			r.calls = append(r.calls, c)
		}
	}
	return r
}

// report returns the results of the round as a JSON object, in the order of
// the calls; empty if there are none.
func (r round) report() string {
	var b bytes.Buffer
	for _, c := range r.calls {
		result, ok := r.results[c.ID]
		if !ok {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		writeJSON(&b, c.Name)
		b.WriteByte(':')
		writeResult(&b, result)
	}
	if b.Len() == 0 {
		return ""
	}
	return "{" + b.String() + "}"
}

// writeResult writes a result's JSON part as it is if that is all it holds,
// and the text in it otherwise; that of a failed tool as {"error":"…"}.
func writeResult(b *bytes.Buffer, r model.ToolResult) {
	if len(r.Parts) == 1 && !r.IsError {
		if value, ok := r.Parts[0].(model.JSON); ok && json.Compact(b, value) == nil {
			return
		}
	}
	text := ""
	for _, p := range r.Parts {
		switch p := p.(type) {
		case model.Text:
			text += string(p)
		case model.JSON:
			text += string(p)
		}
	}
	if r.IsError {
		b.WriteString(`{"error":`)
		defer b.WriteByte('}')
	}
	writeJSON(b, text)
}

func writeJSON(b *bytes.Buffer, s string) {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string always has a JSON form
	b.Truncate(b.Len() - 1)
}
