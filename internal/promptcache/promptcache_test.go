package promptcache_test

import (
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/internal/promptcache"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/google/go-cmp/cmp"
)

// prompt returns a segment of ten tokens for each letter. A capital letter is
// the same segment with a cache point after it.
func prompt(letters string) (segments []promptcache.Segment) {
	var prefix promptcache.Sum
	for i := range len(letters) {
		letter := letters[i] | 0x20
		prefix[i] = letter
		segments = append(segments, promptcache.Segment{Tokens: 10, Prefix: prefix, Point: letters[i] != letter})
	}
	return segments
}

func TestUse(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	asIs := func(asked time.Duration) time.Duration { return time.Minute }
	type use struct {
		after       time.Duration
		model, text string
		read, write int
	}
	for _, tt := range []struct {
		name  string
		rules promptcache.Rules
		uses  []use
	}{
		{"no point, nothing kept or read", promptcache.Rules{}, []use{{0, "m", "ab", 0, 0}, {0, "m", "aB", 0, 20}, {0, "m", "ab", 0, 0}}},
		{"written, then read", promptcache.Rules{}, []use{{0, "m", "aBc", 0, 20}, {0, "m", "aBcD", 20, 20}, {0, "m", "aBcD", 40, 0}}},
		{"read as far as the last point", promptcache.Rules{}, []use{{0, "m", "aBcD", 0, 40}, {0, "m", "aBcd", 20, 0}}},
		{"another model's", promptcache.Rules{}, []use{{0, "m", "aB", 0, 20}, {0, "n", "aB", 0, 20}}},
		{"lifetime, renewed by use", promptcache.Rules{}, []use{{0, "m", "aB", 0, 20}, {59 * time.Second, "m", "aB", 20, 0}, {59 * time.Second, "m", "aB", 20, 0}, {time.Minute, "m", "aB", 0, 20}}},
		{"too short", promptcache.Rules{MinTokens: 20}, []use{{0, "m", "A", 0, 0}, {0, "m", "AB", 0, 20}}},
		{"too long", promptcache.Rules{MaxTokens: 20}, []use{{0, "m", "aBC", 0, 20}, {0, "m", "aBC", 20, 0}}},
		{"found two before a point", promptcache.Rules{Lookback: 2}, []use{{0, "m", "A", 0, 10}, {0, "m", "abC", 10, 20}}},
		{"not found three before a point", promptcache.Rules{Lookback: 2}, []use{{0, "m", "A", 0, 10}, {0, "m", "abcD", 0, 40}}},
	} {
		cache, now := promptcache.New(), start
		tt.rules.Lifetime = asIs
		for i, u := range tt.uses {
			now = now.Add(u.after)
			want := model.Usage{InputTokens: 10 * len(u.text), CacheReadTokens: u.read, CacheWriteTokens: u.write}
			if u.write > 0 {
				want.CacheWrites = []model.CacheWrite{{TTL: time.Minute, Tokens: u.write}}
			}
			if diff := cmp.Diff(want, cache.Use(u.model, tt.rules, prompt(u.text), now)); diff != "" {
				t.Errorf("%s: use %d of %q (-want +got)\n%s", tt.name, i, u.text, diff)
			}
		}
		cache.Forget()
		if got := cache.Use("m", tt.rules, prompt("aB"), now).CacheReadTokens; got != 0 {
			t.Errorf("%s: %d tokens are read of what was forgotten", tt.name, got)
		}
	}
}
