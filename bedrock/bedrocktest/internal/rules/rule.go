package rules

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
)

// A Rule is a requirement of the service. It refuses requests that break it.
type Rule struct {
	ID     string // such as "blank-text"
	About  string // the requirement, in words
	Whom   string // the models that it affects; empty: all
	Code   string // the exception's code; empty: ValidationException
	Status int    // zero: 400
	Texts  []*Text
	check  func(*Input) *Refusal // nil: enforced before the request is read
}

// A Text is a text of a refusal.
type Text struct {
	Form   string   // a format for fmt
	Native string   // the text for a native body; empty: the same
	Model  bool     // the text is the model's, and the service passes it on
	Source string   // where it was seen; empty: inferred from similar texts
	Others []string // other wordings of the service, with the same arguments
}

// Seen reports whether the text is the service's own.
func (t *Text) Seen() bool { return t.Source != "" }

// A Refusal is the service's answer to a request that breaks a rule.
type Refusal struct {
	Rule    *Rule
	Code    string
	Message string
}

// passedOn is how the service introduces a text of the model.
const passedOn = "The model returned the following errors: "

// refuse returns a refusal with a text.
func (in *Input) refuse(t *Text, args ...any) *Refusal {
	return &Refusal{Message: in.Wording.say(in, t, args)}
}

// plain returns a text in the usual wording for the request's operation.
func (in *Input) plain(t *Text, args []any) string {
	form := t.Form
	if in.Door == Invoke && t.Native != "" {
		form = t.Native
	}
	message := fmt.Sprintf(form, args...)
	if t.Model && in.Door == Converse {
		return passedOn + message
	}
	return message
}

// Rules returns the rules in the order in which they are checked.
func Rules() []*Rule {
	var all []*Rule
	for _, group := range groups {
		all = append(all, group...)
	}
	return all
}

// groups are the rules. The service checks the caller first, then the model,
// the shapes of values and the conversation, and leaves the rest to the model.
var groups = [][]*Rule{callerRules, modelRules, bodyRules, shapeRules, messageRules, toolRules, schemaRules, fileRules, cacheRules, inferenceRules, thinkingRules}

// Judge returns the service's refusal of a request, or nil. It skips the rules
// for which off returns true. For a request without a neutral form it checks
// only the model and the body.
func Judge(in *Input, off func(*Rule) bool) *Refusal {
	for r := range broken(in, off) {
		return r
	}
	return nil
}

// All returns the refusals for all rules that a request breaks. The service
// sends the first of them.
func All(in *Input, off func(*Rule) bool) []*Refusal { return slices.Collect(broken(in, off)) }

// broken yields the refusals for the rules that a request breaks, in order.
func broken(in *Input, off func(*Rule) bool) iter.Seq[*Refusal] {
	return func(yield func(*Refusal) bool) {
		for i, group := range groups {
			if in.Request == nil && i > 2 {
				return
			}
			for _, rule := range group {
				if rule.check == nil || off(rule) {
					continue
				}
				r := rule.check(in)
				if r == nil {
					continue
				}
				r.Rule, r.Code = rule, cmp.Or(rule.Code, "ValidationException")
				if !yield(r) {
					return
				}
			}
		}
	}
}

// callerRules are about the caller. The server itself enforces them.
var callerRules = []*Rule{
	{ID: "authentication", About: "a request has a SigV4 signature of valid form and date, or an API key", Code: "UnrecognizedClientException", Status: 403, Texts: []*Text{{Form: "texts of the AWS front door"}}},
	{ID: "signature-v4", About: "the signature matches the request, where the server knows the secret key", Code: "InvalidSignatureException", Status: 403, Texts: []*Text{{Form: "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details."}}},
	{ID: "bearer-tls", About: "API keys are sent over TLS only", Code: "UnrecognizedClientException", Status: 403, Texts: []*Text{{Form: "texts of the AWS front door"}}},
	{ID: "unknown-member", About: "the body has only members that the operation has", Texts: []*Text{textExtra}},
}

// textExtra is how Claude refuses unknown members.
var textExtra = &Text{Form: "%s: Extra inputs are not permitted", Source: sourceText,
	Others: []string{"Malformed input request: #: extraneous key [%s] is not permitted, please reformat your input and try again."}}

// Where texts were seen.
const (
	sourceWire     = "recordings and public issues"
	sourceText     = "public issues that quote the service"
	sourceOpenAI   = "public issues that quote OpenAI's own API; not seen from Bedrock"
	sourceProbe    = "probes, 2026-07 to 2026-10"
	sourceDocs     = "documentation of AWS and the makers"
	sourceRecorded = "recordings"
)

// Two texts by which the service refuses a feature that the model lacks.
var (
	textField = &Text{Form: "This model doesn't support the %s field. Remove %[1]s and try again.", Source: sourceText,
		Others: []string{"This model doesn't support the %s field"}}
	textBlock = &Text{Form: "This model doesn't support the %s content block that you provided. Update the content block and try again.", Source: sourceProbe,
		Others: []string{"This model doesn't support the %s field for user messages"}}
	textConstraint = &Text{Form: "1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member must %s", Source: sourceText}
)

// constraint returns the refusal of a value that is out of bounds.
func (in *Input) constraint(value, at, must string) *Refusal {
	return in.refuse(textConstraint, value, at, must)
}

// unsupported returns the refusal of a field that the model does not have.
func (in *Input) unsupported(field string) *Refusal { return in.refuse(textField, field) }
