package wire

import (
	"bytes"

	"github.com/chatmodel-go/chatmodel/internal/rawjson"
)

// deltaForms are the deltas that make up nearly all of a stream: the bytes
// between the index and the text, and those behind the text. Signatures, redacted
// content and citations come once in a block and are left to decode.
var deltaForms = [...]struct {
	kind          DeltaKind
	before, after string
}{
	{DeltaText, `,"delta":{"text":"`, `}`},
	{DeltaToolInput, `,"delta":{"toolUse":{"input":"`, `}}`},
	{DeltaReasoningText, `,"delta":{"reasoningContent":{"text":"`, `}}`},
}

// parseFast reads a delta in exactly the form in which the service sends it:
//
//	{"contentBlockIndex":0,"delta":{"text":"Hello"},"p":"abc"}
//
// with p or without. It returns false, and leaves ev as it was, for anything
// else, even if that is only unusual: decode then has the last word.
//
// It is right because every byte of the payload is either compared with a form
// or checked as a number or a string, so nothing else can be in there; a fuzz
// test holds it to the results of decode. The service has sorted members and no
// white space in all of its recorded answers. Should that change, streams become
// slower and nothing else.
func (ev *Event) parseFast(b []byte) bool {
	b, ok := bytes.CutPrefix(b, []byte(`{"contentBlockIndex":`))
	if !ok {
		return false
	}
	index, b, ok := rawjson.CutIndex(b)
	if !ok {
		return false
	}
	for _, form := range deltaForms {
		rest, ok := bytes.CutPrefix(b, []byte(form.before))
		if !ok {
			continue
		}
		text, rest, scratch, ok := rawjson.CutText(rest, ev.scratch)
		ev.scratch = scratch
		if !ok {
			return false
		}
		rest, ok = bytes.CutPrefix(rest, []byte(form.after))
		if !ok || !isTail(rest) {
			return false
		}
		ev.HasIndex, ev.Index = true, index
		ev.Delta.Kind, ev.Delta.Text = form.kind, string(text)
		return true
	}
	return false
}

// isTail reports whether b is the end of the event: a brace, with padding before
// it or not. Padding is letters and digits; with an escape in it, it is something
// else.
func isTail(b []byte) bool {
	if p, ok := bytes.CutPrefix(b, []byte(`,"p":"`)); ok {
		n := rawjson.PlainLen(p)
		return string(p[n:]) == `"}`
	}
	return string(b) == `}`
}
