package plan

import (
	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/rawjson"
	"github.com/chatmodel-go/chatmodel/model"
)

// New plans a request. The error is a [*model.Error] that lists all that speaks
// against sending it; its kind is that of the first.
//
// The request is not modified. The plan refers to it.
func New(req *model.Request, in Input) (*Plan, error) {
	p, err := newPlanner(req, in)
	if err != nil {
		return nil, err
	}
	p.plan()
	if err := failure(p.out.findings); err != nil {
		return nil, err
	}
	return &p.out, nil
}

// Findings lists all that would be changed in a request and all that speaks
// against sending it.
func Findings(req *model.Request, in Input) []Finding {
	p, err := newPlanner(req, in)
	if err != nil {
		text := err.Error()
		if e, ok := err.(*model.Error); ok {
			text = e.Message
		}
		return []Finding{{Kind: model.KindOf(err), Reason: text}}
	}
	p.plan()
	return p.out.findings
}

// A planner makes one plan. It is a pure function of its input.
type planner struct {
	req    *model.Request
	in     Input
	facts  *facts.Facts
	format *Format
	out    Plan

	refused   int          // refusals so far
	unions    int          // in the schemas that are obeyed, so far
	optional  int          // properties of these
	given     []given      // the members of the caller's additional fields
	own       ownThinking  // what those say of thinking
	talk      conversation // the messages in the making
	documents uniqueNames  // their names
}

func newPlanner(req *model.Request, in Input) (*planner, error) {
	if err := validate(req, in.Prompt); err != nil {
		return nil, err
	}
	p := &planner{req: req, in: in, facts: in.Facts, format: in.Format,
		documents: uniqueNames{limit: maxDocumentName, open: " (", shut: ")"}}
	if p.facts == nil {
		p.facts = &facts.Facts{}
	}
	p.out.Stream = in.Stream
	p.out.ResultStatus = p.format.ResultStatus && !p.facts.Tools.ResultStatus.No()
	p.out.Settings = in.Settings
	return p, nil
}

// validate checks what holds for all providers. A prompt of Prompt management
// brings its own messages.
func validate(req *model.Request, prompt bool) error {
	if prompt && req != nil && len(req.Messages) == 0 {
		r := *req
		r.Messages = []model.Message{model.User("prompt")}
		return r.Validate()
	}
	return req.Validate()
}

// plan applies the rules. Tools come first, since the history depends on them,
// and cache points last, since they depend on everything.
func (p *planner) plan() {
	p.sibling()
	p.door()
	p.settings()
	p.additional()
	if p.in.Prompt {
		p.promptAlone()
	}
	said := p.hold(p.thinking)
	p.tools()
	p.choice()
	p.whole()
	p.guards()
	p.conversation()
	p.replayed()
	p.cache()
	said()
	p.sampling()
	p.output()
}

// hold applies a rule at once, and lets what it has found be said later, in the
// order of the request.
func (p *planner) hold(rule func()) (say func()) {
	findings, refused := p.out.findings, p.refused
	p.out.findings = nil
	rule()
	held, more := p.out.findings, p.refused-refused
	p.out.findings, p.refused = findings, refused
	return func() {
		p.out.findings = append(p.out.findings, held...)
		p.refused += more
	}
}

// sibling says whose facts stand in for those of a model that is not known.
func (p *planner) sibling() {
	if p.facts.Sibling != "" {
		p.change("", "model", "%s is not known to this version, which treats it as its newest sibling, %s", p.facts.ID, p.facts.Sibling)
	}
}

// lacks reports whether the model is known not to have what a fact is of, so
// that a request for it is refused. What is known of a sibling alone the model
// may have: what the caller has written goes out, and the service answers.
func (p *planner) lacks(fact string, s facts.Support) bool {
	if !s.No() || p.facts.Sibling == "" {
		return s.No()
	}
	source, ok := p.facts.Source(fact)
	return !ok || source.Sibling == ""
}

// door refuses a model that is not served here.
func (p *planner) door() {
	doors := &p.facts.Doors
	switch {
	case p.in.Prompt:
	case p.format.Invoke && p.lacks("doors.invoke", doors.Invoke):
		p.unsupported("doors.invoke", "model", "%s is not served by InvokeModel%s", p.name(), p.elsewhere(doors.Converse, "Converse"))
	case !p.format.Invoke && p.lacks("doors.converse", doors.Converse):
		p.unsupported("doors.converse", "model", "%s is not served by Converse%s", p.name(), p.elsewhere(doors.Invoke, "InvokeModel, by Options.Format"))
	}
}

// elsewhere names the doors that do serve the model, the other one of ours
// first.
func (p *planner) elsewhere(other facts.Support, name string) string {
	var names []string
	if other.Yes() {
		names = append(names, name)
	}
	names = append(names, p.facts.Doors.Elsewhere...)
	switch len(names) {
	case 0:
		return ""
	case 1:
		return "; it is served by " + names[0]
	}
	text := names[0]
	for i, n := range names[1:] {
		if i == len(names)-2 {
			text += " and " + n
		} else {
			text += ", " + n
		}
	}
	return "; it is served by " + text
}

// whole says where an answer cannot come in pieces.
func (p *planner) whole() {
	switch {
	case !p.in.Stream:
	case !p.format.Invoke && p.facts.Doors.ConverseStream.No():
		p.out.Whole = true
		p.change("doors.converse_stream", "stream", "%s does not stream; the answer comes in one piece", p.name())
	case len(p.out.Tools) > 0 && p.facts.Tools.Streaming.No():
		p.out.Whole = true
		p.change("tools.streaming", "stream", "%s uses no tools in streams; the answer comes in one piece", p.name())
	}
}

// A given is a member of the caller's additional fields.
type given struct {
	name  string
	value []byte
}

// additional reads the caller's additional fields.
func (p *planner) additional() {
	object := trimSpace(p.in.Settings.AdditionalFields)
	if len(object) == 0 {
		return
	}
	if object[0] != '{' || !rawjson.Valid(object) {
		p.invalid("provider_options.additional_fields", "must be a JSON object")
		return
	}
	p.out.Additional = p.in.Settings.AdditionalFields
	rawjson.EachMember(object, func(name, value []byte) {
		p.given = append(p.given, given{rawjson.Unquote(name), value})
	})
	p.own = p.readOwnThinking()
	p.overridden(p.format.Members.Messages, "messages")
}

// gives returns the value of a member of the caller's additional fields, nil if
// there is none, or null. Of a repeated name the last value counts.
func (p *planner) gives(name string) []byte {
	for i := len(p.given) - 1; i >= 0; i-- {
		if p.given[i].name == name {
			if string(p.given[i].value) == "null" {
				return nil
			}
			return p.given[i].value
		}
	}
	return nil
}

// overridden warns if the caller's additional fields set a member themselves,
// by which the neutral field is dropped. It reports whether the plan must leave
// the field out: bodies of the model's own write the caller's member in its
// place.
func (p *planner) overridden(member, field string) bool {
	if member == "" || p.gives(member) == nil {
		return false
	}
	p.drop("", field, "provider_options.additional_fields sets %s itself", member)
	return !p.format.Invoke
}

func trimSpace(b []byte) []byte {
	for len(b) > 0 && isSpace(b[0]) {
		b = b[1:]
	}
	for len(b) > 0 && isSpace(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }
