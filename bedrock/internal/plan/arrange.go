package plan

import (
	"slices"

	"github.com/chatmodel-go/chatmodel/model"
)

// isPart reports whether a block is a part of that type.
func isPart[P model.Part](b *Block) bool {
	_, ok := b.Part.(P)
	return ok
}

// hasPart reports whether one of the blocks is a part of that type.
func hasPart[P model.Part](blocks []Block) bool {
	for i := range blocks {
		if isPart[P](&blocks[i]) {
			return true
		}
	}
	return false
}

// usesTools reports whether one of the blocks is a call or a result.
func usesTools(blocks []Block) bool {
	return hasPart[model.ToolCall](blocks) || hasPart[model.ToolResult](blocks) ||
		hasPart[model.ServerToolCall](blocks) || hasPart[model.ServerToolResult](blocks)
}

// arrangeUser returns the blocks of a user's turn, arranged as the format and the
// model want them next to tool results and documents. The blocks given are
// changed; they are the conversation's, never the caller's.
func arrangeUser(s *scope, blocks []Block) []Block {
	if hasPart[model.ToolResult](blocks) {
		if s.facts.Turns.ResultsFirst || s.format.ResultsFirst {
			resultsFirst(s, blocks)
		}
		if s.facts.Tools.TextWithResult.No() {
			return intoResult(s, blocks)
		}
	}
	if s.facts.Turns.DocumentNeedsText && !s.format.LoneDocuments {
		return introduce(s, blocks)
	}
	return blocks
}

// resultsFirst puts tool results before everything else, where Claude looks for
// them: "tool_use ids were found without tool_result blocks immediately after".
// The order among the results, and among the rest, stays.
func resultsFirst(s *scope, blocks []Block) {
	sorted := true
	for i := 1; i < len(blocks) && sorted; i++ {
		sorted = !isPart[model.ToolResult](&blocks[i]) || isPart[model.ToolResult](&blocks[i-1])
	}
	if sorted { // as nearly always: nothing is copied
		return
	}
	ordered := make([]Block, 0, len(blocks))
	var before *Block // the last block that stood before a result and will stand behind it
	for i := range blocks {
		b := &blocks[i]
		if !isPart[model.ToolResult](b) {
			before = b
			continue
		}
		if before != nil {
			s.move("turns.results_first", b.Field, "tool results come first in their turn, directly after their calls")
			coverSame(s, b, before)
		}
		ordered = append(ordered, *b)
	}
	for i := range blocks {
		if !isPart[model.ToolResult](&blocks[i]) {
			ordered = append(ordered, blocks[i])
		}
	}
	copy(blocks, ordered)
}

// coverSame moves the cache point behind a result that goes to the beginning of
// the turn, so that it ends the same prefix as before.
func coverSame(s *scope, result, last *Block) {
	switch {
	case s.bars(last): // a point that stays on the result covers less, and is legal
	case last.Cache.Set:
		dropPoint(s, result.Cache)
		result.Cache = Point{}
	default:
		last.Cache, result.Cache = result.Cache, Point{}
	}
}

// intoResult moves text, and files that may stand there, into the turn's last
// tool result, where the model reads them at the same place. Llama and Mistral
// refuse them outside: "Conversation blocks and tool result blocks cannot be
// provided in the same turn." A turn of their own would be no help, since the
// service wants the roles to alternate.
func intoResult(s *scope, blocks []Block) []Block {
	var last int // the last of the results, of which there is at least one
	for i := range blocks {
		if isPart[model.ToolResult](&blocks[i]) {
			last = i
		}
	}
	result := blocks[last].Part.(model.ToolResult)
	var moved []model.Part
	var cache Point
	kept := blocks[:0] // the same array: what is kept never overtakes what is read
	var at int         // where the result stands among those kept
	for i := range blocks {
		b := blocks[i]
		if _, ok := b.Part.(model.Guard); ok { // without a guardrail it is text by now
			s.unsupported("tools.text_with_result", b.Field, "%s refuses other content next to tool results, and guard content has no place inside them", s.name())
		}
		if !movesIntoResult(s, b.Part) {
			if i == last {
				at = len(kept)
			}
			kept = append(kept, b)
			continue
		}
		s.move("tools.text_with_result", b.Field, "%s refuses other content next to tool results; it is sent inside the last one", s.name())
		moved = append(moved, b.Part)
		if b.Cache.Set {
			dropPoint(s, cache)
			cache = b.Cache
		}
	}
	result.Parts = append(slices.Clip(result.Parts), moved...) // the list may be the caller's
	kept[at].Part = result
	if kept[at].Cache.Set {
		dropPoint(s, cache)
	} else {
		kept[at].Cache = cache
	}
	clear(blocks[len(kept):]) // or the array would hold on to files that were moved
	return kept
}

// dropPoint drops a cache point that comes to the place of another one.
func dropPoint(s *scope, c Point) {
	if c.Set {
		s.drop("", c.Field, "a cache point directly after another one")
	}
}

// movesIntoResult reports whether a part may stand in a tool result of the model.
func movesIntoResult(s *scope, part model.Part) bool {
	switch q := part.(type) {
	case model.Text, model.SearchResult:
		return true
	case model.Opaque:
		return !s.unread(&s.facts.Results, q.Kind)
	case model.Image, model.Document, model.Video:
		return s.readsInside(part)
	}
	return false
}

// introduce puts a text beside documents that have none, which the service
// requires: the fact turns.document_needs_text. The text comes behind them, so
// that a prefix up to the document is the same with and without it.
func introduce(s *scope, blocks []Block) []Block {
	var document *Block
	for i := range blocks {
		switch blocks[i].Part.(type) {
		case model.Text:
			return blocks
		case model.Document:
			document = &blocks[i]
		}
	}
	if document == nil {
		return blocks
	}
	field := document.Field
	s.change("turns.document_needs_text", field, "Bedrock requires text beside a document; %q is sent", seeDocument)
	return append(blocks, Block{Part: model.Text(seeDocument), Field: field})
}

// seeDocument says as little as a text can that must not be blank.
const seeDocument = "(see the document)"

// arrangeAssistant returns the blocks of a turn of the assistant, without text
// next to tool calls where the model refuses it, as Llama and Mistral do. The
// results need their call; the text can be missed. The blocks given are changed.
func arrangeAssistant(s *scope, blocks []Block) []Block {
	if !s.facts.Tools.TextWithCall.No() || !hasPart[model.ToolCall](blocks) {
		return blocks
	}
	kept := blocks[:0]
	for _, b := range blocks {
		switch b.Part.(type) {
		case model.Text, model.CitedText:
			s.drop("tools.text_with_call", b.Field, "%s refuses text next to tool calls", s.name())
			if b.Cache.Set {
				s.drop("tools.text_with_call", b.Cache.Field, "a cache point after text that is not sent")
			}
		default:
			kept = append(kept, b)
		}
	}
	return kept
}
