package conformance

import (
	"fmt"
	"reflect"

	"github.com/chatmodel-go/chatmodel/model"
)

func recordingsCases() []Case {
	cases := []Case{
		{ID: "REC-01", Name: "Outcome", check: conversationOutcome,
			Rule: "every call of a conversation is answered, or fails with the kind of error that was expected"},
		{ID: "REC-02", Name: "Grammar", check: conversationLaw(CheckEvents),
			Rule: "every stream is, for every part, events and then one EventPartDone; after the last part one EventFinish, and nothing after it"},
		{ID: "REC-03", Name: "Conservation", check: conversationLaw(CheckPieces),
			Rule: "the pieces of every stream add up to its parts, and the parts are the answer"},
		{ID: "REC-04", Name: "Accounting", check: conversationLaw(CheckUsage),
			Rule: "every usage counts the whole prompt, and what it splits adds up"},
		{ID: "REC-05", Name: "Provenance", check: conversationLaw(CheckThinking),
			Rule: "all thinking names its provider and is whole"},
		{ID: "REC-06", Name: "JSON", check: conversationJSON,
			Rule: "every answer survives JSON"},
		{ID: "REC-07", Name: "StopReason", check: conversationStops,
			Rule: "every answer says why it ended, and one that calls tools says that it waits for them"},
		{ID: "REC-08", Name: "RequestUnchanged", check: conversationRequests,
			Rule: "no call changes its request"},
		{ID: "REC-09", Name: "FirstTextArrives", check: conversationText,
			Rule: "the text of a stream is what Text yields"},
	}
	for i := range cases {
		cases[i].recorded = true
	}
	return cases
}

// calls makes all calls of all conversations, each on a model of its own
// conversation, and hands on what was seen.
func (p *probe) calls(check func(what string, t Call, o Observation)) {
	for _, c := range p.subject.Conversations {
		m, err := c.Open(p.env)
		if err != nil {
			p.errorf("%s can't be opened: %v", c.Name, err)
			continue
		}
		for i, t := range c.Turns {
			check(fmt.Sprintf("%s, call %d", c.Name, i+1), t, p.take(m, t))
		}
	}
}

// take makes a call. A panic is what was seen of it.
func (p *probe) take(m model.ChatModel, t Call) (o Observation) {
	if text := caught(func() {
		if t.Stream {
			o = observe(p.seams.stream(m.Stream(p.ctx, t.Request)), p.subject.Provider)
			return
		}
		resp, err := m.Generate(p.ctx, t.Request)
		o = Observation{Response: resp, Err: err, Provider: p.subject.Provider}
	}); text != "" {
		p.fatalf("the call panicked: %s", text)
	}
	return o
}

func conversationOutcome(p *probe) {
	p.calls(func(what string, t Call, o Observation) {
		switch {
		case t.Fails == "" && o.Err != nil:
			p.errorf("%s failed: %v", what, o.Err)
		case t.Fails == "" && o.Response == nil:
			p.errorf("%s returned neither a response nor an error", what)
		case t.Fails != "" && o.Err == nil:
			p.errorf("%s succeeded, want an error of kind %q", what, string(t.Fails))
		case t.Fails != "" && t.Fails != model.ErrUnknown && model.KindOf(o.Err) != t.Fails:
			p.errorf("%s failed with kind %q, want %q: %v", what, string(model.KindOf(o.Err)), string(t.Fails), o.Err)
		case t.Fails != "" && asError(o.Err) == nil:
			p.errorf("%s failed with a %T, want a *model.Error", what, o.Err)
		}
	})
}

// conversationLaw checks that a law holds for every call.
func conversationLaw(law func(Observation) error) func(*probe) {
	return func(p *probe) {
		p.calls(func(what string, _ Call, o Observation) {
			if err := law(o); err != nil {
				p.errorf("%s: %v", what, err)
			}
		})
	}
}

// answered calls check for every call that was answered.
func (p *probe) answered(check func(what string, t Call, resp *model.Response)) {
	p.calls(func(what string, t Call, o Observation) {
		if o.Err == nil && o.Response != nil {
			check(what, t, o.Response)
		}
	})
}

func conversationJSON(p *probe) {
	p.answered(func(what string, _ Call, resp *model.Response) { p.stable(what+", the answer", resp.Message) })
}

func conversationStops(p *probe) {
	p.answered(func(what string, _ Call, resp *model.Response) {
		switch calls := len(resp.ToolCalls()); {
		case resp.StopReason == "":
			p.errorf("%s: the answer has no stop reason", what)
		case calls > 0 && resp.StopReason == model.StopEndTurn:
			p.errorf("%s: the answer has %d tool calls and the stop reason %q, want %q", what, calls, resp.StopReason, model.StopToolUse)
		}
	})
}

func conversationRequests(p *probe) {
	for _, c := range p.subject.Conversations {
		m, err := c.Open(p.env)
		if err != nil {
			p.errorf("%s can't be opened: %v", c.Name, err)
			continue
		}
		for i, t := range c.Turns {
			before := t.Request.Clone()
			p.take(m, t)
			if !reflect.DeepEqual(before, t.Request) {
				p.errorf("%s, call %d changed its request", c.Name, i+1)
			}
		}
	}
}

func conversationText(p *probe) {
	p.calls(func(what string, t Call, o Observation) {
		if !t.Stream || o.Err != nil {
			return
		}
		text := ""
		for _, ev := range o.Events {
			switch {
			case ev.Kind == model.EventText:
				text += ev.Text
			case ev.Kind == model.EventPart:
				text += model.Message{Parts: []model.Part{ev.Part}}.Text()
			}
		}
		if got := o.Response.Text(); got != text {
			p.errorf("%s: the answer's text is %s, its pieces add up to %s", what, showText(got), showText(text))
		}
	})
}
