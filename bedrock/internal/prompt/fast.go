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
	text, rest, scratch, ok := rawjson.CutText(rest, d.scratch)
	d.scratch = scratch
	if ok && a.text != nil && string(text) == *a.text && (a.output.Absent() || isCounted(rest)) {
		d.after = append(d.after[:0], rest...)
	}
}

// cutText returns the text of a chunk that has the learned form. It returns false
// for any other: the full decoder then has the last word.
func (d *decoder) cutText(chunk []byte) (string, bool) {
	rest, ok := bytes.CutPrefix(chunk, d.before)
	if !ok || len(d.after) == 0 {
		return "", false
	}
	text, rest, scratch, ok := rawjson.CutText(rest, d.scratch)
	d.scratch = scratch
	if !ok {
		return "", false
	}
	if !bytes.Equal(rest, d.after) && !d.count(rest) {
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
	if rest, ok = bytes.CutPrefix(rest, []byte(countBefore)); !ok {
		return 0, false
	}
	n, rest, ok = rawjson.CutIndex(rest)
	return n, ok && string(rest) == countAfter
}

// isCounted reports whether cutCount finds a count.
func isCounted(rest []byte) bool {
	_, ok := cutCount(rest)
	return ok
}

// count takes the count from the end of a chunk, if it is all there is. A decoder
// that has had no count yet leaves the chunk to the full decoder.
func (d *decoder) count(rest []byte) bool {
	n, ok := cutCount(rest)
	if !ok || d.output.Absent() {
		return false
	}
	d.output = native.CountOf(n)
	return true
}
