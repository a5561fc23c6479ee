package sample

import (
	"iter"
	"strings"
	"unicode/utf8"
)

// maxText is the longest string that is generated, in characters.
const maxText = 1 << 16

// strings proposes strings: of the formats asked for, then by the patterns,
// and if there is neither the letter a or as many as are needed.
func (g *generator) strings(f flat) iter.Seq[any] {
	return func(yield func(any) bool) {
		least, most := 0, -1
		var asked bool // for a format or a pattern
		for _, n := range f.nodes {
			least = max(least, n.minLength)
			if n.maxLength >= 0 && (most < 0 || n.maxLength < most) {
				most = n.maxLength
			}
		}
		if least > maxText {
			g.fault(tooLarge(f.path(), "minLength", maxText))
			return
		}
		propose := func(s string) bool { return yield(s) }
		for _, n := range f.nodes {
			if format, ok := formats[n.format]; ok {
				asked = true
				if !format.propose(least, propose) {
					return
				}
			}
		}
		for _, n := range f.nodes {
			if n.pattern != nil {
				asked = true
				if !matching(n.pattern.String(), least, propose) {
					return
				}
			}
		}
		if !asked {
			words(least, most, propose)
		}
	}
}

// words yields strings of letters: a, b, …, z, ba, … and as long as asked.
func words(least, most int, yield func(string) bool) {
	if most == 0 {
		yield("")
		return
	}
	for i := range maxVariants {
		if !yield(pad(word(i), least)) {
			return
		}
	}
	if least == 0 {
		yield("")
	}
}

// word returns a number in letters.
func word(i int) string {
	s := ""
	for {
		s = string(rune('a'+i%26)) + s
		if i /= 26; i == 0 {
			return s
		}
	}
}

// pad lengthens a string to the given number of characters.
func pad(s string, least int) string {
	if n := least - utf8.RuneCountInString(s); n > 0 {
		return s + strings.Repeat("a", n)
	}
	return s
}
