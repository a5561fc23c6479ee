package recordings

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// rx returns a regular expression, which is compiled once.
func rx(pattern string) *regexp.Regexp {
	compiled, ok := expressions[pattern]
	if !ok {
		compiled = regexp.MustCompile(pattern)
		expressions[pattern] = compiled
	}
	return compiled
}

var expressions = map[string]*regexp.Regexp{}

// A naiveString is a string of a JSON text, where it starts and at what path.
type naiveString struct {
	path  string
	open  int
	start int
	raw   string
	key   bool
}

// naiveStrings goes through a text sign by sign.
func naiveStrings(path string, outer int, text string) (all []naiveString, clean bool) {
	type container struct {
		array bool
		path  string
	}
	var open []container
	clean, wantsKey := true, false
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{', '[':
			open = append(open, container{text[i] == '[', path})
			if text[i] == '[' && outer+len(open) <= maxPathDepth {
				path += "[]"
			}
			wantsKey = text[i] == '{'
		case '}', ']':
			if len(open) > 0 {
				path, open = open[len(open)-1].path, open[:len(open)-1]
			}
			wantsKey = false
		case ',':
			wantsKey = len(open) > 0 && !open[len(open)-1].array
		case '\\':
			clean = false
		case '"':
			end := i + 1
			for end < len(text) && text[end] != '"' {
				if text[end] == '\\' {
					end++
				}
				end++
			}
			end = min(end, len(text))
			raw := text[i+1 : end]
			if wantsKey {
				if path = open[len(open)-1].path; outer+len(open) <= maxPathDepth {
					key := raw
					if strings.ContainsAny(key, `\.`) || len(key) > maxPathKey {
						key = "(key)"
					}
					path += "." + key
				}
			}
			all = append(all, naiveString{path, outer + len(open), i + 1, raw, wantsKey})
			wantsKey = false
			i = end
		}
	}
	return all, clean
}

var naiveEscape = regexp.MustCompile(`(?s)\\(?:u[dD][89a-fA-F][0-9a-fA-F]{2}\\u[0-9a-fA-F]{4}|[ux]\{[0-9a-fA-F]{1,8}\}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2}|[0-3][0-7]{2}|.)`)

var naiveShort = map[string]string{`\n`: "\n", `\t`: "\t", `\r`: "\r", `\b`: "\b", `\f`: "\f", `\"`: `"`, `\'`: "'", `\\`: `\`, `\/`: "/", `\0`: "\x00"}

func naiveUnescape(text string) string {
	return naiveEscape.ReplaceAllStringFunc(text, func(e string) string {
		hexadecimal := func(s string) (rune, bool) {
			v, err := strconv.ParseInt(s, 16, 32)
			return rune(v), err == nil
		}
		switch plain, ok := naiveShort[e]; {
		case ok:
			return plain
		case len(e) == 12:
			high, _ := hexadecimal(e[2:6])
			low, _ := hexadecimal(e[8:])
			return string(utf16.DecodeRune(high, low))
		case len(e) > 3 && strings.HasSuffix(e, "}"):
			if r, ok := hexadecimal(e[3 : len(e)-1]); ok {
				return string(r)
			}
			return e
		case len(e) == 4 && e[1] == 'x':
			r, _ := hexadecimal(e[2:])
			return string([]byte{byte(r)})
		case len(e) == 4 && '0' <= e[1] && e[1] <= '3':
			v, _ := strconv.ParseUint(e[1:], 8, 8)
			return string([]byte{byte(v)})
		case len(e) == 6 || len(e) == 10:
			if r, ok := hexadecimal(e[2:]); ok {
				return string(r)
			}
		}
		return e
	})
}

func naiveUnquote(text string) string {
	return rx(`%[0-9a-fA-F]{2}`).ReplaceAllStringFunc(text, func(e string) string { return unhex(e[1:]) })
}

func naiveEntities(text string) string {
	return rx(`&[A-Za-z0-9#]{0,32};?`).ReplaceAllStringFunc(text, func(e string) string {
		if strings.HasSuffix(e, ";") || strings.HasPrefix(e, "&#") {
			return html.UnescapeString(e)
		}
		return e
	})
}

func naivePrintable(text string) string {
	return rx(`=(?:\r?\n|[0-9A-F]{2})`).ReplaceAllStringFunc(text, func(e string) string { return unhex(strings.TrimSpace(e[1:])) })
}

func unhex(s string) string {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func (n *naive) encoded(path string, open int, text string, depth int) {
	if utf8.ValidString(text) {
		for _, e := range []struct {
			name string
			undo func(string) string
		}{{"(unquoted)", naiveUnquote}, {"(entities)", naiveEntities}, {"(quoted-printable)", naivePrintable}} {
			if plain := e.undo(text); plain != text {
				n.deeper(path+e.name, open, plain, depth)
			}
		}
	}
	for _, region := range rx(`[0-9a-fA-FxX \t\r\n:,-]{23,}`).FindAllString(text, -1) {
		n.spacedHex(path, open, region, depth)
	}
	for {
		at := rx(`[A-Za-z0-9+/_-]{16,}`).FindStringIndex(text)
		if at == nil {
			return
		}
		run, rest := text[at[0]:at[1]], text[at[1]:]
		for line := run; len(line) >= minLine; {
			more := rx(`^\r?\n([A-Za-z0-9+/_-]+)`).FindStringSubmatch(rest)
			if more == nil {
				break
			}
			run, rest, line = run+more[0], rest[len(more[0]):], more[1]
		}
		n.run(path, open, run, depth)
		text = rest
	}
}

func (n *naive) spacedHex(path string, open int, region string, depth int) {
	plain := ""
	end := func() {
		if len(plain) >= 8 {
			n.decoded(path+"(hex)", open, plain, depth)
		}
		plain = ""
	}
	for _, group := range rx(`[ \t\r\n:,-]+`).Split(region, -1) {
		if group == "" {
			continue
		}
		if m := rx(`^(?:0x)?(?:0X)?([0-9a-fA-F]{2}|[0-9a-fA-F]{4}|[0-9a-fA-F]{8})$`).FindStringSubmatch(group); m != nil {
			plain += unhex(m[1])
		} else {
			end()
		}
	}
	end()
}

func (n *naive) run(path string, open int, run string, depth int) {
	for _, digits := range rx(`[0-9a-fA-F]{16,}`).FindAllString(run, -1) {
		n.decoded(path+"(hex)", open, unhex(digits[:len(digits)&^1]), depth)
		if len(digits)%2 == 1 {
			n.decoded(path+"(hex)", open, unhex(digits[1:]), depth)
		}
	}
	for _, alphabet := range []string{"[A-Z2-7]{20,}", "[a-z2-7]{20,}"} {
		for _, part := range rx(alphabet).FindAllString(run, -1) {
			n.shifted(path+"(base32)", open, part, 8, naiveBase32, depth)
		}
	}
	n.shifted(path+"(base64)", open, run, 4, naiveBase64, depth)
}

func (n *naive) shifted(path string, open int, run string, shifts int, decode func(string) string, depth int) {
	if len(run) > maxShifted {
		shifts = 1
	}
	for shift := range shifts {
		plain := decode(run[shift:])
		n.decoded(path, open, plain, depth)
		if isPrintable([]byte(plain)) {
			return
		}
	}
}

var plainBase64 = strings.NewReplacer("-", "+", "_", "/", "\r", "", "\n", "")

func naiveBase64(run string) string {
	run = plainBase64.Replace(run)
	if len(run)%4 == 1 {
		run = run[:len(run)-1]
	}
	b, err := base64.RawStdEncoding.DecodeString(run)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func naiveBase32(run string) string {
	var all, plain strings.Builder
	for _, c := range strings.ToUpper(run) {
		fmt.Fprintf(&all, "%05b", strings.IndexRune("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", c))
	}
	for bits := all.String(); len(bits) >= 8; bits = bits[8:] {
		v, _ := strconv.ParseUint(bits[:8], 2, 8)
		plain.WriteByte(byte(v))
	}
	return plain.String()
}

func (n *naive) wide(path string, open int, text string, depth int) {
	if !strings.Contains(text, "\x00") {
		return
	}
	signs := make([]byte, len(text)) // 0 for a zero, 1 for another byte
	for i := range signs {
		signs[i] = '1'
		if text[i] == 0 {
			signs[i] = '0'
		}
	}
	for _, at := range rx(`0?(?:10)+1?|01|[01]`).FindAllIndex(signs, -1) {
		if at[1]-at[0] >= 16 {
			n.decoded(path+"(wide)", open, strings.ReplaceAll(text[at[0]:at[1]], "\x00", ""), depth)
		}
	}
}
