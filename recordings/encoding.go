package recordings

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// This file undoes encodings, leniently: what is looked for is a secret, not a
// reason to refuse the text.

const maxInflated = 64 << 20 // bytes that a compressed text may grow to

// sextets gives the six bits of a byte of either base64 alphabet, or 0xff.
var sextets = func() (t [256]byte) {
	for i := range t {
		t[i] = 0xff
	}
	for i, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") {
		t[c] = byte(i)
	}
	t['-'], t['_'] = 62, 63
	return t
}()

// appendBase64 appends what s decodes to, in either alphabet, with line breaks
// and padding or without. It ends at the first byte that is no base64, and
// drops what is left of a last byte.
func appendBase64(dst, s []byte) []byte {
	for len(s) >= 4 {
		a, b, c, d := sextets[s[0]], sextets[s[1]], sextets[s[2]], sextets[s[3]]
		if a|b|c|d > 63 {
			break
		}
		dst = append(dst, a<<2|b>>4, b<<4|c>>2, c<<6|d)
		s = s[4:]
	}
	bits, have := uint(0), 0
	for _, ch := range s {
		if ch == '\r' || ch == '\n' {
			continue
		}
		six := sextets[ch]
		if six > 63 {
			break
		}
		bits, have = bits<<6|uint(six), have+6
		if have >= 8 {
			have -= 8
			dst = append(dst, byte(bits>>have))
		}
	}
	return dst
}

// appendHex appends what the pairs of hexadecimal digits in s decode to.
func appendHex(dst, s []byte) []byte {
	out, err := hex.AppendDecode(dst, s[:len(s)&^1])
	if err != nil {
		return dst
	}
	return out
}

// appendUnescaped appends s with its escapes undone: those of JSON, and those
// that programming languages add to them. What is no escape stays.
func appendUnescaped(dst, s []byte) []byte {
	for {
		i := bytes.IndexByte(s, '\\')
		if i < 0 || i+1 == len(s) {
			return append(dst, s...)
		}
		dst = append(dst, s[:i]...)
		var n int
		dst, n = appendEscape(dst, s[i:])
		s = s[i+n:]
	}
}

// shortEscapes are the escapes of one letter.
var shortEscapes = [256]byte{'n': '\n', 't': '\t', 'r': '\r', 'b': '\b', 'f': '\f', '"': '"', '\'': '\'', '\\': '\\', '/': '/', '0': 0}

// appendEscape appends what the escape at the start of s stands for, and
// returns its length. It has at least two bytes.
func appendEscape(dst, s []byte) ([]byte, int) {
	switch c := s[1]; c {
	case 'u':
		r, ok := hexRune(s[2:], 4)
		if !ok {
			break
		}
		if utf16.IsSurrogate(r) && len(s) >= 12 && s[6] == '\\' && s[7] == 'u' {
			if low, ok := hexRune(s[8:], 4); ok {
				return utf8.AppendRune(dst, utf16.DecodeRune(r, low)), 12
			}
		}
		return utf8.AppendRune(dst, r), 6
	case 'x':
		if r, ok := hexRune(s[2:], 2); ok {
			return append(dst, byte(r)), 4
		}
	default:
		if plain := shortEscapes[c]; plain != 0 || c == '0' {
			return append(dst, plain), 2
		}
	}
	return append(dst, s[:2]...), 2
}

func hexRune(s []byte, n int) (rune, bool) {
	if len(s) < n {
		return 0, false
	}
	v, err := strconv.ParseUint(string(s[:n]), 16, 32)
	return rune(v), err == nil
}

// appendUnquoted appends s with the escapes of a URL undone.
func appendUnquoted(dst, s []byte) []byte {
	for {
		i := bytes.IndexByte(s, '%')
		if i < 0 {
			return append(dst, s...)
		}
		dst = append(dst, s[:i]...)
		if r, ok := hexRune(s[i+1:], 2); ok {
			dst, s = append(dst, byte(r)), s[i+3:]
		} else {
			dst, s = append(dst, '%'), s[i+1:]
		}
	}
}

// isPacked reports whether b starts as gzip or zlib do.
func isPacked(b []byte) bool {
	return isGzip(b) || len(b) > 6 && b[0] == 0x78 && (uint(b[0])<<8|uint(b[1]))%31 == 0
}

// isGzip looks at the method and the flags too: what is no base64 decodes to
// noise, which has two bytes right every now and then.
func isGzip(b []byte) bool {
	return len(b) > 3 && b[0] == 0x1f && b[1] == 0x8b && b[2] == 8 && b[3] < 0x20
}

// unpack undoes gzip or zlib.
func unpack(b []byte) ([]byte, error) {
	var r io.Reader
	var err error
	if isGzip(b) {
		r, err = gzip.NewReader(bytes.NewReader(b))
	} else {
		r, err = zlib.NewReader(bytes.NewReader(b))
	}
	if err != nil {
		return nil, err
	}
	plain, err := io.ReadAll(io.LimitReader(r, maxInflated+1))
	if err != nil {
		return nil, err
	}
	if len(plain) > maxInflated {
		return nil, fmt.Errorf("more than %d bytes", maxInflated)
	}
	return plain, nil
}
