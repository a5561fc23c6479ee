package conformance

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

var point = model.CachePoint{}

func pointInMessage(p *probe) {
	req := &model.Request{Messages: []model.Message{
		model.UserParts(model.Text("A long story."), point, model.Text("And a question?")),
		model.Assistant("An answer."),
		model.UserParts(model.Text("Another story."), model.Text("Its end."), point),
	}}
	p.sent(req, func(w way, got *prompt, resp *model.Response) {
		p.equal(fmt.Sprintf("turns that %s sent", w), got.turns, req.Messages)
		p.silent(w, resp)
	})
}

func pointInSystem(p *probe) {
	req := &model.Request{Messages: []model.Message{
		model.SystemParts(model.Text("One."), point, model.Text("Two.")), model.User("Hi"),
	}}
	p.sent(req, func(w way, got *prompt, resp *model.Response) {
		if !warnedAny(resp) {
			p.equal(fmt.Sprintf("system parts that %s sent", w), got.system, req.Messages[0].Parts)
		}
		p.equal(fmt.Sprintf("system text that %s sent", w), got.systemText(), "One.Two.")
		p.equal(fmt.Sprintf("turns that %s sent", w), got.turns, []model.Message{model.User("Hi")})
	})
}

func pointAfterTool(p *probe) {
	req := withTools(ask("Hi"), "a", "b", "c")
	req.Tools[1].Cache = &model.CachePoint{}
	p.sent(req, func(w way, got *prompt, resp *model.Response) {
		if !warnedAny(resp) {
			p.equal(fmt.Sprintf("tools that %s sent", w), plainTools(got.Tools), plainTools(req.Tools))
		}
	})
}

func severalPoints(p *probe) {
	req := &model.Request{Messages: []model.Message{
		model.UserParts(model.Text("One."), point),
		model.Assistant("Two."),
		model.UserParts(model.Text("Three."), point, model.Text("Four."), point),
	}}
	p.sent(req, func(w way, got *prompt, resp *model.Response) {
		p.equal(fmt.Sprintf("what stands before the cache points that %s sent", w), points(got.all(model.RoleUser)),
			[]string{`text "One."`, `text "Three."`, `text "Four."`})
		p.silent(w, resp)
	})
}

func tooManyPoints(p *probe) {
	const n = 7
	var parts []model.Part
	for i := range n {
		parts = append(parts, model.Text(fmt.Sprintf("Part %d.", i)), point)
	}
	req := &model.Request{Messages: []model.Message{model.UserParts(parts...)}}
	for _, w := range ways {
		r := p.play(fake.Text("ok"))
		resp, err := r.ask(p.ctx, w, req)
		if err != nil {
			if !isAny(err, []model.ErrorKind{model.ErrUnsupported, model.ErrInvalidRequest}) {
				p.errorf("%s of %d cache points failed with kind %q", w, n, string(model.KindOf(err)))
			}
			r.calls(string(w), 0)
			continue
		}
		got := r.prompt(0).all(model.RoleUser)
		lost := n - len(points(got))
		if lost > 0 && len(resp.Warnings) < lost {
			p.errorf("%s sent %d of %d cache points and warned %d times", w, n-lost, n, len(resp.Warnings))
		}
		p.equal(fmt.Sprintf("parts besides cache points that %s sent", w), withoutPoints(got), withoutPoints(parts))
	}
}

func pointLifetime(p *probe) {
	for _, ttl := range append([]time.Duration{0}, p.subject.Capabilities.CacheTTLs...) {
		want := model.CachePoint{TTL: ttl}
		req := &model.Request{Messages: []model.Message{model.UserParts(model.Text("Story."), want, model.Text("Question?"))}}
		p.sent(req, func(w way, got *prompt, resp *model.Response) {
			p.equal(fmt.Sprintf("the turn that %s sent", w), got.last(), req.Messages[0].Parts)
			p.silent(w, resp)
		})
	}
}

func oddLifetime(p *probe) {
	ttl := 7 * time.Minute
	for slices.Contains(p.subject.Capabilities.CacheTTLs, ttl) {
		ttl += time.Minute
	}
	req := &model.Request{Messages: []model.Message{model.UserParts(model.Text("Story."), model.CachePoint{TTL: ttl}, model.Text("Question?"))}}
	for _, w := range ways {
		r := p.play(fake.Text("ok"))
		resp, err := r.ask(p.ctx, w, req)
		if err != nil {
			if !isAny(err, []model.ErrorKind{model.ErrUnsupported, model.ErrInvalidRequest}) {
				p.errorf("%s with a lifetime of %v failed with kind %q", w, ttl, string(model.KindOf(err)))
			}
			r.calls(string(w)+" of a lifetime that does not exist", 0)
			continue
		}
		got := r.prompt(0).last()
		if !slices.Contains(got, model.Part(model.CachePoint{TTL: ttl})) && !warned(resp, "messages[0].parts[1]") {
			p.errorf("%s with a lifetime of %v sent %s, without a warning", w, ttl, describeParts(got))
		}
	}
}

func noPointsAskedFor(p *probe) {
	p.sent(rich(p.subject.Capabilities.Tools), func(w way, got *prompt, _ *model.Response) {
		if where := cached(got); where != "" {
			p.errorf("%s of a request without cache points sent one %s", w, where)
		}
	})
}

// cached says where a prompt asks for caching, empty if nowhere.
func cached(got *prompt) string {
	if got.Cache != nil {
		return "by its cache settings"
	}
	if len(points(got.system)) > 0 {
		return "in its system messages"
	}
	for _, m := range got.turns {
		if len(points(m.Parts)) > 0 {
			return "in a turn of the " + string(m.Role)
		}
	}
	for _, t := range got.Tools {
		if t.Cache != nil {
			return "after the tool " + t.Name
		}
	}
	return ""
}

func automaticPoints(p *probe) {
	req := rich(p.subject.Capabilities.Tools)
	req.Cache = &model.CacheConfig{}
	p.sent(req, func(w way, got *prompt, resp *model.Response) {
		if cached(got) == "" {
			p.errorf("%s lost the wish to cache the prompt", w)
		}
		p.silent(w, resp)
	})
}

func automaticLifetime(p *probe) {
	for _, ttl := range p.subject.Capabilities.CacheTTLs {
		req := rich(false)
		req.Cache = &model.CacheConfig{TTL: ttl}
		p.sent(req, func(w way, got *prompt, resp *model.Response) {
			if warned(resp, "cache") {
				return
			}
			for _, have := range lifetimes(got) {
				p.equal(fmt.Sprintf("lifetime that %s sent", w), have, ttl)
			}
			if len(lifetimes(got)) == 0 {
				p.errorf("%s lost the wish to cache the prompt", w)
			}
		})
	}
}

// lifetimes returns those that a prompt asks for.
func lifetimes(got *prompt) []time.Duration {
	var all []time.Duration
	if got.Cache != nil {
		all = append(all, got.Cache.TTL)
	}
	parts := got.system
	for _, m := range got.turns {
		parts = append(parts, m.Parts...)
	}
	for _, part := range parts {
		if c, ok := part.(model.CachePoint); ok {
			all = append(all, c.TTL)
		}
	}
	return all
}

// pointKept checks that a message with a cache point in it arrives as it is,
// or with a warning and nothing but the point moved.
func (p *probe) pointKept(req *model.Request, field string) {
	want := promptOf(req).last()
	p.sent(req, func(w way, got *prompt, resp *model.Response) {
		if warned(resp, field) || warned(resp, "cache") {
			p.equal(fmt.Sprintf("parts besides cache points that %s sent", w), withoutPoints(got.last()), withoutPoints(want))
			return
		}
		p.equal(fmt.Sprintf("the turn that %s sent", w), got.last(), want)
	})
}

func pointAfterImage(p *probe) {
	req := &model.Request{Messages: []model.Message{
		model.UserParts(model.Text("Look:"), model.Image{MediaType: "image/png", Data: pixel}, point, model.Text("What is it?")),
	}}
	p.pointKept(req, "messages[0].parts")
}

func pointAfterResult(p *probe) {
	req := toolTurn([]model.Part{call("c1", "weather", `{"city":"Oslo"}`)}, textResult("c1", "Rain."))
	last := &req.Messages[len(req.Messages)-1]
	last.Parts = append(last.Parts, point)
	p.pointKept(req, "messages[2].parts")
}

// counts checks that a usage arrives as the provider counted, both ways.
func (p *probe) counts(want model.Usage) {
	want.Known = true
	p.each(fake.Text("Hello.").Usage(&want), ask("Hi"), func(w way, resp *model.Response, _ *rig) {
		got := resp.Usage
		if got != nil && want.CacheWrites == nil {
			got = new(*got)
			got.CacheWrites = nil // the split is another case's concern
		}
		p.equal(fmt.Sprintf("usage of %s's answer", w), got, &want)
		if err := CheckUsage(Observation{Response: resp}); err != nil {
			p.errorf("%s: %v", w, err)
		}
	})
}

func inputIsWholePrompt(p *probe) {
	p.counts(model.Usage{InputTokens: 1113, OutputTokens: 7, CacheReadTokens: 1000, CacheWriteTokens: 100})
	p.counts(model.Usage{InputTokens: 100, OutputTokens: 7, CacheReadTokens: 60, CacheWriteTokens: 40})
}

func cacheReadOnly(p *probe) {
	p.counts(model.Usage{InputTokens: 1013, OutputTokens: 7, CacheReadTokens: 1000})
}

func cacheWriteOnly(p *probe) {
	p.counts(model.Usage{InputTokens: 513, OutputTokens: 7, CacheWriteTokens: 500})
}

func cacheUsageBothWays(p *probe) {
	usage := &model.Usage{InputTokens: 1113, OutputTokens: 7, CacheReadTokens: 1000, CacheWriteTokens: 100}
	got := map[way]*model.Usage{}
	for _, size := range []int{0, 1} {
		p.each(fake.Text("Hello.").Usage(usage).Pieces(size), ask("Hi"), func(w way, resp *model.Response, _ *rig) { got[w] = resp.Usage })
		p.equal("usage of Stream, compared with Generate", got[streaming], got[generate])
	}
}

func writesByLifetime(p *probe) {
	want := &model.Usage{Known: true, InputTokens: 1113, OutputTokens: 7, CacheReadTokens: 13, CacheWriteTokens: 1000,
		CacheWrites: []model.CacheWrite{{TTL: time.Hour, Tokens: 900}, {TTL: 5 * time.Minute, Tokens: 100}}}
	p.each(fake.Text("Hello.").Usage(want), ask("Hi"), func(w way, resp *model.Response, _ *rig) {
		p.equal(fmt.Sprintf("usage of %s's answer", w), sortedWrites(resp.Usage), want)
	})
}

// sortedWrites returns a usage with its writes in order, longest first.
func sortedWrites(u *model.Usage) *model.Usage {
	if u == nil {
		return nil
	}
	c := *u
	c.CacheWrites = slices.Clone(u.CacheWrites)
	slices.SortFunc(c.CacheWrites, func(a, b model.CacheWrite) int { return int(b.TTL/time.Second - a.TTL/time.Second) })
	return &c
}

func noSplitNotInvented(p *probe) {
	usage := &model.Usage{InputTokens: 513, OutputTokens: 7, CacheWriteTokens: 500}
	p.each(fake.Text("Hello.").Usage(usage), ask("Hi"), func(w way, resp *model.Response, _ *rig) {
		if resp.Usage != nil && len(resp.Usage.CacheWrites) > 0 {
			p.errorf("%s's usage splits the writes as %s, the provider did not", w, showJSON(resp.Usage.CacheWrites))
		}
	})
}

func zeroIsNotAbsent(p *probe) {
	p.counts(model.Usage{InputTokens: 13, OutputTokens: 7})
	p.each(fake.Text("Hello.").Usage(nil), ask("Hi"), func(w way, resp *model.Response, _ *rig) {
		p.equal(fmt.Sprintf("usage of %s's answer when the provider told none", w), resp.Usage, new(model.Usage))
	})
}

// cachingScript plays on a provider that counts a token a byte and caches
// every prefix.
func (p *probe) cachingScript(turns ...fake.Turn) *rig {
	return p.playWith(&fake.Options{Tokens: func(json []byte) int { return len(json) }, Cache: &fake.CacheOptions{}}, turns...)
}

func writeThenRead(p *probe) {
	story := strings.Repeat("Once upon a time there was a token. ", 400)
	req := &model.Request{Messages: []model.Message{model.UserParts(model.Text(story), point, model.Text("Sum it up."))}}
	for _, w := range ways {
		r := p.cachingScript(fake.Text("ok").Always())
		first, second := r.usage(w, req), r.usage(w, req)
		if first.CacheWriteTokens == 0 || first.CacheReadTokens != 0 {
			p.errorf("%s's first call read %d and wrote %d tokens, want to write only", w, first.CacheReadTokens, first.CacheWriteTokens)
		}
		if second.CacheReadTokens != first.CacheWriteTokens || second.CacheWriteTokens != 0 {
			p.errorf("%s's second call read %d and wrote %d tokens, want to read the %d that the first wrote", w,
				second.CacheReadTokens, second.CacheWriteTokens, first.CacheWriteTokens)
		}
		p.equal(fmt.Sprintf("input tokens of %s's second call, compared with the first", w), second.InputTokens, first.InputTokens)
	}
}

// usage asks and returns the usage, which must be there.
func (r *rig) usage(w way, req *model.Request) model.Usage {
	resp := r.answer(w, req)
	if !resp.TokenUsage().Known {
		r.fatalf("%s's answer has no usage", w)
	}
	if err := CheckUsage(Observation{Response: resp}); err != nil {
		r.errorf("%s: %v", w, err)
	}
	return *resp.Usage
}

func growingConversation(p *probe) {
	story := strings.Repeat("Once upon a time there was a token. ", 400)
	for _, w := range ways {
		r := p.cachingScript(fake.Text("Go on.").Always())
		req := &model.Request{Messages: []model.Message{model.UserParts(model.Text(story), point)}}
		written := 0
		for turn := range 4 {
			u := r.usage(w, req)
			if u.CacheReadTokens != written {
				p.errorf("%s's turn %d read %d tokens, want the %d that were written before", w, turn+1, u.CacheReadTokens, written)
			}
			if u.CacheWriteTokens == 0 {
				p.errorf("%s's turn %d wrote nothing although it asked for it", w, turn+1)
			}
			written = u.CacheReadTokens + u.CacheWriteTokens
			last := &req.Messages[len(req.Messages)-1] // the point moves to the end
			last.Parts = withoutPoints(last.Parts)
			req.Messages = append(req.Messages, model.Assistant("Go on."), model.UserParts(model.Text(fmt.Sprintf("Chapter %d.", turn)), point))
		}
	}
}

// grows runs a tool loop and checks that every call sends the one before
// again at its front. What edit does to a request is done to each.
func (p *probe) grows(edit func(*model.Request), said func(i int) []model.Part) {
	const rounds = 5
	for _, w := range ways {
		var turns []fake.Turn
		for i := range rounds {
			turns = append(turns, fake.Reply(said(i)...))
		}
		r := p.play(turns...)
		req := &model.Request{Messages: []model.Message{model.System("Be brief."), model.User("Go.")}}
		edit(req)
		for i := range rounds {
			resp := r.answer(w, req)
			if calls := resp.ToolCalls(); len(calls) > 0 {
				req.Messages = append(req.Messages, resp.Message, model.ToolResults(textResult(calls[0].ID, fmt.Sprintf("done %d", i))))
			} else {
				req.Messages = append(req.Messages, resp.Message, model.User(fmt.Sprintf("More, %d.", i)))
			}
		}
		for i := 1; i < rounds; i++ {
			before, after := frontOf(r.prompt(i-1)), frontOf(r.prompt(i))
			if !strings.HasPrefix(after, before) {
				p.errorf("call %d by %s does not begin with what call %d sent\ndiff: %s", i+1, w, i, textDifference(after, before))
				return
			}
		}
	}
}

// frontOf returns the prompt as one text, without cache points: what comes
// first in it is what a provider's cache sees first.
func frontOf(got *prompt) string {
	var b strings.Builder
	for _, t := range got.Tools {
		t.Cache = nil
		b.WriteString(showJSON(t))
	}
	write := func(role model.Role, parts []model.Part) {
		for _, part := range withoutPoints(parts) {
			data, err := json.Marshal(model.Message{Role: role, Parts: []model.Part{part}})
			if err != nil {
				data = []byte(describePart(part))
			}
			b.Write(data)
		}
	}
	write(model.RoleSystem, got.system)
	for _, m := range got.turns {
		write(m.Role, m.Parts)
	}
	return b.String()
}

func stepCall(i int) model.Part {
	return call(fmt.Sprintf("c%d", i), "step", fmt.Sprintf(`{"at":%d}`, i))
}

func prefixStability(p *probe) {
	p.grows(func(req *model.Request) { withTools(req, "step", "other", "another") },
		func(i int) []model.Part { return []model.Part{model.Text(fmt.Sprintf("Step %d.", i)), stepCall(i)} })
}

func prefixStabilityThinking(p *probe) {
	p.grows(func(req *model.Request) { p.think(withTools(req, "step")) },
		func(i int) []model.Part {
			return []model.Part{signedBlock(fmt.Sprintf("Thought %d.", i), fmt.Sprintf("sig-%d", i)), stepCall(i)}
		})
}

func prefixStabilityAutomatic(p *probe) {
	p.grows(func(req *model.Request) { req.Cache = &model.CacheConfig{} },
		func(i int) []model.Part { return []model.Part{model.Text(fmt.Sprintf("Answer %d.", i))} })
}

func largeCounters(p *probe) {
	unit := 1_000_000_000
	if strconv.IntSize == 32 {
		unit = 200_000_000 // as much as an int holds when all are added up
	}
	p.counts(model.Usage{InputTokens: 5*unit + 13, OutputTokens: 3 * unit, CacheReadTokens: 4 * unit, CacheWriteTokens: unit})
}

func usageSum(p *probe) {
	sum := p.seams.sum
	a := model.Usage{InputTokens: 10, OutputTokens: 1, CacheReadTokens: 3, CacheWriteTokens: 5, CacheWrites: []model.CacheWrite{{TTL: time.Hour, Tokens: 5}}}
	b := model.Usage{InputTokens: 200, OutputTokens: 20, CacheWriteTokens: 90, CacheWrites: []model.CacheWrite{{TTL: 5 * time.Minute, Tokens: 60}, {TTL: time.Hour, Tokens: 30}}}
	c := model.Usage{InputTokens: 3000, OutputTokens: 300}
	want := model.Usage{InputTokens: 3210, OutputTokens: 321, CacheReadTokens: 3, CacheWriteTokens: 95,
		CacheWrites: []model.CacheWrite{{TTL: time.Hour, Tokens: 35}, {TTL: 5 * time.Minute, Tokens: 60}}}
	beforeA, beforeB := slices.Clone(a.CacheWrites), slices.Clone(b.CacheWrites)
	p.equal("a + b + c", sum(sum(a, b), c), want)
	p.equal("c + (b + a)", sum(c, sum(b, a)), want)
	p.equal("a + nothing", sum(a, model.Usage{}), a)
	p.equal("writes of a after adding", a.CacheWrites, beforeA)
	p.equal("writes of b after adding", b.CacheWrites, beforeB)
	p.equal("total of the sum", want.Total(), 3531)
	p.equal("uncached tokens of the sum", want.UncachedTokens(), 3112)
}

func cachingRefused(p *probe) {
	p.notSilent("a cache point", "", &model.Request{Messages: []model.Message{model.UserParts(model.Text("Story."), point, model.Text("Question?"))}})
	req := ask("Hi")
	req.Cache = &model.CacheConfig{}
	p.notSilent("Request.Cache", "", req)
}

func noPointsInAnswers(p *probe) {
	req := &model.Request{Messages: []model.Message{model.UserParts(model.Text("Story."), point, model.Text("Question?"))}}
	plain := &model.Request{Messages: []model.Message{model.UserParts(model.Text("Story."), model.Text("Question?"))}}
	for _, w := range ways {
		r := p.play(fake.Text("Hello.").Times(2))
		resp := r.answer(w, req)
		p.equal(fmt.Sprintf("parts of %s's answer", w), resp.Message.Parts, []model.Part{model.Text("Hello.")})
		r.answer(w, plain)
		p.equal(fmt.Sprintf("what %s sent with a cache point, compared with what it sent without", w), frontOf(r.prompt(0)), frontOf(r.prompt(1)))
	}
}
