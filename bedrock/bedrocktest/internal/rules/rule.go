package rules

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
)

// A Rule is a reason for which the service refuses requests.
type Rule struct {
	ID     string // such as "blank-text"
	About  string // what it asks for
	Whom   string // whose models it is for; empty: all
	Code   string // of the exception; empty: ValidationException
	Status int    // zero: 400
	Texts  []*Text
	check  func(*Input) *Refusal // nil: enforced before the request is read
}

// A Text is a message of a refusal.
type Text struct {
	Form   string   // for fmt
	Native string   // in which a native body is refused; empty: the same
	Model  bool     // said by the model, which the service passes on
	Source string   // where it was seen; empty: inferred from others of its form
	Others []string // how else the service says it, with the same arguments
}

// Seen reports whether the text is the service's own.
func (t *Text) Seen() bool { return t.Source != "" }

// A Refusal is the service's answer to a request that breaks a rule.
type Refusal struct {
	Rule    *Rule
	Code    string
	Message string
}

// passedOn introduces a text of the model in the service's answer.
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

// Judge returns why the service refuses a request, nil if it does not. The
// rules for which off returns true are left out. Of a request without a
// neutral form nothing but its model and its body is judged.
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

// callerRules are about who calls, and are enforced by the server.
var callerRules = []*Rule{
	{ID: "authentication", About: "SigV4 in form and date, or an API key", Code: "UnrecognizedClientException", Status: 403, Texts: []*Text{{Form: "texts of the AWS front door"}}},
	{ID: "signature-v4", About: "the signature itself, where the secret key is known", Code: "InvalidSignatureException", Status: 403, Texts: []*Text{{Form: "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details."}}},
	{ID: "bearer-tls", About: "API keys come over TLS", Code: "UnrecognizedClientException", Status: 403, Texts: []*Text{{Form: "texts of the AWS front door"}}},
	{ID: "unknown-member", About: "JSON members that do not exist", Texts: []*Text{textExtra}},
}

// textExtra is how Claude refuses unknown members.
var textExtra = &Text{Form: "%s: Extra inputs are not permitted", Source: sourceText,
	Others: []string{"Malformed input request: #: extraneous key [%s] is not permitted, please reformat your input and try again."}}

// Where texts were seen.
const (
	sourceWire     = "recordings and public issues"
	sourceText     = "public issues that quote the service"
	sourceProbe    = "probes, 2026-07 to 2026-10"
	sourceDocs     = "documentation of AWS and the makers"
	sourceRecorded = "recordings"
)

// Two forms in which the service refuses what a model does not have.
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
