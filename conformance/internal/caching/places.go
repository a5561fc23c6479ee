package caching

import (
	"slices"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/prompt"
	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// maxPoints is the number of cache points that providers accept.
const maxPoints = 4

// automaticPlaces checks the places of the cache points that stand for
// Request.Cache. A provider that gets the setting itself places them.
func automaticPlaces(p *probe.Probe) {
	req := probe.Rich(p.Subject.Capabilities.Tools)
	req.Cache = &model.CacheConfig{}
	p.Sent(req, func(w probe.Way, got *prompt.Prompt, resp *model.Response) {
		if got.Cache != nil || probe.Warned(resp, "cache") {
			return
		}
		if n := pointCount(got); n > maxPoints {
			p.Errorf("%s placed %d cache points, providers have room for %d", w, n, maxPoints)
		}
		if n := len(got.Tools); n > 0 && got.Tools[n-1].Cache == nil && cachesTools(p) {
			p.Errorf("%s placed no cache point after the tools", w)
		}
		for what, parts := range map[string][]model.Part{"the system messages": got.System, "the last turn": got.Last()} {
			if n := len(parts); n == 0 || parts[n-1] != model.Part(Point) {
				p.Errorf("%s placed no cache point after %s: %s", w, what, show.Parts(parts))
			}
		}
	})
}

// cachesTools reports whether a cache point of the caller after a tool arrives.
// Not every provider with a cache has a place for it.
func cachesTools(p *probe.Probe) bool {
	req := probe.WithTools(probe.Ask("Hi"), "weather")
	req.Tools[0].Cache = &Point
	r := p.Play(fake.Text("ok"))
	resp, err := r.Ask(p.Ctx, probe.Generate, req)
	return err == nil && !probe.Warned(resp, "tools") && len(r.Prompt(0).Tools) == 1 && r.Prompt(0).Tools[0].Cache != nil
}

func pointCount(got *prompt.Prompt) int {
	n := len(prompt.Points(got.System))
	for _, m := range got.Turns {
		n += len(prompt.Points(m.Parts))
	}
	for _, t := range got.Tools {
		if t.Cache != nil {
			n++
		}
	}
	return n
}

// callersPointsStay checks that the caller's own points stay where they are
// when others are placed.
func callersPointsStay(p *probe.Probe) {
	system := &model.Request{Cache: &model.CacheConfig{}, Messages: []model.Message{
		model.System("Be brief."), model.SystemParts(model.Text("Be kind."), Point), model.System("Be quick."), model.User("Hi"),
	}}
	p.Conserved("a cache point in the second of three system messages", system)
	p.Conserved("a cache point in an answer", &model.Request{Cache: &model.CacheConfig{}, Messages: []model.Message{
		model.User("Hi"), model.AssistantParts(model.Text("Yes?"), Point), model.User("Go on."),
	}})
	if !p.Claims(probe.Tools) {
		return
	}
	for _, ttl := range append(p.Subject.Capabilities.CacheTTLs, 0) {
		req := probe.WithTools(probe.Ask("Hi"), "zeta", "alpha")
		req.Tools[0].Cache = &model.CachePoint{TTL: ttl}
		req.Cache = &model.CacheConfig{}
		for _, w := range probe.Ways {
			r := p.Play(fake.Text("ok"))
			resp, err := r.Ask(p.Ctx, w, req)
			if err != nil {
				continue // lifetimes of later points must not be longer; CAC-07 checks that
			}
			got := r.Prompt(0).Tools
			if !probe.Warned(resp, "tools[0]") && (len(got) != 2 || got[0].Cache == nil || got[0].Cache.TTL != ttl) {
				p.Errorf("%s with a cache point of %v after the first tool sent the tools %s", w, ttl, show.Value(got))
			}
		}
	}
	if n := len(p.Subject.Capabilities.CacheTTLs); n > 0 {
		p.Sent(system, func(w probe.Way, got *prompt.Prompt, _ *model.Response) {
			if n := pointCount(got); n > maxPoints {
				p.Errorf("%s placed %d cache points in all", w, n)
			}
		})
	}
}

// leadingPoint checks cache points with nothing of their own kind before them:
// at the beginning of a conversation, after tools, after a system message, and
// at the beginning of one.
func leadingPoint(p *probe.Probe) {
	leading := probe.Says(Point, model.Text("Hi"))
	p.Conserved("a cache point in front of everything", leading)
	p.Conserved("a cache point behind a system message alone", probe.With(leading, func(r *model.Request) {
		r.Messages = append([]model.Message{model.System("Be kind.")}, r.Messages...)
	}))
	p.Conserved("a cache point that begins a system message", &model.Request{Messages: []model.Message{
		model.SystemParts(Point, model.Text("Be kind.")), model.User("Hi"),
	}})
	if !p.Claims(probe.Tools) {
		return
	}
	// The point may move to the place after the tools, with a warning.
	req := probe.With(leading, func(r *model.Request) { probe.WithTools(r, "look") })
	for _, w := range probe.Ways {
		r := p.Play(fake.Text("ok"))
		resp, err := r.Ask(p.Ctx, w, req)
		switch {
		case err != nil:
			r.Calls(string(w)+" of a cache point behind tools alone, which was refused", 0)
		case !probe.Warned(resp, "messages[0].parts[0]") && !slices.Contains(r.Prompt(0).Last(), model.Part(Point)):
			p.Errorf("%s moved or lost a cache point behind tools alone without a warning", w)
		}
	}
}
