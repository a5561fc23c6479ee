package plan

import (
	"slices"

	"github.com/chatmodel-go/chatmodel/model"
)

func isPart[P model.Part](b *Block) bool {
	_, ok := b.Part.(P)
	return ok
}

func hasPart[P model.Part](blocks []Block) bool {
	for i := range blocks {
		if isPart[P](&blocks[i]) {
			return true
		}
	}
	return false
}

// arrangeUser sets right what the format and the model refuse next to tool
// results and documents, in the turn of the user that begins at start.
func (p *planner) arrangeUser(start int) {
	c := &p.talk
	if hasPart[model.ToolResult](c.blocks[start:]) {
		if p.facts.Turns.ResultsFirst || p.format.ResultsFirst {
			p.resultsFirst(c.blocks[start:])
		}
		if p.facts.Tools.TextWithResult.No() {
			p.intoResult(start)
			return
		}
	}
	if p.facts.Turns.DocumentNeedsText && !p.format.LoneDocuments {
		p.introduce(start)
	}
}

// resultsFirst puts tool results before everything else.
func (p *planner) resultsFirst(blocks []Block) {
	sorted := true
	for i := 1; i < len(blocks) && sorted; i++ {
		sorted = !isPart[model.ToolResult](&blocks[i]) || isPart[model.ToolResult](&blocks[i-1])
	}
	if sorted {
		return
	}
	ordered := make([]Block, 0, len(blocks))
	var before *Block // what stood before a result and will stand behind it
	for i := range blocks {
		b := &blocks[i]
		if !isPart[model.ToolResult](b) {
			before = b
			continue
		}
		if before != nil {
			p.move("turns.results_first", b.Field, "tool results stand at the beginning of the turn, straight behind their calls")
			p.coverSame(b, before)
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
func (p *planner) coverSame(result, last *Block) {
	switch {
	case !result.Cache.Set || p.bars(last):
	case last.Cache.Set:
		p.dropPoint(result.Cache)
		result.Cache = Point{}
	default:
		last.Cache, result.Cache = result.Cache, Point{}
	}
}

// intoResult moves text, and files that may stand there, into the turn's last
// tool result, where the model reads them at the same place.
func (p *planner) intoResult(start int) {
	c := &p.talk
	blocks := c.blocks[start:]
	last := -1
	for i := range blocks {
		if isPart[model.ToolResult](&blocks[i]) {
			last = i
		}
	}
	result := blocks[last].Part.(model.ToolResult)
	var moved []model.Part
	var cache Point
	kept := blocks[:0]
	at := -1 // where the result stands among those kept
	for i := range blocks {
		b := blocks[i]
		if !p.movesIntoResult(b.Part) {
			if i == last {
				at = len(kept)
			}
			kept = append(kept, b)
			continue
		}
		p.move("tools.text_with_result", b.Field, "%s refuses other content next to tool results; it is sent inside the last one", p.name())
		moved = append(moved, b.Part)
		if b.Cache.Set {
			p.dropPoint(cache)
			cache = b.Cache
		}
	}
	if len(moved) == 0 {
		return
	}
	result.Parts = append(slices.Clip(result.Parts), moved...)
	kept[at].Part = result
	if kept[at].Cache.Set {
		p.dropPoint(cache)
	} else {
		kept[at].Cache = cache
	}
	clear(blocks[len(kept):])
	c.blocks = c.blocks[:start+len(kept)]
}

// dropPoint drops a cache point that comes to the place of another one.
func (p *planner) dropPoint(c Point) {
	if c.Set {
		p.drop("", c.Field, "a cache point straight after another one")
	}
}

func (p *planner) movesIntoResult(q model.Part) bool {
	switch q.(type) {
	case model.Text, model.SearchResult:
		return true
	case model.Image, model.Document, model.Video:
		return p.insideResult(q)
	}
	return false
}

// introduce puts a text beside documents that have none, which the service
// wants.
func (p *planner) introduce(start int) {
	c := &p.talk
	document := -1
	for i := start; i < len(c.blocks); i++ {
		switch c.blocks[i].Part.(type) {
		case model.Text:
			return
		case model.Document:
			document = i
		}
	}
	if document < 0 {
		return
	}
	field := c.blocks[document].Field
	p.change("turns.document_needs_text", field, "Bedrock wants a text beside a document; %q is sent", seeDocument)
	c.blocks = append(c.blocks, Block{Part: model.Text(seeDocument), Field: field})
}

const seeDocument = "(see the document)"

// arrangeAssistant drops text next to tool calls where the model refuses it.
func (p *planner) arrangeAssistant(start int) {
	c := &p.talk
	if !p.facts.Tools.TextWithCall.No() || !hasPart[model.ToolCall](c.blocks[start:]) {
		return
	}
	kept := c.blocks[start:start]
	for _, b := range c.blocks[start:] {
		switch b.Part.(type) {
		case model.Text, model.CitedText:
			p.drop("tools.text_with_call", b.Field, "%s refuses text next to tool calls", p.name())
			if b.Cache.Set {
				p.drop("tools.text_with_call", b.Cache.Field, "a cache point behind text that is not sent")
			}
		default:
			kept = append(kept, b)
		}
	}
	c.blocks = c.blocks[:start+len(kept)]
}
