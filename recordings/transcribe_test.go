package recordings_test

import (
	"bytes"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"

	"github.com/chatmodel-go/chatmodel/recordings"
)

func itoa(i int) string { return strconv.Itoa(i) }

// awkwardBodies are bodies that a YAML file gives back wrongly, or not at all,
// if they are written as text without care.
var awkwardBodies = map[string]string{
	"empty":                    "",
	"json":                     `{"a":1}`,
	"blank line before json":   "\n{\"a\":1}",
	"blank lines and space":    "\n\n {\"a\":1}\nmore",
	"tab and lines":            "\tx\ny\n",
	"space and lines":          "  x\ny",
	"carriage returns":         "data: 1\r\n\r\ndata: 2\r\n\r\n",
	"only newline":             "\n",
	"only carriage return":     "\r",
	"next line char":           "\u0085x\ny",
	"line separator":           "\u2028x\ny",
	"paragraph separator":      "\u2029x\ny",
	"byte order mark":          "\ufeffx\ny",
	"no-break space":           "\u00a0x\ny",
	"trailing space and lines": "x \n y \n\n\n",
	"inner line separator":     "a\u2028b\u0085c\nd",
	"separated digits":         "0\u20280",
	"control chars":            "a\x00b\x1bc\x7f",
	"invalid utf-8":            "\xff\xfe\x00{",
	"yaml look-alikes":         "--- !!binary |\n&a *b: [\n# not a comment",
	"null word":                "null",
	"number":                   "007",
	"date":                     "2026-01-31",
	"long line":                strings.Repeat("word ", 5000),
	"inner byte order mark":    "a\n\ufeffb",
	"surrogate escape":         `{"a":"\ud83d\ude00"}`,
	"emoji":                    "😀\n😀",
	"tab after newline":        "a\n\tb\n \tc",
}

func TestBodiesSurvive(t *testing.T) {
	for name, body := range awkwardBodies {
		t.Run(name, func(t *testing.T) {
			e := exchange(body, body)
			dir := transcribe(t, e)
			c, err := recordings.Load(os.DirFS(dir), "c")
			if err != nil {
				t.Fatal(err)
			}
			if got := string(c.Exchanges[0].RequestBody); got != body {
				t.Errorf("request body = %q, want %q", got, body)
			}
			if got := string(c.Exchanges[0].ResponseBody); got != body {
				t.Errorf("response body = %q, want %q", got, body)
			}
			// go-vcr alone must read the file, too.
			v, err := cassette.Load(filepath.Join(dir, "c"))
			if err != nil {
				t.Fatal(err)
			}
			if got := v.Interactions[0].Response.Body; got != body {
				t.Errorf("go-vcr reads body %q, want %q", got, body)
			}
		})
	}
}

// FuzzReread is the inside of FuzzBodiesSurvive: the form that bodies have in a
// cassette, without files.
func FuzzReread(f *testing.F) {
	for _, body := range awkwardBodies {
		f.Add([]byte(body))
	}
	f.Add(testFrame("messageStart", "{}"))
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := recordings.Reread(recordings.Exchange{URL: converseURL, ResponseBody: body})
		if err != nil || !bytes.Equal(got.ResponseBody, body) {
			t.Errorf("body = %q, %v, want %q", got.ResponseBody, err, body)
		}
	})
}

func FuzzBodiesSurvive(f *testing.F) {
	for _, body := range awkwardBodies {
		f.Add([]byte(body))
	}
	f.Add(testFrame("messageStart", "{}"))
	f.Fuzz(func(t *testing.T, body []byte) {
		dir := t.TempDir()
		err := recordings.Transcribe(dir, "c", documented(), recordings.Exchange{URL: converseURL, RequestBody: body, ResponseBody: body})
		if _, ok := errors.AsType[*recordings.Leak](err); ok {
			t.Skip("looks like a secret")
		}
		if err != nil {
			// Refusing to write what can't be read back is right; writing is what
			// must not go wrong. But no input is known to be refused.
			t.Fatalf("Transcribe error = %v", err)
		}
		c, err := recordings.Load(os.DirFS(dir), "c")
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(c.Exchanges[0].RequestBody, body) || !bytes.Equal(c.Exchanges[0].ResponseBody, body) {
			t.Errorf("bodies = %q, %q, want %q", c.Exchanges[0].RequestBody, c.Exchanges[0].ResponseBody, body)
		}
	})
}

func TestTranscribeRoundTrip(t *testing.T) {
	stream := string(testFrame("messageStart", `{"role":"assistant"}`))
	want := []recordings.Exchange{
		exchange(`{"a":1}`, `{"b":2}`),
		{Method: "PUT", URL: streamURL, RequestBody: []byte("x"), Status: 429,
			RequestHeader:  http.Header{"Accept": {"*/*"}},
			ResponseHeader: http.Header{"Retry-After": {"3"}, "X-Amzn-Errortype": {"ThrottlingException"}}, ResponseBody: []byte(`{"message":"slow"}`)},
		{URL: streamURL, ResponseHeader: streamHeader(), ResponseBody: []byte(stream)},
	}
	origin := recordings.Origin{Kind: recordings.Captured, Source: "docs", Model: "m:0", Region: "us-east-1", SDK: []string{"none"}, Date: "2026-01-31"}
	dir := t.TempDir()
	if err := recordings.Transcribe(dir, "deep/er", origin, want...); err != nil {
		t.Fatal(err)
	}
	got, err := recordings.Load(os.DirFS(dir), "deep/er")
	if err != nil {
		t.Fatal(err)
	}
	want[0].Method, want[0].Status = "POST", 200
	want[2].Method, want[2].Status = "POST", 200
	origin.Kind = recordings.Transcribed // whatever was said
	if diff := cmp.Diff(origin, got.Origin); diff != "" {
		t.Errorf("origin (-want +got):\n%s", diff)
	}
	empty := cmp.Transformer("empty", func(b []byte) string { return string(b) })
	none := cmp.Transformer("none", func(h http.Header) map[string][]string {
		if h == nil {
			return map[string][]string{}
		}
		return h
	})
	if diff := cmp.Diff(want, got.Exchanges, empty, none); diff != "" {
		t.Errorf("exchanges (-want +got):\n%s", diff)
	}
	view, err := os.ReadFile(filepath.Join(dir, "deep", "er.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if want := "# exchange 2: POST /model/m-1/converse-stream -> 200\nmessageStart {\"role\":\"assistant\"}\n"; string(view) != want {
		t.Errorf("view = %q, want %q", view, want)
	}
}

func TestTranscribeRefuses(t *testing.T) {
	good := exchange(`1`, `1`)
	with := func(edit func(*recordings.Exchange)) recordings.Exchange {
		e := good
		edit(&e)
		return e
	}
	tests := []struct {
		name   string
		origin recordings.Origin
		e      []recordings.Exchange
		want   string
	}{
		{"no exchange", documented(), nil, "there is no exchange"},
		{"relative url", documented(), []recordings.Exchange{with(func(e *recordings.Exchange) { e.URL = "/x" })}, "not absolute"},
		{"no source", recordings.Origin{Model: "m", Date: "2026-01-31"}, []recordings.Exchange{good}, "source is missing"},
		{"no model", recordings.Origin{Source: "d", Date: "2026-01-31"}, []recordings.Exchange{good}, "model is missing"},
		{"bad date", recordings.Origin{Source: "d", Model: "m", Date: "31.1.2026"}, []recordings.Exchange{good}, `date "31.1.2026"`},
		{"header", documented(), []recordings.Exchange{with(func(e *recordings.Exchange) { e.ResponseHeader = http.Header{"Set-Cookie": {"a"}} })}, "response header Set-Cookie"},
		{"secret", documented(), []recordings.Exchange{with(func(e *recordings.Exchange) { e.ResponseBody = []byte(`{"k":"` + canaryKey + `"}`) })}, "aws access key id"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			err := recordings.Transcribe(dir, "c", tt.origin, tt.e...)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Transcribe error = %v, want %q in it", err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), canaryKey) {
				t.Error("the error holds the secret")
			}
			if files, _ := os.ReadDir(dir); len(files) > 0 {
				t.Errorf("wrote %v", files)
			}
		})
	}
}

func TestTranscribeKeepsNothingOfTheCallers(t *testing.T) {
	header := http.Header{"Content-Type": {"text/plain"}}
	e := recordings.Exchange{URL: converseURL, RequestHeader: header, ResponseHeader: header, ResponseBody: []byte("x")}
	dir := transcribe(t, e)
	if len(header) != 1 || e.Method != "" || e.Status != 0 {
		t.Error("Transcribe modified its argument")
	}
	// Writing again without a stream removes the view of before.
	stream := e
	stream.ResponseHeader, stream.ResponseBody = streamHeader(), testFrame("a", "{}")
	if err := recordings.Transcribe(dir, "c", documented(), stream); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "c.txt")); err != nil {
		t.Error(err)
	}
	if err := recordings.Transcribe(dir, "c", documented(), e); err != nil {
		t.Fatal(err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 || entries[0].Name() != "c.yaml" {
		t.Errorf("folder holds %v, want c.yaml alone", entries)
	}
}
