package fake

import (
	"slices"
	"strings"

	"github.com/chatmodel-go/chatmodel/model"
)

// defaultPiece is the size of pieces of what is not read by people.
const defaultPiece = 16

// A cutter cuts what an answer brings into the pieces that a stream delivers.
type cutter struct {
	size   int        // as in Turn
	splits [][]string // given pieces that no block has been found for yet
}

// cut returns the pieces of a block of the given kind: none for an empty one.
func (c *cutter) cut(kind model.EventKind, block string) []string {
	for i, pieces := range c.splits {
		if strings.Join(pieces, "") == block {
			c.splits = slices.Delete(slices.Clone(c.splits), i, i+1)
			return pieces
		}
	}
	switch {
	case block == "":
		return nil
	case c.size < 0:
		return []string{block}
	case c.size > 0:
		return cutEvery(c.size, block)
	case kind == model.EventText || kind == model.EventThinking:
		return cutWords(block)
	}
	return cutEvery(defaultPiece, block)
}

// cutEvery returns pieces of n bytes and a shorter last one.
func cutEvery(n int, block string) []string {
	pieces := make([]string, 0, len(block)/n+1)
	for len(block) > n {
		pieces = append(pieces, block[:n])
		block = block[n:]
	}
	return append(pieces, block)
}

// cutWords returns pieces that end before a space that follows another
// character, so that each is a word with the space before it.
func cutWords(block string) []string {
	var pieces []string
	start := 0
	for i := 1; i < len(block); i++ {
		if block[i] == ' ' && block[i-1] != ' ' {
			pieces = append(pieces, block[start:i])
			start = i
		}
	}
	return append(pieces, block[start:])
}
