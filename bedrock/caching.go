package bedrock

import (
	"fmt"
	"slices"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/model"
)

// maxCachePoints is how many cache points a request may hold.
// https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html
const maxCachePoints = 4

// cache places the automatic cache points, sets all of them right for the
// family, and finishes system prompt and messages.
func (e *encoder) cache() {
	switch {
	case e.req.Cache == nil && e.countPoints() == 0:
	case e.family.CachePoints.no():
		e.dropCachePoints()
	default:
		e.legalPoints()
		e.limitPoints()
		if e.req.Cache != nil {
			e.automaticPoints()
		}
		e.checkTTLs()
	}
	for _, b := range e.prompt {
		e.out.System = append(e.out.System, b.SystemBlock)
	}
	e.out.Messages = make([]wire.Message, len(e.turns))
	for i, t := range e.turns {
		m := wire.Message{Role: string(t.role), Content: make([]wire.ContentBlock, len(t.blocks))}
		for j := range t.blocks {
			m.Content[j] = t.blocks[j].ContentBlock
		}
		e.out.Messages[i] = m
	}
}

func isToolPoint(t wire.Tool) bool     { return t.CachePoint != nil }
func isSystemPoint(b systemBlock) bool { return b.CachePoint != nil }
func isPoint(b placed) bool            { return b.CachePoint != nil }

// dropCachePoints is for models that answer a cache point with access denied.
func (e *encoder) dropCachePoints() {
	why := e.familyName() + " have no prompt caching"
	e.deleteToolPoints(always(why))
	e.deleteSystemPoints(always(why))
	for i := range e.turns {
		e.deletePoints(&e.turns[i], always(why))
	}
	if e.req.Cache != nil {
		e.warn(model.WarningDropped, "cache", "%s", why)
	}
}

// A dropRule decides on the cache point at an index of a list, with a reason.
type dropRule func(i int) (drop bool, why string)

func always(why string) dropRule { return func(int) (bool, string) { return true, why } }

// deleteToolPoints removes cache points among the tools.
func (e *encoder) deleteToolPoints(rule dropRule) {
	c := e.out.ToolConfig
	if c == nil {
		return
	}
	kept := make([]wire.Tool, 0, len(c.Tools))
	for i, t := range c.Tools {
		if isToolPoint(t) {
			if ok, why := rule(i); ok {
				e.warn(model.WarningDropped, e.toolPointField(i), "%s", why)
				continue
			}
		}
		kept = append(kept, t)
	}
	c.Tools = kept
}

// toolPointField names the cache point at index i of the wire's tools, as the
// request knows it: by the tool that it stands behind.
func (e *encoder) toolPointField(i int) string {
	tool := -1
	for _, t := range e.out.ToolConfig.Tools[:i] {
		if !isToolPoint(t) {
			tool++
		}
	}
	return fmt.Sprintf("tools[%d].cache", tool)
}

// deleteSystemPoints removes cache points of the system prompt.
func (e *encoder) deleteSystemPoints(rule dropRule) {
	kept := make([]systemBlock, 0, len(e.prompt))
	for i, b := range e.prompt {
		if isSystemPoint(b) {
			if ok, why := rule(i); ok {
				e.warn(model.WarningDropped, b.field, "%s", why)
				continue
			}
		}
		kept = append(kept, b)
	}
	e.prompt = kept
}

// deletePoints removes cache points of a turn.
func (e *encoder) deletePoints(t *turn, rule dropRule) {
	kept := make([]placed, 0, len(t.blocks))
	for i, b := range t.blocks {
		if isPoint(b) {
			if ok, why := rule(i); ok {
				e.warn(model.WarningDropped, b.field, "%s", why)
				continue
			}
		}
		kept = append(kept, b)
	}
	t.blocks = kept
}

// legalPoints removes and moves cache points from where the family refuses
// them, and those that say nothing because another one is before them.
func (e *encoder) legalPoints() {
	const double = "a cache point straight after another one"
	if e.family.CacheTools.no() {
		e.deleteToolPoints(always(e.familyName() + " take no cache points among tools"))
	}
	e.deleteSystemPoints(func(i int) (bool, string) { return i > 0 && isSystemPoint(e.prompt[i-1]), double })
	for i := range e.turns {
		t := &e.turns[i]
		if e.family.CacheToolBlocks.no() && (t.has(isToolUse) || t.has(isToolResult)) {
			e.deletePoints(t, always(e.familyName()+" take no cache points in turns with tool calls or results"))
		}
		if e.family.CacheDocuments.no() {
			e.movePoints(t)
		}
		e.deletePoints(t, func(i int) (bool, string) { return i > 0 && isPoint(t.blocks[i-1]), double })
	}
	e.shortTTLs()
}

// movePoints puts cache points before documents, videos and thinking, straight
// after which Claude refuses them. Where nothing is before those, the point
// goes.
func (e *encoder) movePoints(t *turn) {
	why := e.familyName() + " take no cache point straight after a document, a video or thinking"
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
			e.warn(model.WarningDropped, b.field, "%s", why)
		default:
			e.warn(model.WarningMoved, b.field, "%s", why)
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
			e.warn(model.WarningChanged, field+".ttl", "%s have the default lifetime only", e.familyName())
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
				visit(e.toolPointField(i), t.CachePoint)
			}
		}
	}
	for _, b := range e.prompt {
		if isSystemPoint(b) {
			visit(b.field, b.CachePoint)
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
	if excess <= 0 {
		return
	}
	why := fmt.Sprintf("a request takes at most %d cache points; the earliest in the conversation go first", maxCachePoints)
	rule := func(int) (bool, string) {
		excess--
		return excess >= 0, why
	}
	for i := range e.turns {
		e.deletePoints(&e.turns[i], rule)
	}
	e.deleteSystemPoints(rule)
	e.deleteToolPoints(rule)
}
