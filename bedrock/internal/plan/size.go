package plan

import (
	"github.com/chatmodel-go/chatmodel/internal/rawjson"
	"github.com/chatmodel-go/chatmodel/model"
)

// Size returns about the length of a body for the plan: enough room to write most
// of them without copying what has been written. It is an estimate, as the exact
// length would cost a second pass over all texts; a buffer that is too short
// grows.
func (p *Plan) Size() int {
	const member = 64 // names, braces and values that are short
	n := 3*member + len(p.Additional)
	for i := range p.Tools {
		t := &p.Tools[i]
		n += 2*member + len(t.Name) + escaped(t.Description) + len(t.Schema)
	}
	if p.Output != nil {
		n += member + len(p.Output.Schema)*5/4
	}
	n += blocksRoom(p.System)
	for i := range p.Turns {
		n += member/2 + blocksRoom(p.Turns[i].Blocks)
	}
	// Short bodies seldom have many settings, and if one grows, little is copied.
	return n + min(n/8, 5*member)
}

// blocksRoom returns the room for blocks and their cache points.
func blocksRoom(blocks []Block) int {
	n := 0
	for i := range blocks {
		n += partRoom(blocks[i].Part)
		if blocks[i].Cache.Set {
			n += 48
		}
	}
	return n
}

// escaped returns about the length of a text as a string. Line breaks and quotes
// take two bytes; one byte in 32 is more than most texts have of them.
func escaped(s string) int { return len(s) + len(s)/32 }

// partRoom returns the room for a part in any format. Names of members are
// counted by the block.
func partRoom(p model.Part) int {
	const block = 32
	switch p := p.(type) {
	case model.Text:
		return block/2 + escaped(string(p))
	case model.JSON:
		return block + len(p)
	case model.CitedText:
		n := 3*block + escaped(p.Text)
		for _, c := range p.Citations {
			n += 5*block + escaped(c.Title) + escaped(c.Source) + len(c.Location.Data)
			for _, q := range c.Quotes {
				n += block + escaped(q)
			}
		}
		return n
	case model.Thinking:
		return 3*block + escaped(p.Text) + len(p.Signature) + rawjson.Base64Len(p.Redacted)
	case model.Image:
		return 2*block + rawjson.Base64Len(p.Data) + len(p.URI)
	case model.Video:
		return 2*block + rawjson.Base64Len(p.Data) + len(p.URI)
	case model.Audio:
		return 2*block + rawjson.Base64Len(p.Data) + len(p.URI)
	case model.Document:
		n := 4*block + rawjson.Base64Len(p.Data) + len(p.URI) + escaped(p.Text) + escaped(p.Context) + len(p.Name)
		for _, c := range p.Chunks {
			n += block + escaped(c)
		}
		return n
	case model.SearchResult:
		n := 3*block + escaped(p.Source) + escaped(p.Title)
		for _, c := range p.Content {
			n += block + escaped(c)
		}
		return n
	case model.Guard:
		n := 3*block + escaped(p.Text)
		if p.Image != nil {
			n += rawjson.Base64Len(p.Image.Data)
		}
		return n
	case model.ToolCall:
		return 2*block + len(p.ID) + len(p.Name) + len(p.Input)
	case model.ServerToolCall:
		return 2*block + len(p.ID) + len(p.Name) + len(p.Input)
	case model.ToolResult:
		return resultRoom(p.CallID, p.Parts)
	case model.ServerToolResult:
		return resultRoom(p.CallID, p.Parts)
	case model.Opaque:
		return block + len(p.Kind) + len(p.Data)
	}
	return block
}

// resultRoom returns the room for a result and its parts.
func resultRoom(id string, parts []model.Part) int {
	n := 96 + len(id)
	for _, p := range parts {
		n += partRoom(p)
	}
	return n
}
