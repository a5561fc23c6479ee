package bedrock

import (
	"slices"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/blocks"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/model"
)

// automaticPoints places cache points after the tools, the system prompt, the
// last turn and, so that the next request finds a prefix that it shares with
// this one, the user's turn before that; as far as the limit and the family
// allow, and never next to a point of the caller's.
func (e *encoder) automaticPoints() {
	left := maxCachePoints - e.countPoints()
	ttl := e.automaticTTL()
	automatic := make(map[*wire.CachePoint]bool)
	place := func(add func(p *wire.CachePoint) bool) {
		p := blocks.EncodeCachePoint(model.CachePoint{TTL: ttl})
		if left > 0 && add(p) {
			automatic[p] = true
			left--
		}
	}
	place(e.endTools)
	place(e.endSystem)
	last, before := e.cacheTurns()
	place(func(p *wire.CachePoint) bool { return e.endTurn(last, p) })
	place(func(p *wire.CachePoint) bool { return e.endTurn(before, p) })
	e.orderTTLs(automatic)
}

// automaticTTL is the lifetime asked for, if the family has it.
func (e *encoder) automaticTTL() time.Duration {
	ttl := e.req.Cache.TTL
	if !e.family.CacheHour.no() {
		return ttl
	}
	if ttl != 0 && ttl != 5*time.Minute {
		e.warn(model.WarningChanged, "cache.ttl", "%s have the default lifetime only", e.familyName())
	}
	return 0
}

func (e *encoder) endTools(p *wire.CachePoint) bool {
	c := e.out.ToolConfig
	if c == nil || e.family.CacheTools.no() || isToolPoint(c.Tools[len(c.Tools)-1]) {
		return false
	}
	c.Tools = append(c.Tools, wire.Tool{CachePoint: p})
	return true
}

func (e *encoder) endSystem(p *wire.CachePoint) bool {
	n := len(e.prompt)
	if n == 0 || isSystemPoint(e.prompt[n-1]) {
		return false
	}
	e.prompt = append(e.prompt, systemBlock{wire.SystemBlock{CachePoint: p}, "cache"})
	return true
}

// cacheTurns returns the last turn and the user's turn before it, nil if there
// is none.
func (e *encoder) cacheTurns() (last, before *turn) {
	n := len(e.turns)
	if n == 0 {
		return nil, nil // only when encoding fails
	}
	for i := n - 2; i >= 0; i-- {
		if e.turns[i].role == model.RoleUser {
			return &e.turns[n-1], &e.turns[i]
		}
	}
	return &e.turns[n-1], nil
}

// endTurn adds a point at the end of a turn, before what refuses to have one
// behind it. It reports false if there is no place.
func (e *encoder) endTurn(t *turn, p *wire.CachePoint) bool {
	if t == nil || e.family.CacheToolBlocks.no() && (t.has(isToolUse) || t.has(isToolResult)) {
		return false
	}
	i := len(t.blocks)
	for e.family.CacheDocuments.no() && i > 0 && refusesPoint(&t.blocks[i-1]) {
		i--
	}
	if i == 0 || isPoint(t.blocks[i-1]) {
		return false
	}
	t.blocks = slices.Insert(t.blocks, i, placed{wire.ContentBlock{CachePoint: p}, "cache"})
	return true
}

// orderTTLs makes automatic points live as long as the caller's points around
// them allow: the service wants the longer lifetimes first. A longer one costs
// nothing here, as the service charges all before a long point for it.
func (e *encoder) orderTTLs(automatic map[*wire.CachePoint]bool) {
	n, lastLong := 0, -1
	e.eachPoint(func(_ string, p *wire.CachePoint) {
		if p.TTL == "1h" && !automatic[p] {
			lastLong = n
		}
		n++
	})
	n = 0
	var short, changed bool
	e.eachPoint(func(_ string, p *wire.CachePoint) {
		asked := p.TTL
		switch {
		case !automatic[p]:
		case n < lastLong:
			p.TTL = "1h"
		case short && p.TTL == "1h":
			p.TTL = ""
		}
		changed = changed || p.TTL != asked
		short = short || p.TTL != "1h"
		n++
	})
	if changed {
		e.warn(model.WarningChanged, "cache.ttl", "the lifetimes of other cache points ask for another one; Bedrock wants the longer ones first")
	}
}
