package plan

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/chatmodel-go/chatmodel/model"
)

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

// warn notes a change, and the fact that decided it, if one did.
func (p *planner) warn(action model.WarningAction, fact, field, format string, args ...any) {
	p.out.findings = append(p.out.findings, Finding{Action: action, Field: field, Reason: fmt.Sprintf(format, args...), Fact: fact})
}

func (p *planner) drop(fact, field, format string, args ...any) {
	p.warn(model.WarningDropped, fact, field, format, args...)
}

func (p *planner) change(fact, field, format string, args ...any) {
	p.warn(model.WarningChanged, fact, field, format, args...)
}

func (p *planner) move(fact, field, format string, args ...any) {
	p.warn(model.WarningMoved, fact, field, format, args...)
}

// invalid notes a field that is wrong, whatever the model.
func (p *planner) invalid(field, format string, args ...any) {
	p.refuse(model.ErrInvalidRequest, "", field, format, args...)
}

// unsupported notes a field that the model or the format has no place for.
func (p *planner) unsupported(fact, field, format string, args ...any) {
	p.refuse(model.ErrUnsupported, fact, field, format, args...)
}

func (p *planner) refuse(kind model.ErrorKind, fact, field, format string, args ...any) {
	p.refused++
	p.out.findings = append(p.out.findings, Finding{Kind: kind, Field: field, Reason: fmt.Sprintf(format, args...), Fact: fact})
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

// name is the model's name for texts.
func (p *planner) name() string {
	if p.facts.Model == "" {
		return "this model"
	}
	return p.facts.Model
}

// only says what a prompt is.
func (p *planner) only() string { return p.format.Name + " is a prompt of text alone" }

// at names an element of a list, as in "messages[2]".
func at(list string, i int) string { return list + "[" + strconv.Itoa(i) + "]" }

// A fieldNames holds the names of all parts of a request in one string, since
// most of them are never read. Names are asked for in the order of the request.
type fieldNames struct {
	text string
	next int
}

func newFieldNames(messages []model.Message) *fieldNames {
	size := 0
	for i, m := range messages {
		for j := range m.Parts {
			size += len(messagesOpen) + digits(i) + len(partsOpen) + digits(j) + 1
		}
	}
	buf := make([]byte, 0, size)
	for i, m := range messages {
		for j := range m.Parts {
			buf = strconv.AppendInt(append(buf, messagesOpen...), int64(i), 10)
			buf = strconv.AppendInt(append(buf, partsOpen...), int64(j), 10)
			buf = append(buf, ']')
		}
	}
	return &fieldNames{text: string(buf)}
}

const (
	messagesOpen = "messages["
	partsOpen    = "].parts["
)

// part returns the name of the next part, which is part j of message i.
func (f *fieldNames) part(i, j int) string {
	start := f.next
	f.next += len(messagesOpen) + digits(i) + len(partsOpen) + digits(j) + 1
	return f.text[start:f.next]
}

// message returns the name of the message i, whose parts come next.
func (f *fieldNames) message(i int, m *model.Message) string {
	if len(m.Parts) == 0 {
		return at("messages", i)
	}
	return f.text[f.next : f.next+len(messagesOpen)+digits(i)+1]
}

func digits(n int) int {
	d := 1
	for ; n >= 10; n /= 10 {
		d++
	}
	return d
}
