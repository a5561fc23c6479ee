package plan

import (
	"slices"
	"strings"
	"unicode"

	"github.com/chatmodel-go/chatmodel/model"
)

// A conversation is the messages in the making. The blocks of all turns stand
// in one list, since turns are finished one after the other.
type conversation struct {
	names  *fieldNames
	system []Block // the system prompt
	blocks []Block
	marks  []mark

	// Of the message that is being read:
	role     model.Role // whose turn its parts go into
	field    string
	separate bool // its parts begin a turn of their own
	added    int  // the parts that have gone anywhere so far

	from, to int     // the messages of the last turn of the user
	beside   []Block // files out of tool results, until those are through

	ids     callIDs
	pending []pending
	byID    map[string]int
}

// A mark is where a turn begins.
type mark struct {
	role  model.Role
	field string
	start int
}

// conversation sorts the messages: the system prompt goes to its place, adjacent
// turns of one role become one, and what the service, the format or the model
// refuses is set right.
func (p *planner) conversation() {
	messages := p.req.Messages
	c := &p.talk
	parts, calls := 0, 0
	for i := range messages {
		parts += len(messages[i].Parts)
		for _, q := range messages[i].Parts {
			if _, ok := q.(model.ToolCall); ok {
				calls++
			}
		}
	}
	c.names = newFieldNames(messages)
	c.blocks = make([]Block, 0, parts+4)
	c.marks = make([]mark, 0, len(messages))
	c.ids = newCallIDs(p.facts.Turns.ToolIDPattern, calls)
	c.from, c.to = lastOfUser(messages)

	began := false
	for i := range messages {
		m := &messages[i]
		c.role, c.field, c.separate = m.Role, c.names.message(i, m), false
		before := c.added
		if m.Role == model.RoleSystem {
			p.systemMessage(i, m, began)
			continue
		}
		began = true
		p.parts(i, m)
		if c.added == before {
			p.nothingSaid(i, m)
		}
	}
	p.finish()
}

// nothingSaid is for a message of which nothing is left.
func (p *planner) nothingSaid(i int, m *model.Message) {
	switch {
	case p.refused > 0: // what is missing now would be found missing, too
	case m.Role == model.RoleUser && i == len(p.req.Messages)-1:
		p.invalid(p.talk.field, "has nothing to send; the last turn needs text or other content")
	default:
		p.drop("", p.talk.field, "a turn without content, which Bedrock refuses")
	}
}

// lastOfUser returns the messages, from and before to, of the last turn of the
// user.
func lastOfUser(messages []model.Message) (from, to int) {
	to = len(messages)
	for to > 0 && messages[to-1].Role == model.RoleAssistant {
		to--
	}
	from = to
	for from > 0 && messages[from-1].Role != model.RoleAssistant {
		from--
	}
	return from, to
}

// systemMessage puts a system message where the format and the model take it.
// One that stands late keeps its place, so that the prompt before it stays as it
// is, and with it what is cached.
func (p *planner) systemMessage(i int, m *model.Message, late bool) {
	c, f := &p.talk, p.format
	if p.in.Prompt {
		return // it is refused
	}
	switch {
	case p.facts.Turns.System.No():
		p.change("turns.system", c.field, "%s takes no system messages; it is sent as the user's text", p.name())
		c.role = model.RoleUser
	case !late && f.System:
		for j, q := range m.Parts {
			p.systemPart(c.names.part(i, j), q, true)
		}
		return
	case late && (c.waiting() || f.System && !(f.SystemAnyTurn && p.facts.Turns.SystemBetween.Yes())):
		p.change("turns.system_between", c.field, "it stands behind the beginning of the conversation, where %s takes no system messages; it is sent in its place as the user's text", p.name())
		c.role = model.RoleUser
	default:
		c.separate = true
	}
	for j, q := range m.Parts {
		p.systemPart(c.names.part(i, j), q, false)
	}
}

// systemPart adds a part of a system message, to the system prompt or to the
// turn that stands for it.
func (p *planner) systemPart(field string, q model.Part, prompt bool) {
	c := &p.talk
	switch s := q.(type) {
	case model.Text, model.CitedText, model.Guard, model.Opaque:
	case model.CachePoint:
		if prompt {
			p.systemPoint(field, s)
		} else {
			p.point(field, s)
		}
		return
	default:
		p.unsupported("", field, "a part of type %T has no place in a system message; it takes text, cache points and guard content", q)
		return
	}
	q, ok := p.said(field, model.RoleSystem, q, nil)
	switch {
	case !ok:
	case prompt:
		c.system = append(c.system, Block{Part: q, Field: field})
	default:
		p.add(field, q)
	}
}

// parts adds the parts of a user's or assistant's message.
func (p *planner) parts(i int, m *model.Message) {
	for j, q := range m.Parts {
		field := p.talk.names.part(i, j)
		var next model.Part
		if j+1 < len(m.Parts) {
			next = m.Parts[j+1]
		}
		p.part(i, field, m.Role, q, next)
	}
}

// part adds what is to be sent in the place of a part: mostly the part itself,
// sometimes nothing, for tools that are not offered text.
func (p *planner) part(i int, field string, role model.Role, part, next model.Part) {
	switch q := part.(type) {
	case model.CachePoint:
		p.point(field, q)
	case model.Thinking:
		if fact, why := p.forgets(&q); why != "" {
			p.drop(fact, field, "%s", why)
			return
		}
		p.add(field, part)
	case model.Image, model.Document, model.Video, model.Audio:
		p.file(field, role, i >= p.talk.from && i < p.talk.to, part)
	case model.SearchResult:
		if !p.format.SearchResult {
			p.change("", field, "%s has no place for search results; it is sent as text", p.format.Name)
			p.addText(field, searchText(q))
			return
		}
		p.add(field, part)
	case model.ToolCall:
		p.toolCall(field, part, q)
	case model.ToolResult:
		p.toolResult(i, field, part, q)
	case model.ServerToolCall:
		p.serverCall(field, q)
	case model.ServerToolResult:
		p.serverResult(field, q)
	case model.Text, model.CitedText, model.Guard, model.Opaque:
		if q, ok := p.said(field, role, part, next); ok {
			p.add(field, q)
		}
	default:
		p.unsupported("", field, "%s has no place for a part of type %T", p.format.Name, q)
	}
}

// add adds a block to the turn of the message that is being read.
func (p *planner) add(field string, q model.Part) {
	c := &p.talk
	c.added++
	p.open()
	if len(c.beside) > 0 {
		if _, ok := q.(model.ToolResult); !ok {
			p.flush()
		}
	}
	c.blocks = append(c.blocks, Block{Part: q, Field: field})
}

func (p *planner) addText(field, text string) {
	if !blank(text) {
		p.add(field, model.Text(text))
	}
}

// open begins the turn of the message that is being read, if it has not begun.
func (p *planner) open() {
	c := &p.talk
	if n := len(c.marks); n > 0 && c.marks[n-1].role == c.role && !c.separate {
		return
	}
	c.separate = false
	p.end(c.role == model.RoleAssistant)
	c.marks = append(c.marks, mark{c.role, c.field, len(c.blocks)})
}

// flush adds the files that were taken out of tool results.
func (p *planner) flush() {
	c := &p.talk
	c.blocks = append(c.blocks, c.beside...)
	c.beside = c.beside[:0]
}

// end finishes the last turn. If the assistant speaks next, or nobody, all calls
// must have their results.
func (p *planner) end(settle bool) {
	c := &p.talk
	if len(c.marks) == 0 {
		return
	}
	m := &c.marks[len(c.marks)-1]
	p.flush()
	if settle && m.role != model.RoleAssistant {
		p.settle()
	}
	switch m.role {
	case model.RoleUser:
		p.arrangeUser(m.start)
	case model.RoleAssistant:
		p.arrangeAssistant(m.start)
	}
}

// settle refuses calls without a result, or gives them one that says so.
func (p *planner) settle() {
	c := &p.talk
	c.settle(func(call *pending) {
		if !p.in.FillResults {
			p.invalid(call.field, "a tool call, %q, without a result in the turn behind it", call.id)
			return
		}
		p.change("", call.field, "the call has no result; one is sent that says so")
		c.blocks = append(c.blocks, Block{Field: call.field,
			Part: model.ToolResult{CallID: call.legal, Parts: []model.Part{model.Text(noResult)}, IsError: p.out.ResultStatus}})
	})
}

// waiting reports whether a call has no result yet.
func (c *conversation) waiting() bool {
	return slices.ContainsFunc(c.pending, func(call pending) bool { return !call.answered })
}

// finish makes the turns of the plan.
func (p *planner) finish() {
	c := &p.talk
	p.end(true)
	if n := len(c.marks); n > 0 && c.marks[n-1].role == model.RoleAssistant && len(c.pending) > 0 {
		if p.in.FillResults {
			c.role, c.field = model.RoleUser, c.marks[n-1].field
			c.marks = append(c.marks, mark{c.role, c.field, len(c.blocks)})
		}
		p.settle()
	}
	if p.refused > 0 {
		return
	}
	p.out.System = c.system
	turns := make([]Turn, 0, len(c.marks)+1)
	speaks := false
	for i, m := range c.marks {
		end := len(c.blocks)
		if i+1 < len(c.marks) {
			end = c.marks[i+1].start
		}
		turns = append(turns, Turn{Role: m.role, Field: m.field, Blocks: c.blocks[m.start:end:end]})
		speaks = speaks || m.role != model.RoleSystem
	}
	if !speaks {
		if !p.in.Prompt || len(p.req.Messages) > 0 {
			p.invalid("messages", "hold nothing to send; a conversation needs text or other content")
		}
		return
	}
	p.out.Turns = p.firstTurn(turns)
	p.lastTurn()
	p.checkMarks()
}

// firstTurn lets the user begin, where the assistant cannot.
func (p *planner) firstTurn(turns []Turn) []Turn {
	i := 0
	for turns[i].Role == model.RoleSystem {
		i++
	}
	if turns[i].Role != model.RoleAssistant || !p.facts.Turns.AssistantFirst.No() && !p.format.UserFirst {
		return turns
	}
	field := turns[i].Field
	p.change("turns.assistant_first", field, "the conversation begins with the assistant, which %s does not take; %q of the user's is put before it", p.who(p.format.UserFirst), assistantBegins)
	return slices.Insert(turns, i, Turn{Role: model.RoleUser, Field: field, Blocks: []Block{{Part: model.Text(assistantBegins), Field: field}}})
}

// who is the format or the model, for a rule that both may have.
func (p *planner) who(format bool) string {
	if format {
		return p.format.Name
	}
	return p.name()
}

// lastTurn checks an answer that the model is to continue.
func (p *planner) lastTurn() {
	t := &p.out.Turns[len(p.out.Turns)-1]
	if t.Role != model.RoleAssistant {
		return
	}
	switch {
	case p.format.NoPrefill:
		p.unsupported("", t.Field, "the conversation ends with the assistant; the model begins every answer with its thinking, and cannot continue one")
	case p.lacks("turns.prefill", p.facts.Turns.Prefill):
		p.unsupported("turns.prefill", t.Field, "the conversation ends with the assistant; %s cannot continue an answer", p.name())
	case p.facts.Turns.PrefillSpace.No():
		p.trimEnd(&t.Blocks[len(t.Blocks)-1])
	}
}

// trimEnd removes white space from the end of an answer that the model is to
// continue, which Claude refuses.
func (p *planner) trimEnd(last *Block) {
	said, ok := last.Part.(model.Text)
	if !ok {
		return
	}
	if trimmed := strings.TrimRightFunc(string(said), unicode.IsSpace); trimmed != string(said) {
		p.change("turns.prefill_space", last.Field, "%s refuses white space at the end of an answer that it is to continue", p.name())
		last.Part = model.Text(trimmed)
	}
}

// checkMarks refuses texts that hold a control token of a prompt: whoever wrote
// them could end his turn and begin another one. Whole turns are looked at, as
// they will stand in the prompt, so that a token cannot be put together from
// parts that hold none. What a model has said is not refused, but changed: it
// came as an answer, and cannot be asked for again.
func (p *planner) checkMarks() {
	if p.format.Marks == nil {
		return
	}
	check := func(field, where string, blocks []Block) {
		if mark, ok := p.format.Marks(joined(blocks)); ok {
			p.invalid(field, "%s holds %q, which marks the turns in %s; leave it out", where, mark, p.format.Name)
		}
	}
	check("messages", "the system message", p.out.System)
	for i := range p.out.Turns {
		t := &p.out.Turns[i]
		if t.Role == model.RoleAssistant {
			p.unmark(t.Blocks)
		}
		check(t.Field, "the "+string(t.Role)+"'s turn", t.Blocks)
	}
}

// unmark takes the control tokens out of a model's text, and leaves the words
// in them.
func (p *planner) unmark(blocks []Block) {
	for i := range blocks {
		said, ok := blocks[i].Part.(model.Text)
		if !ok {
			continue
		}
		text := string(said)
		for {
			mark, found := p.format.Marks(text)
			word := strings.Trim(mark, "<>[]|/:\n ")
			if !found || len(word) >= len(mark) {
				break
			}
			p.change("", blocks[i].Field, "%q marks the turns in %s; %q is sent for it", mark, p.format.Name, word)
			text = strings.ReplaceAll(text, mark, word)
		}
		if text != string(said) {
			blocks[i].Part = model.Text(text)
		}
	}
}

// joined returns the text of blocks as it stands in a prompt.
func joined(blocks []Block) string {
	texts := make([]string, 0, len(blocks))
	for i := range blocks {
		if q, ok := blocks[i].Part.(model.Text); ok {
			texts = append(texts, string(q))
		}
	}
	return strings.Join(texts, "\n\n")
}

const (
	noResult        = "(no result)"
	assistantBegins = "(the assistant begins)"
)
