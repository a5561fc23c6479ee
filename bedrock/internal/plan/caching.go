package plan

import (
	"fmt"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

// maxCachePoints is how many cache points a request may hold where nothing else
// is known.
// https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html
const maxCachePoints = 4

// The lifetimes that there are, as they are sent.
const (
	ttlFive = "5m"
	ttlHour = "1h"
)

// lifetime writes a lifetime as in 5m or 1h, zero as the empty string.
func lifetime(d time.Duration) string {
	switch {
	case d == 0:
		return ""
	case d%time.Hour == 0:
		return fmt.Sprintf("%dh", d/time.Hour)
	case d%time.Minute == 0:
		return fmt.Sprintf("%dm", d/time.Minute)
	}
	return d.String()
}

// newPoint returns a cache point of the caller's; ok is false where the format
// or the model has none.
func (p *planner) newPoint(field string, c model.CachePoint) (point Point, ok bool) {
	switch {
	case p.format.Text:
		p.drop("", field, "%s", p.only())
		return point, false
	case !p.format.CachePoints:
		p.drop("", field, "the format has no prompt caching")
		return point, false
	case p.facts.Cache.Points.No():
		p.drop("cache.points", field, "%s has no prompt caching", p.name())
		return point, false
	}
	return Point{Set: true, TTL: lifetime(c.TTL), Field: field}, true
}

// toolPoint sets the cache point behind a tool.
func (p *planner) toolPoint(t *Tool, c *model.CachePoint) {
	field := t.Field + ".cache"
	point, ok := p.newPoint(field, *c)
	switch {
	case !ok:
	case p.facts.Cache.Tools.No():
		p.drop("cache.tools", field, "%s takes no cache points among tools", p.name())
	default:
		t.Cache = point
	}
}

// systemPoint sets a cache point in the system prompt. One at its beginning ends
// the same prefix as one behind the tools.
func (p *planner) systemPoint(field string, c model.CachePoint) {
	point, ok := p.newPoint(field, c)
	if !ok {
		return
	}
	if p.facts.Cache.System.No() {
		p.drop("cache.system", field, "%s takes no cache points in the system prompt", p.name())
		return
	}
	if n := len(p.talk.system); n > 0 {
		p.put(p.talk.system, point, false)
		return
	}
	p.behindTools(point)
}

// behindTools moves a point that nothing stands before to the end of the tools.
func (p *planner) behindTools(point Point) {
	n := len(p.out.Tools)
	if n == 0 || p.facts.Cache.Tools.No() {
		p.drop("", point.Field, "a cache point needs a block before it that can be cached")
		return
	}
	if p.out.Tools[n-1].Cache.Set {
		p.drop("", point.Field, "a cache point straight after another one")
		return
	}
	p.move("", point.Field, "nothing stands before it; it is sent behind the tools")
	p.out.Tools[n-1].Cache = point
}

// point sets a cache point in a message, on the block before it. One at the
// beginning of a turn ends the same prefix as one at the end of what stands
// before the turn.
func (p *planner) point(field string, c model.CachePoint) {
	point, ok := p.newPoint(field, c)
	if !ok {
		return
	}
	if p.facts.Cache.Messages.No() {
		p.drop("cache.messages", field, "%s takes no cache points in messages", p.name())
		return
	}
	t := &p.talk
	n := len(t.marks)
	switch {
	case n > 0:
		leading := t.marks[n-1].role != t.role || t.separate
		if len(t.beside) > 0 && !leading {
			p.flush()
		}
		p.put(t.blocks[t.marks[n-1].start:], point, leading)
	case len(t.system) > 0 && !p.facts.Cache.System.No():
		p.put(t.system, point, true)
	default:
		p.behindTools(point)
	}
}

// put sets a point on the last of the blocks that can have one. Moved says that
// it comes from another place already.
func (p *planner) put(blocks []Block, point Point, moved bool) {
	i := len(blocks) - 1
	for i >= 0 && p.bars(&blocks[i]) {
		i--
	}
	const barred = "%s takes no cache point straight after a document, a video or thinking"
	switch {
	case i < 0 && len(blocks) > 0:
		p.drop("cache.after_document", point.Field, barred, p.name())
		return
	case i < 0:
		p.drop("", point.Field, "a cache point needs a block before it that can be cached")
		return
	case blocks[i].Cache.Set:
		p.drop("", point.Field, "a cache point straight after another one")
		return
	case i < len(blocks)-1:
		p.move("cache.after_document", point.Field, barred, p.name())
	case moved:
		p.move("", point.Field, "a cache point at the beginning of a turn, where nothing stands before it; it is sent at the end of what is before the turn")
	}
	blocks[i].Cache = point
}

// bars reports whether no cache point may stand straight after a block.
func (p *planner) bars(b *Block) bool {
	f := &p.facts.Cache
	switch b.Part.(type) {
	case model.Thinking:
		return f.AfterThinking.No() || p.format.OwnEnds
	case model.Document, model.Video:
		return f.AfterDocument.No() && !p.format.OwnEnds
	}
	return false
}

// cache places the automatic cache points, and sets all of them right.
func (p *planner) cache() {
	if p.refused > 0 && len(p.out.Turns) == 0 {
		return
	}
	p.dropBesideTools()
	p.shorten()
	p.limit()
	p.automatic()
	p.checkLifetimes()
}

// dropBesideTools removes points from turns in which the model takes none.
func (p *planner) dropBesideTools() {
	if !p.facts.Cache.ToolBlocks.No() {
		return
	}
	for i := range p.out.Turns {
		blocks := p.out.Turns[i].Blocks
		if !usesTools(blocks) {
			continue
		}
		for j := range blocks {
			if c := &blocks[j].Cache; c.Set {
				p.drop("cache.tool_blocks", c.Field, "%s takes no cache points in turns with tool calls or results", p.name())
				*c = Point{}
			}
		}
	}
}

func usesTools(blocks []Block) bool {
	return hasPart[model.ToolCall](blocks) || hasPart[model.ToolResult](blocks) ||
		hasPart[model.ServerToolCall](blocks) || hasPart[model.ServerToolResult](blocks)
}

// each visits all cache points in the order in which they end prefixes.
func (p *planner) each(visit func(*Point)) {
	for i := range p.out.Tools {
		if c := &p.out.Tools[i].Cache; c.Set {
			visit(c)
		}
	}
	p.eachIn(p.out.System, visit)
	for i := range p.out.Turns {
		p.eachIn(p.out.Turns[i].Blocks, visit)
	}
}

func (p *planner) eachIn(blocks []Block, visit func(*Point)) {
	for i := range blocks {
		if c := &blocks[i].Cache; c.Set {
			visit(c)
		}
	}
}

// shorten takes lifetimes from points of models that have them not.
func (p *planner) shorten() {
	f := &p.facts.Cache
	if !f.Hour.No() && !f.Lifetimes.No() {
		return
	}
	p.each(func(c *Point) {
		if c.TTL == ttlHour || f.Lifetimes.No() && c.TTL != "" {
			p.change("cache.hour", c.Field+".ttl", "%s has the default lifetime only", p.name())
			c.TTL = ""
		}
	})
}

func (p *planner) maxPoints() int {
	if n := p.facts.Cache.MaxPoints; n > 0 {
		return n
	}
	return maxCachePoints
}

// limit keeps the number of points within the limit. The earliest ones in the
// conversation go first: the later ones cover what they cover, and tools and
// system prompt change least.
func (p *planner) limit() {
	limit, n := p.maxPoints(), 0
	p.each(func(*Point) { n++ })
	excess := n - limit
	if excess <= 0 {
		return
	}
	drop := func(c *Point) {
		if excess > 0 {
			excess--
			p.drop("cache.max_points", c.Field, "a request takes at most %d cache points; the earliest in the conversation go first", limit)
			*c = Point{}
		}
	}
	for i := range p.out.Turns {
		p.eachIn(p.out.Turns[i].Blocks, drop)
	}
	p.eachIn(p.out.System, drop)
	for i := range p.out.Tools {
		if c := &p.out.Tools[i].Cache; c.Set {
			drop(c)
		}
	}
}

// automatic places cache points for Request.Cache, those of the highest value
// first: behind the system prompt, behind the last turn, behind the tools, and,
// so that the next request finds a prefix that it shares with this one, behind
// the user's turn before the last; as far as the limit and the model allow, and
// never next to a point of the caller's.
func (p *planner) automatic() {
	c, f := p.req.Cache, &p.facts.Cache
	switch {
	case c == nil:
		return
	case p.format.Text:
		p.drop("", "cache", "%s", p.only())
		return
	case !p.format.CachePoints:
		p.drop("", "cache", "the format has no prompt caching")
		return
	case f.Points.No() && f.Implicit.Yes():
		p.drop("cache.points", "cache", "%s takes no cache points; it caches by itself", p.name())
		return
	case f.Points.No():
		p.drop("cache.points", "cache", "%s has no prompt caching", p.name())
		return
	case !f.Points.Yes():
		p.drop("cache.points", "cache", "whether %s takes cache points is not known; one that is set in a message is sent", p.name())
		return
	}
	left, ttl := p.maxPoints(), p.automaticTTL()
	if ttl != "" && ttl != ttlFive && ttl != ttlHour {
		p.invalid("cache.ttl", noLifetime, ttl)
		return
	}
	p.each(func(*Point) { left-- })
	place := func(at *Point) {
		if at != nil && !at.Set && left > 0 {
			left--
			*at = Point{Set: true, TTL: ttl, Automatic: true, Field: "cache"}
		}
	}
	turns := p.out.Turns
	if !f.System.No() {
		place(p.endOf(p.out.System))
	}
	place(p.endOfTurn(len(turns) - 1))
	if n := len(p.out.Tools); n > 0 && !f.Tools.No() {
		place(&p.out.Tools[n-1].Cache)
	}
	before := len(turns) - 2
	for before >= 0 && turns[before].Role != model.RoleUser {
		before--
	}
	place(p.endOfTurn(before))
	p.orderLifetimes()
}

// automaticTTL is the lifetime asked for, if the model has it.
func (p *planner) automaticTTL() string {
	ttl, f := lifetime(p.req.Cache.TTL), &p.facts.Cache
	if !f.Hour.No() && !f.Lifetimes.No() {
		return ttl
	}
	if ttl != "" && ttl != ttlFive {
		p.change("cache.hour", "cache.ttl", "%s has the default lifetime only", p.name())
	}
	return ""
}

// endOfTurn is where a point at the end of a turn goes, nil if nowhere.
func (p *planner) endOfTurn(i int) *Point {
	f := &p.facts.Cache
	if i < 0 || f.Messages.No() || f.ToolBlocks.No() && usesTools(p.out.Turns[i].Blocks) {
		return nil
	}
	return p.endOf(p.out.Turns[i].Blocks)
}

func (p *planner) endOf(blocks []Block) *Point {
	for i := len(blocks) - 1; i >= 0; i-- {
		if !p.bars(&blocks[i]) {
			return &blocks[i].Cache
		}
	}
	return nil
}

// orderLifetimes makes automatic points live as long as the caller's points
// around them allow: the service wants the longer lifetimes first. A longer one
// costs nothing here, as the service charges all before a long point for it.
func (p *planner) orderLifetimes() {
	var all []*Point
	p.each(func(c *Point) { all = append(all, c) })
	lastLong := -1
	for i, c := range all {
		if c.TTL == ttlHour && !c.Automatic {
			lastLong = i
		}
	}
	short, changed := false, false
	for i, c := range all {
		asked := c.TTL
		switch {
		case !c.Automatic:
		case i < lastLong:
			c.TTL = ttlHour
		case short && c.TTL == ttlHour:
			c.TTL = ""
		}
		changed = changed || c.TTL != asked
		short = short || c.TTL != ttlHour
	}
	if changed {
		p.change("", "cache.ttl", "the lifetimes of other cache points ask for another one; Bedrock wants the longer ones first")
	}
}

// checkLifetimes refuses lifetimes that the service does not have, and the long
// one after the short one.
func (p *planner) checkLifetimes() {
	short := ""
	p.each(func(c *Point) {
		switch c.TTL {
		case "", ttlFive:
			if short == "" {
				short = c.Field
			}
		case ttlHour:
			if short != "" {
				p.invalid(c.Field+".ttl", "is 1h, but the cache point before it, %s, lives 5m; Bedrock wants the longer lifetimes first, in the order tools, system, messages", short)
			}
		default:
			p.invalid(c.Field+".ttl", noLifetime, c.TTL)
		}
	})
}

const noLifetime = "is %s; Bedrock has 5m and 1h"
