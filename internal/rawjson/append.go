package rawjson

import (
	"math"
	"slices"
	"strconv"
	"unicode/utf8"
)

const hexDigits = "0123456789abcdef"

// AppendString appends s as a JSON string. Only what JSON demands is escaped, in
// contrast to encoding/json, which escapes <, > and & for the sake of HTML. Bytes
// that are not UTF-8 become U+FFFD.
func AppendString[T ~string | ~[]byte](dst []byte, s T) []byte {
	start := len(dst)
	dst, ascii := appendEscaped(dst, s)
	if ascii || utf8.Valid(dst[start:]) { // escapes neither make nor break characters
		return dst
	}
	return appendRepaired(dst[:start], s)
}

// AppendASCII is AppendString for a string that is all ASCII, which has one JSON
// form whatever the encoder does with characters beyond it. It appends nothing
// and reports false if there are any.
func AppendASCII[T ~string | ~[]byte](dst []byte, s T) (all []byte, ok bool) {
	start := len(dst)
	if dst, ok = appendEscaped(dst, s); ok {
		return dst, true
	}
	return dst[:start], false
}

// room is the most that one step of appendEscaped writes: a word and an escape.
const room = 8 + len(`\u0000`)

// appendEscaped appends s as a JSON string, bytes beyond ASCII as they are, and
// reports whether there are none of these. Escapes lie close together where JSON
// is quoted, so that behind the first one it goes by words and not by runs.
func appendEscaped[T ~string | ~[]byte](dst []byte, s T) (all []byte, ascii bool) {
	i, ascii := plainLen(s)
	dst = append(append(dst, '"'), s[:i]...)
	if i == len(s) {
		return append(dst, '"'), ascii
	}
	var seen uint64
	n := len(dst)
	for dst = dst[:cap(dst)]; i < len(s); {
		if len(dst)-n < room {
			dst = slices.Grow(dst[:n], len(s)-i+room)
			dst = dst[:cap(dst)]
		}
		plain := 0
		if len(s)-i >= 8 {
			eight := word(s[i : i+8])
			putWord(dst[n:], eight)
			marks := special(eight)
			if marks == 0 {
				seen |= eight
				i, n = i+8, n+8
				continue
			}
			plain, eight = plainPart(eight, marks)
			seen |= eight
		} else {
			for i+plain < len(s) && !isSpecial(s[i+plain]) {
				dst[n+plain] = s[i+plain]
				seen |= uint64(s[i+plain])
				plain++
			}
		}
		if i, n = i+plain, n+plain; i < len(s) {
			n = len(appendEscape(dst[:n], s[i]))
			i++
		}
	}
	return append(dst[:n], '"'), ascii && isASCII(seen)
}

// appendRepaired is AppendString for a string of which some bytes are not UTF-8.
func appendRepaired[T ~string | ~[]byte](dst []byte, s T) []byte {
	dst = append(dst, '"')
	for len(s) > 0 {
		if isSpecial(s[0]) {
			dst = appendEscape(dst, s[0])
			s = s[1:]
			continue
		}
		// So short that it is not allocated.
		r, size := utf8.DecodeRuneInString(string(s[:min(utf8.UTFMax, len(s))]))
		dst = utf8.AppendRune(dst, r) // U+FFFD for a byte that is none
		s = s[size:]
	}
	return append(dst, '"')
}

// isSpecial reports whether a byte needs an escape.
func isSpecial(c byte) bool { return c < ' ' || c == '"' || c == '\\' }

// appendEscape appends the escape of a byte: the short one if there is one.
func appendEscape(dst []byte, b byte) []byte {
	switch b {
	case '"', '\\':
		return append(dst, '\\', b)
	case '\b':
		return append(dst, '\\', 'b')
	case '\f':
		return append(dst, '\\', 'f')
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	}
	return append(dst, '\\', 'u', '0', '0', hexDigits[b>>4], hexDigits[b&15])
}

// AppendFloat appends f in the shortest form, as encoding/json does. JSON has no
// form for NaN and the infinities; they become the strings of the protocol, and
// it is up to the service to refuse them.
func AppendFloat(dst []byte, f float64) []byte {
	switch {
	case math.IsNaN(f):
		return append(dst, `"NaN"`...)
	case math.IsInf(f, 1):
		return append(dst, `"Infinity"`...)
	case math.IsInf(f, -1):
		return append(dst, `"-Infinity"`...)
	}
	if abs := math.Abs(f); abs == 0 || abs >= 1e-6 && abs < 1e21 {
		return strconv.AppendFloat(dst, f, 'f', -1, 64)
	}
	dst = strconv.AppendFloat(dst, f, 'e', -1, 64)
	if n := len(dst); n >= 4 && dst[n-4] == 'e' && dst[n-2] == '0' { // e-09 is written e-9
		dst[n-2] = dst[n-1]
		dst = dst[:n-1]
	}
	return dst
}
