package fake

import (
	"fmt"
	"strings"

	"github.com/chatmodel-go/chatmodel/model"
)

// unsupported returns an error if a request asks for what a model cannot do.
func unsupported(can model.Capabilities, req *model.Request) error {
	var missing []string
	need := func(ok bool, asked bool, what string) {
		if asked && !ok {
			missing = append(missing, what)
		}
	}
	forced := req.ToolChoice.Mode == model.ToolsAny || req.ToolChoice.Mode == model.ToolsNamed
	thinking := req.Thinking != nil && req.Thinking.Mode != model.ThinkingDisabled
	need(can.Tools, len(req.Tools) > 0, "tools")
	need(can.ForcedTools, forced, "tool_choice "+string(req.ToolChoice.Mode))
	need(can.ForcedToolsThink || !can.ForcedTools, forced && thinking, "tool_choice "+string(req.ToolChoice.Mode)+" with thinking")
	need(can.StructuredOutput, req.Output != nil, "output")
	need(can.StopSequences, len(req.StopSequences) > 0, "stop_sequences")
	need(can.Thinking, thinking, "thinking")
	for i, m := range req.Messages {
		for j, p := range m.Parts {
			if ok, what := media(can, p); !ok {
				missing = append(missing, fmt.Sprintf("messages[%d].parts[%d], %s", i, j, what))
			}
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return &model.Error{Kind: model.ErrUnsupported, Message: "the model does not support a feature that the request needs: " + strings.Join(missing, "; ")}
}

// media reports whether a model accepts a part, and names those it may not.
func media(can model.Capabilities, p model.Part) (ok bool, what string) {
	switch p := p.(type) {
	case model.Image:
		return can.Images, "an image"
	case model.Document:
		return can.Documents, "a document"
	case model.Video:
		return can.Video, "a video"
	case model.Audio:
		return can.Audio, "audio"
	case model.ToolResult:
		for _, p := range p.Parts {
			if ok, what := media(can, p); !ok {
				return false, what
			}
		}
	}
	return true, ""
}

// unpaired returns an error unless every message with tool calls is followed
// by a user message that answers each of them, and nothing else, once.
func unpaired(messages []model.Message) error {
	var calls []model.ToolCall // of the message before
	open := make(map[string]bool)
	for i, m := range messages {
		if m.Role == model.RoleSystem {
			continue
		}
		for j, p := range m.Parts {
			r, ok := p.(model.ToolResult)
			if ok && !open[r.CallID] {
				return unpairedError("messages[%d].parts[%d] is the result of call %q, which the message before does not make", i, j, r.CallID)
			}
			delete(open, r.CallID)
		}
		for _, c := range calls {
			if open[c.ID] {
				return unpairedError("messages[%d] does not answer the tool call %q of the message before", i, c.ID)
			}
		}
		calls = m.ToolCalls()
		for _, c := range calls {
			open[c.ID] = true
		}
	}
	if len(calls) > 0 {
		return unpairedError("messages end before the tool call %q is answered", calls[0].ID)
	}
	return nil
}

func unpairedError(format string, args ...any) error {
	return &model.Error{Kind: model.ErrInvalidRequest, Message: fmt.Sprintf(format, args...)}
}

// unknownTool returns an error if an answer calls a tool that the request
// does not offer.
func unknownTool(resp *model.Response, req *model.Request) error {
	offered := make(map[string]bool, len(req.Tools))
	for _, t := range req.Tools {
		offered[t.Name] = true
	}
	for _, c := range resp.ToolCalls() {
		if !offered[c.Name] {
			return scriptErrorf("the answer calls the tool %q, which the request does not offer", c.Name)
		}
	}
	return nil
}
