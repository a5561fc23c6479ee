package names

import (
	"strconv"
	"strings"
)

// A Unique gives out names that differ. Many equal ones are no more work than
// others. It is not safe for concurrent use.
type Unique struct {
	limit      int    // of a name's length
	open, shut string // around the number of a name that is taken
	taken      map[string]bool
	next       map[string]int // where to go on counting, by how a name begins
}

// Documents returns a Unique for the names of documents.
func Documents() Unique { return Unique{limit: maxDocument, open: " (", shut: ")"} }

// Give returns a legal name, or that name with a number behind it if it is
// taken.
func (u *Unique) Give(name string) string {
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
