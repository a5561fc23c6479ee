package rawjson_test

import (
	"bytes"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/internal/rawjson"
)

var update = flag.Bool("update", false, "write the files testdata/golden-*.txt anew")

// checkLines compares lines with the file testdata/golden-NAME.txt.
func checkLines(t *testing.T, name string, lines []string) {
	t.Helper()
	path := filepath.Join("testdata", "golden-"+name+".txt")
	written := strings.Join(lines, "\n") + "\n"
	if *update {
		if err := os.WriteFile(path, []byte(written), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	stored := strings.Split(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n")
	for i, line := range strings.Split(written, "\n") {
		if i >= len(stored) || stored[i] != line {
			t.Fatalf("%s:%d is\n%s\nand now it would be\n%s", path, i+1, stored[min(i, len(stored)-1)], line)
		}
	}
	if len(stored) != len(lines)+1 {
		t.Errorf("%s has %d lines, want %d", path, len(stored)-1, len(lines))
	}
}

// insides are the insides of strings: every ASCII byte, every escape, and such as are
// wrong or cut off.
func insides() []string {
	all := append([]string(nil), texts...)
	for c := range 256 {
		if c > 0x82 && c != 0xc3 && c != 0xff {
			continue
		}
		all = append(all, string([]byte{byte(c)}), "\\"+string([]byte{byte(c)}))
	}
	for _, digits := range []string{"", "0", "00", "004", "0041", "g041", "0g41", "00g1", "004g", "00e9", "20AC", "20ac", "d83d", "de00", `d83d\ude00`, `d83d\u0041`, `d83d\ud83d`, `D83D\uDE00x`, `d83d\ude0`, `d83d\n`, `d83dxude00`, `d83d\xde00`, "007f", "0080", "07ff", "0800", "ffff", "fffd", "0000"} {
		all = append(all, `\u`+digits)
	}
	return append(all, "é\xe2\x82", "\xff\\n", "long enough for words \\n and \xff", "long enough for words é\\n and more é of it", strings.Repeat("a", 40)+"\x01", strings.Repeat("a", 15)+"é")
}

// TestGoldenStrings cuts, writes and reads texts, at alignments of words.
func TestGoldenStrings(t *testing.T) {
	var lines []string
	for _, inner := range insides() {
		for _, before := range []string{"", "0123456789abcdef"} {
			for _, after := range []string{`"`, `",more of it than a word`, ""} {
				b := []byte(before + inner + after)
				text, rest, scratch, ok := rawjson.CutText(b, make([]byte, 3, 4))
				lines = append(lines, fmt.Sprintf("CutText(%q) = %q, %q, %t", b, text, rest, ok))
				again, _, _, okAgain := rawjson.CutText(b, scratch)
				if okAgain != ok || string(again) != string(text) {
					t.Errorf("CutText(%q) with its own scratch space = %q, %t", b, again, okAgain)
				}
			}
			s := before + inner
			ascii, isASCII := rawjson.AppendASCII([]byte("x"), s)
			lines = append(lines, fmt.Sprintf("AppendString(%q) = %q, AppendASCII %q, %t, PlainLen %d", s, rawjson.AppendString([]byte("x"), s), ascii, isASCII, rawjson.PlainLen(s)))
		}
		whole, rest := rawjson.CutCharacter(inner)
		lines = append(lines, fmt.Sprintf("CutCharacter(%q) = %q, %q", inner, whole, rest))
		if rawjson.Valid([]byte(`"` + inner + `"`)) {
			lines = append(lines, fmt.Sprintf("Unquote(%q) = %q", inner, rawjson.Unquote([]byte(inner))))
		}
	}
	checkLines(t, "strings", lines)
}

// TestGoldenNumbers reads and writes numbers.
func TestGoldenNumbers(t *testing.T) {
	var lines []string
	for _, n := range []string{"", "0", "00", "01", "1", "9", "/", ":", "12345678", "123456789", "1234567890", "012345678", "1x", "x", "-1", "-", "+1", "1.0", "-1.0", "1.5", "0.0", "-0", "1e2", "1E2", "1e-2", "100e-2", "-1e2", "1e400", "-1e400", "9007199254740991.0", "9007199254740992.0", "-9007199254740991.0", "-9007199254740992.0",
		"9007199254740992", "9007199254740993", "1152921504606846975", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "1e18", "null", `"1"`, "true", "[1]", "{}", "Inf", "-Inf", "NaN", "infinity.e", "0x1p4", "1_000", "-x.e", ".5"} {
		i, okInt := rawjson.Int([]byte(n))
		c, okCount := rawjson.Count([]byte(n))
		cut, rest, okCut := rawjson.CutIndex([]byte(n))
		lines = append(lines, fmt.Sprintf("%q: Int %d %t, Count %d %t, CutIndex %d %q %t, valid %t", n, i, okInt, c, okCount, cut, rest, okCut, rawjson.Valid([]byte(n))))
	}
	for _, f := range []float64{0, math.Copysign(0, -1), 1, -1, 0.1, 1e-5, 1e-6, -1e-6, 9.99e-7, -9.99e-7, 1e-9, 1e-10, 1.5e-10, 1e-100, 1e20, 1e21, -1e21, 1.5e21, 1e22, 1e100, 1e300, math.MaxFloat64, math.SmallestNonzeroFloat64, math.MaxFloat32, math.Inf(1), math.Inf(-1), math.NaN(), 123456.789} {
		lines = append(lines, fmt.Sprintf("%v: %s", f, rawjson.AppendFloat([]byte("e-"), f)))
	}
	checkLines(t, "numbers", lines)
}

// TestGoldenValues takes values apart: kinds, members, elements, space.
func TestGoldenValues(t *testing.T) {
	var lines []string
	values := []string{`{}`, `[]`, `"a"`, `true`, `false`, `null`, `1`, `-1`, `{ }`, "[\n]", ` {"a":1} `, `{"a":1,"b":[1,{"c":"}"}],"a":"last"}`, "{ \"a\" : 1 ,\r\n\t\"b\" :\ttrue }", `{"\u0061":"escaped","b":{}}`, `{"":null}`, "{\"\xff\":1}", `{"a\"b":"\\","c":"\\\""}`,
		`[1,2]`, "[ 1 , \"a,]\" , [ ] , {} ,\tnull ]", `[[[]],{"a":[]}]`, `[true,false]`, "[1\r]", "[\"\\\\\",\"]\"]", "[1 ,2\t,3\r,4\n,5]", "\"a b\"", "[-1.5e+3,0]"}
	for _, v := range values {
		b := []byte(v)
		start := rawjson.SkipSpace(b, 0)
		lines = append(lines, fmt.Sprintf("%q: %s, value to %d, compact %t, compacted %q, valid %t, members a %q b %q '' %q", v, rawjson.Kind(b[start:]), rawjson.SkipValue(b, start), rawjson.IsCompact(b), rawjson.AppendCompact([]byte("x "), b), rawjson.Valid(b),
			member(b, "a"), member(b, "b"), member(b, "")))
		switch b[start] {
		case '{':
			rawjson.EachMember(b[start:], func(name, value []byte) { lines = append(lines, fmt.Sprintf("  %q: %q", name, value)) })
		case '[':
			for i := 1; ; {
				value, next, ok := rawjson.NextElement(b, i)
				if !ok {
					break
				}
				lines, i = append(lines, fmt.Sprintf("  %q, then %d", value, next)), next
			}
		}
	}
	lines = append(lines, fmt.Sprintf("no object: %q", rawjson.Member(nil, "a")), fmt.Sprint("behind the end: ", rawjson.SkipSpace([]byte("  "), 0), rawjson.SkipSpace(nil, 0), rawjson.SkipSpace([]byte(" a"), 5)))
	for _, s := range samples {
		for _, cut := range []int{0, 1, 2} { // and cut off
			if text := s.text[:max(len(s.text)-cut, 0)]; len(text) < 100 {
				lines = append(lines, fmt.Sprintf("valid %q: %t", text, rawjson.Valid([]byte(text))))
			} else if got, want := rawjson.Valid([]byte(text)), s.want && cut == 0; got != want {
				t.Errorf("Valid(%d bytes) = %t, want %t", len(text), got, want)
			}
		}
	}
	for _, depth := range []int{9999, 10000, 10001} {
		for _, ends := range []string{"[]", "{}"} {
			inner := strings.Repeat("[", depth-1) + ends + strings.Repeat("]", depth-1)
			lines = append(lines, fmt.Sprintf("%s within %d lists: %t", ends, depth-1, rawjson.Valid([]byte(inner))))
		}
	}
	checkLines(t, "values", lines)
}

func member(b []byte, name string) []byte {
	if trimmed := bytes.TrimLeft(b, " "); trimmed[0] != '{' {
		return nil
	}
	return rawjson.Member(b, name)
}

// TestGoldenWriter writes values with each method of a Writer, first and behind
// another one.
func TestGoldenWriter(t *testing.T) {
	writes := map[string]func(*rawjson.Writer){
		"String":       func(w *rawjson.Writer) { w.String("a\"b") },
		"StringOf":     func(w *rawjson.Writer) { w.StringOf([]byte("a\"b")) },
		"Raw":          func(w *rawjson.Writer) { w.Raw([]byte(`{ "a":1}`)) },
		"Literal":      func(w *rawjson.Writer) { w.Literal("null") },
		"Int":          func(w *rawjson.Writer) { w.Int(-12) },
		"Float":        func(w *rawjson.Writer) { w.Float(1e-7) },
		"Bool":         func(w *rawjson.Writer) { w.Bool(true) },
		"Base64":       func(w *rawjson.Writer) { w.Base64("data:", []byte{255, 1}) },
		"empty object": func(w *rawjson.Writer) { w.Open('{'); w.Close('}') },
		"empty list":   func(w *rawjson.Writer) { w.Open('['); w.Close(']') },
		"Text":         func(w *rawjson.Writer) { w.Open('{'); w.Text("a", "b"); w.Text("zZ", ""); w.Close('}') },
		"TextIf": func(w *rawjson.Writer) {
			w.Open('{')
			w.TextIf("a", "")
			w.TextIf("b", "c")
			w.TextIf("d", "e")
			w.Close('}')
		},
		"Texts": func(w *rawjson.Writer) {
			w.Open('{')
			w.Texts("a", nil)
			w.Texts("b", []string{"c"})
			w.Texts("d", []string{"", "e"})
			w.Close('}')
		},
		"names": func(w *rawjson.Writer) {
			w.Open('{')
			for _, name := range []string{"", "a", "Z", "`", "{", "@", "[", "a_b", "a\"", "é", "a1", "\xff"} {
				w.Name(name)
				w.Int(1)
			}
			w.Close('}')
		},
		"Inner": func(w *rawjson.Writer) {
			for _, object := range []string{`{}`, ` { } `, `{"a":1}`, " {\"a\":1 , \"b\":{}}\n", "{\t\n}"} {
				w.Open('{')
				w.Inner([]byte(object))
				w.Text("x", "y")
				w.Inner([]byte(object))
				w.Inner([]byte(object))
				w.Close('}')
			}
		},
		"Rewind": func(w *rawjson.Writer) {
			w.Open('{')
			m := w.Mark()
			w.Text("a", "b")
			w.Rewind(m)
			w.Text("c", "d")
			m = w.Mark()
			w.Name("e")
			w.Open('[')
			w.Rewind(m)
			w.Text("f", "g")
			w.Close('}')
		},
	}
	names := []string{"String", "StringOf", "Raw", "Literal", "Int", "Float", "Bool", "Base64", "empty object", "empty list", "Text", "TextIf", "Texts", "names", "Inner", "Rewind"}
	var lines []string
	for _, name := range names {
		w := rawjson.Writer{Buf: []byte("before ")}
		w.Open('[')
		writes[name](&w)
		writes[name](&w)
		w.Int(1)
		w.Close(']')
		w.Int(2)
		lines = append(lines, fmt.Sprintf("%s: %q", name, w.Buf))
	}
	for n := range 5 {
		lines = append(lines, fmt.Sprint("base64 of ", n, ": ", rawjson.Base64Len(make([]byte, n))))
	}
	checkLines(t, "writer", lines)
}
