package openai

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
	"github.com/chatmodel-go/chatmodel/model"
)

// This file reads requests, for servers that speak the format. The client only
// writes them.

// A requestBody holds the members of a request that have a neutral place.
// Members of several types stay raw.
type requestBody struct {
	Messages            []bodyMessage   `json:"messages"`
	MaxTokens           int             `json:"max_tokens"`
	MaxCompletionTokens int             `json:"max_completion_tokens"`
	Temperature         *float64        `json:"temperature"`
	TopP                *float64        `json:"top_p"`
	TopK                int             `json:"top_k"`
	Stop                json.RawMessage `json:"stop"`
	ReasoningEffort     string          `json:"reasoning_effort"`
	Reasoning           json.RawMessage `json:"reasoning"`
	Tools               []bodyTool      `json:"tools"`
	ToolChoice          json.RawMessage `json:"tool_choice"`
	Parallel            *bool           `json:"parallel_tool_calls"`
	ResponseFormat      *bodyFormat     `json:"response_format"`
}

// A bodyMessage is a message: its content is a text or a list of parts.
type bodyMessage struct {
	Role       string          `json:"role"`
	Content    json.RawMessage `json:"content"`
	ToolCalls  []toolCall      `json:"tool_calls"`
	ToolCallID string          `json:"tool_call_id"`
}

// A bodyTool is a tool, or the tool of a choice, which has its name alone.
type bodyTool struct {
	Function struct {
		Name        string          `json:"name"`
		Description string          `json:"description"`
		Parameters  json.RawMessage `json:"parameters"`
		Strict      *bool           `json:"strict"`
	} `json:"function"`
}

// A bodyFormat is the form of the answer. Those without a schema are left out.
type bodyFormat struct {
	JSONSchema struct {
		Name        string          `json:"name"`
		Description string          `json:"description"`
		Schema      json.RawMessage `json:"schema"`
	} `json:"json_schema"`
}

// ParseRequest is the reverse of [Append], for servers. It is lenient: what it
// does not know is among the additional members that it returns.
func ParseRequest(body []byte) (*model.Request, json.RawMessage, error) {
	var b requestBody
	if err := json.Unmarshal(body, &b); err != nil {
		return nil, nil, err
	}
	// Models differ in what they call the limit; a body has one of the two.
	req := &model.Request{MaxTokens: b.MaxTokens + b.MaxCompletionTokens, Temperature: b.Temperature, TopP: b.TopP, TopK: b.TopK}
	for i, m := range b.Messages {
		if err := addMessage(req, m); err != nil {
			return nil, nil, fmt.Errorf("messages.%d: %w", i, err)
		}
	}
	for _, t := range b.Tools {
		f := t.Function
		req.Tools = append(req.Tools, model.Tool{Name: f.Name, Description: f.Description, InputSchema: f.Parameters, Strict: f.Strict})
	}
	var err error
	if req.ToolChoice, err = neutralChoice(b.ToolChoice); err != nil {
		return nil, nil, err
	}
	req.ToolChoice.Parallel = b.Parallel // a member of the body here, and of the choice there
	// Two of the places that models have for an effort; the third is only Qwen's,
	// and stays among the additional members.
	nested := nestedEffort(b.Reasoning)
	req.Thinking = asksFor(cmp.Or(b.ReasoningEffort, nested))
	if f := b.ResponseFormat; f != nil && len(f.JSONSchema.Schema) > 0 { // not json_object, which has no schema
		req.Output = &model.OutputFormat{Name: f.JSONSchema.Name, Description: f.JSONSchema.Description, Schema: f.JSONSchema.Schema}
	}
	if req.StopSequences, err = stops(b.Stop); err != nil {
		return nil, nil, err
	}
	return req, additional(body, nested != ""), nil
}

// nestedEffort returns the effort in an object that holds nothing else, which
// is how some models are asked to think. An object with more has no neutral form.
func nestedEffort(reasoning json.RawMessage) string {
	members, err := native.Members(reasoning)
	if err != nil || len(members) != 1 || members[0].Name != "effort" {
		return ""
	}
	var effort string
	_ = json.Unmarshal(members[0].Value, &effort)
	return effort
}

// asksFor returns what an effort asks for. None is the word for no thinking.
func asksFor(effort string) *model.ThinkingConfig {
	switch effort {
	case "":
		return nil
	case "none":
		return &model.ThinkingConfig{Mode: model.ThinkingDisabled}
	}
	return &model.ThinkingConfig{Effort: effort}
}

// additional collects the members of a body that have no neutral place, so that
// a server sees all that was sent. Reasoning has a neutral place if nested says
// so. What follows from the operation or the URL, such as stream and model, is
// left out.
func additional(body []byte, nested bool) json.RawMessage {
	members, _ := native.Members(body) // known to be an object
	var others []native.Field
	for _, m := range members {
		switch m.Name {
		case "messages", "max_tokens", "max_completion_tokens", "temperature", "top_p", "top_k", "stop", "reasoning_effort", "tools",
			"tool_choice", "parallel_tool_calls", "response_format", "stream", "stream_options", "model", "amazon-bedrock-guardrailConfig":
		case "reasoning":
			if !nested {
				others = append(others, m)
			}
		default:
			others = append(others, m)
		}
	}
	if len(others) == 0 {
		return nil
	}
	return native.Object(others)
}

// addMessage adds a message. The results of one turn, which are messages of
// their own on the wire, become one.
func addMessage(req *model.Request, m bodyMessage) error {
	parts, err := contentParts(m.Content)
	if err != nil {
		return err
	}
	role := model.Role(m.Role)
	switch m.Role {
	case "developer": // what newer models of OpenAI call system
		role = model.RoleSystem
	case "assistant":
		for _, c := range m.ToolCalls {
			parts = append(parts, c.part())
		}
	case "tool":
		// The neutral form has all results of a turn in one message. Whether a tool
		// failed is not said here.
		result := model.ToolResult{CallID: m.ToolCallID, Parts: parts}
		if n := len(req.Messages); n > 0 && len(req.Messages[n-1].Parts) > 0 {
			last := &req.Messages[n-1]
			if _, ok := last.Parts[len(last.Parts)-1].(model.ToolResult); ok {
				last.Parts = append(last.Parts, result)
				return nil
			}
		}
		role, parts = model.RoleUser, []model.Part{result}
	}
	req.Messages = append(req.Messages, model.Message{Role: role, Parts: parts})
	return nil
}

// contentParts reads content: a text, or a list of parts.
func contentParts(raw json.RawMessage) ([]model.Part, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return []model.Part{model.Text(text)}, nil
	}
	var list []struct {
		Type     string `json:"type"`
		Text     string `json:"text"`
		ImageURL struct {
			URL string `json:"url"`
		} `json:"image_url"`
	}
	var whole []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, fmt.Errorf("content: %w", err)
	}
	if err := json.Unmarshal(raw, &whole); err != nil {
		return nil, fmt.Errorf("content: %w", err)
	}
	var parts []model.Part
	for i, p := range list {
		switch p.Type {
		case "text":
			parts = append(parts, model.Text(p.Text))
		case "image_url":
			// A data: URL, as the writer makes it. Another URL has no data, and decodes
			// to an image without any, for the server's rules to refuse.
			mediaType, data, _ := strings.Cut(strings.TrimPrefix(p.ImageURL.URL, "data:"), ";base64,")
			image, err := base64.StdEncoding.DecodeString(data)
			if err != nil {
				return nil, fmt.Errorf("content.%d: %w", i, err)
			}
			parts = append(parts, model.Image{MediaType: mediaType, Data: image})
		default:
			parts = append(parts, model.Opaque{Provider: Provider, Kind: p.Type, Data: whole[i]})
		}
	}
	return parts, nil
}

// neutralChoice reads the choice among the tools: a word, or the tool to call.
func neutralChoice(raw json.RawMessage) (model.ToolChoice, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return model.ToolChoice{}, nil
	}
	var word string
	if json.Unmarshal(raw, &word) == nil {
		if word == "required" { // the one word that differs; auto and none are the neutral ones
			word = string(model.ToolsAny)
		}
		return model.ToolChoice{Mode: model.ToolMode(word)}, nil
	}
	var named bodyTool
	if err := json.Unmarshal(raw, &named); err != nil {
		return model.ToolChoice{}, fmt.Errorf("tool_choice: %w", err)
	}
	return model.UseTool(named.Function.Name), nil
}

// stops reads the stop sequences: one, or a list.
func stops(raw json.RawMessage) (all []string, err error) {
	if len(raw) == 0 {
		return nil, nil
	}
	var one string
	if json.Unmarshal(raw, &one) == nil {
		return []string{one}, nil
	}
	if err := json.Unmarshal(raw, &all); err != nil {
		return nil, fmt.Errorf("stop: %w", err)
	}
	return all, nil
}
