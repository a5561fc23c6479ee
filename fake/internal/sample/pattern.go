package sample

import (
	"regexp/syntax"
	"strings"
	"unicode"
)

// patternVariants is how many strings are tried for a pattern, each with
// repetitions from the fewest possible on.
const patternVariants = 100

// matching yields strings that a pattern is likely to match, of the given
// length and more. It reports whether all were taken.
func matching(pattern string, least int, yield func(string) bool) bool {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return true // the schema's reader has compiled it before
	}
	for variant := range patternVariants {
		for _, more := range []int{0, 1, 2, 3, least} {
			w := patternWriter{variant: variant, more: more}
			if w.write(re); w.failed {
				continue
			}
			s := w.b.String()
			if !yield(s) {
				return false
			}
			if p := pad(s, least); p != s && (!yield(p) || !yield(p[len(s):]+s)) {
				return false
			}
		}
	}
	return true
}

// A patternWriter writes a string that an expression matches.
type patternWriter struct {
	b       strings.Builder
	variant int // which of several characters or alternatives to take
	more    int // repetitions beyond the fewest
	failed  bool
}

func (w *patternWriter) write(re *syntax.Regexp) {
	switch re.Op {
	case syntax.OpLiteral:
		w.b.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		w.class(re.Rune)
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		w.b.WriteRune(rune('a' + w.variant%26))
	case syntax.OpCapture, syntax.OpConcat:
		for _, sub := range re.Sub {
			w.write(sub)
		}
	case syntax.OpAlternate:
		w.write(re.Sub[w.variant%len(re.Sub)])
	case syntax.OpStar:
		w.repeat(re.Sub[0], 0, -1)
	case syntax.OpPlus:
		w.repeat(re.Sub[0], 1, -1)
	case syntax.OpQuest:
		w.repeat(re.Sub[0], 0, 1)
	case syntax.OpRepeat:
		w.repeat(re.Sub[0], re.Min, re.Max)
	case syntax.OpNoMatch:
		w.failed = true
	}
}

func (w *patternWriter) repeat(re *syntax.Regexp, least, most int) {
	n := least + w.more
	if most >= 0 {
		n = min(n, most)
	}
	for range n {
		if w.b.Len() > maxText {
			w.failed = true
			return
		}
		w.write(re)
	}
}

// class writes a character of a class, given as pairs of first and last. Those
// that people can read come first.
func (w *patternWriter) class(ranges []rune) {
	var all []rune
	in := func(r rune) bool {
		for i := 0; i+1 < len(ranges); i += 2 {
			if ranges[i] <= r && r <= ranges[i+1] {
				return true
			}
		}
		return false
	}
	for _, span := range []string{"az", "AZ", "09", "!~", "  "} {
		for r := rune(span[0]); r <= rune(span[1]); r++ {
			if in(r) {
				all = append(all, r)
			}
		}
	}
	for i := 0; i+1 < len(ranges) && len(all) == 0; i += 2 {
		if r := ranges[i]; r != unicode.ReplacementChar {
			all = append(all, r)
		}
	}
	if len(all) == 0 {
		w.failed = true
		return
	}
	w.b.WriteRune(all[w.variant%len(all)])
}
