package fake

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/chatmodel-go/chatmodel/model"
)

// A script gives out turns, each once.
type script struct {
	turns []Turn
	next  int // the turn to be given out
	used  int // how often it has been
}

// take returns the next turn, and false if there is none.
func (s *script) take() (Turn, bool) {
	for ; s.next < len(s.turns); s.next, s.used = s.next+1, 0 {
		t := s.turns[s.next]
		if t.always || s.used < t.extra+1 {
			s.used++
			return t, true
		}
	}
	return Turn{}, false
}

// left describes the turns that have not been used, each on its own.
func (s *script) left() []string {
	var all []string
	for i := s.next; i < len(s.turns); i++ {
		t := s.turns[i]
		n := t.extra + 1
		if i == s.next {
			n -= s.used
		}
		if n <= 0 || t.always {
			continue
		}
		line := fmt.Sprintf("turn %d, %v, ", i+1, t)
		if n == 1 {
			line += "once"
		} else {
			line += fmt.Sprintf("%d times", n)
		}
		all = append(all, line)
	}
	return all
}

// shownMessages and shownBytes bound what an error shows of a request.
const (
	shownMessages = 4
	shownBytes    = 300
)

// describe returns a request in a line of text: the end of the conversation
// and the tools on offer, without binary data, signatures and settings.
func describe(req *model.Request) string {
	var lines []string
	messages := req.Messages
	if n := len(messages) - shownMessages; n > 0 {
		lines = append(lines, fmt.Sprintf("%d earlier messages", n))
		messages = messages[n:]
	}
	for _, m := range messages {
		lines = append(lines, shorten(m.String()))
	}
	if len(req.Tools) > 0 {
		names := make([]string, len(req.Tools))
		for i, t := range req.Tools {
			names[i] = t.Name
		}
		lines = append(lines, "tools "+shorten(strings.Join(names, ", ")))
	}
	return strings.Join(lines, "; ")
}

func shorten(s string) string {
	if len(s) <= shownBytes {
		return s
	}
	cut := shownBytes
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}

// cloneTurns keeps a script from changing with the slice it was made from.
func cloneTurns(turns []Turn) []Turn { return slices.Clone(turns) }
