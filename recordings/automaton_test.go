package recordings

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// naive finds words as the automaton does, one after the other.
func naive(words []string, text string) []string {
	var found []string
	for i, w := range words {
		for end := len(w); end <= len(text); end++ {
			if lowerASCII(text[end-len(w):end]) == lowerASCII(w) {
				found = append(found, fmt.Sprintf("%d@%d", i, end))
			}
		}
	}
	slices.Sort(found)
	return found
}

func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

func FuzzAutomaton(f *testing.F) {
	f.Add("he she his hers", "usHErs and HISHE")
	f.Add("a aa aaa", "aaaa")
	f.Add("secret ecret cret", "the SECRET")
	f.Add("x x", "xx")
	f.Fuzz(func(t *testing.T, list, text string) {
		words := strings.Fields(list)
		for i := range words {
			words[i] = strings.ToValidUTF8(words[i], "?") // which lowerASCII leaves alone
		}
		text = strings.ToValidUTF8(text, "?")
		if len(words) == 0 || len(words)*len(text) > 1<<16 {
			return
		}
		var got []string
		newAutomaton(words).find([]byte(text), func(word, end int) { got = append(got, fmt.Sprintf("%d@%d", word, end)) })
		slices.Sort(got)
		if want := naive(words, text); !slices.Equal(got, want) {
			t.Errorf("%q in %q: found %v, want %v", words, text, got, want)
		}
	})
}

// Whatever a body is, it is looked through to its end, in bounded work, and what
// is said of it does not hold the secret.
func FuzzScan(f *testing.F) {
	const secret = "correct-horse"
	for _, body := range []string{
		`{"a":"\u0063orrect-horse"}`, "data: {\"a\":1}\n\ndata: x\n", `{"correct-horse":["Y29ycmVjdC1ob3JzZQ=="]}`, "[[{\"a\":", "\x1f\x8b\x08\x00", "x\x9c", "%63orrect-horse",
		"636f72726563742d686f727365", "\\\\\\\"", `"`, `{"a":"` + strings.Repeat("QUJD", 40) + "\n" + `"}`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		d := newDetector([]string{secret})
		s := newScanner(d, "c.yaml")
		s.body("body", body)
		plain := bytes.Contains(body, []byte(secret))
		err := s.err()
		if plain && err == nil {
			t.Error("the secret is not found")
		}
		if err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("the error shows the secret: %v", err)
		}
		if len(body) < 4<<10 && s.looked > 1<<22 {
			t.Errorf("%d bytes were looked at for a body of %d", s.looked, len(body))
		}
	})
}
