package plan

import (
	"fmt"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/model"
)

// A scope is what every rule has at hand: what is known of the model and of the
// kind of body, which rules only read, and the report that they add to. Nothing
// else is shared between rules, so that a rule's arguments show all it depends
// on.
type scope struct {
	facts  *facts.Facts
	format *Format
	report
}

// name returns the model's name for texts.
func (s *scope) name() string {
	if s.facts.Model == "" {
		return "this model"
	}
	return s.facts.Model
}

// who returns the name of the format or of the model, for a rule that either may
// have.
func (s *scope) who(format bool) string {
	if format {
		return s.format.Name
	}
	return s.name()
}

// only returns the words for what a prompt is.
func (s *scope) only() string { return s.format.Name + " is a prompt of text alone" }

// lacks reports whether the model is known not to have what a fact is of, so
// that a request for it is refused. What is known of a sibling alone the model
// may have: what the caller has written goes out, and the service answers.
func (s *scope) lacks(fact string, has facts.Support) bool {
	if !has.No() || s.facts.Sibling == "" {
		return has.No()
	}
	source, ok := s.facts.Source(fact) // what the caller has overridden is of the model itself
	return !ok || source.Sibling == ""
}

// readsInside reports whether a file may stand in a tool result.
func (s *scope) readsInside(file model.Part) bool {
	if !s.format.ResultFiles {
		return false
	}
	in := &s.facts.Results
	switch q := file.(type) {
	case model.Image:
		return !in.Image.No() && !(q.URI != "" && in.S3.No())
	case model.Document:
		return !in.Document.No() && !(q.URI != "" && in.S3.No())
	case model.Video:
		return !in.Video.No() && !(q.URI != "" && in.S3.No())
	}
	return false // nowhere is a place for audio
}

// unread reports whether a block of Converse, by its name there, is a file that
// the model is known not to read in some place.
func (s *scope) unread(in *facts.Media, kind string) bool {
	return map[string]facts.Support{"image": in.Image, "document": in.Document, "video": in.Video, "audio": in.Audio}[kind].No()
}

// bars reports whether no cache point may stand directly after a block. On
// Converse, Claude refuses one after thinking ("Cache point cannot be inserted
// after reasoning block"), documents and videos. In Anthropic's own format the
// point is a member of the block: there only thinking has no place for it.
func (s *scope) bars(b *Block) bool {
	f := &s.facts.Cache
	switch b.Part.(type) {
	case model.Thinking:
		return f.AfterThinking.No() || s.format.OwnEnds
	case model.Document, model.Video:
		return f.AfterDocument.No() && !s.format.OwnEnds
	}
	return false
}

// A Finding is something that the plan changed, or why it cannot be sent.
type Finding struct {
	Kind   model.ErrorKind     // a refusal; empty: a warning
	Action model.WarningAction // of a warning
	Field  string
	Reason string
	Fact   string // the name of the fact that decided, such as "tools.streaming"; empty: a rule of the service or of the format
}

// A report is what the rules have found, in the order in which they found it.
// In its methods, fact is the name of the fact that decided, empty if none did:
// the service's refusals are held against it, and a caller can override it.
type report struct {
	findings []Finding
	refused  int // how many of them are refusals
}

// warn notes a change.
func (r *report) warn(action model.WarningAction, fact, field, format string, args ...any) {
	r.findings = append(r.findings, Finding{Action: action, Field: field, Reason: fmt.Sprintf(format, args...), Fact: fact})
}

// drop notes something that is not sent.
func (r *report) drop(fact, field, format string, args ...any) {
	r.warn(model.WarningDropped, fact, field, format, args...)
}

// change notes something that is sent in another form.
func (r *report) change(fact, field, format string, args ...any) {
	r.warn(model.WarningChanged, fact, field, format, args...)
}

// move notes something that is sent in another place.
func (r *report) move(fact, field, format string, args ...any) {
	r.warn(model.WarningMoved, fact, field, format, args...)
}

// invalid notes a field that is wrong, whatever the model.
func (r *report) invalid(field, format string, args ...any) {
	r.refuse(model.ErrInvalidRequest, "", field, format, args...)
}

// unsupported notes a field that the model or the format has no place for.
func (r *report) unsupported(fact, field, format string, args ...any) {
	r.refuse(model.ErrUnsupported, fact, field, format, args...)
}

// refuse notes why the request is not sent. The rules go on after it, to find the
// rest.
func (r *report) refuse(kind model.ErrorKind, fact, field, format string, args ...any) {
	r.refused++
	r.findings = append(r.findings, Finding{Kind: kind, Field: field, Reason: fmt.Sprintf(format, args...), Fact: fact})
}

// include adds what was found aside.
func (r *report) include(aside *report) {
	r.findings = append(r.findings, aside.findings...)
	r.refused += aside.refused
}

// failure joins the refusals, nil if there are none. The first one decides on
// the kind.
func failure(findings []Finding) error {
	var kind model.ErrorKind
	var texts []string
	for _, f := range findings {
		if f.Kind == "" {
			continue
		}
		if kind == "" {
			kind = f.Kind
		}
		if f.Field != "" {
			f.Reason = f.Field + ": " + f.Reason
		}
		texts = append(texts, f.Reason)
	}
	if kind == "" {
		return nil
	}
	return &model.Error{Kind: kind, Message: strings.Join(texts, "; ")}
}

// Warnings lists what had to be changed, in the order in which the rules found
// it.
func (p *Plan) Warnings() []model.Warning {
	var all []model.Warning
	for _, f := range p.findings {
		if f.Kind == "" {
			all = append(all, model.Warning{Action: f.Action, Field: f.Field, Reason: f.Reason})
		}
	}
	return all
}
