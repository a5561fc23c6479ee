package promptcache

import (
	"crypto/sha256"
	"sync"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

// DefaultTTL is how long providers keep a prefix if nothing else is asked for.
const DefaultTTL = 5 * time.Minute

// A Sum stands for the whole prompt up to a place.
type Sum [sha256.Size]byte

// A Segment is the smallest piece of a prompt that a cache distinguishes: a
// tool, or a part of a message.
type Segment struct {
	Tokens int
	Prefix Sum // of the prompt up to the segment's end

	Point bool          // a cache point stands after the segment
	TTL   time.Duration // of the point; zero means the default
}

// Tokens returns the size of a prompt.
func Tokens(prompt []Segment) int {
	n := 0
	for _, s := range prompt {
		n += s.Tokens
	}
	return n
}

// Rules are what a model's cache keeps. The zero value keeps everything.
type Rules struct {
	MinTokens int // shorter prefixes are not written
	MaxTokens int // nor are longer ones; zero means no limit

	// Lookback is how many segments before a cache point a prefix is looked
	// for; zero means all.
	Lookback int

	// Lifetime returns how long a prefix is kept whose cache point asks for a
	// time, zero if it does not. It must be set.
	Lifetime func(asked time.Duration) time.Duration
}

// keep reports whether a prefix of that many tokens is cached.
func (r *Rules) keep(prefix int) bool {
	return prefix >= r.MinTokens && (r.MaxTokens == 0 || prefix <= r.MaxTokens)
}

// A Cache remembers prefixes that ended at a cache point.
type Cache struct {
	mu      sync.Mutex
	entries map[key]entry
}

// A key is a prefix, which each model caches for itself.
type key struct {
	model  string
	prefix Sum
}

// An entry is how long a prefix lives. Each use renews it.
type entry struct {
	ttl     time.Duration
	expires time.Time
}

// New returns a cache that is empty.
func New() *Cache { return &Cache{entries: make(map[key]entry)} }

// Forget empties the cache.
func (c *Cache) Forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.entries)
}

// Use reads the longest cached prefix of a prompt to the model of a name, which gets its
// whole lifetime again, writes those that its cache points ask for, and
// returns the input's part of the usage. A prompt that no point asks to cache
// reads and writes nothing.
func (c *Cache) Use(name string, r Rules, prompt []Segment, now time.Time) model.Usage {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.expire(now)
	hit := c.longest(name, r.Lookback, prompt)
	return c.account(name, &r, prompt, hit, now)
}

// account moves the cache by a prompt whose first segments, up to the one at
// hit, are read.
func (c *Cache) account(name string, r *Rules, prompt []Segment, hit int, now time.Time) (u model.Usage) {
	reached := 0 // tokens up to where the cache reaches
	for i, s := range prompt {
		u.InputTokens += s.Tokens
		k := key{name, s.Prefix}
		switch {
		case i <= hit:
			c.prolong(k, now)
			u.CacheReadTokens, reached = u.InputTokens, u.InputTokens
		case s.Point && r.keep(u.InputTokens):
			ttl, n := r.Lifetime(s.TTL), u.InputTokens-reached
			c.entries[k] = entry{ttl, now.Add(ttl)}
			u = u.Add(model.Usage{CacheWriteTokens: n, CacheWrites: []model.CacheWrite{{TTL: ttl, Tokens: n}}})
			reached = u.InputTokens
		}
	}
	return u
}

// expire forgets what has outlived its time.
func (c *Cache) expire(now time.Time) {
	for k, e := range c.entries {
		if !now.Before(e.expires) {
			delete(c.entries, k)
		}
	}
}

// prolong gives a prefix that was used its whole life again.
func (c *Cache) prolong(k key, now time.Time) {
	if e, ok := c.entries[k]; ok {
		e.expires = now.Add(e.ttl)
		c.entries[k] = e
	}
}

// longest returns the index of the segment that the longest cached prefix ends
// with, -1 if there is none. It is looked for at every cache point and at a
// number of segments before it.
func (c *Cache) longest(name string, lookback int, prompt []Segment) int {
	reach := -1 // the first segment that the nearest cache point can see
	for i := len(prompt) - 1; i >= 0; i-- {
		if prompt[i].Point {
			reach = 0
			if lookback > 0 {
				reach = max(i-lookback, 0)
			}
		}
		if reach < 0 || i < reach {
			continue
		}
		if _, ok := c.entries[key{name, prompt[i].Prefix}]; ok {
			return i
		}
	}
	return -1
}
