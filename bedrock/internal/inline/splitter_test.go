package inline_test

import (
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/inline"
)

// split returns the thinking and the text that pieces hold.
func split(pieces []string, tags ...string) (thought, said string) {
	var think, say strings.Builder
	emit := func(thinking bool, piece string) bool {
		if thinking {
			think.WriteString(piece)
		} else {
			say.WriteString(piece)
		}
		return true
	}
	s := inline.New(tags)
	for _, p := range pieces {
		s.Add(p, emit)
	}
	s.End(emit)
	return think.String(), say.String()
}

// TestSplit checks what is thinking and what is text, wherever the text is cut.
func TestSplit(t *testing.T) {
	for _, row := range []struct{ text, thought, said string }{
		{"", "", ""},
		{"hi", "", "hi"},
		{" \n", "", " \n"},
		{"<thinking>a < b</thinking>\n\nhi ", "a < b", "hi "},
		{"\n <thinking>\na\n</thinking>hi", "\na\n", "hi"},
		{"<think>a</think>hi", "a", "hi"},
		{"<think>a</thinking>hi", "", "<think>a</thinking>hi"},
		{"<thinking>a</thinking>\n<thinking>b</thinking>\nhi", "ab", "hi"},
		{"<thinking>cut off </think", "", "<thinking>cut off </think"},
		{" <think> The answer.", "", " <think> The answer."},
		{"<think>a</think>\n<think>b", "a", "<think>b"},
		{"<thinking></thinking>", "", ""},
		{"<thinking>a</thinking> \n", "a", ""},
		{"<thinking>a</thinking> <thin", "a", "<thin"},
		{" <thi", "", " <thi"},
		{"say <thinking>a</thinking>", "", "say <thinking>a</thinking>"},
		{"<thinking>a</thinking>hi <thinking>b</thinking>", "a", "hi <thinking>b</thinking>"},
		{"<thinkings>a", "", "<thinkings>a"},
		{"<thinking>a<</thinking>ä", "a<", "ä"},
		{"</thinking>hi", "", "</thinking>hi"},
	} {
		for size := 1; size <= max(1, len(row.text)); size++ {
			var pieces []string
			for rest := row.text; rest != ""; {
				n := min(size, len(rest))
				pieces, rest = append(pieces, rest[:n]), rest[n:]
			}
			thought, said := split(pieces, "thinking", "think", "")
			if thought != row.thought || said != row.said {
				t.Errorf("%q in pieces of %d: thinking %q, text %q; want %q, %q", row.text, size, thought, said, row.thought, row.said)
			}
		}
	}
	if thought, said := split([]string{"<>a</>", "<thinking>"}, ""); thought != "" || said != "<>a</><thinking>" {
		t.Errorf("without tags: thinking %q, text %q", thought, said)
	}
}

// TestSplitLong checks that all of a long block arrives, with many pieces and
// many tags.
func TestSplitLong(t *testing.T) {
	const n = 200_000
	thought, said := split([]string{strings.Repeat("<think>a</think>", n), "hi"}, "think")
	if len(thought) != n || said != "hi" {
		t.Errorf("%d bytes of thinking, text %q", len(thought), said)
	}
}

// TestStop checks that emit is not called again after it has stopped.
func TestStop(t *testing.T) {
	calls := 0
	s := inline.New([]string{"think"})
	if s.Add("<think>a</think>hi", func(bool, string) bool { calls++; return false }) || calls != 1 {
		t.Errorf("stopped after %d calls", calls)
	}
}
