package bedrocktest

import (
	"math/rand/v2"
	"slices"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/internal/rules"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/internal/seal"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/blocks"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/model"
)

// A voice puts answers into the form of the model's answers.
type voice struct {
	played   *rules.Model
	sealer   *seal.Sealer
	verbatim bool       // thinking is sent unchanged
	hosted   bool       // the request offers tools of the service's own
	rand     *rand.Rand // the call's
}

// hosted reports whether some of the tools are the service's own.
func hosted(tools []model.Tool) bool {
	return slices.ContainsFunc(tools, func(t model.Tool) bool { return t.ServerSide })
}

// content encodes the parts of a complete answer, up to the request's limits.
func (q *question) content(parts []model.Part) ([]wire.ContentBlock, error) {
	content := make([]wire.ContentBlock, 0, len(parts))
	for _, p := range parts {
		if q.limits.reached() {
			break
		}
		p, ok := q.limited(p)
		if !ok {
			break
		}
		b, err := blocks.Encode(p)
		if err != nil {
			return nil, err
		}
		q.finishBlock(&b)
		content = append(content, b)
	}
	return content, nil
}

// limited returns the part of p that may be sent, and false if there is none.
func (q *question) limited(p model.Part) (model.Part, bool) {
	switch p := p.(type) {
	case model.Text:
		s := q.limits.text(string(p))
		return model.Text(s), s != "" || !q.limits.reached()
	case model.CitedText:
		p.Text = q.limits.text(p.Text)
		return p, p.Text != "" || !q.limits.reached()
	case model.Thinking:
		p.Text = q.limits.spend(p.Text)
		return q.signed(p), true
	case model.ToolCall:
		if p.ID == "" {
			p.ID = q.toolUseID()
		}
		q.limits.spend(string(p.Input) + p.InvalidInput)
		if q.limits.reached() {
			p.Input, p.InvalidInput = nil, ""
		}
		return p, true
	}
	return p, true
}

// signed returns thinking with the signature that goes with it.
func (v *voice) signed(p model.Thinking) model.Thinking {
	id := v.played.ID.Base
	switch {
	case v.verbatim:
		if len(p.Redacted) > 0 {
			v.sealer.Keep(id, "", p.Redacted)
		} else if p.Signature != "" {
			v.sealer.Keep(id, p.Text, []byte(p.Signature))
		}
	case v.hides():
		if len(p.Redacted) == 0 {
			p.Redacted = []byte(p.Text)
		}
		p = model.Thinking{Redacted: v.sealer.Seal(id, p.Redacted)}
	case !v.played.Signs:
		p.Signature = ""
	case len(p.Redacted) > 0:
		p.Redacted = v.sealer.Seal(id, p.Redacted)
	default:
		p.Signature = v.sealer.Sign(id, string([]rune(p.Text))) // as on the wire, where invalid UTF-8 is replaced
	}
	return p
}

// toolType reports whether tool calls have a type.
func (v *voice) toolType() bool {
	return v.played.ToolType || v.played.SystemToolType && v.hosted
}

// hides reports whether thinking is sent in encrypted form.
func (v *voice) hides() bool { return v.played.NoTextReplay && !v.verbatim }

// finishBlock adds the members that the service adds to a block.
func (v *voice) finishBlock(b *wire.ContentBlock) {
	if cited := b.CitationsContent; cited != nil && len(cited.Content) == 1 && cited.Content[0].Text != nil && *cited.Content[0].Text == "" {
		cited.Content = nil // of a web search, for example: the text is in blocks of its own
	}
	if b.ToolUse != nil && b.ToolUse.Type == "" && v.toolType() {
		b.ToolUse.Type = blocks.ToolUse
	}
}

const idLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// toolUseID returns an id of the form that Claude's ids have.
func (v *voice) toolUseID() string {
	b := []byte("tooluse_")
	for range 22 {
		b = append(b, idLetters[v.rand.IntN(len(idLetters))])
	}
	return string(b)
}
