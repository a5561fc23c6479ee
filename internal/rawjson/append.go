package rawjson

import (
	"math"
	"strconv"
	"unicode/utf8"
)

const hexDigits = "0123456789abcdef"

// AppendString appends s as a JSON string. Only what JSON demands is escaped, in
// contrast to encoding/json, which escapes <, > and & for the sake of HTML. Bytes
// that are not UTF-8 become U+FFFD.
func AppendString[T ~string | ~[]byte](dst []byte, s T) []byte {
	dst = append(dst, '"')
	for {
		n, ascii := plainLen(s)
		if ascii {
			dst = append(dst, s[:n]...)
		} else {
			dst = appendUTF8(dst, s[:n])
		}
		if n == len(s) {
			return append(dst, '"')
		}
		dst = appendEscape(dst, s[n])
		s = s[n+1:]
	}
}

// appendUTF8 appends text that needs no escapes, with U+FFFD in place of bytes
// that are not UTF-8. It checks the copy and not the text, since utf8.Valid takes
// the one type and not both.
func appendUTF8[T ~string | ~[]byte](dst []byte, s T) []byte {
	start := len(dst)
	dst = append(dst, s...)
	if utf8.Valid(dst[start:]) {
		return dst
	}
	dst = dst[:start]
	for len(s) > 0 {
		// So short that it is not allocated.
		r, size := utf8.DecodeRuneInString(string(s[:min(utf8.UTFMax, len(s))]))
		dst = utf8.AppendRune(dst, r) // U+FFFD for a byte that is none
		s = s[size:]
	}
	return dst
}

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
