package rawjson

import (
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"
)

// CutIndex reads a number of up to nine digits, which fits in an int of any size.
// A number with more is left to a full decoder, as is one that is not JSON, such
// as 01.
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

// CutText reads the rest of a string behind its opening quote. The text is a
// slice of b, or of the scratch space if there are escapes, so it is valid until
// the next call with that space; scratch is the space to give to that call. Half
// a surrogate pair becomes U+FFFD, as in encoding/json. Bytes that are not UTF-8
// are left to a full decoder, and so is everything that is not JSON: ok is false.
func CutText(b, space []byte) (text, rest, scratch []byte, ok bool) {
	end := PlainLen(b)
	if end == len(b) {
		return nil, nil, space, false
	}
	if b[end] == '"' {
		return b[:end], b[end+1:], space, utf8.Valid(b[:end])
	}
	text = space[:0]
	for end < len(b) {
		text = append(text, b[:end]...)
		switch b = b[end:]; b[0] {
		case '"':
			return text, b[1:], text, utf8.Valid(text)
		case '\\':
			var n int
			if text, n = appendUnescaped(text, b); n == 0 {
				return nil, nil, text, false
			}
			b = b[n:]
		default: // a control character
			return nil, nil, text, false
		}
		end = PlainLen(b)
	}
	return nil, nil, text, false
}

// PlainLen returns the number of bytes at the beginning of a string that stand
// for themselves: up to a quotation mark, a backslash or a control character.
func PlainLen[T ~string | ~[]byte](b T) int {
	i := 0
	for ; len(b)-i >= 8; i += 8 {
		if marks := special(word(b[i : i+8])); marks != 0 {
			return i + bits.TrailingZeros64(marks)/8
		}
	}
	for ; i < len(b); i++ {
		if c := b[i]; c == '"' || c == '\\' || c < ' ' {
			return i
		}
	}
	return len(b)
}

// word returns eight bytes, the first of them lowest.
func word[T ~string | ~[]byte](b T) uint64 {
	_ = b[7]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// special looks at eight bytes at once. The lowest mark is in the first byte
// that does not stand for itself; those above it may be wrong, as a borrow goes
// on into the next byte. A byte is marked when a subtraction borrows from its
// high bit: of 0x20, of 1 from where it is a quotation mark, and of 1 from where
// it is a backslash.
func special(w uint64) uint64 {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	quote, slash := w^(ones*'"'), w^(ones*'\\')
	return ((w-ones*' ')&^w | (quote-ones)&^quote | (slash-ones)&^slash) & high
}

// appendUnescaped appends what the escape at the start of b stands for, and
// returns its length, zero if it is none. A surrogate pair is two escapes.
func appendUnescaped(dst, b []byte) ([]byte, int) {
	if len(b) < 2 {
		return dst, 0
	}
	if c := unescape(b[1]); c != 0 {
		return append(dst, c), 2
	}
	r := escapedRune(b)
	if r < 0 {
		return dst, 0
	}
	if utf16.IsSurrogate(r) {
		if pair := utf16.DecodeRune(r, escapedRune(b[6:])); pair != utf8.RuneError {
			return utf8.AppendRune(dst, pair), 12
		}
		r = utf8.RuneError
	}
	return utf8.AppendRune(dst, r), 6
}

// escapedRune returns the number that an escape by number begins b with, or -1.
func escapedRune(b []byte) rune {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return -1
	}
	var r rune
	for _, c := range b[2:6] {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return -1
		}
		r = r<<4 | rune(c)
	}
	return r
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
