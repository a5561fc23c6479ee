package model

import "strings"

// A Role says whose turn a [Message] is.
type Role string

// The roles. A tool's results ride in a user message.
const (
	RoleSystem    Role = "system"
	RoleUser      Role = "user"
	RoleAssistant Role = "assistant"
)

// A Message is one turn of a conversation. The same type is sent and
// received: append Response.Message to the history and nothing is lost.
//
// A Message is a plain value. Copying it copies the slice header of Parts;
// [Message.Clone] copies all of it.
//
// Printing a message by fmt or log/slog leaves out signatures and redacted
// thinking, and abbreviates binary data. Its JSON holds everything, and what
// prints by JSON or past the methods of a type shows everything too: fmt does
// so with fields that are not exported, the JSON handler of log/slog with
// messages inside slices and structs. Log a message, a *Response or a *Request
// as the value of an attribute.
type Message struct {
	Role  Role
	Parts []Part
}

// System returns a system message: instructions to the model.
func System(text string) Message { return Message{Role: RoleSystem, Parts: []Part{Text(text)}} }

// User returns a user message of one text.
func User(text string) Message { return Message{Role: RoleUser, Parts: []Part{Text(text)}} }

// Assistant returns an assistant message of one text, as in few-shot examples.
func Assistant(text string) Message {
	return Message{Role: RoleAssistant, Parts: []Part{Text(text)}}
}

// SystemParts returns a system message of the given parts.
func SystemParts(parts ...Part) Message { return Message{Role: RoleSystem, Parts: parts} }

// UserParts returns a user message of the given parts, such as an image and
// a question about it.
func UserParts(parts ...Part) Message { return Message{Role: RoleUser, Parts: parts} }

// AssistantParts returns an assistant message of the given parts.
func AssistantParts(parts ...Part) Message { return Message{Role: RoleAssistant, Parts: parts} }

// ToolResults returns the user message that answers an assistant's tool
// calls. All calls of one turn must be answered in one message.
func ToolResults(results ...ToolResult) Message {
	m := Message{Role: RoleUser, Parts: make([]Part, len(results))}
	for i, r := range results {
		m.Parts[i] = r
	}
	return m
}

// Text returns the text of all [Text] and [CitedText] parts, joined without a
// separator. Thinking is not part of it.
func (m Message) Text() string {
	var texts []string
	for _, p := range m.Parts {
		switch p := p.(type) {
		case Text:
			texts = append(texts, string(p))
		case CitedText:
			texts = append(texts, p.Text)
		}
	}
	return strings.Join(texts, "")
}

// ToolCalls returns the calls that the caller is asked to run, in order.
// Calls that the provider runs itself ([ServerToolCall]) are not among them.
func (m Message) ToolCalls() []ToolCall { return partsOf[ToolCall](m.Parts) }

// Thinking returns the thinking parts, in order.
func (m Message) Thinking() []Thinking { return partsOf[Thinking](m.Parts) }

// Citations returns the citations of all [CitedText] parts, in order.
func (m Message) Citations() []Citation {
	var all []Citation
	for _, t := range partsOf[CitedText](m.Parts) {
		all = append(all, t.Citations...)
	}
	return all
}

// Clone returns a copy that shares nothing with m.
func (m Message) Clone() Message {
	m.Parts = cloneParts(m.Parts)
	return m
}

// partsOf returns the parts of one type, in order.
func partsOf[P Part](parts []Part) []P {
	var found []P
	for _, p := range parts {
		if p, ok := p.(P); ok {
			found = append(found, p)
		}
	}
	return found
}

// cloneParts returns a copy that shares nothing with parts. A nil list stays one.
func cloneParts(parts []Part) []Part {
	if parts == nil {
		return nil
	}
	c := make([]Part, len(parts))
	for i, p := range parts {
		if c[i] = p; known(p) {
			c[i] = p.clone()
		}
	}
	return c
}
