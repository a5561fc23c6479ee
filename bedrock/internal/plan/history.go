package plan

import (
	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan/internal/names"
	"github.com/chatmodel-go/chatmodel/model"
)

// A history reads the messages of a request. What becomes of a part is decided
// by the types for its kind; where it goes, by the conversation.
type history struct {
	*scope
	req    *model.Request
	prompt bool // the prompt brings messages of its own

	talk    conversation
	fields  fieldNames
	files   files
	texts   texts
	replays replays
	tools   toolParts
	server  serverParts
}

// read returns the system prompt and the turns of the messages: adjacent turns
// of one role become one, and what the service, the format or the model refuses
// is set right. After a refusal there are none. Of the plan it reads what has
// been settled before: the tools, which a cache point may stand behind, and the
// suffix of guards. The body has tools if anyTools says so, the plan's or the
// caller's own.
func (h *history) read(s *scope, req *model.Request, in *Input, p *Plan, anyTools bool) (system []Block, turns []Turn) {
	h.scope, h.req, h.prompt = s, req, in.Prompt
	h.talk = conversation{scope: s, fill: in.FillResults, status: p.ResultStatus, tools: p.Tools}
	h.files = files{scope: s, names: names.Documents()}
	h.texts = texts{scope: s, guards: guards{Guards: p.Guards, scope: s, files: &h.files, set: in.Settings.Guardrail != nil}}
	h.replays = replays{scope: s}
	h.tools = toolParts{scope: s, talk: &h.talk, files: &h.files, texts: &h.texts, offered: anyTools}
	h.server = serverParts{&h.tools}
	h.reserve()
	h.messages()
	return h.ends()
}

// reserve makes room for the blocks of all messages. Long histories are sent with
// every turn, so that a list must not grow by doubling each time.
func (h *history) reserve() {
	var parts, calls int
	for i := range h.req.Messages {
		parts += len(h.req.Messages[i].Parts)
		for _, q := range h.req.Messages[i].Parts {
			if _, ok := q.(model.ToolCall); ok {
				calls++
			}
		}
	}
	h.fields = newFieldNames(h.req.Messages, parts)
	h.talk.blocks = make([]Block, 0, parts+min(parts, 4)) // a few may be added, such as a text beside a document
	h.talk.marks = make([]mark, 0, len(h.req.Messages))
	h.talk.calls.ids = names.NewIDs(h.facts.Turns.ToolIDPattern, calls)
}

// messages adds the messages to the conversation, in order.
func (h *history) messages() {
	c := &h.talk
	from := lastOfUser(h.req.Messages)
	began := false // somebody has spoken: what follows of the system is late
	for i := range h.req.Messages {
		m := &h.req.Messages[i]
		c.role, c.field, c.separate = m.Role, h.fields.message(i, m), false
		c.last = i >= from
		if m.Role == model.RoleSystem {
			h.systemMessage(i, m, began)
			continue
		}
		began = true
		before := c.added
		h.parts(i, m)
		if c.added == before {
			h.nothingSaid(i, m)
		}
	}
	c.finish()
}

// lastOfUser returns the first message of the last turn of the user. What may
// stand behind that turn is an answer that the model is to continue.
func lastOfUser(messages []model.Message) int {
	from := len(messages)
	for from > 0 && messages[from-1].Role == model.RoleAssistant {
		from--
	}
	for from > 0 && messages[from-1].Role != model.RoleAssistant {
		from--
	}
	return from
}

// nothingSaid notes a message of which nothing is left. In the middle of a
// conversation its turn is left out, and its neighbours become one; at the end
// the model would have nothing to answer.
func (h *history) nothingSaid(i int, m *model.Message) {
	switch {
	case h.refused > 0: // what is missing now would be found missing, too
	case m.Role == model.RoleUser && i == len(h.req.Messages)-1:
		h.invalid(h.talk.field, "has nothing to send; the last turn needs text or other content")
	default:
		h.drop("", h.talk.field, "a turn without content, which Bedrock refuses")
	}
}

// systemMessage puts a system message where the format and the model take it.
// One that stands late keeps its place, so that the prompt before it stays as it
// is, and with it what is cached.
func (h *history) systemMessage(i int, m *model.Message, late bool) {
	c, f := &h.talk, h.format
	if h.prompt {
		return // it is refused, by promptAlone
	}
	inPrompt := false
	switch {
	case h.facts.Turns.System.No():
		h.change("turns.system", c.field, "%s takes no system messages; it is sent as the user's text", h.name())
		c.role = model.RoleUser
	case !late && f.System:
		inPrompt = true
	// Where calls wait for their results, a system turn would part the two.
	case late && (c.calls.waiting() || f.System && !(f.SystemAnyTurn && h.facts.Turns.SystemBetween.Yes())):
		h.change("turns.system_between", c.field, "it comes after the beginning of the conversation, where %s takes no system messages; it is sent in its place as the user's text", h.name())
		c.role = model.RoleUser
	default: // as a turn of its own, even next to another one of the system
		c.separate = true
	}
	for j, q := range m.Parts {
		h.systemPart(h.fields.part(i, j), q, inPrompt)
	}
}

// systemPart adds a part of a system message, to the system prompt or to the
// turn that stands for it.
func (h *history) systemPart(field string, q model.Part, inPrompt bool) {
	c := &h.talk
	switch s := q.(type) {
	case model.Text, model.CitedText, model.Guard, model.Opaque:
	case model.CachePoint:
		if inPrompt {
			c.systemPoint(field, s)
		} else {
			c.point(field, s)
		}
		return
	default:
		h.unsupported("", field, "a part of type %T has no place in a system message; it takes text, cache points and guard content", q)
		return
	}
	q, ok := h.texts.said(field, model.RoleSystem, c.last, q)
	switch {
	case !ok:
	case inPrompt:
		c.system = append(c.system, Block{Part: q, Field: field})
	default:
		c.add(field, q)
	}
}

// parts adds the parts of a user's or assistant's message.
func (h *history) parts(i int, m *model.Message) {
	for j, q := range m.Parts {
		field := h.fields.part(i, j)
		if white, _ := q.(model.Text); j+1 < len(m.Parts) && blank(string(white)) && h.talk.separates(string(white), m.Parts[j+1]) {
			h.talk.add(field, q)
			continue
		}
		h.part(field, m.Role, q)
	}
}

// part adds what is to be sent in the place of a part: usually the part itself,
// sometimes nothing, and a text for calls and results if no tools are offered.
func (h *history) part(field string, role model.Role, part model.Part) {
	c := &h.talk
	switch q := part.(type) {
	case model.CachePoint:
		c.point(field, q)
	case model.Thinking:
		if fact, why := h.replays.forgets(&q); why != "" {
			h.drop(fact, field, "%s", why)
			return
		}
		c.add(field, part)
	case model.Image, model.Document, model.Video, model.Audio:
		if sent := h.files.inTurn(field, role, c.last, part); sent != nil {
			c.add(field, sent)
		}
	case model.SearchResult:
		if !h.format.SearchResult {
			h.change("", field, "%s has no place for search results; it is sent as text", h.format.Name)
			c.addText(field, searchText(q))
			return
		}
		c.add(field, part)
	case model.ToolCall:
		h.tools.call(field, part, q)
	case model.ToolResult:
		h.tools.result(field, part, q)
	case model.ServerToolCall:
		h.server.call(field, q)
	case model.ServerToolResult:
		h.server.result(field, q)
	case model.Text, model.CitedText, model.Guard, model.Opaque:
		if sent, ok := h.texts.said(field, role, c.last, part); ok {
			c.add(field, sent)
		}
	default:
		h.unsupported("", field, "%s has no place for a part of type %T", h.format.Name, q)
	}
}

// ends returns the finished turns, with their ends set right. After a refusal
// there are none, since nothing is sent.
func (h *history) ends() (system []Block, turns []Turn) {
	if h.refused > 0 {
		return nil, nil
	}
	turns, speaks := h.talk.turns()
	if !speaks {
		// Only beside a prompt may there be no messages.
		if len(h.req.Messages) > 0 {
			h.invalid("messages", "there is nothing to send; a conversation needs text or other content")
		}
		return h.talk.system, nil
	}
	turns = firstTurn(h.scope, turns)
	lastTurn(h.scope, &turns[len(turns)-1])
	trimTurns(h.scope, turns)
	countFiles(h.scope, turns)
	checkMarks(h.scope, h.talk.system, turns)
	return h.talk.system, turns
}
