package bedrock

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/anthropic"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/openai"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/prompt"
	"github.com/chatmodel-go/chatmodel/model"
)

// A Format is the form of the bodies that a model takes and gives over
// InvokeModel, where Converse has one form for all models.
//
// The formats that are no more than a prompt (all but FormatAnthropic and
// FormatOpenAI) are for text alone. Images, tools, structured output and
// whatever else has no place in a prompt are errors of kind
// [model.ErrUnsupported]. So that nobody's text can end its turn and begin
// another one, text that holds one of the family's control tokens, such as
// <|eot_id|>, is an error of kind [model.ErrInvalidRequest].
type Format string

// The formats.
const (
	// FormatAuto is the format that the model id, or Options.BaseModel,
	// stands for.
	FormatAuto Format = ""

	// FormatAnthropic is Anthropic's Messages: Claude, with all it has. The
	// format requires a limit of tokens; if Request.MaxTokens is zero, that is
	// 4096 and the thinking budget on top of it. Anthropic's own tools, which
	// have a type, and beta flags go into ProviderOptions.AdditionalFields as "tools" and
	// "anthropic_beta"; those tools are added to Request.Tools.
	FormatAnthropic Format = "anthropic"

	// FormatOpenAI is OpenAI's chat completions: gpt-oss, Qwen, and imported
	// models that speak it, with images, tools, reasoning and structured
	// output. It has neither cache points nor documents.
	FormatOpenAI Format = "openai"

	FormatLlama3   Format = "llama3"   // Meta's Llama 3, 3.1, 3.2, 3.3: a prompt
	FormatLlama4   Format = "llama4"   // Meta's Llama 4: a prompt
	FormatMistral  Format = "mistral"  // Mistral's models with [INST]: a prompt
	FormatDeepSeek Format = "deepseek" // DeepSeek-R1: a prompt; the answer begins with its thinking
	FormatTitan    Format = "titan"    // Amazon Titan Text: a prompt
)

// codecOf returns a format's codec.
func codecOf(f Format) (native.Codec, bool) {
	switch f {
	case FormatAnthropic:
		return anthropic.Codec{}, true
	case FormatOpenAI:
		return openai.Codec{}, true
	case FormatLlama3:
		return prompt.Llama3, true
	case FormatLlama4:
		return prompt.Llama4, true
	case FormatMistral:
		return prompt.Mistral, true
	case FormatDeepSeek:
		return prompt.DeepSeek, true
	case FormatTitan:
		return prompt.Titan, true
	}
	return nil, false
}

// formats is what is certain, by the prefix of a base model's id. Families of
// which some models take one format and some another are not here.
// https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html
var formats = []struct {
	prefix string
	format Format
}{
	{"anthropic.", FormatAnthropic},
	{"openai.", FormatOpenAI},
	{"qwen.", FormatOpenAI},
	{"meta.llama3", FormatLlama3},
	{"meta.llama4", FormatLlama4},
	{"mistral.mistral-7b", FormatMistral},
	{"mistral.mixtral", FormatMistral},
	{"mistral.mistral-small-2402", FormatMistral},
	{"mistral.mistral-large-2402", FormatMistral},
	{"deepseek.r1", FormatDeepSeek},
	{"amazon.titan-text", FormatTitan},
}

// formatOf returns the format that a model id stands for, if that is certain.
func formatOf(id string) (Format, bool) {
	if strings.HasPrefix(id, "arn:") && !strings.Contains(id, ":foundation-model/") && !strings.Contains(id, ":inference-profile/") {
		return "", false // it names a resource of the caller's, not a model
	}
	base := baseModel(id)
	for _, row := range formats {
		if strings.HasPrefix(base, row.prefix) {
			return row.format, true
		}
	}
	return "", false
}

// OpenInvoke is [Open] for a model over InvokeModel; see [NewInvoke].
func OpenInvoke(ctx context.Context, modelID string, format Format, options *Options) (*Model, error) {
	m, err := Open(ctx, modelID, options)
	if err != nil {
		return nil, err
	}
	return m.over(format, options)
}

// NewInvoke returns the model with the given id over InvokeModel and
// InvokeModelWithResponseStream, which send the model's own body format. All
// else is as with [New]: the same requests, answers, errors and warnings, so
// that changing the constructor is all it takes to move a program.
//
// The format may be left to [FormatAuto] if the model id or Options.BaseModel
// is that of a model for which it is certain. The ARN of an imported, custom or
// provisioned model, or of an application inference profile, does not tell.
//
// Of [ProviderOptions], the guardrail, latency, service tier and metadata go into headers,
// and the additional fields into the body. PromptVariables are for Converse
// alone, and an error of kind [model.ErrUnsupported].
func NewInvoke(client *bedrockruntime.Client, modelID string, format Format, options *Options) (*Model, error) {
	m, err := New(client, modelID, options)
	if err != nil {
		return nil, err
	}
	return m.over(format, options)
}

// over makes a new model one over InvokeModel.
func (m *Model) over(format Format, options *Options) (*Model, error) {
	if format == FormatAuto {
		var ok bool
		if format, ok = formatOf(m.id); !ok && options != nil {
			format, ok = formatOf(options.BaseModel)
		}
		if !ok {
			return nil, call{"open", m.id}.error(model.ErrInvalidRequest, unknownFormat(m.id))
		}
	}
	codec, ok := codecOf(format)
	if !ok {
		return nil, call{"open", m.id}.error(model.ErrInvalidRequest,
			fmt.Sprintf("there is no format %q; use bedrock.FormatAnthropic, FormatOpenAI, FormatLlama3, FormatLlama4, FormatMistral, FormatDeepSeek or FormatTitan", string(format)))
	}
	m.native, m.format = codec, format
	if m.family == (Family{}) && format == FormatAnthropic {
		m.family = FamilyOf("anthropic.claude")
	}
	return m, nil
}

// limit takes what a format has no place for out of what a model can do.
func (f Format) limit(c *model.Capabilities) {
	switch f {
	case FormatAnthropic:
		c.Video, c.Audio = false, false
	case FormatOpenAI:
		c.SignedThinking, c.PromptCaching, c.Documents, c.Video, c.Audio = false, false, false, false, false
	default: // a prompt
		*c = model.Capabilities{Thinking: f == FormatDeepSeek, StopSequences: f != FormatLlama3 && f != FormatLlama4}
	}
}

// unknownFormat says what to do about a model that does not tell its format.
func unknownFormat(id string) string {
	if strings.HasPrefix(baseModel(id), "amazon.nova") {
		return "Nova has no format of its own here; use New or Open, which reach it over Converse"
	}
	return "the model id does not tell which body format the model takes; name it, as in NewInvoke(client, id, bedrock.FormatOpenAI, nil), or name the model behind it in Options.BaseModel"
}
