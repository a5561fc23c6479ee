package rawjson

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// The functions of this file take apart JSON that is known to be valid, so they
// look for the ends of values and check nothing. With anything else they may
// panic. What they return are slices of what they are given.

// EachMember calls f with the name (raw, without its quotes) and the value of
// every member of the object b, in order.
func EachMember(b []byte, f func(name, value []byte)) {
	for i := SkipSpace(b, 1); b[i] != '}'; {
		end := skipString(b, i)
		name := b[i+1 : end-1]
		i = SkipSpace(b, end) // at the colon
		i = SkipSpace(b, i+1) // at the value
		end = SkipValue(b, i) // behind the value
		f(name, b[i:end])
		i = SkipSpace(b, end)
		if b[i] == ',' {
			i = SkipSpace(b, i+1)
		}
	}
}

// NextElement returns the element of the array b at or behind i and where to go
// on; ok is false at the end. The first i is 1.
func NextElement(b []byte, i int) (value []byte, next int, ok bool) {
	i = SkipSpace(b, i)
	if b[i] == ',' {
		i = SkipSpace(b, i+1)
	}
	if b[i] == ']' {
		return nil, i, false
	}
	end := SkipValue(b, i)
	return b[i:end], end, true
}

// SkipSpace returns the index of the first byte at or behind i that is not white
// space, or the length of b.
func SkipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '\n' || b[i] == '\r') {
		i++
	}
	return i
}

// skipString returns the index behind the string that starts at i. It looks for
// the closing quote alone, with bytes.IndexByte, so that a file in base64 is
// passed over at the speed of memory.
func skipString(b []byte, i int) int {
	for i++; ; i++ {
		i += bytes.IndexByte(b[i:], '"')
		backslashes := 0
		for b[i-1-backslashes] == '\\' {
			backslashes++
		}
		if backslashes%2 == 0 { // they escape each other, not the quote
			return i + 1
		}
	}
}

// SkipValue returns the index behind the value that starts at i. It counts braces
// and brackets alike: in valid JSON they match.
func SkipValue(b []byte, i int) int {
	depth := 0
	for i < len(b) {
		switch b[i] {
		case '"':
			i = skipString(b, i)
		case '{', '[':
			depth++
			i++
			continue
		case '}', ']':
			depth--
			i++
		case ',', ':', ' ', '\t', '\n', '\r':
			i++
			continue
		default:
			i = skipLiteral(b, i)
		}
		if depth == 0 {
			break
		}
	}
	return i
}

// skipLiteral returns the index behind the number, true, false or null at i.
func skipLiteral(b []byte, i int) int {
	for ; i < len(b); i++ {
		switch b[i] {
		case ',', '}', ']', ':', ' ', '\t', '\r', '\n':
			return i
		}
	}
	return i
}

// Unquote returns the text of a raw name or string, which is given without its
// quotes. Bytes that are not UTF-8 become U+FFFD.
func Unquote(inner []byte) string {
	if bytes.IndexByte(inner, '\\') < 0 {
		if utf8.Valid(inner) {
			return string(inner)
		}
	} else if s, ok := unescapeAll(inner); ok {
		return s
	}
	quoted := make([]byte, 0, len(inner)+2)
	quoted = append(append(append(quoted, '"'), inner...), '"')
	var s string
	if err := json.Unmarshal(quoted, &s); err != nil {
		return "" // not reached: the string is part of valid JSON
	}
	return s
}

// unescapeAll resolves the escapes of a raw string. Like [CutText], it leaves
// bytes that are not UTF-8 to a full decoder.
func unescapeAll(inner []byte) (string, bool) {
	var s strings.Builder
	s.Grow(len(inner)) // an escape is never shorter than what it stands for
	var space [utf8.UTFMax]byte
	for {
		i := bytes.IndexByte(inner, '\\')
		if i < 0 {
			s.Write(inner)
			return s.String(), utf8.ValidString(s.String())
		}
		s.Write(inner[:i])
		size, n := unescapeTo(space[:], inner[i:])
		if n == 0 {
			return "", false
		}
		s.Write(space[:size])
		inner = inner[i+n:]
	}
}

// Kind names the type of a value for an error text.
func Kind(value []byte) string {
	switch value[0] {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a string"
	case 't', 'f':
		return "a boolean"
	case 'n':
		return "null"
	}
	return "a number"
}

// Member returns the value of an object's member, nil if there is none. Of a
// repeated member the last counts. An object of no bytes has no members.
func Member(object []byte, name string) (value []byte) {
	if len(object) == 0 {
		return nil
	}
	EachMember(object[SkipSpace(object, 0):], func(n, v []byte) {
		if string(n) == name || Unquote(n) == name {
			value = v
		}
	})
	return value
}

// IsCompact reports whether a value has no space between its tokens.
func IsCompact(b []byte) bool {
	for i := 0; i < len(b); {
		switch b[i] {
		case '"':
			i = skipString(b, i)
		case ' ', '\t', '\n', '\r':
			return false
		default:
			i++
		}
	}
	return true
}

// AppendCompact appends a value without the space between its tokens.
func AppendCompact(dst, b []byte) []byte {
	start := 0 // of what is not appended yet
	for i := 0; i < len(b); {
		switch b[i] {
		case '"':
			i = skipString(b, i)
		case ' ', '\t', '\n', '\r':
			dst = append(dst, b[start:i]...)
			i++
			start = i
		default:
			i++
		}
	}
	return append(dst, b[start:]...)
}
