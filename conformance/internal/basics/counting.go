package basics

import (
	"context"
	"strings"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func capabilitiesAgree(p *probe.Probe) {
	r := p.Play()
	got, ok := model.CapabilitiesOf(r.Model)
	if !ok {
		return // a model need not report any
	}
	p.Equal("capabilities that the model reports, compared with those claimed", got, p.Subject.Capabilities.Capabilities)
}

func countTokens(p *probe.Probe) {
	r := p.Play()
	short, err := model.CountTokens(p.Ctx, r.Model, probe.Ask("Hi"))
	if err != nil {
		p.Fatalf("CountTokens failed: %v", err)
	}
	long, err := model.CountTokens(p.Ctx, r.Model, probe.Ask(strings.Repeat("All work and no play. ", 50)))
	if err != nil {
		p.Fatalf("CountTokens failed: %v", err)
	}
	if short <= 0 || long <= short {
		p.Errorf("CountTokens gives %d tokens for \"Hi\" and %d for fifty sentences", short, long)
	}
	r.Calls("CountTokens", 0)
	if _, err := model.CountTokens(p.Ctx, r.Model, nil); model.KindOf(err) != model.ErrInvalidRequest {
		p.Errorf("CountTokens(nil) = %v, want an error of kind %q", err, string(model.ErrInvalidRequest))
	}
	ctx, cancel := context.WithCancel(p.Ctx)
	cancel()
	if _, err := model.CountTokens(ctx, r.Model, probe.Ask("Hi")); model.KindOf(err) != model.ErrCanceled {
		p.Errorf("CountTokens with a cancelled context = %v, want an error of kind %q", err, string(model.ErrCanceled))
	}
}

func countTokensRefused(p *probe.Probe) {
	r := p.Play()
	n, err := model.CountTokens(p.Ctx, r.Model, probe.Ask("Hi"))
	if model.KindOf(err) != model.ErrUnsupported {
		p.Errorf("CountTokens = %d, %v, want an error of kind %q", n, err, string(model.ErrUnsupported))
	}
	r.Calls("CountTokens", 0)
}

// countsAll checks that every part of a prompt is counted: adding any of
// several things to it makes the count larger.
func countsAll(p *probe.Probe) {
	r := p.Play(fake.Text("this should not have been asked for").Always())
	count := func(what string, req *model.Request) int {
		n, err := model.CountTokens(p.Ctx, r.Model, req)
		if err != nil {
			p.Fatalf("CountTokens of %s failed: %v", what, err)
		}
		return n
	}
	said := strings.Repeat("All work and no play makes Jack a dull boy. ", 12)
	more := func(what string, short, long *model.Request) {
		a, b := count("a request", short), count(what, long)
		if b <= a {
			p.Errorf("CountTokens gives %d tokens for %s, and %d for the same request with less", b, what, a)
		}
	}
	history := func(messages ...model.Message) *model.Request {
		return &model.Request{Messages: append(messages, model.User("Hi"))}
	}
	more("a system message", history(), history(model.System(said)))
	more("an earlier turn of the user's", history(model.User("Yes?"), model.Assistant("Yes.")), history(model.User(said), model.Assistant("Yes.")))
	more("an earlier answer", history(model.User("Yes?"), model.Assistant("Yes.")), history(model.User("Yes?"), model.Assistant(said)))
	if p.Claims(probe.Tools) {
		more("a tool", probe.Ask("Hi"), probe.WithTools(probe.Ask("Hi"), "weather"))
		calls := []model.Part{probe.ToolCall("c1", "weather", `{"city":"Oslo"}`)}
		more("a tool result", probe.ToolTurn(calls, probe.TextResult("c1", "Rain.")), probe.ToolTurn(calls, probe.TextResult("c1", said)))
	}
	if p.Claims(probe.Images) {
		more("an image", probe.Says(model.Text("Hi")), probe.Says(model.Image{MediaType: "image/png", Data: probe.Pixel}, model.Text("Hi")))
	}
	r.Calls("CountTokens", 0)
}
