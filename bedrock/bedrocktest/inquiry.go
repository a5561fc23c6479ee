package bedrocktest

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/internal/prompt"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/internal/rules"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/internal/promptcache"
	"github.com/chatmodel-go/chatmodel/model"
)

// An inquiry is a request that is being read and judged.
type inquiry struct {
	*Handler
	modelID  string
	played   *rules.Model          // the row that plays the model
	headers  http.Header           // InvokeModel takes options by headers
	request  *model.Request        // in neutral form; nil if the body was not understood
	segments []promptcache.Segment // of the prompt
	tokens   int                   // of the prompt
}

// parse reads the body and records its neutral form. If the body has unknown
// members, its neutral form is recorded as well, and the call is refused.
func (q *inquiry) parse(body []byte) (*wire.Request, *Exception) {
	w, err := wire.ParseRequest(body, q.enforces(ruleUnknownMember))
	var e *Exception
	if err != nil {
		var lenient error
		if w, lenient = wire.ParseRequest(body, false); lenient != nil {
			return nil, malformed(lenient)
		}
		e = unknownMember(err)
	}
	q.remember(neutral(q.played, w))
	return w, e
}

// remember records the neutral form of the request and counts its tokens.
func (q *inquiry) remember(req *model.Request) {
	q.request, q.segments = req, prompt.Segments(req)
	q.tokens = promptcache.Tokens(q.segments)
}

// parseCount reads a body of CountTokens and records its neutral form.
func (q *inquiry) parseCount(body []byte) (*wire.CountTokensRequest, *Exception) {
	r, err := wire.ParseCountTokensRequest(body, q.enforces(ruleUnknownMember))
	var e *Exception
	if err != nil {
		e = malformed(err)
		var lenient error
		if r, lenient = wire.ParseCountTokensRequest(body, false); lenient == nil {
			e = unknownMember(err)
		}
	}
	if r != nil && r.Converse != nil {
		q.remember(neutral(q.played, r.Converse))
	}
	return r, e
}

// prompts reports whether the model also takes bodies that are one prompt.
func (q *inquiry) prompts() bool {
	return q.played.ID.Maker == "mistral" || q.played.ID.Maker == "deepseek"
}

// nativeFormat returns the format of the model's bodies. If the model is not
// known, it guesses the format from the body.
func (q *inquiry) nativeFormat(body []byte) rules.Format {
	all := members(body)
	f := q.played.Format
	switch prompted := all["prompt"] != nil || all["inputText"] != nil; {
	case f == rules.FormatAnthropic, f == rules.FormatNova, f == rules.FormatOpenAI && !(prompted && q.prompts()):
		return f
	case prompted:
		return rules.FormatPrompt
	}
	switch _, version := all["anthropic_version"]; {
	case version:
		return rules.FormatAnthropic
	case all["schemaVersion"] != nil, all["inferenceConfig"] != nil:
		return rules.FormatNova
	case all["messages"] != nil || q.played.Format == "":
		return rules.FormatOpenAI
	}
	return rules.FormatPrompt
}

// takeNative reads a native body, records its neutral form, and judges it. It
// returns the format of the model's bodies.
func (q *inquiry) takeNative(body []byte, stream, counting bool) (rules.Format, *Exception) {
	format := q.nativeFormat(body)
	req, err := q.decodeNative(format, body)
	if err == nil {
		if !counting {
			headerOptions(req, q.headers)
		}
		q.remember(req)
	}
	if e := q.judge(q.invokeInput(format, body, stream, counting)); e != nil {
		return format, e
	}
	if err != nil {
		return format, malformedNative(err)
	}
	return format, nil
}

func malformedNative(err error) *Exception {
	return validation("Malformed input request: " + err.Error() + ", please reformat your input and try again.")
}

// decodeNative returns the neutral form of a native body.
func (q *inquiry) decodeNative(format rules.Format, body []byte) (*model.Request, error) {
	switch format {
	case rules.FormatAnthropic:
		return DecodeInvoke(bedrock.FormatAnthropic, body)
	case rules.FormatNova:
		return decodeNova(q.played, body)
	case rules.FormatOpenAI:
		return DecodeInvoke(bedrock.FormatOpenAI, body)
	}
	return decodePrompt(body)
}

// input returns the members of the rules' input that are the same for every
// operation.
func (q *inquiry) input() *rules.Input {
	return &rules.Input{
		ModelID: q.modelID, Model: q.played,
		Request: q.request, Tokens: q.tokens,
		Signer:  q.sealer.For(q.played.ID.Base),
		Account: q.account(),
		Wording: rules.Wording(q.options.Wording),
	}
}

// judge returns the exception of the first rule that a request breaks.
func (q *inquiry) judge(in *rules.Input) *Exception {
	r := rules.Judge(in, func(r *rules.Rule) bool { return !q.enforces(Rule(r.ID)) })
	if r == nil {
		return nil
	}
	return &Exception{Code: r.Code, Message: r.Message}
}

// converseInput returns the rules' input for a request of Converse.
func (q *inquiry) converseInput(w *wire.Request, stream, counting bool) *rules.Input {
	in := q.input()
	in.Stream, in.Counting = stream, counting
	in.Fields = members(w.AdditionalModelRequestFields)
	in.Metadata = w.RequestMetadata
	in.Form = formOf(w)
	return in
}

// formOf returns the facts of a Converse body that its neutral form lacks.
func formOf(w *wire.Request) rules.Form {
	f := rules.Form{System: len(w.System) > 0, ToolConfig: w.ToolConfig != nil}
	if w.InferenceConfig != nil {
		f.MaxTokens = w.InferenceConfig.MaxTokens
	}
	if w.ToolConfig != nil && len(w.ToolConfig.Tools) > 0 {
		f.PointFirst = w.ToolConfig.Tools[0].CachePoint != nil
	}
	if w.OutputConfig != nil {
		f.Effort = w.OutputConfig.Effort
	}
	for _, m := range w.Messages {
		f.Status = f.Status || slices.ContainsFunc(m.Content, func(b wire.ContentBlock) bool { return b.ToolResult != nil && b.ToolResult.Status != "" })
	}
	return f
}

// plainMembers are the members of native bodies that have a neutral equivalent
// in every model.
var plainMembers = []string{"messages", "system", "tools", "tool_choice", "max_tokens", "max_completion_tokens", "temperature", "top_p",
	"stop", "stop_sequences", "anthropic_version", "stream", "stream_options", "model", "parallel_tool_calls", "response_format",
	"amazon-bedrock-guardrailConfig", "inferenceConfig", "toolConfig", "schemaVersion",
	"prompt", "max_gen_len", "inputText", "textGenerationConfig"}

// invokeInput returns the rules' input for a request of InvokeModel. Its
// neutral form is nil if the body could not be read.
func (q *inquiry) invokeInput(format rules.Format, body []byte, stream, counting bool) *rules.Input {
	in := q.input()
	in.Door, in.Format, in.Raw = rules.Invoke, format, body
	in.Stream, in.Counting = stream, counting
	all := members(body)
	in.Form = nativeForm(all, in.Request)
	in.Fields = members(all["additionalModelRequestFields"])
	for name, value := range all {
		if name != "additionalModelRequestFields" && !slices.Contains(plainMembers, name) {
			if in.Fields == nil {
				in.Fields = map[string]json.RawMessage{}
			}
			in.Fields[name] = value
		}
	}
	return in
}

// nativeForm returns the facts of a native body that its neutral form lacks.
func nativeForm(all map[string]json.RawMessage, req *model.Request) rules.Form {
	_, system := all["system"]
	_, tools := all["tools"]
	_, config := all["toolConfig"]
	f := rules.Form{ToolConfig: tools || config}
	if req != nil {
		f.System = system && len(req.Messages) > 0 && req.Messages[0].Role == model.RoleSystem
	}
	var inference map[string]json.RawMessage
	_ = json.Unmarshal(all["inferenceConfig"], &inference)
	generation := members(all["textGenerationConfig"])
	for _, raw := range []json.RawMessage{all["max_gen_len"], generation["maxTokenCount"], all["max_tokens"], all["max_completion_tokens"], inference["maxTokens"], inference["max_new_tokens"]} {
		var n int
		if raw != nil && json.Unmarshal(raw, &n) == nil {
			f.MaxTokens = &n
		}
	}
	return f
}

// members returns the members of a JSON object, or nil if data is not one.
func members(data []byte) (all map[string]json.RawMessage) {
	_ = json.Unmarshal(data, &all)
	return all
}

// cached looks the prompt up in the model's cache, stores its new prefixes
// there, and returns the usage of the input.
func (q *inquiry) cached() model.Usage {
	m := q.played
	if m.CacheMin == 0 {
		return model.Usage{InputTokens: q.tokens}
	}
	keeps := promptcache.Rules{MinTokens: m.CacheMin, MaxTokens: m.CacheMax, Lookback: m.Lookback, Lifetime: func(asked time.Duration) time.Duration {
		if !m.CacheHour || asked <= 0 {
			return promptcache.DefaultTTL
		}
		return asked
	}}
	return q.cache.Use(m.ID.Base, keeps, q.segments, q.options.Now())
}
