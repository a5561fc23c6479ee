package native

import (
	"bytes"

	"github.com/chatmodel-go/chatmodel/internal/rawjson"
)

// A Form is what nearly all chunks of a stream have in common: everything but
// one string. Once a chunk has been decoded in full and the place of its text is
// known, the next one that is the same around that place need not be decoded:
// it says the same, apart from the text. Whether the rest of a chunk may be
// ignored, again and again, is for the caller of Learn to judge.
//
// The zero value is a form that no chunk has.
type Form struct {
	before, after []byte
	scratch       []byte
}

// Learn takes the form from a chunk that is valid JSON. The text is the part of
// chunk that is the string, with its quotes; it must be a slice of chunk, by
// whose place in it the form is told from the text.
func (f *Form) Learn(chunk, text []byte) {
	// The capacities of a slice and of a slice of it differ by the distance of
	// their beginnings.
	start := cap(chunk) - cap(text)
	f.before = append(f.before[:0], chunk[:start+1]...)
	f.after = append(f.after[:0], chunk[start+len(text):]...)
}

// Cut returns the text of a chunk that has the form. The text is checked to be a
// JSON string, and everything around it is compared, so the result is that of a
// full decoder.
func (f *Form) Cut(chunk []byte) (string, bool) {
	if len(f.before) == 0 || !bytes.HasPrefix(chunk, f.before) {
		return "", false
	}
	text, rest, scratch, _ := rawjson.CutText(chunk[len(f.before):], f.scratch)
	f.scratch = scratch
	if !bytes.Equal(rest, f.after) { // or there is no text, and nothing behind it
		return "", false
	}
	return string(text), true
}
