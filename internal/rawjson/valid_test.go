package rawjson_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/internal/rawjson"
)

// samples are JSON and what is nearly JSON.
var samples = []struct {
	text string
	want bool
}{
	{``, false}, {` `, false}, {`{}`, true}, {` [ ] `, true}, {`{} {}`, false}, {`{}x`, false},
	{`{"a":1,"b":[true,false,null]}`, true}, {"\t{ \"a\" : 1 ,\r\n\"b\" : 2 }\n", true},
	{`{"a":1,}`, false}, {`{,}`, false}, {`{"a"}`, false}, {`{"a":}`, false}, {`{a:1}`, false}, {`{"a":1`, false}, {`{"a":1]`, false},
	{`[1,]`, false}, {`[,1]`, false}, {`[1 2]`, false}, {`[`, false}, {`]`, false},
	{`0`, true}, {`-0`, true}, {`01`, false}, {`-`, false}, {`+1`, false}, {`1.`, false}, {`.5`, false}, {`1.50`, true},
	{`1e5`, true}, {`1E-05`, true}, {`1e`, false}, {`1e+`, false}, {`0x1`, false}, {`NaN`, false},
	{`"`, false}, {`"a`, false}, {`"a"`, true}, {"\"\n\"", false}, {"\"\x00\"", false}, {"\"\x7f\"", true}, {"\"\xff\"", true}, {`"é"`, true},
	{`"\"\\\/\b\f\n\r\t"`, true}, {`"\u00e9\uD83D"`, true}, {`"\u00g0"`, false}, {`"\u00"`, false}, {`"\x"`, false}, {`"\`, false}, {"\"\\\x00\"", false},
	{`"\u@000"`, false}, {"\"\\u\x100000\"", false},
	{`tru`, false}, {`true`, true}, {`truex`, false}, {`nul`, false}, {`False`, false},
	{strings.Repeat("[", 10000) + strings.Repeat("]", 10000), true},
	{strings.Repeat("[", 10001) + strings.Repeat("]", 10001), false},
	{strings.Repeat(`{"a":`, 10000) + "1" + strings.Repeat("}", 10000), true},
	{strings.Repeat(`{"a":`, 10001) + "1" + strings.Repeat("}", 10001), false},
}

func TestValid(t *testing.T) {
	for _, s := range samples {
		if got := rawjson.Valid([]byte(s.text)); got != s.want {
			t.Errorf("Valid(%.40q) = %v, want %v", s.text, got, s.want)
		}
		if got := json.Valid([]byte(s.text)); got != s.want {
			t.Errorf("json.Valid(%.40q) = %v, want %v", s.text, got, s.want)
		}
	}
}

func FuzzValid(f *testing.F) {
	for _, s := range samples {
		f.Add([]byte(s.text))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if got, want := rawjson.Valid(b), json.Valid(b); got != want {
			t.Errorf("Valid(%q) = %v, want %v", b, got, want)
		}
		var compact bytes.Buffer
		if json.Compact(&compact, b) != nil {
			return
		}
		if got := rawjson.AppendCompact(nil, b); !bytes.Equal(got, compact.Bytes()) {
			t.Errorf("AppendCompact(%q) = %s, want %s", b, got, &compact)
		}
		if got, want := rawjson.IsCompact(b), compact.Len() == len(b); got != want {
			t.Errorf("IsCompact(%q) = %v, want %v", b, got, want)
		}
	})
}

// FuzzUnquote compares the contents of strings with encoding/json's.
func FuzzUnquote(f *testing.F) {
	for _, text := range []string{``, `plain`, `a\nb`, `\\`, `\"\/\b\f\r\t`, `\u00e9`, `x\ud83d\ude00`, `\ud83d`, "\xff", "\\n\xff", "é\\n"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, inner []byte) {
		var want string
		if json.Unmarshal([]byte(`"`+string(inner)+`"`), &want) != nil {
			return
		}
		if got := rawjson.Unquote(inner); got != want {
			t.Errorf("Unquote(%q) = %q, want %q", inner, got, want)
		}
	})
}

func BenchmarkValid(b *testing.B) {
	text := []byte(`{"output":{"message":{"content":[{"text":"` + strings.Repeat(`Some words of an answer.\n`, 80) + `"}],"role":"assistant"}},"usage":{"inputTokens":3,"totalTokens":7}}`)
	for name, valid := range map[string]func([]byte) bool{"rawjson": rawjson.Valid, "json": json.Valid} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if !valid(text) {
					b.Fatal("not valid")
				}
			}
		})
	}
}
