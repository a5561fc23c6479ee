package plan

import (
	"encoding/json"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/model"
)

// A Plan is what is to be sent, in neutral form, after all rules. A writer
// puts it into bytes as it is. It shares memory with the request that it was
// made from, so it must be written before the caller gets the request back.
type Plan struct {
	// Stream says that the answer is to come in pieces. Whole says that it
	// cannot, although it was asked for so: one call is to be made, whose parts
	// then come out as events.
	Stream, Whole bool

	System []Block
	Turns  []Turn // at least one; no two neighbours of one role, but for system
	Tools  []Tool // those that are offered
	Choice Choice

	Sampling

	Thinking Thinking
	Effort   string // how hard to work on the answer, apart from thinking: outputConfig.effort
	Output   *Output

	// ResultStatus says that tool results carry whether the tool succeeded.
	ResultStatus bool

	// Additional is the caller's JSON object of further members, or empty. Its
	// members win over those that follow from the fields above; the plan has
	// warned of those already, and has taken them out of itself.
	Additional json.RawMessage

	Settings Settings
	Guards   Guards

	findings []Finding
}

// A Sampling is what bounds and varies the answer.
type Sampling struct {
	MaxTokens int // 0: not sent
	// MaxTokensField is what a format calls MaxTokens where models differ in it;
	// empty: by its usual name.
	MaxTokensField string

	Temperature   *float64
	TopP          *float64
	TopK          int    // 0: not sent
	TopKField     string // the additional field that it goes into: top_k, k, topK or inferenceConfig.topK
	StopSequences []string
}

// A Turn is a message. The role is user, assistant or, where the model takes
// it between turns, system.
type Turn struct {
	Role   model.Role
	Field  string // of the request, such as "messages[2]"
	Blocks []Block
}

// A Block is a part as it is to be sent, and the cache point behind it. Parts
// are normalised:
//
//   - Text is never blank, but where it parts a document from a cache point. Cited
//     text may be empty if it has citations. There is no CachePoint: it is Cache
//     of the block before it.
//   - Image, Document, Video and Audio have a media type in its canonical form
//     without parameters (as in "image/jpeg"), and either Data or a URI that
//     the format takes. Documents have a legal and unique name where the format
//     wants one; Text and Chunks stand only where the model takes them.
//   - ToolCall and ServerToolCall have a legal ID and Name, and an Input that is
//     a JSON object where the format wants one; InvalidInput stands only where
//     the format takes any text.
//   - ToolResult has at least one part, each of a kind that the format and the
//     model take; JSON is an object where the format wants one.
//   - Opaque is of the format's own provider and valid JSON.
type Block struct {
	Part  model.Part
	Cache Point
	Field string // of the request, such as "messages[2].parts[0]"
}

// A Point is a cache point. The zero value is none.
type Point struct {
	Set       bool
	TTL       string // empty, 5m or 1h
	Automatic bool   // placed for Request.Cache
	Field     string // of the request that asked for it
}

// A Tool is a tool that is offered.
type Tool struct {
	Name        string
	Description string
	Schema      json.RawMessage // never empty, unless ServerSide
	Strict      *bool
	ServerSide  bool
	Cache       Point
	Field       string
}

// A Choice is the choice among the tools.
type Choice struct {
	Mode model.ToolMode // ToolsDefault: nothing is said

	Name string // for ToolsNamed

	// Parallel is nil where nothing is said, false for one call at a time.
	Parallel *bool
}

// A Thinking is how to ask for thinking, in the model's own words.
type Thinking struct {
	Style   facts.ThinkingStyle
	Type    string // enabled, adaptive, disabled, between_tools; empty: no such member
	Budget  int    // for enabled
	Display string // omitted, summarized; empty: not said
	Effort  string // empty: not said
}

// On reports whether the model is asked to think, as far as the plan says it.
func (t Thinking) On() bool {
	switch t.Type {
	case "disabled":
		return false
	case "":
		return t.Effort != "" && t.Effort != "none"
	}
	return true
}

// An Output is a schema for the answer.
type Output struct {
	Name, Description string
	Schema            json.RawMessage
}

// Settings are what is Bedrock's own. They are checked, and left as they are.
type Settings struct {
	AdditionalFields   json.RawMessage
	ResponseFieldPaths []string
	Guardrail          *Guardrail
	Latency            string
	ServiceTier        string
	Metadata           map[string]string
	PromptVariables    map[string]string
	OutputEffort       string
}

// A Guardrail is a guardrail to apply.
type Guardrail struct{ ID, Version, Trace, StreamMode string }

// An Input is what decides on a plan beside the request.
type Input struct {
	Facts    *facts.Facts // never nil: of a model of which nothing is known they are empty
	Format   *Format
	Settings Settings
	Stream   bool

	// Prompt says that the model id is that of a prompt of Prompt management,
	// which brings its own messages, tools and settings.
	Prompt bool

	// FillResults gives tool calls without a result one that says so, and sends
	// results without a call as text. Otherwise
	// they are refused.
	FillResults bool
}

// A Format is what one kind of body can carry. What it cannot carry is dropped
// with a warning or refused by the plan, so that writers need no rules.
type Format struct {
	Name   string // for texts, such as "Converse" or "Anthropic's format"
	Opaque string // the provider of the unknown blocks that it takes back

	Text bool // carries text alone: a prompt

	System        bool // has a place for system messages of its own; otherwise they stay among the turns
	SystemAnyTurn bool // takes system messages anywhere

	Image         bool
	ImageURI      bool // images by URI
	Document      bool
	DocumentURI   bool
	DocumentTypes []string // media types; nil: all that Converse names
	DocumentNames bool     // names must be legal and unique
	Video, Audio  bool
	MaxImages     int // in a request, 2 or more; 0: no limit is known
	MaxDocuments  int // the same
	SearchResult  bool
	Citations     bool // of answers, back in the history
	GuardContent  bool // as parts; otherwise as tags in the text

	Tools            bool
	ServerTools      bool // by name
	ServerBlocks     bool // calls and results of tools that the service ran
	ChoiceNone       bool // has the choice none; otherwise tools are not offered
	ParallelMember   bool // has a member of its own for parallel calls
	ResultFiles      bool // files inside tool results
	ResultStatus     bool
	ResultJSON       bool // JSON objects inside tool results
	AnyInput         bool // the input of a call may be any text
	CachePoints      bool
	ThinkingReplay   bool
	OutputName       bool // a schema has a name and a description
	Effort           bool // how hard to work, apart from thinking
	PromptVariables  bool
	TopK             bool
	StopSequences    bool
	MaxTokensDefault int // a limit is required; this one is sent where none is asked for

	// Invoke says that bodies go to InvokeModel. Merges says that the caller's
	// additional fields are members of the body itself, in which lists of tools
	// and parts of an object of settings are put together, and Members names
	// those that follow from a request.
	Invoke, Merges bool
	Members        Members

	OwnEnds           bool   // a cache point may stand on a document, whatever the facts say of one behind it
	ResultsFirst      bool   // tool results stand at the beginning of their turn
	SignedThinking    bool   // thinking comes back signed, or redacted as text
	NoPrefill         bool   // the conversation cannot end with the assistant
	UserFirst         bool   // the conversation begins with the user
	TypedServerTools  bool   // has tools of its own by type, which the caller gives as additional fields
	ServerResults     string // the end of the kinds of results of tools that the service ran; each holds one JSON value
	ObjectOpaque      bool   // unknown blocks are JSON objects
	SearchCitations   bool   // citations of search results come back, too
	OwnCitations      bool   // citations of other kinds come back in the format's own form, an object with a type
	TextDocuments     bool   // documents may be text and chunks without citations
	LoneDocuments     bool   // a document needs no text beside it, whatever the facts say
	OutputNameDefault string // the name of a schema that has none

	// Marks finds one of the format's control tokens in a text, which then
	// cannot be sent; nil: there are none. A token begins or ends with one of the
	// signs <>[]|/: and is none without them.
	Marks func(text string) (mark string, found bool)
}

// Members are the names of a body's members. An empty name is none.
type Members struct {
	Messages string

	MaxTokens, Temperature, TopP, TopK, StopSequences string

	ToolChoice, Parallel string

	Output      string // what holds a schema for the answer
	OutputInner string // its member for that; empty: it is that alone
}
