package fantasy

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	charm "charm.land/fantasy"
	"charm.land/fantasy/providers/anthropic"

	"github.com/chatmodel-go/chatmodel/model"
)

// unsupported returns the error for a setting without a counterpart.
func unsupported(format string, args ...any) error {
	return &model.Error{Kind: model.ErrUnsupported, Provider: provider, Message: fmt.Sprintf(format, args...)}
}

func invalid(format string, args ...any) error {
	return &model.Error{Kind: model.ErrInvalidRequest, Provider: provider, Message: fmt.Sprintf(format, args...)}
}

// request converts a call.
func request(call *charm.Call) (*model.Request, error) {
	switch {
	case call.PresencePenalty != nil:
		return nil, unsupported("presence_penalty has no counterpart")
	case call.FrequencyPenalty != nil:
		return nil, unsupported("frequency_penalty has no counterpart")
	case call.UserAgent != "":
		return nil, unsupported("user_agent has no counterpart: set it in the model's client")
	case len(call.Headers) > 0:
		return nil, unsupported("headers have no counterpart: set them in the model's client")
	}
	req := &model.Request{}
	if p := call.MaxOutputTokens; p != nil {
		if *p < 1 {
			return nil, invalid("max_output_tokens is %d; it must be at least 1", *p)
		}
		req.MaxTokens = int(*p)
	}
	if p := call.TopK; p != nil {
		if *p < 1 {
			return nil, invalid("top_k is %d; it must be at least 1", *p)
		}
		req.TopK = int(*p)
	}
	if p := call.Temperature; p != nil {
		req.Temperature = new(*p)
	}
	if p := call.TopP; p != nil {
		req.TopP = new(*p)
	}
	if err := prompt(req, call.Prompt); err != nil {
		return nil, err
	}
	if err := functions(req, call); err != nil {
		return nil, err
	}
	return req, settle(req, call.ProviderOptions)
}

// settle reads the options of the provider for Anthropic.
func settle(req *model.Request, options charm.ProviderOptions) error {
	set, ok := options[anthropic.Name]
	if !ok {
		return nil
	}
	o, ok := set.(*anthropic.ProviderOptions)
	switch {
	case !ok:
		return invalid("provider_options: those of %q have type %T; they must be *anthropic.ProviderOptions", anthropic.Name, set)
	case o == nil:
		return nil
	case o.SendReasoning != nil && !*o.SendReasoning:
		return unsupported("provider_options: send_reasoning has no counterpart")
	case o.ThinkingDisplay != nil:
		return unsupported("provider_options: thinking_display has no counterpart")
	case len(o.ExtraBody) > 0:
		return unsupported("provider_options: extra_body has no counterpart")
	case o.Effort != nil:
		req.Thinking = &model.ThinkingConfig{Effort: string(*o.Effort)}
	case o.Thinking != nil:
		req.Thinking = &model.ThinkingConfig{Mode: model.ThinkingEnabled, Budget: int(o.Thinking.BudgetTokens)}
	}
	if p := o.DisableParallelToolUse; p != nil {
		req.ToolChoice.Parallel = new(!*p)
	}
	return nil
}

func functions(req *model.Request, call *charm.Call) error {
	for i, t := range call.Tools {
		var f charm.FunctionTool
		switch t := t.(type) {
		case charm.FunctionTool:
			f = t
		case *charm.FunctionTool:
			f = *t
		default:
			return unsupported("tools[%d]: a tool of the provider's own has no counterpart", i)
		}
		schema := map[string]any{"type": "object"}
		for name, value := range f.InputSchema {
			schema[name] = value
		}
		data, err := json.Marshal(schema)
		if err != nil {
			return invalid("tools[%d].input_schema cannot be encoded as JSON: %v", i, err)
		}
		tool := model.Tool{Name: f.Name, Description: f.Description, InputSchema: data}
		if anthropic.GetCacheControl(f.ProviderOptions) != nil {
			tool.Cache = &model.CachePoint{}
		}
		req.Tools = append(req.Tools, tool)
	}
	if call.ToolChoice == nil || len(call.Tools) == 0 {
		return nil // fantasy's providers do the same
	}
	switch c := *call.ToolChoice; c {
	case charm.ToolChoiceNone:
		req.ToolChoice.Mode = model.ToolsNone
	case charm.ToolChoiceAuto:
		req.ToolChoice.Mode = model.ToolsAuto
	case charm.ToolChoiceRequired:
		req.ToolChoice.Mode = model.ToolsAny
	default:
		req.ToolChoice = model.UseTool(string(c))
	}
	return nil
}

var roles = map[charm.MessageRole]model.Role{charm.MessageRoleSystem: model.RoleSystem, charm.MessageRoleUser: model.RoleUser,
	charm.MessageRoleAssistant: model.RoleAssistant, charm.MessageRoleTool: model.RoleUser}

// prompt converts messages. Consecutive messages with results become one,
// because all results of a turn belong together.
func prompt(req *model.Request, messages charm.Prompt) error {
	var last charm.MessageRole
	for i, m := range messages {
		role, ok := roles[m.Role]
		if !ok {
			return unsupported("messages[%d]: there is no role %q", i, m.Role)
		}
		var parts []model.Part
		for j, p := range m.Content {
			part, err := partOf(p)
			if err != nil {
				return fmt.Errorf("messages[%d].content[%d]: %w", i, j, err)
			}
			parts = append(parts, part)
			if anthropic.GetCacheControl(p.Options()) != nil || j == len(m.Content)-1 && anthropic.GetCacheControl(m.ProviderOptions) != nil {
				parts = append(parts, model.CachePoint{})
			}
		}
		if n := len(req.Messages); n > 0 && m.Role == charm.MessageRoleTool && last == m.Role {
			req.Messages[n-1].Parts = append(req.Messages[n-1].Parts, parts...)
			continue
		}
		req.Messages, last = append(req.Messages, model.Message{Role: role, Parts: parts}), m.Role
	}
	return nil
}

func partOf(p charm.MessagePart) (model.Part, error) {
	if t, ok := charm.AsMessagePart[charm.TextPart](p); ok {
		return model.Text(t.Text), nil
	}
	if f, ok := charm.AsMessagePart[charm.FilePart](p); ok {
		return file(&f)
	}
	if r, ok := charm.AsMessagePart[charm.ReasoningPart](p); ok {
		t := model.Thinking{Text: r.Text}
		if s := anthropic.GetReasoningMetadata(r.ProviderOptions); s != nil {
			t.Signature = s.Signature
			if s.RedactedData != "" {
				t.Redacted = []byte(s.RedactedData)
			}
		}
		return t, nil
	}
	if c, ok := charm.AsMessagePart[charm.ToolCallPart](p); ok && !c.ProviderExecuted {
		if strings.TrimSpace(c.Input) == "" {
			return model.ToolCall{ID: c.ToolCallID, Name: c.ToolName}, nil
		}
		return call(c.ToolCallID, c.ToolName, c.Input), nil
	}
	if r, ok := charm.AsMessagePart[charm.ToolResultPart](p); ok && !r.ProviderExecuted {
		return result(&r)
	}
	return nil, unsupported("%T has no counterpart", p)
}

func file(f *charm.FilePart) (model.Part, error) {
	kind, _, _ := strings.Cut(f.MediaType, "/")
	switch kind {
	case "image":
		return model.Image{MediaType: f.MediaType, Data: f.Data}, nil
	case "video":
		return model.Video{MediaType: f.MediaType, Data: f.Data}, nil
	case "audio":
		return model.Audio{MediaType: f.MediaType, Data: f.Data}, nil
	case "application", "text":
		name := f.Filename
		if name == "" {
			name = "document"
		}
		return model.Document{MediaType: f.MediaType, Data: f.Data, Name: name}, nil
	}
	return nil, unsupported("a file of type %q has no counterpart", f.MediaType)
}

func result(r *charm.ToolResultPart) (model.Part, error) {
	out := model.ToolResult{CallID: r.ToolCallID}
	if t, ok := charm.AsToolResultOutputType[charm.ToolResultOutputContentText](r.Output); ok {
		out.Parts = []model.Part{model.Text(t.Text)}
		return out, nil
	}
	if e, ok := charm.AsToolResultOutputType[charm.ToolResultOutputContentError](r.Output); ok {
		out.IsError = true
		if e.Error != nil {
			out.Parts = []model.Part{model.Text(e.Error.Error())}
		}
		return out, nil
	}
	m, ok := charm.AsToolResultOutputType[charm.ToolResultOutputContentMedia](r.Output)
	if !ok {
		return nil, unsupported("a result of type %T has no counterpart", r.Output)
	}
	data, err := base64.StdEncoding.DecodeString(m.Data)
	if err != nil {
		return nil, invalid("the data of a result is not base64")
	}
	part, err := file(&charm.FilePart{MediaType: m.MediaType, Data: data})
	if err != nil {
		return nil, err
	}
	out.Parts = []model.Part{part}
	if m.Text != "" {
		out.Parts = append(out.Parts, model.Text(m.Text))
	}
	return out, nil
}
