package names

import (
	"fmt"
	"hash/crc32"
	"regexp"
)

// An IDs gives the calls of a conversation ids that the model takes and that
// differ. It is not safe for concurrent use.
type IDs struct {
	pattern *regexp.Regexp // nil: the service's own
	given   Unique
}

// NewIDs returns the IDs of a conversation with about that many calls. The
// pattern is what the whole of an id must match for the model; empty: what the
// service takes.
func NewIDs(pattern string, calls int) IDs {
	ids := IDs{given: Unique{limit: Max, open: "_"}}
	if calls > 0 {
		ids.given.taken = make(map[string]bool, calls)
	}
	if pattern != "" {
		ids.pattern, _ = regexp.Compile("^(?:" + pattern + ")$")
	}
	return ids
}

// Give returns the id of the next call.
func (ids *IDs) Give(id string) string { return ids.given.Give(ids.Legalized(id)) }

// Legal reports whether the model takes an id.
func (ids *IDs) Legal(id string) bool {
	switch {
	case id == "" || len(id) > Max:
		return false
	case ids.pattern != nil:
		return ids.pattern.MatchString(id)
	}
	return Legal(id)
}

// Legalized returns an id in legal letters. One that is not legal gets a sum at
// its end, so that different ones stay different.
func (ids *IDs) Legalized(id string) string {
	switch {
	case id == "":
		return "call"
	case ids.Legal(id):
		return id
	}
	sum := fmt.Sprintf("_%08x", crc32.ChecksumIEEE([]byte(id)))
	return cut(legalize(id), Max-len(sum)) + sum
}
