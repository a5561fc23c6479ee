package rawjson

import "unicode/utf8"

// CutIndex reads a number of up to nine digits.
func CutIndex(b []byte) (n int, rest []byte, ok bool) {
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

// CutText reads the rest of a string behind its opening quote. The text is part
// of b, or of the scratch space if there are escapes; scratch is that space,
// for the next call. Escapes by number and bytes that are no UTF-8 are left to
// a full decoder: ok is false.
func CutText(b, space []byte) (text, rest, scratch []byte, ok bool) {
	end := PlainLen(b)
	if end == len(b) {
		return nil, nil, space, false
	}
	if b[end] == '"' {
		return b[:end], b[end+1:], space, utf8.Valid(b[:end])
	}
	text = space[:0]
	for b[end] == '\\' && end+1 < len(b) {
		c := unescape(b[end+1])
		if c == 0 {
			break
		}
		text = append(append(text, b[:end]...), c)
		b = b[end+2:]
		if end = PlainLen(b); end == len(b) {
			break
		}
		if b[end] == '"' {
			text = append(text, b[:end]...)
			return text, b[end+1:], text, utf8.Valid(text)
		}
	}
	return nil, nil, space, false
}

// PlainLen returns how many bytes of a string stand for themselves.
func PlainLen(b []byte) int {
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
