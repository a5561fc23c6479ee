package bedrock

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/anthropic"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/openai"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/prompt"
	"github.com/chatmodel-go/chatmodel/model"
)

// A Format is the form of the bodies that a model takes and gives: the one form
// of Converse for all models, or the model's own form over InvokeModel. Requests,
// answers, errors and warnings are the same, so a program moves from one to the
// other by changing the format alone.
//
// Over InvokeModel, the guardrail, latency, service tier and metadata of
// [ProviderOptions] go into headers, and the additional fields into the body.
// PromptVariables are for Converse alone, and an error of kind
// [model.ErrUnsupported].
//
// All InvokeModel formats except FormatAnthropic and FormatOpenAI are plain
// prompts, for text alone. Images, tools, structured output and everything else
// that has no place in a prompt are errors of kind [model.ErrUnsupported]. Text
// that holds one of the family's control tokens, such as <|eot_id|>, is an error
// of kind [model.ErrInvalidRequest], so that it cannot end its turn and begin
// another.
type Format string

// The formats.
const (
	// FormatConverse is Converse, one form for all models.
	FormatConverse Format = ""

	// FormatAuto is the InvokeModel format of the model that the model id, or
	// Options.BaseModel, names. The ids of most makers name it. The ARN of an
	// imported, custom or provisioned model, or of an application inference
	// profile, does not.
	FormatAuto Format = "auto"

	// FormatAnthropic is Anthropic's Messages, with everything that Claude
	// offers. The format requires a limit of tokens; if Request.MaxTokens is
	// zero, the limit is 4096 plus the thinking budget. Anthropic's own tools, which
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

// door returns the door of a format, nil if there is none.
func (f Format) door() *invokeDoor {
	switch f {
	case FormatAnthropic:
		return &invokeDoor{f, anthropic.Append, anthropic.Codec{}}
	case FormatOpenAI:
		return &invokeDoor{f, openai.Append, openai.Codec{}}
	}
	if c, ok := f.prompt(); ok {
		return &invokeDoor{f, c.Append, c}
	}
	return nil
}

// prompt returns the codec of a format that is a prompt.
func (f Format) prompt() (prompt.Codec, bool) {
	switch f {
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
	return prompt.Codec{}, false
}

// form returns what a body of the format can carry.
func (f Format) form(known *facts.Facts) *plan.Format {
	switch f {
	case FormatAnthropic:
		return plan.Anthropic(anthropic.DefaultMaxTokens)
	case FormatOpenAI:
		if known.Maker == "openai" { // its own models have a newer name for the limit, which others do not know
			return plan.OpenAI("max_completion_tokens")
		}
		return plan.OpenAI("max_tokens")
	}
	c, _ := f.prompt()
	return c.Form()
}

// OpenInvoke is [Open] over InvokeModel.
//
// Deprecated: use [Open] with Options.Format.
//
//go:fix inline
func OpenInvoke(ctx context.Context, modelID string, format Format, options *Options) (*Model, error) {
	return Open(ctx, modelID, options.WithFormat(format))
}

// NewInvoke is [New] over InvokeModel.
//
// Deprecated: use [New] with Options.Format.
//
//go:fix inline
func NewInvoke(client *bedrockruntime.Client, modelID string, format Format, options *Options) (*Model, error) {
	return New(client, modelID, options.WithFormat(format))
}

// WithFormat returns a copy of the options, which may be nil, for InvokeModel
// with a format; the empty one stands for [FormatAuto].
func (o *Options) WithFormat(format Format) *Options {
	var with Options
	if o != nil {
		with = *o
	}
	if with.Format = format; format == FormatConverse {
		with.Format = FormatAuto
	}
	return &with
}

// door returns the door that the options ask for.
func (c call) door(o *Options, s *subject) (door, error) {
	format := o.Format
	switch format {
	case FormatConverse:
		return converseDoor{plan.Converse()}, nil
	case FormatAuto:
		format = Format(s.facts.Doors.Format)
		if d := format.door(); d != nil {
			return d, nil
		}
		return nil, c.error(model.ErrInvalidRequest, unknownFormat(s.base))
	}
	d := format.door()
	if d == nil {
		return nil, c.error(model.ErrInvalidRequest,
			fmt.Sprintf("there is no format %q; use bedrock.FormatAnthropic, FormatOpenAI, FormatLlama3, FormatLlama4, FormatMistral, FormatDeepSeek or FormatTitan", string(format)))
	}
	return d, nil
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

// unknownFormat says what to do about a model whose id does not name its format.
func unknownFormat(id string) string {
	if strings.HasPrefix(id, "amazon.nova") {
		return "Nova has no format of its own here; use Converse, as New and Open do if Options.Format is empty"
	}
	return "the model id does not tell which body format the model takes; name it, as in Options{Format: bedrock.FormatOpenAI}, or name the model behind it in Options.BaseModel"
}
