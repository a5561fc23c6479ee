package prompt

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/blocks"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
	"github.com/chatmodel-go/chatmodel/model"
)

// A body is an answer, or a chunk of one, of any of the families: no two of them
// use one name for different things. So one pass of the JSON decoder reads any of
// them, and which family it was shows in the members that are set.
type body struct {
	// Llama.
	Generation       *string      `json:"generation"`
	PromptTokens     native.Count `json:"prompt_token_count"`
	GenerationTokens native.Count `json:"generation_token_count"`
	StopReason       string       `json:"stop_reason"`

	// Mistral and DeepSeek.
	Outputs []output `json:"outputs"`
	Choices []output `json:"choices"`

	// Titan; in chunks, the members of the only result stand here.
	Results      []result     `json:"results"`
	InputTokens  native.Count `json:"inputTextTokenCount"`
	OutputTokens native.Count `json:"totalOutputTextTokenCount"`
	result
}

// An output is one of the answers of Mistral and DeepSeek. There is one, as no
// request asks for more.
type output struct {
	Text       *string `json:"text"`
	StopReason string  `json:"stop_reason"`
}

// A result is one of the answers of Titan.
type result struct {
	TokenCount       native.Count `json:"tokenCount"`
	OutputText       *string      `json:"outputText"`
	CompletionReason string       `json:"completionReason"`
}

// An answer is what a body or chunk says, whichever family's it is.
type answer struct {
	text          *string // nil if there is none, not even an empty one
	stop          string
	input, output native.Count
}

// parse reads a body by the members that it has. It does not ask which family
// was asked: an endpoint may answer in another format than that of its name.
func parse(data []byte) (answer, error) {
	var b body
	if err := json.Unmarshal(data, &b); err != nil {
		return answer{}, err
	}
	switch {
	case len(b.Outputs) > 0:
		return answer{text: b.Outputs[0].Text, stop: b.Outputs[0].StopReason}, nil
	case len(b.Choices) > 0:
		return answer{text: b.Choices[0].Text, stop: b.Choices[0].StopReason}, nil
	case len(b.Results) > 0:
		r := b.Results[0]
		return answer{text: r.OutputText, stop: r.CompletionReason, input: b.InputTokens, output: r.TokenCount}, nil
	case b.OutputText != nil || b.CompletionReason != "":
		return answer{text: b.OutputText, stop: b.CompletionReason, input: b.InputTokens, output: b.OutputTokens}, nil
	case b.Generation != nil || b.StopReason != "":
		return answer{text: b.Generation, stop: b.StopReason, input: b.PromptTokens, output: b.GenerationTokens}, nil
	}
	return answer{}, errNoText
}

// errNoText is the error of an answer in a format that is not one of these. For a
// chunk of a stream it is none until the end: see decoder.Chunk.
var errNoText = errors.New("it holds no text under any name that is known; is that the model's format?")

// stopReason makes a reason neutral. The families have different words, none of
// which means two things; an unknown one passes through.
func stopReason(s string) model.StopReason {
	switch s {
	case "stop", "FINISH", "FINISHED":
		return model.StopEndTurn
	case "length", "LENGTH":
		return model.StopMaxTokens
	case "STOP_CRITERIA_MET":
		return model.StopSequence
	case "CONTENT_FILTERED", "content_filter":
		return model.StopContentFiltered
	}
	return model.StopReason(s)
}

// count adds the counters to an answer. Both must be there: a zero is never made
// up. The families without counters have them in headers, from the service.
func count(a *native.Answer, input, output native.Count) {
	if a.Garbled = native.Garbled(input, output); input.Told() && output.Told() {
		a.Usage = &model.Usage{Known: true, InputTokens: input.N(), OutputTokens: output.N()}
	}
}

// Decode reads the body of an answer. A family that thinks begins in the middle
// of its thinking, so all up to the closing mark is that, and everything if there
// is none: the answer was cut off.
func (f Codec) Decode(data []byte) (*native.Answer, error) {
	b, err := parse(data)
	if err != nil {
		return nil, err
	}
	if b.text == nil {
		return nil, errNoText // the reason why it ended is not the answer
	}
	a := &native.Answer{Parts: []model.Part{}, StopReason: stopReason(b.stop), Sources: []json.RawMessage{bytes.Clone(data)}}
	count(a, b.input, b.output)
	text := *b.text
	if f.thinks {
		thought, said, _ := strings.Cut(strings.TrimPrefix(strings.TrimLeft(text, space), openThink), closeThink)
		if thought = strings.Trim(thought, space); thought != "" {
			a.Parts = append(a.Parts, model.Thinking{Text: thought, Provider: blocks.Provider})
		}
		text = strings.TrimLeft(said, space)
	}
	if text != "" {
		a.Parts = append(a.Parts, model.Text(text))
	}
	return a, nil
}

// deref returns a text, empty for none.
func deref(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}
