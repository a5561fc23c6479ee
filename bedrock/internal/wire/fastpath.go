package wire

import (
	"bytes"
	"unicode/utf8"
)

// deltaForms are the deltas that make up nearly all of a stream: what stands
// between the index and the text, and behind it.
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
// else, also if that is only unusual: decode then has the last word.
func (ev *Event) parseFast(b []byte) bool {
	b, ok := bytes.CutPrefix(b, []byte(`{"contentBlockIndex":`))
	if !ok {
		return false
	}
	index, b, ok := cutIndex(b)
	if !ok {
		return false
	}
	for _, form := range deltaForms {
		rest, ok := bytes.CutPrefix(b, []byte(form.before))
		if !ok {
			continue
		}
		text, rest, ok := ev.cutText(rest)
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

// cutIndex reads a number of up to nine digits.
func cutIndex(b []byte) (n int, rest []byte, ok bool) {
	i := 0
	for i < len(b) && i < 9 && b[i] >= '0' && b[i] <= '9' {
		n = n*10 + int(b[i]-'0')
		i++
	}
	if i == 0 || i > 1 && b[0] == '0' {
		return 0, nil, false
	}
	return n, b[i:], true
}

// cutText reads the rest of a string behind its opening quote. The text is part
// of b, or of ev.scratch if there are escapes. Escapes by number and bytes that
// are no UTF-8 are left to decode.
func (ev *Event) cutText(b []byte) (text, rest []byte, ok bool) {
	end := plainLen(b)
	if end == len(b) {
		return nil, nil, false
	}
	if b[end] == '"' {
		return b[:end], b[end+1:], utf8.Valid(b[:end])
	}
	text = ev.scratch[:0]
	for b[end] == '\\' && end+1 < len(b) {
		c := unescape(b[end+1])
		if c == 0 {
			break
		}
		text = append(append(text, b[:end]...), c)
		b = b[end+2:]
		if end = plainLen(b); end == len(b) {
			break
		}
		if b[end] == '"' {
			text = append(text, b[:end]...)
			ev.scratch = text
			return text, b[end+1:], utf8.Valid(text)
		}
	}
	return nil, nil, false
}

// plainLen returns how many bytes of a string stand for themselves.
func plainLen(b []byte) int {
	for i, c := range b {
		if c == '"' || c == '\\' || c < ' ' {
			return i
		}
	}
	return len(b)
}

// unescape returns what a backslash and c stand for, or 0.
func unescape(c byte) byte {
	switch c {
	case '"', '\\', '/':
		return c
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return 0
}

// isTail reports whether b is the end of the event: a brace, with padding before
// it or not.
func isTail(b []byte) bool {
	if p, ok := bytes.CutPrefix(b, []byte(`,"p":"`)); ok {
		n := plainLen(p)
		return string(p[n:]) == `"}`
	}
	return string(b) == `}`
}
