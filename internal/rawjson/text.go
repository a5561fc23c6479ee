package rawjson

import (
	"encoding/binary"
	"math/bits"
	"slices"
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
	end, ascii := plainLen(b)
	if end == len(b) || !ascii && !utf8.Valid(b[:end]) {
		return nil, nil, space, false
	}
	if b[end] == '"' {
		return b[:end], b[end+1:], space, true
	}
	text, n, ok := appendText(append(space[:0], b[:end]...), b[end:])
	if !ok {
		return nil, nil, text, false
	}
	return text, b[end+n:], text, true
}

// appendText appends the rest of a string, with its escapes undone, up to the
// quotation mark that ends it, and returns the index behind that. It reports
// whether there is such a string and it is UTF-8.
func appendText(text, b []byte) (all []byte, n int, ok bool) {
	before := len(text)
	// An escape is never shorter than what it stands for. The room beyond takes
	// whole words, of which less may be text.
	text = slices.Grow(text, len(b)+8)
	dst := text[:cap(text)]
	w, i := before, 0 // where to write and read
	var seen uint64   // all that is copied, to tell ASCII
	for {
		if len(b)-i >= 8 {
			eight := word(b[i : i+8])
			putWord(dst[w:], eight)
			marks := special(eight)
			plain := 8
			if marks != 0 {
				plain = bits.TrailingZeros64(marks) / 8
				eight &= 1<<(8*plain) - 1
			}
			seen |= eight
			w, i = w+plain, i+plain
			if marks == 0 {
				continue
			}
		}
		if i == len(b) {
			return text, 0, false
		}
		switch c := b[i]; {
		case c == '"':
			text = dst[:w]
			return text, i + 1, seen&(0x80*ones) == 0 || utf8.Valid(text[before:])
		case c == '\\':
			size, length := unescapeTo(dst[w:], b[i:])
			if length == 0 {
				return text, 0, false
			}
			w, i = w+size, i+length
		case c < ' ':
			return text, 0, false
		default: // near the end
			dst[w] = c
			seen |= uint64(c)
			w, i = w+1, i+1
		}
	}
}

// PlainLen returns the number of bytes at the beginning of a string that stand
// for themselves: up to a quotation mark, a backslash or a control character.
func PlainLen[T ~string | ~[]byte](b T) int {
	n, _ := plainLen(b)
	return n
}

// plainLen is PlainLen, and reports whether all of these bytes are ASCII.
func plainLen[T ~string | ~[]byte](b T) (n int, ascii bool) {
	i := 0
	var seen uint64
	for ; len(b)-i >= 16; i += 16 { // two words at once keep the processor busy
		one, two := word(b[i:i+8]), word(b[i+8:i+16])
		if special(one)|special(two) != 0 {
			break
		}
		seen |= one | two
	}
	for ; len(b)-i >= 8; i += 8 {
		w := word(b[i : i+8])
		if marks := special(w); marks != 0 {
			n := bits.TrailingZeros64(marks) / 8
			seen |= w & (1<<(8*n) - 1)
			return i + n, seen&(0x80*ones) == 0
		}
		seen |= w
	}
	for ; i < len(b); i++ {
		c := b[i]
		if c == '"' || c == '\\' || c < ' ' {
			break
		}
		seen |= uint64(c)
	}
	return i, seen&(0x80*ones) == 0
}

// word returns eight bytes, the first of them lowest.
func word[T ~string | ~[]byte](b T) uint64 {
	_ = b[7]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// putWord writes eight bytes, the first of them lowest.
func putWord(b []byte, w uint64) { binary.LittleEndian.PutUint64(b, w) }

const ones = 0x0101010101010101

// special looks at eight bytes at once. The lowest mark is in the first byte
// that does not stand for itself; those above it may be wrong, as a borrow goes
// on into the next byte. A byte is marked when a subtraction borrows from its
// high bit: of 0x20, of 1 from where it is a quotation mark, and of 1 from where
// it is a backslash. Bytes that have that bit set stand for themselves.
func special(w uint64) uint64 {
	const high = 0x80 * ones
	quote, slash := w^(ones*'"'), w^(ones*'\\')
	return ((w - ones*' ') | (quote - ones) | (slash - ones)) &^ w & high
}

// unescapeTo writes what the escape at the start of b stands for, and returns
// the lengths of both, zero if it is none. A surrogate pair is two escapes.
func unescapeTo(dst, b []byte) (size, length int) {
	if len(b) < 2 {
		return 0, 0
	}
	if c := unescape[b[1]]; c != 0 {
		dst[0] = c
		return 1, 2
	}
	r := escapedRune(b)
	switch {
	case r < 0:
		return 0, 0
	case r < utf8.RuneSelf:
		dst[0] = byte(r)
		return 1, 6
	case utf16.IsSurrogate(r):
		if pair := utf16.DecodeRune(r, escapedRune(b[6:])); pair != utf8.RuneError {
			return utf8.EncodeRune(dst, pair), 12
		}
		r = utf8.RuneError
	}
	return utf8.EncodeRune(dst, r), 6
}

// escapedRune returns the number that an escape by number begins b with, or -1.
func escapedRune(b []byte) rune {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return -1
	}
	d1, d2, d3, d4 := digits[b[2]], digits[b[3]], digits[b[4]], digits[b[5]]
	if d1&d2&d3&d4&isDigits == 0 {
		return -1
	}
	return rune(d1&15)<<12 | rune(d2&15)<<8 | rune(d3&15)<<4 | rune(d4&15)
}

// digits are the values of hexadecimal digits, with a bit that says that they
// are some.
var digits = [256]byte{
	'0': 0x10, '1': 0x11, '2': 0x12, '3': 0x13, '4': 0x14, '5': 0x15, '6': 0x16, '7': 0x17, '8': 0x18, '9': 0x19,
	'a': 0x1a, 'b': 0x1b, 'c': 0x1c, 'd': 0x1d, 'e': 0x1e, 'f': 0x1f,
	'A': 0x1a, 'B': 0x1b, 'C': 0x1c, 'D': 0x1d, 'E': 0x1e, 'F': 0x1f,
}

const isDigits = 0x10

// unescape is what a backslash and a byte stand for, or 0.
var unescape = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// CutCharacter splits text that came in a piece before a character that the end
// of the piece may have cut.
func CutCharacter(text string) (whole, rest string) {
	for i := len(text) - 1; i >= 0 && i >= len(text)-utf8.UTFMax+1; i-- {
		if utf8.RuneStart(text[i]) {
			if !utf8.FullRuneInString(text[i:]) {
				return text[:i], text[i:]
			}
			break
		}
	}
	return text, ""
}
