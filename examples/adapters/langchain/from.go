package langchain

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/tmc/langchaingo/llms"

	"github.com/chatmodel-go/chatmodel/model"
)

// An LLM is a chat model as a langchaingo model. It is made by [From] and safe
// for concurrent use.
type LLM struct{ m model.ChatModel }

var (
	_ llms.Model          = (*LLM)(nil)
	_ llms.ReasoningModel = (*LLM)(nil)
)

// From returns a langchaingo model that answers with m. Errors are m's own, so
// errors.Is and errors.As find their kinds. Options without a counterpart, such
// as a seed or penalties, are errors of kind [model.ErrUnsupported], and so is
// the name of another model.
func From(m model.ChatModel) *LLM { return &LLM{m} }

// Call returns the answer to a single text.
func (l *LLM) Call(ctx context.Context, prompt string, options ...llms.CallOption) (string, error) {
	return llms.GenerateFromSinglePrompt(ctx, l, prompt, options...)
}

// SupportsReasoning reports whether the model declares that it thinks.
func (l *LLM) SupportsReasoning() bool {
	c, ok := model.CapabilitiesOf(l.m)
	return ok && c.Thinking
}

// GenerateContent returns the answer to a conversation. If the options have a
// function for pieces, it gets them as they arrive.
func (l *LLM) GenerateContent(ctx context.Context, messages []llms.MessageContent, options ...llms.CallOption) (*llms.ContentResponse, error) {
	var o llms.CallOptions
	for _, option := range options {
		option(&o)
	}
	req, err := l.request(messages, &o)
	if err != nil {
		return nil, err
	}
	if o.StreamingFunc == nil && o.StreamingReasoningFunc == nil {
		resp, err := l.m.Generate(ctx, req)
		if err != nil {
			return nil, err
		}
		return content(resp)
	}
	stream := l.m.Stream(ctx, req)
	for ev, err := range stream.Events() {
		if err != nil {
			return nil, err
		}
		if err := piece(ctx, &o, &ev); err != nil {
			return nil, err
		}
	}
	resp, err := stream.Response()
	if err != nil {
		return nil, err
	}
	return content(resp)
}

// piece passes on a piece of text or thinking.
func piece(ctx context.Context, o *llms.CallOptions, ev *model.Event) error {
	text := []byte(ev.Text)
	switch {
	case len(text) == 0:
	case ev.Kind == model.EventText && o.StreamingReasoningFunc != nil:
		return o.StreamingReasoningFunc(ctx, nil, text)
	case ev.Kind == model.EventText:
		return o.StreamingFunc(ctx, text)
	case ev.Kind == model.EventThinking && o.StreamingReasoningFunc != nil:
		return o.StreamingReasoningFunc(ctx, text, nil)
	}
	return nil
}

// content converts an answer. GenerationInfo has the counters under the names
// of langchaingo's own providers.
func content(resp *model.Response) (*llms.ContentResponse, error) {
	u := resp.TokenUsage()
	c := &llms.ContentChoice{Content: resp.Text(), StopReason: string(resp.StopReason), GenerationInfo: map[string]any{}}
	if u.Known {
		c.GenerationInfo = map[string]any{
			"InputTokens": u.InputTokens, "OutputTokens": u.OutputTokens, "PromptTokens": u.InputTokens, "CompletionTokens": u.OutputTokens,
			"TotalTokens": u.Total(), "CacheReadInputTokens": u.CacheReadTokens, "CacheCreationInputTokens": u.CacheWriteTokens,
		}
	}
	var warnings []string
	for _, w := range resp.Warnings {
		warnings = append(warnings, w.String())
	}
	if warnings != nil {
		c.GenerationInfo["Warnings"] = warnings
	}
	for _, p := range resp.Message.Parts {
		switch p := p.(type) {
		case model.Thinking:
			c.ReasoningContent += p.Text
		case model.ToolCall:
			arguments := string(p.Input)
			switch {
			case p.InvalidInput != "":
				arguments = p.InvalidInput
			case arguments == "":
				arguments = "{}"
			}
			c.ToolCalls = append(c.ToolCalls, llms.ToolCall{ID: p.ID, Type: "function", FunctionCall: &llms.FunctionCall{Name: p.Name, Arguments: arguments}})
		}
	}
	if c.ReasoningContent != "" {
		c.GenerationInfo["ThinkingContent"] = c.ReasoningContent
	}
	if len(c.ToolCalls) > 0 {
		c.FuncCall = c.ToolCalls[0].FunctionCall
	}
	return &llms.ContentResponse{Choices: []*llms.ContentChoice{c}}, nil
}

// unsupported returns the error for an option or a value without a counterpart.
func unsupported(format string, args ...any) error {
	return &model.Error{Kind: model.ErrUnsupported, Provider: "langchaingo", Op: "generate", Message: fmt.Sprintf(format, args...)}
}

// request converts a conversation and its options.
func (l *LLM) request(messages []llms.MessageContent, o *llms.CallOptions) (*model.Request, error) {
	req := &model.Request{MaxTokens: o.MaxTokens, TopK: o.TopK, StopSequences: o.StopWords}
	for name, set := range map[string]bool{
		"CandidateCount": o.CandidateCount > 1, "N": o.N > 1, "Seed": o.Seed != 0, "MinLength": o.MinLength != 0, "MaxLength": o.MaxLength != 0,
		"RepetitionPenalty": o.RepetitionPenalty != 0, "FrequencyPenalty": o.FrequencyPenalty != 0, "PresencePenalty": o.PresencePenalty != 0,
		"JSONMode": o.JSONMode, "ResponseMIMEType": o.ResponseMIMEType != "" && o.ResponseMIMEType != "text/plain",
	} {
		if set {
			return nil, unsupported("the option %s has no counterpart", name)
		}
	}
	if info, ok := model.InfoOf(l.m); o.Model != "" && ok && info.Model != "" && o.Model != info.Model {
		return nil, unsupported("the option Model is %q, but this model is %q", o.Model, info.Model)
	}
	if o.Temperature != 0 { // langchaingo cannot distinguish 0 from unset
		req.Temperature = new(o.Temperature)
	}
	if o.TopP != 0 {
		req.TopP = new(o.TopP)
	}
	req.Thinking = thinking(llms.GetThinkingConfig(o))
	if on, _ := o.Metadata["prompt_caching"].(bool); on {
		req.Cache = &model.CacheConfig{}
	}
	for i, m := range messages {
		turned, err := message(m)
		if err != nil {
			return nil, fmt.Errorf("messages[%d]: %w", i, err)
		}
		req.Messages = append(req.Messages, turned)
	}
	if err := tools(req, o); err != nil {
		return nil, err
	}
	return req, nil
}

func thinking(c *llms.ThinkingConfig) *model.ThinkingConfig {
	if c == nil {
		return nil
	}
	t := &model.ThinkingConfig{Budget: c.BudgetTokens}
	switch c.Mode {
	case llms.ThinkingModeNone:
		return &model.ThinkingConfig{Mode: model.ThinkingDisabled}
	case llms.ThinkingModeLow, llms.ThinkingModeMedium, llms.ThinkingModeHigh:
		if t.Budget == 0 {
			t.Effort = string(c.Mode)
		}
	}
	t.Mode = model.ThinkingEnabled
	return t
}

var roles = map[llms.ChatMessageType]model.Role{
	llms.ChatMessageTypeSystem: model.RoleSystem, llms.ChatMessageTypeHuman: model.RoleUser, llms.ChatMessageTypeGeneric: model.RoleUser,
	llms.ChatMessageTypeAI: model.RoleAssistant, llms.ChatMessageTypeTool: model.RoleUser, llms.ChatMessageTypeFunction: model.RoleUser,
}

func message(m llms.MessageContent) (model.Message, error) {
	role, ok := roles[m.Role]
	if !ok {
		return model.Message{}, unsupported("there is no role %q", m.Role)
	}
	turned := model.Message{Role: role}
	for j, p := range m.Parts {
		if cached, ok := p.(llms.CachedContent); ok {
			part, err := partOf(cached.ContentPart)
			if err != nil {
				return turned, fmt.Errorf("parts[%d]: %w", j, err)
			}
			turned.Parts = append(turned.Parts, part)
			if cached.CacheControl != nil {
				turned.Parts = append(turned.Parts, model.CachePoint{TTL: cached.CacheControl.Duration})
			}
			continue
		}
		part, err := partOf(p)
		if err != nil {
			return turned, fmt.Errorf("parts[%d]: %w", j, err)
		}
		turned.Parts = append(turned.Parts, part)
	}
	return turned, nil
}

func partOf(p llms.ContentPart) (model.Part, error) {
	switch p := p.(type) {
	case llms.TextContent:
		return model.Text(p.Text), nil
	case llms.BinaryContent:
		return file(p.MIMEType, p.Data)
	case llms.ImageURLContent:
		head, data, ok := strings.Cut(strings.TrimPrefix(p.URL, "data:"), ";base64,")
		if !ok || head == p.URL {
			return model.Image{URI: p.URL}, nil
		}
		decoded, err := base64.StdEncoding.DecodeString(data)
		if err != nil {
			return nil, &model.Error{Kind: model.ErrInvalidRequest, Provider: "langchaingo", Op: "generate", Message: "the data of the URL is not base64"}
		}
		return model.Image{MediaType: head, Data: decoded}, nil
	case llms.ToolCall:
		if p.FunctionCall == nil {
			return nil, unsupported("a call of type %q without a function", p.Type)
		}
		call := model.ToolCall{ID: p.ID, Name: p.FunctionCall.Name}
		if json.Valid([]byte(p.FunctionCall.Arguments)) {
			call.Input = json.RawMessage(p.FunctionCall.Arguments)
		} else {
			call.InvalidInput = p.FunctionCall.Arguments
		}
		return call, nil
	case llms.ToolCallResponse:
		return model.ToolResult{CallID: p.ToolCallID, Parts: []model.Part{model.Text(p.Content)}}, nil
	}
	return nil, unsupported("%T has no counterpart", p)
}

func file(mediaType string, data []byte) (model.Part, error) {
	kind, _, _ := strings.Cut(mediaType, "/")
	switch kind {
	case "image":
		return model.Image{MediaType: mediaType, Data: data}, nil
	case "video":
		return model.Video{MediaType: mediaType, Data: data}, nil
	case "audio":
		return model.Audio{MediaType: mediaType, Data: data}, nil
	case "application", "text":
		return model.Document{MediaType: mediaType, Data: data, Name: "document"}, nil
	}
	return nil, unsupported("a file of type %q has no counterpart", mediaType)
}

// tools converts tools and the choice among them, including the older
// functions.
func tools(req *model.Request, o *llms.CallOptions) error {
	all := o.Tools
	for i := range o.Functions {
		all = append(all[:len(all):len(all)], llms.Tool{Type: "function", Function: &o.Functions[i]})
	}
	for i, t := range all {
		if t.Function == nil {
			return unsupported("tools[%d]: a tool of type %q without a function", i, t.Type)
		}
		tool := model.Tool{Name: t.Function.Name, Description: t.Function.Description}
		if t.Function.Strict {
			tool.Strict = new(true)
		}
		switch schema := t.Function.Parameters.(type) {
		case nil:
		case json.RawMessage:
			tool.InputSchema = schema
		default:
			data, err := json.Marshal(schema)
			if err != nil {
				return &model.Error{Kind: model.ErrInvalidRequest, Provider: "langchaingo", Op: "generate", Message: fmt.Sprintf("tools[%d]: the parameters cannot be encoded as JSON: %v", i, err), Err: err}
			}
			tool.InputSchema = data
		}
		req.Tools = append(req.Tools, tool)
	}
	choice := o.ToolChoice
	if choice == nil && o.FunctionCallBehavior != "" {
		choice = string(o.FunctionCallBehavior)
	}
	switch c := choice.(type) {
	case nil:
	case string:
		mode, ok := map[string]model.ToolMode{"none": model.ToolsNone, "auto": model.ToolsAuto, "any": model.ToolsAny, "required": model.ToolsAny, "": ""}[c]
		if !ok {
			return unsupported("tool_choice: there is no choice %q", c)
		}
		req.ToolChoice.Mode = mode
	case llms.ToolChoice:
		return named(req, &c)
	case *llms.ToolChoice:
		return named(req, c)
	default:
		return unsupported("tool_choice: %T has no counterpart", choice)
	}
	return nil
}

func named(req *model.Request, c *llms.ToolChoice) error {
	if c == nil || c.Function == nil {
		return unsupported("tool_choice: a choice without a function")
	}
	req.ToolChoice = model.ToolChoice{Mode: model.ToolsNamed, Name: c.Function.Name}
	return nil
}
