package recordings_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/recordings"
)

// bodiesOf are bodies whose size is in proportion to n, each with something that
// a careless search does once for every other.
func bodiesOf() map[string]func(n int) []byte {
	repeat := func(s string) func(int) []byte {
		return func(n int) []byte { return bytes.Repeat([]byte(s), n) }
	}
	each := func(event func(i int) []byte) func(int) []byte {
		return func(n int) []byte {
			var b []byte
			for i := range n {
				b = append(b, event(i)...)
			}
			return b
		}
	}
	return map[string]func(n int) []byte{
		"deltas":             each(func(int) []byte { return frames(text0("some words of the answer ")) }),
		"interleaved deltas": each(func(i int) []byte { return frames(blockText(i%2, "some words ")) }),
		"a block a delta":    each(func(i int) []byte { return frames(blockText(i, "some words ")) }),
		"tool input":         each(func(i int) []byte { return frames(toolInput(`\u0041,\n`)) }),
		"chunks":             each(func(int) []byte { return frames(chunk(claude("some words of the answer "))) }),
		"base64 in deltas":   each(func(int) []byte { return frames(text0("c29tZSB3b3Jkcy")) }),
		"events":             each(func(int) []byte { return sse("\n", openAI("some words of the answer ")) }),
		"one event":          repeat("data: and a line of it\n"),
		"other lines":        repeat(": a comment of some words\n"),
		"lines of JSON":      each(func(int) []byte { return []byte(openAI("some words ") + "\n") }),
		"fields":             each(func(i int) []byte { return []byte(fmt.Sprintf(`{"key%d":"some words, and more"}`, i)) }),
		"brackets":           repeat("["),
		"brackets with text": repeat(`["some words",`),
		"objects in objects": repeat(`{"a":`),
		"long keys": func(n int) []byte {
			return []byte(`{"` + strings.Repeat("k", n) + `":[` + strings.Repeat(`"a",`, n) + `]}`)
		},
		"quotes":           repeat(`"`),
		"escaped quotes":   repeat(`\"`),
		"backslashes":      repeat(`\`),
		"percents":         repeat("%25"),
		"words":            repeat("internationalization of everything "),
		"base64":           func(n int) []byte { return inJSON(base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{1, 2, 3}, n))) },
		"zeros":            repeat("AAAAAAAA"),
		"runs":             repeat("QUJDREVGR0hJSktMTU5P, "),
		"hints":            repeat("secret token password "),
		"hints of members": repeat(`"password":`),
		"starts of keys":   repeat("sk-"),
		"starts of tokens": repeat("eyJhbGciOiJIUzI1NiJ9."),
		"starts of URLs":   repeat("a://b:"),
		"ARNs":             repeat("arn:aws:bedrock:us-east-1:123456789012:prompt/x "),
	}
}

// The work of a scan grows with the body, not with its square: the bytes that
// are looked at, and those that are allocated.
func TestScanWorkIsLinear(t *testing.T) {
	for name, body := range bodiesOf() {
		t.Run(name, func(t *testing.T) {
			const n = 500
			var looked, allocated [3]int
			recordings.ScanWork(body(n)) // what is made on first use
			for i, b := range [][]byte{body(n), body(2 * n), body(4 * n)} {
				allocated[i] = allocates(func() { looked[i] = recordings.ScanWork(b) })
			}
			isLinear(t, "bytes looked at", looked, len(body(n)))
			isLinear(t, "bytes allocated", allocated, 64<<10)
		})
	}
}

// isLinear compares the work for n, 2n and 4n: twice as much may be twice the
// work and, since memory grows in steps, half of that again, but not four times.
// Work below a floor may be anything.
func isLinear(t *testing.T, what string, work [3]int, floor int) {
	t.Helper()
	if work[1] > 3*max(work[0], floor) || work[2] > 3*max(work[1], floor) {
		t.Errorf("%s at n, 2n, 4n: %d", what, work)
	}
}

// allocates returns how many bytes f allocates.
func allocates(f func()) int {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int(after.TotalAlloc - before.TotalAlloc)
}

// manyExchanges writes a cassette of n exchanges that differ in their ends.
func manyExchanges(t *testing.T, n int) (dir string) {
	t.Helper()
	var all []recordings.Exchange
	for i := range n {
		all = append(all, exchange(fmt.Sprintf(`{"a":"%s %d"}`, strings.Repeat("words ", 20), i), `"ok"`))
	}
	return transcribe(t, all...)
}

// So does the work of a replay, in whatever order it asks.
func TestReplayWorkIsLinear(t *testing.T) {
	var allocated [3]int
	for i, n := range []int{50, 100, 200} {
		fsys := os.DirFS(manyExchanges(t, n))
		allocated[i] = allocates(func() {
			tape, err := recordings.Replay(fsys, "c", nil)
			if err != nil {
				t.Fatal(err)
			}
			for i := n - 1; i >= 0; i-- {
				if code, _ := post(t, tape.Client(), converseURL, fmt.Sprintf(`{"a":"%s %d"}`, strings.Repeat("words ", 20), i)); code != 200 {
					t.Fatalf("request %d was not answered", i)
				}
			}
			if err := tape.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	isLinear(t, "bytes allocated", allocated, 1<<10)
}

// Opening a cassette and playing it allocates no more than a few times its size.
func TestReplayMemory(t *testing.T) {
	for name, e := range map[string]recordings.Exchange{"stream": streamExchange(5_000), "chunks": chunkExchange(2_500), "json": jsonExchange(1 << 20)} {
		t.Run(name, func(t *testing.T) {
			dir := transcribe(t, e)
			file, err := os.Stat(dir + "/c.yaml")
			if err != nil {
				t.Fatal(err)
			}
			got := allocates(func() {
				tape, err := recordings.Replay(os.DirFS(dir), "c", nil)
				if err != nil {
					t.Fatal(err)
				}
				resp, err := tape.Client().Post(e.URL, "", strings.NewReader(helloBody))
				if err != nil || resp.StatusCode != http.StatusOK {
					t.Fatal(resp, err)
				}
				if _, err := io.Copy(io.Discard, resp.Body); err != nil {
					t.Fatal(err)
				}
			})
			if times := float64(got) / float64(file.Size()); times > 4 {
				t.Errorf("%d bytes allocated for a file of %d: %.1f times, want 4 at most", got, file.Size(), times)
			} else {
				t.Logf("%.1f times the size of the file", times)
			}
		})
	}
}

// Errors name the package once.
func TestErrorsNameThePackageOnce(t *testing.T) {
	ft := record(t.TempDir(), recordings.Options{}, func(*recordings.Tape) {})
	unused := &fakeT{name: "c"}
	recordings.Open(unused, "", &recordings.Options{Dir: transcribe(t, exchange("1", "1"))})
	unused.end()
	leak := record(t.TempDir(), recordings.Options{
		Origin: recordings.Origin{Model: "m"},
		Transport: roundTripFunc(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(canarySlack))}, nil
		}),
	}, func(tape *recordings.Tape) { post(t, tape.Client(), "https://h/", "") })
	for _, said := range [][]string{ft.errors, unused.errors, leak.errors} {
		if len(said) != 1 || strings.Count(said[0], "recordings") != 1 || strings.Count(said[0], "written") > 1 {
			t.Errorf("reported %q, want one error that names the package once", said)
		}
	}
}
