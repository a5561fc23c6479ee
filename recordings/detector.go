package recordings

import (
	"bytes"
	"encoding/binary"
	"sync"
)

// A detector finds secrets in text, by pattern and by value. It does not change
// after it is made, and is safe for concurrent use.
type detector struct {
	hints    *trie
	shapes   []pattern
	patterns []int    // for each hint, the index in shapes of its pattern, or -1 for a value
	values   []string // for each hint, the known secret that starts with it, or "" for a pattern
}

// valueHint is the number of bytes of a known secret that go into the trie, at
// most.
const valueHint = 12

// newDetector returns a detector that knows all patterns and the given values.
func newDetector(values []string) *detector {
	if len(values) == 0 {
		return patternsOnly()
	}
	return makeDetector(values)
}

// makeDetector builds a new detector of all patterns and the given values. Empty
// values are ignored.
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

// patternsOnly returns the shared detector that knows no values. It is made on
// first use.
var patternsOnly = sync.OnceValue(func() *detector { return makeDetector(nil) })

// valueRule is the rule that find reports for a known value.
const valueRule = "a value known to be secret"

// find calls yield for every secret in text, with the rule that it breaks. The
// secret is text[from:to].
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

// redact returns a copy of text that is safe to show. Whatever looks like a
// secret is replaced.
func (d *detector) redact(text string) string {
	const blank = " [redacted] "
	var out []byte
	done := 0
	d.find([]byte(text), func(_ string, from, to int) {
		if from < done { // overlaps the secret before it
			done = max(done, to)
			return
		}
		out = append(append(out, text[done:from]...), blank...)
		done = to
	})
	return neutralARNs(string(append(out, text[done:]...)))
}

// A trie finds all words of a set in one pass over a text. It ignores the case of
// ASCII letters. It does not change after it is built.
//
// Few places in a text look like the start of a word, and find skips the others
// two bytes at a time. At each step i it looks up the gram text[i+1:i+4] in a
// small table. A word that starts at i has that gram one byte after its start,
// and a word that starts at i+1 has it at its start. If no word has the gram in
// either place, no word starts at i or i+1.
type trie struct {
	class   [256]uint16 // by byte; bytes that occur in no word share class 0
	classes int
	next    []int32 // by state and class: the next state, or 0 if there is none
	words   [][]int // by state: the words that end there
	lengths []int   // by word, in bytes

	short bool           // whether some word is shorter than a gram
	grams [1 << 9]uint64 // a set, as a bit for each gram of 15 bits: the two grams of each word; see note
}

// gramSize is the number of bytes in a gram. Only the lowest five bits of each
// are used, since they are the same for both cases of a letter.
const gramSize = 3

// gramOf returns the gram of the three lowest bytes, as a number of 15 bits.
func gramOf(bytes uint32) uint32 {
	return bytes&0x1f | bytes>>3&(0x1f<<5) | bytes>>6&(0x1f<<10)
}

// newTrie returns a trie of words. None of them may be empty.
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

// lower returns c in lower case if it is an ASCII letter, and c itself otherwise.
func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// grow adds a state that has no successors, and returns it.
func (t *trie) grow() int32 {
	state := int32(len(t.words))
	t.words = append(t.words, nil)
	t.next = append(t.next, make([]int32, t.classes)...)
	return state
}

// insert adds the states of word that are missing, and returns the last one.
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

// note adds the two grams by which find notices word: the one at its start, and
// the one a byte later. The last byte of the latter lies behind a word of three
// bytes. It may be any byte then, so all such grams are added.
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

// set adds a gram to the table.
func (t *trie) set(gram uint32) { t.grams[gram>>6] |= 1 << (gram & 63) }

// find calls yield for every occurrence of a word in text, with the word's index
// and the offset of its end. Occurrences come in the order of their starts.
func (t *trie) find(text []byte, yield func(word, end int)) {
	i := 0 // all words that start before i have been found
	if !t.short {
		for ; i+4 <= len(text); i += 2 {
			// The gram of words that start at i or i+1.
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

// at calls yield for every word that starts at text[from].
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
