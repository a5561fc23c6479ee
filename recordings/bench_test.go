package recordings_test

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/recordings"
)

// streamExchange is an answer of n deltas.
func streamExchange(n int) recordings.Exchange {
	var body []byte
	for range n {
		body = append(body, testFrame("contentBlockDelta", `{"contentBlockIndex":0,"delta":{"text":"some words of the answer "},"p":"abcdefghij"}`)...)
	}
	return recordings.Exchange{URL: streamURL, RequestBody: []byte(helloBody), ResponseHeader: streamHeader(), ResponseBody: body}
}

func benchDir(b *testing.B, e recordings.Exchange) string {
	dir := b.TempDir()
	if err := recordings.Transcribe(dir, "c", documented(), e); err != nil {
		b.Fatal(err)
	}
	return dir
}

func BenchmarkReplay(b *testing.B) {
	e := streamExchange(500)
	fsys := os.DirFS(benchDir(b, e))
	b.SetBytes(int64(len(e.ResponseBody)))
	b.ReportAllocs()
	for b.Loop() {
		tape, err := recordings.Replay(fsys, "c", nil)
		if err != nil {
			b.Fatal(err)
		}
		resp, err := tape.Client().Post(streamURL, "", strings.NewReader(helloBody))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			b.Fatal(err)
		}
		if err := tape.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkScan(b *testing.B) {
	e := streamExchange(500)
	fsys := os.DirFS(benchDir(b, e))
	b.SetBytes(int64(len(e.ResponseBody)))
	b.ReportAllocs()
	for b.Loop() {
		if err := recordings.Scan(fsys); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCanonical(b *testing.B) {
	body := bytes.ReplaceAll([]byte(helloBody), []byte("Hello"), bytes.Repeat([]byte("words "), 2000))
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if got := (recordings.Request{Body: body}).Canonical(); len(got) == 0 {
			b.Fatal("empty")
		}
	}
}
