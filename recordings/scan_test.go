package recordings_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/chatmodel-go/chatmodel/internal/outside"
	"github.com/chatmodel-go/chatmodel/recordings"
)

// canaries are planted secrets, by the rule that finds each.
func canaries() map[string]string {
	return map[string]string{
		"aws access key id":     canaryKey,
		"aws secret access key": `aws_secret_access_key = ` + canarySecret,
		"aws signature":         "AWS4-HMAC-SHA256 Credential=x",
		"aws account id":        canaryARN,
		"bedrock api key":       canaryBedrock,
		"bearer token":          "Bearer abcdefghijklmnopqrstuvwxyz",
		"sk- key":               canaryOpenAI,
		"google api key":        canaryGoogle,
		"slack token":           canarySlack,
		"github token":          canaryGitHub,
		"json web token":        canaryJWT,
		"private key":           canaryPEM,
	}
}

// hidings are the places in an exchange where a secret may hide.
func hidings() map[string]func(secret string) recordings.Exchange {
	body := func(b []byte) recordings.Exchange {
		return recordings.Exchange{URL: converseURL, ResponseBody: b}
	}
	return map[string]func(string) recordings.Exchange{
		"url": func(s string) recordings.Exchange {
			return recordings.Exchange{URL: "https://h/?q=" + url.QueryEscape(s), ResponseBody: []byte("{}")}
		},
		"request header": func(s string) recordings.Exchange {
			return recordings.Exchange{URL: converseURL, RequestHeader: map[string][]string{"Accept": {s}}}
		},
		"response header": func(s string) recordings.Exchange {
			return recordings.Exchange{URL: converseURL, ResponseHeader: map[string][]string{"X-Amzn-Errortype": {s}}}
		},
		"request body": func(s string) recordings.Exchange {
			return recordings.Exchange{URL: converseURL, RequestBody: []byte(s)}
		},
		"plain body":     func(s string) recordings.Exchange { return body([]byte("it is " + s + " you know")) },
		"json":           func(s string) recordings.Exchange { return body(inJSON(map[string]any{"a": []any{s}})) },
		"json key":       func(s string) recordings.Exchange { return body(inJSON(map[string]any{s: 1})) },
		"json escapes":   func(s string) recordings.Exchange { return body([]byte(`{"a":"` + allEscaped(s) + `"}`)) },
		"json in json":   func(s string) recordings.Exchange { return body(inJSON(map[string]any{"a": string(inJSON([]any{s}))})) },
		"base64 in json": func(s string) recordings.Exchange { return body(inJSON(map[string]any{"a": []byte("it is " + s)})) },
		"base64url": func(s string) recordings.Exchange {
			return body(inJSON(base64.RawURLEncoding.EncodeToString([]byte("¿" + s))))
		},
		"base64 twice":   func(s string) recordings.Exchange { return body(inJSON(inJSON([]byte(" " + s)))) },
		"gzip":           func(s string) recordings.Exchange { return body(gzipped([]byte(s))) },
		"gzip in base64": func(s string) recordings.Exchange { return body(inJSON(gzipped(inJSON(s)))) },
		"frame": func(s string) recordings.Exchange {
			return body(testFrame("x", string(inJSON(map[string]any{"a": s}))))
		},
		"frame header": func(s string) recordings.Exchange { return body(testFrame(s, "{}")) },
		"base64 in frame": func(s string) recordings.Exchange {
			return body(testFrame("chunk", string(inJSON(map[string]any{"bytes": []byte("x " + s)}))))
		},
		"after a frame": func(s string) recordings.Exchange { return body(append(testFrame("x", "{}"), s...)) },
		"over two deltas": func(s string) recordings.Exchange {
			return body(split(s, func(x string) []byte { return testFrame("contentBlockDelta", x) }))
		},
		"sse": func(s string) recordings.Exchange {
			return body([]byte("event: x\ndata: " + `{"a":"` + allEscaped(s) + `"}` + "\n\n"))
		},
		"over two sse": func(s string) recordings.Exchange {
			return body(split(s, func(x string) []byte { return []byte("data: " + x + "\n\n") }))
		},
	}
}

func inJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

func allEscaped(s string) string {
	var b strings.Builder
	for _, r := range s {
		fmt.Fprintf(&b, `\u%04x`, r)
	}
	return b.String()
}

func gzipped(b []byte) []byte {
	var buf bytes.Buffer
	zw := gzip.NewWriter(&buf)
	zw.Write(b)
	zw.Close()
	return buf.Bytes()
}

// split spells s in two deltas of one block, with a delta of another between.
func split(s string, event func(string) []byte) []byte {
	delta := func(i int, text string) []byte {
		return event(fmt.Sprintf(`{"contentBlockIndex":%d,"delta":{"text":%s}}`, i, inJSON(text)))
	}
	half := len(s) / 2
	return slices.Concat(delta(0, "it is "+s[:half]), delta(1, "other"), delta(0, s[half:]))
}

// Every canary is found in every hiding place, writing it is refused, and the
// error does not show it. Without CHATMODEL_FULL=1 each is in one of three places,
// and each place has one of three.
func TestCanariesAreFound(t *testing.T) {
	all, hidden := canaries(), hidings()
	for i, rule := range slices.Sorted(maps.Keys(all)) {
		for j, place := range slices.Sorted(maps.Keys(hidden)) {
			if !full() && (i+j)%3 != 0 {
				continue
			}
			secret, hide := all[rule], hidden[place]
			t.Run(rule+"/"+place, func(t *testing.T) {
				dir := t.TempDir()
				err := recordings.Transcribe(dir, "c", documented(), hide(secret))
				leak, ok := errors.AsType[*recordings.Leak](err)
				if !ok {
					t.Fatalf("Transcribe error = %v, want a *Leak", err)
				}
				if !strings.Contains(err.Error(), rule) {
					t.Errorf("error = %v, want rule %q", err, rule)
				}
				if leak.File != "c.yaml" && leak.File != "c.txt" || leak.Where == "" {
					t.Errorf("leak = %+v, want file and place", leak)
				}
				if strings.Contains(err.Error(), secret) {
					t.Errorf("the error shows the secret: %v", err)
				}
				if files, _ := os.ReadDir(dir); len(files) > 0 {
					t.Errorf("wrote %v", files)
				}
			})
		}
	}
}

// Values that are given are found wherever shapes are.
func TestScanForValues(t *testing.T) {
	for place, hide := range hidings() {
		for _, value := range []string{"correct horse battery", "correct_horse"} {
			t.Run(place+"/"+value, func(t *testing.T) {
				fsys := os.DirFS(transcribe(t, hide(value)))
				if err := recordings.Scan(fsys); err != nil {
					t.Errorf("Scan() without values = %v", err)
				}
				err := recordings.Scan(fsys, value)
				if _, ok := errors.AsType[*recordings.Leak](err); !ok || strings.Contains(err.Error(), value) {
					t.Errorf("Scan error = %v, want a *Leak that does not show it", err)
				}
			})
		}
	}
}

// What a cassette holds that somebody else wrote.
func TestScanForeignFiles(t *testing.T) {
	const cassette = `---
# recorded by KEY
version: 2
interactions:
- id: 0
  request: {host: h, url: "https://h/x", method: POST, headers: {Authorization: [none]}}
  response: {status: 200 OK, code: 200, body: !!binary "BODY", headers: {Set-Cookie: [a]}}
`
	fsys := fstest.MapFS{
		"a/c.yaml": {Data: []byte(strings.NewReplacer("KEY", canaryKey, "BODY", base64.StdEncoding.EncodeToString([]byte(canarySlack))).Replace(cassette))},
		"a/c.txt":  {Data: []byte("text " + canaryGitHub)},
		"b.yaml":   {Data: []byte(": no yaml: [")},
		"ok.yaml":  {Data: []byte("version: 2\ninteractions: []\n")},
	}
	err := recordings.Scan(fsys)
	if err == nil {
		t.Fatal("Scan() = nil")
	}
	for _, want := range []string{
		"a/c.yaml: text: aws access key id",
		"a/c.yaml: exchange 0 request header Authorization: the header is not one of those that cassettes keep",
		"a/c.yaml: exchange 0 response header Set-Cookie: the header is not one of those that cassettes keep",
		"a/c.yaml: exchange 0 response body: slack token",
		"a/c.txt: text: github token",
		"b.yaml",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("Scan error lacks %q:\n%v", want, err)
		}
	}
	if strings.Contains(err.Error(), "ok.yaml") {
		t.Errorf("Scan error names a clean file:\n%v", err)
	}
}

func TestScanFindsNothingInOrdinaryText(t *testing.T) {
	signature := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("\x12\x98\x01\x0aH\x08\x01\x10"), 64))
	for _, text := range []string{
		"arn:aws:bedrock:us-east-1:123456789012:prompt/X",
		"arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-v2",
		"the secret of success: work",
		"desk-based, task-oriented and risk-averse-behaviour-of-people",
		"Bearer tokens are sent in a header",
		"AKIA is a prefix, and so is xoxb-",
		"call 999988887777 now",
		"-----BEGIN CERTIFICATE-----",
		signature,
		strings.Repeat("A1b2_sk-", 20),
		"password: must have at least eight characters, among them one digit",
		"Password: please choose another one that nobody would ever guess",
		"password: wrong password, reset link sent by mail",
		`"password": "the user's password, which is stored hashed and salted"`,
		`{"errors":{"password":"too short, minimum length is eight characters"}}`,
		"passphrase: an optional secret that protects the private half of the key",
		"properties:\n  password:\n    type: string\n    minLength: 8\n  token:\n    type: string\n",
		"func login(user string, password string) (token string, err error) { return check(user, password) }",
		`<a href="/search?q=1&amp;page=2&#38;sort=up">caf&eacute; &mdash; na&iuml;ve</a> &copy; 2026`,
		"d41d8cd98f00b204e9800998ecf8427e da39a3ee5e6b4b0d3255bfef95601890afd80709",
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"550e8400-e29b-41d4-a716-446655440000, 6BA7B810-9DAD-11D1-80B4-00C04FD430C8",
		"00:1b:44:11:3a:b7 and fe80:0000:0000:0000:021b:44ff:fe11:3ab7",
		"SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8",
		"43:51:43:a1:b5:fc:8b:b7:0a:3a:a9:b1:0f:66:73:a8:43:51:43:a1:b5:fc:8b:b7:0a:3a:a9:b1:0f:66:73:a8",
		"2026-01-31 10:20:30, 2026-02-01 11:21:31, 12 34 56 78 90 12 34 56 78 90",
		"JBSWY3DPEBLW64TMMQQQ IFBEGRCFIZDUQSKKJNGE2TSPKBIVEU2U",
		"C:\\101\\users\\200\\x and \\1 \\2 of a regular expression, \\d{3}-\\d{4}",
		"a = b == c ? d=1&e=20&f=3D : 50% of 20%25",
		"data:image/png;base64," + base64.StdEncoding.EncodeToString(noise(30_000)),
	} {
		dir := t.TempDir()
		e := exchange(string(inJSON(map[string]any{"text": text, "signature": signature})), text)
		if err := recordings.Transcribe(dir, "c", documented(), e); err != nil {
			t.Errorf("Transcribe(%q) error = %v", text, err)
		}
	}
}

// noise returns bytes without an order, as those of a packed image are.
func noise(n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{17}).Read(b)
	return b
}

// A text that can be undone in more ways than anybody writes is refused, in a
// time that is bounded.
func TestScanTooMuch(t *testing.T) {
	text := strings.Repeat(strings.Repeat(`\`, 1<<10)+"%"+strings.Repeat("25", 10)+"&"+strings.Repeat("amp;", 10)+"="+strings.Repeat("3D", 10)+" ", 20)
	body := []byte(text)
	if looked := recordings.ScanWork(body); looked > 500*len(body)+4<<20 {
		t.Errorf("%d bytes are looked at for %d", looked, len(body))
	}
	if err := recordings.ScanExchange(recordings.Exchange{URL: converseURL, ResponseBody: body}); err == nil || !strings.Contains(err.Error(), "too deeply") {
		t.Errorf("ScanExchange error = %v, want refusal of what can't be scanned", err)
	}
}

func TestScanTooDeep(t *testing.T) {
	b := []byte("the end of it all")
	for range 20 {
		b = inJSON(b)
	}
	err := recordings.Transcribe(t.TempDir(), "c", documented(), recordings.Exchange{URL: converseURL, ResponseBody: b})
	if err == nil || !strings.Contains(err.Error(), "too deeply") {
		t.Errorf("Transcribe error = %v, want refusal of what can't be scanned", err)
	}
	cut := gzipped([]byte("text"))
	err = recordings.Transcribe(t.TempDir(), "c", documented(), recordings.Exchange{URL: converseURL, ResponseBody: cut[:len(cut)-6]})
	if err == nil || !strings.Contains(err.Error(), "unpacked") {
		t.Errorf("Transcribe error = %v, want refusal of what can't be unpacked", err)
	}
}

func TestRealRecordingsAreClean(t *testing.T) {
	folders := map[string]fs.FS{}
	for _, r := range outside.Recordings(t) {
		folders[r.Folder] = r.FS()
	}
	for folder, fsys := range folders {
		if err := recordings.Scan(cassettesOnly{fsys}); err != nil {
			t.Errorf("%s: %v", folder, err)
		}
	}
}

// cassettesOnly shows the cassettes of a folder, not what lies beside them.
type cassettesOnly struct{ fs.FS }

func (f cassettesOnly) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(f.FS, name)
	return slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return !strings.HasSuffix(e.Name(), ".yaml") }), err
}

func TestCheck(t *testing.T) {
	stream := recordings.Exchange{URL: streamURL, ResponseHeader: streamHeader(), ResponseBody: testFrame("a", `{"b":1}`)}
	good := func() fstest.MapFS {
		dir := transcribe(t, stream)
		if err := recordings.Transcribe(dir, "d/plain", documented(), exchange("1", "1")); err != nil {
			t.Fatal(err)
		}
		m := fstest.MapFS{}
		for _, name := range []string{"c.yaml", "c.txt", "d/plain.yaml"} {
			data, err := os.ReadFile(dir + "/" + name)
			if err != nil {
				t.Fatal(err)
			}
			m[name] = &fstest.MapFile{Data: data}
		}
		return m
	}
	owned := []string{"c", "d/plain"}
	if err := recordings.Check(good(), owned...); err != nil {
		t.Fatalf("Check() = %v", err)
	}
	crlf := good()
	for _, f := range crlf {
		f.Data = bytes.ReplaceAll(f.Data, []byte("\n"), []byte("\r\n"))
	}
	if err := recordings.Check(crlf, owned...); err != nil {
		t.Errorf("Check() of a checkout with CRLF = %v", err)
	}
	tests := []struct {
		name  string
		edit  func(fstest.MapFS)
		owned []string
		want  string
	}{
		{"orphan", func(fstest.MapFS) {}, []string{"c"}, "d/plain.yaml: no test claims this cassette"},
		{"missing", func(fstest.MapFS) {}, append(owned, "e"), "e: claimed, but there is no such cassette"},
		{"claimed twice", func(fstest.MapFS) {}, append(owned, "c"), "c: claimed more than once"},
		{"stray file", func(m fstest.MapFS) { m["x.json"] = &fstest.MapFile{} }, owned, "x.json: neither a cassette nor a view"},
		{"stray view", func(m fstest.MapFS) { m["x.txt"] = &fstest.MapFile{} }, owned, "x.txt: a view without a cassette"},
		{"no view", func(m fstest.MapFS) { delete(m, "c.txt") }, owned, "of its event streams is missing"},
		{"old view", func(m fstest.MapFS) { m["c.txt"].Data = append(m["c.txt"].Data, '\n') }, owned, "does not match the cassette"},
		{"view without streams", func(m fstest.MapFS) { m["d/plain.txt"] = m["c.txt"] }, owned, "does not match the cassette"},
		{"other view with CRLF", func(m fstest.MapFS) {
			m["c.txt"].Data = []byte(strings.ReplaceAll(string(m["c.txt"].Data), "\n", "x\r\n"))
		}, owned, "does not match the cassette"},
		{"no origin", func(m fstest.MapFS) { edit(m, "c.yaml", "origin:", "other:") }, owned, "c: origin: missing"},
		{"unknown kind", func(m fstest.MapFS) { edit(m, "c.yaml", "kind: transcribed", "kind: guessed") }, owned, `kind "guessed"`},
		{"no date", func(m fstest.MapFS) { edit(m, "c.yaml", `date: "2026-01-31"`, `date: ""`) }, owned, "date"},
		{"broken", func(m fstest.MapFS) { m["c.yaml"].Data = []byte("version: [") }, owned, "c.yaml"},
		{"other version", func(m fstest.MapFS) { edit(m, "c.yaml", "version: 2", "version: 1") }, owned, "version"},
		{"null interaction", func(m fstest.MapFS) { m["c.yaml"].Data = []byte("version: 2\ninteractions: [null]") }, owned, "interaction 0 is empty"},
		{"empty", func(m fstest.MapFS) {
			m["c.yaml"].Data = []byte("origin: {kind: local, model: m, date: '2026-01-31'}\nversion: 2\ninteractions: []")
		}, owned, "the cassette is empty"},
		{"secret", func(m fstest.MapFS) { edit(m, "d/plain.yaml", `body: "1"`, "body: "+canarySlack) }, owned, "slack token"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := good()
			tt.edit(m)
			if err := recordings.Check(m, tt.owned...); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Check error = %v, want %q in it", err, tt.want)
			}
		})
	}
}

func edit(m fstest.MapFS, name, old, new string) {
	data := strings.Replace(string(m[name].Data), old, new, 1)
	if data == string(m[name].Data) {
		panic("nothing to edit: " + old)
	}
	m[name] = &fstest.MapFile{Data: []byte(data)}
}

func TestIsolate(t *testing.T) {
	before := map[string]string{"AWS_CA_BUNDLE": "/x", "AWS_PROFILE": "p", "AWS_BEARER_TOKEN_BEDROCK": "t", "AWS_REGION": "r"}
	for name, value := range before {
		t.Setenv(name, value)
	}
	t.Run("inside", func(t *testing.T) {
		recordings.Isolate(t)
		got := map[string]string{}
		for _, entry := range os.Environ() {
			if name, value, _ := strings.Cut(entry, "="); strings.HasPrefix(name, "AWS_") {
				got[name] = value
			}
		}
		want := map[string]string{"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_EC2_METADATA_DISABLED": "true"}
		if !maps.Equal(got, want) {
			t.Errorf("AWS variables = %v, want %v", got, want)
		}
	})
	for name, want := range before {
		if got := os.Getenv(name); got != want {
			t.Errorf("afterwards %s = %q, want %q", name, got, want)
		}
	}
}
