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
				plain, eight = plainPart(eight, marks)
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
			return text, i + 1, isASCII(seen) || utf8.Valid(text[before:])
		case c == '\\':
			for i < len(b) && b[i] == '\\' { // escapes often follow one another
				size, length := 1, 2
				if i+1 < len(b) && unescape[b[i+1]] != 0 {
					dst[w] = unescape[b[i+1]]
				} else if size, length = unescapeTo(dst[w:], b[i:]); length == 0 {
					return text, 0, false
				}
				w, i = w+size, i+length
			}
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
		marks, further := special(one), special(two)
		if marks|further == 0 {
			seen |= one | two
			continue
		}
		if marks == 0 {
			i, seen = i+8, seen|one
			one, marks = two, further
		}
		n, part := plainPart(one, marks)
		return i + n, isASCII(seen | part)
	}
	if len(b)-i >= 8 {
		w := word(b[i : i+8])
		if marks := special(w); marks != 0 {
			n, part := plainPart(w, marks)
			return i + n, isASCII(seen | part)
		}
		i, seen = i+8, seen|w
	}
	for ; i < len(b) && !isSpecial(b[i]); i++ {
		seen |= uint64(b[i])
	}
	return i, isASCII(seen)
}

// plainPart returns what of a word is before its first mark, with zeros behind
// it, and how many bytes that is.
func plainPart(w, marks uint64) (n int, part uint64) {
	n = bits.TrailingZeros64(marks) / 8
	return n, w & (1<<(8*n) - 1)
}

// isASCII reports whether all bytes of a word are ASCII.
func isASCII(w uint64) bool { return w&(0x80*ones) == 0 }

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
	// If a byte is no digit, the number is negative.
	return digit(b[2])<<12 | digit(b[3])<<8 | digit(b[4])<<4 | digit(b[5])
}

// digit returns the value of a hexadecimal digit, or -1.
func digit(c byte) rune { return rune(digits[c]) - 1 }

// digits holds the value of each hexadecimal digit plus one, and 0 for other bytes.
var digits = [256]byte{
	'0': 1, '1': 2, '2': 3, '3': 4, '4': 5, '5': 6, '6': 7, '7': 8, '8': 9, '9': 10,
	'a': 11, 'b': 12, 'c': 13, 'd': 14, 'e': 15, 'f': 16,
	'A': 11, 'B': 12, 'C': 13, 'D': 14, 'E': 15, 'F': 16,
}

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
