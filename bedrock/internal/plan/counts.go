package plan

import (
	"slices"

	"github.com/chatmodel-go/chatmodel/model"
)

// A counted is where a file is: a block, or a part of the result in one.
type counted struct {
	block *Block
	part  int    // of the result; -1: the block itself
	field string // for what is told of it
	last  bool   // in the last turn of the user
}

// countFiles keeps files of a kind to as many as a request may hold. The oldest
// ones give way, by a text that names them: some at a time, so that the prompt
// before new ones stays the same for some turns, and what is cached of it. Those
// in the last turn of the user stay.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Message.html
// https://docs.anthropic.com/en/docs/build-with-claude/vision
func countFiles(s *scope, turns []Turn) {
	limitFiles[model.Document](s, turns, "documents", s.format.MaxDocuments)
	limitFiles[model.Image](s, turns, "images", s.format.MaxImages)
}

func limitFiles[P model.Part](s *scope, turns []Turn, kind string, limit int) {
	all := filesOf[P](turns)
	if limit == 0 || len(all) <= limit {
		return
	}
	earlier := len(all)
	for earlier > 0 && all[earlier-1].last {
		earlier--
	}
	if n := len(all) - earlier; n > limit {
		s.unsupported("", all[earlier+limit].field, "%s takes at most %d %s in a request, and the last turn has %d", s.format.Name, limit, kind, n)
		return
	}
	step := limit / 2
	excess := len(all) - limit
	gone := min((excess+step-1)/step*step, earlier)
	for _, c := range all[:gone] {
		s.change("", c.field, "%s takes at most %d %s in a request; a text stands for this one, which is among the oldest", s.format.Name, limit, kind)
		c.replace()
	}
}

// filesOf returns the files of a kind, the oldest first.
func filesOf[P model.Part](turns []Turn) []counted {
	from := len(turns)
	for from > 0 && turns[from-1].Role != model.RoleAssistant {
		from--
	}
	var all []counted
	for i := range turns {
		for j := range turns[i].Blocks {
			b := &turns[i].Blocks[j]
			switch q := b.Part.(type) {
			case P:
				all = append(all, counted{b, -1, b.Field, i >= from})
			case model.ToolResult:
				for k, in := range q.Parts {
					if _, ok := in.(P); ok {
						all = append(all, counted{b, k, at(b.Field+".parts", k), i >= from})
					}
				}
			}
		}
	}
	return all
}

// replace puts a text in the place of the file. The list of a result's parts may
// be the caller's.
func (c *counted) replace() {
	if c.part < 0 {
		c.block.Part = placeholder(c.block.Part)
		return
	}
	r := c.block.Part.(model.ToolResult)
	r.Parts = slices.Clone(r.Parts)
	r.Parts[c.part] = placeholder(r.Parts[c.part])
	c.block.Part = r
}
