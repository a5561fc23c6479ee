package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan/internal/names"
	"github.com/chatmodel-go/chatmodel/model"
)

// A fate is what becomes of a part of a tool result.
type fate int8

const (
	same    fate = iota // it stays as it is
	changed             // another one is sent inside the result
	beside              // it is sent beside the result
	gone                // it is not sent
)

// toolParts adds the calls and results of a history to its conversation. Without
// tools on offer they become text: "The toolConfig field must be defined when
// using toolUse and toolResult content blocks."
type toolParts struct {
	*scope
	talk    *conversation
	files   *files
	texts   *texts
	offered bool // the body has tools
}

// call adds a call, as text where no tools are offered.
func (x *toolParts) call(field string, part model.Part, q model.ToolCall) {
	if !x.offered {
		x.withoutTools(field)
		x.talk.addText(field, callText(q.Name, q.Input, q.InvalidInput))
		return
	}
	x.talk.open() // before a call is expected to have a result, those before it must have
	sent := q     // a copy: the caller's part stays as it is
	sent.ID = x.talk.calls.expect(field, q.ID)
	if sent.ID != q.ID {
		x.change("turns.tool_id_pattern", field+".id", "%q is sent as %q: ids of calls must differ, and have letters, digits, _ and -, at most %d of them", q.ID, sent.ID, names.Max)
	}
	sent.Name = label(x.scope, field, q.Name)
	sent = arguments(x.scope, field, sent)
	if sent.ID == q.ID && sent.Name == q.Name && len(q.Input) > 0 && &sent.Input[0] == &q.Input[0] {
		x.talk.add(field, part) // which is in an interface already
		return
	}
	x.talk.add(field, sent)
}

// withoutTools notes that a call or a result is sent as text.
func (x *toolParts) withoutTools(field string) {
	x.change("", field, "Bedrock refuses this block in a request without tools; it is sent as text")
}

// result adds a result, as text where no tools are offered. It must answer a call
// of the turn before.
func (x *toolParts) result(field string, part model.Part, q model.ToolResult) {
	if !x.offered {
		x.withoutTools(field)
		x.words(field, x.talk.last, q.Parts, q.IsError)
		return
	}
	x.talk.open()
	call, again := x.talk.calls.answer(q.CallID)
	switch {
	case call == nil && x.talk.fill:
		x.change("", field, "the tool result is for %q, which is not a call of the previous turn; it is sent as text", q.CallID)
		x.words(field, x.talk.last, q.Parts, q.IsError)
		return
	case call == nil:
		x.invalid(field, "the tool result is for %q, which is not a call of the previous turn", q.CallID)
		return
	case call.legal != q.CallID:
		x.change("turns.tool_id_pattern", field+".call_id", "%q is sent as %q, like that of its call", q.CallID, call.legal)
	}
	// Whether the tool failed is not worth a refusal: a tool's text usually says it.
	parts, changed := x.parts(field, x.talk.last, q.Parts)
	sent := model.ToolResult{CallID: call.legal, Parts: parts, IsError: x.failed(field, q.IsError)}
	if again {
		x.join(field, call.result, sent)
		return
	}
	if changed || sent.CallID != q.CallID || sent.IsError != q.IsError {
		x.talk.add(field, sent)
	} else {
		x.talk.add(field, part) // spares an allocation, as in call
	}
	call.result = len(x.talk.blocks) - 1
}

// failed returns whether a result is sent as that of a tool that failed.
func (x *toolParts) failed(field string, isError bool) bool {
	if isError && !x.talk.status {
		x.drop("tools.result_status", field+".is_error", "%s has no flag for failed tools; the result's text should say so", x.who(!x.format.ResultStatus))
	}
	return isError && x.talk.status
}

// join puts a second result of a call into the first one. The service wants one
// for each call: "The number of toolResult blocks at messages.2.content exceeds
// the number of toolUse blocks of previous turn."
func (x *toolParts) join(field string, first int, second model.ToolResult) {
	x.move("", field, "a second result of one call; it is sent inside the first one")
	b := &x.talk.blocks[first]
	r := b.Part.(model.ToolResult)
	r.Parts = slices.Concat(r.Parts, second.Parts) // a new list: the first may be the caller's
	r.IsError = r.IsError || second.IsError
	b.Part = r
	x.talk.added++ // the message has said something, though no block is new
}

// parts returns the parts of a result as they are to be sent. The list is
// the caller's if nothing has changed.
func (x *toolParts) parts(field string, last bool, parts []model.Part) (sent []model.Part, differ bool) {
	sent = parts // until something differs, without a copy
	for k, q := range parts {
		to, fate := x.part(field, k, last, q)
		if fate != same && !differ {
			differ = true
			sent = append(make([]model.Part, 0, len(parts)), parts[:k]...)
		}
		switch {
		case fate == beside:
			x.talk.setBeside(at(field+".parts", k), to)
		case differ && fate != gone:
			sent = append(sent, to)
		}
	}
	if len(sent) == 0 { // also where all of it goes beside the result
		x.change("", field, "Bedrock refuses a result without content; %q is sent", noOutput)
		return []model.Part{model.Text(noOutput)}, true
	}
	return sent, differ
}

// noOutput stands for a result that says nothing, as that of a tool that only
// does something.
const noOutput = "(no output)"

// part returns what is sent for one part of a result, and its fate. Of the parts
// of a message the wire takes fewer here.
func (x *toolParts) part(field string, k int, last bool, q model.Part) (model.Part, fate) {
	switch s := q.(type) {
	case model.Text:
		if !blank(string(s)) {
			return q, same
		}
		x.drop("", at(field+".parts", k), blankText)
		return nil, gone
	case model.JSON:
		switch {
		case !x.format.ResultJSON:
			return q, same // which the writer writes as text; the format has no other place for it
		case isObject(s):
			return q, same
		}
		x.change("", at(field+".parts", k), "Bedrock accepts only JSON objects as results; the value is sent as text")
		return model.Text(s), changed
	case model.SearchResult:
		if x.format.SearchResult {
			return q, same
		}
		x.change("", at(field+".parts", k), "%s has no place for search results; it is sent as text", x.format.Name)
		return model.Text(searchText(s)), changed
	case model.Opaque:
		if !x.texts.opaque(at(field+".parts", k), model.RoleUser, s) {
			return nil, gone
		}
		if !x.format.ObjectOpaque && x.unread(&x.facts.Results, s.Kind) {
			x.drop("results."+s.Kind, at(field+".parts", k), "%s reads no such file inside tool results", x.name())
			return nil, gone
		}
		return q, same
	case model.Image, model.Document, model.Video, model.Audio:
		return x.files.inResult(at(field+".parts", k), last, q)
	}
	x.unsupported("", at(field+".parts", k), "a part of type %T has no place in a tool result", q)
	return nil, gone
}

// words adds a result in words. Files in it stay files, behind the words.
func (x *toolParts) words(field string, last bool, parts []model.Part, isError bool) {
	var words []string
	for k, q := range parts {
		switch q := q.(type) {
		case model.Text:
			words = append(words, string(q))
		case model.JSON:
			words = append(words, string(q))
		case model.SearchResult:
			words = append(words, searchText(q))
		case model.Opaque:
			x.drop("", at(field+".parts", k), "a block of kind %q has no form in words", q.Kind)
		}
	}
	label := "tool result"
	if isError {
		label = "tool error"
	}
	x.talk.addText(field, fmt.Sprintf("(%s: %s)", label, strings.Join(words, "\n")))
	for k, q := range parts {
		switch q.(type) {
		case model.Image, model.Document, model.Video, model.Audio:
			if sent := x.files.inTurn(at(field+".parts", k), x.talk.role, last, q); sent != nil {
				x.talk.add(at(field+".parts", k), sent)
			}
		}
	}
}

// callText puts a call in words, for a model that reads it as part of the
// conversation.
func callText(name string, input []byte, invalid string) string {
	args := invalid
	if args == "" {
		args = "{}"
		if len(input) > 0 {
			args = string(input)
		}
	}
	return fmt.Sprintf("(tool call: %s %s)", name, args)
}

// searchText puts a search result in words.
func searchText(q model.SearchResult) string {
	words := make([]string, 0, len(q.Content)+1)
	if head := strings.TrimSpace(q.Title + " " + q.Source); head != "" {
		words = append(words, head)
	}
	return "(search result: " + strings.Join(append(words, q.Content...), "\n") + ")"
}

// serverParts adds the calls that the service ran, and what came of them.
type serverParts struct{ *toolParts }

// call adds a call that the service ran.
func (x *serverParts) call(field string, q model.ServerToolCall) {
	switch {
	case x.facts.Tools.Server.No():
		x.drop("tools.server", field, "%s has no tools that the service runs", x.name())
	case !x.format.ServerBlocks:
		x.change("", field, "the format has no tools that the service runs; it is sent as text")
		x.talk.addText(field, callText(q.Name, q.Input, q.InvalidInput))
	case !x.offered:
		x.toolParts.withoutTools(field)
		x.talk.addText(field, callText(q.Name, q.Input, q.InvalidInput))
	default:
		sent := arguments(x.scope, field, model.ToolCall{Input: q.Input, InvalidInput: q.InvalidInput})
		q.Input, q.InvalidInput = sent.Input, sent.InvalidInput
		q.ID, q.Name = x.id(field+".id", q.ID), label(x.scope, field, q.Name)
		x.talk.add(field, q)
	}
}

// id returns the id of a call that the service ran, or of its result. The
// service gave it out, so it is unique.
func (x *serverParts) id(field, id string) string {
	if x.talk.calls.ids.Legal(id) {
		return id
	}
	legal := x.talk.calls.ids.Legalized(id)
	x.change("turns.tool_id_pattern", field, "%q is sent as %q: ids of calls have letters, digits, _ and -, at most %d of them", id, legal, names.Max)
	return legal
}

// result adds what came of a call that the service ran.
func (x *serverParts) result(field string, q model.ServerToolResult) {
	switch {
	case x.facts.Tools.Server.No():
		x.drop("tools.server", field, "%s has no tools that the service runs", x.name())
		return
	case !x.format.ServerBlocks:
		x.change("", field, "the format has no tools that the service runs; it is sent as text")
		x.toolParts.words(field, false, q.Parts, q.IsError)
		return
	case x.format.ServerResults != "" && !x.own(&q):
		x.drop("", field, "a result of kind %q, which is not of this format", q.Kind)
		x.talk.takeBack(q.CallID)
		return
	case !x.offered:
		x.toolParts.withoutTools(field)
		x.toolParts.words(field, false, q.Parts, q.IsError)
		return
	}
	q.CallID = x.id(field+".call_id", q.CallID)
	if x.format.ServerResults == "" {
		q.Parts, _ = x.toolParts.parts(field, false, q.Parts)
		q.IsError = x.failed(field, q.IsError)
	}
	x.talk.add(field, q)
}

// own reports whether a result is one of the format.
func (x *serverParts) own(q *model.ServerToolResult) bool {
	if !strings.HasSuffix(q.Kind, x.format.ServerResults) || len(q.Parts) != 1 {
		return false
	}
	_, ok := q.Parts[0].(model.JSON)
	return ok
}
