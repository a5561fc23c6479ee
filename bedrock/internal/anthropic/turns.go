package anthropic

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
	"github.com/chatmodel-go/chatmodel/model"
)

// A turn is a message in the making.
type turn struct {
	role   model.Role
	field  string
	blocks []block
}

// A block is a part that will be one block of the body, and the cache point
// behind it. Until [encoder.attachPoints] has run, cache points are blocks too.
type block struct {
	part  model.Part
	field string
	cache *model.CachePoint
}

// conversation sorts the messages: system messages go to the one place that the
// format has for them, adjacent turns of one role become one, and what the
// format refuses is set right.
func (e *encoder) conversation() {
	var turns []turn
	for i, m := range e.req.Messages {
		t := turn{m.Role, fmt.Sprintf("messages[%d]", i), e.parts(i, m)}
		if m.Role != model.RoleSystem {
			turns = append(turns, t)
			continue
		}
		if len(turns) > 0 {
			e.Warn(model.WarningMoved, t.field, "the format has one place for system messages, before the conversation")
		}
		e.system = append(e.system, e.systemBlocks(t.blocks)...)
	}
	last := turns[len(turns)-1] // a valid request has one
	if last.role == model.RoleUser && !last.speaks() {
		e.Invalid(last.field, "has nothing to send; the last turn needs text or other content")
	}
	if e.turns = e.merge(turns); len(e.turns) == 0 {
		e.Invalid("messages", "hold nothing to send; a conversation needs text or other content")
		return
	}
	for i := range e.turns {
		if e.turns[i].role == model.RoleUser {
			e.resultsFirst(&e.turns[i])
		}
	}
	e.attachPoints()
	e.trimEnd()
}

// systemBlocks checks what stands in a system message, which takes text only.
func (e *encoder) systemBlocks(blocks []block) []block {
	for _, b := range blocks {
		switch b.part.(type) {
		case model.Text, model.Guard, model.CachePoint, model.Opaque:
		default:
			e.Unsupported(b.field, "a part of type %T has no place in a system message; it takes text, cache points and guard content", b.part)
		}
	}
	return blocks
}

// parts returns the blocks of a message.
func (e *encoder) parts(i int, m model.Message) []block {
	var all []block
	for j, p := range m.Parts {
		field := fieldOf(i, j)
		for _, p := range e.part(field, m.Role, p) {
			all = append(all, block{part: p, field: field})
		}
	}
	return all
}

// part returns what is to be sent in the place of a part: mostly the part
// itself, sometimes nothing, for tools that are not offered its text.
func (e *encoder) part(field string, role model.Role, p model.Part) []model.Part {
	if native.IsBlank(p) {
		e.Warn(model.WarningDropped, field, "blank text, which the format refuses")
		return nil
	}
	switch q := p.(type) {
	case model.Opaque:
		if !e.Opaque(field, q, Provider) {
			return nil
		}
	case model.Thinking:
		if ok, why := replays(q); !ok {
			e.Warn(model.WarningDropped, field, "%s", why)
			return nil
		}
	case model.CitedText:
		if role != model.RoleAssistant {
			if len(q.Citations) > 0 {
				e.Warn(model.WarningDropped, field+".citations", "only a model's own text can have citations")
			}
			return []model.Part{model.Text(q.Text)}
		}
	case model.ServerToolResult:
		if !isServerResult(q) {
			e.Warn(model.WarningDropped, field, "a result of kind %q, which is not of this format", q.Kind)
			return nil
		}
	case model.ToolCall, model.ToolResult:
		if !e.offersTools() {
			e.Warn(model.WarningChanged, field, "without tools in the request Bedrock refuses this block; it is sent as text")
			return native.AsText(p)
		}
	}
	return []model.Part{p}
}

// replays adds the rule of this format: thinking is signed, or it is not
// Claude's.
func replays(p model.Thinking) (bool, string) {
	if ok, why := native.Replays(p); !ok {
		return false, why
	}
	switch {
	case p.Signature == "" && len(p.Redacted) == 0:
		return false, "Claude takes back signed thinking only"
	case !utf8.Valid(p.Redacted):
		return false, "its redacted bytes are not text, as Claude's are"
	}
	return true, ""
}

// merge joins adjacent turns of one role and leaves out turns that say nothing.
func (e *encoder) merge(turns []turn) []turn {
	var merged []turn
	for _, t := range turns {
		n := len(merged)
		switch {
		case !t.speaks():
			e.Warn(model.WarningDropped, t.field, "a turn without content, which the format refuses")
		case n > 0 && merged[n-1].role == t.role:
			merged[n-1].blocks = append(merged[n-1].blocks, t.blocks...)
		default:
			merged = append(merged, t)
		}
	}
	return merged
}

// speaks reports whether a turn holds more than cache points.
func (t *turn) speaks() bool {
	return slices.ContainsFunc(t.blocks, func(b block) bool { return !is[model.CachePoint](b) })
}

func is[P model.Part](b block) bool {
	_, ok := b.part.(P)
	return ok
}

// resultsFirst puts tool results, and the cache points behind them, before
// everything else: the format wants them at the beginning of the turn.
func (e *encoder) resultsFirst(t *turn) {
	var results, rest []block
	for _, b := range t.blocks {
		switch {
		case is[model.ToolResult](b):
			if len(rest) > 0 {
				e.Warn(model.WarningMoved, b.field, "Claude wants tool results at the beginning of the turn")
			}
			results = append(results, b)
		case is[model.CachePoint](b) && len(rest) == 0 && len(results) > 0:
			results = append(results, b)
		default:
			rest = append(rest, b)
		}
	}
	t.blocks = append(results, rest...)
}

// trimEnd removes white space from the end of an answer that the model is to
// continue.
func (e *encoder) trimEnd() {
	n := len(e.turns)
	if e.turns[n-1].role != model.RoleAssistant || e.rules.KeepSpace {
		return
	}
	blocks := e.turns[n-1].blocks
	last := &blocks[len(blocks)-1]
	text, ok := last.part.(model.Text)
	if !ok {
		return
	}
	if trimmed := strings.TrimRightFunc(string(text), unicode.IsSpace); trimmed != string(text) {
		e.Warn(model.WarningChanged, last.field, "Claude refuses white space at the end of an answer that it is to continue")
		last.part = model.Text(trimmed)
	}
}
