package bedrocktest

import (
	"fmt"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
)

var cacheChecks = []check{
	{RuleCacheSupport, (*inspection).cacheSupport},
	{RuleCacheTools, (*inspection).cacheTools},
	{RuleCachePoints, (*inspection).cachePoints},
	{RuleCacheDocument, (*inspection).cacheDocument},
	{RuleCacheTTLOrder, (*inspection).cacheTTLOrder},
}

// points returns the cache points in the order in which they are processed,
// and where Claude sees them: at the block before.
func (i *inspection) points() (points []*wire.CachePoint, at []string) {
	add := func(p *wire.CachePoint, format string, args ...any) {
		points, at = append(points, p), append(at, fmt.Sprintf(format, args...))
	}
	if i.ToolConfig != nil {
		n := -1
		for _, t := range i.ToolConfig.Tools {
			if t.CachePoint == nil {
				n++
				continue
			}
			add(t.CachePoint, "tools.%d", max(n, 0))
		}
	}
	n := -1
	for _, b := range i.System {
		if b.CachePoint == nil {
			n++
			continue
		}
		add(b.CachePoint, "system.%d", max(n, 0))
	}
	for m, message := range i.Messages {
		n := -1
		for _, b := range message.Content {
			if b.CachePoint == nil {
				n++
				continue
			}
			add(b.CachePoint, "messages.%d.content.%d", m, max(n, 0))
		}
	}
	return points, at
}

func (i *inspection) cacheSupport() *Exception {
	points, _ := i.points()
	if len(points) == 0 || i.traits.family == "" || i.traits.cacheMin > 0 {
		return nil
	}
	return &Exception{Code: "AccessDeniedException",
		Message: "You invoked an unsupported model or your request did not allow prompt caching. See the documentation for more information."}
}

func (i *inspection) cacheTools() *Exception {
	if i.ToolConfig == nil || i.traits.cacheTools || i.traits.family == "" {
		return nil
	}
	for _, t := range i.ToolConfig.Tools {
		if t.CachePoint != nil {
			return unsupported("toolConfig.tools.cachePoint")
		}
	}
	return nil
}

func (i *inspection) cachePoints() *Exception {
	if points, _ := i.points(); len(points) > 4 {
		return validation(fmt.Sprintf("A maximum of 4 blocks with cache_control may be provided. Found %d.", len(points)))
	}
	return nil
}

func (i *inspection) cacheDocument() *Exception {
	if i.traits.family != "claude" {
		return nil
	}
	for n, m := range i.Messages {
		for k := 1; k < len(m.Content); k++ {
			before := m.Content[k-1]
			if m.Content[k].CachePoint != nil && (before.Document != nil || before.Video != nil) {
				return modelError(fmt.Sprintf("messages.%d.content.%d: a cache point must not follow a document or video", n, k))
			}
		}
	}
	return nil
}

func (i *inspection) cacheTTLOrder() *Exception {
	points, at := i.points()
	short := false
	for n, p := range points {
		if p.TTL != "1h" {
			short = true
		} else if short {
			return modelError(at[n] + ".cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. " +
				"Note that blocks are processed in the following order: `tools`, `system`, `messages`.")
		}
	}
	return nil
}
