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

// A writer converts a request to fantasy's types.
type writer struct {
	call     charm.Call
	own      bool // the model understands the options of the provider for Anthropic
	warnings []model.Warning
	refused  string // the first field that cannot be expressed
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
			w.warn(model.WarningDropped, field, "the message has no parts")
			continue
		}
		switch m.Role {
		case model.RoleSystem:
			if len(turns) > 0 {
				w.warn(model.WarningMoved, field, "fantasy does not send later system prompts; all are sent before the first turn")
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
				w.refuse(fmt.Sprintf("tools[%d].input_schema", i), "fantasy needs a schema as Go values: "+err.Error())
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
			w.refuse("tool_choice", fmt.Sprintf("fantasy cannot distinguish a tool named %q from a mode", c.Name))
		}
		w.call.ToolChoice = &choice
	}
}

// requiredOf returns the names that a schema requires, in the one type that the
// provider for Anthropic accepts. For any other type, and for no value, the
// provider sends an empty list. It omits a nil list of this type.
func requiredOf(schema map[string]any) (names []string) {
	required, _ := schema["required"].([]any)
	for _, r := range required {
		if name, ok := r.(string); ok {
			names = append(names, name)
		}
	}
	return names
}

// options sets the options of the provider for Anthropic. They have the only
// place for some settings, which models of other providers do not support.
func (w *writer) options(req *model.Request) {
	var o anthropic.ProviderOptions
	if p := req.ToolChoice.Parallel; p != nil {
		o.DisableParallelToolUse = new(!*p)
	}
	if t := req.Thinking; t != nil {
		switch {
		case t.Mode == model.ThinkingDisabled:
			w.warn(model.WarningDropped, "thinking", "fantasy cannot disable thinking; a model does not think unless the request asks for it")
		case t.Mode == model.ThinkingEnabled && t.Effort != "", t.Budget > 0 && t.Effort != "":
			w.warn(model.WarningDropped, "thinking.effort", "fantasy supports thinking by a budget or an effort, not by both")
			fallthrough
		case t.Mode == model.ThinkingEnabled, t.Budget > 0:
			o.Thinking = &anthropic.ThinkingProviderOption{BudgetTokens: int64(max(t.Budget, 1024))}
		case t.Effort != "":
			o.Effort = new(anthropic.Effort(t.Effort))
		default:
			w.refuse("thinking", "fantasy supports adaptive thinking only by an effort")
		}
	}
	if o.DisableParallelToolUse != nil || o.Thinking != nil || o.Effort != nil {
		w.call.ProviderOptions = anthropic.NewProviderOptions(&o)
	}
}

// message converts a message. Its results become a message with the role tool
// before it.
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
				w.warn(model.WarningDropped, at, "the thinking was cut off")
			case p.Provider != "" && p.Provider != provider:
				w.warn(model.WarningDropped, at, "the thinking is of another provider")
			default:
				said.Content = append(said.Content, charm.ReasoningPart{Text: p.Text, ProviderOptions: charm.ProviderOptions(sealed(p))})
			}
		case model.ToolCall:
			input := string(p.Input)
			if p.InvalidInput != "" {
				w.warn(model.WarningChanged, at+".input", "an input is a JSON object; any other input is sent as a string in one")
				object, _ := json.Marshal(map[string]string{"invalid": p.InvalidInput}) // a string
				input = string(object)
			}
			said.Content = append(said.Content, charm.ToolCallPart{ToolCallID: p.ID, ToolName: p.Name, Input: input})
		case model.ToolResult:
			if len(said.Content) > 0 {
				w.warn(model.WarningMoved, at, "tool results come first in their turn")
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

// sealed returns a block's signature in the place where fantasy's provider for
// Anthropic looks for it.
func sealed(t model.Thinking) charm.ProviderMetadata {
	if t.Signature == "" && len(t.Redacted) == 0 {
		return nil
	}
	return charm.ProviderMetadata{anthropic.Name: &anthropic.ReasoningOptionMetadata{Signature: t.Signature, RedactedData: string(t.Redacted)}}
}

// mediaType returns an image's type, which fantasy requires.
func mediaType(p *model.Image) string {
	if p.MediaType == "" {
		return http.DetectContentType(p.Data)
	}
	return p.MediaType
}

// output converts a result: a text, a failure, or an image with an optional
// text.
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
				w.refuse(fmt.Sprintf("%s.parts[%d]", field, k), "fantasy has a place for only one image in a result")
			case len(texts) > 0:
				w.warn(model.WarningMoved, fmt.Sprintf("%s.parts[%d]", field, k), "fantasy places an image before the text of a result")
			}
			image = &p
		default:
			w.warn(model.WarningDropped, fmt.Sprintf("%s.parts[%d]", field, k), "fantasy has no place for it")
		}
	}
	if len(texts) > 1 {
		w.warn(model.WarningChanged, field, "fantasy has a place for only one text in a result; the texts are joined")
	}
	text := strings.Join(texts, "\n")
	switch {
	case image != nil && r.IsError:
		w.refuse(field, "fantasy has no place for an image in a failed result")
	case image != nil:
		return charm.ToolResultOutputContentMedia{Data: base64.StdEncoding.EncodeToString(image.Data), MediaType: mediaType(image), Text: text}
	case r.IsError:
		return charm.ToolResultOutputContentError{Error: errors.New(text)}
	}
	return charm.ToolResultOutputContentText{Text: text}
}
