package facts

import (
	"strconv"
	"time"
)

// A Support is a yes, a no, or nothing known.
//
// If nothing is known, what the caller wrote is sent, and the service decides.
// What the library would add by itself is not sent.
type Support int8

// The degrees of support.
const (
	SupportUnknown Support = iota
	SupportYes
	SupportNo
)

// String returns "unknown", "yes" or "no".
func (s Support) String() string { return word(s, "unknown", "yes", "no") }

// Yes reports whether the support is known.
func (s Support) Yes() bool { return s == SupportYes }

// No reports whether the lack of support is known.
func (s Support) No() bool { return s == SupportNo }

// Facts are what is known of one model. All fields are values or are never
// modified once they are set, so a copy is independent if its slices are
// replaced and not written to. The zero value is a model of which nothing is
// known.
type Facts struct {
	// ID is the base id that was asked about, without a geography.
	ID string

	// Model is the name of the model for texts, such as "Claude Sonnet 4.5"; of
	// an unknown maker, the id.
	Model string

	// Maker is the first word of the id, such as "anthropic".
	Maker string

	// Known reports whether the table has the model itself. If it has not,
	// Sibling is the id of the model whose facts stand here instead; empty if
	// the maker is unknown, too.
	Known   bool
	Sibling string

	Doors    Doors
	IDs      IDs
	Turns    Turns
	Tools    Tools
	Output   Output
	Thinking Thinking
	Sampling Sampling
	Cache    Cache
	Input    Media
	Results  Media // what may stand inside a tool's result
	Limits   Limits
	Answers  Answers

	CountTokens Support // the operation CountTokens of the runtime endpoint
	Guardrails  Support

	Launched  time.Time // zero: not known
	EndOfLife time.Time // zero: none announced

	sources map[string]Source // by name; never modified
}

// Doors are the ways to reach a model on the runtime endpoint.
type Doors struct {
	Converse       Support
	ConverseStream Support
	Invoke         Support
	Format         string // of InvokeModel's bodies: anthropic, openai, nova, llama3, llama4, mistral, deepseek, titan; empty: not certain

	// Elsewhere names doors outside this library that serve the model, such as
	// "Responses" or "mantle", for the text of an error.
	Elsewhere []string
}

// IDs say how a model may be called.
type IDs struct {
	Bare    Support // without an inference profile; No: only through one
	Regions string  // where that depends on the Region, in words

	// Geographies are those of profiles that were seen, such as "us" and "global".
	// There may be more.
	Geographies []string
}

// Turns are the rules of the conversation's form.
type Turns struct {
	System            Support // a system prompt
	SystemBetween     Support // messages of the role system between turns
	AssistantFirst    Support // the conversation may begin with the assistant
	Prefill           Support // the conversation may end with the assistant
	PrefillSpace      Support // the prefill may end with white space
	BlankStop         Support // a stop sequence of white space alone
	ToolIDPattern     string  // of call ids; empty: [a-zA-Z0-9_-]+
	ResultsFirst      bool    // tool results stand at the beginning of their turn
	DocumentNeedsText bool    // a document needs a text beside it
}

// Tools are the rules of tool use.
type Tools struct {
	Use            Support // tools may be offered
	Streaming      Support // in streams, too
	Any            Support // tool choice any
	Named          Support // tool choice of one tool; No also where it is accepted and not obeyed
	ForcedThinking Support // any or named while thinking is on; No also where not obeyed
	ServerForced   Support // any or named where all tools are the service's own
	ParallelSwitch Support // ToolChoice.Parallel false, through the model's own field
	Strict         Support // strict in a tool's specification
	StrictMax      int     // at most so many strict tools; 0: not known
	ResultStatus   Support // toolResult.status
	TextWithCall   Support // text and tool calls in one turn of the assistant
	TextWithResult Support // text and tool results in one turn of the user
	Server         Support // tools that the service runs
}

// Output are the rules of structured output.
type Output struct {
	Native Support      // a JSON Schema for the answer
	Schema SchemaLimits // what that schema, and the schema of a strict tool, may hold
}

// SchemaLimits bound the schemas of native output and strict tools. Zero
// numbers are no limit.
type SchemaLimits struct {
	Keywords  []string // refused, such as "minimum" or "pattern"
	Closed    bool     // every object needs additionalProperties false
	Recursion Support
	Unions    int // at most so many parameters with union types
	Optional  int // at most so many optional parameters; less than zero: none
}

// A ThinkingDefault says what a model does that is not asked to think.
type ThinkingDefault int8

// The defaults.
const (
	ThinkingDefaultUnknown ThinkingDefault = iota
	ThinkingDefaultOff
	ThinkingDefaultOn     // can be switched off
	ThinkingDefaultAlways // cannot
)

// String returns "unknown", "off", "on" or "always".
func (d ThinkingDefault) String() string { return word(d, "unknown", "off", "on", "always") }

// A ThinkingStyle is the way in which a model is asked to think.
type ThinkingStyle int8

// The styles.
const (
	ThinkingStyleUnknown ThinkingStyle = iota
	ThinkingStyleClaude                // thinking{type, budget_tokens, display}, output_config{effort}
	ThinkingStyleNova                  // reasoningConfig{type, maxReasoningEffort}
	ThinkingStyleEffort                // reasoning_effort
	ThinkingStyleNested                // reasoning{effort}
	ThinkingStyleQwen                  // reasoning_config
	ThinkingStyleUnasked               // thinks as it sees fit; no field changes that
)

// String returns the field that the style asks by, or "unasked" or "unknown".
func (s ThinkingStyle) String() string {
	return word(s, "unknown", "thinking", "reasoningConfig", "reasoning_effort", "reasoning.effort", "reasoning_config", "unasked")
}

// word returns the word for a number, or the number.
func word[T ~int8](n T, words ...string) string {
	if int(n) < 0 || int(n) >= len(words) {
		return strconv.Itoa(int(n))
	}
	return words[n]
}

// Thinking are the rules of extended thinking.
type Thinking struct {
	Supported Support
	Default   ThinkingDefault
	Style     ThinkingStyle

	Adaptive     Support // Claude: type adaptive
	Budget       Support // Claude: type enabled with a budget
	BudgetMin    int     // in tokens
	Disabled     Support // type disabled, or whatever switches thinking off
	BetweenTools Support // Claude: type between_tools, the least that Sonnet 5.5 thinks

	// DisabledEffortMax is the highest effort beside which disabled, or between_tools
	// in its place, is accepted; empty: any.
	DisabledEffortMax string

	Efforts       []string // the words that are accepted; nil: not known; empty: none
	EffortDefault string   // the effort unasked
	EffortAsk     string   // the effort that turns thinking on where a request says nothing else
	None          Support  // the effort none

	// NoneStyle is the style in which the effort none is asked for, where that
	// differs from Style.
	NoneStyle ThinkingStyle

	HighWithout []string // neutral fields that must be unset at effort high

	Display        Support // Claude: display omitted or summarized
	DisplayDefault string

	Replay Replay
	Bound  Binding
}

// A Replay says which thinking of the history a model takes back.
type Replay struct {
	Signed, Unsigned, Redacted Support
}

// A Binding says to what a block of thinking is tied: it is accepted only where
// these are the same.
type Binding struct {
	Model, Generation, Prefix, Account, Region bool
}

// Sampling are the rules of sampling.
type Sampling struct {
	Temperature    Support
	TemperatureOne bool // only the value 1 is accepted
	TopP           Support
	TopPMin        float64 // the least value that is accepted; 0: any
	TopK           Support
	TopKField      string  // additional field: top_k, k, topK, inferenceConfig.topK; empty: top_k
	Both           Support // temperature and top_p in one request
	WhileThinking  Support // temperature other than 1, top_p below 0.95 and top_k while thinking is on
	StopSequences  Support
	StopsMax       int
	TemperatureMax float64 // 0: not known
}

// Cache are the rules of explicit cache points.
type Cache struct {
	Points        Support
	System        Support
	Tools         Support
	Messages      Support
	ToolBlocks    Support // in messages with tool calls or results
	AfterThinking Support // directly after thinking
	AfterDocument Support // directly after a document or a video
	Hour          Support // a lifetime of one hour
	Lifetimes     Support // any lifetime in words
	MinTokens     int     // of a prefix; 0: not known
	MaxTokens     int     // that are cached; 0: not known
	MaxPoints     int     // 0: not known
	Lookback      int     // blocks before a point in which an earlier entry is found; 0: not known
	Implicit      Support // caches by itself
}

// Media says what kinds of file a model reads, and whether it reads those in S3.
type Media struct{ Image, Document, Video, Audio, S3 Support }

// Limits bound a request; 0 is not known.
type Limits struct {
	Context   int // in tokens, as are the two below
	MaxOutput int
	MinOutput int

	ImageBytes     int      // of an image in base64
	ImagePixels    int      // of an image's longer side
	DocumentBytes  int      // of a document at Converse
	LargeDocuments []string // media types to which DocumentBytes does not apply
}

// Answers say what is peculiar about what a model says.
type Answers struct {
	CacheInInput Support  // the counter of input tokens includes the cached ones
	ThinkingTags []string // names of tags around thinking in the text, such as "thinking"
}
