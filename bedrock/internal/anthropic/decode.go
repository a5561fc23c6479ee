package anthropic

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/blocks"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
	"github.com/chatmodel-go/chatmodel/model"
)

// resultSuffix ends the types of blocks that hold results of the provider's
// tools, such as web_search_tool_result.
const resultSuffix = "_tool_result"

// A message is the body of an answer. Blocks and usage stay raw until their kind
// is known, so that one that is new to this version costs nothing but itself.
type message struct {
	Type       string            `json:"type"`
	Content    []json.RawMessage `json:"content"`
	StopReason string            `json:"stop_reason"`
	Usage      json.RawMessage   `json:"usage"`
	Error      *apiError         `json:"error"`
	Completion json.RawMessage   `json:"completion"` // of the format before Messages
}

// errCompletion is the error of an answer in the format before Messages. Read as
// a message, it would be an empty answer without an error.
var errCompletion = errors.New("it is one of Anthropic's legacy text completions, not of Messages; the model or the endpoint does not take the format that was sent")

// An apiError is an error as the model reports it in a body or an event.
// https://docs.anthropic.com/en/api/errors
type apiError struct {
	Type    string `json:"type"`
	Message string `json:"message"`
}

// Decode reads the body of an answer. Nothing of the message is left out. The
// answer shares no memory with the body, which is the caller's to use again.
func (Codec) Decode(body []byte) (*native.Answer, error) {
	var m message
	if err := json.Unmarshal(body, &m); err != nil {
		return nil, err
	}
	switch {
	case m.Error != nil: // a failure may come with status 200, as it does in streams
		return nil, &native.ServiceError{Type: m.Error.Type, Message: m.Error.Message}
	case m.Completion != nil:
		return nil, errCompletion
	case m.Content == nil && m.Type != "message": // a message may be empty; something else is no message
		return nil, errors.New("it holds no message of Anthropic's format; is that the model's format?")
	}
	a := &native.Answer{Parts: make([]model.Part, 0, len(m.Content)), StopReason: blocks.StopReason(m.StopReason), Sources: []json.RawMessage{clone(body)}}
	// Errors name their place as Anthropic's own do, as in content.0.citations.1.
	for i, raw := range m.Content {
		p, err := decodeBlock(raw)
		if err != nil {
			return nil, fmt.Errorf("content.%d: %w", i, err)
		}
		a.Parts = append(a.Parts, p)
	}
	// Counters come last: whatever is wrong with them, the message has been read.
	a.Usage, a.RawUsage, a.Garbled = decodeUsage(m.Usage)
	return a, nil
}

// A contentBlock holds the members of all the blocks that have a neutral part of
// their own. Blocks of unknown types are never decoded into it: they may have
// members of the same names with other types.
type contentBlock struct {
	Type      string            `json:"type"`
	Text      string            `json:"text"`
	Citations []json.RawMessage `json:"citations"`
	Thinking  string            `json:"thinking"`
	Signature string            `json:"signature"`
	Data      string            `json:"data"`
	ID        string            `json:"id"`
	Name      string            `json:"name"`
	Input     json.RawMessage   `json:"input"`
	ToolUseID string            `json:"tool_use_id"`
	Content   json.RawMessage   `json:"content"`
}

// decodeBlock returns the part of a block of an answer.
func decodeBlock(raw json.RawMessage) (model.Part, error) {
	kind, err := typeOf(raw)
	if err != nil {
		return nil, err
	}
	if !known(kind) {
		return opaquePart(kind, raw), nil // it goes back as it came
	}
	var b contentBlock
	if err := json.Unmarshal(raw, &b); err != nil {
		return nil, err
	}
	switch kind {
	case "text":
		return b.textPart()
	case "thinking":
		return model.Thinking{Text: b.Thinking, Signature: b.Signature, Provider: blocks.Provider}, nil
	case "redacted_thinking":
		// Converse returns the same bytes in base64, so a block may come through
		// one door and go back through the other.
		return model.Thinking{Redacted: []byte(b.Data), Provider: blocks.Provider}, nil
	case "tool_use", "server_tool_use":
		return b.call(b.Input), nil
	}
	return b.serverResult(raw), nil
}

// typeOf reads the type of a block. A block of an unknown type may have members
// of any form, so nothing else is read yet.
func typeOf(raw json.RawMessage) (string, error) {
	var b struct {
		Type string `json:"type"`
	}
	err := json.Unmarshal(raw, &b)
	return b.Type, err
}

// known reports whether a block of that type has a neutral part. The end of a
// type marks the results of the provider's tools, so that one of a new tool is
// known, too.
func known(kind string) bool {
	switch kind {
	case "text", "thinking", "redacted_thinking", "tool_use", "server_tool_use":
		return true
	}
	return strings.HasSuffix(kind, resultSuffix)
}

// opaquePart keeps a block whole, to go back as it came: to this format alone,
// since its provider is not Converse's.
func opaquePart(kind string, raw json.RawMessage) model.Part {
	return model.Opaque{Provider: Provider, Kind: kind, Data: clone(raw)}
}

// textPart returns the text, with its citations if it has any.
func (b *contentBlock) textPart() (model.Part, error) {
	if len(b.Citations) == 0 {
		return model.Text(b.Text), nil
	}
	p := model.CitedText{Text: b.Text}
	for i, raw := range b.Citations {
		c, err := decodeCitation(raw)
		if err != nil {
			return nil, fmt.Errorf("citations.%d: %w", i, err)
		}
		p.Citations = append(p.Citations, c)
	}
	return p, nil
}

// call returns a tool call with the given input, which is copied. A stream gives
// nil: there the input comes later, in pieces.
func (b *contentBlock) call(input json.RawMessage) model.Part {
	if input = clone(input); string(input) == "null" { // as good as none
		input = nil
	}
	if b.Type == "server_tool_use" {
		return model.ServerToolCall{ID: b.ID, Name: b.Name, Kind: b.Type, Input: input}
	}
	return model.ToolCall{ID: b.ID, Name: b.Name, Input: input}
}

// serverResult keeps a result of the provider's own tools, whose content has a
// form of its own for each tool. One that has further members, for which there
// is no place, becomes an opaque part, so that it goes back whole: the service
// refuses the call of a result that is missing.
func (b *contentBlock) serverResult(raw json.RawMessage) model.Part {
	// Exactly these three members, none of them null.
	n := 0
	for _, name := range []string{"type", "tool_use_id", "content"} {
		if native.Has(raw, name) {
			n++
		}
	}
	if members, err := native.Members(raw); err != nil || n != 3 || len(members) != n {
		return opaquePart(b.Type, raw)
	}
	return model.ServerToolResult{CallID: b.ToolUseID, Kind: b.Type, IsError: isErrorContent(b.Content),
		Parts: []model.Part{model.JSON(clone(b.Content))}}
}

// isErrorContent reports whether the content of a result is an object of one of
// the types of error, such as web_search_tool_result_error.
func isErrorContent(content json.RawMessage) bool {
	kind, err := typeOf(content)
	return err == nil && strings.HasSuffix(kind, "_error")
}

// usage is the format's counters. Input does not count what was read from and
// written to the cache; the neutral InputTokens does.
type usage struct {
	Input         native.Count `json:"input_tokens"`
	Output        native.Count `json:"output_tokens"`
	CacheRead     native.Count `json:"cache_read_input_tokens"`
	CacheWrite    native.Count `json:"cache_creation_input_tokens"`
	CacheCreation struct {
		FiveMinutes native.Count `json:"ephemeral_5m_input_tokens"`
		Hour        native.Count `json:"ephemeral_1h_input_tokens"`
	} `json:"cache_creation"`
	Parts native.OutputParts `json:"output_tokens_details"`
}

// decodeUsage returns the usage and a copy of its bytes. The usage is nil if
// there is none or if one of the counters cannot be read: a sum with a hole in
// it would be a wrong bill, while an answer without a usage is still an answer.
func decodeUsage(raw json.RawMessage) (told *model.Usage, kept json.RawMessage, garbled bool) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil, false
	}
	var u usage
	if json.Unmarshal(raw, &u) != nil || native.Garbled(u.Input, u.Output, u.CacheRead, u.CacheWrite, u.CacheCreation.FiveMinutes, u.CacheCreation.Hour, u.Parts.Thinking) {
		return nil, clone(raw), true
	}
	if u.Input.Absent() && u.Output.Absent() { // counters of something else; a zero is never made up
		return nil, clone(raw), false
	}
	out := &model.Usage{Known: true, OutputTokens: u.Output.N(), CacheReadTokens: u.CacheRead.N(), CacheWriteTokens: u.CacheWrite.N(), ReasoningTokens: u.Parts.Thinking.N()}
	// The law of all recorded answers: input, read and written tokens exclude each
	// other (the fact answers.cache_in_input).
	out.InputTokens = u.Input.N() + out.CacheReadTokens + out.CacheWriteTokens
	for _, w := range []model.CacheWrite{ // the longer lifetime first, as in Converse
		{TTL: time.Hour, Tokens: u.CacheCreation.Hour.N()},
		{TTL: 5 * time.Minute, Tokens: u.CacheCreation.FiveMinutes.N()},
	} {
		if w.Tokens != 0 {
			out.CacheWrites = append(out.CacheWrites, w)
		}
	}
	return out, clone(raw), false
}

// mergeUsage puts later counters over earlier ones. A stream reports those of
// the prompt at its beginning, with an output that is only a start, and those of
// the answer at its end. They are running totals, so nothing is added up.
func mergeUsage(before, after json.RawMessage) json.RawMessage {
	if len(before) == 0 {
		return clone(after)
	}
	return overlay(before, after)
}

// overlay returns the members of two objects. Of a member that both have it
// takes the second one's, unless that is null: a final event may repeat all
// counters and fill in only some.
func overlay(under, over json.RawMessage) json.RawMessage {
	members, err := native.Members(under)
	if err != nil {
		return clone(over)
	}
	for i, m := range members {
		if later := native.Member(over, m.Name); later != nil {
			members[i].Value = later
		}
	}
	later, _ := native.Members(over) // what is not an object has no members
	for _, m := range later {
		if !slices.ContainsFunc(members, func(n native.Field) bool { return n.Name == m.Name }) {
			members = append(members, m)
		}
	}
	return native.Object(members)
}

// clone copies bytes out of a body or a chunk, whose buffers are used again.
func clone(raw json.RawMessage) json.RawMessage { return bytes.Clone(raw) }
