package bedrock

import (
	"fmt"
	"slices"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/blocks"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/model"
)

// maxCachePoints is how many cache points a request may hold.
// https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html
const maxCachePoints = 4

// cache places the automatic cache points, sets all of them right for the
// family, and finishes the messages.
func (e *encoder) cache() {
	if e.family.CachePoints.no() {
		e.dropCachePoints()
	} else {
		e.legalPoints()
		if e.req.Cache != nil {
			e.automaticPoints()
		}
		e.limitPoints()
		e.checkTTLs()
	}
	for _, t := range e.turns {
		m := wire.Message{Role: string(t.role), Content: make([]wire.ContentBlock, len(t.blocks))}
		for i, b := range t.blocks {
			m.Content[i] = b.ContentBlock
		}
		e.out.Messages = append(e.out.Messages, m)
	}
}

func isToolPoint(t wire.Tool) bool          { return t.CachePoint != nil }
func isSystemPoint(b wire.SystemBlock) bool { return b.CachePoint != nil }
func isPoint(b placed) bool                 { return b.CachePoint != nil }

// dropCachePoints is for models that answer a cache point with access denied.
func (e *encoder) dropCachePoints() {
	why := e.familyName() + " have no prompt caching"
	if c := e.out.ToolConfig; c != nil && slices.ContainsFunc(c.Tools, isToolPoint) {
		e.warn(model.Dropped, "tools.cache", "%s", why)
		c.Tools = slices.DeleteFunc(c.Tools, isToolPoint)
	}
	if slices.ContainsFunc(e.out.System, isSystemPoint) {
		e.warn(model.Dropped, "system cache points", "%s", why)
		e.out.System = slices.DeleteFunc(e.out.System, isSystemPoint)
	}
	for i := range e.turns {
		e.deletePoints(&e.turns[i], func(*turn, int) (bool, string) { return true, why })
	}
	if e.req.Cache != nil {
		e.warn(model.Dropped, "cache", "%s", why)
	}
}

// deletePoints removes the cache points of a turn for which drop gives a reason.
func (e *encoder) deletePoints(t *turn, drop func(t *turn, i int) (bool, string)) {
	kept := make([]placed, 0, len(t.blocks))
	for i, b := range t.blocks {
		if isPoint(b) {
			if ok, why := drop(t, i); ok {
				e.warn(model.Dropped, b.field, "%s", why)
				continue
			}
		}
		kept = append(kept, b)
	}
	t.blocks = kept
}

// legalPoints removes and moves cache points from where the family refuses them.
func (e *encoder) legalPoints() {
	if c := e.out.ToolConfig; c != nil && e.family.CacheTools.no() && slices.ContainsFunc(c.Tools, isToolPoint) {
		e.warn(model.Dropped, "tools.cache", "%s take no cache points among tools", e.familyName())
		c.Tools = slices.DeleteFunc(c.Tools, isToolPoint)
	}
	e.shortTTLs()
	for i := range e.turns {
		t := &e.turns[i]
		if e.family.CacheToolBlocks.no() && (t.has(isToolUse) || t.has(isToolResult)) {
			why := e.familyName() + " take no cache points in turns with tool calls or results"
			e.deletePoints(t, func(*turn, int) (bool, string) { return true, why })
		}
		if e.family.Name == "claude" {
			e.movePoints(t)
		}
		e.deletePoints(t, func(t *turn, i int) (bool, string) {
			return i > 0 && isPoint(t.blocks[i-1]), "a cache point straight after another one"
		})
	}
}

// movePoints puts cache points before documents, videos and thinking, straight
// after which Claude refuses them. Where nothing is before those, the point
// goes.
func (e *encoder) movePoints(t *turn) {
	var out []placed
	for _, b := range t.blocks {
		i := len(out)
		for isPoint(b) && i > 0 && refusesPoint(&out[i-1]) {
			i--
		}
		switch {
		case i == len(out):
			out = append(out, b)
		case i == 0:
			e.warn(model.Dropped, b.field, "Claude takes no cache point straight after a document, a video or thinking")
		default:
			e.warn(model.Moved, b.field, "Claude takes no cache point straight after a document, a video or thinking")
			out = slices.Insert(out, i, b)
		}
	}
	t.blocks = out
}

func refusesPoint(b *placed) bool {
	return b.Document != nil || b.Video != nil || b.ReasoningContent != nil
}

// shortTTLs takes the hour from points of models that have it not.
func (e *encoder) shortTTLs() {
	if !e.family.CacheHour.no() {
		return
	}
	e.eachPoint(func(field string, p *wire.CachePoint) {
		if p.TTL == "1h" || e.family.Name == "nova" && p.TTL != "" {
			e.warn(model.Changed, field+".ttl", "%s have the default lifetime only", e.familyName())
			p.TTL = ""
		}
	})
}

// checkTTLs refuses lifetimes that the service does not have, and the long
// one after the short one.
func (e *encoder) checkTTLs() {
	short := ""
	e.eachPoint(func(field string, p *wire.CachePoint) {
		switch p.TTL {
		case "", "5m":
			if short == "" {
				short = field
			}
		case "1h":
			if short != "" {
				e.invalid(field+".ttl", "is 1h, but the cache point before it, %s, lives 5m; Bedrock wants the longer lifetimes first, in the order tools, system, messages", short)
			}
		default:
			e.invalid(field+".ttl", "is %s; Bedrock has 5m and 1h", p.TTL)
		}
	})
}

// eachPoint visits all cache points in the order in which they end prefixes.
func (e *encoder) eachPoint(visit func(field string, p *wire.CachePoint)) {
	if c := e.out.ToolConfig; c != nil {
		for i, t := range c.Tools {
			if isToolPoint(t) {
				visit(fmt.Sprintf("toolConfig.tools[%d]", i), t.CachePoint)
			}
		}
	}
	for i, b := range e.out.System {
		if isSystemPoint(b) {
			visit(fmt.Sprintf("system[%d]", i), b.CachePoint)
		}
	}
	for _, t := range e.turns {
		for _, b := range t.blocks {
			if isPoint(b) {
				visit(b.field, b.CachePoint)
			}
		}
	}
}

func (e *encoder) countPoints() int {
	n := 0
	e.eachPoint(func(string, *wire.CachePoint) { n++ })
	return n
}

// limitPoints keeps the number of cache points within the service's limit. The
// earliest ones in the conversation go first: the later ones cover what they
// cover, and tools and system prompt change least.
func (e *encoder) limitPoints() {
	excess := e.countPoints() - maxCachePoints
	why := fmt.Sprintf("a request takes at most %d cache points; the earliest in the conversation go first", maxCachePoints)
	for i := range e.turns {
		e.deletePoints(&e.turns[i], func(*turn, int) (bool, string) {
			excess--
			return excess >= 0, why
		})
	}
	e.out.System = slices.DeleteFunc(e.out.System, func(b wire.SystemBlock) bool {
		if excess <= 0 || !isSystemPoint(b) {
			return false
		}
		excess--
		e.warn(model.Dropped, "system cache points", "%s", why)
		return true
	})
	if c := e.out.ToolConfig; c != nil {
		c.Tools = slices.DeleteFunc(c.Tools, func(t wire.Tool) bool {
			if excess <= 0 || !isToolPoint(t) {
				return false
			}
			excess--
			e.warn(model.Dropped, "tools.cache", "%s", why)
			return true
		})
	}
}

// automaticPoints places cache points after the tools, the system prompt, the
// last turn and, so that the next request finds a prefix that it shares with
// this one, the user's turn before that; as far as the limit and the family
// allow, and never next to a point of the caller's.
func (e *encoder) automaticPoints() {
	left := maxCachePoints - e.countPoints()
	place := func(ok bool, add func(p *wire.CachePoint)) {
		if ok && left > 0 {
			add(blocks.EncodeCachePoint(model.CachePoint{TTL: e.automaticTTL()}))
			left--
		}
	}
	if c := e.out.ToolConfig; c != nil && !e.family.CacheTools.no() {
		n := len(c.Tools)
		place(n > 0 && !isToolPoint(c.Tools[n-1]), func(p *wire.CachePoint) {
			c.Tools = append(c.Tools, wire.Tool{CachePoint: p})
		})
	}
	n := len(e.out.System)
	place(n > 0 && !isSystemPoint(e.out.System[n-1]), func(p *wire.CachePoint) {
		e.out.System = append(e.out.System, wire.SystemBlock{CachePoint: p})
	})
	last, before := e.cacheTurns()
	for _, t := range []*turn{last, before} {
		place(t != nil, func(p *wire.CachePoint) { e.endTurn(t, p) })
	}
}

// automaticTTL is the lifetime asked for, if the family has it.
func (e *encoder) automaticTTL() (ttl time.Duration) {
	if ttl = e.req.Cache.TTL; ttl == 0 || !e.family.CacheHour.no() {
		return ttl
	}
	return 0
}

// cacheTurns returns the last turn and the user's turn before it, nil where a
// point is not possible or there already.
func (e *encoder) cacheTurns() (last, before *turn) {
	free := func(t *turn) *turn {
		n := len(t.blocks)
		switch {
		case n == 0, isPoint(t.blocks[n-1]):
			return nil
		case e.family.CacheToolBlocks.no() && (t.has(isToolUse) || t.has(isToolResult)):
			return nil
		}
		return t
	}
	n := len(e.turns)
	if n == 0 {
		return nil, nil
	}
	last = free(&e.turns[n-1])
	for i := n - 2; i >= 0; i-- {
		if e.turns[i].role == model.RoleUser {
			return last, free(&e.turns[i])
		}
	}
	return last, nil
}

// endTurn adds a point at the end of a turn, before what refuses to have one
// behind it.
func (e *encoder) endTurn(t *turn, p *wire.CachePoint) {
	i := len(t.blocks)
	for e.family.Name == "claude" && i > 0 && refusesPoint(&t.blocks[i-1]) {
		i--
	}
	if i == 0 || isPoint(t.blocks[i-1]) {
		return
	}
	t.blocks = slices.Insert(t.blocks, i, placed{wire.ContentBlock{CachePoint: p}, "cache"})
}
