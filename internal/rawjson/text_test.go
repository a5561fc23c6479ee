package rawjson_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/chatmodel-go/chatmodel/internal/rawjson"
)

// texts are the insides of strings that look at every branch.
var texts = []string{
	``, `plain`, `eight by`, `a longer text without anything`, `a\nb`, `\\`, `\"\/\b\f\r\t`, `\u00e9`, `\u00E9x`, `x\ud83d\ude00y`, `\ud83d`, `\ud83d\u0041`,
	`\ude00\ud83d`, `\ud83d\ud83d\ude00`, `\u0000`, `\u007f`, `\uFFFF`, `\u00g0`, `\u00`, `\x`, "\xff", "\\n\xff", "é\\n", "0123456\"", "01234567\x1f", "\x7f\x80",
	"ééééééé\"", strings.Repeat("é", 40) + `\u2192`,
	// A mark in each word of a pair, with what is not ASCII before it and behind it.
	"é 34567\\n", "0123456789\\né", "0123456é89\\n", "012345678é\x1f", "é123456789012345678901\\n", "01234567890123456789é\\n", "0123456\xff89\\n",
	`\n\"\u0041\u00e9\u20ac\ud83d\ude00\\x`, `\u20ac\n\`, `\n\u20a`, `\n\q`, `\u20ac\u`,
}

// TestCutText compares the text that is cut out with encoding/json's, at every
// alignment.
func TestCutText(t *testing.T) {
	for _, text := range texts {
		for shift := range 9 {
			checkCut(t, append([]byte(strings.Repeat("x", shift)), text...))
		}
	}
}

// checkCut looks at a string of the given contents with something behind it. If
// CutText takes it, it must be a string that encoding/json takes for the same.
func checkCut(t *testing.T, inner []byte) {
	t.Helper()
	b := append(append([]byte(nil), inner...), `"}`...)
	text, rest, _, ok := rawjson.CutText(b, nil)
	if !ok {
		// It leaves alone what is no JSON and what is no UTF-8, and nothing else.
		var v string
		if end := strings.Index(string(b), `"`); utf8.Valid(inner) && end == len(inner) && json.Unmarshal([]byte(`"`+string(inner)+`"`), &v) == nil {
			t.Errorf("CutText leaves %q to others", inner)
		}
		return
	}
	raw := b[:len(b)-len(rest)]
	var want string
	if err := json.Unmarshal(append([]byte(`"`), raw...), &want); err != nil || string(text) != want {
		t.Errorf("CutText(%q) = %q, want %q, %v", b, text, want, err)
	}
}

func FuzzCutText(f *testing.F) {
	for _, text := range texts {
		f.Add([]byte(text))
	}
	f.Fuzz(checkCut)
}

// appendPlainly is the form of a string by the byte, to hold AppendString against.
func appendPlainly(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s { // U+FFFD for each byte that is none
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r == '\b':
			b.WriteString(`\b`)
		case r == '\f':
			b.WriteString(`\f`)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < ' ':
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String() + `"`
}

func checkAppend(t *testing.T, s string) {
	t.Helper()
	want := "before" + appendPlainly(s)
	if got := string(rawjson.AppendString([]byte("before"), s)); got != want {
		t.Errorf("AppendString(%q) = %s, want %s", s, got, want)
	}
	if got := string(rawjson.AppendString([]byte("before"), []byte(s))); got != want {
		t.Errorf("AppendString of the bytes %q = %s, want %s", s, got, want)
	}
	ascii := strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
	if !ascii {
		want = "before"
	}
	if got, ok := rawjson.AppendASCII([]byte("before"), s); string(got) != want || ok != ascii {
		t.Errorf("AppendASCII(%q) = %s, %t, want %s, %t", s, got, ok, want, ascii)
	}
}

func TestAppendString(t *testing.T) {
	for c := range 256 {
		for shift := range 9 {
			checkAppend(t, strings.Repeat("x", shift)+string([]byte{byte(c)})+"some more text")
		}
	}
	for _, text := range texts {
		checkAppend(t, text)
	}
}

func FuzzAppendString(f *testing.F) {
	for _, text := range texts {
		f.Add(text)
	}
	f.Fuzz(checkAppend)
}

func TestCutCharacter(t *testing.T) {
	for _, row := range [][3]string{
		{"", "", ""}, {"ab", "ab", ""}, {"aé", "aé", ""}, {"aé"[:2], "a", "\xc3"}, {"€"[:2], "", "\xe2\x82"}, {"x😀"[:4], "x", "\xf0\x9f\x98"},
		{"x😀", "x😀", ""}, {"\x80\x80\x80\x80", "\x80\x80\x80\x80", ""}, {"a\xff", "a\xff", ""}, {"é€"[:4], "é", "\xe2\x82"},
	} {
		if whole, rest := rawjson.CutCharacter(row[0]); whole != row[1] || rest != row[2] {
			t.Errorf("CutCharacter(%q) = %q, %q, want %q, %q", row[0], whole, rest, row[1], row[2])
		}
	}
}
