package openai

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/blocks"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
	"github.com/chatmodel-go/chatmodel/internal/rawjson"
	"github.com/chatmodel-go/chatmodel/model"
)

// A completion is the body of an answer, or a chunk of one. The two differ in a
// choice alone, which holds a message or a delta of one.
type completion struct {
	Choices []choice        `json:"choices"`
	Usage   json.RawMessage `json:"usage"`
	Error   json.RawMessage `json:"error"`
}

// A choice is one of the answers. There is one, as no request asks for more.
type choice struct {
	Index        native.Index    `json:"index"` // may be written as 0.0, as all numbers when a guardrail intervenes
	Message      *message        `json:"message"`
	Delta        message         `json:"delta"`
	Text         json.RawMessage `json:"text"` // of the format before chat completions
	FinishReason string          `json:"finish_reason"`
}

// errCompletion is the error of an answer in the format before chat completions.
// Read as a chat, it would be an empty answer without an error.
var errCompletion = errors.New("it is a text completion, not one of a chat; the model or the endpoint does not take the format that was sent")

// A message is an answer, or a piece of one.
type message struct {
	Content          json.RawMessage `json:"content"` // a string, or a list of parts
	Reasoning        string          `json:"reasoning"`
	ReasoningContent string          `json:"reasoning_content"`
	Refusal          string          `json:"refusal"` // in place of the content
	ToolCalls        []toolCall      `json:"tool_calls"`
}

// A toolCall is a call, or a piece of one in a stream. Arguments are JSON inside
// a string.
type toolCall struct {
	Index    *native.Index `json:"index"` // nil from models that number nothing
	ID       string        `json:"id"`
	Function struct {
		Name      string `json:"name"`
		Arguments string `json:"arguments"`
	} `json:"function"`
}

// reasoning returns the thinking beside the content, under either of its names.
// If both are there, only one is read: they are two names of one thing.
func (m *message) reasoning() string {
	if m.ReasoningContent != "" {
		return m.ReasoningContent
	}
	return m.Reasoning
}

// Decode reads the body of an answer. The answer shares no memory with the body,
// which is the caller's to use again.
func (Codec) Decode(body []byte) (*native.Answer, error) {
	var c completion
	if err := json.Unmarshal(body, &c); err != nil {
		return nil, err
	}
	if err := reported(c.Error); err != nil {
		return nil, err
	}
	// A body of another format decodes into nothing without an error, so what a
	// completion must have is looked for.
	if len(c.Choices) == 0 {
		return nil, errors.New("it holds no choices; is OpenAI's the model's format?")
	}
	m := c.Choices[0].Message
	switch {
	case m != nil:
	case c.Choices[0].Text != nil:
		return nil, errCompletion
	default:
		return nil, errors.New("its choice holds no message; is OpenAI's the model's format?")
	}
	a := &native.Answer{StopReason: stopReason(c.Choices[0].FinishReason, m.Refusal != ""), Sources: []json.RawMessage{bytes.Clone(body)}}
	parts, err := m.parts()
	if err != nil {
		return nil, err
	}
	a.Parts = parts
	if n := len(c.Choices); n > 1 { // as when the caller's own fields ask for several
		a.Warnings = append(a.Warnings, model.Warning{Action: model.WarningDropped, Field: "answer choices", Reason: fmt.Sprintf("%d further choices", n-1)})
	}
	a.Usage, a.RawUsage, a.Garbled = decodeUsage(c.Usage)
	return a, nil
}

// parts puts the message together: thinking, text, calls. The splitter that
// reads streams reads the content here, too, so that an answer is the same
// whichever way it comes.
func (m *message) parts() ([]model.Part, error) {
	text, others, err := splitContent(m.Content)
	if err != nil {
		return nil, err
	}
	var split splitter
	thinking := strings.Builder{}
	said := strings.Builder{}
	collect := func(think bool, piece string) error {
		if think {
			thinking.WriteString(piece)
		} else {
			said.WriteString(piece)
		}
		return nil
	}
	_ = split.add(text, collect) // collect does not fail
	_ = split.end(collect)

	// The format has a member for each and no order among them. This is the order
	// in which a model works: it thinks, then speaks, then calls. A stream gives
	// its parts indices in the same order.
	parts := []model.Part{}
	if t := m.reasoning() + thinking.String(); t != "" {
		parts = append(parts, model.Thinking{Text: t, Provider: blocks.Provider})
	}
	if t := said.String() + m.Refusal; t != "" {
		parts = append(parts, model.Text(t))
	}
	parts = append(parts, others...)
	for _, c := range m.ToolCalls {
		parts = append(parts, c.part())
	}
	return parts, nil
}

// splitContent returns the text of a content, and its parts that are no text. A
// part of another type becomes opaque and goes back as it came.
func splitContent(raw json.RawMessage) (text string, others []model.Part, err error) {
	if len(raw) == 0 || string(raw) == "null" {
		return "", nil, nil
	}
	if raw[0] == '"' { // from nearly all models
		err = json.Unmarshal(raw, &text)
		return text, nil, err
	}
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		return "", nil, fmt.Errorf("content: %w", err)
	}
	var said strings.Builder
	for i, item := range list {
		var part struct {
			Type string          `json:"type"`
			Text json.RawMessage `json:"text"`
		}
		if err := json.Unmarshal(item, &part); err != nil {
			return "", nil, fmt.Errorf("content.%d: %w", i, err)
		}
		var s string
		if part.Type == "text" && json.Unmarshal(part.Text, &s) == nil {
			said.WriteString(s)
			continue
		}
		others = append(others, model.Opaque{Provider: Provider, Kind: part.Type, Data: bytes.Clone(item)})
	}
	return said.String(), others, nil
}

// part returns a complete call. Arguments that are not JSON, as of an answer that
// was cut off, are kept apart: Input must be JSON for a history to be JSON.
func (c *toolCall) part() model.Part {
	p := model.ToolCall{ID: c.ID, Name: c.Function.Name}
	switch raw := []byte(c.Function.Arguments); {
	case len(bytes.TrimSpace(raw)) == 0: // of a tool without arguments
		p.Input = json.RawMessage("{}")
	case rawjson.Valid(raw): // also what is not an object: the format takes any text back
		p.Input = raw
	default:
		p.InvalidInput = c.Function.Arguments
	}
	return p
}

// stopReason makes a reason neutral. A refusal has a member of its own and ends
// with stop like any answer, so the reason alone would hide it. An unknown reason
// passes through.
func stopReason(s string, refused bool) model.StopReason {
	if refused {
		return "refusal"
	}
	switch s {
	case "stop":
		return model.StopEndTurn
	case "length":
		return model.StopMaxTokens
	case "tool_calls", "function_call": // the second is the older name
		return model.StopToolUse
	case "content_filter":
		return model.StopContentFiltered
	}
	return model.StopReason(s)
}

// usage is the format's counters. As in the neutral usage, the prompt's count
// includes what was read from a cache, so nothing is added up here.
type usage struct {
	Prompt     native.Count `json:"prompt_tokens"`
	Completion native.Count `json:"completion_tokens"`
	Details    struct {
		Cached native.Count `json:"cached_tokens"`
	} `json:"prompt_tokens_details"`
	Parts struct {
		Reasoning native.Count `json:"reasoning_tokens"`
	} `json:"completion_tokens_details"`
}

// decodeUsage returns the usage and a copy of its bytes. The usage is nil if
// there is none or if one of the counters cannot be read: the answer counts
// more than its bill, so that is no error. Without either count it is none,
// since a zero is never made up.
func decodeUsage(raw json.RawMessage) (told *model.Usage, kept json.RawMessage, garbled bool) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil, false
	}
	var u usage
	switch {
	case json.Unmarshal(raw, &u) != nil, native.Garbled(u.Prompt, u.Completion, u.Details.Cached, u.Parts.Reasoning):
		return nil, bytes.Clone(raw), true
	case u.Prompt.Absent(), u.Completion.Absent():
		return nil, bytes.Clone(raw), false // an empty usage says nothing
	}
	return &model.Usage{Known: true, InputTokens: u.Prompt.N(), OutputTokens: u.Completion.N(), CacheReadTokens: u.Details.Cached.N(), ReasoningTokens: u.Parts.Reasoning.N()}, bytes.Clone(raw), false
}

// reported returns the failure that a body reports: an object, or a text, as
// different servers of the format have it. It may come with status 200.
func reported(raw json.RawMessage) error {
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	var e struct {
		Type    string `json:"type"`
		Message string `json:"message"`
	}
	if json.Unmarshal(raw, &e.Message) == nil || json.Unmarshal(raw, &e) == nil {
		return &native.ServiceError{Type: e.Type, Message: e.Message}
	}
	return &native.ServiceError{Message: "the model reports an error in a form that is not known"}
}
