package mcptools

import (
	"strconv"
	"strings"
)

// maxName is the length of a tool's name that every provider takes.
const maxName = 64

// A namer gives tools names that models can call, each another.
type namer struct {
	prefix string
	taken  map[string]bool
}

func newNamer(prefix string) *namer { return &namer{prefix, map[string]bool{}} }

// name returns a legal name that was not given out before.
func (n *namer) name(original string) string {
	legal := strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return '_'
	}, n.prefix+original)
	if legal == "" {
		legal = "tool"
	}
	name := legal[:min(len(legal), maxName)]
	for i := 2; n.taken[name]; i++ {
		suffix := "_" + strconv.Itoa(i)
		name = legal[:min(len(legal), maxName-len(suffix))] + suffix
	}
	n.taken[name] = true
	return name
}
