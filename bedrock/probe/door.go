package probe

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/anthropic"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/blocks"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/converse"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/openai"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/prompt"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/internal/eventstream"
	"github.com/chatmodel-go/chatmodel/model"
)

// A door is a form of bodies, and the operations that take it.
type door struct {
	format       bedrock.Format
	form         *plan.Format
	once, stream string // operations
	write        func(dst []byte, p *plan.Plan) []byte
	read         func(body []byte) (*answer, error)
}

// An answer is what a model said.
type answer struct {
	*reply
	parts []model.Part
	stop  string
	usage usage
}

// A usage is what the answer costs, in the service's own counters.
type usage struct {
	known                  bool
	in, out, read, written int
	lifetimes              []string // of what was written
}

// total returns all tokens of the prompt, whether the counter of input tokens
// leaves the cached ones out or not.
func (u *usage) total() int {
	if u.in >= u.read+u.written {
		return u.in
	}
	return u.in + u.read + u.written
}

// doorOf returns the door of a format.
func doorOf(format bedrock.Format, f *facts.Facts) (*door, error) {
	switch format {
	case bedrock.FormatConverse:
		return &door{format, plan.Converse(), "converse", "converse-stream", converse.Append, readConverse}, nil
	case bedrock.FormatAuto:
		if f.Doors.Format == "" {
			return nil, fmt.Errorf("no format of InvokeModel is known of %s; name one", f.ID)
		}
		return doorOf(bedrock.Format(f.Doors.Format), f)
	case bedrock.FormatAnthropic:
		return invoked(format, plan.Anthropic(anthropic.DefaultMaxTokens), anthropic.Append, anthropic.Codec{}), nil
	case bedrock.FormatOpenAI:
		limit := "max_tokens"
		if f.Maker == "openai" {
			limit = "max_completion_tokens"
		}
		write := func(dst []byte, p *plan.Plan) []byte {
			named := *p
			named.MaxTokensField = limit
			return openai.Append(dst, &named)
		}
		return invoked(format, plan.OpenAI(limit), write, openai.Codec{}), nil
	}
	for name, c := range map[bedrock.Format]prompt.Codec{bedrock.FormatLlama3: prompt.Llama3, bedrock.FormatLlama4: prompt.Llama4,
		bedrock.FormatMistral: prompt.Mistral, bedrock.FormatDeepSeek: prompt.DeepSeek, bedrock.FormatTitan: prompt.Titan} {
		if name == format {
			return invoked(format, c.Form(), c.Append, c), nil
		}
	}
	return nil, fmt.Errorf("there is no format %q; use auto, anthropic, openai, llama3, llama4, mistral, deepseek or titan, or none for Converse", string(format))
}

func invoked(format bedrock.Format, form *plan.Format, write func([]byte, *plan.Plan) []byte, codec interface {
	Decode([]byte) (*native.Answer, error)
}) *door {
	return &door{format, form, "invoke", "invoke-with-response-stream", write, func(body []byte) (*answer, error) {
		said, err := codec.Decode(body)
		if err != nil {
			return nil, err
		}
		a := &answer{parts: said.Parts, stop: string(said.StopReason)}
		if u := said.Usage; u != nil && u.Known {
			a.usage = usage{known: true, in: u.InputTokens - u.CacheReadTokens - u.CacheWriteTokens, out: u.OutputTokens, read: u.CacheReadTokens, written: u.CacheWriteTokens}
		}
		return a, nil
	}}
}

func readConverse(body []byte) (*answer, error) {
	w, err := wire.ParseResponse(body)
	switch {
	case err != nil:
		return nil, err
	case w.Message == nil:
		return nil, fmt.Errorf("it holds no message")
	}
	a := &answer{parts: blocks.Parts(model.RoleAssistant, w.Message.Content), stop: w.StopReason}
	a.usage = usageOf(w.Usage)
	return a, nil
}

func usageOf(w *wire.Usage) usage {
	if w == nil || w.Garbled {
		return usage{}
	}
	u := usage{known: true, in: w.InputTokens, out: w.OutputTokens}
	if w.CacheReadInputTokens != nil {
		u.read = *w.CacheReadInputTokens
	}
	if w.CacheWriteInputTokens != nil {
		u.written = *w.CacheWriteInputTokens
	}
	for _, d := range w.CacheDetails {
		if d.InputTokens > 0 {
			u.lifetimes = append(u.lifetimes, d.TTL)
		}
	}
	return u
}

// streamed reads the usage of an answer in frames, and whether it is an exception
// in place of an answer.
func streamed(r *reply) *answer {
	a := &answer{reply: r}
	d := eventstream.NewDecoder(bytes.NewReader(r.body))
	for {
		f, err := d.Next()
		if err != nil {
			return a
		}
		switch f.MessageType {
		case "exception", "error":
			said := wire.ParseError(f.Payload)
			refused := *r
			refused.status, refused.message = 400, said.Message
			refused.code = f.ExceptionType + f.ErrorCode
			a.reply = &refused
			return a
		}
		if f.EventType != "metadata" {
			continue
		}
		var meta struct{ Usage json.RawMessage }
		if json.Unmarshal(f.Payload, &meta) != nil {
			continue
		}
		if w, err := wire.ParseResponse([]byte(`{"usage":` + string(meta.Usage) + `}`)); err == nil {
			a.usage = usageOf(w.Usage)
		}
	}
}

// text returns all texts of the answer.
func (a *answer) text() string {
	var all string
	for _, p := range a.parts {
		switch p := p.(type) {
		case model.Text:
			all += string(p)
		case model.CitedText:
			all += p.Text
		}
	}
	return all
}

// called returns the tools that the answer calls.
func (a *answer) called() (names []string) {
	for _, p := range a.parts {
		if c, ok := p.(model.ToolCall); ok {
			names = append(names, c.Name)
		}
	}
	return names
}

// thought returns the thinking of the answer.
func (a *answer) thought() (all []model.Thinking) {
	for _, p := range a.parts {
		if t, ok := p.(model.Thinking); ok {
			all = append(all, t)
		}
	}
	return all
}

func appendCount(p *plan.Plan) []byte { return converse.AppendCount(nil, p) }
