package native

import "github.com/chatmodel-go/chatmodel/model"

// Rules is what a codec must know of a model. The zero value is a model that
// takes everything the format has.
type Rules struct {
	Family string // for texts; empty if unknown

	NoTools          bool // tools may not be offered
	NoChoiceAny      bool // tool choice any
	NoChoiceNamed    bool // tool choice of one tool
	NoForcedThinking bool // tool choice any or named while thinking
	NoParallelSwitch bool // ToolChoice.Parallel

	NoSampling  bool // temperature and top_p
	OneSampling bool // temperature or top_p, not both
	NoTopK      bool

	Thinking      Thinking
	Adaptive      bool   // the model decides how much to think, unless told otherwise
	NoAdaptive    bool   // the model cannot decide that
	NoBudget      bool   // thinking takes no budget
	NoEffort      bool   // thinking takes no effort
	DefaultEffort string // what turns thinking on where nothing else is said
	EffortMember  string // the member that takes an effort; empty: the format's own

	NoCache     bool // no cache points
	NoCacheTool bool // no cache points on tools
	NoCacheHour bool // no lifetime of an hour
	NoOutput    bool // no structured output
	KeepSpace   bool // white space at the end of an answer to continue is fine
}

// Thinking says whether a model can be asked to think.
type Thinking int8

// The kinds of thinkers.
const (
	ThinksAsked  Thinking = iota // if asked; also for the unknown
	ThinksAlways                 // unasked, and cannot be told how
	ThinksNever
)

// Name is the family's name for texts.
func (r Rules) Name() string {
	if r.Family == "" {
		return "this model"
	}
	return "models of the family " + r.Family
}

// Thinks reports whether a request turns thinking on.
func Thinks(t *model.ThinkingConfig) bool { return t != nil && t.Mode != model.ThinkingDisabled }
