package plan

import (
	"slices"

	"github.com/chatmodel-go/chatmodel/model"
)

// A conversation is the turns in the making. Adjacent messages of one role become
// one turn: the service wants the roles to alternate, and histories do not. The
// blocks of all turns stand in one list, since turns are finished one after the
// other.
type conversation struct {
	*scope
	fill   bool   // calls without a result get one
	status bool   // results say whether the tool succeeded
	tools  []Tool // that are offered, for a cache point that nothing else stands before

	system []Block // the system prompt
	blocks []Block
	marks  []mark

	// Of the message that is being read:
	role     model.Role // whose turn its parts go into
	field    string
	last     bool // it belongs to the last turn of the user
	separate bool // its parts begin a turn of their own
	added    int  // the parts that have gone anywhere so far

	calls  calls
	beside []Block // files out of tool results, until those are through
}

// A mark is where a turn begins.
type mark struct {
	role  model.Role
	field string
	start int
}

// add adds a block to the turn of the message that is being read.
func (c *conversation) add(field string, q model.Part) {
	c.added++
	c.open()
	if len(c.beside) > 0 {
		if _, ok := q.(model.ToolResult); !ok {
			c.flush()
		}
	}
	c.blocks = append(c.blocks, Block{Part: q, Field: field})
}

// addText adds a text unless it is blank.
func (c *conversation) addText(field, text string) {
	if !blank(text) {
		c.add(field, model.Text(text))
	}
}

// setBeside keeps a file out of a tool result until the results of its turn are
// through, since some models want those without a gap. OpenAI's format has a
// message for each result, and a file between two of them would part the second
// from its call.
func (c *conversation) setBeside(field string, q model.Part) {
	c.beside = append(c.beside, Block{Part: q, Field: field})
}

// flush adds the files that were taken out of tool results.
func (c *conversation) flush() {
	c.blocks = append(c.blocks, c.beside...)
	c.beside = c.beside[:0]
}

// open begins the turn of the message that is being read, if it has not begun.
func (c *conversation) open() {
	if n := len(c.marks); n > 0 && c.marks[n-1].role == c.role && !c.separate {
		return
	}
	c.separate = false
	c.end(c.role == model.RoleAssistant)
	c.marks = append(c.marks, mark{c.role, c.field, len(c.blocks)})
}

// end finishes the last turn. If the assistant speaks next, or nobody, all calls
// must have their results.
func (c *conversation) end(settle bool) {
	if len(c.marks) == 0 {
		return
	}
	m := &c.marks[len(c.marks)-1]
	c.flush()
	if settle && m.role != model.RoleAssistant {
		c.settle()
	}
	switch turn := c.blocks[m.start:]; m.role {
	case model.RoleUser:
		c.blocks = append(c.blocks[:m.start], arrangeUser(c.scope, turn)...)
	case model.RoleAssistant:
		c.blocks = append(c.blocks[:m.start], arrangeAssistant(c.scope, turn)...)
	}
}

// settle refuses calls without a result, or gives them one that says so. A result
// that is made up is something that the model believes, so it is the caller's
// choice: Options.FillResults.
func (c *conversation) settle() {
	c.calls.settle(func(call *pending) {
		if !c.fill {
			c.invalid(call.field, "the tool call %q has no result in the next turn", call.id)
			return
		}
		c.change("", call.field, "the call has no result; one that says so is sent")
		c.blocks = append(c.blocks, Block{Field: call.field,
			Part: model.ToolResult{CallID: call.legal, Parts: []model.Part{model.Text(noResult)}, IsError: c.status}})
	})
}

// noResult is the result of a call that has none.
const noResult = "(no result)"

// finish ends the conversation.
func (c *conversation) finish() {
	c.end(true)
	n := len(c.marks)
	if n == 0 || c.marks[n-1].role != model.RoleAssistant || len(c.calls.pending) == 0 {
		return
	}
	if c.fill { // the results need a turn
		c.marks = append(c.marks, mark{model.RoleUser, c.marks[n-1].field, len(c.blocks)})
	}
	c.settle()
}

// turns returns the turns, and whether the user or the assistant says anything
// in them.
func (c *conversation) turns() (turns []Turn, speaks bool) {
	turns = make([]Turn, 0, len(c.marks)+1) // room for one at the beginning
	for i, m := range c.marks {
		end := len(c.blocks)
		if i+1 < len(c.marks) {
			end = c.marks[i+1].start
		}
		turns = append(turns, Turn{Role: m.role, Field: m.field, Blocks: c.blocks[m.start:end:end]})
		speaks = speaks || m.role != model.RoleSystem
	}
	return turns, speaks
}

// takeBack takes back the call of a result that is not sent, which the service
// would miss.
func (c *conversation) takeBack(id string) {
	if len(c.marks) == 0 {
		return
	}
	start := c.marks[len(c.marks)-1].start
	for i := len(c.blocks) - 1; i >= start; i-- {
		call, ok := c.blocks[i].Part.(model.ServerToolCall)
		if !ok || call.ID != id {
			continue
		}
		c.drop("", c.blocks[i].Field, "the call of a result that is not of this format")
		if point := c.blocks[i].Cache; point.Set {
			c.drop("", point.Field, "a cache point after a block that is not sent")
		}
		c.blocks = slices.Delete(c.blocks, i, i+1)
		if len(c.blocks) == start {
			c.marks = c.marks[:len(c.marks)-1]
		}
		return
	}
}

// systemPoint sets a cache point in the system prompt. One at its beginning ends
// the same prefix as one behind the tools.
func (c *conversation) systemPoint(field string, q model.CachePoint) {
	point, ok := newPoint(c.scope, field, q)
	switch {
	case !ok:
	case c.facts.Cache.System.No():
		c.drop("cache.system", field, "%s takes no cache points in the system prompt", c.name())
	case len(c.system) > 0:
		put(c.scope, c.system, point, false)
	default:
		behindTools(c.scope, c.tools, point)
	}
}

// point sets a cache point in a message, on the block before it. One at the
// beginning of a turn ends the same prefix as one at the end of what stands
// before the turn.
func (c *conversation) point(field string, q model.CachePoint) {
	point, ok := newPoint(c.scope, field, q)
	n := len(c.marks)
	switch {
	case !ok:
	case c.facts.Cache.Messages.No():
		c.drop("cache.messages", field, "%s takes no cache points in messages", c.name())
	case n > 0:
		leading := c.marks[n-1].role != c.role || c.separate
		if len(c.beside) > 0 && !leading {
			c.flush()
		}
		put(c.scope, c.blocks[c.marks[n-1].start:], point, leading)
	case len(c.system) > 0 && !c.facts.Cache.System.No():
		put(c.scope, c.system, point, true)
	default:
		behindTools(c.scope, c.tools, point)
	}
}

// separates reports whether white space parts a document from a cache point,
// which Claude on Converse takes there and nowhere else. Other clients write it
// to get around the rule against a point directly after a document; the recording
// cache-write-and-read has it, with a 200.
func (c *conversation) separates(white string, next model.Part) bool {
	if _, ok := next.(model.CachePoint); !ok || white == "" || !c.format.CachePoints || c.format.OwnEnds || !c.facts.Cache.AfterDocument.No() {
		return false
	}
	n, m := len(c.blocks), len(c.marks)
	if m == 0 || c.marks[m-1].role != c.role || n == c.marks[m-1].start {
		return false
	}
	return isPart[model.Document](&c.blocks[n-1]) || isPart[model.Video](&c.blocks[n-1])
}
