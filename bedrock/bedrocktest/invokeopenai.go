package bedrocktest

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/internal/rawjson"
	"github.com/chatmodel-go/chatmodel/model"
)

// openaiFormat answers in OpenAI's chat completions. The format has no place
// for signatures, redacted thinking and citations.
type openaiFormat struct {
	*voice
	id    string
	calls map[int]int // the numbers of tool calls, by the index of their block
}

// finishReason translates a stop reason of Converse.
func finishReason(s string) string {
	switch s {
	case string(model.StopEndTurn), string(model.StopSequence), string(model.StopGuardrail):
		return "stop"
	case string(model.StopMaxTokens):
		return "length"
	case string(model.StopToolUse):
		return "tool_calls"
	case string(model.StopContentFiltered):
		return "content_filter"
	}
	return s
}

// usage returns the counters as JSON. The prompt includes its cached part.
func (f *openaiFormat) usage(u *wire.Usage) []byte {
	read := intOf(u.CacheReadInputTokens)
	prompt := u.InputTokens + read + intOf(u.CacheWriteInputTokens)
	return fmt.Appendf(nil, `{"prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d,"prompt_tokens_details":{"cached_tokens":%d}}`,
		prompt, u.OutputTokens, prompt+u.OutputTokens, read)
}

// tagged reports whether the model puts its reasoning in tags, as gpt-oss does,
// and not in a member of its own.
func (f *openaiFormat) tagged() bool {
	return strings.HasPrefix(f.played.ID.Base, "openai.")
}

func (f *openaiFormat) answer(a *nativeAnswer) ([]byte, error) {
	var text, reasoning strings.Builder
	var calls [][]byte
	for _, p := range a.parts {
		switch p := p.(type) {
		case model.Text:
			text.WriteString(string(p))
		case model.CitedText:
			text.WriteString(p.Text)
		case model.Thinking:
			reasoning.WriteString(p.Text)
		case model.ToolCall:
			arguments := string(p.Input) + p.InvalidInput
			calls = append(calls, fmt.Appendf(nil, `{"id":%s,"type":"function","function":{"name":%s,"arguments":%s}}`, quoted(p.ID), quoted(p.Name), quoted(arguments)))
		default:
			return nil, fmt.Errorf("the format has no place for a part of type %T", p)
		}
	}
	var m rawjson.Writer
	m.Open('{')
	m.Text("role", "assistant")
	content := text.String()
	switch {
	case reasoning.Len() == 0:
	case f.tagged():
		content = "<reasoning>" + reasoning.String() + "</reasoning>" + content
	default:
		m.Text("reasoning_content", reasoning.String())
	}
	if content == "" && len(calls) > 0 {
		m.Name("content")
		m.Literal("null")
	} else {
		m.Text("content", content)
	}
	if len(calls) > 0 {
		m.Name("tool_calls")
		m.Open('[')
		m.Raw(bytes.Join(calls, []byte{','}))
		m.Close(']')
	}
	m.Close('}')
	return fmt.Appendf(nil, `{"choices":[{"finish_reason":%s,"index":0,"message":%s}],"created":1,"id":"chatcmpl-%s","model":%s,"object":"chat.completion","usage":%s%s}`,
		quoted(finishReason(a.stopReason)), m.Buf, a.id, quoted(f.played.ID.Base), f.usage(a.about.Usage), serviceMembers(a.stopReason, a.about.Trace)), nil
}

// chunk returns a chunk with a delta of the message.
func (f *openaiFormat) chunk(delta string, finish []byte, more []byte) [][]byte {
	if f.id == "" {
		f.id = uuid(f.rand)
	}
	return one(`{"choices":[{"delta":%s,"finish_reason":%s,"index":0}],"created":1,"id":"chatcmpl-%s","model":%s,"object":"chat.completion.chunk"%s}`,
		delta, finish, f.id, quoted(f.played.ID.Base), more)
}

func (f *openaiFormat) chunks(ev *wire.Event) ([][]byte, error) {
	null := []byte("null")
	delta := func(format string, args ...any) ([][]byte, error) {
		return f.chunk(fmt.Sprintf(format, args...), null, nil), nil
	}
	switch ev.Kind {
	case wire.EventMessageStart:
		return delta(`{"role":"assistant","content":""}`)
	case wire.EventBlockStart:
		if ev.Start == nil || ev.Start.ToolUse == nil {
			return nil, nil
		}
		if f.calls == nil {
			f.calls = map[int]int{}
		}
		f.calls[ev.Index] = len(f.calls)
		return delta(`{"tool_calls":[{"index":%d,"id":%s,"type":"function","function":{"name":%s,"arguments":""}}]}`,
			f.calls[ev.Index], quoted(ev.Start.ToolUse.ToolUseID), quoted(ev.Start.ToolUse.Name))
	case wire.EventMessageStop:
		return f.chunk("{}", quoted(finishReason(ev.StopReason)), serviceMembers(ev.StopReason, nil)), nil
	case wire.EventMetadata:
		return one(`{"choices":[],"usage":%s%s,%s}`, f.usage(ev.Metadata.Usage), serviceMembers("", ev.Metadata.Trace), metrics(ev.Metadata)), nil
	case wire.EventBlockDelta:
		text := quoted(ev.Delta.Text)
		switch ev.Delta.Kind {
		case wire.DeltaText:
			return delta(`{"content":%s}`, text)
		case wire.DeltaToolInput:
			return delta(`{"tool_calls":[{"index":%d,"function":{"arguments":%s}}]}`, f.calls[ev.Index], text)
		case wire.DeltaReasoningText:
			if f.tagged() {
				return delta(`{"content":%s}`, quoted("<reasoning>"+ev.Delta.Text+"</reasoning>"))
			}
			return delta(`{"reasoning_content":%s}`, text)
		}
	}
	return nil, nil
}
