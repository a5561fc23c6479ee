package bedrock

import (
	"maps"
	"slices"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/blocks"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/inline"
	"github.com/chatmodel-go/chatmodel/model"
)

// takeOutThinking makes parts of the thinking that the model writes into its
// text between tags of the given names. It has no signature.
func takeOutThinking(parts []model.Part, tags []string) []model.Part {
	if len(tags) == 0 {
		return parts
	}
	all := make([]model.Part, 0, len(parts)+1)
	for _, p := range parts {
		t, ok := p.(model.Text)
		if !ok {
			all = append(all, p)
			continue
		}
		all = append(all, splitText(string(t), tags)...)
	}
	return all
}

// splitText splits one text.
func splitText(text string, tags []string) []model.Part {
	var thought, said strings.Builder
	collect := func(think bool, piece string) bool {
		if think {
			thought.WriteString(piece)
		} else {
			said.WriteString(piece)
		}
		return true
	}
	s := inline.New(tags)
	s.Add(text, collect)
	s.End(collect)
	var parts []model.Part
	if thought.Len() > 0 {
		parts = append(parts, model.Thinking{Text: thought.String(), Provider: blocks.Provider})
	}
	if said.Len() > 0 || text == "" {
		parts = append(parts, model.Text(said.String()))
	}
	return parts
}

// An inlineThinking takes thinking out of the text of a stream, as
// takeOutThinking does of an answer in one piece.
type inlineThinking struct {
	tags   []string
	emit   func(model.Event) bool
	blocks map[int]*inlineBlock // those whose text has begun
}

// An inlineBlock is the text of one block.
type inlineBlock struct {
	split *inline.Splitter
	empty bool // it is an empty text so far, which is a text too
}

// event takes an event and emits the events that it becomes.
func (t *inlineThinking) event(ev model.Event) bool {
	switch b := t.blocks[ev.Index]; {
	case ev.Kind == model.EventFinish:
		return t.flush() && t.emit(ev)
	case ev.Kind == model.EventText:
		if b == nil {
			b = &inlineBlock{split: inline.New(t.tags), empty: true}
			t.blocks[ev.Index] = b
		}
		b.empty = b.empty && ev.Text == ""
		return b.split.Add(ev.Text, t.pieces(ev.Index))
	case b == nil:
		return t.emit(ev)
	case ev.Kind == model.EventCitation: // the text goes on
		return b.split.Say(t.pieces(ev.Index)) && t.emit(ev)
	default: // another block begins, or this one ends
		return t.end(ev.Index) && t.emit(ev)
	}
}

// end emits the text that was kept back of a block.
func (t *inlineThinking) end(index int) bool {
	b := t.blocks[index]
	delete(t.blocks, index)
	if b.empty {
		return t.emit(model.Event{Kind: model.EventText, Index: index})
	}
	return b.split.End(t.pieces(index))
}

// flush emits the text that was kept back of all blocks.
func (t *inlineThinking) flush() bool {
	for _, index := range slices.Sorted(maps.Keys(t.blocks)) {
		if !t.end(index) {
			return false
		}
	}
	return true
}

// pieces returns a function that emits the pieces of a block.
func (t *inlineThinking) pieces(index int) inline.Emit {
	return func(think bool, piece string) bool {
		kind := model.EventText
		if think {
			kind = model.EventThinking
		}
		return t.emit(model.Event{Kind: kind, Index: index, Text: piece})
	}
}

// withoutTags runs a stream, and takes the thinking out of its text.
func withoutTags(tags []string, emit func(model.Event) bool, run func(emit func(model.Event) bool) error) error {
	if len(tags) == 0 {
		return run(emit)
	}
	left := false
	t := inlineThinking{tags: tags, blocks: map[int]*inlineBlock{}, emit: func(ev model.Event) bool {
		left = left || !emit(ev)
		return !left
	}}
	err := run(t.event)
	if err != nil && !left { // what came before it broke is the caller's
		t.flush()
	}
	return err
}
