package bedrock

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/blocks"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/model"
)

// A turn is a message in the making. Its blocks remember which field of the
// request they come from, so that warnings can name it.
type turn struct {
	role   model.Role
	field  string
	blocks []placed
}

type placed struct {
	wire.ContentBlock
	field string
}

// conversation translates the messages: system messages go to the one place
// that the service has for them, adjacent turns of one role become one, and
// what the service or the family refuses is set right.
func (e *encoder) conversation() {
	var turns []turn
	for i, m := range e.req.Messages {
		field := fmt.Sprintf("messages[%d]", i)
		if m.Role == model.RoleSystem {
			e.system(field, m, len(turns) > 0)
			continue
		}
		turns = append(turns, turn{m.Role, field, e.parts(field, m)})
	}
	last := turns[len(turns)-1] // a valid request has one
	if last.role == model.RoleUser && !last.speaks() {
		e.invalid(last.field, "has nothing to send; the last turn needs text or other content")
	}
	turns = e.merge(turns)
	for i := range turns {
		e.arrange(&turns[i])
	}
	if n := len(turns); n > 0 && turns[n-1].role == model.RoleAssistant {
		e.trimEnd(&turns[n-1])
	}
	nameDocuments(e, turns)
	e.turns = turns
}

// system puts a system message where the service wants it.
func (e *encoder) system(field string, m model.Message, late bool) {
	if late {
		e.warn(model.Moved, field, "Bedrock has one place for system messages, before the conversation")
	}
	for j, p := range m.Parts {
		field := fmt.Sprintf("%s.parts[%d]", field, j)
		if e.skipsOpaque(field, p) || e.skipsBlank(field, p) {
			continue
		}
		b, err := blocks.EncodeSystem(p)
		if err != nil {
			e.unsupported(field, "%v", err)
			continue
		}
		e.out.System = append(e.out.System, b)
	}
}

// parts translates the parts of a user or assistant message.
func (e *encoder) parts(field string, m model.Message) []placed {
	var all []placed
	for j, p := range m.Parts {
		field := fmt.Sprintf("%s.parts[%d]", field, j)
		for _, p := range e.part(field, m.Role, p) {
			b, err := blocks.Encode(p)
			if err != nil {
				e.unsupported(field, "%v", err)
				continue
			}
			all = append(all, placed{b, field})
		}
	}
	return all
}

// part returns what is to be sent in the place of a part: mostly the part
// itself, sometimes nothing, for tools that are not offered its text.
func (e *encoder) part(field string, role model.Role, p model.Part) []model.Part {
	if e.skipsOpaque(field, p) || e.skipsBlank(field, p) {
		return nil
	}
	switch q := p.(type) {
	case model.Thinking:
		if ok, why := e.replays(q); !ok {
			e.warn(model.Dropped, field, "%s", why)
			return nil
		}
	case model.CitedText:
		p = e.citations(field, role, q)
	case model.ToolCall, model.ServerToolCall, model.ToolResult, model.ServerToolResult:
		if e.out.ToolConfig == nil {
			e.warn(model.Changed, field, "without tools in the request Bedrock refuses this block; it is sent as text")
			return native.AsText(p)
		}
		return []model.Part{e.toolPart(field, p)}
	}
	return []model.Part{p}
}

func (e *encoder) skipsOpaque(field string, p model.Part) bool {
	o, ok := p.(model.Opaque)
	if !ok || o.Provider == Provider && o.Kind != "" {
		return false
	}
	e.warn(model.Dropped, field, "a block of kind %q that is not Bedrock's", o.Kind)
	return true
}

// skipsBlank leaves out text that the service refuses: it must hold more than
// white space.
func (e *encoder) skipsBlank(field string, p model.Part) bool {
	var text string
	switch p := p.(type) {
	case model.Text:
		text = string(p)
	case model.CitedText:
		text = p.Text
	default:
		return false
	}
	if strings.TrimSpace(text) != "" {
		return false
	}
	e.warn(model.Dropped, field, "blank text, which Bedrock refuses")
	return true
}

// citations returns cited text without what cannot be sent back: citations
// are the model's, and those of search results have no way in.
func (e *encoder) citations(field string, role model.Role, p model.CitedText) model.Part {
	if role != model.RoleAssistant {
		if len(p.Citations) > 0 {
			e.warn(model.Dropped, field+".citations", "only a model's own text can have citations")
		}
		return model.Text(p.Text)
	}
	kept := slices.DeleteFunc(slices.Clone(p.Citations), func(c model.Citation) bool {
		return c.Location.Kind == model.LocationSearchResult
	})
	if len(kept) < len(p.Citations) {
		e.warn(model.Dropped, field+".citations", "Bedrock does not take citations of search results back")
	}
	if len(kept) == 0 {
		return model.Text(p.Text)
	}
	p.Citations = kept
	return p
}

// merge joins adjacent turns of one role, which the service refuses, and
// leaves out turns that say nothing.
func (e *encoder) merge(turns []turn) []turn {
	var merged []turn
	for _, t := range turns {
		if !t.speaks() {
			e.warn(model.Dropped, t.field, "a turn without content, which Bedrock refuses")
			continue
		}
		if n := len(merged); n > 0 && merged[n-1].role == t.role {
			merged[n-1].blocks = append(merged[n-1].blocks, t.blocks...)
			continue
		}
		merged = append(merged, t)
	}
	return merged
}

// speaks reports whether a turn holds more than cache points.
func (t *turn) speaks() bool {
	return slices.ContainsFunc(t.blocks, func(b placed) bool { return b.CachePoint == nil })
}

func (t *turn) has(match func(*placed) bool) bool {
	for i := range t.blocks {
		if match(&t.blocks[i]) {
			return true
		}
	}
	return false
}

func isToolUse(b *placed) bool    { return b.ToolUse != nil }
func isToolResult(b *placed) bool { return b.ToolResult != nil }
func isText(b *placed) bool       { return b.Text != nil }

// arrange sets right what the family refuses next to tool calls and results.
func (e *encoder) arrange(t *turn) {
	if e.family.Name == "claude" && t.role == model.RoleUser {
		e.resultsFirst(t)
	}
	if e.family.TextWithToolUse.no() && t.role == model.RoleAssistant && t.has(isToolUse) {
		e.dropText(t)
	}
	if e.family.TextWithToolData.no() && t.role == model.RoleUser && t.has(isToolResult) {
		e.textIntoResult(t)
	}
	if e.family.ResultStatus.no() {
		e.dropStatus(t)
	}
}

// resultsFirst puts tool results before everything else: Claude looks for
// them at the beginning of the turn.
func (e *encoder) resultsFirst(t *turn) {
	var results, rest []placed
	for _, b := range t.blocks {
		switch {
		case b.ToolResult == nil && (b.CachePoint == nil || len(rest) > 0 || len(results) == 0):
			rest = append(rest, b)
		default:
			if b.ToolResult != nil && len(rest) > 0 {
				e.warn(model.Moved, b.field, "Claude wants tool results at the beginning of the turn")
			}
			results = append(results, b)
		}
	}
	t.blocks = append(results, rest...)
}

func (e *encoder) dropText(t *turn) {
	t.blocks = slices.DeleteFunc(t.blocks, func(b placed) bool {
		if b.Text == nil {
			return false
		}
		e.warn(model.Dropped, b.field, "%s refuse text next to tool calls", e.familyName())
		return true
	})
}

// textIntoResult moves text into the turn's last tool result, where the model
// reads it at the same place.
func (e *encoder) textIntoResult(t *turn) {
	var last *wire.ToolResult
	for _, b := range t.blocks {
		if b.ToolResult != nil {
			last = b.ToolResult
		}
	}
	t.blocks = slices.DeleteFunc(t.blocks, func(b placed) bool {
		if b.Text == nil {
			return false
		}
		e.warn(model.Moved, b.field, "%s refuse text next to tool results; it is sent inside the last one", e.familyName())
		last.Content = append(last.Content, wire.ToolResultContent{Text: b.Text})
		return true
	})
}

func (e *encoder) dropStatus(t *turn) {
	for _, b := range t.blocks {
		if b.ToolResult == nil {
			continue
		}
		if b.ToolResult.Status == "error" {
			e.warn(model.Dropped, b.field+".is_error", "%s take no status", e.familyName())
		}
		b.ToolResult.Status = ""
	}
}

// trimEnd removes white space from the end of an answer that the model is to
// continue, which Claude refuses.
func (e *encoder) trimEnd(t *turn) {
	if e.family.TrailingWhitespace != No {
		return
	}
	last := &t.blocks[len(t.blocks)-1]
	if !isText(last) {
		return
	}
	trimmed := strings.TrimRight(*last.Text, " \t\r\n")
	if trimmed != *last.Text {
		e.warn(model.Changed, last.field, "Claude refuses white space at the end of an answer that it is to continue")
		last.Text = &trimmed
	}
}
