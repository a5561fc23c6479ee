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

// This file undoes encodings, leniently: what is looked for is a secret, not a
// reason to refuse the text.

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
var shortEscapes = [256]byte{'n': '\n', 't': '\t', 'r': '\r', 'b': '\b', 'f': '\f', '"': '"', '\'': '\'', '\\': '\\', '/': '/'}

// appendEscape appends what the escape at the start of s stands for, and
// returns its length. It has at least two bytes.
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

// bracedRune returns the rune of an escape such as \u{41}, and how long that is,
// or zeros.
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

// appendEntities appends s with the entities of HTML undone, those of numbers
// without a semicolon too.
func appendEntities(dst, s []byte) []byte {
	const most = 32 // bytes of the longest name
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

// appendBase32 appends what s decodes to, in capitals or in small letters. It
// ends at the first byte that is no base32, and drops what is left of a last byte.
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

// cutSpacedHex decodes the groups of digits at the start of a text of digits and
// what stands between them, and returns what follows the first that is none.
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

// Sets of bytes; they are never written.
var (
	octal      = charsetOf("0-7")
	upperHex   = charsetOf("0-9A-F")
	nameless   = charsetOf("A-Za-z0-9#")
	runly      = charsetOf("A-Za-z0-9+/_-") // of both alphabets of base64
	betweenHex = charsetOf(" \t\r\n:,-")
	hexOrX     = charsetOf("0-9a-fA-FxX")
	hexOrSpace = charsetOf("0-9a-fA-FxX \t\r\n:,-")
)

const maxInflated = 64 << 20 // bytes that a compressed text may grow to

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

// An inflater undoes a deflate without the frame of gzip or zlib. Nothing marks
// one, so it is one if it can be undone to its end. The zero inflater is ready.
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

// beginsDeflated reports whether the first block of b can be one of a deflate.
func beginsDeflated(b []byte) bool {
	if len(b) < 8 {
		return false
	}
	switch b[0] >> 1 & 3 {
	case 0: // as it is, after its length and the complement of that
		return binary.LittleEndian.Uint16(b[1:]) == ^binary.LittleEndian.Uint16(b[3:])
	case 3: // no kind of block
		return false
	}
	return true
}
