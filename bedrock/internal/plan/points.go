package plan

import (
	"github.com/chatmodel-go/chatmodel/bedrock/internal/ttl"
	"github.com/chatmodel-go/chatmodel/model"
)

// newPoint returns a cache point of the caller's; ok is false where the format
// or the model has none. A model without caching answers a point with 403, as if
// access were missing: "You invoked an unsupported model or your request did not
// allow prompt caching."
func newPoint(s *scope, field string, c model.CachePoint) (point Point, ok bool) {
	switch {
	case s.format.Text:
		s.drop("", field, "%s", s.only())
		return point, false
	case !s.format.CachePoints:
		s.drop("", field, "the format has no prompt caching")
		return point, false
	case s.facts.Cache.Points.No():
		s.drop("cache.points", field, "%s has no prompt caching", s.name())
		return point, false
	}
	return Point{Set: true, TTL: ttl.Format(c.TTL), Field: field}, true
}

// put sets a point on the last of the blocks that can have one, which covers a
// little less than was asked for and is never refused. Moved says that it comes
// from another place already.
func put(s *scope, blocks []Block, point Point, moved bool) {
	i := len(blocks) - 1
	for i >= 0 && s.bars(&blocks[i]) { // further to the front, where one may stand
		i--
	}
	const barred = "%s takes no cache point directly after a document, a video or thinking"
	switch {
	case i < 0 && len(blocks) > 0:
		s.drop("cache.after_document", point.Field, barred, s.name())
		return
	case i < 0:
		s.drop("", point.Field, "a cache point needs a block before it that can be cached")
		return
	case blocks[i].Cache.Set:
		s.drop("", point.Field, "a cache point directly after another one")
		return
	case i < len(blocks)-1:
		s.move("cache.after_document", point.Field, barred, s.name())
	case moved:
		s.move("", point.Field, "a cache point at the beginning of a turn, where nothing precedes it; it is sent at the end of what precedes the turn")
	}
	blocks[i].Cache = point
}

// behindTools moves a point that nothing stands before to the end of the tools,
// which come first in the prefix: there it ends the same one.
func behindTools(s *scope, tools []Tool, point Point) {
	n := len(tools)
	if n == 0 || s.facts.Cache.Tools.No() {
		s.drop("", point.Field, "a cache point needs a block before it that can be cached")
		return
	}
	if tools[n-1].Cache.Set {
		s.drop("", point.Field, "a cache point directly after another one")
		return
	}
	s.move("", point.Field, "nothing precedes it; it is sent after the tools")
	tools[n-1].Cache = point
}
