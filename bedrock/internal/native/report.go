package native

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/chatmodel-go/chatmodel/model"
)

// A Report collects what had to be changed to express a request, and what could
// not be expressed at all.
type Report struct {
	Warnings []model.Warning
	problems []*model.Error
}

// Warn notes a change. The field is as in "messages[2].parts[0]".
func (r *Report) Warn(action model.WarningAction, field, format string, args ...any) {
	r.Warnings = append(r.Warnings, model.Warning{Action: action, Field: field, Reason: fmt.Sprintf(format, args...)})
}

// Invalid notes a field that is wrong.
func (r *Report) Invalid(field, format string, args ...any) {
	r.problem(model.ErrInvalidRequest, field, format, args...)
}

// Unsupported notes a field that the model or the format has no place for.
func (r *Report) Unsupported(field, format string, args ...any) {
	r.problem(model.ErrUnsupported, field, format, args...)
}

func (r *Report) problem(kind model.ErrorKind, field, format string, args ...any) {
	r.problems = append(r.problems, &model.Error{Kind: kind, Message: field + ": " + fmt.Sprintf(format, args...)})
}

// Err joins the problems; nil if there are none. The first one decides on the
// kind.
func (r *Report) Err() error {
	if len(r.problems) == 0 {
		return nil
	}
	texts := make([]string, len(r.problems))
	for i, p := range r.problems {
		texts[i] = p.Message
	}
	return &model.Error{Kind: r.problems[0].Kind, Message: strings.Join(texts, "; ")}
}

// StopSequences checks the rule for stop sequences that all formats share.
func (r *Report) StopSequences(stops []string) {
	for i, s := range stops {
		if strings.TrimSpace(s) == "" {
			r.Invalid(fmt.Sprintf("stop_sequences[%d]", i), "must hold more than white space")
		}
	}
}

// Sampling returns temperature and top_p without what the model refuses by its
// nature or, where thinks says so, because Claude thinks.
func (r *Report) Sampling(req *model.Request, rules Rules, thinks bool) (temperature, topP *float64) {
	temperature, topP = req.Temperature, req.TopP
	if rules.NoSampling {
		if temperature != nil {
			r.Warn(model.WarningDropped, "temperature", "%s do not take sampling parameters", rules.Name())
		}
		if topP != nil {
			r.Warn(model.WarningDropped, "top_p", "%s do not take sampling parameters", rules.Name())
		}
		return nil, nil
	}
	// https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-extended-thinking.html
	if thinks && temperature != nil && *temperature != 1 {
		r.Warn(model.WarningDropped, "temperature", "it must be 1 while thinking is on")
		temperature = nil
	}
	if thinks && topP != nil && *topP < 0.95 {
		r.Warn(model.WarningDropped, "top_p", "it must be 0.95 or more while thinking is on")
		topP = nil
	}
	if rules.OneSampling && temperature != nil && topP != nil {
		r.Warn(model.WarningDropped, "top_p", "this model takes temperature or top_p, not both")
		topP = nil
	}
	return temperature, topP
}

// Thinking checks what families that cannot be asked to think are asked. It
// reports whether the request is to be passed on.
func (r *Report) Thinking(t *model.ThinkingConfig, rules Rules) bool {
	switch {
	case t == nil:
		return false
	case rules.Thinking == ThinksNever:
		if t.Mode != model.ThinkingDisabled {
			r.Unsupported("thinking", "%s cannot think", rules.Name())
		}
		return false
	case rules.Thinking == ThinksAlways:
		if t.Mode == model.ThinkingDisabled {
			r.Warn(model.WarningDropped, "thinking", "%s always think", rules.Name())
		} else if t.Budget != 0 || t.Effort != "" {
			r.Warn(model.WarningDropped, "thinking", "%s think as much as they see fit", rules.Name())
		}
		return false
	}
	return true
}

// ToolName checks the rule for the names of tools that all formats share.
func (r *Report) ToolName(field, name string) {
	for _, c := range name {
		if !isNameRune(c) {
			r.Invalid(field+".name", "is %q; tool names are of letters, digits, _ and -", name)
			return
		}
	}
}

func isNameRune(c rune) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-'
}

// Forced reports whether a tool is to be called whatever the model thinks, as
// far as the model can be made to. Where the choice has to be weakened it warns,
// where it cannot be had it fails.
func (r *Report) Forced(choice model.ToolChoice, rules Rules, thinks bool) bool {
	switch {
	case choice.Mode != model.ToolsAny && choice.Mode != model.ToolsNamed:
		return false
	case rules.NoForcedThinking && thinks:
		r.Warn(model.WarningChanged, "tool_choice", "%s cannot be made to call a tool while they think; the model decides", rules.Name())
		return false
	case choice.Mode == model.ToolsAny && rules.NoChoiceAny:
		r.Unsupported("tool_choice", "%s cannot be made to call a tool; use auto", rules.Name())
	case choice.Mode == model.ToolsNamed && rules.NoChoiceNamed:
		r.Unsupported("tool_choice", "%s cannot be made to call a certain tool", rules.Name())
	}
	return true
}

// EmptySchema is the schema of a tool without arguments.
const EmptySchema = `{"type":"object","properties":{}}`

// Schema is a tool's schema, or that of no arguments.
func Schema(t model.Tool) json.RawMessage {
	if len(t.InputSchema) == 0 {
		return json.RawMessage(EmptySchema)
	}
	return t.InputSchema
}
