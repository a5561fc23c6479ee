package plan

import (
	"slices"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/ttl"
	"github.com/chatmodel-go/chatmodel/model"
)

// maxCachePoints is how many cache points a request may hold where nothing else
// is known.
// https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html
const maxCachePoints = 4

// A caching sets the cache points of a request right: the caller's, which stand
// on their blocks by now, and those that are placed for Request.Cache. Everything
// that it drops is a matter of price alone, so it refuses only lifetimes that the
// service would refuse.
type caching struct {
	*scope
	tools  []Tool
	system []Block
	turns  []Turn
}

// settle drops and shortens what the model does not take, and places the
// automatic points in what room is left. The order matters: points that go anyway
// must not use up the limit, and automatic ones must not push out the caller's.
func (k *caching) settle(automatic *model.CacheConfig) {
	k.dropBesideTools() // before they are counted
	k.shorten()
	k.limit()
	if automatic != nil {
		k.automatic(automatic)
	}
	k.dropSeparators()
	k.checkLifetimes()
}

// dropSeparators removes white space that was to part a document from a cache
// point, where that point is not sent: it is blank text then, like any other, and
// refused as such. See conversation.separates.
func (k *caching) dropSeparators() {
	for i := range k.turns {
		t := &k.turns[i]
		t.Blocks = slices.DeleteFunc(t.Blocks, func(b Block) bool {
			white, ok := b.Part.(model.Text)
			if !ok || b.Cache.Set || !blank(string(white)) {
				return false
			}
			k.drop("", b.Field, blankText)
			return true
		})
	}
}

// dropBesideTools removes points from turns in which the model takes none: Nova,
// by the fact cache.tool_blocks.
func (k *caching) dropBesideTools() {
	if !k.facts.Cache.ToolBlocks.No() {
		return
	}
	for i := range k.turns {
		blocks := k.turns[i].Blocks
		if !usesTools(blocks) {
			continue
		}
		for j := range blocks {
			if c := &blocks[j].Cache; c.Set {
				k.drop("cache.tool_blocks", c.Field, "%s takes no cache points in turns with tool calls or results", k.name())
				*c = Point{}
			}
		}
	}
}

// each visits all cache points in the order in which they end prefixes: tools,
// system prompt, messages. It is the order in which the service caches.
func (k *caching) each(visit func(*Point)) {
	for i := range k.tools {
		if c := &k.tools[i].Cache; c.Set {
			visit(c)
		}
	}
	eachIn(k.system, visit)
	for i := range k.turns {
		eachIn(k.turns[i].Blocks, visit)
	}
}

// eachIn visits the cache points among blocks.
func eachIn(blocks []Block, visit func(*Point)) {
	for i := range blocks {
		if c := &blocks[i].Cache; c.Set {
			visit(c)
		}
	}
}

// shorten takes lifetimes from points of models that have them not.
func (k *caching) shorten() {
	f := &k.facts.Cache
	if !f.Hour.No() && !f.Lifetimes.No() {
		return
	}
	k.each(func(c *Point) {
		if c.TTL == ttl.Hour || f.Lifetimes.No() && c.TTL != "" {
			k.change("cache.hour", c.Field+".ttl", "%s has only the default lifetime", k.name())
			c.TTL = ""
		}
	})
}

// maxPoints returns how many points the model takes in a request.
func (k *caching) maxPoints() int {
	if n := k.facts.Cache.MaxPoints; n > 0 {
		return n
	}
	return maxCachePoints
}

// limit keeps the number of points within the limit. The earliest ones in the
// conversation go first: the later ones cover what they cover, and tools and
// system prompt change least.
func (k *caching) limit() {
	limit, n := k.maxPoints(), 0
	k.each(func(*Point) { n++ })
	excess := n - limit
	drop := func(c *Point) {
		if excess > 0 {
			excess--
			k.drop("cache.max_points", c.Field, "a request takes at most %d cache points; the earliest in the conversation go first", limit)
			*c = Point{}
		}
	}
	for i := range k.turns {
		eachIn(k.turns[i].Blocks, drop)
	}
	eachIn(k.system, drop)
	for i := range k.tools {
		if c := &k.tools[i].Cache; c.Set {
			drop(c)
		}
	}
}

// automatic places cache points for Request.Cache, those of the highest value
// first: behind the system prompt, behind the last turn, behind the tools, and,
// so that the next request finds a prefix that it shares with this one, behind
// the user's turn before the last; as far as the limit and the model allow, and
// never next to a point of the caller's.
func (k *caching) automatic(wish *model.CacheConfig) {
	f := &k.facts.Cache
	switch {
	case k.format.Text:
		k.drop("", "cache", "%s", k.only())
		return
	case !k.format.CachePoints:
		k.drop("", "cache", "the format has no prompt caching")
		return
	case f.Points.No() && f.Implicit.Yes():
		k.drop("cache.points", "cache", "%s takes no cache points; it caches by itself", k.name())
		return
	case f.Points.No():
		k.drop("cache.points", "cache", "%s has no prompt caching", k.name())
		return
	case !f.Points.Yes():
		k.drop("cache.points", "cache", "whether %s takes cache points is not known; one that is set in a message is sent", k.name())
		return
	}
	left, life := k.maxPoints(), k.automaticTTL(wish)
	if life != "" && life != ttl.Five && life != ttl.Hour {
		k.invalid("cache.ttl", noLifetime, life)
		return
	}
	k.each(func(*Point) { left-- })
	// A place with a point of the caller's is served already.
	place := func(at *Point) {
		if at != nil && !at.Set && left > 0 {
			left--
			*at = Point{Set: true, TTL: life, Automatic: true, Field: "cache"}
		}
	}
	if !f.System.No() {
		place(k.endOf(k.system))
	}
	last, end := k.endBefore(len(k.turns))
	place(end)
	if n := len(k.tools); n > 0 && !f.Tools.No() {
		place(&k.tools[n-1].Cache)
	}
	_, end = k.endBefore(last)
	place(end)
	k.orderLifetimes()
}

// automaticTTL returns the lifetime asked for, if the model has it.
func (k *caching) automaticTTL(wish *model.CacheConfig) string {
	life, f := ttl.Format(wish.TTL), &k.facts.Cache
	if !f.Hour.No() && !f.Lifetimes.No() {
		return life
	}
	if life != "" && life != ttl.Five {
		k.change("cache.hour", "cache.ttl", "%s has only the default lifetime", k.name())
	}
	return ""
}

// endBefore returns the last turn before another one that takes a point at its
// end, and where that goes, nil if there is none. It is one of the user's, or
// that which the conversation ends with. In the midst of calls and results, in
// which some models take none, it is the question, whose point the request
// before has written.
func (k *caching) endBefore(turn int) (i int, end *Point) {
	for i = turn - 1; i >= 0; i-- {
		if k.turns[i].Role != model.RoleUser && i != len(k.turns)-1 {
			continue
		}
		if end = k.endOfTurn(i); end != nil {
			break
		}
	}
	return i, end
}

// endOfTurn returns the place of a point at the end of a turn, nil if there is
// none.
func (k *caching) endOfTurn(i int) *Point {
	f := &k.facts.Cache
	if f.Messages.No() || f.ToolBlocks.No() && usesTools(k.turns[i].Blocks) {
		return nil
	}
	return k.endOf(k.turns[i].Blocks)
}

// endOf returns the place of a point behind the last of the blocks that may have
// one.
func (k *caching) endOf(blocks []Block) *Point {
	for i := len(blocks) - 1; i >= 0; i-- {
		if !k.bars(&blocks[i]) {
			return &blocks[i].Cache
		}
	}
	return nil
}

// orderLifetimes makes automatic points live as long as the caller's points
// around them allow: the service wants the longer lifetimes first. A longer one
// costs nothing here, as the service charges all before a long point for it.
func (k *caching) orderLifetimes() {
	var all []*Point
	k.each(func(c *Point) { all = append(all, c) })
	lastLong := 0 // the caller's last long point: all before it must be long
	for i, c := range all {
		if c.TTL == ttl.Hour && !c.Automatic {
			lastLong = i
		}
	}
	short, changed := false, false
	for i, c := range all {
		asked := c.TTL
		switch {
		case !c.Automatic:
		case i < lastLong:
			c.TTL = ttl.Hour
		case short && c.TTL == ttl.Hour: // behind a short one of the caller's
			c.TTL = ""
		}
		changed = changed || c.TTL != asked
		short = short || c.TTL != ttl.Hour
	}
	if changed {
		k.change("", "cache.ttl", "the lifetimes of other cache points require another one; Bedrock wants the longer ones first")
	}
}

// checkLifetimes refuses lifetimes that the service does not have, and the long
// one after the short one.
func (k *caching) checkLifetimes() {
	short := ""
	k.each(func(c *Point) {
		switch c.TTL {
		case "", ttl.Five:
			if short == "" {
				short = c.Field
			}
		case ttl.Hour:
			if short != "" {
				k.invalid(c.Field+".ttl", "is 1h, but the cache point before it, %s, lasts 5m; Bedrock wants the longer lifetimes first, in the order tools, system, messages", short)
			}
		default:
			k.invalid(c.Field+".ttl", noLifetime, c.TTL)
		}
	})
}

// noLifetime is why a lifetime is refused: any other is a validation error of the
// service, not a shorter life.
const noLifetime = "is %s; Bedrock has 5m and 1h"
