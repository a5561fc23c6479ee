package prompt

import (
	"bytes"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
	"github.com/chatmodel-go/chatmodel/internal/rawjson"
)

// learn remembers the bytes behind the text of a chunk that has been decoded in
// full and says nothing but its text, as nearly all do. A later chunk that is the
// same around its text says the same, apart from the text. A chunk with counters
// is not learned, since they change; Llama's running count is the exception, and
// has a form of its own.
func (d *decoder) learn(chunk []byte, a answer) {
	rest, ok := bytes.CutPrefix(chunk, d.before)
	if !ok || !a.input.Absent() {
		return
	}
	text, rest, scratch, _ := rawjson.CutText(rest, d.scratch)
	d.scratch = scratch
	if a.text != nil && string(text) == *a.text && (a.output.Absent() || isCounted(rest)) {
		d.after, d.counted = append(d.after[:0], rest...), !a.output.Absent() // nothing if there is no text
	}
}

// cutText returns the text of a chunk that has the learned form. It returns false
// for any other: the full decoder then has the last word.
func (d *decoder) cutText(chunk []byte) (string, bool) {
	rest, ok := bytes.CutPrefix(chunk, d.before)
	if !ok || len(d.after) == 0 {
		return "", false
	}
	text, rest, scratch, _ := rawjson.CutText(rest, d.scratch)
	d.scratch = scratch
	if !bytes.Equal(rest, d.after) && !d.count(rest) { // or there is no text, and nothing behind it
		return "", false
	}
	return string(text), true
}

// The end of a chunk of Llama's, which counts the tokens so far.
const (
	countBefore = `,"prompt_token_count":null,"generation_token_count":`
	countAfter  = `,"stop_reason":null}`
)

// cutCount returns the count at the end of a chunk of Llama's, if nothing else is
// there.
func cutCount(rest []byte) (n int, ok bool) {
	rest, ok = bytes.CutPrefix(rest, []byte(countBefore))
	n, rest, _ = rawjson.CutIndex(rest) // nothing is left where there is none
	return n, ok && string(rest) == countAfter
}

// isCounted reports whether cutCount finds a count.
func isCounted(rest []byte) bool {
	_, ok := cutCount(rest)
	return ok
}

// count takes the count from the end of a chunk, if it is all there is and the
// learned form has one at its end, too.
func (d *decoder) count(rest []byte) bool {
	n, ok := cutCount(rest)
	if !ok || !d.counted {
		return false
	}
	d.output = native.CountOf(n)
	return true
}
