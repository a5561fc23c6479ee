package bedrocktest

import (
	"encoding/json"
	"slices"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/internal/rules"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/model"
)

// converseInput is a request of Converse as the rules see it.
func (c *call) converseInput(w *wire.Request, stream, counting bool) *rules.Input {
	in := c.input()
	in.Stream, in.Counting = stream, counting
	in.Fields = members(w.AdditionalModelRequestFields)
	in.Metadata = w.RequestMetadata
	in.Form = formOf(w)
	return in
}

// formOf returns what a body of Converse says beyond its neutral request.
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

// plainMembers are the members of native bodies that a neutral request has a
// place for, whatever the model.
var plainMembers = []string{"messages", "system", "tools", "tool_choice", "max_tokens", "max_completion_tokens", "temperature", "top_p",
	"stop", "stop_sequences", "anthropic_version", "stream", "stream_options", "model", "parallel_tool_calls", "response_format",
	"amazon-bedrock-guardrailConfig", "inferenceConfig", "toolConfig", "schemaVersion",
	"prompt", "max_gen_len", "inputText", "textGenerationConfig"}

// invokeInput is a request of InvokeModel as the rules see it. Its neutral
// form is nil if the body was not understood.
func (c *call) invokeInput(format rules.Format, body []byte, stream, counting bool) *rules.Input {
	in := c.input()
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

// nativeForm returns what a native body says beyond its neutral request.
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

// members returns the members of a JSON object, nil if data is none.
func members(data []byte) (all map[string]json.RawMessage) {
	_ = json.Unmarshal(data, &all)
	return all
}
