package plan

import (
	"strconv"
	"strings"
)

// A uniqueNames gives out names that differ. What a name becomes depends on it
// and those before it alone. Many equal ones are no more work than others.
type uniqueNames struct {
	limit      int    // of a name's length
	open, shut string // around the number of a name that is taken
	taken      map[string]bool
	next       map[string]int // where to go on counting, by how a name begins
}

// give returns name, or name with a number behind it if it is taken.
func (u *uniqueNames) give(name string) string {
	if u.taken == nil {
		u.taken = make(map[string]bool)
	}
	if !u.taken[name] {
		u.taken[name] = true
		return name
	}
	if u.next == nil {
		u.next = make(map[string]int)
	}
	const room = 10 // for the number: long names that begin alike count together
	root := cut(name, u.limit-len(u.open)-len(u.shut)-room)
	for n := max(u.next[root], 1) + 1; ; n++ {
		suffix := u.open + strconv.Itoa(n) + u.shut
		numbered := strings.TrimSpace(cut(name, u.limit-len(suffix))) + suffix
		if !u.taken[numbered] {
			u.taken[numbered], u.next[root] = true, n
			return numbered
		}
	}
}

func cut(s string, limit int) string {
	if len(s) > limit {
		return s[:limit]
	}
	return s
}
