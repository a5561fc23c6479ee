package plan

import (
	"github.com/chatmodel-go/chatmodel/model"
)

// New plans a request. The error is a [*model.Error] that lists all that speaks
// against sending it; its kind is that of the first. All of them are listed, so
// that a caller need not find them one call at a time.
//
// The request is not modified. The plan refers to it: files and long texts are
// not copied before they are written.
func New(req *model.Request, in Input) (*Plan, error) {
	p, err := build(req, &in)
	if err != nil {
		return nil, err
	}
	if err := failure(p.findings); err != nil {
		return nil, err
	}
	return p, nil
}

// Findings lists all that would be changed in a request and all that speaks
// against sending it.
func Findings(req *model.Request, in Input) []Finding {
	p, err := build(req, &in)
	if err != nil {
		text := err.Error()
		if e, ok := err.(*model.Error); ok {
			text = e.Message
		}
		return []Finding{{Kind: model.KindOf(err), Reason: text}}
	}
	return p.findings
}

// build applies the rules. It is a pure function of its arguments. Each step
// takes what those before it have settled: tools come before the history, whose
// calls need them, cache points after it, since they stand on its blocks, and
// sampling after thinking, which excludes some of it.
//
// A plan with a refusal among its findings is not whole.
func build(req *model.Request, in *Input) (*Plan, error) {
	if err := validate(req, in.Prompt); err != nil {
		return nil, err
	}
	var room struct { // one allocation for what lives as long as this function
		scope, aside scope
		given        additional
		mind         mind
		schemas      schemas
		history      history
	}
	s := &room.scope
	s.facts, s.format = in.Facts, in.Format
	p := &Plan{Stream: in.Stream, Settings: in.Settings}
	// Unknown counts as yes: the status is part of what the caller wrote.
	p.ResultStatus = s.format.ResultStatus && !s.facts.Tools.ResultStatus.No()

	sibling(s)
	door(s, in.Prompt)
	effort := settings(s, &in.Settings)
	given := &room.given
	given.scope = s
	given.read(in.Settings.AdditionalFields)
	p.Additional = given.object
	effort = given.replaced(effort)
	if in.Prompt { // after the additional fields, which it refuses, too
		promptAlone(s, req, in.Settings.AdditionalFields)
		req = besides(req)
	}

	// How the model thinks decides on its tools, so it is settled early. The
	// findings come later, in the order of the request's fields.
	aside := &room.aside
	aside.facts, aside.format = s.facts, s.format
	p.Thinking, p.Effort = think(aside, req, given, effort)
	mind, schemas := &room.mind, &room.schemas
	mind.facts, mind.own, mind.asked = s.facts, &given.thinking, p.Thinking
	schemas.scope = s

	offer := offer{scope: s, req: req, given: given, schemas: schemas}
	offer.list()
	offer.choose(mind)
	p.Tools, p.Choice = offer.tools, offer.choice
	p.Whole = whole(s, in.Stream, len(p.Tools) > 0)

	p.Guards = guardsOf(s, req, in.Settings.Guardrail != nil)
	p.System, p.Turns = room.history.read(s, req, in, p, offer.any())
	// The history may force thinking off again, and sampling depends on that.
	p.Thinking = replayed(s, p.Thinking, p.Turns)
	mind.asked = p.Thinking
	if s.refused == 0 || len(p.Turns) > 0 {
		caching := caching{scope: s, tools: p.Tools, system: p.System, turns: p.Turns}
		caching.settle(req.Cache)
	}

	s.include(&aside.report)
	if !in.Prompt {
		p.Sampling = sampling(s, req, given, mind)
	}
	p.Output = output(s, req.Output, given, schemas)
	p.findings = s.findings
	return p, nil
}

// validate checks what holds for all providers. A prompt of Prompt management
// brings its own messages.
func validate(req *model.Request, prompt bool) error {
	if prompt && req != nil && len(req.Messages) == 0 {
		// Everything else in the request is checked beside a message that stands for
		// those of the prompt.
		r := *req
		r.Messages = []model.Message{model.User("prompt")}
		return r.Validate()
	}
	return req.Validate()
}

// besides returns a request beside a prompt of Prompt management without what
// has been refused there, of which nothing more is to be said.
func besides(req *model.Request) *model.Request {
	r := *req
	r.Tools, r.Thinking = nil, nil
	return &r
}
