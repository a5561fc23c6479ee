package probe

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/model"
)

var (
	point  = model.CachePoint{}
	points = carrying(func(f *plan.Format) bool { return f.CachePoints }, "cache points")
)

// cache are questions about cache points.
func cache() []question {
	pointed := all(having("cache.points"), points)
	set := plan.Point{Set: true}
	return []question{
		{facts: []string{"cache.points", "cache.messages"}, asks: "a cache point behind a text", needs: points,
			next: once(func(r *run) *ask { return &ask{Plan: r.talk(user(hello, point))} }),
			judge: func(r *run, all []*answer) []sight {
				s := r.taken(all[0], "cache.points", "cache.messages")
				if s.value == "yes" {
					return []sight{s, {fact: "cache.messages", value: "yes"}}
				}
				return []sight{s}
			}},
		accepts("cache.system", "a cache point behind the system prompt", all(pointed, taking("turns.system")), func(r *run) *plan.Plan {
			p := r.talk()
			p.System = []plan.Block{{Part: model.Text("Be brief."), Cache: set}}
			return p
		}),
		accepts("cache.tools", "a cache point behind the tools", all(pointed, toolRound), func(r *run) *plan.Plan {
			p := r.armed()
			p.Tools[0].Cache = set
			return p
		}),
		accepts("cache.tool_blocks", "a cache point behind a tool's result", all(pointed, toolRound), func(r *run) *plan.Plan {
			p := r.round()
			p.Turns[2].Blocks[0].Cache = set
			return p
		}),
		accepts("cache.after_document", "a cache point straight behind a document",
			all(pointed, having("input.document"), carrying(func(f *plan.Format) bool { return f.Document && !f.OwnEnds }, "one there")),
			func(r *run) *plan.Plan { return r.talk(user(hello, paper(), point)) }),
		afterThinking(pointed),
		accepts("cache.lifetimes", "a cache point with a lifetime of 5 minutes", pointed, func(r *run) *plan.Plan {
			return r.talk(user(hello, model.CachePoint{TTL: 5 * time.Minute}))
		}),
		maxPoints(pointed),
		minTokens(pointed),
		hour(pointed),
	}
}

func afterThinking(needs func(*run) string) question {
	q := accepts("cache.after_thinking", "a cache point straight behind thinking",
		all(needs, carrying(func(f *plan.Format) bool { return !f.OwnEnds }, "one there"), func(r *run) string {
			if !slices.ContainsFunc(r.thought, signed) || r.value("thinking.replay.signed") == "no" {
				return "no answer held thinking that it takes back"
			}
			return ""
		}),
		func(r *run) *plan.Plan {
			t := r.thought[slices.IndexFunc(r.thought, signed)]
			return r.talk(user(riddle), assistant(t, point, model.Text("391")), user(hello))
		})
	q.recalls = true
	return q
}

func signed(t model.Thinking) bool { return t.Signature != "" }

// maxPoints asks for as many points as are known to be taken, and one more.
func maxPoints(needs func(*run) string) question {
	const fact = "cache.max_points"
	most := func(r *run) int { return max(r.table.Cache.MaxPoints, 1) }
	return question{facts: []string{fact}, asks: "as many cache points as are known to be taken, and one more",
		needs: all(needs, func(r *run) string {
			if r.table.Cache.MaxPoints == 0 {
				return "no bound is known"
			}
			return ""
		}),
		next: func(r *run, so []*answer) *ask {
			if len(so) == 2 {
				return nil
			}
			var parts []model.Part
			for range most(r) + len(so) {
				parts = append(parts, hello, point)
			}
			return &ask{Plan: r.talk(user(parts...))}
		},
		judge: func(r *run, all []*answer) []sight {
			n, more := r.taken(all[0], fact), r.taken(all[1], fact)
			switch {
			case n.doubt != "" || more.doubt != "":
				return []sight{{fact: fact, doubt: n.doubt + more.doubt}}
			case more.value == "yes":
				return []sight{{fact: fact, value: ""}}
			case n.value == "yes":
				return []sight{{fact: fact, value: strconv.Itoa(most(r))}}
			}
			return []sight{{fact: fact, doubt: fmt.Sprintf("fewer than %d are taken", most(r))}}
		}}
}

// leasts are the least sizes of a cached prefix that models have.
var leasts = []int{512, 1024, 2048, 4096, 8192}

// minTokens sends prompts below and above the least size that is known, and
// goes on down or up until one side is cached and the other is not.
func minTokens(needs func(*run) string) question {
	const fact = "cache.min_tokens"
	// at is the place of the known size; the first call is below it, the second
	// above.
	at := func(r *run) int {
		i, _ := slices.BinarySearch(leasts, max(r.table.Cache.MinTokens, 512))
		return min(i, len(leasts)-1)
	}
	size := func(r *run, i int) int {
		if i == at(r) && r.table.Cache.MinTokens > 0 {
			return r.table.Cache.MinTokens
		}
		return leasts[i]
	}
	// walk returns the size to be tried next as a place among leasts and whether
	// it is above that, or the place that was found.
	walk := func(r *run, so []*answer) (i int, above, found bool) {
		i = at(r)
		for n, a := range so {
			cached := a.ok() && a.usage.read+a.usage.written > 0
			switch {
			case n == 0 && cached, n > 0 && !above && cached:
				if i--; i < 0 {
					return 0, false, true
				}
			case n == 0:
				above = true
			case !above: // below the known one nothing was cached, so it is the next
				return i, false, true
			case above && cached:
				return i, true, true
			default:
				if i++; i == len(leasts) {
					return -1, true, true
				}
			}
		}
		return i, above, false
	}
	return question{facts: []string{fact, "answers.cache_in_input"}, asks: "prompts of about the least size that is cached", needs: needs,
		next: func(r *run, so []*answer) *ask {
			if len(so) > 0 && !so[len(so)-1].ok() {
				return nil
			}
			i, above, found := walk(r, so)
			if found {
				return nil
			}
			n := size(r, i) * 7 / 10
			if above {
				n = size(r, i) * 6 / 5
			}
			return &ask{Plan: r.talk(user(model.Text(fmt.Sprintf("%d %s", len(so), r.long(n))), point, hello))}
		},
		judge: func(r *run, all []*answer) []sight {
			last := all[len(all)-1]
			if !last.ok() {
				return []sight{{fact: fact, doubt: last.otherwise(nil) + "; a prompt of that size is refused"}}
			}
			i, _, _ := walk(r, all)
			if i < 0 {
				return []sight{{fact: fact, doubt: fmt.Sprintf("nothing of a prompt of %d tokens is cached", last.usage.total())}}
			}
			sights := []sight{{fact: fact, value: strconv.Itoa(size(r, i))}}
			for _, a := range all {
				if u := a.usage; u.read+u.written > 0 {
					in := "no"
					if u.in >= u.read+u.written {
						in = "yes"
					}
					return append(sights, sight{fact: "answers.cache_in_input", value: in})
				}
			}
			return sights
		}}
}

// hour looks for how long the service says that it keeps what it cached.
func hour(needs func(*run) string) question {
	const fact = "cache.hour"
	return question{facts: []string{fact}, asks: "to be cached for an hour", needs: all(needs, having("cache.lifetimes")),
		next: once(func(r *run) *ask {
			p := r.talk(user(model.Text("hour "+r.long(max(r.facts.Cache.MinTokens, 1024)*6/5)), point, hello))
			p.Turns[0].Blocks[0].Cache.TTL = "1h"
			return &ask{Plan: p}
		}),
		judge: func(r *run, all []*answer) []sight {
			s := r.taken(all[0], fact)
			if s.value != "yes" {
				return []sight{s}
			}
			switch kept := all[0].usage.lifetimes; {
			case slices.Contains(kept, "1h"):
			case len(kept) > 0:
				s.value = "no"
			default:
				s = sight{fact: fact, doubt: "accepted, and not told how long it is kept"}
			}
			return []sight{s}
		}}
}
