package bedrocktest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/anthropic"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/blocks"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/model"
)

// anthropicFormat answers in Anthropic's Messages.
type anthropicFormat struct {
	*question
	open       map[int]bool // the blocks that have begun
	results    map[int]*wire.ToolResultStart
	stopReason string
}

// usage returns the counters as JSON.
func (f *anthropicFormat) usage(u *wire.Usage) []byte {
	write := intOf(u.CacheWriteInputTokens)
	long := 0
	for _, d := range u.CacheDetails {
		if d.TTL == "1h" {
			long += d.InputTokens
		}
	}
	return fmt.Appendf(nil, `{"input_tokens":%d,"cache_creation_input_tokens":%d,"cache_read_input_tokens":%d,"cache_creation":{"ephemeral_5m_input_tokens":%d,"ephemeral_1h_input_tokens":%d},"output_tokens":%d}`,
		u.InputTokens, write, intOf(u.CacheReadInputTokens), write-long, long, u.OutputTokens)
}

func intOf(p *int) int {
	if p == nil {
		return 0
	}
	return *p
}

// reason returns a stop reason as JSON. Answers of a guardrail have none.
func reason(stopReason string) []byte {
	if stopReason == string(model.StopGuardrail) {
		return []byte("null")
	}
	return quoted(stopReason)
}

func (f *anthropicFormat) answer(a *nativeAnswer) ([]byte, error) {
	content := make([][]byte, 0, len(a.parts))
	for _, p := range a.parts {
		b, err := anthropic.AppendPart(nil, p)
		if err != nil {
			return nil, err
		}
		content = append(content, b)
	}
	return fmt.Appendf(nil, `{"model":%s,"id":"msg_bdrk_%s","type":"message","role":"assistant","content":[%s],"stop_reason":%s,"stop_sequence":%s,"usage":%s%s}`,
		quoted(f.ownName()), a.id, bytes.Join(content, []byte{','}), reason(a.stopReason), f.matched(),
		f.usage(a.about.Usage), serviceMembers(a.stopReason, a.about.Trace)), nil
}

// matched returns the stop sequence that ended the answer, as JSON.
func (f *anthropicFormat) matched() []byte {
	if f.limits.reason != model.StopSequence {
		return []byte("null")
	}
	return quoted(f.limits.matched)
}

func (f *anthropicFormat) chunks(ev *wire.Event) ([][]byte, error) {
	switch ev.Kind {
	case wire.EventMessageStart:
		u := f.question.usage(&model.Usage{InputTokens: f.cached.InputTokens, OutputTokens: 1})
		return one(`{"type":"message_start","message":{"model":%s,"id":"msg_bdrk_%s","type":"message","role":"assistant","content":[],"stop_reason":null,"stop_sequence":null,"usage":%s}}`,
			quoted(f.ownName()), uuid(f.rand), f.usage(u)), nil
	case wire.EventBlockStart:
		return f.start(ev.Index, ev.Start), nil
	case wire.EventBlockDelta:
		return f.delta(ev.Index, &ev.Delta)
	case wire.EventBlockStop:
		return append(f.begin(ev.Index, `{"type":"text","text":""}`), one(`{"type":"content_block_stop","index":%d}`, ev.Index)...), nil
	case wire.EventMessageStop:
		f.stopReason = ev.StopReason
	case wire.EventMetadata:
		return append(one(`{"type":"message_delta","delta":{"stop_reason":%s,"stop_sequence":%s},"usage":%s%s}`,
			reason(f.stopReason), f.matched(), f.usage(ev.Metadata.Usage), serviceMembers(f.stopReason, ev.Metadata.Trace)),
			one(`{"type":"message_stop",%s}`, metrics(ev.Metadata))...), nil
	}
	return nil, nil
}

func one(format string, args ...any) [][]byte { return [][]byte{fmt.Appendf(nil, format, args...)} }

// begin begins a block unless it has begun.
func (f *anthropicFormat) begin(index int, block string) [][]byte {
	if f.open[index] {
		return nil
	}
	if f.open == nil {
		f.open = map[int]bool{}
	}
	f.open[index] = true
	return one(`{"type":"content_block_start","index":%d,"content_block":%s}`, index, block)
}

func (f *anthropicFormat) start(index int, s *wire.BlockStart) [][]byte {
	switch {
	case s == nil:
	case s.ToolUse != nil:
		kind := s.ToolUse.Type
		if kind == "" {
			kind = blocks.ToolUse
		}
		return f.begin(index, fmt.Sprintf(`{"type":%s,"id":%s,"name":%s,"input":{}}`, quoted(kind), quoted(s.ToolUse.ToolUseID), quoted(s.ToolUse.Name)))
	case s.ToolResult != nil:
		if f.results == nil {
			f.results = map[int]*wire.ToolResultStart{}
		}
		f.results[index] = s.ToolResult
	}
	return nil
}

func (f *anthropicFormat) delta(index int, d *wire.Delta) ([][]byte, error) {
	const form = `{"type":"content_block_delta","index":%d,"delta":{"type":"%s","%s":%s}}`
	piece := func(block, kind, member string, value []byte) [][]byte {
		return append(f.begin(index, block), one(form, index, kind, member, value)...)
	}
	const text, thinking = `{"type":"text","text":""}`, `{"type":"thinking","thinking":"","signature":""}`
	switch d.Kind {
	case wire.DeltaText:
		return piece(text, "text_delta", "text", quoted(d.Text)), nil
	case wire.DeltaToolInput:
		return piece(`{"type":"tool_use","id":"","name":"","input":{}}`, "input_json_delta", "partial_json", quoted(d.Text)), nil
	case wire.DeltaReasoningText:
		return piece(thinking, "thinking_delta", "thinking", quoted(d.Text)), nil
	case wire.DeltaReasoningSignature:
		return piece(thinking, "signature_delta", "signature", quoted(d.Text)), nil
	case wire.DeltaRedactedContent:
		return f.begin(index, fmt.Sprintf(`{"type":"redacted_thinking","data":%s}`, quoted(string(d.Redacted)))), nil
	case wire.DeltaCitation:
		block, err := anthropic.AppendPart(nil, model.CitedText{Text: "x", Citations: []model.Citation{blocks.Citation(d.Citation)}})
		if err != nil {
			return nil, err
		}
		list := bytes.TrimSuffix(bytes.TrimPrefix(native.Member(block, "citations"), []byte("[")), []byte("]"))
		if len(list) == 0 {
			return nil, nil // the format has no place for this citation
		}
		return piece(`{"type":"text","text":"","citations":[]}`, "citations_delta", "citation", list), nil
	case wire.DeltaToolResult:
		s := f.results[index]
		if s == nil || len(d.ToolResult) == 0 {
			return nil, nil
		}
		content := json.RawMessage(d.ToolResult[0].JSON)
		if len(content) == 0 {
			content = json.RawMessage("[]")
		}
		return f.begin(index, fmt.Sprintf(`{"type":%s,"tool_use_id":%s,"content":%s}`, quoted(s.Type), quoted(s.ToolUseID), content)), nil
	}
	return nil, nil
}

// ownName returns the model's name as its maker writes it, such as
// claude-opus-4-20250514.
func (f *anthropicFormat) ownName() string {
	name := strings.TrimPrefix(f.played.ID.Base, "anthropic.")
	name, _, _ = strings.Cut(name, ":")
	if i := strings.LastIndex(name, "-v"); i > 0 {
		name = name[:i]
	}
	return name
}
