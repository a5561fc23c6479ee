package bedrocktest

import (
	"crypto/sha256"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/internal/rules"
	"github.com/chatmodel-go/chatmodel/model"
)

const defaultTTL = 5 * time.Minute

// A prefixSum stands for the whole prompt up to a place.
type prefixSum [sha256.Size]byte

// A segment is the smallest piece of a prompt that the cache can tell apart: a
// tool, or a part of a message.
type segment struct {
	tokens int
	prefix prefixSum // of the prompt up to the segment's end, and of the model

	point bool          // a cache point stands after the segment
	ttl   time.Duration // of the point
}

// segmentsOf returns the prompt of a request in the order in which it is read:
// tools, system, messages. Prefixes are only worked out if there is a cache
// point to end one.
func segmentsOf(req *model.Request) []segment {
	p := prompt{cached: hasPoint(req)}
	for _, t := range req.Tools {
		p.tool(t)
	}
	for i, m := range req.Messages {
		if i == 0 || m.Role != model.RoleSystem && req.Messages[i-1].Role == model.RoleSystem {
			p.section(req, m.Role)
		}
		p.message(m)
	}
	return p.segments
}

func hasPoint(req *model.Request) bool {
	if slices.ContainsFunc(req.Tools, func(t model.Tool) bool { return t.Cache != nil }) {
		return true
	}
	isPoint := func(p model.Part) bool {
		_, ok := p.(model.CachePoint)
		return ok
	}
	return slices.ContainsFunc(req.Messages, func(m model.Message) bool { return slices.ContainsFunc(m.Parts, isPoint) })
}

// promptSize returns the estimate of all segments.
func promptSize(segments []segment) int {
	n := 0
	for _, s := range segments {
		n += s.tokens
	}
	return n
}

// A prompt collects segments.
type prompt struct {
	cached   bool // prefixes are needed
	segments []segment
	salt     string // what the following prefixes depend on besides their contents
}

// section marks where messages begin: what is cached of them depends on the
// thinking that is asked for; what stands before does not.
func (p *prompt) section(req *model.Request, role model.Role) {
	if role == model.RoleSystem {
		return
	}
	thinking, _ := json.Marshal(req.Thinking)
	p.salt = string(thinking)
	for _, x := range req.ProviderOptions {
		if x, ok := x.(*bedrock.ProviderOptions); ok {
			p.salt += string(x.AdditionalFields)
		}
	}
}

func (p *prompt) tool(t model.Tool) {
	point := t.Cache
	t.Cache = nil
	p.add("tool", t, tokens(toolSize(t)))
	if point != nil {
		p.point(point.TTL)
	}
}

func (p *prompt) message(m model.Message) {
	for _, part := range m.Parts {
		if point, ok := part.(model.CachePoint); ok {
			p.point(point.TTL)
			continue
		}
		p.add("part", model.Message{Role: m.Role, Parts: []model.Part{part}}, tokens(partSize(part)))
	}
}

func (p *prompt) add(kind string, value any, tokens int) {
	if !p.cached {
		p.segments = append(p.segments, segment{tokens: tokens})
		return
	}
	h := sha256.New()
	if n := len(p.segments); n > 0 {
		h.Write(p.segments[n-1].prefix[:])
	}
	h.Write([]byte(kind + "\x00" + p.salt + "\x00"))
	// A part without a JSON form is as good as an empty one here.
	_ = json.NewEncoder(h).Encode(value)
	s := segment{tokens: tokens}
	h.Sum(s.prefix[:0])
	p.segments = append(p.segments, s)
}

func (p *prompt) point(ttl time.Duration) {
	if n := len(p.segments); n > 0 {
		if ttl == 0 {
			ttl = defaultTTL
		}
		p.segments[n-1].point, p.segments[n-1].ttl = true, ttl
	}
}

// A promptCache remembers the prefixes that ended at a cache point, by model.
type promptCache struct {
	mu      sync.Mutex
	entries map[cacheKey]cacheEntry
}

type cacheKey struct {
	model  string
	prefix prefixSum
}

type cacheEntry struct {
	ttl     time.Duration
	expires time.Time
}

func newPromptCache() *promptCache {
	return &promptCache{entries: make(map[cacheKey]cacheEntry)}
}

func (c *promptCache) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.entries)
}

// use reads the longest cached prefix of a prompt, writes those that its
// cache points ask for, and returns the input's part of the usage. A prompt
// that no point asks to cache is not cached and reads nothing.
func (c *promptCache) use(m *rules.Model, segments []segment, now time.Time) model.Usage {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.expire(now)
	look := lookup{cache: c, model: m, segments: segments}
	hit := look.longest()
	var u model.Usage
	prefix, written := 0, 0 // tokens up to here, and up to where the cache reaches
	for i, s := range segments {
		prefix += s.tokens
		key := cacheKey{m.ID.Base, s.prefix}
		switch {
		case i <= hit:
			c.prolong(key, now)
			if u.CacheReadTokens, written = prefix, prefix; i < hit {
				continue
			}
		case s.point && caches(m, prefix):
			ttl := lifetime(m, s.ttl)
			c.entries[key] = cacheEntry{ttl, now.Add(ttl)}
			u = u.Add(model.Usage{CacheWriteTokens: prefix - written,
				CacheWrites: []model.CacheWrite{{TTL: ttl, Tokens: prefix - written}}})
			written = prefix
		}
	}
	u.InputTokens = prefix
	return u
}

// caches reports whether a prefix is long enough, and not too long.
func caches(m *rules.Model, prefix int) bool {
	return m.CacheMin > 0 && prefix >= m.CacheMin && (m.CacheMax == 0 || prefix <= m.CacheMax)
}

func lifetime(m *rules.Model, asked time.Duration) time.Duration {
	if !m.CacheHour || asked <= 0 {
		return defaultTTL
	}
	return asked
}

func (c *promptCache) expire(now time.Time) {
	for key, e := range c.entries {
		if !now.Before(e.expires) {
			delete(c.entries, key)
		}
	}
}

// prolong gives a prefix that was used its whole life again.
func (c *promptCache) prolong(key cacheKey, now time.Time) {
	if e, ok := c.entries[key]; ok {
		e.expires = now.Add(e.ttl)
		c.entries[key] = e
	}
}

type lookup struct {
	cache    *promptCache
	model    *rules.Model
	segments []segment
}

// longest returns the index of the segment that the longest cached prefix
// ends with, -1 if there is none. It is looked for at every cache point and
// at a number of blocks before it.
func (l *lookup) longest() int {
	points := slices.Clone(l.segments)
	reach := -1 // the first segment that the nearest cache point can see
	for i := len(points) - 1; i >= 0; i-- {
		if points[i].point {
			reach = 0
			if n := l.model.Lookback; n > 0 {
				reach = max(i-n, 0)
			}
		}
		if reach < 0 || i < reach {
			continue
		}
		if _, ok := l.cache.entries[cacheKey{l.model.ID.Base, points[i].prefix}]; ok {
			return i
		}
	}
	return -1
}
