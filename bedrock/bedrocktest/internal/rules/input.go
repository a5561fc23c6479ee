package rules

import (
	"encoding/json"
	"slices"

	"github.com/chatmodel-go/chatmodel/model"
)

// A Door is the operation that a request came by, streaming or not.
type Door uint8

// The doors.
const (
	Converse Door = iota
	Invoke
)

// An Input is a request to be judged. Judging it changes nothing that it refers
// to.
type Input struct {
	ModelID  string
	Model    *Model
	Door     Door
	Format   Format // the body's format, for Invoke
	Stream   bool
	Counting bool // the operation is CountTokens, which gets no answer from the model

	Request  *model.Request             // neutral
	Form     Form                       // facts of the body that Request lacks
	Fields   map[string]json.RawMessage // additional fields for the model; those of a native body that Converse has no member for
	Metadata map[string]string
	Tokens   int             // the size of the prompt
	Raw      json.RawMessage // the native body

	Signer  Signer
	Account Account
	Wording Wording

	turns  []turn // cached by conversation
	system []block
	media  *[]file // cached by files
}

// A Form has the facts of a body that the neutral request lacks.
type Form struct {
	System     bool   // the first message came from the body's system member
	MaxTokens  *int   // as it was given, even if it is not positive
	ToolConfig bool   // the body has a tool configuration, even if without tools
	PointFirst bool   // a cache point stands before the first tool
	Status     bool   // some tool result has a status
	Effort     string // the effort in outputConfig
}

// An Account describes the caller's access to models.
type Account struct {
	Models  []string // ids that exist besides those of known makers
	Denied  []string // ids that the caller has no access to
	Retired []string // ids that have reached the end of their life
}

// A Signer recognizes thinking that the server sent.
type Signer interface {
	// Verify judges the signature of a block of thinking.
	Verify(text, signature string) Verdict
	// Opens judges redacted thinking.
	Opens(sealed []byte) Verdict
	// Issued reports whether the block came from a model of that base id.
	Issued(modelID, text string, seal []byte) bool
}

// A Verdict is a Signer's judgment of a block.
type Verdict uint8

// The verdicts.
const (
	Genuine Verdict = iota
	Edited          // issued by this server, for another text
	Foreign         // issued by another server
	Forged          // no signature at all
)

// A turn is a message of the conversation.
type turn struct {
	role   model.Role
	at     int // on the wire
	blocks []block
}

// A block is a part of a message, and its place.
type block struct {
	part model.Part
	at   int // on the wire
	seen int // as Claude counts, without cache points
}

// conversation returns the turns, without the system prompt.
func (in *Input) conversation() []turn {
	if in.turns != nil {
		return in.turns
	}
	first := 0
	if in.Form.System && len(in.Request.Messages) > 0 {
		first = 1
	}
	messages := in.Request.Messages[first:]
	n := 0
	for i := range messages {
		n += len(messages[i].Parts)
	}
	all := make([]block, 0, n) // of all turns
	in.turns = make([]turn, len(messages))
	for i, m := range messages {
		start := len(all)
		all = in.appendBlocks(all, m.Parts)
		in.turns[i] = turn{role: m.Role, at: i, blocks: all[start:len(all):len(all)]}
	}
	return in.turns
}

// prompt returns the blocks of the system prompt.
func (in *Input) prompt() []block {
	if in.system == nil && in.Form.System && len(in.Request.Messages) > 0 {
		in.system = in.appendBlocks(nil, in.Request.Messages[0].Parts)
	}
	return in.system
}

// appendBlocks appends the blocks of a message.
func (in *Input) appendBlocks(all []block, parts []model.Part) []block {
	seen := -1
	for i, p := range parts {
		if _, point := p.(model.CachePoint); !point {
			seen++
		}
		b := block{part: p, at: i, seen: max(seen, 0)}
		if in.Door == Invoke { // where a cache point is a member of the block before
			b.at = b.seen
		}
		all = append(all, b)
	}
	return all
}

// each calls f with every block of the conversation, until it refuses one.
func (in *Input) each(f func(t *turn, b *block) *Refusal) *Refusal {
	turns := in.conversation()
	for i := range turns {
		for k := range turns[i].blocks {
			if r := f(&turns[i], &turns[i].blocks[k]); r != nil {
				return r
			}
		}
	}
	return nil
}

// field decodes an additional field into v. It reports whether the field is
// there and has the form of v.
func (in *Input) field(name string, v any) bool {
	raw, ok := in.Fields[name]
	return ok && json.Unmarshal(raw, v) == nil
}

// A thinking holds Claude's own fields for thinking.
type thinking struct {
	Type   string `json:"type"`
	Budget *int   `json:"budget_tokens"`
}

func (in *Input) thinking() (t thinking) {
	if !in.field("thinking", &t) {
		in.field("reasoning_config", &t)
	}
	return t
}

// effort returns the effort that the request asks for, in any of its fields.
func (in *Input) effort() string {
	var output struct {
		Effort string `json:"effort"`
	}
	switch {
	case in.field("output_config", &output) && output.Effort != "":
		return output.Effort
	case in.Form.Effort != "":
		return in.Form.Effort
	case in.Model.IsClaude():
		return ""
	case in.field("reasoning", &output) && output.Effort != "":
		return output.Effort
	}
	var word string
	if in.field("reasoning_effort", &word) {
		return word
	}
	var config struct {
		Effort string `json:"maxReasoningEffort"`
	}
	in.field("reasoningConfig", &config)
	return config.Effort
}

// calls returns the calls of a turn that the caller must answer.
func (t *turn) calls() (ids []string) {
	for _, b := range t.blocks {
		if c, ok := b.part.(model.ToolCall); ok && t.role == model.RoleAssistant {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// results returns the ids of the calls that a turn answers.
func (t *turn) results() (ids []string) {
	for _, b := range t.blocks {
		if r, ok := b.part.(model.ToolResult); ok {
			ids = append(ids, r.CallID)
		}
	}
	return ids
}

// repeated returns the first word that occurs a second time.
func repeated(words []string) (string, bool) {
	for i, w := range words {
		if slices.Contains(words[:i], w) {
			return w, true
		}
	}
	return "", false
}
