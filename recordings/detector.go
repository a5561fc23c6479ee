package recordings

import (
	"bytes"
	"sync"
)

// A detector finds secrets in texts: by their patterns, and by value. It is not
// changed once it is made, and safe for concurrent use.
type detector struct {
	hints    *trie
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
	d := &detector{}
	var hints []string
	for i, s := range secretPatterns {
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
		s := &secretPatterns[d.patterns[hint]]
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
