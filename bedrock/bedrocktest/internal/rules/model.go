package rules

import (
	"github.com/chatmodel-go/chatmodel/bedrock/internal/modelid"
	"github.com/chatmodel-go/chatmodel/model"
)

// A Model describes the model that plays an id: what it accepts, and the form of
// its answers. The zero value has no rules of its own.
type Model struct {
	ID    modelid.ID // as called, with the maker, line and version of the row
	Row   string     // the row of the table that plays it; empty if its maker is not known
	Known bool       // the row is the model's own

	// Where the model is served.
	NotServed   string   // the API that serves it in place of Converse and InvokeModel; empty if these do
	NoInvoke    bool     // InvokeModel does not serve it
	ProfileOnly bool     // its bare id is refused
	Geographies []string // the geographies of its profiles; nil: any
	Counts      bool     // CountTokens serves it

	// Its limits.
	Context, MaxOutput, MinOutput int // tokens; zero: not limited
	Burndown                      int // tokens of the quota that an output token takes; zero: 1

	// Its rules for conversations.
	UserFirst, Alternate bool // turns must begin with the user, and alternate
	NoSystem             bool
	SystemTurns          bool // takes a system message between turns
	NoPrefill            bool
	Media                Media // accepted in messages
	ResultMedia          Media // accepted in tool results

	// Its rules for tools and output.
	NoTools, NoStreamTools      bool
	NoChoiceAny, NoChoiceNamed  bool
	ForcedThinking              bool // may be told to use a tool while thinking
	SeparateResults             bool // results stand alone in their turn
	NoStatus                    bool // tool results have no status
	NoOutput, NoStrict          bool // native output, strict tools
	PlainSchemas                bool // a tool's schema has no alternatives at its root
	AllRequired                 bool // schemas that must be obeyed require all of their members
	ResultsFirst                bool // results stand before everything else in their turn
	ClosedSchemas               bool // schemas that must be obeyed must be closed and simple
	NoTemperature, NoTopP       bool // except for values that change nothing
	NoTopK                      bool
	OneSample                   bool // takes temperature or topP, not both
	NoUnsignedReplay            bool // thinking that comes back must be signed
	NoTextReplay, NoReplay      bool // takes thinking back in encrypted form only, or not at all
	BoundToModel, BoundToServer bool // thinking of another model is refused; that of another account is left out
	CallIDs                     bool // the model has its own pattern for ids of calls
	Thinking                    Thinking

	// Its prompt cache.
	CacheMin, CacheMax int // tokens of a prefix; CacheMin zero: caches nothing; CacheMax zero: not limited
	CacheTools         bool
	NoCacheResults     bool // refuses a cache point in a turn with tool results
	CacheHour          bool
	Lookback           int // how many blocks before a cache point are searched for a cached prefix; zero: all

	// The form of its answers.
	Signs          bool // thinking is signed, and checked when it comes back
	ToolType       bool // toolUse blocks say "type":"tool_use"
	SystemToolType bool // toolUse blocks do so beside the service's own tools
	EmptyInput     bool // the first piece of a tool's input is empty
	WholeInput     bool // a tool's input comes in one piece
	CacheDetails   bool // usage lists the written tokens by lifetime
	ZeroCounters   Counters
	Format         Format // the format of its native bodies
	TopK           string // the additional field for top_k: top_k, k or inferenceConfig.topK; empty if there is none
}

// A Thinking describes how a request asks a model to think.
type Thinking struct {
	Field      string   // the additional field, such as "thinking" or "reasoning.effort"; empty if not known
	None       bool     // it does not think, and refuses requests to
	NoBudget   bool     // refuses type enabled with a budget
	NoAdaptive bool     // refuses type adaptive
	NoDisabled bool     // refuses type disabled
	Between    bool     // accepts type between_tools
	OffUpTo    string   // the highest effort allowed with type disabled; empty: any
	Efforts    []string // the accepted efforts; nil: any
	NoEffort   bool     // there is no field for the effort
	Foreign    []string // fields of other makers that are refused by name
	HighAlone  []string // members of inferenceConfig that must not be set at high effort
}

// Media are kinds of files.
type Media uint8

// The kinds of files. The zero value is not known, which allows all.
const (
	MediaKnown Media = 1 << iota // only the kinds that are set are accepted
	Images
	Documents
	Videos
	Audios
	S3 // files may be in S3
)

// allows reports whether all of the kinds are taken.
func (m Media) allows(kinds Media) bool { return m == 0 || m&kinds == kinds }

// Counters are the cache counters of an answer of Converse for which no cache
// was used. Streams have none in that case.
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
	FormatNova      Format = "nova"      // messages-v1, which resembles Converse
	FormatPrompt    Format = "prompt"    // a single text
)

// IsClaude reports whether Anthropic's rules hold.
func (m *Model) IsClaude() bool { return m.ID.Maker == "anthropic" && m.Row != "" }

// caches reports whether the model has a prompt cache.
func (m *Model) caches() bool { return m.CacheMin > 0 }

// thinks reports whether the request's own fields of Claude ask it to think.
func (in *Input) thinks() bool {
	return in.Model.Signs && (in.thinking().Type == string(model.ThinkingEnabled) || in.thinking().Type == string(model.ThinkingAdaptive))
}
