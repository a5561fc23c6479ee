package recordings

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"html"
	"io"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// This file undoes encodings. It is lenient, because the purpose is to find
// secrets, not to reject texts.

// sextets has the six bits of a byte in either base64 alphabet, or 0xff.
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

// appendBase64 appends the decoded bytes of s, in either alphabet, with or
// without line breaks and padding. It stops at the first byte that is not
// base64, and drops the rest of an incomplete byte.
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

// appendHex appends the bytes of the pairs of hexadecimal digits in s.
func appendHex(dst, s []byte) []byte {
	out, err := hex.AppendDecode(dst, s[:len(s)&^1])
	if err != nil {
		return dst
	}
	return out
}

// appendUnescaped appends s with its escapes undone: those of JSON, and those
// that programming languages add. Anything else stays.
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

// shortEscapes are the escapes with one letter.
var shortEscapes = [256]byte{'n': '\n', 't': '\t', 'r': '\r', 'b': '\b', 'f': '\f', '"': '"', '\'': '\'', '\\': '\\', '/': '/'}

// appendEscape appends the bytes for the escape at the start of s, and returns
// the length of the escape. The text s has at least two bytes.
func appendEscape(dst, s []byte) ([]byte, int) {
	switch c := s[1]; c {
	case 'u':
		if r, n := bracedRune(s); n > 0 {
			return utf8.AppendRune(dst, r), n
		}
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
	case 'U':
		if r, ok := hexRune(s[2:], 8); ok {
			return utf8.AppendRune(dst, r), 10
		}
	case 'x':
		if r, n := bracedRune(s); n > 0 {
			return utf8.AppendRune(dst, r), n
		}
		if r, ok := hexRune(s[2:], 2); ok {
			return append(dst, byte(r)), 4
		}
	case '0', '1', '2', '3', '4', '5', '6', '7':
		if len(s) >= 4 && c <= '3' && octal[s[2]] && octal[s[3]] {
			return append(dst, (c-'0')<<6|(s[2]-'0')<<3|(s[3]-'0')), 4
		}
		if c == '0' {
			return append(dst, 0), 2
		}
	default:
		if plain := shortEscapes[c]; plain != 0 {
			return append(dst, plain), 2
		}
	}
	return append(dst, s[:2]...), 2
}

// bracedRune returns the rune of an escape such as \u{41}, and the length of
// the escape. It returns zeros if there is none.
func bracedRune(s []byte) (rune, int) {
	const most = 8
	if len(s) < 5 || s[2] != '{' {
		return 0, 0
	}
	n := hexly.run(s[3:], most)
	if r, ok := hexRune(s[3:], n); ok && 3+n < len(s) && s[3+n] == '}' {
		return r, 3 + n + 1
	}
	return 0, 0
}

func hexRune(s []byte, n int) (rune, bool) {
	if len(s) < n {
		return 0, false
	}
	v, err := strconv.ParseUint(string(s[:n]), 16, 31)
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

// appendEntities appends s with the entities of HTML undone, including numeric
// ones without a semicolon.
func appendEntities(dst, s []byte) []byte {
	const most = 32 // the length of the longest name
	for {
		i := bytes.IndexByte(s, '&')
		if i < 0 {
			return append(dst, s...)
		}
		dst, s = append(dst, s[:i]...), s[i:]
		n := 1 + nameless.run(s[1:], most)
		if n < len(s) && s[n] == ';' {
			n++
		} else if !bytes.HasPrefix(s, []byte("&#")) {
			dst, s = append(dst, s[:n]...), s[n:]
			continue
		}
		dst, s = append(dst, html.UnescapeString(string(s[:n]))...), s[n:]
	}
}

// appendQuotedPrintable appends s with the escapes of quoted-printable undone.
func appendQuotedPrintable(dst, s []byte) []byte {
	for {
		i := bytes.IndexByte(s, '=')
		if i < 0 {
			return append(dst, s...)
		}
		dst, s = append(dst, s[:i]...), s[i+1:]
		r, ok := hexRune(s, 2)
		switch {
		case bytes.HasPrefix(s, []byte("\n")):
			s = s[1:]
		case bytes.HasPrefix(s, []byte("\r\n")):
			s = s[2:]
		case ok && upperHex[s[0]] && upperHex[s[1]]:
			dst, s = append(dst, byte(r)), s[2:]
		default:
			dst = append(dst, '=')
		}
	}
}

// appendBase32 appends the decoded bytes of s, in upper or lower case. It stops
// at the first byte that is not base32, and drops the rest of an incomplete
// byte.
func appendBase32(dst, s []byte) []byte {
	bits, have := uint(0), 0
	for _, c := range s {
		switch {
		case 'A' <= c && c <= 'Z':
			c -= 'A'
		case 'a' <= c && c <= 'z':
			c -= 'a'
		case '2' <= c && c <= '7':
			c -= '2' - 26
		default:
			return dst
		}
		bits, have = bits<<5|uint(c), have+5
		if have >= 8 {
			have -= 8
			dst = append(dst, byte(bits>>have))
		}
	}
	return dst
}

// cutSpacedHex decodes the groups of digits at the start of a text of digits
// and separators. It returns the rest from the first group that is not valid.
func cutSpacedHex(text []byte) (plain, rest []byte) {
	for len(text) > 0 {
		text = text[betweenHex.run(text, len(text)):]
		group := bytes.TrimPrefix(bytes.TrimPrefix(text, []byte("0x")), []byte("0X"))
		n := hexly.run(group, len(group))
		rest = group[n:]
		if n != 2 && n != 4 && n != 8 || len(rest) > 0 && !betweenHex[rest[0]] {
			return plain, rest[hexOrX.run(rest, len(rest)):]
		}
		plain, text = appendHex(plain, group[:n]), rest
	}
	return plain, nil
}

// Sets of bytes; they are never modified.
var (
	octal      = charsetOf("0-7")
	upperHex   = charsetOf("0-9A-F")
	nameless   = charsetOf("A-Za-z0-9#")
	runly      = charsetOf("A-Za-z0-9+/_-") // both alphabets of base64
	betweenHex = charsetOf(" \t\r\n:,-")
	hexOrX     = charsetOf("0-9a-fA-FxX")
	hexOrSpace = charsetOf("0-9a-fA-FxX \t\r\n:,-")
)

const maxInflated = 64 << 20 // the largest size of an unpacked text, in bytes

// isPacked reports whether b starts like gzip or zlib.
func isPacked(b []byte) bool {
	return isGzip(b) || len(b) > 6 && b[0] == 0x78 && (uint(b[0])<<8|uint(b[1]))%31 == 0
}

// isGzip also checks the method and the flags: text that is not base64 decodes
// to noise, which has the right first two bytes now and then.
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

// An inflater undoes deflate without the header of gzip or zlib. Such data has
// no mark, so it is valid only if it can be inflated to its end. The zero
// inflater is ready to use.
type inflater struct{ r io.ReadCloser }

func (f *inflater) inflate(b []byte) ([]byte, bool) {
	if !beginsDeflated(b) {
		return nil, false
	}
	in := bytes.NewReader(b)
	if f.r == nil {
		f.r = flate.NewReader(in)
	} else if err := f.r.(flate.Resetter).Reset(in, nil); err != nil {
		return nil, false
	}
	plain, err := io.ReadAll(io.LimitReader(f.r, maxInflated))
	return plain, err == nil && len(plain) >= minEncoded/2
}

// beginsDeflated reports whether b can begin with a block of deflate.
func beginsDeflated(b []byte) bool {
	if len(b) < 8 {
		return false
	}
	switch b[0] >> 1 & 3 {
	case 0: // a stored block: its length, then the complement of that
		return binary.LittleEndian.Uint16(b[1:]) == ^binary.LittleEndian.Uint16(b[3:])
	case 3: // not a valid type of block
		return false
	}
	return true
}
