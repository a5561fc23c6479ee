package bedrocktest

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/model"
)

// A promptBody is a body that consists of one prompt, with the member names of
// Llama, Mistral, DeepSeek and Titan.
type promptBody struct {
	Prompt      *string         `json:"prompt"`
	MaxGenLen   *int            `json:"max_gen_len"`
	MaxTokens   *int            `json:"max_tokens"`
	Temperature *float64        `json:"temperature"`
	TopP        *float64        `json:"top_p"`
	TopK        int             `json:"top_k"`
	Stop        json.RawMessage `json:"stop"`

	InputText *string `json:"inputText"`
	Config    struct {
		MaxTokens   *int     `json:"maxTokenCount"`
		Temperature *float64 `json:"temperature"`
		TopP        *float64 `json:"topP"`
		Stops       []string `json:"stopSequences"`
	} `json:"textGenerationConfig"`
}

// decodePrompt reads a body that consists of one prompt. Only the model can
// tell its turns apart, so the neutral form is a single text of the user.
func decodePrompt(body []byte) (*model.Request, error) {
	var b promptBody
	if err := json.Unmarshal(body, &b); err != nil {
		return nil, err
	}
	req := &model.Request{Temperature: b.Temperature, TopP: b.TopP, TopK: b.TopK}
	text, most := b.Prompt, b.MaxGenLen
	if most == nil {
		most = b.MaxTokens
	}
	if b.InputText != nil {
		text, most = b.InputText, b.Config.MaxTokens
		req.Temperature, req.TopP, req.StopSequences = b.Config.Temperature, b.Config.TopP, b.Config.Stops
	}
	if most != nil {
		req.MaxTokens = *most
	}
	if text == nil {
		return nil, fmt.Errorf("#: required key [prompt] not found")
	}
	var one string
	if json.Unmarshal(b.Stop, &one) == nil {
		req.StopSequences = []string{one}
	} else if len(b.Stop) > 0 {
		if err := json.Unmarshal(b.Stop, &req.StopSequences); err != nil {
			return nil, err
		}
	}
	req.Messages = []model.Message{model.User(*text)}
	return req, nil
}

// promptFormat answers with one text, as Llama, Mistral, DeepSeek and Titan do.
type promptFormat struct {
	maker      string
	stopReason string
	thinking   bool // the text so far is thinking
}

// closeThink ends DeepSeek's thinking. The prompt has already begun it.
const closeThink = "</think>\n\n"

// promptReason translates a stop reason of Converse.
func (f *promptFormat) promptReason(s string) string {
	reason := map[string]string{string(model.StopMaxTokens): "length", string(model.StopContentFiltered): "content_filter"}[s]
	if reason == "" {
		reason = "stop"
	}
	if f.maker == "amazon" {
		return map[string]string{"stop": "FINISH", "length": "LENGTH", "content_filter": "CONTENT_FILTERED"}[reason]
	}
	return reason
}

func (f *promptFormat) answer(a *nativeAnswer) ([]byte, error) {
	var text strings.Builder
	for _, p := range a.parts {
		switch p := p.(type) {
		case model.Text:
			text.WriteString(string(p))
		case model.CitedText:
			text.WriteString(p.Text)
		case model.Thinking:
			text.WriteString(p.Text + closeThink)
		default:
			return nil, fmt.Errorf("the format has no place for a part of type %T", p)
		}
	}
	said, reason, u := quoted(text.String()), quoted(f.promptReason(a.stopReason)), a.about.Usage
	more := serviceMembers(a.stopReason, a.about.Trace)
	switch f.maker {
	case "amazon":
		return fmt.Appendf(nil, `{"inputTextTokenCount":%d,"results":[{"tokenCount":%d,"outputText":%s,"completionReason":%s}]%s}`, u.InputTokens, u.OutputTokens, said, reason, more), nil
	case "mistral":
		return fmt.Appendf(nil, `{"outputs":[{"text":%s,"stop_reason":%s}]%s}`, said, reason, more), nil
	case "deepseek":
		return fmt.Appendf(nil, `{"choices":[{"text":%s,"stop_reason":%s}]%s}`, said, reason, more), nil
	}
	return fmt.Appendf(nil, `{"generation":%s,"prompt_token_count":%d,"generation_token_count":%d,"stop_reason":%s%s}`, said, u.InputTokens, u.OutputTokens, reason, more), nil
}

// piece returns a chunk with text. The last chunk also has a stop reason, the
// counters, and the members that the service adds.
func (f *promptFormat) piece(text string, last *wire.Metadata) [][]byte {
	said, reason, more := quoted(text), []byte("null"), []byte(nil)
	input, output := []byte("null"), []byte("null")
	if last != nil {
		reason = quoted(f.promptReason(f.stopReason))
		more = fmt.Appendf(serviceMembers(f.stopReason, last.Trace), ",%s", metrics(last))
		input, output = fmt.Append(nil, last.Usage.InputTokens), fmt.Append(nil, last.Usage.OutputTokens)
	}
	switch f.maker {
	case "amazon":
		return one(`{"outputText":%s,"index":0,"totalOutputTextTokenCount":%s,"completionReason":%s,"inputTextTokenCount":%s%s}`, said, output, reason, input, more)
	case "mistral":
		return one(`{"outputs":[{"text":%s,"stop_reason":%s}]%s}`, said, reason, more)
	case "deepseek":
		return one(`{"choices":[{"text":%s,"stop_reason":%s}]%s}`, said, reason, more)
	}
	return one(`{"generation":%s,"prompt_token_count":%s,"generation_token_count":%s,"stop_reason":%s%s}`, said, input, output, reason, more)
}

func (f *promptFormat) chunks(ev *wire.Event) ([][]byte, error) {
	switch ev.Kind {
	case wire.EventMessageStop:
		f.stopReason = ev.StopReason
	case wire.EventMetadata:
		return f.piece("", ev.Metadata), nil
	case wire.EventBlockStart:
		if ev.Start != nil && ev.Start.ToolUse != nil {
			return nil, fmt.Errorf("the format has no place for a tool call")
		}
	case wire.EventBlockDelta:
		text := ev.Delta.Text
		switch ev.Delta.Kind {
		case wire.DeltaReasoningText:
			f.thinking = true
		case wire.DeltaText:
			if f.thinking {
				text, f.thinking = closeThink+text, false
			}
		default:
			return nil, nil
		}
		return f.piece(text, nil), nil
	}
	return nil, nil
}
