package plan

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/modelid"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/rawjson"
	"github.com/chatmodel-go/chatmodel/model"
)

// provider is who makes thinking, whichever way it comes.
const provider = "bedrock"

func blank(s string) bool { return strings.TrimSpace(s) == "" }

// said returns what is to be sent for text, cited text, guard content or an
// unknown block; ok is false if nothing is.
func (p *planner) said(field string, role model.Role, q, next model.Part) (sent model.Part, ok bool) {
	switch s := q.(type) {
	case model.Text:
		if blank(string(s)) && !p.separates(string(s), next) {
			p.drop("", field, "blank text, which Bedrock refuses")
			return nil, false
		}
	case model.CitedText:
		return p.cited(field, role, s)
	case model.Guard:
		return p.guard(field, s)
	case model.Opaque:
		return q, p.opaque(field, role, s)
	}
	return q, true
}

// separates reports whether white space parts a document from a cache point, which
// Claude on Converse takes there and nowhere else.
func (p *planner) separates(white string, next model.Part) bool {
	c := &p.talk
	if _, ok := next.(model.CachePoint); !ok || white == "" || !p.format.CachePoints || p.format.OwnEnds || !p.facts.Cache.AfterDocument.No() {
		return false
	}
	n, m := len(c.blocks), len(c.marks)
	if m == 0 || c.marks[m-1].role != c.role || n == c.marks[m-1].start {
		return false
	}
	return isPart[model.Document](&c.blocks[n-1]) || isPart[model.Video](&c.blocks[n-1])
}

// opaque reports whether a block that this version does not know goes back to
// the format that it came from.
func (p *planner) opaque(field string, role model.Role, q model.Opaque) bool {
	switch {
	case p.format.Text:
		p.drop("", field, "%s", p.only())
		return false
	case q.Provider != p.format.Opaque || q.Kind == "" && !p.format.ObjectOpaque:
		p.drop("", field, "a block of kind %q that is not of this format", q.Kind)
		return false
	case role == model.RoleAssistant && !p.format.ObjectOpaque && isFile(q.Kind):
		p.drop("", field, "a file of the model's without its contents; Bedrock takes no files of the assistant's")
		return false
	case p.format.ObjectOpaque && (!isObject(q.Data) || !json.Valid(q.Data)):
		p.invalid(field+".data", "is not a JSON object")
		return false
	case !json.Valid(q.Data):
		p.invalid(field+".data", "is not JSON")
		return false
	}
	return true
}

// isFile reports whether a block of Converse is a file. It is opaque if it came
// without its contents, as one that the service would not show.
func isFile(kind string) bool {
	switch kind {
	case "image", "document", "video", "audio":
		return true
	}
	return false
}

// cited returns cited text without what cannot be sent back.
func (p *planner) cited(field string, role model.Role, q model.CitedText) (model.Part, bool) {
	kept := q.Citations
	switch {
	case len(kept) == 0:
	case role != model.RoleAssistant:
		p.drop("", field+".citations", "only a model's own text can have citations")
		kept = nil
	case !p.format.Citations:
		p.drop("", field+".citations", "%s has no place for citations", p.format.Name)
		kept = nil
	default:
		kept = p.citations(field, kept)
	}
	switch {
	case q.Text == "" && len(kept) > 0:
	case blank(q.Text):
		p.drop("", field, "blank text, which Bedrock refuses")
		return nil, false
	case len(kept) == 0:
		return model.Text(q.Text), true
	}
	q.Citations = kept
	return q, true
}

// citations returns those that the format takes back. The caller's list stays as
// it is.
func (p *planner) citations(field string, all []model.Citation) []model.Citation {
	kept, copied := all, false
	for i := range all {
		why := p.refusedCitation(&all[i])
		if why == "" {
			if copied {
				kept = append(kept, all[i])
			}
			continue
		}
		if !copied {
			kept, copied = append(make([]model.Citation, 0, len(all)), all[:i]...), true
		}
		p.drop("", field+".citations", "%s", why)
	}
	for i := range kept {
		if data := kept[i].Location.Data; !p.format.OwnCitations && len(data) > 0 && !json.Valid(data) {
			p.drop("", fmt.Sprintf("%s.citations[%d].location", field, i), "its data is not JSON")
		}
	}
	return kept
}

func (p *planner) refusedCitation(c *model.Citation) string {
	l := &c.Location
	switch l.Kind {
	case "":
		if p.format.OwnCitations {
			return "a citation without a location, which is not of this format"
		}
	case model.LocationChar, model.LocationPage, model.LocationChunk:
	case model.LocationSearchResult:
		if !p.format.SearchCitations {
			return "Bedrock does not take citations of search results back"
		}
	case model.LocationWeb:
		if p.format.OwnCitations && !typed(l.Data) {
			return "a citation of kind \"web\" that is not of this format"
		}
	default:
		if p.format.OwnCitations && !typed(l.Data) {
			return fmt.Sprintf("a citation of kind %q that is not of this format", l.Kind)
		}
	}
	return ""
}

// typed reports whether JSON is an object with a type.
func typed(raw []byte) bool {
	return isObject(raw) && json.Valid(raw) && text(rawjson.Member(raw, "type")) != ""
}

// forgets says why a block of thinking does not go back to the model, with the
// fact that decides; why is empty if it does.
func (p *planner) forgets(q *model.Thinking) (fact, why string) {
	t := &p.facts.Thinking
	switch {
	case q.Incomplete:
		return "", "the block was cut off; its signature is missing"
	case q.Provider != "" && q.Provider != provider:
		return "", "it was made by another provider, " + q.Provider
	case !p.format.ThinkingReplay && p.format.Text:
		return "", p.only()
	case !p.format.ThinkingReplay:
		return "", "the format has no place for thinking of the history"
	case t.Supported.No():
		return "thinking.supported", p.name() + " does not think, and takes no thinking back"
	case len(q.Redacted) > 0:
		if p.format.SignedThinking && !utf8.Valid(q.Redacted) {
			return "", "its redacted bytes are not text, as Claude's are"
		}
		if t.Replay.Redacted.No() {
			return "thinking.replay", p.name() + " takes no redacted thinking back"
		}
		return p.bound(q)
	case q.Signature != "":
		if t.Replay.Signed.No() {
			return "thinking.replay", "it was signed by another model; " + p.name() + " takes no signed thinking back"
		}
		return p.bound(q)
	case p.format.SignedThinking || t.Replay.Unsigned.No():
		if t.Replay.Signed.No() {
			return "thinking.replay", p.name() + " takes no thinking back"
		}
		return "thinking.replay", p.name() + " takes back signed thinking only"
	case q.Text == "":
		return "", "the block is empty"
	}
	return "", ""
}

// bound says why a sealed block does not go back, where it is known who made
// it: only the maker's models can open it, and some of them only their own.
func (p *planner) bound(q *model.Thinking) (fact, why string) {
	if q.Model == "" || p.facts.ID == "" {
		return "", ""
	}
	made, asked := modelid.Parse(q.Model), modelid.Parse(p.facts.ID)
	b := &p.facts.Thinking.Bound
	switch {
	case made.Base == asked.Base:
		return "", ""
	case made.Maker != "" && asked.Maker != "" && made.Maker != asked.Maker:
		return "", "it was sealed by a model of another maker, " + q.Model
	case b.Model, b.Generation && made.Generation != asked.Generation:
		return "thinking.bound", "it was sealed by another model, " + q.Model
	}
	return "", ""
}

// A fate is what becomes of a part of a tool result.
type fate int8

const (
	same    fate = iota // it stays as it is
	changed             // another one is sent inside the result
	gone                // nothing stays in the result
)

// toolCall adds a call, as text where no tools are offered.
func (p *planner) toolCall(field string, part model.Part, q model.ToolCall) {
	if !p.offers() {
		p.withoutTools(field)
		p.addText(field, callText(q.Name, q.Input, q.InvalidInput))
		return
	}
	p.open() // before a call is expected to have a result, those before it must have
	id, name := p.call(field, q.ID, q.Name)
	sent := q
	sent.ID, sent.Name = id, name
	sent = p.arguments(field, sent)
	if sent.ID == q.ID && sent.Name == q.Name && len(q.Input) > 0 && &sent.Input[0] == &q.Input[0] {
		p.add(field, part) // which is in an interface already
		return
	}
	p.add(field, sent)
}

func (p *planner) withoutTools(field string) {
	p.change("", field, "without tools in the request Bedrock refuses this block; it is sent as text")
}

// toolResult adds a result, as text where no tools are offered.
func (p *planner) toolResult(i int, field string, part model.Part, q model.ToolResult) {
	last := i >= p.talk.from && i < p.talk.to
	if !p.offers() {
		p.withoutTools(field)
		p.resultText(field, last, q.Parts, q.IsError)
		return
	}
	p.open()
	call, again := p.talk.answer(q.CallID)
	switch {
	case call == nil && p.in.FillResults:
		p.change("", field, "a tool result for %q, which is no call of the turn before it; it is sent as text", q.CallID)
		p.resultText(field, last, q.Parts, q.IsError)
		return
	case call == nil:
		p.invalid(field, "a tool result for %q, which is no call of the turn before it", q.CallID)
		return
	case call.legal != q.CallID:
		p.change("turns.tool_id_pattern", field+".call_id", "%q is sent as %q, like that of its call", q.CallID, call.legal)
	}
	parts, changed := p.resultParts(field, last, q.Parts)
	if q.IsError && !p.out.ResultStatus {
		p.drop("tools.result_status", field+".is_error", "%s has no mark for tools that failed; the result's text should say so", p.who(!p.format.ResultStatus))
	}
	sent := model.ToolResult{CallID: call.legal, Parts: parts, IsError: q.IsError && p.out.ResultStatus}
	if again {
		p.join(field, call.result, sent)
		return
	}
	if changed || sent.CallID != q.CallID || sent.IsError != q.IsError {
		p.add(field, sent)
	} else {
		p.add(field, part)
	}
	call.result = len(p.talk.blocks) - 1
}

// join puts a second result of a call into the first one.
func (p *planner) join(field string, first int, second model.ToolResult) {
	p.move("", field, "a second result of one call; it is sent inside the first one")
	b := &p.talk.blocks[first]
	r := b.Part.(model.ToolResult)
	r.Parts = slices.Concat(r.Parts, second.Parts)
	r.IsError = r.IsError || second.IsError
	b.Part = r
	p.talk.added++
}

// resultParts returns the parts of a result as they are to be sent. The list is
// the caller's if nothing has changed.
func (p *planner) resultParts(field string, last bool, parts []model.Part) (sent []model.Part, differ bool) {
	sent = parts
	for k, q := range parts {
		to, fate := p.resultPart(field, k, last, q)
		if fate != same && !differ {
			differ = true
			sent = append(make([]model.Part, 0, len(parts)), parts[:k]...)
		}
		if differ && fate != gone {
			sent = append(sent, to)
		}
	}
	if len(sent) == 0 {
		p.change("", field, "Bedrock refuses a result without content; %q is sent", noOutput)
		return []model.Part{model.Text(noOutput)}, true
	}
	return sent, differ
}

// noOutput stands for a result that says nothing.
const noOutput = "(no output)"

// resultPart returns what is sent for one part of a result.
func (p *planner) resultPart(field string, k int, last bool, q model.Part) (model.Part, fate) {
	switch s := q.(type) {
	case model.Text:
		if !blank(string(s)) {
			return q, same
		}
		p.drop("", at(field+".parts", k), "blank text, which Bedrock refuses")
		return nil, gone
	case model.JSON:
		switch {
		case !p.format.ResultJSON:
			return q, same // which the writer writes as text; the format has no other place for it
		case isObject(s):
			return q, same
		}
		p.change("", at(field+".parts", k), "Bedrock takes nothing but JSON objects as results; the value is sent as text")
		return model.Text(s), changed
	case model.SearchResult:
		if p.format.SearchResult {
			return q, same
		}
		p.change("", at(field+".parts", k), "%s has no place for search results; it is sent as text", p.format.Name)
		return model.Text(searchText(s)), changed
	case model.Opaque:
		if p.opaque(at(field+".parts", k), model.RoleUser, s) {
			return q, same
		}
		return nil, gone
	case model.Image, model.Document, model.Video, model.Audio:
		return p.resultFile(at(field+".parts", k), last, q)
	}
	p.unsupported("", at(field+".parts", k), "a part of type %T has no place in a tool result", q)
	return nil, gone
}

// serverCall adds a call that the service ran.
func (p *planner) serverCall(field string, q model.ServerToolCall) {
	switch {
	case p.facts.Tools.Server.No():
		p.drop("tools.server", field, "%s has no tools that the service runs", p.name())
	case !p.format.ServerBlocks:
		p.change("", field, "the format has no tools that the service runs; it is sent as text")
		p.addText(field, callText(q.Name, q.Input, q.InvalidInput))
	case !p.offers():
		p.withoutTools(field)
		p.addText(field, callText(q.Name, q.Input, q.InvalidInput))
	default:
		sent := p.arguments(field, model.ToolCall{ID: q.ID, Name: q.Name, Input: q.Input, InvalidInput: q.InvalidInput})
		q.Input, q.InvalidInput = sent.Input, sent.InvalidInput
		q.ID, q.Name = p.serverID(field+".id", q.ID), p.label(field, q.Name)
		p.add(field, q)
	}
}

// serverID returns the id of a call that the service ran, or of its result. The
// service gave it out, so it is unique.
func (p *planner) serverID(field, id string) string {
	if p.talk.ids.legal(id) {
		return id
	}
	legal := p.talk.ids.legalized(id)
	p.change("turns.tool_id_pattern", field, "%q is sent as %q: ids of calls are of letters, digits, _ and -, at most %d of them", id, legal, maxName)
	return legal
}

// serverResult adds what came of a call that the service ran.
func (p *planner) serverResult(field string, q model.ServerToolResult) {
	switch {
	case p.facts.Tools.Server.No():
		p.drop("tools.server", field, "%s has no tools that the service runs", p.name())
		return
	case !p.format.ServerBlocks:
		p.change("", field, "the format has no tools that the service runs; it is sent as text")
		p.resultText(field, false, q.Parts, q.IsError)
		return
	case p.format.ServerResults != "" && !p.ownServerResult(&q):
		p.drop("", field, "a result of kind %q, which is not of this format", q.Kind)
		p.dropServerCall(q.CallID)
		return
	case !p.offers():
		p.withoutTools(field)
		p.resultText(field, false, q.Parts, q.IsError)
		return
	}
	q.CallID = p.serverID(field+".call_id", q.CallID)
	if p.format.ServerResults == "" {
		q.Parts, _ = p.resultParts(field, false, q.Parts)
		q.IsError = q.IsError && p.out.ResultStatus
	}
	p.add(field, q)
}

// ownServerResult reports whether a result is one of the format.
func (p *planner) ownServerResult(q *model.ServerToolResult) bool {
	if !strings.HasSuffix(q.Kind, p.format.ServerResults) || len(q.Parts) != 1 {
		return false
	}
	_, ok := q.Parts[0].(model.JSON)
	return ok
}

// dropServerCall takes back the call of a result that is not sent, which the
// service would miss.
func (p *planner) dropServerCall(id string) {
	c := &p.talk
	if len(c.marks) == 0 {
		return
	}
	start := c.marks[len(c.marks)-1].start
	for i := len(c.blocks) - 1; i >= start; i-- {
		if call, ok := c.blocks[i].Part.(model.ServerToolCall); ok && call.ID == id {
			p.drop("", c.blocks[i].Field, "the call of a result that is not of this format")
			if point := c.blocks[i].Cache; point.Set {
				p.drop("", point.Field, "a cache point behind a block that is not sent")
			}
			c.blocks = slices.Delete(c.blocks, i, i+1)
			if len(c.blocks) == start {
				c.marks = c.marks[:len(c.marks)-1]
			}
			return
		}
	}
}
