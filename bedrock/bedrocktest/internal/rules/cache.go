package rules

import (
	"fmt"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

// cacheRules are about cache points.
var cacheRules = []*Rule{
	{ID: "cache-support", About: "the model supports cache points", Whom: "all but Claude from 3.5 of October 2024, and Nova", Code: "AccessDeniedException", Status: 403, Texts: []*Text{textNoCache}, check: checkCacheSupport},
	{ID: "cache-tools", About: "there is no cache point among the tools", Whom: "Nova", Texts: []*Text{textExtraneous}, check: checkCacheTools},
	{ID: "cache-results", About: "there is no cache point in a turn with tool results", Whom: "Nova", Texts: []*Text{textExtraneous}, check: checkCacheResults},
	{ID: "cache-first", About: "a message, the system prompt and the tools do not begin with a cache point", Texts: []*Text{textCacheFirst}, check: checkCacheFirst},
	{ID: "cache-points", About: "there are at most 4 cache points", Texts: []*Text{textCachePoints}, check: checkCachePoints},
	{ID: "cache-document", About: "a cache point does not directly follow a document or video", Whom: "Claude", Texts: []*Text{textCacheDocument}, check: checkCacheDocument},
	{ID: "cache-thinking", About: "a cache point does not directly follow thinking", Whom: "Claude", Texts: []*Text{textCacheThinking}, check: checkCacheThinking},
	{ID: "cache-ttl", About: "the lifetime of a cache point is 5m or 1h", Texts: []*Text{textConstraint, textTTL}, check: checkCacheTTL},
	{ID: "cache-ttl-order", About: "cache points with a longer lifetime come first", Texts: []*Text{textTTLOrder}, check: checkCacheTTLOrder},
}

var (
	textNoCache = &Text{Form: "You invoked an unsupported model or your request did not allow prompt caching. See the documentation for more information.", Source: sourceProbe,
		Others: []string{"You invoked an unsupported model or your request did not allow prompt caching."}}
	textExtraneous = &Text{Form: "Malformed input request: #/%s: extraneous key [cachePoint] is not permitted, please reformat your input and try again.", Source: sourceText, Model: true,
		Others: []string{"#/%s: extraneous key [cachePoint] is not permitted"}}
	textCacheFirst    = &Text{Form: "The cachePoint at %s has no content before it. Add content before the cache point and try again."}
	textCachePoints   = &Text{Form: "A maximum of 4 blocks with cache_control may be provided. Found %d.", Source: sourceText}
	textCacheDocument = &Text{Form: "%s: a cache point must not follow a document or video", Model: true}
	textCacheThinking = &Text{Form: "Cache point cannot be inserted after reasoning block. Please remove the invalid cache point and try again.", Source: sourceText,
		Native: "messages: `thinking` blocks can't have cache_control"}
	textTTL      = &Text{Form: "%s.cache_control.ttl: Input should be '5m' or '1h'", Model: true}
	textTTLOrder = &Text{Form: "%s.cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. " +
		"Note that blocks are processed in the following order: `tools`, `system`, `messages`.", Model: true, Source: sourceText}
)

// A point is a cache point. It knows the block before it as Claude names it.
type point struct {
	ttl time.Duration
	at  string
}

// points returns the cache points in the order in which they are processed.
func (in *Input) points() (all []point) {
	for n, t := range in.Request.Tools {
		if t.Cache != nil {
			all = append(all, point{t.Cache.TTL, fmt.Sprintf("tools.%d", n)})
		}
	}
	for _, b := range in.prompt() {
		if p, ok := b.part.(model.CachePoint); ok {
			all = append(all, point{p.TTL, fmt.Sprintf("system.%d", b.seen)})
		}
	}
	turns := in.conversation()
	for n := range turns {
		for k := range turns[n].blocks {
			if p, ok := turns[n].blocks[k].part.(model.CachePoint); ok {
				all = append(all, point{p.TTL, at(&turns[n], &turns[n].blocks[k])})
			}
		}
	}
	return all
}

func checkCacheSupport(in *Input) *Refusal {
	if in.Model.Row == "" || in.Model.caches() || len(in.points()) == 0 && !in.Form.PointFirst {
		return nil
	}
	return in.refuse(textNoCache)
}

func checkCacheTools(in *Input) *Refusal {
	if in.Model.Row == "" || in.Model.CacheTools {
		return nil
	}
	for n, t := range in.Request.Tools {
		if t.Cache != nil {
			return in.refuse(textExtraneous, fmt.Sprintf("toolConfig/tools/%d", n))
		}
	}
	return nil
}

func checkCacheResults(in *Input) *Refusal {
	if !in.Model.NoCacheResults {
		return nil
	}
	for _, t := range in.conversation() {
		if len(t.results()) == 0 {
			continue
		}
		for _, b := range t.blocks {
			if _, ok := b.part.(model.CachePoint); ok {
				return in.refuse(textExtraneous, fmt.Sprintf("messages/%d/content/%d", t.at, b.at))
			}
		}
	}
	return nil
}

func checkCacheFirst(in *Input) *Refusal {
	if in.Form.PointFirst {
		return in.refuse(textCacheFirst, "toolConfig.tools.0")
	}
	if s := in.prompt(); len(s) > 0 && isPoint(s[0].part) {
		return in.refuse(textCacheFirst, "system.0")
	}
	for _, t := range in.conversation() {
		if len(t.blocks) > 0 && isPoint(t.blocks[0].part) {
			return in.refuse(textCacheFirst, fmt.Sprintf("messages.%d.content.0", t.at))
		}
	}
	return nil
}

func isPoint(p model.Part) bool {
	_, ok := p.(model.CachePoint)
	return ok
}

func checkCachePoints(in *Input) *Refusal {
	if points := in.points(); len(points) > 4 {
		return in.refuse(textCachePoints, len(points))
	}
	return nil
}

// after refuses a cache point directly after a part for which is returns true.
func after(in *Input, is func(model.Part) bool, text *Text, args func(*turn, *block) []any) *Refusal {
	turns := in.conversation()
	for n := range turns {
		t := &turns[n]
		for k := 1; k < len(t.blocks); k++ {
			if isPoint(t.blocks[k].part) && is(t.blocks[k-1].part) {
				return in.refuse(text, args(t, &t.blocks[k])...)
			}
		}
	}
	return nil
}

func checkCacheDocument(in *Input) *Refusal {
	if !in.Model.IsClaude() || in.Door == Invoke {
		return nil
	}
	return after(in, func(p model.Part) bool { return kindOf(p)&(Documents|Videos) != 0 }, textCacheDocument,
		func(t *turn, b *block) []any { return []any{fmt.Sprintf("messages.%d.content.%d", t.at, b.at)} })
}

func checkCacheThinking(in *Input) *Refusal {
	if !in.Model.IsClaude() {
		return nil
	}
	return after(in, func(p model.Part) bool { _, ok := p.(model.Thinking); return ok }, textCacheThinking,
		func(*turn, *block) []any { return nil })
}

func checkCacheTTL(in *Input) *Refusal {
	for _, p := range in.points() {
		switch p.ttl {
		case 0, 5 * time.Minute, time.Hour:
			continue
		}
		if in.claudeBody() {
			return in.refuse(textTTL, p.at)
		}
		return in.constraint(p.ttl.String(), "cachePoint.ttl", "satisfy enum value set: [5m, 1h]")
	}
	return nil
}

func checkCacheTTLOrder(in *Input) *Refusal {
	short := false
	for _, p := range in.points() {
		if p.ttl != time.Hour {
			short = true
		} else if short {
			return in.refuse(textTTLOrder, p.at)
		}
	}
	return nil
}
