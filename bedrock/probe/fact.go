package probe

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
)

// A field finds the value of a fact.
type field func(f *facts.Facts) any

var noFacts facts.Facts // to find out about fields

// shown are the facts that a call can show, and where they stand.
var shown = map[string]field{
	"doors.converse":        func(f *facts.Facts) any { return &f.Doors.Converse },
	"doors.converse_stream": func(f *facts.Facts) any { return &f.Doors.ConverseStream },
	"doors.invoke":          func(f *facts.Facts) any { return &f.Doors.Invoke },
	"ids.bare":              func(f *facts.Facts) any { return &f.IDs.Bare },
	"count_tokens":          func(f *facts.Facts) any { return &f.CountTokens },

	"turns.system":              func(f *facts.Facts) any { return &f.Turns.System },
	"turns.system_between":      func(f *facts.Facts) any { return &f.Turns.SystemBetween },
	"turns.assistant_first":     func(f *facts.Facts) any { return &f.Turns.AssistantFirst },
	"turns.prefill":             func(f *facts.Facts) any { return &f.Turns.Prefill },
	"turns.prefill_space":       func(f *facts.Facts) any { return &f.Turns.PrefillSpace },
	"turns.blank_stop":          func(f *facts.Facts) any { return &f.Turns.BlankStop },
	"turns.tool_id_pattern":     func(f *facts.Facts) any { return &f.Turns.ToolIDPattern },
	"turns.results_first":       func(f *facts.Facts) any { return &f.Turns.ResultsFirst },
	"turns.document_needs_text": func(f *facts.Facts) any { return &f.Turns.DocumentNeedsText },

	"tools.use":              func(f *facts.Facts) any { return &f.Tools.Use },
	"tools.streaming":        func(f *facts.Facts) any { return &f.Tools.Streaming },
	"tools.any":              func(f *facts.Facts) any { return &f.Tools.Any },
	"tools.named":            func(f *facts.Facts) any { return &f.Tools.Named },
	"tools.forced_thinking":  func(f *facts.Facts) any { return &f.Tools.ForcedThinking },
	"tools.server_forced":    func(f *facts.Facts) any { return &f.Tools.ServerForced },
	"tools.parallel_switch":  func(f *facts.Facts) any { return &f.Tools.ParallelSwitch },
	"tools.strict":           func(f *facts.Facts) any { return &f.Tools.Strict },
	"tools.result_status":    func(f *facts.Facts) any { return &f.Tools.ResultStatus },
	"tools.text_with_call":   func(f *facts.Facts) any { return &f.Tools.TextWithCall },
	"tools.text_with_result": func(f *facts.Facts) any { return &f.Tools.TextWithResult },
	"tools.server":           func(f *facts.Facts) any { return &f.Tools.Server },

	"output.native":           func(f *facts.Facts) any { return &f.Output.Native },
	"output.schema.keywords":  func(f *facts.Facts) any { return &f.Output.Schema.Keywords },
	"output.schema.closed":    func(f *facts.Facts) any { return &f.Output.Schema.Closed },
	"output.schema.recursion": func(f *facts.Facts) any { return &f.Output.Schema.Recursion },
	"output.schema.unions":    func(f *facts.Facts) any { return &f.Output.Schema.Unions },
	"output.schema.optional":  func(f *facts.Facts) any { return &f.Output.Schema.Optional },

	"thinking.supported":           func(f *facts.Facts) any { return &f.Thinking.Supported },
	"thinking.default":             func(f *facts.Facts) any { return &f.Thinking.Default },
	"thinking.adaptive":            func(f *facts.Facts) any { return &f.Thinking.Adaptive },
	"thinking.budget":              func(f *facts.Facts) any { return &f.Thinking.Budget },
	"thinking.budget_min":          func(f *facts.Facts) any { return &f.Thinking.BudgetMin },
	"thinking.disabled":            func(f *facts.Facts) any { return &f.Thinking.Disabled },
	"thinking.between_tools":       func(f *facts.Facts) any { return &f.Thinking.BetweenTools },
	"thinking.disabled_effort_max": func(f *facts.Facts) any { return &f.Thinking.DisabledEffortMax },
	"thinking.efforts":             func(f *facts.Facts) any { return &f.Thinking.Efforts },
	"thinking.none":                func(f *facts.Facts) any { return &f.Thinking.None },
	"thinking.high_without":        func(f *facts.Facts) any { return &f.Thinking.HighWithout },
	"thinking.display":             func(f *facts.Facts) any { return &f.Thinking.Display },
	"thinking.replay.signed":       func(f *facts.Facts) any { return &f.Thinking.Replay.Signed },
	"thinking.replay.unsigned":     func(f *facts.Facts) any { return &f.Thinking.Replay.Unsigned },
	"thinking.replay.redacted":     func(f *facts.Facts) any { return &f.Thinking.Replay.Redacted },

	"sampling.temperature":     func(f *facts.Facts) any { return &f.Sampling.Temperature },
	"sampling.temperature_one": func(f *facts.Facts) any { return &f.Sampling.TemperatureOne },
	"sampling.temperature_max": func(f *facts.Facts) any { return &f.Sampling.TemperatureMax },
	"sampling.top_p":           func(f *facts.Facts) any { return &f.Sampling.TopP },
	"sampling.top_p_min":       func(f *facts.Facts) any { return &f.Sampling.TopPMin },
	"sampling.top_k":           func(f *facts.Facts) any { return &f.Sampling.TopK },
	"sampling.both":            func(f *facts.Facts) any { return &f.Sampling.Both },
	"sampling.while_thinking":  func(f *facts.Facts) any { return &f.Sampling.WhileThinking },
	"sampling.stop_sequences":  func(f *facts.Facts) any { return &f.Sampling.StopSequences },

	"cache.points":         func(f *facts.Facts) any { return &f.Cache.Points },
	"cache.system":         func(f *facts.Facts) any { return &f.Cache.System },
	"cache.tools":          func(f *facts.Facts) any { return &f.Cache.Tools },
	"cache.messages":       func(f *facts.Facts) any { return &f.Cache.Messages },
	"cache.tool_blocks":    func(f *facts.Facts) any { return &f.Cache.ToolBlocks },
	"cache.after_thinking": func(f *facts.Facts) any { return &f.Cache.AfterThinking },
	"cache.after_document": func(f *facts.Facts) any { return &f.Cache.AfterDocument },
	"cache.hour":           func(f *facts.Facts) any { return &f.Cache.Hour },
	"cache.lifetimes":      func(f *facts.Facts) any { return &f.Cache.Lifetimes },
	"cache.min_tokens":     func(f *facts.Facts) any { return &f.Cache.MinTokens },
	"cache.max_points":     func(f *facts.Facts) any { return &f.Cache.MaxPoints },

	"input.image":      func(f *facts.Facts) any { return &f.Input.Image },
	"input.document":   func(f *facts.Facts) any { return &f.Input.Document },
	"input.video":      func(f *facts.Facts) any { return &f.Input.Video },
	"input.audio":      func(f *facts.Facts) any { return &f.Input.Audio },
	"results.image":    func(f *facts.Facts) any { return &f.Results.Image },
	"results.document": func(f *facts.Facts) any { return &f.Results.Document },
	"results.video":    func(f *facts.Facts) any { return &f.Results.Video },

	"limits.max_output": func(f *facts.Facts) any { return &f.Limits.MaxOutput },
	"limits.min_output": func(f *facts.Facts) any { return &f.Limits.MinOutput },

	"answers.cache_in_input": func(f *facts.Facts) any { return &f.Answers.CacheInInput },
	"answers.thinking_tags":  func(f *facts.Facts) any { return &f.Answers.ThinkingTags },
}

// hidden are the facts that no call of this package shows, and why.
var hidden = map[string]string{
	"model":                     "a name for people",
	"launched":                  "no call tells",
	"end_of_life":               "no call tells before the day",
	"doors.format":              "a format is chosen with Options.Format and either serves or does not",
	"doors.elsewhere":           "of other endpoints",
	"ids.regions":               "takes calls to every Region",
	"ids.geographies":           "takes calls to every Region",
	"tools.strict_max":          "the service names the bound when it refuses more",
	"input.s3":                  "takes a file in a bucket",
	"results.s3":                "takes a file in a bucket",
	"thinking.style":            "a field that is ignored is accepted, too",
	"thinking.effort_default":   "no answer tells",
	"thinking.effort_ask":       "a choice of this library",
	"thinking.none_style":       "a field that is ignored is accepted, too",
	"thinking.display_default":  "an answer without a text of its thinking may have had none",
	"thinking.bound.model":      "takes an answer of another model",
	"thinking.bound.generation": "takes an answer of another model",
	"thinking.bound.prefix":     "takes an answer to another conversation of the same account",
	"thinking.bound.account":    "takes an answer of another account",
	"thinking.bound.region":     "takes calls to two Regions",
	"sampling.top_k_field":      "a field that is ignored is accepted, too",
	"sampling.stops_max":        "a bound of the service, which is the same for all models",
	"cache.max_tokens":          "costs a prompt of tens of thousands of tokens",
	"cache.lookback":            "no single answer tells",
	"cache.implicit":            "is not the same for each call",
	"results.audio":             "no body has a place for it",
	"limits.context":            "costs a whole context",
	"limits.image_bytes":        "sends megabytes; the text of the refusal names the limit",
	"limits.image_pixels":       "asked as a rule, by [Score]",
	"limits.document_bytes":     "a bound of the service, which is the same for all models",
	"limits.large_documents":    "costs a document of megabytes",
	"guardrails":                "takes a guardrail of the account",
}

// A value is what a fact is, as a text as in [facts.Facts.Value] and in the Go
// form of the table.
type value struct{ text, literal string }

// valueOf reads a field.
func valueOf(field any) value {
	switch p := field.(type) {
	case *facts.Support:
		if *p == facts.SupportUnknown {
			return value{"", "unknown"}
		}
		return value{p.String(), p.String()}
	case *facts.ThinkingDefault:
		if *p == facts.ThinkingDefaultUnknown {
			return value{"", "ThinkingDefaultUnknown"}
		}
		return value{p.String(), "ThinkingDefault" + strings.ToUpper(p.String()[:1]) + p.String()[1:]}
	case *bool:
		if *p {
			return value{"yes", "true"}
		}
		return value{"no", "false"}
	case *int:
		if *p == 0 {
			return value{"", "0"}
		}
		return value{strconv.Itoa(*p), grouped(*p)}
	case *float64:
		if *p == 0 {
			return value{"", "0"}
		}
		s := strconv.FormatFloat(*p, 'g', -1, 64)
		return value{s, s}
	case *string:
		return value{*p, strconv.Quote(*p)}
	case *[]string:
		switch {
		case *p == nil:
			return value{"", "unknown"}
		case len(*p) == 0:
			return value{"none", "[]string{}"}
		}
		return value{strings.Join(*p, ", "), fmt.Sprintf("%#v", *p)}
	}
	panic(fmt.Sprintf("probe: a fact cannot be a %T", field)) // a test reads all fields
}

// grouped writes a number as gofmt's readers like it: 128_000.
func grouped(n int) string {
	s := strconv.Itoa(n)
	if n < 10_000 {
		return s
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "_" + s[i:]
	}
	return s
}

// put sets a field to a value, of which the text decides.
func put(field any, text string) error {
	var err error
	switch p := field.(type) {
	case *facts.Support:
		*p, err = oneOf(text, facts.SupportUnknown, facts.SupportYes, facts.SupportNo)
	case *facts.ThinkingDefault:
		*p, err = oneOf(text, facts.ThinkingDefaultUnknown, facts.ThinkingDefaultOff, facts.ThinkingDefaultOn, facts.ThinkingDefaultAlways)
	case *bool:
		*p = text == "yes"
	case *int:
		*p = 0
		if text != "" {
			*p, err = strconv.Atoi(text)
		}
	case *float64:
		*p = 0
		if text != "" {
			*p, err = strconv.ParseFloat(text, 64)
		}
	case *string:
		*p = text
	case *[]string:
		switch text {
		case "":
			*p = nil
		case "none":
			*p = []string{}
		default:
			*p = strings.Split(text, ", ")
		}
	}
	return err
}

// oneOf finds a value by its text. The first one is that of no text.
func oneOf[T fmt.Stringer](text string, all ...T) (T, error) {
	if text == "" {
		return all[0], nil
	}
	for _, v := range all {
		if v.String() == text {
			return v, nil
		}
	}
	return all[0], fmt.Errorf("%q is none of its values", text)
}

// same reports whether two values say the same. The order of a list says
// nothing.
func same(field any, a, b string) bool {
	if _, ok := field.(*[]string); ok {
		x, y := strings.Split(a, ", "), strings.Split(b, ", ")
		slices.Sort(x)
		slices.Sort(y)
		return slices.Equal(x, y)
	}
	return a == b
}

// isUnknown reports whether a field says nothing. A bool always says something.
func isUnknown(field any) bool {
	if _, ok := field.(*bool); ok {
		return false
	}
	return reflect.ValueOf(field).Elem().IsZero()
}
