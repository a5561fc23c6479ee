package bedrock

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/blocks"
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

// A systemBlock is a block of the system prompt and where it comes from.
type systemBlock struct {
	wire.SystemBlock
	field string
}

// conversation translates the messages: system messages go to the one place
// that the service has for them, adjacent turns of one role become one, and
// what the service or the family refuses is set right.
func (e *encoder) conversation() {
	turns := make([]turn, 0, len(e.req.Messages))
	problems := len(e.problems)
	for i, m := range e.req.Messages {
		field := at("messages", i)
		if m.Role == model.RoleSystem {
			e.system(field, m, len(turns) > 0)
			continue
		}
		turns = append(turns, turn{m.Role, field, e.parts(field, m)})
	}
	if len(e.problems) > problems {
		return // what is missing now would be found missing, too
	}
	last := turns[len(turns)-1] // a valid request has one
	if last.role == model.RoleUser && !last.speaks() {
		e.invalid(last.field, "has nothing to send; the last turn needs text or other content")
		return
	}
	if turns = e.merge(turns); len(turns) == 0 {
		e.invalid("messages", "hold nothing to send; a conversation needs text or other content")
		return
	}
	for i := range turns {
		e.arrange(&turns[i])
	}
	if end := &turns[len(turns)-1]; end.role == model.RoleAssistant {
		e.trimEnd(end)
	}
	e.turns = turns
}

// system puts a system message where the service wants it.
func (e *encoder) system(field string, m model.Message, late bool) {
	if late {
		e.warn(model.WarningMoved, field, "Bedrock has one place for system messages, before the conversation")
	}
	for j, p := range m.Parts {
		field := at(field+".parts", j)
		if e.skipsOpaque(field, p) || e.skipsBlank(field, p) {
			continue
		}
		if cited, ok := p.(model.CitedText); ok {
			p = e.citations(field, m.Role, cited)
		}
		b, err := blocks.EncodeSystem(p)
		if err != nil {
			e.unsupported(field, "%v", err)
			continue
		}
		e.prompt = append(e.prompt, systemBlock{b, field})
	}
}

// parts translates the parts of a user or assistant message.
func (e *encoder) parts(field string, m model.Message) []placed {
	all := make([]placed, 0, len(m.Parts))
	list := field + ".parts"
	for j, p := range m.Parts {
		field := at(list, j)
		for _, b := range e.part(field, m.Role, p) {
			all = append(all, placed{b, field})
		}
	}
	return all
}

// part returns what is to be sent in the place of a part: mostly its own
// block, sometimes nothing, for tools that are not offered text.
func (e *encoder) part(field string, role model.Role, p model.Part) []wire.ContentBlock {
	if e.skipsOpaque(field, p) || e.skipsBlank(field, p) {
		return nil
	}
	switch q := p.(type) {
	case model.Thinking:
		if ok, why := e.replays(q); !ok {
			e.warn(model.WarningDropped, field, "%s", why)
			return nil
		}
	case model.CitedText:
		p = e.citations(field, role, q)
	case model.ToolCall, model.ServerToolCall, model.ToolResult, model.ServerToolResult:
		return e.toolPart(field, p)
	}
	return e.block(field, p)
}

// block returns the block of a part as it is.
func (e *encoder) block(field string, p model.Part) []wire.ContentBlock {
	b, err := blocks.Encode(p)
	if err != nil {
		e.unsupported(field, "%v", err)
		return nil
	}
	e.nameDocument(field, b.Document)
	return []wire.ContentBlock{b}
}

// skipsOpaque leaves out blocks that are not Bedrock's, and refuses those that
// would break the body.
func (e *encoder) skipsOpaque(field string, p model.Part) bool {
	o, ok := p.(model.Opaque)
	if !ok {
		return false
	}
	if o.Provider == Provider && o.Kind != "" {
		if json.Valid(o.Data) {
			return false
		}
		e.invalid(field+".data", "is not JSON")
		return true
	}
	e.warn(model.WarningDropped, field, "a block of kind %q that is not Bedrock's", o.Kind)
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
	case model.Guard:
		if text = p.Text; p.Image != nil {
			return false
		}
	default:
		return false
	}
	if strings.TrimSpace(text) != "" {
		return false
	}
	e.warn(model.WarningDropped, field, "blank text, which Bedrock refuses")
	return true
}

// citations returns cited text without what cannot be sent back: citations
// are the model's, and those of search results have no way in.
func (e *encoder) citations(field string, role model.Role, p model.CitedText) model.Part {
	if role != model.RoleAssistant {
		if len(p.Citations) > 0 {
			e.warn(model.WarningDropped, field+".citations", "only a model's own text can have citations")
		}
		return model.Text(p.Text)
	}
	kept := slices.DeleteFunc(slices.Clone(p.Citations), func(c model.Citation) bool {
		return c.Location.Kind == model.LocationSearchResult
	})
	if len(kept) < len(p.Citations) {
		e.warn(model.WarningDropped, field+".citations", "Bedrock does not take citations of search results back")
	}
	if len(kept) == 0 {
		return model.Text(p.Text)
	}
	for i, c := range kept {
		if len(c.Location.Data) > 0 && !json.Valid(c.Location.Data) {
			e.warn(model.WarningDropped, fmt.Sprintf("%s.citations[%d].location", field, i), "its data is not JSON")
		}
	}
	p.Citations = kept
	return p
}

// merge joins adjacent turns of one role, which the service refuses, and
// leaves out turns that say nothing.
func (e *encoder) merge(turns []turn) []turn {
	merged := turns[:0]
	for _, t := range turns {
		if !t.speaks() {
			e.warn(model.WarningDropped, t.field, "a turn without content, which Bedrock refuses")
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

// arrange sets right what the family refuses next to tool calls and results.
func (e *encoder) arrange(t *turn) {
	if e.family.Name == "claude" && t.role == model.RoleUser {
		e.resultsFirst(t)
	}
	if e.family.TextWithToolUse.no() && t.role == model.RoleAssistant && t.has(isToolUse) {
		e.dropText(t)
	}
	if e.family.TextWithToolData.no() && t.role == model.RoleUser && t.has(isToolResult) {
		e.intoResult(t)
	}
	if e.family.ResultStatus.no() {
		e.dropStatus(t)
	}
}

// resultsFirst puts tool results before everything else: Claude looks for
// them at the beginning of the turn.
func (e *encoder) resultsFirst(t *turn) {
	if !t.has(isToolResult) {
		return
	}
	var results, rest []placed
	for _, b := range t.blocks {
		switch {
		case b.ToolResult == nil && (b.CachePoint == nil || len(rest) > 0 || len(results) == 0):
			rest = append(rest, b)
		default:
			if b.ToolResult != nil && len(rest) > 0 {
				e.warn(model.WarningMoved, b.field, "Claude wants tool results at the beginning of the turn")
			}
			results = append(results, b)
		}
	}
	t.blocks = append(results, rest...)
}

func (e *encoder) dropText(t *turn) {
	t.blocks = slices.DeleteFunc(t.blocks, func(b placed) bool {
		if b.Text == nil && b.CitationsContent == nil {
			return false
		}
		e.warn(model.WarningDropped, b.field, "%s refuse text next to tool calls", e.familyName())
		return true
	})
}

// intoResult moves text and files into the turn's last tool result, where the
// model reads them at the same place.
func (e *encoder) intoResult(t *turn) {
	var last *wire.ToolResult
	for _, b := range t.blocks {
		if b.ToolResult != nil {
			last = b.ToolResult
		}
	}
	t.blocks = slices.DeleteFunc(t.blocks, func(b placed) bool {
		if b.Text == nil && b.Image == nil && b.Document == nil && b.Video == nil && b.SearchResult == nil {
			return false
		}
		e.warn(model.WarningMoved, b.field, "%s refuse other content next to tool results; it is sent inside the last one", e.familyName())
		last.Content = append(last.Content, wire.ToolResultContent{
			Text: b.Text, Image: b.Image, Document: b.Document, Video: b.Video, SearchResult: b.SearchResult})
		return true
	})
}

func (e *encoder) dropStatus(t *turn) {
	for _, b := range t.blocks {
		if b.ToolResult == nil {
			continue
		}
		if b.ToolResult.Status == "error" {
			e.warn(model.WarningDropped, b.field+".is_error", "%s take no status", e.familyName())
		}
		b.ToolResult.Status = ""
	}
}

// trimEnd removes white space from the end of an answer that the model is to
// continue, which Claude refuses. A cache point there is no content.
func (e *encoder) trimEnd(t *turn) {
	if !e.family.TrailingWhitespace.no() {
		return
	}
	i := len(t.blocks) - 1
	for isPoint(t.blocks[i]) {
		i-- // a turn holds more than cache points
	}
	last := &t.blocks[i]
	if last.Text == nil {
		return
	}
	trimmed := strings.TrimRightFunc(*last.Text, unicode.IsSpace)
	if trimmed != *last.Text {
		e.warn(model.WarningChanged, last.field, "%s refuse white space at the end of an answer that they are to continue", e.familyName())
		last.Text = &trimmed
	}
}
