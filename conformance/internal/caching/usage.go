package caching

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/chatmodel-go/chatmodel/conformance/internal/laws"
	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/prompt"
	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// counts checks that a usage arrives with the provider's counters, by Generate
// and Stream.
func counts(p *probe.Probe, want model.Usage) {
	want.Known = true
	p.Each(fake.Text("Hello.").Usage(&want), probe.Ask("Hi"), func(w probe.Way, resp *model.Response, _ *probe.Rig) {
		got := resp.Usage
		if got != nil && want.CacheWrites == nil {
			got = new(*got)
			got.CacheWrites = nil // another case checks the split
		}
		p.Equal(fmt.Sprintf("usage of %s's answer", w), got, &want)
		if err := laws.Usage(laws.Observation{Response: resp}); err != nil {
			p.Errorf("%s: %v", w, err)
		}
	})
}

func inputIsWholePrompt(p *probe.Probe) {
	counts(p, model.Usage{InputTokens: 1113, OutputTokens: 7, CacheReadTokens: 1000, CacheWriteTokens: 100})
	counts(p, model.Usage{InputTokens: 100, OutputTokens: 7, CacheReadTokens: 60, CacheWriteTokens: 40})
}

func cacheReadOnly(p *probe.Probe) {
	counts(p, model.Usage{InputTokens: 1013, OutputTokens: 7, CacheReadTokens: 1000})
}

func cacheWriteOnly(p *probe.Probe) {
	counts(p, model.Usage{InputTokens: 513, OutputTokens: 7, CacheWriteTokens: 500})
}

func cacheUsageBothWays(p *probe.Probe) {
	usage := &model.Usage{InputTokens: 1113, OutputTokens: 7, CacheReadTokens: 1000, CacheWriteTokens: 100}
	got := map[probe.Way]*model.Usage{}
	for _, size := range []int{0, 1} {
		p.Each(fake.Text("Hello.").Usage(usage).Pieces(size), probe.Ask("Hi"), func(w probe.Way, resp *model.Response, _ *probe.Rig) { got[w] = resp.Usage })
		p.Equal("usage of Stream, compared with Generate", got[probe.Stream], got[probe.Generate])
	}
}

func writesByLifetime(p *probe.Probe) {
	want := &model.Usage{Known: true, InputTokens: 1113, OutputTokens: 7, CacheReadTokens: 13, CacheWriteTokens: 1000,
		CacheWrites: []model.CacheWrite{{TTL: time.Hour, Tokens: 900}, {TTL: 5 * time.Minute, Tokens: 100}}}
	p.Each(fake.Text("Hello.").Usage(want), probe.Ask("Hi"), func(w probe.Way, resp *model.Response, _ *probe.Rig) {
		p.Equal(fmt.Sprintf("usage of %s's answer", w), sortedWrites(resp.Usage), want)
	})
}

// sortedWrites returns a usage with its writes sorted by lifetime, longest
// first.
func sortedWrites(u *model.Usage) *model.Usage {
	if u == nil {
		return nil
	}
	c := *u
	c.CacheWrites = slices.Clone(u.CacheWrites)
	slices.SortFunc(c.CacheWrites, func(a, b model.CacheWrite) int { return int(b.TTL/time.Second - a.TTL/time.Second) })
	return &c
}

func noSplitNotInvented(p *probe.Probe) {
	usage := &model.Usage{InputTokens: 513, OutputTokens: 7, CacheWriteTokens: 500}
	p.Each(fake.Text("Hello.").Usage(usage), probe.Ask("Hi"), func(w probe.Way, resp *model.Response, _ *probe.Rig) {
		if resp.Usage != nil && len(resp.Usage.CacheWrites) > 0 {
			p.Errorf("%s's usage splits the writes as %s, the provider did not", w, show.JSON(resp.Usage.CacheWrites))
		}
	})
}

func zeroIsNotAbsent(p *probe.Probe) {
	counts(p, model.Usage{InputTokens: 13, OutputTokens: 7})
	p.Each(fake.Text("Hello.").Usage(nil), probe.Ask("Hi"), func(w probe.Way, resp *model.Response, _ *probe.Rig) {
		p.Equal(fmt.Sprintf("usage of %s's answer when the provider told none", w), resp.Usage, new(model.Usage))
	})
}

// cachingScript returns a model whose provider counts a token for every byte
// and caches every prefix.
func cachingScript(p *probe.Probe, turns ...fake.Turn) *probe.Rig {
	return p.PlayWith(&fake.Options{Tokens: func(json []byte) int { return len(json) }, Cache: &fake.CacheOptions{}}, turns...)
}

func writeThenRead(p *probe.Probe) {
	story := strings.Repeat("Once upon a time there was a token. ", 400)
	req := &model.Request{Messages: []model.Message{model.UserParts(model.Text(story), Point, model.Text("Sum it up."))}}
	for _, w := range probe.Ways {
		r := cachingScript(p, fake.Text("ok").Always())
		first, second := usage(r, w, req), usage(r, w, req)
		if first.CacheWriteTokens == 0 || first.CacheReadTokens != 0 {
			p.Errorf("%s's first call read %d and wrote %d tokens, want to write only", w, first.CacheReadTokens, first.CacheWriteTokens)
		}
		if second.CacheReadTokens != first.CacheWriteTokens || second.CacheWriteTokens != 0 {
			p.Errorf("%s's second call read %d and wrote %d tokens, want to read the %d that the first wrote", w,
				second.CacheReadTokens, second.CacheWriteTokens, first.CacheWriteTokens)
		}
		p.Equal(fmt.Sprintf("input tokens of %s's second call, compared with the first", w), second.InputTokens, first.InputTokens)
	}
}

// usage calls the model and returns the usage of the answer, which must have
// one.
func usage(r *probe.Rig, w probe.Way, req *model.Request) model.Usage {
	resp := r.Answer(w, req)
	if !resp.TokenUsage().Known {
		r.Fatalf("%s's answer has no usage", w)
	}
	if err := laws.Usage(laws.Observation{Response: resp}); err != nil {
		r.Errorf("%s: %v", w, err)
	}
	return *resp.Usage
}

func growingConversation(p *probe.Probe) {
	story := strings.Repeat("Once upon a time there was a token. ", 400)
	for _, w := range probe.Ways {
		r := cachingScript(p, fake.Text("Go on.").Always())
		req := &model.Request{Messages: []model.Message{model.UserParts(model.Text(story), Point)}}
		written := 0
		for turn := range 4 {
			u := usage(r, w, req)
			if u.CacheReadTokens != written {
				p.Errorf("%s's turn %d read %d tokens, want the %d that were written before", w, turn+1, u.CacheReadTokens, written)
			}
			if u.CacheWriteTokens == 0 {
				p.Errorf("%s's turn %d wrote nothing although it asked for it", w, turn+1)
			}
			written = u.CacheReadTokens + u.CacheWriteTokens
			last := &req.Messages[len(req.Messages)-1] // the point moves to the end
			last.Parts = prompt.WithoutPoints(last.Parts)
			req.Messages = append(req.Messages, model.Assistant("Go on."), model.UserParts(model.Text(fmt.Sprintf("Chapter %d.", turn)), Point))
		}
	}
}

func largeCounters(p *probe.Probe) {
	unit := 1_000_000_000
	if strconv.IntSize == 32 {
		unit = 200_000_000 // as much as an int holds when all are added up
	}
	counts(p, model.Usage{InputTokens: 5*unit + 13, OutputTokens: 3 * unit, CacheReadTokens: 4 * unit, CacheWriteTokens: unit})
}

func usageSum(p *probe.Probe) {
	sum := p.Seams.Sum
	a := model.Usage{InputTokens: 10, OutputTokens: 1, CacheReadTokens: 3, CacheWriteTokens: 5, CacheWrites: []model.CacheWrite{{TTL: time.Hour, Tokens: 5}}}
	b := model.Usage{InputTokens: 200, OutputTokens: 20, CacheWriteTokens: 90, CacheWrites: []model.CacheWrite{{TTL: 5 * time.Minute, Tokens: 60}, {TTL: time.Hour, Tokens: 30}}}
	c := model.Usage{InputTokens: 3000, OutputTokens: 300}
	want := model.Usage{InputTokens: 3210, OutputTokens: 321, CacheReadTokens: 3, CacheWriteTokens: 95,
		CacheWrites: []model.CacheWrite{{TTL: time.Hour, Tokens: 35}, {TTL: 5 * time.Minute, Tokens: 60}}}
	beforeA, beforeB := slices.Clone(a.CacheWrites), slices.Clone(b.CacheWrites)
	p.Equal("a + b + c", sum(sum(a, b), c), want)
	p.Equal("c + (b + a)", sum(c, sum(b, a)), want)
	p.Equal("a + nothing", sum(a, model.Usage{}), a)
	p.Equal("writes of a after adding", a.CacheWrites, beforeA)
	p.Equal("writes of b after adding", b.CacheWrites, beforeB)
	p.Equal("total of the sum", want.Total(), 3531)
	p.Equal("uncached tokens of the sum", want.UncachedTokens(), 3112)
}
