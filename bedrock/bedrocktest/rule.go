package bedrocktest

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/internal/rules"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
)

// A Rule is the name of a rule that the service enforces, such as
// "blank-text". [Rules] lists them.
type Rule string

// The rules that the server itself enforces. It does so before it reads the
// request.
const (
	ruleAuthentication Rule = "authentication"
	ruleSignatureV4    Rule = "signature-v4"
	ruleBearerTLS      Rule = "bearer-tls"
	ruleUnknownMember  Rule = "unknown-member"
)

// isAuthentication reports whether the rule is about the caller.
func (r Rule) isAuthentication() bool {
	return r == ruleAuthentication || r == ruleSignatureV4 || r == ruleBearerTLS
}

// A RuleInfo describes a rule.
type RuleInfo struct {
	Rule   Rule
	About  string     // the requirement, in words
	Whom   string     // the models that it affects; empty: all
	Code   string     // of the exception
	Status int        // of the answer
	Texts  []RuleText // the texts of its refusals
}

// A RuleText is a text of a refusal. Verbs of fmt stand for the parts that
// depend on the request.
type RuleText struct {
	Text   string
	Source string // where the service's text was seen; empty: inferred from similar texts
}

// Rules returns the rules in the order in which they are checked. RULES.md
// beside this package lists them, and the models.
func Rules() []RuleInfo {
	var all []RuleInfo
	for _, r := range rules.Rules() {
		info := RuleInfo{Rule: Rule(r.ID), About: r.About, Whom: r.Whom, Code: cmp.Or(r.Code, "ValidationException"), Status: cmp.Or(r.Status, http.StatusBadRequest)}
		for _, t := range r.Texts {
			info.Texts = append(info.Texts, RuleText{Text: t.Form, Source: t.Source})
		}
		all = append(all, info)
	}
	return all
}

// mistaken returns the exception for options that are invalid, or nil. It
// answers every call, because New does not return an error.
func (o *Options) mistaken() *Exception {
	known := rules.Rules()
	for _, name := range o.Off {
		if !slices.ContainsFunc(known, func(r *rules.Rule) bool { return r.ID == string(name) }) {
			return validation(fmt.Sprintf("bedrocktest: Options.Off: there is no rule %q; Rules lists them", name))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(o.Play)) {
		if !rules.Row(o.Play[id]) {
			return validation(fmt.Sprintf("bedrocktest: Options.Play: there is no row %q for %q; RULES.md lists them", o.Play[id], id))
		}
	}
	if err := rules.Traits(o.Traits).Check(); err != nil {
		return validation("bedrocktest: Options.Traits: " + err.Error())
	}
	return nil
}

func (h *Handler) account() rules.Account {
	return rules.Account{Models: h.options.Models, Denied: h.options.Denied, Retired: h.options.Retired}
}

// A Violation is a rule that a request breaks, with the refusal.
type Violation struct {
	Rule      Rule // empty if the body does not have the form of the operation
	Exception Exception
}

// Vet judges a request without answering or remembering it. It returns every
// rule that the body breaks, in the order in which rules are checked; a call is
// refused for the first of them. The operation is Converse, ConverseStream,
// InvokeModel, InvokeModelWithResponseStream or CountTokens; any other is an
// error. Vet does not check the caller or any headers.
func (h *Handler) Vet(operation, modelID string, body []byte) ([]Violation, error) {
	if h.mistake != nil {
		return nil, h.mistake
	}
	v := vetting{inquiry: inquiry{Handler: h, modelID: modelID, played: h.played(modelID), headers: http.Header{}}}
	switch operation {
	case "Converse", "ConverseStream":
		w, e := v.parse(body)
		if v.read(e, w != nil) {
			v.hold(v.converseInput(w, operation == "ConverseStream", false))
		}
	case "CountTokens":
		r, e := v.parseCount(body)
		switch {
		case !v.read(e, r != nil):
		case r.Converse != nil:
			v.hold(v.converseInput(r.Converse, false, true))
		default:
			v.native(r.InvokeModel, false, true)
		}
	case "InvokeModel", "InvokeModelWithResponseStream":
		v.native(body, operation != "InvokeModel", false)
	default:
		return nil, fmt.Errorf("bedrocktest: Vet: there is no operation %q with a body to judge", operation)
	}
	return v.broken, nil
}

// A vetting collects the violations of a request.
type vetting struct {
	inquiry
	broken []Violation
}

// read adds the violation if the body was refused before any rule was checked.
// It returns ok.
func (v *vetting) read(e *Exception, ok bool) bool {
	switch {
	case e != nil && ok:
		v.broken = append(v.broken, Violation{ruleUnknownMember, e.settled()})
	case e != nil:
		v.broken = append(v.broken, Violation{"", e.settled()})
	}
	return ok
}

func (v *vetting) hold(in *rules.Input) {
	for _, r := range rules.All(in, func(r *rules.Rule) bool { return !v.enforces(Rule(r.ID)) }) {
		e := Exception{Code: r.Code, Message: r.Message}
		v.broken = append(v.broken, Violation{Rule(r.Rule.ID), e.settled()})
	}
}

func (v *vetting) native(body []byte, stream, counting bool) {
	format := v.nativeFormat(body)
	req, err := v.decodeNative(format, body)
	if err == nil {
		v.remember(req)
	}
	v.hold(v.invokeInput(format, body, stream, counting))
	if err != nil {
		v.read(malformedNative(err), false)
	}
}

// malformed refuses a body that does not have the form of the operation's
// bodies.
func malformed(err error) *Exception {
	f, ok := errors.AsType[*wire.FieldError](err)
	if !ok || f.Path == "" {
		return &Exception{Code: "SerializationException", Message: err.Error()}
	}
	return &Exception{Code: "SerializationException", Message: fmt.Sprintf("The value at %s could not be deserialized: %s", f.Path, f.Problem)}
}

// unknownMember refuses a member that does not exist.
func unknownMember(err error) *Exception {
	f, ok := errors.AsType[*wire.FieldError](err)
	if !ok || f.Problem != "unknown member" {
		return validation(err.Error())
	}
	return validation(f.Path + ": Extra inputs are not permitted")
}
