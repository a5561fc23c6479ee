package prompt

import (
	"regexp"
	"strings"
	"sync"

	"github.com/chatmodel-go/chatmodel/model"
)

// The formats.
var (
	// Llama3 is Meta's Llama 3.
	// https://www.llama.com/docs/model-cards-and-prompt-formats/meta-llama-3/
	Llama3 = Codec{&family{
		name:    "llama3",
		prompt:  headers{"<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>\n\n", "<|eot_id|>"}.prompt,
		mark:    pattern(`<\|[A-Za-z0-9_]+\|>`),
		members: llamaMembers,
		before:  `{"generation":"`,
	}}

	// Llama4 is Meta's Llama 4, with shorter tokens.
	// https://www.llama.com/docs/model-cards-and-prompt-formats/llama4/
	Llama4 = Codec{&family{
		name:    "llama4",
		prompt:  headers{"<|begin_of_text|>", "<|header_start|>", "<|header_end|>\n\n", "<|eot|>"}.prompt,
		mark:    pattern(`<\|[A-Za-z0-9_]+\|>`),
		members: llamaMembers,
		before:  `{"generation":"`,
	}}

	// Mistral is Mistral's models up to the first Large.
	// https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-mistral-text-completion.html
	Mistral = Codec{&family{
		name:    "mistral",
		prompt:  mistralPrompt,
		mark:    pattern(`</?s>|<unk>|<pad>|\[/?(INST|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|TOOL_CONTENT|SYSTEM_PROMPT|IMG|IMG_BREAK|IMG_END|PREFIX|MIDDLE|SUFFIX|ARGS|CALL_ID|THINK)\]`),
		members: members{"prompt", "max_tokens", "temperature", "top_p", "top_k", "stop"},
		before:  `{"outputs":[{"text":"`,
	}}

	// DeepSeek is DeepSeek-R1.
	// https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-deepseek.html
	DeepSeek = Codec{&family{
		name:    "deepseek",
		prompt:  deepSeekPrompt,
		mark:    pattern(`<｜[^<>]*｜>|<\|EOT\|>|</?think>`),
		members: members{"prompt", "max_tokens", "temperature", "top_p", "", "stop"},
		before:  `{"choices":[{"text":"`,
		thinks:  true,
	}}

	// Titan is Amazon Titan Text. Its marks are words at the beginning of a
	// line.
	// https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-text.html
	Titan = Codec{&family{
		name:    "titan",
		prompt:  titanPrompt,
		mark:    pattern(`(?m)(?:^|[\r\x0b\x0c\x{85}\x{2028}\x{2029}])[ \t]*(?:User|Bot):`),
		members: members{"inputText", "maxTokenCount", "temperature", "topP", "", "stopSequences"},
		before:  `{"outputText":"`,
		nested:  "textGenerationConfig",
	}}
)

// llamaMembers are those of Llama, which has no stop sequences.
var llamaMembers = members{"prompt", "max_gen_len", "temperature", "top_p", "", ""}

// pattern returns a function that finds the marks matching an expression. It is
// compiled when it is first asked, as most programs never use these formats.
func pattern(expr string) func(string) (string, bool) {
	compiled := sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
	return func(text string) (string, bool) {
		found := compiled().FindString(text)
		return strings.TrimSpace(found), found != ""
	}
}

// headers is a template that puts every turn behind a header with its role.
type headers struct{ begin, open, shut, end string }

// prompt renders a conversation. A turn without an end is one that goes on.
func (h headers) prompt(c *conversation) string {
	var b strings.Builder
	header := func(role model.Role) { b.WriteString(h.open + string(role) + h.shut) }
	b.WriteString(h.begin)
	if c.system != "" {
		header(model.RoleSystem)
		b.WriteString(c.system + h.end)
	}
	for i, t := range c.turns {
		header(t.role)
		b.WriteString(t.text)
		if i == len(c.turns)-1 && c.prefilled() {
			return b.String() // the answer goes on here
		}
		b.WriteString(h.end)
	}
	header(model.RoleAssistant)
	return b.String()
}

// mistralPrompt puts the user's turns in brackets. The format has no place for a
// system message, so it stands at the beginning of the first turn.
func mistralPrompt(c *conversation) string {
	var b strings.Builder
	b.WriteString("<s>")
	for i, t := range c.turns {
		text := t.text
		if i == 0 && c.system != "" {
			text = c.system + "\n\n" + text
		}
		switch {
		case t.role == model.RoleUser:
			b.WriteString("[INST] " + text + " [/INST]")
		case i == len(c.turns)-1:
			b.WriteString(" " + text)
		default: // the end of text closes an answer, not what the user said
			b.WriteString(" " + text + "</s>")
		}
	}
	return b.String()
}

// deepSeekPrompt ends with the tag that begins the model's thinking. Without it
// the model leaves thinking out of some answers.
// https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-deepseek.html
func deepSeekPrompt(c *conversation) string {
	var b strings.Builder
	b.WriteString("<｜begin▁of▁sentence｜>" + c.system)
	for _, t := range c.turns {
		if t.role == model.RoleUser {
			b.WriteString("<｜User｜>" + t.text)
		} else {
			b.WriteString("<｜Assistant｜>" + t.text + "<｜end▁of▁sentence｜>")
		}
	}
	b.WriteString("<｜Assistant｜>" + openThink + "\n")
	return b.String()
}

// titanPrompt names the speakers in words, for which Titan has no tokens. The
// system message has no name: it is what the text begins with.
func titanPrompt(c *conversation) string {
	var b strings.Builder
	if c.system != "" {
		b.WriteString(c.system + "\n\n")
	}
	for i, t := range c.turns {
		if t.role == model.RoleUser {
			b.WriteString("User: " + t.text + "\n")
			continue
		}
		b.WriteString("Bot: " + t.text)
		if i == len(c.turns)-1 {
			return b.String()
		}
		b.WriteString("\n")
	}
	b.WriteString("Bot:")
	return b.String()
}
