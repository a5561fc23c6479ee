package refusal

import (
	"slices"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
)

const no = facts.SupportNo

// The lessons, by what was asked for.
var (
	temperature = Lesson{"sampling.temperature", "temperature", func(f *facts.Facts) {
		f.Sampling.Temperature, f.Sampling.TemperatureOne = no, false
	}}
	topP          = Lesson{"sampling.top_p", "top_p", func(f *facts.Facts) { f.Sampling.TopP = no }}
	topK          = Lesson{"sampling.top_k", "top_k", func(f *facts.Facts) { f.Sampling.TopK = no }}
	both          = Lesson{"sampling.both", "top_p", func(f *facts.Facts) { f.Sampling.Both = no }}
	whileThinking = Lesson{"sampling.while_thinking", "temperature", func(f *facts.Facts) { f.Sampling.WhileThinking = no }}
	stopSequences = Lesson{"sampling.stop_sequences", "stop_sequences", func(f *facts.Facts) { f.Sampling.StopSequences = no }}

	adaptive = Lesson{"thinking.adaptive", "thinking.mode", func(f *facts.Facts) { f.Thinking.Adaptive = no }}
	budget   = Lesson{"thinking.budget", "thinking.budget", func(f *facts.Facts) { f.Thinking.Budget = no }}
	disabled = Lesson{"thinking.disabled", "thinking", func(f *facts.Facts) {
		f.Thinking.Disabled, f.Thinking.None = no, no
		if f.Thinking.Default != facts.ThinkingDefaultOff {
			f.Thinking.Default = facts.ThinkingDefaultAlways
		}
	}}
	between = Lesson{"thinking.between_tools", "thinking", func(f *facts.Facts) { f.Thinking.BetweenTools = no }}
	display = Lesson{"thinking.display", "thinking", func(f *facts.Facts) { f.Thinking.Display = no }}
	effort  = Lesson{"thinking.efforts", "thinking.effort", func(f *facts.Facts) { f.Thinking.Efforts = []string{} }}

	// Of the two fields of an effort the other one may be the model's.
	flatEffort = Lesson{"thinking.style", "thinking.effort", func(f *facts.Facts) {
		if f.Thinking.Style == facts.ThinkingStyleEffort {
			f.Thinking.Style = facts.ThinkingStyleNested
			return
		}
		f.Thinking.Style = facts.ThinkingStyleUnasked
	}}
	nestedEffort = Lesson{"thinking.style", "thinking.effort", func(f *facts.Facts) {
		if f.Thinking.Style == facts.ThinkingStyleNested {
			f.Thinking.Style = facts.ThinkingStyleEffort
			return
		}
		f.Thinking.Style = facts.ThinkingStyleUnasked
	}}
	anyThinking = Lesson{"thinking.supported", "thinking", func(f *facts.Facts) {
		f.Thinking.Style = facts.ThinkingStyleUnasked
	}}

	choiceAny      = Lesson{"tools.any", "tool_choice", func(f *facts.Facts) { f.Tools.Any = no }}
	choiceNamed    = Lesson{"tools.named", "tool_choice", func(f *facts.Facts) { f.Tools.Named = no }}
	choiceForced   = Lesson{"tools.any", "tool_choice", func(f *facts.Facts) { f.Tools.Any, f.Tools.Named = no, no }}
	forcedThinking = Lesson{"tools.forced_thinking", "tool_choice", func(f *facts.Facts) { f.Tools.ForcedThinking = no }}
	strict         = Lesson{"tools.strict", "tools", func(f *facts.Facts) { f.Tools.Strict = no }}
	streaming      = Lesson{"tools.streaming", "tools", func(f *facts.Facts) { f.Tools.Streaming = no }}
	status         = Lesson{"tools.result_status", "messages", func(f *facts.Facts) { f.Tools.ResultStatus = no }}
	resultImage    = Lesson{"results.image", "messages", func(f *facts.Facts) { f.Results.Image = no }}

	native  = Lesson{"output.native", "output", func(f *facts.Facts) { f.Output.Native = no }}
	prefill = Lesson{"turns.prefill", "messages", func(f *facts.Facts) { f.Turns.Prefill = no }}

	points        = Lesson{"cache.points", "cache", func(f *facts.Facts) { f.Cache.Points = no }}
	toolPoints    = Lesson{"cache.tools", "cache", func(f *facts.Facts) { f.Cache.Tools = no }}
	blockPoints   = Lesson{"cache.tool_blocks", "cache", func(f *facts.Facts) { f.Cache.ToolBlocks = no }}
	afterThinking = Lesson{"cache.after_thinking", "cache", func(f *facts.Facts) { f.Cache.AfterThinking = no }}
	hour          = Lesson{"cache.hour", "cache.ttl", func(f *facts.Facts) { f.Cache.Hour = no }}
)

func minOutput(n int) Lesson {
	return Lesson{"limits.min_output", "max_tokens", func(f *facts.Facts) { f.Limits.MinOutput = n }}
}

// withoutEffort takes one word out of those that the model knows, or leaves it
// the words that the service lists.
func withoutEffort(word string, listed []string) Lesson {
	return Lesson{"thinking.efforts", "thinking.effort", func(f *facts.Facts) {
		if len(listed) > 0 {
			f.Thinking.Efforts = listed
			return
		}
		known := f.Thinking.Efforts
		if known == nil {
			known = []string{"low", "medium", "high"}
		}
		f.Thinking.Efforts = slices.DeleteFunc(slices.Clone(known), func(w string) bool { return w == word })
		if word == "none" {
			f.Thinking.None = no
		}
	}}
}
