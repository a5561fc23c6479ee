package plan

import (
	"slices"
	"strings"
	"unicode"

	"github.com/chatmodel-go/chatmodel/model"
)

// firstTurn lets the user begin, where the assistant cannot: "A conversation must
// start with a user message." Claude accepts it. The turn that is put first says
// what is so and nothing more, since the model reads it.
func firstTurn(s *scope, turns []Turn) []Turn {
	i := 0
	for turns[i].Role == model.RoleSystem {
		i++
	}
	// A system message at the beginning is no beginning of the conversation.
	if turns[i].Role != model.RoleAssistant || !s.facts.Turns.AssistantFirst.No() && !s.format.UserFirst {
		return turns
	}
	field := turns[i].Field
	s.change("turns.assistant_first", field, "the conversation begins with the assistant, which %s does not accept; a user message, %q, is put first", s.who(s.format.UserFirst), assistantBegins)
	return slices.Insert(turns, i, Turn{Role: model.RoleUser, Field: field, Blocks: []Block{{Part: model.Text(assistantBegins), Field: field}}})
}

// lastTurn checks an answer that the model is to continue. It is refused where
// the model cannot: an answer that starts afresh would be taken for the rest of
// one.
func lastTurn(s *scope, t *Turn) {
	if t.Role != model.RoleAssistant {
		return
	}
	switch {
	case s.format.NoPrefill:
		s.unsupported("", t.Field, "the conversation ends with the assistant; the model begins every answer with its thinking, and cannot continue one")
	case s.lacks("turns.prefill", s.facts.Turns.Prefill):
		s.unsupported("turns.prefill", t.Field, "the conversation ends with the assistant; %s cannot continue an answer", s.name())
	case s.facts.Turns.PrefillSpace.No(): // "final assistant content cannot end with trailing whitespace"
		trimEnd(s, &t.Blocks[len(t.Blocks)-1])
	}
}

// trimEnd removes white space from the end of an answer that the model is to
// continue, which Claude refuses.
func trimEnd(s *scope, last *Block) {
	said, ok := last.Part.(model.Text)
	if !ok {
		return
	}
	if trimmed := strings.TrimRightFunc(string(said), unicode.IsSpace); trimmed != string(said) {
		s.change("turns.prefill_space", last.Field, "%s refuses white space at the end of an answer that it is to continue", s.name())
		last.Part = model.Text(trimmed)
	}
}

// trimTurns removes white space from the ends of turns that are put into a
// prompt, whose template has its own there: two in a row are other tokens than
// the model has learned. White space at the beginning of an answer is the
// model's own, and stays.
func trimTurns(s *scope, turns []Turn) {
	if !s.format.Text {
		return
	}
	for i := range turns {
		blocks := turns[i].Blocks
		last := len(blocks) - 1
		for j := range blocks {
			said, _ := blocks[j].Part.(model.Text) // a prompt has nothing else
			text := string(said)
			if j == 0 && turns[i].Role == model.RoleUser {
				text = strings.TrimLeftFunc(text, unicode.IsSpace)
			}
			switch {
			case j < last:
			case turns[i].Role == model.RoleUser:
				text = strings.TrimRightFunc(text, unicode.IsSpace)
			default:
				text = strings.TrimRight(text, " \t\r\n")
			}
			if text != string(said) {
				s.change("", blocks[j].Field, "%s has no white space at the ends of turns; it is removed", s.format.Name)
				blocks[j].Part = model.Text(text)
			}
		}
	}
}

// checkMarks refuses texts that hold a control token of a prompt: whoever wrote
// them could end his turn and begin another one. Whole turns are looked at, as
// they will stand in the prompt, so that a token cannot be put together from
// parts that hold none. What a model has said is not refused, but changed: it
// came as an answer, and cannot be asked for again.
func checkMarks(s *scope, system []Block, turns []Turn) {
	if s.format.Marks == nil {
		return
	}
	check := func(field, where string, blocks []Block) {
		if mark, ok := s.format.Marks(joined(blocks)); ok {
			s.invalid(field, "%s holds %q, which marks the turns in %s; leave it out", where, mark, s.format.Name)
		}
	}
	check("messages", "the system message", system)
	for i := range turns {
		t := &turns[i]
		if t.Role == model.RoleAssistant {
			unmark(s, t.Blocks)
		}
		check(t.Field, "the "+string(t.Role)+"'s turn", t.Blocks)
	}
}

// unmark takes the control tokens out of a model's text, and leaves the words
// in them.
func unmark(s *scope, blocks []Block) {
	for i := range blocks {
		said, _ := blocks[i].Part.(model.Text) // a prompt has nothing else
		text := string(said)
		// What is left may make up another mark.
		for mark, found := s.format.Marks(text); found; mark, found = s.format.Marks(text) {
			word := strings.Trim(mark, "<>[]|/:\n ")
			s.change("", blocks[i].Field, "%q marks the turns in %s; %q is sent in its place", mark, s.format.Name, word)
			text = strings.ReplaceAll(text, mark, word)
		}
		blocks[i].Part = model.Text(text)
	}
}

// joined returns the text of blocks as it stands in a prompt.
func joined(blocks []Block) string {
	texts := make([]string, 0, len(blocks))
	for i := range blocks {
		if q, ok := blocks[i].Part.(model.Text); ok {
			texts = append(texts, string(q))
		}
	}
	return strings.Join(texts, "\n\n")
}

// assistantBegins is what the user has said before the assistant's first turn,
// where the user must begin.
const assistantBegins = "(the assistant begins)"
