package bedrocktest

import (
	"strings"
	"unicode/utf8"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/internal/prompt"
	"github.com/chatmodel-go/chatmodel/model"
)

// Limits end an answer at the request's token limit, or before one of its stop
// sequences.
type limits struct {
	limited bool
	left    int // bytes that may still follow, if limited
	used    int // bytes so far
	stops   []string

	reason  model.StopReason // why the limits ended the answer; empty if they did not
	matched string           // the stop sequence
}

func newLimits(maxTokens *int, stops []string) *limits {
	l := &limits{stops: stops}
	if maxTokens != nil {
		l.limited, l.left = true, *maxTokens*prompt.BytesPerToken
	}
	return l
}

// reached reports whether the answer is over.
func (l *limits) reached() bool { return l.reason != "" }

// spend returns the part of s that fits into the tokens left. It does not cut
// characters.
func (l *limits) spend(s string) string {
	if l.limited && len(s) > l.left {
		s = s[:l.left]
		for len(s) > 0 && !utf8.ValidString(s[lastRune(s):]) {
			s = s[:lastRune(s)]
		}
		l.reason, l.matched = model.StopMaxTokens, ""
		l.used += l.left // the cut character counts too
		l.left = 0
		return s
	}
	l.left -= len(s)
	l.used += len(s)
	return s
}

// tokens returns the number of tokens that the answer has used.
func (l *limits) tokens() int { return prompt.Tokens(l.used) }

// A textLimit applies the limits to one block of text. It holds back text that
// may be the beginning of a stop sequence.
type textLimit struct {
	*limits
	held string
}

// add takes the next piece of the block and returns the text to send.
func (t *textLimit) add(piece string) string {
	if len(t.stops) == 0 {
		return t.spend(piece)
	}
	text := t.held + piece
	t.held = ""
	at, stop := -1, ""
	for _, s := range t.stops {
		if i := strings.Index(text, s); s != "" && i >= 0 && (at < 0 || i < at) {
			at, stop = i, s
		}
	}
	if at >= 0 {
		t.reason, t.matched = model.StopSequence, stop
		return t.spend(text[:at])
	}
	hold := t.overlap(text)
	t.held = text[len(text)-hold:]
	return t.spend(text[:len(text)-hold])
}

// flush ends the block and returns the text that was held back.
func (t *textLimit) flush() string {
	rest := t.held
	t.held = ""
	return t.spend(rest)
}

// overlap returns how many bytes at the end of text begin a stop sequence.
func (t *textLimit) overlap(text string) int {
	longest := 0
	for _, s := range t.stops {
		for n := min(len(s)-1, len(text)); n > longest; n-- {
			if strings.HasSuffix(text, s[:n]) {
				longest = n
				break
			}
		}
	}
	return longest
}

// text applies the limits to a whole text and returns the part to send.
func (l *limits) text(s string) string {
	t := textLimit{limits: l}
	s = t.add(s)
	if !l.reached() {
		s += t.flush()
	}
	return s
}

// lastRune returns the index of the last character of s, complete or not.
func lastRune(s string) int {
	for i := len(s) - 1; i >= 0 && i >= len(s)-utf8.UTFMax; i-- {
		if utf8.RuneStart(s[i]) {
			return i
		}
	}
	return len(s)
}
