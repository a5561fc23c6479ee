package streaming

import (
	"fmt"
	"strings"

	"github.com/chatmodel-go/chatmodel/conformance/internal/laws"
	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/prompt"
	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// cutEverywhere plays an answer that is cut after k events, for every k.
func cutEverywhere(p *probe.Probe, parts []model.Part, req *model.Request, check func(k int, o laws.Observation, r *probe.Rig)) {
	for k := range probe.EventsOf(p, fake.Reply(parts...)) {
		r := p.Play(fake.Reply(parts...).CutAfter(k))
		check(k, r.Observe(p.Ctx, req), r)
		if p.Failed() {
			return
		}
	}
}

func truncatedAnywhere(p *probe.Probe) {
	parts, req := p.Sample()
	cutEverywhere(p, parts, req, func(k int, o laws.Observation, r *probe.Rig) {
		if !probe.IsAny(o.Err, []model.ErrorKind{model.ErrTruncated, model.ErrTransport}) {
			p.Errorf("an answer cut after %d events ended with %v, want an error of kind %q", k, o.Err, string(model.ErrTruncated))
		}
		if err := laws.Events(o); err != nil {
			p.Errorf("an answer cut after %d events: %v", k, err)
		}
		r.Released(fmt.Sprintf("an answer cut after %d events", k))
	})
}

func truncatedKeepsPieces(p *probe.Probe) {
	parts, req := p.Sample()
	full := model.Message{Parts: parts}.Text()
	cutEverywhere(p, parts, req, func(k int, o laws.Observation, _ *probe.Rig) {
		e := probe.AsError(o.Err)
		if e == nil {
			p.Fatalf("an answer cut after %d events ended with %v, want a *model.Error", k, o.Err)
		}
		want := laws.TallyOf(o.Events).Parts()
		var got []model.Part
		if e.Partial != nil {
			got = prompt.Plain(e.Partial.Message.Parts)
		}
		p.Equal(fmt.Sprintf("Partial of an answer cut after %d events, compared with those", k), laws.SaidParts(probe.OpenInputs(got)), laws.SaidParts(probe.OpenInputs(want)))
		if e.Partial != nil && !strings.HasPrefix(full, e.Partial.Text()) {
			p.Errorf("Partial of an answer cut after %d events says %q", k, e.Partial.Text())
		}
		// The last piece may be lost with the connection, but not more.
		if want := probe.SaidAfter(p, parts, k-1); !strings.HasPrefix(probe.Said(o.Events), want) {
			p.Errorf("before the connection broke the provider had said %s, %s arrived", show.Text(want), show.Text(probe.Said(o.Events)))
		}
	})
}

func truncatedCall(p *probe.Probe) {
	turn := fake.Reply(probe.ToolCall("c1", "weather", `{"city":"Oslo","days":7}`)).Split(`{"city":"Os`, `lo","days":7}`)
	r := p.Play(turn.CutAfter(2))
	o := r.Observe(p.Ctx, probe.WithTools(probe.Ask("Weather?"), "weather"))
	e := probe.AsError(o.Err)
	if e == nil || e.Partial == nil || len(e.Partial.ToolCalls()) != 1 {
		p.Fatalf("a call that was cut off: got error %v, want one whose Partial holds the call", o.Err)
	}
	c := e.Partial.ToolCalls()[0]
	arrived := ""
	for _, ev := range o.Events {
		if ev.Kind == model.EventToolInput {
			arrived += ev.Text
		}
	}
	p.Equal("InvalidInput of a call that was cut off, compared with its pieces", c.InvalidInput, arrived)
	if len(c.Input) > 0 {
		p.Errorf("Input of a call that was cut off is %s, want none", show.Text(string(c.Input)))
	}
}

func truncatedHasNoUsage(p *probe.Probe) {
	parts, req := p.Sample()
	cutEverywhere(p, parts, req, func(k int, o laws.Observation, _ *probe.Rig) {
		e := probe.AsError(o.Err)
		if e == nil || e.Partial == nil {
			return
		}
		if e.Partial.Usage == nil || e.Partial.Usage.Known {
			p.Errorf("Partial of an answer cut after %d events has the usage %s, want one that is not known", k, show.Value(e.Partial.Usage))
		}
		if e.Partial.StopReason != "" {
			p.Errorf("Partial of an answer cut after %d events has the stop reason %q, want none", k, e.Partial.StopReason)
		}
	})
}

func truncatedGenerate(p *probe.Probe) {
	r := p.Play(fake.Text("one two three").CutAfter(2))
	resp, err := r.Ask(p.Ctx, probe.Generate, probe.Ask("Count."))
	if !probe.IsAny(err, []model.ErrorKind{model.ErrTruncated, model.ErrTransport, model.ErrMalformed}) {
		p.Errorf("Generate of an answer that was cut = (%s), %v, want an error of kind %q", show.Value(resp), err, string(model.ErrTruncated))
	}
}
