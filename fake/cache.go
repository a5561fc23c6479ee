package fake

import (
	"sync"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

// A cache simulates a provider's prompt cache. It holds prefixes of prompts
// that ended at a cache point. A later prompt reads the longest of them that
// it begins with, as far as its own last cache point, and writes the rest up
// to that point.
type cache struct {
	options CacheOptions

	mu      sync.Mutex
	entries map[prefixSum]entry
}

// An entry is a cached prefix.
type entry struct {
	ttl     time.Duration
	expires time.Time
}

func newCache(o CacheOptions) *cache {
	if o.TTL <= 0 {
		o.TTL = defaultTTL
	}
	return &cache{options: o, entries: make(map[prefixSum]entry)}
}

// use looks a prompt up, writes what it asks to be cached, and returns the
// cache's part of the usage.
func (c *cache) use(prompt []segment, now time.Time) model.Usage {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.expire(now)
	hit := c.lookup(prompt)
	var u model.Usage
	read, pending := 0, 0 // tokens up to the hit, and since what has been written last
	prefix := 0
	for i, s := range prompt {
		prefix += s.tokens
		switch {
		case i <= hit:
			read += s.tokens
			c.prolong(s, now)
			continue
		default:
			pending += s.tokens
		}
		if s.point && prefix >= c.options.MinTokens {
			ttl := c.write(s, now)
			u = u.Add(model.Usage{CacheWriteTokens: pending, CacheWrites: []model.CacheWrite{{TTL: ttl, Tokens: pending}}})
			pending = 0
		}
	}
	u.CacheReadTokens = read
	return u
}

// expire forgets what has outlived its time.
func (c *cache) expire(now time.Time) {
	for sum, e := range c.entries {
		if !now.Before(e.expires) {
			delete(c.entries, sum)
		}
	}
}

// lookup returns the index of the segment that the longest cached prefix ends
// with, -1 if there is none. A prompt without cache points reads nothing.
func (c *cache) lookup(prompt []segment) int {
	asked := false // a cache point stands here or further on
	for i := len(prompt) - 1; i >= 0; i-- {
		asked = asked || prompt[i].point
		if _, ok := c.entries[prompt[i].prefix]; asked && ok {
			return i
		}
	}
	return -1
}

// prolong gives a prefix that was used its whole life again.
func (c *cache) prolong(s segment, now time.Time) {
	if e, ok := c.entries[s.prefix]; ok {
		e.expires = now.Add(e.ttl)
		c.entries[s.prefix] = e
	}
}

func (c *cache) write(s segment, now time.Time) time.Duration {
	ttl := s.ttl
	if ttl == 0 {
		ttl = c.options.TTL
	}
	c.entries[s.prefix] = entry{ttl, now.Add(ttl)}
	return ttl
}
