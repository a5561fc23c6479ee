package conformance

import (
	"github.com/chatmodel-go/chatmodel/model"
)

// maxPoints is how many cache points a provider has room for.
const maxPoints = 4

// automaticPlaces checks where the points that Request.Cache stands for are
// placed. A provider that takes the wish itself places them.
func automaticPlaces(p *probe) {
	req := rich(p.subject.Capabilities.Tools)
	req.Cache = &model.CacheConfig{}
	p.sent(req, func(w way, got *prompt, resp *model.Response) {
		if got.Cache != nil || warned(resp, "cache") {
			return
		}
		if n := pointCount(got); n > maxPoints {
			p.errorf("%s placed %d cache points, providers have room for %d", w, n, maxPoints)
		}
		if n := len(got.Tools); n > 0 && got.Tools[n-1].Cache == nil && p.cachesTools() {
			p.errorf("%s placed no cache point after the tools", w)
		}
		for what, parts := range map[string][]model.Part{"the system messages": got.system, "the last turn": got.last()} {
			if n := len(parts); n == 0 || parts[n-1] != model.Part(point) {
				p.errorf("%s placed no cache point after %s: %s", w, what, describeParts(parts))
			}
		}
	})
}

// cachesTools reports whether a cache point of the caller's after a tool
// arrives: not every provider that caches has a place for it.
func (p *probe) cachesTools() bool {
	req := withTools(ask("Hi"), "weather")
	req.Tools[0].Cache = &point
	r := p.play(textOK())
	resp, err := r.ask(p.ctx, generate, req)
	return err == nil && !warned(resp, "tools") && len(r.prompt(0).Tools) == 1 && r.prompt(0).Tools[0].Cache != nil
}

func pointCount(got *prompt) int {
	n := len(points(got.system))
	for _, m := range got.turns {
		n += len(points(m.Parts))
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
func callersPointsStay(p *probe) {
	system := &model.Request{Cache: &model.CacheConfig{}, Messages: []model.Message{
		model.System("Be brief."), model.SystemParts(model.Text("Be kind."), point), model.System("Be quick."), model.User("Hi"),
	}}
	p.conserved("a cache point in the second of three system messages", system)
	p.conserved("a cache point in an answer", &model.Request{Cache: &model.CacheConfig{}, Messages: []model.Message{
		model.User("Hi"), model.AssistantParts(model.Text("Yes?"), point), model.User("Go on."),
	}})
	if !p.claims(capTools) {
		return
	}
	for _, ttl := range append(p.subject.Capabilities.CacheTTLs, 0) {
		req := withTools(ask("Hi"), "zeta", "alpha")
		req.Tools[0].Cache = &model.CachePoint{TTL: ttl}
		req.Cache = &model.CacheConfig{}
		for _, w := range ways {
			r := p.play(textOK())
			resp, err := r.ask(p.ctx, w, req)
			if err != nil {
				continue // the lifetimes of points may not grow; CAC-07 is about that
			}
			got := r.prompt(0).Tools
			if !warned(resp, "tools[0]") && (len(got) != 2 || got[0].Cache == nil || got[0].Cache.TTL != ttl) {
				p.errorf("%s with a cache point of %v after the first tool sent the tools %s", w, ttl, show(got))
			}
		}
	}
	if n := len(p.subject.Capabilities.CacheTTLs); n > 0 {
		p.sent(system, func(w way, got *prompt, _ *model.Response) {
			if n := pointCount(got); n > maxPoints {
				p.errorf("%s placed %d cache points in all", w, n)
			}
		})
	}
}
