package bedrocktest

import (
	"fmt"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/blocks"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/internal/rawjson"
	"github.com/chatmodel-go/chatmodel/model"
)

// An openBlock is a content block that is being streamed.
type openBlock struct {
	*streamer
	number int // on the wire; -1 until a part of the block was sent
	ended  bool
	given  bool // a part of the block came, even if it was not sent

	text     textLimit
	tail     string // an unfinished character
	isText   bool
	thinking *model.Thinking // the thinking so far, to be signed at the end
	tool     bool
	input    strings.Builder // the input so far of a tool, if it is sent in one piece
}

// event sends the part of the block that a neutral event carries.
func (b *openBlock) event(ev model.Event) error {
	if ev.Kind == model.EventPartDone {
		return b.done(ev.Part)
	}
	b.given = true
	switch ev.Kind {
	case model.EventText:
		return b.addText(ev.Text)
	case model.EventThinking:
		return b.addThinking(ev.Text)
	case model.EventSignature:
		b.thought().Signature += ev.Text
	case model.EventRedacted:
		if p, ok := ev.Part.(model.Thinking); ok {
			b.thought().Redacted = append(b.thought().Redacted, p.Redacted...)
		}
	case model.EventToolCall:
		return b.addCall(ev.Part)
	case model.EventToolInput:
		return b.addInput(ev.Text)
	case model.EventCitation, model.EventPart:
		return b.addPart(ev.Part)
	}
	return nil
}

// done ends the block. A part that did not come in pieces is sent whole.
func (b *openBlock) done(part model.Part) error {
	if !b.given && part != nil {
		if err := b.addPart(part); err != nil {
			return err
		}
	}
	b.given = true
	return b.end()
}

func (b *openBlock) addText(piece string) error {
	b.isText = true
	whole := b.characters(piece)
	out := b.text.add(whole)
	if out == "" && piece != "" {
		return nil // held back, or cut off
	}
	return b.delta(wire.Delta{Kind: wire.DeltaText, Text: out})
}

func (b *openBlock) addThinking(piece string) error {
	out := b.limits.spend(b.characters(piece))
	b.thought().Text += out
	if out == "" && piece != "" || b.hides() {
		return nil
	}
	return b.delta(wire.Delta{Kind: wire.DeltaReasoningText, Text: out})
}

func (b *openBlock) thought() *model.Thinking {
	if b.thinking == nil {
		b.thinking = &model.Thinking{}
	}
	return b.thinking
}

// addCall begins a tool call.
func (b *openBlock) addCall(part model.Part) error {
	start := &wire.ToolUseStart{}
	switch p := part.(type) {
	case model.ToolCall:
		start.Name, start.ToolUseID = p.Name, p.ID
		if b.called = true; b.toolType() {
			start.Type = blocks.ToolUse
		}
	case model.ServerToolCall:
		start.Name, start.ToolUseID, start.Type = p.Name, p.ID, p.Kind
	}
	if start.ToolUseID == "" {
		start.ToolUseID = b.toolUseID()
	}
	b.tool = true
	if err := b.begin(&wire.BlockStart{ToolUse: start}); err != nil || !b.played.EmptyInput {
		return err
	}
	return b.delta(wire.Delta{Kind: wire.DeltaToolInput})
}

func (b *openBlock) addInput(piece string) error {
	b.tool = true
	if b.played.WholeInput {
		b.input.WriteString(piece)
		return nil
	}
	out := b.limits.spend(b.characters(piece))
	if out == "" {
		return nil
	}
	return b.delta(wire.Delta{Kind: wire.DeltaToolInput, Text: out})
}

// addPart sends a part, or a citation, that came in one piece.
func (b *openBlock) addPart(part model.Part) error {
	switch p := part.(type) {
	case model.Text:
		return b.addText(string(p))
	case model.CitedText:
		return b.addCited(p)
	case model.Thinking:
		*b.thought() = model.Thinking{Signature: p.Signature, Redacted: p.Redacted}
		if p.Text == "" {
			return nil
		}
		return b.addThinking(p.Text)
	case model.ToolCall:
		return b.addWholeCall(p, string(p.Input)+p.InvalidInput)
	case model.ServerToolCall:
		return b.addWholeCall(p, string(p.Input)+p.InvalidInput)
	}
	return b.addBlock(part)
}

func (b *openBlock) addCited(p model.CitedText) error {
	for _, c := range p.Citations {
		citation := blocks.EncodeCitation(c)
		if err := b.delta(wire.Delta{Kind: wire.DeltaCitation, Citation: &citation}); err != nil {
			return err
		}
	}
	if p.Text == "" {
		return nil
	}
	return b.addText(p.Text)
}

func (b *openBlock) addWholeCall(call model.Part, input string) error {
	if err := b.addCall(call); err != nil {
		return err
	}
	return b.addInput(input)
}

// addBlock sends a part that the service, too, sends in one piece.
func (b *openBlock) addBlock(part model.Part) error {
	block, err := blocks.Encode(part)
	if err != nil {
		return b.frames.exception(&Exception{Message: "The model's answer cannot be sent: " + err.Error()})
	}
	switch {
	case block.ToolResult != nil:
		r := block.ToolResult
		start := &wire.ToolResultStart{Status: r.Status, ToolUseID: r.ToolUseID, Type: r.Type}
		if err := b.begin(&wire.BlockStart{ToolResult: start}); err != nil {
			return err
		}
		return b.delta(wire.Delta{Kind: wire.DeltaToolResult, ToolResult: r.Content})
	case block.Image != nil:
		if err := b.begin(&wire.BlockStart{Image: &wire.ImageStart{Format: block.Image.Format}}); err != nil {
			return err
		}
		return b.delta(wire.Delta{Kind: wire.DeltaImage, Image: &wire.ImageDelta{Source: block.Image.Source}})
	case block.Unknown != nil:
		return b.delta(wire.Delta{Kind: wire.DeltaUnknown, Unknown: block.Unknown})
	}
	return b.frames.exception(&Exception{
		Message: fmt.Sprintf("The model's answer cannot be streamed: there is no event for a part of type %T.", part)})
}

// end sends the text that was held back, then the end of the block.
func (b *openBlock) end() error {
	if b.ended {
		return nil
	}
	b.ended = true
	if err := b.rest(); err != nil {
		return err
	}
	if b.number < 0 && b.limits.reached() {
		return nil // the limits cut off all of it
	}
	return b.send(&wire.Event{Kind: wire.EventBlockStop, HasIndex: true, Index: b.index()})
}

// rest sends the text that was held back.
func (b *openBlock) rest() error {
	tail := b.tail // half a character, if the model's text ends in one
	b.tail = ""
	switch {
	case b.thinking != nil:
		b.thinking.Text += tail
		return b.seal(tail)
	case b.tool && b.played.WholeInput:
		input := b.input.String()
		if input == "" {
			input = "{}"
		}
		return b.delta(wire.Delta{Kind: wire.DeltaToolInput, Text: b.limits.spend(input)})
	case b.tool && tail != "":
		return b.delta(wire.Delta{Kind: wire.DeltaToolInput, Text: b.limits.spend(tail)})
	case b.isText && !b.limits.reached():
		out := b.text.add(tail)
		if !b.limits.reached() {
			out += b.text.flush()
		}
		if out != "" {
			return b.delta(wire.Delta{Kind: wire.DeltaText, Text: out})
		}
	}
	return nil
}

// seal ends thinking with its signature, or sends redacted thinking.
func (b *openBlock) seal(tail string) error {
	if tail != "" && !b.hides() {
		if err := b.delta(wire.Delta{Kind: wire.DeltaReasoningText, Text: tail}); err != nil {
			return err
		}
	}
	p := b.signed(*b.thinking)
	switch {
	case len(p.Redacted) > 0:
		return b.delta(wire.Delta{Kind: wire.DeltaRedactedContent, Redacted: p.Redacted})
	case p.Signature != "":
		return b.delta(wire.Delta{Kind: wire.DeltaReasoningSignature, Text: p.Signature})
	}
	return nil
}

// characters returns the rest of the previous piece and this one, up to the
// last whole character: neutral pieces may be cut anywhere; the service's end
// between characters.
func (b *openBlock) characters(piece string) string {
	whole, tail := rawjson.CutCharacter(b.tail + piece)
	b.tail = tail
	return whole
}

// index returns the block's number, and assigns the next one if it has none.
func (b *openBlock) index() int {
	if b.number < 0 {
		b.number = b.next
		b.next++
	}
	return b.number
}

func (b *openBlock) begin(start *wire.BlockStart) error {
	return b.send(&wire.Event{Kind: wire.EventBlockStart, HasIndex: true, Index: b.index(), Start: start})
}

func (b *openBlock) delta(d wire.Delta) error {
	return b.send(&wire.Event{Kind: wire.EventBlockDelta, HasIndex: true, Index: b.index(), Delta: d})
}
