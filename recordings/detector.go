package recordings

import (
	"bytes"
	"encoding/binary"
	"sync"
)

// A detector finds secrets in texts: by their patterns, and by value. It is not
// changed once it is made, and safe for concurrent use.
type detector struct {
	hints    *trie
	shapes   []pattern
	patterns []int    // by hint: which of secretPatterns it belongs to, or -1
	values   []string // by hint: the secret that starts with it, if it is none of a pattern
}

// valueHint is how much of a known secret the trie has.
const valueHint = 12

// newDetector returns a detector of all patterns and the given values.
func newDetector(values []string) *detector {
	if len(values) == 0 {
		return patternsOnly()
	}
	return makeDetector(values)
}

func makeDetector(values []string) *detector {
	d := &detector{shapes: secretPatterns()}
	var hints []string
	for i, s := range d.shapes {
		for _, hint := range s.hints {
			hints = append(hints, hint)
			d.patterns = append(d.patterns, i)
			d.values = append(d.values, "")
		}
	}
	for _, v := range values {
		if v != "" {
			hints = append(hints, v[:min(len(v), valueHint)])
			d.patterns = append(d.patterns, -1)
			d.values = append(d.values, v)
		}
	}
	d.hints = newTrie(hints)
	return d
}

// patternsOnly returns the detector that knows no values. It is made on first
// use.
var patternsOnly = sync.OnceValue(func() *detector { return makeDetector(nil) })

const valueRule = "a value known to be secret"

// find calls yield with every secret in text: the rule that it breaks, and
// where it lies.
func (d *detector) find(text []byte, yield func(rule string, from, to int)) {
	d.hints.find(text, func(hint, end int) {
		if v := d.values[hint]; v != "" {
			from := end - min(len(v), valueHint)
			if bytes.HasPrefix(text[from:], []byte(v)) {
				yield(valueRule, from, from+len(v))
			}
			return
		}
		s := &d.shapes[d.patterns[hint]]
		at := end - d.hints.lengths[hint]
		if from, to := s.match(text, at, end); to > from {
			yield(s.rule, from, to)
		}
	})
}

// redact makes text fit to be shown: whatever looks like a secret is blanked.
func (d *detector) redact(text string) string {
	const blank = " [redacted] "
	var out []byte
	done := 0
	d.find([]byte(text), func(_ string, from, to int) {
		if from < done { // overlaps what was blanked
			done = max(done, to)
			return
		}
		out = append(append(out, text[done:from]...), blank...)
		done = to
	})
	return neutralARNs(string(append(out, text[done:]...)))
}

// A trie finds many words in a text, whatever their number. It takes upper and
// lower case ASCII letters for the same. It is not changed once it is built.
//
// Few places of a text look like the start of a word. So find looks at three
// bytes at every other place, which whatever word stands there has at its start
// or one byte after it, and asks a small table whether a word has them.
type trie struct {
	class   [256]uint16 // bytes that no word has share class 0
	classes int
	next    []int32 // by state and class; 0 for no successor
	words   [][]int // by state: which words end there
	lengths []int   // by word

	short bool           // some word has fewer than three bytes
	grams [1 << 9]uint64 // a bit for each gram that a word has, of 15 bits
}

// gramSize is how many bytes a gram has. Each counts with its lowest five bits,
// which are the same for both cases of a letter.
const gramSize = 3

func gramOf(bytes uint32) uint32 {
	return bytes&0x1f | bytes>>3&(0x1f<<5) | bytes>>6&(0x1f<<10)
}

// newTrie builds a trie of words, which must not be empty.
func newTrie(words []string) *trie {
	t := &trie{classes: 1, lengths: make([]int, len(words))}
	for _, w := range words {
		for i := range len(w) {
			c := lower(w[i])
			if t.class[c] == 0 {
				t.class[c] = uint16(t.classes)
				t.classes++
			}
		}
	}
	for c := byte('A'); c <= 'Z'; c++ {
		t.class[c] = t.class[lower(c)]
	}
	t.grow()
	for i, w := range words {
		t.lengths[i] = len(w)
		state := t.insert(w)
		t.words[state] = append(t.words[state], i)
		t.note(w)
	}
	return t
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// grow adds a state without successors and returns it.
func (t *trie) grow() int32 {
	state := int32(len(t.words))
	t.words = append(t.words, nil)
	t.next = append(t.next, make([]int32, t.classes)...)
	return state
}

// insert returns the state that a word leads to.
func (t *trie) insert(word string) int32 {
	state := int32(0)
	for i := range len(word) {
		at := int(state)*t.classes + int(t.class[word[i]])
		if t.next[at] == 0 {
			to := t.grow()
			t.next[at] = to
		}
		state = t.next[at]
	}
	return state
}

// note enters the grams of a word: the one at its start and the one after that,
// whose last byte may come after the word.
func (t *trie) note(word string) {
	if len(word) < gramSize {
		t.short = true
		return
	}
	b := []byte(word[:min(len(word), gramSize+1)])
	t.set(gramOf(uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16))
	if len(b) > gramSize {
		t.set(gramOf(uint32(b[1]) | uint32(b[2])<<8 | uint32(b[3])<<16))
		return
	}
	for last := range uint32(1 << 5) {
		t.set(gramOf(uint32(b[1]) | uint32(b[2])<<8 | last<<16))
	}
}

func (t *trie) set(gram uint32) { t.grams[gram>>6] |= 1 << (gram & 63) }

// find calls yield with every occurrence of a word: its index, and where it
// ends. Occurrences come in the order in which they start.
func (t *trie) find(text []byte, yield func(word, end int)) {
	i := 0 // words that start before it have been found
	if !t.short {
		for ; i+4 <= len(text); i += 2 {
			// The words that start here and one byte further.
			gram := gramOf(binary.LittleEndian.Uint32(text[i:]) >> 8)
			if t.grams[gram>>6]>>(gram&63)&1 != 0 {
				t.at(text, i, yield)
				t.at(text, i+1, yield)
			}
		}
	}
	for ; i < len(text); i++ {
		t.at(text, i, yield)
	}
}

// at calls yield with every word that starts at text[from].
func (t *trie) at(text []byte, from int, yield func(word, end int)) {
	state := int32(0)
	for i, c := range text[from:] {
		state = t.next[int(state)*t.classes+int(t.class[c])]
		if state == 0 {
			return
		}
		for _, word := range t.words[state] {
			yield(word, from+i+1)
		}
	}
}
