package rules

import (
	"github.com/chatmodel-go/chatmodel/bedrock/internal/modelid"
	"github.com/chatmodel-go/chatmodel/model"
)

// A Model describes the model that plays an id: what it accepts, and the form of
// its answers. The zero value has no rules of its own.
type Model struct {
	ID    modelid.ID // as it was asked for; its maker, line and version are those of the row
	Row   string     // the row of the table that plays it; empty if its maker is not known
	Known bool       // the row is the model's own

	// Where it is.
	NotServed   string   // the door that it has instead of Converse and InvokeModel; empty if it has these
	NoInvoke    bool     // not by InvokeModel
	ProfileOnly bool     // not by its bare id
	Geographies []string // of its profiles; nil: any
	Counts      bool     // CountTokens knows it

	// How much.
	Context, MaxOutput, MinOutput int // tokens; zero: not limited
	Burndown                      int // tokens of the quota that an output token takes; zero: 1

	// Conversation.
	UserFirst, Alternate bool // turns must begin with the user, and alternate
	NoSystem             bool
	SystemTurns          bool // takes a system message between turns
	NoPrefill            bool
	Media                Media // of messages
	ResultMedia          Media // of tool results

	// Tools and output.
	NoTools, NoStreamTools      bool
	NoChoiceAny, NoChoiceNamed  bool
	ForcedThinking              bool // may be told to use a tool while thinking
	SeparateResults             bool // results stand alone in their turn
	NoStatus                    bool // of a result
	NoOutput, NoStrict          bool // native output, strict tools
	ClosedSchemas               bool // schemas that are to be obeyed must be closed, and simple
	NoTemperature, NoTopP       bool // except for values that change nothing
	NoTopK                      bool
	OneSample                   bool // temperature or topP
	NoUnsignedReplay            bool // thinking that comes back must be signed
	NoTextReplay, NoReplay      bool // takes thinking back in encrypted form only, or not at all
	BoundToModel, BoundToServer bool // thinking of another model is refused; that of another account is left out
	CallIDs                     bool // the model holds ids of calls to its own letters
	Thinking                    Thinking

	// Cache.
	CacheMin, CacheMax int // tokens of a prefix; CacheMin zero: caches nothing; CacheMax zero: not limited
	CacheTools         bool
	NoCacheResults     bool // no cache point in a turn with tool results
	CacheHour          bool
	Lookback           int // blocks before a cache point where a cached prefix is found; zero: all

	// The form of answers.
	Signs          bool // thinking is signed, and checked when it comes back
	ToolType       bool // toolUse blocks say "type":"tool_use"
	SystemToolType bool // they do beside the service's own tools
	EmptyInput     bool // the first piece of a tool's input is empty
	WholeInput     bool // a tool's input comes in one piece
	CacheDetails   bool // usage says how long what was written lives
	ZeroCounters   Counters
	Format         Format // of InvokeModel
	TopK           string // where top_k goes among the additional fields: top_k, k, inferenceConfig.topK; empty if it does not
}

// A Thinking is how a model is told to think.
type Thinking struct {
	Field      string   // the additional field, such as "thinking" or "reasoning.effort"; empty if not known
	None       bool     // it does not think, and refuses to be told to
	NoBudget   bool     // type enabled with a budget
	NoAdaptive bool     // type adaptive
	NoDisabled bool     // type disabled
	Between    bool     // type between_tools
	OffUpTo    string   // the highest effort that disabled goes with; empty: any
	Efforts    []string // that are accepted; nil: any
	NoEffort   bool     // the field for it does not exist
	Foreign    []string // fields of other makers that are refused by name
	HighAlone  []string // members of inferenceConfig that must not be set at high effort
}

// Media are kinds of files.
type Media uint8

// The kinds of files. The zero value is not known, which allows all.
const (
	MediaKnown Media = 1 << iota // nothing but what follows
	Images
	Documents
	Videos
	Audios
	S3 // files may lie there
)

// allows reports whether all of the kinds are taken.
func (m Media) allows(kinds Media) bool { return m == 0 || m&kinds == kinds }

// Counters say which cache counters an answer of Converse has when no cache
// was used. Streams have none then.
type Counters uint8

// The counters.
const (
	CounterNone Counters = iota
	CounterRead
	CounterBoth
)

// A Format is a form of bodies of InvokeModel.
type Format string

// The formats.
const (
	FormatAnthropic Format = "anthropic" // Messages
	FormatOpenAI    Format = "openai"    // chat completions
	FormatNova      Format = "nova"      // messages-v1, which is near to Converse
	FormatPrompt    Format = "prompt"    // a single text
)

// IsClaude reports whether Anthropic's rules hold.
func (m *Model) IsClaude() bool { return m.ID.Maker == "anthropic" && m.Row != "" }

// caches reports whether it has a prompt cache.
func (m *Model) caches() bool { return m.CacheMin > 0 }

// thinks reports whether Claude's own fields ask it to think.
func (in *Input) thinks() bool {
	return in.Model.Signs && (in.thinking().Type == string(model.ThinkingEnabled) || in.thinking().Type == string(model.ThinkingAdaptive))
}
