package prompt

import (
	"fmt"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
	"github.com/chatmodel-go/chatmodel/model"
)

// A Codec is the format of one family.
type Codec struct{ *family }

// A family is what sets a format apart.
type family struct {
	name string

	// prompt renders a conversation that is ready to be rendered.
	prompt func(c *conversation) string

	// mark finds one of the family's marks in a text.
	mark func(text string) (found string, ok bool)

	// members are the body's names for the prompt and for what varies the
	// answer; an empty one means that there is no such member.
	members members

	// before is how a chunk begins, up to its text.
	before string

	// nested is the member that holds all others but the prompt.
	nested string

	// thinks says that the prompt ends in the middle of thinking, with which
	// every answer begins.
	thinks bool
}

type members struct{ prompt, maxTokens, temperature, topP, topK, stop string }

// A conversation is the text of all turns. The first and the last turn are the
// user's, and no two turns of one role stand next to each other; but the last
// turn may be the beginning of the answer.
type conversation struct {
	system string
	turns  []turn
}

type turn struct {
	role model.Role
	text string
}

// prefilled reports whether the model is to continue an answer.
func (c *conversation) prefilled() bool {
	return c.turns[len(c.turns)-1].role == model.RoleAssistant
}

type encoder struct {
	native.Report
	family *family
	req    *model.Request
	guards native.Guards
}

// Encode returns the body for a request.
func (f Codec) Encode(req *model.Request, in *native.Input) (*native.Encoded, error) {
	e := encoder{family: f.family, req: req, guards: native.NewGuards(req, in.Guardrail)}
	c := e.conversation()
	e.refuse(in)
	if err := e.Err(); err != nil {
		return nil, err
	}
	var body native.Fields
	body.Text(f.members.prompt, "messages", f.prompt(c))
	e.settings(&body, in.Rules)
	e.guards.Config(&body, in)
	body.Merge(in.Additional, &e.Report)
	if err := e.Err(); err != nil {
		return nil, err
	}
	return &native.Encoded{Body: body.Append(nil), Warnings: e.Warnings}, nil
}

// refuse says what a prompt has no place for.
func (e *encoder) refuse(in *native.Input) {
	req := e.req
	if len(req.Tools) > 0 && req.ToolChoice.Mode != model.ToolsNone {
		e.Unsupported("tools", "%s", e.only())
	}
	if req.Output != nil {
		e.Unsupported("output", "%s", e.only())
	}
	if in.Effort != "" {
		e.Unsupported("provider_options.output_effort", "%s", e.only())
	}
	if req.Cache != nil {
		e.Warn(model.WarningDropped, "cache", "%s", e.only())
	}
	switch t := req.Thinking; {
	case t == nil:
	case e.family.thinks && t.Mode == model.ThinkingDisabled:
		e.Warn(model.WarningDropped, "thinking", "the model always thinks")
	case e.family.thinks && (t.Budget != 0 || t.Effort != ""):
		e.Warn(model.WarningDropped, "thinking", "the model thinks as much as it sees fit")
	case !e.family.thinks && t.Mode != model.ThinkingDisabled:
		e.Unsupported("thinking", "%s", e.only())
	}
}

func (e *encoder) only() string { return "the " + e.family.name + " format is a prompt of text alone" }

// settings writes what bounds and varies the answer.
func (e *encoder) settings(body *native.Fields, rules native.Rules) {
	req, m := e.req, e.family.members
	var f native.Fields
	if req.MaxTokens > 0 {
		f.Int(m.maxTokens, "max_tokens", req.MaxTokens)
	}
	temperature, topP := e.Sampling(req, rules, false)
	f.Float(m.temperature, "temperature", temperature)
	f.Float(m.topP, "top_p", topP)
	switch {
	case req.TopK == 0:
	case m.topK == "":
		e.Warn(model.WarningDropped, "top_k", "the %s format has no such parameter", e.family.name)
	default:
		f.Int(m.topK, "top_k", req.TopK)
	}
	e.StopSequences(req.StopSequences)
	switch {
	case len(req.StopSequences) == 0:
	case m.stop == "":
		e.Unsupported("stop_sequences", "the %s format has no such parameter", e.family.name)
	default:
		f.Texts(m.stop, "stop_sequences", req.StopSequences)
	}
	if e.family.nested != "" {
		body.Object(e.family.nested, "max_tokens, temperature, top_p, stop_sequences", f)
		return
	}
	body.Add(f)
}

// conversation collects the text of all turns.
func (e *encoder) conversation() *conversation {
	var c conversation
	var system []string
	for i, m := range e.req.Messages {
		field := fmt.Sprintf("messages[%d]", i)
		text := e.text(field, m)
		n := len(c.turns)
		switch {
		case text == "" && m.Role == model.RoleUser && i == len(e.req.Messages)-1:
			e.Invalid(field, "has nothing to send; the last turn needs text")
		case text == "":
			e.Warn(model.WarningDropped, field, "a turn without content")
		case m.Role == model.RoleSystem:
			if n > 0 {
				e.Warn(model.WarningMoved, field, "the format has one place for system messages, before the conversation")
			}
			system = append(system, text)
		case n > 0 && c.turns[n-1].role == m.Role:
			c.turns[n-1].text += "\n\n" + text
		default:
			c.turns = append(c.turns, turn{m.Role, text})
		}
	}
	c.system = strings.Join(system, "\n\n")
	e.check(&c)
	return &c
}

// check holds a conversation to what the templates rely on.
func (e *encoder) check(c *conversation) {
	if len(c.turns) == 0 {
		e.Invalid("messages", "hold no text to send")
		return
	}
	if c.turns[0].role != model.RoleUser {
		e.Unsupported("messages", "begin with an answer; the %s format wants the user to begin", e.family.name)
	}
	if e.family.thinks && c.prefilled() {
		e.Unsupported("messages", "end with an answer; the model begins every answer with its thinking, and cannot continue one")
	}
	// Whole texts are checked, as they will stand in the prompt, so that a mark
	// cannot be put together from parts that hold none.
	e.checkMark("the system message", c.system)
	for i, t := range c.turns {
		e.checkMark(fmt.Sprintf("turn %d, the %s's", i+1, t.role), t.text)
	}
}

func (e *encoder) checkMark(where, text string) {
	if mark, ok := e.family.mark(text); ok {
		e.Invalid("messages", "%s holds %q, which marks the turns in the %s format; leave it out", where, mark, e.family.name)
	}
}

// text returns a message's text.
func (e *encoder) text(field string, m model.Message) string {
	var said []string
	for j, p := range m.Parts {
		field := fmt.Sprintf("%s.parts[%d]", field, j)
		if native.IsBlank(p) {
			e.Warn(model.WarningDropped, field, "blank text")
			continue
		}
		switch p := p.(type) {
		case model.Text:
			said = append(said, string(p))
		case model.CitedText:
			if len(p.Citations) > 0 {
				e.Warn(model.WarningDropped, field+".citations", "%s", e.only())
			}
			said = append(said, p.Text)
		case model.Guard:
			said = append(said, e.guards.Text(field, p, &e.Report))
		case model.Thinking, model.CachePoint, model.Opaque:
			e.Warn(model.WarningDropped, field, "%s", e.only())
		default:
			e.Unsupported(field, "%s; it has no place for a part of type %T", e.only(), p)
		}
	}
	text := strings.Join(said, "\n\n")
	if m.Role == model.RoleUser {
		return strings.TrimSpace(text)
	}
	return strings.TrimRight(text, " \t\r\n")
}
