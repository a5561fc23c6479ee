package fantasy

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	charm "charm.land/fantasy"
	"charm.land/fantasy/providers/anthropic"

	"github.com/chatmodel-go/chatmodel/model"
)

// A writer puts a request into fantasy's types.
type writer struct {
	call     charm.Call
	own      bool // the model is that of the provider for Anthropic
	warnings []model.Warning
	refused  string // the first thing that cannot be expressed
}

func (w *writer) warn(action model.WarningAction, field, reason string) {
	w.warnings = append(w.warnings, model.Warning{Action: action, Field: field, Reason: reason})
}

func (w *writer) refuse(field, reason string) {
	if w.refused == "" {
		w.refused = field + ": " + reason
	}
}

func (w *writer) request(req *model.Request) {
	c := &w.call
	c.Temperature, c.TopP = req.Temperature, req.TopP
	if req.MaxTokens > 0 {
		c.MaxOutputTokens = new(int64(req.MaxTokens))
	}
	if req.TopK > 0 {
		c.TopK = new(int64(req.TopK))
	}
	var system, turns charm.Prompt
	for i, m := range req.Messages {
		field := fmt.Sprintf("messages[%d]", i)
		if len(m.Parts) == 0 {
			w.warn(model.WarningDropped, field, "a message without parts")
			continue
		}
		switch m.Role {
		case model.RoleSystem:
			if len(turns) > 0 {
				w.warn(model.WarningMoved, field, "system prompts that come later are not sent; all go before the first turn")
			}
			system = append(system, w.message(field, charm.MessageRoleSystem, m.Parts)...)
		case model.RoleAssistant:
			turns = append(turns, w.message(field, charm.MessageRoleAssistant, m.Parts)...)
		default:
			turns = append(turns, w.message(field, charm.MessageRoleUser, m.Parts)...)
		}
	}
	c.Prompt = append(system, turns...)
	w.tools(req)
	w.options(req)
}

func (w *writer) tools(req *model.Request) {
	for i, t := range req.Tools {
		schema := map[string]any{"type": "object", "properties": map[string]any{}}
		if len(t.InputSchema) > 0 {
			if err := json.Unmarshal(t.InputSchema, &schema); err != nil {
				w.refuse(fmt.Sprintf("tools[%d].input_schema", i), "fantasy has schemas as Go values: "+err.Error())
				return
			}
		}
		names := requiredOf(schema)
		if names != nil || w.own {
			schema["required"] = names
		}
		w.call.Tools = append(w.call.Tools, charm.FunctionTool{Name: t.Name, Description: t.Description, InputSchema: schema})
	}
	switch c := req.ToolChoice; c.Mode {
	case model.ToolsAuto:
		w.call.ToolChoice = new(charm.ToolChoiceAuto)
	case model.ToolsAny:
		w.call.ToolChoice = new(charm.ToolChoiceRequired)
	case model.ToolsNone:
		w.call.ToolChoice = new(charm.ToolChoiceNone)
	case model.ToolsNamed:
		choice := charm.SpecificToolChoice(c.Name)
		switch choice {
		case charm.ToolChoiceAuto, charm.ToolChoiceRequired, charm.ToolChoiceNone:
			w.refuse("tool_choice", fmt.Sprintf("fantasy cannot tell a tool of the name %q from a mode", c.Name))
		}
		w.call.ToolChoice = &choice
	}
}

// requiredOf returns the names that a schema requires in the one type in which
// the provider for Anthropic takes them: it sends an empty list for any other
// value, and for none, and leaves out a nil one of this type.
func requiredOf(schema map[string]any) (names []string) {
	required, _ := schema["required"].([]any)
	for _, r := range required {
		if name, ok := r.(string); ok {
			names = append(names, name)
		}
	}
	return names
}

// options writes what only the provider for Anthropic has a place for. A model
// of another's does not claim any of it.
func (w *writer) options(req *model.Request) {
	var o anthropic.ProviderOptions
	if p := req.ToolChoice.Parallel; p != nil {
		o.DisableParallelToolUse = new(!*p)
	}
	if t := req.Thinking; t != nil {
		switch {
		case t.Mode == model.ThinkingDisabled:
			w.warn(model.WarningDropped, "thinking", "fantasy has no way to switch thinking off; a model does not think unless it is asked to")
		case t.Mode == model.ThinkingEnabled && t.Effort != "", t.Budget > 0 && t.Effort != "":
			w.warn(model.WarningDropped, "thinking.effort", "fantasy asks for thinking by a budget or an effort, not by both")
			fallthrough
		case t.Mode == model.ThinkingEnabled, t.Budget > 0:
			o.Thinking = &anthropic.ThinkingProviderOption{BudgetTokens: int64(max(t.Budget, 1024))}
		case t.Effort != "":
			o.Effort = new(anthropic.Effort(t.Effort))
		default:
			w.refuse("thinking", "fantasy asks for adaptive thinking by an effort alone")
		}
	}
	if o.DisableParallelToolUse != nil || o.Thinking != nil || o.Effort != nil {
		w.call.ProviderOptions = anthropic.NewProviderOptions(&o)
	}
}

// message writes a message: its results are one of the role tool, before it.
func (w *writer) message(field string, role charm.MessageRole, parts []model.Part) charm.Prompt {
	results := charm.Message{Role: charm.MessageRoleTool}
	said := charm.Message{Role: role}
	for j, p := range parts {
		at := fmt.Sprintf("%s.parts[%d]", field, j)
		switch p := p.(type) {
		case model.Text:
			said.Content = append(said.Content, charm.TextPart{Text: string(p)})
		case model.Image:
			said.Content = append(said.Content, charm.FilePart{MediaType: mediaType(&p), Data: p.Data})
		case model.Thinking:
			switch {
			case p.Incomplete:
				w.warn(model.WarningDropped, at, "thinking that was cut off")
			case p.Provider != "" && p.Provider != provider:
				w.warn(model.WarningDropped, at, "thinking of another provider")
			default:
				said.Content = append(said.Content, charm.ReasoningPart{Text: p.Text, ProviderOptions: charm.ProviderOptions(sealed(p))})
			}
		case model.ToolCall:
			input := string(p.Input)
			if p.InvalidInput != "" {
				w.warn(model.WarningChanged, at+".input", "an input is a JSON object; what is none goes as a string in one")
				object, _ := json.Marshal(map[string]string{"invalid": p.InvalidInput}) // a string
				input = string(object)
			}
			said.Content = append(said.Content, charm.ToolCallPart{ToolCallID: p.ID, ToolName: p.Name, Input: input})
		case model.ToolResult:
			if len(said.Content) > 0 {
				w.warn(model.WarningMoved, at, "results come before all else in their turn")
			}
			results.Content = append(results.Content, charm.ToolResultPart{ToolCallID: p.CallID, Output: w.output(at, &p)})
		default:
			w.warn(model.WarningDropped, at, "fantasy has no place for it")
		}
	}
	var all charm.Prompt
	for _, m := range []charm.Message{results, said} {
		if len(m.Content) > 0 {
			all = append(all, m)
		}
	}
	return all
}

// sealed is a block's seal where fantasy's provider for Anthropic looks for it.
func sealed(t model.Thinking) charm.ProviderMetadata {
	if t.Signature == "" && len(t.Redacted) == 0 {
		return nil
	}
	return charm.ProviderMetadata{anthropic.Name: &anthropic.ReasoningOptionMetadata{Signature: t.Signature, RedactedData: string(t.Redacted)}}
}

// mediaType returns an image's type, which fantasy wants to be told.
func mediaType(p *model.Image) string {
	if p.MediaType == "" {
		return http.DetectContentType(p.Data)
	}
	return p.MediaType
}

// output writes a result: a text, a failure, or an image that a text may follow.
func (w *writer) output(field string, r *model.ToolResult) charm.ToolResultOutputContent {
	var texts []string
	var image *model.Image
	for k, p := range r.Parts {
		switch p := p.(type) {
		case model.Text:
			texts = append(texts, string(p))
		case model.JSON:
			texts = append(texts, string(p))
		case model.Image:
			switch {
			case image != nil:
				w.refuse(fmt.Sprintf("%s.parts[%d]", field, k), "fantasy has a place for one image in a result")
			case len(texts) > 0:
				w.warn(model.WarningMoved, fmt.Sprintf("%s.parts[%d]", field, k), "fantasy has an image before the text of a result")
			}
			image = &p
		default:
			w.warn(model.WarningDropped, fmt.Sprintf("%s.parts[%d]", field, k), "fantasy has no place for it")
		}
	}
	if len(texts) > 1 {
		w.warn(model.WarningChanged, field, "fantasy has one text in a result; its texts are joined")
	}
	text := strings.Join(texts, "\n")
	switch {
	case image != nil && r.IsError:
		w.refuse(field, "fantasy has no place for an image in a result that is a failure")
	case image != nil:
		return charm.ToolResultOutputContentMedia{Data: base64.StdEncoding.EncodeToString(image.Data), MediaType: mediaType(image), Text: text}
	case r.IsError:
		return charm.ToolResultOutputContentError{Error: errors.New(text)}
	}
	return charm.ToolResultOutputContentText{Text: text}
}
