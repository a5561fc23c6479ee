package anthropic

import (
	"fmt"
	"slices"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/blocks"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
	"github.com/chatmodel-go/chatmodel/model"
)

// maxPoints is how many blocks of a request may have cache_control.
// https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html
const maxPoints = 4

// cacheControl writes a cache point as a member of what it stands behind.
func cacheControl(f *native.Fields, p *model.CachePoint) {
	if p == nil {
		return
	}
	var c native.Fields
	c.Text("type", "", "ephemeral")
	if ttl := blocks.TTL(p.TTL); ttl != "" {
		c.Text("ttl", "", ttl)
	}
	f.Object("cache_control", "", c)
}

// attachPoints makes the cache points members of the blocks before them.
func (e *encoder) attachPoints() {
	e.system = e.attach(nil, e.system)
	for i := range e.turns {
		var before []block
		if i > 0 {
			before = e.turns[i-1].blocks
		}
		e.turns[i].blocks = e.attach(before, e.turns[i].blocks)
	}
}

// attach does so for one list of blocks. A point at its beginning ends the same
// prefix as one at the end of the list before.
func (e *encoder) attach(before, all []block) []block {
	kept := make([]block, 0, len(all))
	for _, b := range all {
		p, ok := b.part.(model.CachePoint)
		if !ok {
			kept = append(kept, b)
			continue
		}
		if len(kept) > 0 {
			e.put(kept, p, b.field)
		} else {
			e.put(before, p, b.field)
		}
	}
	return kept
}

// put sets a point on the last of the blocks that can have one. Thinking cannot.
func (e *encoder) put(at []block, p model.CachePoint, field string) {
	i := len(at) - 1
	for i >= 0 && is[model.Thinking](at[i]) {
		i--
	}
	switch {
	case i < 0:
		e.Warn(model.WarningDropped, field, "a cache point needs a block before it that can be cached")
	case at[i].cache != nil:
		e.Warn(model.WarningDropped, field, "a cache point straight after another one")
	default:
		if i < len(at)-1 {
			e.Warn(model.WarningMoved, field, "thinking takes no cache point")
		}
		at[i].cache = &p
	}
}

// A point is a cache point that is set, and what it is a point of.
type point struct {
	field string
	at    **model.CachePoint
}

// points lists the cache points in the order in which they end prefixes.
func (e *encoder) points() (all []point, tools, system int) {
	add := func(field string, at **model.CachePoint) {
		if *at != nil {
			all = append(all, point{field, at})
		}
	}
	for i := range e.tools {
		add(e.tools[i].field+".cache", &e.tools[i].cache)
	}
	tools = len(all)
	for i := range e.system {
		add(e.system[i].field, &e.system[i].cache)
	}
	system = len(all)
	for _, t := range e.turns {
		for i := range t.blocks {
			add(t.blocks[i].field, &t.blocks[i].cache)
		}
	}
	return all, tools, system
}

// cache places the automatic points and sets all of them right for the model.
func (e *encoder) cache() {
	e.dropPoints()
	e.shortenPoints()
	if e.req.Cache != nil && !e.rules.NoCache {
		e.automaticPoints()
	}
	e.limitPoints()
	e.checkTTLs()
}

func (e *encoder) dropPoints() {
	all, tools, _ := e.points()
	for i, p := range all {
		switch {
		case e.rules.NoCache:
			e.Warn(model.WarningDropped, p.field, "%s have no prompt caching", e.rules.Name())
		case e.rules.NoCacheTool && i < tools:
			e.Warn(model.WarningDropped, p.field, "%s take no cache points on tools", e.rules.Name())
		default:
			continue
		}
		*p.at = nil
	}
	if e.rules.NoCache && e.req.Cache != nil {
		e.Warn(model.WarningDropped, "cache", "%s have no prompt caching", e.rules.Name())
	}
}

func (e *encoder) shortenPoints() {
	if !e.rules.NoCacheHour {
		return
	}
	all, _, _ := e.points()
	for _, p := range all {
		if (*p.at).TTL == time.Hour {
			e.Warn(model.WarningChanged, p.field+".ttl", "%s have the default lifetime only", e.rules.Name())
			*p.at = &model.CachePoint{}
		}
	}
}

// automaticPoints sets points on the last tool, the end of the system prompt,
// the last turn and, so that the next request finds a prefix that it shares with
// this one, the user's turn before that; as far as the limit allows.
func (e *encoder) automaticPoints() {
	all, _, _ := e.points()
	left := maxPoints - len(all)
	ttl := e.req.Cache.TTL
	if e.rules.NoCacheHour {
		ttl = 0
	}
	place := func(at **model.CachePoint) {
		if at != nil && *at == nil && left > 0 {
			*at = &model.CachePoint{TTL: ttl}
			left--
		}
	}
	if n := len(e.tools); n > 0 && !e.rules.NoCacheTool {
		place(&e.tools[n-1].cache)
	}
	place(lastPoint(e.system))
	n := len(e.turns)
	if n == 0 {
		return
	}
	place(lastPoint(e.turns[n-1].blocks))
	for i := n - 2; i >= 0; i-- {
		if e.turns[i].role == model.RoleUser {
			place(lastPoint(e.turns[i].blocks))
			return
		}
	}
}

// lastPoint is where a point at the end of the blocks goes, nil if nowhere.
func lastPoint(all []block) **model.CachePoint {
	for i := len(all) - 1; i >= 0; i-- {
		if !is[model.Thinking](all[i]) {
			return &all[i].cache
		}
	}
	return nil
}

// limitPoints keeps the number of points within the limit. The earliest ones in
// the conversation go first: the later ones cover what they cover, and tools and
// system prompt change least.
func (e *encoder) limitPoints() {
	all, tools, system := e.points()
	excess := len(all) - maxPoints
	for _, p := range slices.Concat(all[system:], all[tools:system], all[:tools]) {
		if excess <= 0 {
			return
		}
		excess--
		e.Warn(model.WarningDropped, p.field, "a request takes at most %d cache points; the earliest in the conversation go first", maxPoints)
		*p.at = nil
	}
}

// checkTTLs refuses lifetimes that the service does not have, and the long one
// after the short one.
func (e *encoder) checkTTLs() {
	short := ""
	all, _, _ := e.points()
	for _, p := range all {
		switch ttl := (*p.at).TTL; ttl {
		case 0, 5 * time.Minute:
			if short == "" {
				short = p.field
			}
		case time.Hour:
			if short != "" {
				e.Invalid(p.field+".ttl", "is 1h, but the cache point before it, %s, lives 5m; Bedrock wants the longer lifetimes first, in the order tools, system, messages", short)
			}
		default:
			e.Invalid(p.field+".ttl", "is %s; Bedrock has 5m and 1h", fmt.Sprint(ttl))
		}
	}
}
