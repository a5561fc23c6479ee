package native

import (
	"fmt"

	"github.com/chatmodel-go/chatmodel/internal/rawjson"
)

// A Count is a counter in a body or a header. One that cannot be read is no
// reason to lose the answer that it is about, so decoding it never fails.
type Count struct {
	n     int
	state countState
}

type countState uint8

const (
	absent countState = iota
	told
	garbled // there, but no number from zero to what a counter can be
)

// CountOf returns a counter that was read in another way.
func CountOf(n int) Count { return Count{n, told} }

// ParseCount reads a counter of a header. The empty text is an absent one.
func ParseCount(text string) Count {
	var c Count
	if text != "" {
		c.parse([]byte(text))
	}
	return c
}

// UnmarshalJSON reads a counter; null is an absent one. It returns no error, so
// that a decoder goes on with the members behind it.
func (c *Count) UnmarshalJSON(value []byte) error {
	*c = Count{}
	if string(value) != "null" {
		c.parse(value)
	}
	return nil
}

// parse reads a counter as JSON has it, or as a double that is integral: the
// service writes all numbers so when a guardrail intervenes.
func (c *Count) parse(value []byte) {
	n, ok := rawjson.Count(value)
	if !ok {
		*c = Count{0, garbled}
		return
	}
	*c = CountOf(n)
}

// N returns the count, zero if it is absent or cannot be read.
func (c Count) N() int { return c.n }

// Told reports whether there is a count and it could be read.
func (c Count) Told() bool { return c.state == told }

// Absent reports whether there is no count, not even one that cannot be read.
func (c Count) Absent() bool { return c.state == absent }

// Garbled reports whether one of the counts is there and cannot be read.
func Garbled(counts ...Count) bool {
	for _, c := range counts {
		if c.state == garbled {
			return true
		}
	}
	return false
}

// An Index is a number of a body that must be an integer, in whatever way it is
// written.
type Index int

// UnmarshalJSON reads an integer; null leaves the index as it is.
func (i *Index) UnmarshalJSON(value []byte) error {
	if string(value) == "null" {
		return nil
	}
	n, ok := rawjson.Int(value)
	if !ok {
		return fmt.Errorf("want an integer, got %s", rawjson.Kind(value))
	}
	*i = Index(n)
	return nil
}

// OutputParts are Anthropic's counters of the parts of an answer, in a body of
// the model's own and in the fields of it that Converse returns on request.
type OutputParts struct {
	Thinking Count `json:"thinking_tokens"`
}
