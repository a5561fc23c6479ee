package refusal

import (
	"slices"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
)

const no = facts.SupportNo

// The lessons, by the wish that was refused. Each changes the one fact by which
// the plan then leaves the wish out, and no more: a refusal says nothing about
// the rest.
var (
	temperature = Lesson{Fact: "sampling.temperature", Field: "temperature", Learn: func(f *facts.Facts) {
		f.Sampling.Temperature, f.Sampling.TemperatureOne = no, false
	}}
	topP          = Lesson{Fact: "sampling.top_p", Field: "top_p", Learn: func(f *facts.Facts) { f.Sampling.TopP = no }}
	topK          = Lesson{Fact: "sampling.top_k", Field: "top_k", Learn: func(f *facts.Facts) { f.Sampling.TopK = no }}
	both          = Lesson{Fact: "sampling.both", Field: "top_p", Learn: func(f *facts.Facts) { f.Sampling.Both = no }}
	whileThinking = Lesson{Fact: "sampling.while_thinking", Field: "temperature", Learn: func(f *facts.Facts) { f.Sampling.WhileThinking = no }}
	stopSequences = Lesson{Fact: "sampling.stop_sequences", Field: "stop_sequences", Learn: func(f *facts.Facts) { f.Sampling.StopSequences = no }}

	adaptive = Lesson{Fact: "thinking.adaptive", Field: "thinking.mode", Learn: func(f *facts.Facts) { f.Thinking.Adaptive = no }}
	budget   = Lesson{Fact: "thinking.budget", Field: "thinking.budget", Learn: func(f *facts.Facts) { f.Thinking.Budget = no }}
	disabled = Lesson{Fact: "thinking.disabled", Field: "thinking", Learn: func(f *facts.Facts) {
		f.Thinking.Disabled, f.Thinking.None = no, no
		if f.Thinking.Default != facts.ThinkingDefaultOff {
			f.Thinking.Default = facts.ThinkingDefaultAlways
		}
	}}
	between = Lesson{Fact: "thinking.between_tools", Field: "thinking", Learn: func(f *facts.Facts) { f.Thinking.BetweenTools = no }}
	display = Lesson{Fact: "thinking.display", Field: "thinking", Learn: func(f *facts.Facts) { f.Thinking.Display = no }}
	effort  = Lesson{Fact: "thinking.efforts", Field: "thinking.effort", Learn: func(f *facts.Facts) { f.Thinking.Efforts = []string{} }}

	// An effort goes into one of two fields. If the model does not have the one,
	// the other is tried; if it does not have that either, none is.
	flatEffort = Lesson{Fact: "thinking.style", Field: "thinking.effort", Learn: func(f *facts.Facts) {
		if f.Thinking.Style == facts.ThinkingStyleEffort {
			f.Thinking.Style = facts.ThinkingStyleNested
			return
		}
		f.Thinking.Style = facts.ThinkingStyleUnasked
	}}
	nestedEffort = Lesson{Fact: "thinking.style", Field: "thinking.effort", Learn: func(f *facts.Facts) {
		if f.Thinking.Style == facts.ThinkingStyleNested {
			f.Thinking.Style = facts.ThinkingStyleEffort
			return
		}
		f.Thinking.Style = facts.ThinkingStyleUnasked
	}}
	// NoEffort is for a model that has neither of the fields.
	NoEffort = Lesson{Fact: "thinking.style", Field: "thinking.effort", Learn: func(f *facts.Facts) { f.Thinking.Style = facts.ThinkingStyleUnasked }}

	anyThinking = Lesson{Fact: "thinking.supported", Field: "thinking", Learn: func(f *facts.Facts) { f.Thinking.Supported = no }}

	choiceAny      = Lesson{Fact: "tools.any", Field: "tool_choice", Learn: func(f *facts.Facts) { f.Tools.Any = no }}
	choiceNamed    = Lesson{Fact: "tools.named", Field: "tool_choice", Learn: func(f *facts.Facts) { f.Tools.Named = no }}
	choiceForced   = Lesson{Fact: "tools.any", Field: "tool_choice", Learn: func(f *facts.Facts) { f.Tools.Any, f.Tools.Named = no, no }}
	forcedThinking = Lesson{Fact: "tools.forced_thinking", Field: "tool_choice", Learn: func(f *facts.Facts) { f.Tools.ForcedThinking = no }}
	strict         = Lesson{Fact: "tools.strict", Field: "tools", Learn: func(f *facts.Facts) { f.Tools.Strict = no }}
	streaming      = Lesson{Fact: "tools.streaming", Field: "tools", Learn: func(f *facts.Facts) { f.Tools.Streaming = no }}
	status         = Lesson{Fact: "tools.result_status", Field: "messages", Learn: func(f *facts.Facts) { f.Tools.ResultStatus = no }}
	resultImage    = Lesson{Fact: "results.image", Field: "messages", Learn: func(f *facts.Facts) { f.Results.Image = no }}

	toolUse      = Lesson{Fact: "tools.use", Field: "tools", Learn: func(f *facts.Facts) { f.Tools.Use = no }}
	besideResult = Lesson{Fact: "tools.text_with_result", Field: "messages", Learn: func(f *facts.Facts) { f.Tools.TextWithResult = no }}

	system = Lesson{Fact: "turns.system", Field: "messages", Learn: func(f *facts.Facts) { f.Turns.System = no }}

	image    = Lesson{Fact: "input.image", Field: "messages", Content: true, Learn: func(f *facts.Facts) { f.Input.Image = no }}
	document = Lesson{Fact: "input.document", Field: "messages", Content: true, Learn: func(f *facts.Facts) { f.Input.Document = no }}
	video    = Lesson{Fact: "input.video", Field: "messages", Content: true, Learn: func(f *facts.Facts) { f.Input.Video = no }}

	native  = Lesson{Fact: "output.native", Field: "output", Learn: func(f *facts.Facts) { f.Output.Native = no }}
	prefill = Lesson{Fact: "turns.prefill", Field: "messages", Learn: func(f *facts.Facts) { f.Turns.Prefill = no }}

	points        = Lesson{Fact: "cache.points", Field: "cache", Learn: func(f *facts.Facts) { f.Cache.Points = no }}
	toolPoints    = Lesson{Fact: "cache.tools", Field: "cache", Learn: func(f *facts.Facts) { f.Cache.Tools = no }}
	blockPoints   = Lesson{Fact: "cache.tool_blocks", Field: "cache", Learn: func(f *facts.Facts) { f.Cache.ToolBlocks = no }}
	afterThinking = Lesson{Fact: "cache.after_thinking", Field: "cache", Learn: func(f *facts.Facts) { f.Cache.AfterThinking = no }}
	hour          = Lesson{Fact: "cache.hour", Field: "cache.ttl", Learn: func(f *facts.Facts) { f.Cache.Hour = no }}
)

// minOutput teaches the least limit of an answer.
func minOutput(n int) Lesson {
	return Lesson{Fact: "limits.min_output", Field: "max_tokens", Learn: func(f *facts.Facts) { f.Limits.MinOutput = n }}
}

// withoutEffort takes one word out of those that the model knows, or leaves it
// the words that the service lists.
func withoutEffort(word string, listed []string) Lesson {
	return Lesson{Fact: "thinking.efforts", Field: "thinking.effort", Learn: func(f *facts.Facts) {
		if word == "none" {
			f.Thinking.None = no
		}
		if len(listed) > 0 {
			f.Thinking.Efforts = listed
			return
		}
		known := f.Thinking.Efforts
		if known == nil {
			known = []string{"low", "medium", "high"}
		}
		f.Thinking.Efforts = slices.DeleteFunc(slices.Clone(known), func(w string) bool { return w == word })
	}}
}
