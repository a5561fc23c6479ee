package recordings

import (
	"fmt"
	"reflect"

	"github.com/chatmodel-go/chatmodel/conformance/internal/laws"
	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/model"
)

// calls makes all calls of all conversations, with a model for each
// conversation, and passes the observations to check.
func calls(p *probe.Probe, check func(what string, t probe.Call, o laws.Observation)) {
	for _, c := range p.Subject.Conversations {
		m, err := c.Open()
		if err != nil {
			p.Errorf("%s can't be opened: %v", c.Name, err)
			continue
		}
		for i, t := range c.Turns {
			check(fmt.Sprintf("%s, call %d", c.Name, i+1), t, take(p, m, t))
		}
	}
}

// take makes a call. A panic of the call is a symptom.
func take(p *probe.Probe, m model.ChatModel, t probe.Call) (o laws.Observation) {
	if text := probe.Caught(func() {
		if t.Stream {
			o = laws.Observe(p.Seams.Stream(m.Stream(p.Ctx, t.Request)), p.Subject.Provider)
			return
		}
		resp, err := m.Generate(p.Ctx, t.Request)
		o = laws.Observation{Response: resp, Err: err, Provider: p.Subject.Provider}
	}); text != "" {
		p.Fatalf("the call panicked: %s", text)
	}
	p.Subject.Notes.Stream(o)
	return o
}

func conversationOutcome(p *probe.Probe) {
	calls(p, func(what string, t probe.Call, o laws.Observation) {
		switch {
		case t.Fails == "" && o.Err != nil:
			p.Errorf("%s failed: %v", what, o.Err)
		case t.Fails == "" && o.Response == nil:
			p.Errorf("%s returned neither a response nor an error", what)
		case t.Fails != "" && o.Err == nil:
			p.Errorf("%s succeeded, want an error of kind %q", what, string(t.Fails))
		case t.Fails != "" && t.Fails != model.ErrUnknown && model.KindOf(o.Err) != t.Fails:
			p.Errorf("%s failed with kind %q, want %q: %v", what, string(model.KindOf(o.Err)), string(t.Fails), o.Err)
		case t.Fails != "" && probe.AsError(o.Err) == nil:
			p.Errorf("%s failed with a %T, want a *model.Error", what, o.Err)
		}
	})
}

// conversationLaw checks that a law holds for every call.
func conversationLaw(law func(laws.Observation) error) func(*probe.Probe) {
	return func(p *probe.Probe) {
		calls(p, func(what string, _ probe.Call, o laws.Observation) {
			if err := law(o); err != nil {
				p.Errorf("%s: %v", what, err)
			}
		})
	}
}

// answered calls check for every answered call.
func answered(p *probe.Probe, check func(what string, t probe.Call, resp *model.Response)) {
	calls(p, func(what string, t probe.Call, o laws.Observation) {
		if o.Err == nil && o.Response != nil {
			check(what, t, o.Response)
		}
	})
}

func conversationJSON(p *probe.Probe) {
	answered(p, func(what string, _ probe.Call, resp *model.Response) { p.Stable(what+", the answer", resp.Message) })
}

func conversationStops(p *probe.Probe) {
	answered(p, func(what string, _ probe.Call, resp *model.Response) {
		switch calls := len(resp.ToolCalls()); {
		case resp.StopReason == "":
			p.Errorf("%s: the answer has no stop reason", what)
		case calls > 0 && resp.StopReason == model.StopEndTurn:
			p.Errorf("%s: the answer has %d tool calls and the stop reason %q, want %q", what, calls, resp.StopReason, model.StopToolUse)
		}
	})
}

func conversationRequests(p *probe.Probe) {
	for _, c := range p.Subject.Conversations {
		m, err := c.Open()
		if err != nil {
			p.Errorf("%s can't be opened: %v", c.Name, err)
			continue
		}
		for i, t := range c.Turns {
			before := t.Request.Clone()
			take(p, m, t)
			if !reflect.DeepEqual(before, t.Request) {
				p.Errorf("%s, call %d changed its request", c.Name, i+1)
			}
		}
	}
}

func conversationText(p *probe.Probe) {
	calls(p, func(what string, t probe.Call, o laws.Observation) {
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
			p.Errorf("%s: the answer's text is %s, its pieces add up to %s", what, show.Text(got), show.Text(text))
		}
	})
}
