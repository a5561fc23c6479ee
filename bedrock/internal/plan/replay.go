package plan

import (
	"unicode/utf8"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/modelid"
	"github.com/chatmodel-go/chatmodel/model"
)

// replays decides which thinking of a history goes back to the model. Too little
// costs quality, and with Claude a refusal where tools are in use; too much is
// usually a refusal. Hence a fact of the model decides each case.
type replays struct {
	*scope
	seals map[string]bool // whether a model seals its thinking, by base id
}

// forgets says why a block of thinking does not go back to the model, with the
// fact that decides; why is empty if it does.
func (s *replays) forgets(q *model.Thinking) (fact, why string) {
	t := &s.facts.Thinking
	switch {
	case q.Incomplete: // "Invalid `signature` in `thinking` block"
		return "", "the block was cut off; its signature is missing"
	case q.Provider != "" && q.Provider != provider: // only its maker can open it
		return "", "it was made by another provider, " + q.Provider
	case s.format.Text:
		return "", s.only()
	case !s.format.ThinkingReplay:
		return "", "the format has no place for thinking of the history"
	case t.Supported.No():
		return "thinking.supported", s.name() + " does not think, and takes no thinking back"
	case len(q.Redacted) > 0:
		if s.format.SignedThinking && !utf8.Valid(q.Redacted) { // the format has a text there
			return "", "its redacted bytes are not text, as Claude's are"
		}
		if t.Replay.Redacted.No() {
			return "thinking.replay", s.name() + " takes no redacted thinking back"
		}
		return s.bound(q)
	case q.Signature != "":
		if t.Replay.Signed.No() {
			return "thinking.replay", "it was signed by another model; " + s.name() + " takes no signed thinking back"
		}
		return s.bound(q)
	case s.format.SignedThinking || t.Replay.Unsigned.No():
		if t.Replay.Signed.No() {
			return "thinking.replay", s.name() + " takes no thinking back"
		}
		return "thinking.replay", s.name() + " takes back signed thinking only"
	case q.Text == "": // without a signature there is nothing in it
		return "", "the block is empty"
	}
	return "", ""
}

// bound says why a sealed block does not go back, where it is known who made
// it: only the maker's models can open it, and some of them only their own. A
// model that shows its thinking has no seal: what it made redacted is nothing
// that others of its maker could open, nor can it open what they have sealed.
func (s *replays) bound(q *model.Thinking) (fact, why string) {
	if q.Model == "" || s.facts.ID == "" {
		return "", ""
	}
	made, asked := modelid.Parse(q.Model), modelid.Parse(s.facts.ID)
	b := &s.facts.Thinking.Bound
	switch {
	case made.Base == asked.Base:
		return "", ""
	case made.Maker != "" && asked.Maker != "" && made.Maker != asked.Maker:
		return "", "it was sealed by a model of another maker, " + q.Model
	case b.Model, b.Generation && made.Generation != asked.Generation:
		return "thinking.bound", "it was sealed by another model, " + q.Model
	case !s.seal(made.Base):
		if seals(s.facts) {
			return "thinking.replay", q.Model + ", which made it, does not seal its thinking"
		}
	case !seals(s.facts):
		return "thinking.replay", "it was sealed by another model, " + q.Model
	}
	return "", ""
}

// seal reports whether a model seals its thinking. A history is by few models, so
// the answer is kept.
func (s *replays) seal(base string) bool {
	does, known := s.seals[base]
	if !known {
		if s.seals == nil {
			s.seals = make(map[string]bool)
		}
		made := facts.Lookup(base)
		does = seals(&made)
		s.seals[base] = does
	}
	return does
}

// seals reports whether a model seals its thinking: one that takes it back open
// does not.
func seals(f *facts.Facts) bool { return !f.Thinking.Replay.Unsigned.Yes() }

// replayed returns what is asked for with a history. It gives up a budget of
// Claude's where the tool calls that are being answered do not begin with the
// thinking that led to them, as when another model made them. The service would
// refuse the request: "When `thinking` is enabled, a final `assistant` message
// must start with a thinking block". Adaptive thinking has no such rule.
// https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-extended-thinking.html
func replayed(s *scope, asked Thinking, turns []Turn) Thinking {
	// Only the last turn counts: once the user has said something new, Claude does
	// not ask for the thinking before it.
	n := len(turns)
	if asked.Style != facts.ThinkingStyleClaude || asked.Type != typeEnabled || n < 2 {
		return asked
	}
	before := turns[n-2].Blocks
	if !hasPart[model.ToolResult](turns[n-1].Blocks) || !hasPart[model.ToolCall](before) {
		return asked
	}
	if _, ok := before[0].Part.(model.Thinking); ok {
		return asked
	}
	s.drop("thinking.budget", "thinking", "the conversation lacks the thinking that led to the last tool calls, which %s needs to go on thinking", s.name())
	asked.Type, asked.Budget = "", 0
	// A model that thinks unless it is asked not to must be asked not to.
	if s.facts.Thinking.Default == facts.ThinkingDefaultOn && s.facts.Thinking.Disabled.Yes() {
		asked.Type = typeDisabled
	}
	return asked
}
