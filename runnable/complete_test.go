package runnable

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

func completed(text string) (string, bool) {
	var c completer
	for i := range len(text) {
		if c.step(text[i]) == stepWrong {
			return "", false
		}
	}
	return c.complete(text)
}

func TestComplete(t *testing.T) {
	tests := []struct{ text, want string }{
		{`{`, `{}`},
		{`[`, `[]`},
		{` {`, ` {}`},
		{`{"`, `{}`},
		{`{"key`, `{}`},
		{`{"key"`, `{}`},
		{`{"key":`, `{}`},
		{`{"key": "`, `{"key": ""}`},
		{`{"key": "va`, `{"key": "va"}`},
		{`{"key": "va"`, `{"key": "va"}`},
		{`{"key": "va",`, `{"key": "va"}`},
		{`{"key": "va", "k2`, `{"key": "va"}`},
		{`{"key": "va", "k2"  :`, `{"key": "va"}`},
		{`{"key": "va", "k2": {`, `{"key": "va", "k2": {}}`},
		{`{"key": "va", "k2": {"x": [1,`, `{"key": "va", "k2": {"x": [1]}}`},
		{`{"key": "va"}`, `{"key": "va"}`},
		{`[1`, `[]`},
		{`[12 `, `[12]`},
		{`[12,3`, `[12]`},
		{`[-`, `[]`},
		{`[1.`, `[]`},
		{`[1.5e+`, `[]`},
		{`[1.5e+3]`, `[1.5e+3]`},
		{`{"n":12`, `{}`},
		{`{"n":12}`, `{"n":12}`},
		{`[t`, `[]`},
		{`[true`, `[true]`},
		{`[fals`, `[]`},
		{`[null,nul`, `[null]`},
		{`["a\`, `["a"]`},
		{`["a\n`, `["a\n"]`},
		{`["a\u`, `["a"]`},
		{`["a\u00e`, `["a"]`},
		{`["a\u00e9`, `["a\u00e9"]`},
		{`["a\ud83d`, `["a"]`},
		{`["a\ud83d\`, `["a"]`},
		{`["a\ud83d\ude0`, `["a"]`},
		{`["a\ud83d\ude00`, `["a\ud83d\ude00"]`},
		{`["a\ud83d\ud83d`, `["a\ud83d"]`},
		{`["a\ud83d\ud83d\ude00`, `["a\ud83d\ud83d\ude00"]`},
		{`["a\ud83dx`, `["a\ud83dx"]`},
		{`["a\ud83d\n`, `["a\ud83d\n"]`},
		{"[\"a\xc3", `["a"]`},
		{"[\"a\xc3\xa9", `["aé"]`},
		{"[\"a\xf0\x9f\x98", `["a"]`},
		{`[[],[{},{"a":[`, `[[],[{},{"a":[]}]]`},
		{`["]}{[,:\"", "`, `["]}{[,:\"", ""]`},
		{`[ "a" , `, `[ "a"]`},
	}
	for _, tt := range tests {
		if got, ok := completed(tt.text); got != tt.want || !ok {
			t.Errorf("complete(%q) = %q, %v, want %q", tt.text, got, ok, tt.want)
		}
	}
	for _, text := range []string{"", " ", "x", "1", `"a"`, "}", "[}", "{]", "{1", `{"a" 1`, `{"a":}`, "[,", "[1,]", `{"a":1,}`, "[01", "[1x", "[tru3", `["\x`, `["\u00g`, "[\"\n", "[+1", "[.5", "[--"} {
		if got, ok := completed(text); ok {
			t.Errorf("complete(%q) = %q, want nothing", text, got)
		}
	}
}

// At every byte of a document, what is completed is JSON, and says nothing
// that the document does not say.
func TestCompleteEveryPrefix(t *testing.T) {
	for _, doc := range []string{
		`{"name":"Grüße 😀 \ud83d\ude00 \"\\","n":-12.5e+3,"ok":true,"no":false,"nil":null,"list":[1,[2,[]],{"a":{}}],"":""}`,
		` [ { "a" : [ "b" , "c" ] } , "d" , 0 , 0.0 , 10 ] `,
	} {
		checkPrefixes(t, doc)
	}
}

func FuzzComplete(f *testing.F) {
	for _, doc := range []string{`{"a":[1,"b",true,null,{"c":"d\u00e9\ud83d\ude00é😀"}]}`, `[-1.5e+10,0,[],{}]`, `{"a":"\`, "[\"\xff\"]", `{"a":1,"a":2}`} {
		f.Add(doc)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var c completer
		for i := range len(text) {
			switch c.step(text[i]) {
			case stepDone:
				if !json.Valid([]byte(text[:i+1])) && strings.Count(text, "[")+strings.Count(text, "{") < 10000 {
					t.Fatalf("%q is done, but no JSON", text[:i+1])
				}
				if utf8.ValidString(text) {
					checkPrefixes(t, text[:i+1])
				}
				return
			case stepWrong:
				if json.Valid([]byte(text)) && !isScalar(text) {
					t.Fatalf("%q is JSON, but wrong at %d", text, i)
				}
				return
			}
			if got, ok := c.complete(text[:i+1]); ok && !json.Valid([]byte(got)) {
				t.Fatalf("complete(%q) = %q, which is no JSON", text[:i+1], got)
			}
		}
		if json.Valid([]byte(text)) && !isScalar(text) {
			t.Fatalf("%q is JSON, but not done", text)
		}
	})
}

func isScalar(doc string) bool {
	first := strings.TrimLeft(doc, " \t\r\n")[0]
	return first != '{' && first != '['
}

func checkPrefixes(t *testing.T, doc string) {
	t.Helper()
	var whole any
	if err := json.Unmarshal([]byte(doc), &whole); err != nil {
		return // nested too deep
	}
	var c completer
	for i := range len(doc) {
		if c.step(doc[i]) != stepMore {
			break
		}
		got, ok := c.complete(doc[:i+1])
		if !ok {
			continue
		}
		var part any
		if err := json.Unmarshal([]byte(got), &part); err != nil {
			t.Fatalf("complete(%q) = %q: %v", doc[:i+1], got, err)
		}
		if !strings.Contains(doc, `":`) || !repeats(doc) {
			if !partOf(part, whole) {
				t.Fatalf("complete(%q) = %q, which is not in %q", doc[:i+1], got, doc)
			}
		}
	}
}

// repeats reports whether an object may have a name twice, of which the last
// counts in the end.
func repeats(doc string) bool {
	seen := map[string]bool{}
	for d := json.NewDecoder(strings.NewReader(doc)); ; {
		tok, err := d.Token()
		if err != nil {
			return false
		}
		if s, ok := tok.(string); ok {
			if seen[s] {
				return true
			}
			seen[s] = true
		}
	}
}

// partOf reports whether part is whole with something left out.
func partOf(part, whole any) bool {
	switch p := part.(type) {
	case map[string]any:
		w, ok := whole.(map[string]any)
		for k, v := range p {
			ok = ok && partOf(v, w[k])
		}
		return ok
	case []any:
		w, ok := whole.([]any)
		if !ok || len(p) > len(w) {
			return false
		}
		for i := range p {
			if !partOf(p[i], w[i]) {
				return false
			}
		}
		return true
	case string:
		w, ok := whole.(string)
		return ok && strings.HasPrefix(w, p)
	}
	return reflect.DeepEqual(part, whole)
}

// complete returns JSON that begins as text does, the text that was read. It
// reports false if there is none, because nothing has begun yet.
func (c *completer) complete(text string) (string, bool) {
	if c.keep == 0 || c.state == inWrong {
		return "", false
	}
	end, closing := c.keep, ""
	if !c.isKey {
		switch c.state {
		case inEscape, inHex:
			end, closing = c.escape, `"`
		case inString:
			end, closing = c.n, `"`
			if c.high {
				end = c.escape
			} else if c.utf8 > 0 {
				end = c.char
			}
		}
	}
	out := make([]byte, 0, end+len(closing)+len(c.stack))
	out = append(append(out, text[:end]...), closing...)
	for i := len(c.stack) - 1; i >= 0; i-- {
		out = append(out, c.stack[i])
	}
	return string(out), true
}
