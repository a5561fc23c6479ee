package caching

import (
	"fmt"
	"slices"
	"time"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/prompt"
	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

var Point = model.CachePoint{}

func pointInMessage(p *probe.Probe) {
	req := &model.Request{Messages: []model.Message{
		model.UserParts(model.Text("A long story."), Point, model.Text("And a question?")),
		model.Assistant("An answer."),
		model.UserParts(model.Text("Another story."), model.Text("Its end."), Point),
	}}
	p.Sent(req, func(w probe.Way, got *prompt.Prompt, resp *model.Response) {
		p.Equal(fmt.Sprintf("turns that %s sent", w), got.Turns, req.Messages)
		p.Silent(w, resp)
	})
}

func pointInSystem(p *probe.Probe) {
	req := &model.Request{Messages: []model.Message{
		model.SystemParts(model.Text("One."), Point, model.Text("Two.")), model.User("Hi"),
	}}
	p.Sent(req, func(w probe.Way, got *prompt.Prompt, resp *model.Response) {
		if !probe.WarnedAny(resp) {
			p.Equal(fmt.Sprintf("system parts that %s sent", w), got.System, req.Messages[0].Parts)
		}
		p.Equal(fmt.Sprintf("system text that %s sent", w), got.SystemText(), "One.Two.")
		p.Equal(fmt.Sprintf("turns that %s sent", w), got.Turns, []model.Message{model.User("Hi")})
	})
}

func pointAfterTool(p *probe.Probe) {
	req := probe.WithTools(probe.Ask("Hi"), "a", "b", "c")
	req.Tools[1].Cache = &model.CachePoint{}
	p.Sent(req, func(w probe.Way, got *prompt.Prompt, resp *model.Response) {
		if !probe.WarnedAny(resp) {
			p.Equal(fmt.Sprintf("tools that %s sent", w), prompt.Tools(got.Tools), prompt.Tools(req.Tools))
		}
	})
}

func severalPoints(p *probe.Probe) {
	req := &model.Request{Messages: []model.Message{
		model.UserParts(model.Text("One."), Point),
		model.Assistant("Two."),
		model.UserParts(model.Text("Three."), Point, model.Text("Four."), Point),
	}}
	p.Sent(req, func(w probe.Way, got *prompt.Prompt, resp *model.Response) {
		p.Equal(fmt.Sprintf("what stands before the cache points that %s sent", w), prompt.Points(got.All(model.RoleUser)),
			[]string{`text "One."`, `text "Three."`, `text "Four."`})
		p.Silent(w, resp)
	})
}

func tooManyPoints(p *probe.Probe) {
	const n = 7
	var parts []model.Part
	for i := range n {
		parts = append(parts, model.Text(fmt.Sprintf("Part %d.", i)), Point)
	}
	req := &model.Request{Messages: []model.Message{model.UserParts(parts...)}}
	for _, w := range probe.Ways {
		r := p.Play(fake.Text("ok"))
		resp, err := r.Ask(p.Ctx, w, req)
		if err != nil {
			if !probe.IsAny(err, []model.ErrorKind{model.ErrUnsupported, model.ErrInvalidRequest}) {
				p.Errorf("%s of %d cache points failed with kind %q", w, n, string(model.KindOf(err)))
			}
			r.Calls(string(w), 0)
			continue
		}
		got := r.Prompt(0).All(model.RoleUser)
		lost := n - len(prompt.Points(got))
		if lost > 0 && len(resp.Warnings) < lost {
			p.Errorf("%s sent %d of %d cache points and warned %d times", w, n-lost, n, len(resp.Warnings))
		}
		p.Equal(fmt.Sprintf("parts besides cache points that %s sent", w), prompt.WithoutPoints(got), prompt.WithoutPoints(parts))
	}
}

func pointLifetime(p *probe.Probe) {
	for _, ttl := range append([]time.Duration{0}, p.Subject.Capabilities.CacheTTLs...) {
		want := model.CachePoint{TTL: ttl}
		req := &model.Request{Messages: []model.Message{model.UserParts(model.Text("Story."), want, model.Text("Question?"))}}
		p.Sent(req, func(w probe.Way, got *prompt.Prompt, resp *model.Response) {
			p.Equal(fmt.Sprintf("the turn that %s sent", w), got.Last(), req.Messages[0].Parts)
			p.Silent(w, resp)
		})
	}
}

func oddLifetime(p *probe.Probe) {
	ttl := 7 * time.Minute
	for slices.Contains(p.Subject.Capabilities.CacheTTLs, ttl) {
		ttl += time.Minute
	}
	req := &model.Request{Messages: []model.Message{model.UserParts(model.Text("Story."), model.CachePoint{TTL: ttl}, model.Text("Question?"))}}
	for _, w := range probe.Ways {
		r := p.Play(fake.Text("ok"))
		resp, err := r.Ask(p.Ctx, w, req)
		if err != nil {
			if !probe.IsAny(err, []model.ErrorKind{model.ErrUnsupported, model.ErrInvalidRequest}) {
				p.Errorf("%s with a lifetime of %v failed with kind %q", w, ttl, string(model.KindOf(err)))
			}
			r.Calls(string(w)+" of a lifetime that does not exist", 0)
			continue
		}
		got := r.Prompt(0).Last()
		if !slices.Contains(got, model.Part(model.CachePoint{TTL: ttl})) && !probe.Warned(resp, "messages[0].parts[1]") {
			p.Errorf("%s with a lifetime of %v sent %s, without a warning", w, ttl, show.Parts(got))
		}
	}
}

func noPointsAskedFor(p *probe.Probe) {
	p.Sent(probe.Rich(p.Subject.Capabilities.Tools), func(w probe.Way, got *prompt.Prompt, _ *model.Response) {
		if where := prompt.Cached(got); where != "" {
			p.Errorf("%s of a request without cache points sent one %s", w, where)
		}
	})
}

func automaticPoints(p *probe.Probe) {
	req := probe.Rich(p.Subject.Capabilities.Tools)
	req.Cache = &model.CacheConfig{}
	p.Sent(req, func(w probe.Way, got *prompt.Prompt, resp *model.Response) {
		if prompt.Cached(got) == "" {
			p.Errorf("%s lost the wish to cache the prompt", w)
		}
		p.Silent(w, resp)
	})
}

func automaticLifetime(p *probe.Probe) {
	for _, ttl := range p.Subject.Capabilities.CacheTTLs {
		req := probe.Rich(false)
		req.Cache = &model.CacheConfig{TTL: ttl}
		p.Sent(req, func(w probe.Way, got *prompt.Prompt, resp *model.Response) {
			if probe.Warned(resp, "cache") {
				return
			}
			for _, have := range lifetimes(got) {
				p.Equal(fmt.Sprintf("lifetime that %s sent", w), have, ttl)
			}
			if len(lifetimes(got)) == 0 {
				p.Errorf("%s lost the wish to cache the prompt", w)
			}
		})
	}
}

// lifetimes returns the lifetimes of the cache points in a prompt.
func lifetimes(got *prompt.Prompt) []time.Duration {
	var all []time.Duration
	if got.Cache != nil {
		all = append(all, got.Cache.TTL)
	}
	parts := got.System
	for _, m := range got.Turns {
		parts = append(parts, m.Parts...)
	}
	for _, part := range parts {
		if c, ok := part.(model.CachePoint); ok {
			all = append(all, c.TTL)
		}
	}
	return all
}

// pointKept checks that a message with a cache point arrives unchanged, or with
// a warning and only the point moved.
func pointKept(p *probe.Probe, req *model.Request, field string) {
	want := prompt.Of(req).Last()
	p.Sent(req, func(w probe.Way, got *prompt.Prompt, resp *model.Response) {
		if probe.Warned(resp, field) || probe.Warned(resp, "cache") {
			p.Equal(fmt.Sprintf("parts besides cache points that %s sent", w), prompt.WithoutPoints(got.Last()), prompt.WithoutPoints(want))
			return
		}
		p.Equal(fmt.Sprintf("the turn that %s sent", w), got.Last(), want)
	})
}

func pointAfterImage(p *probe.Probe) {
	req := &model.Request{Messages: []model.Message{
		model.UserParts(model.Text("Look:"), model.Image{MediaType: "image/png", Data: probe.Pixel}, Point, model.Text("What is it?")),
	}}
	pointKept(p, req, "messages[0].parts")
}

func pointAfterResult(p *probe.Probe) {
	req := probe.ToolTurn([]model.Part{probe.ToolCall("c1", "weather", `{"city":"Oslo"}`)}, probe.TextResult("c1", "Rain."))
	last := &req.Messages[len(req.Messages)-1]
	last.Parts = append(last.Parts, Point)
	pointKept(p, req, "messages[2].parts")
}

func cachingRefused(p *probe.Probe) {
	probe.NotSilent(p, "a cache point", "", &model.Request{Messages: []model.Message{model.UserParts(model.Text("Story."), Point, model.Text("Question?"))}})
	req := probe.Ask("Hi")
	req.Cache = &model.CacheConfig{}
	probe.NotSilent(p, "Request.Cache", "", req)
}

func noPointsInAnswers(p *probe.Probe) {
	req := &model.Request{Messages: []model.Message{model.UserParts(model.Text("Story."), Point, model.Text("Question?"))}}
	plain := &model.Request{Messages: []model.Message{model.UserParts(model.Text("Story."), model.Text("Question?"))}}
	for _, w := range probe.Ways {
		r := p.Play(fake.Text("Hello.").Times(2))
		resp := r.Answer(w, req)
		p.Equal(fmt.Sprintf("parts of %s's answer", w), resp.Message.Parts, []model.Part{model.Text("Hello.")})
		r.Answer(w, plain)
		p.Equal(fmt.Sprintf("what %s sent with a cache point, compared with what it sent without", w), prompt.Front(r.Prompt(0)), prompt.Front(r.Prompt(1)))
	}
}
