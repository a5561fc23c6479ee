package fake

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/chatmodel-go/chatmodel/internal/rawjson"
	"github.com/chatmodel-go/chatmodel/model"
)

// answer returns a turn's complete answer to a call.
func (m *Model) answer(ctx context.Context, turn Turn, c *call) (*model.Response, error) {
	resp := &model.Response{}
	if turn.answer != nil {
		var err error
		if resp, err = turn.answer(ctx, c.req); err != nil {
			return nil, err
		}
	}
	if resp == nil {
		return nil, scriptErrorf("the response is nil")
	}
	resp = resp.Clone()
	if err := m.complete(resp, c); err != nil {
		return nil, err
	}
	if len(turn.edits) > 0 {
		for _, edit := range turn.edits {
			edit(resp)
		}
		resp = resp.Clone() // an edit may have put in what it keeps
		if err := m.settle(resp, c.number); err != nil {
			return nil, err
		}
	}
	if m.options.Strict {
		return resp, unknownTool(resp, c.req)
	}
	return resp, nil
}

// complete fills in the fields that a response leaves empty.
func (m *Model) complete(resp *model.Response, c *call) error {
	estimate := resp.Usage == nil
	if err := m.settle(resp, c.number); err != nil {
		return err
	}
	if resp.Message.Role == "" {
		resp.Message.Role = model.RoleAssistant
	}
	if resp.StopReason == "" {
		resp.StopReason = model.StopEndTurn
		if len(resp.ToolCalls()) > 0 {
			resp.StopReason = model.StopToolUse
		}
	}
	if resp.Model == "" {
		resp.Model = m.options.Model
	}
	if resp.RequestID == "" {
		resp.RequestID = requestID(c.number)
	}
	usage, err := m.usage(c.prompt, resp)
	if estimate {
		resp.Usage = usage
	}
	return err
}

// settle brings an answer into the form that a stream of it collects.
func (m *Model) settle(resp *model.Response, call int) error {
	resp.Usage = told(resp.Usage)
	for i, p := range resp.Message.Parts {
		id := fmt.Sprintf("call_%d_%d", call, i+1)
		switch p := p.(type) {
		case nil:
			return scriptErrorf("part %d of the answer is nil", i)
		case model.Thinking:
			if p.Provider == "" {
				p.Provider = m.options.Provider
			}
			resp.Message.Parts[i] = p
		case model.ToolCall:
			if p.ID == "" {
				p.ID = id
			}
			p.Input, p.InvalidInput = toolInput(p.Input, p.InvalidInput)
			resp.Message.Parts[i] = p
		case model.ServerToolCall:
			if p.ID == "" {
				p.ID = id
			}
			p.Input, p.InvalidInput = toolInput(p.Input, p.InvalidInput)
			resp.Message.Parts[i] = p
		default:
			if reflect.TypeOf(p).Kind() == reflect.Pointer {
				return scriptErrorf("part %d of the answer is a %T; parts are values, not pointers", i, p)
			}
		}
	}
	return nil
}

// told returns a usage that is never nil. Counters are known, whether a script
// says so or not.
func told(u *model.Usage) *model.Usage {
	if u == nil {
		return new(model.Usage)
	}
	if u.InputTokens != 0 || u.OutputTokens != 0 || u.CacheReadTokens != 0 || u.CacheWriteTokens != 0 || u.ReasoningTokens != 0 {
		u.Known = true
	}
	return u
}

// toolInput puts what a script has as a call's input where it belongs: JSON
// into one field, anything else into the other, and no arguments into none.
func toolInput(input json.RawMessage, invalid string) (json.RawMessage, string) {
	if len(input) == 0 {
		input = json.RawMessage(invalid)
	}
	switch {
	case blank(input):
		return nil, ""
	case rawjson.Valid(input):
		return input, ""
	}
	return nil, string(input)
}

// requestID returns the id that a call has if the script gives it none.
func requestID(call int) string { return fmt.Sprintf("fake-%d", call) }
