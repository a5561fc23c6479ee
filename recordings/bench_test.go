package recordings_test

import (
	"bytes"
	"encoding/base64"
	"hash/crc32"
	"io"
	"math"
	"os"
	"strings"
	"testing"
	"time"

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

// BenchmarkScan compares a scan with a floor in the same run, the least that a
// scan must do: decode the base64 of the file, check the sums of the frames,
// and look at every byte of the file and of the stream twice. The fastest of
// eight runs counts, on both sides.
func BenchmarkScan(b *testing.B) {
	for name, e := range map[string]recordings.Exchange{"converse": streamExchange(10_000), "invoke": chunkExchange(10_000), "json": jsonExchange(2 << 20)} {
		b.Run(name, func(b *testing.B) {
			dir := benchDir(b, e)
			file, err := os.ReadFile(dir + "/c.yaml")
			if err != nil {
				b.Fatal(err)
			}
			encoded := base64.StdEncoding.EncodeToString(e.ResponseBody)
			least := func(do func()) time.Duration {
				best := time.Duration(math.MaxInt64)
				for range 8 {
					start := time.Now()
					do()
					best = min(best, time.Since(start))
				}
				return best
			}
			b.ReportAllocs()
			var scan, floor time.Duration
			for b.Loop() {
				scan = least(func() {
					if err := recordings.Scan(os.DirFS(dir)); err != nil {
						b.Fatal(err)
					}
				})
				floor = least(func() {
					plain, _ := base64.StdEncoding.DecodeString(encoded)
					sink += crc32.ChecksumIEEE(plain)
					for range 2 {
						lookAt(file)
						lookAt(plain)
					}
				})
			}
			b.ReportMetric(float64(len(e.ResponseBody))/1e6/scan.Seconds(), "MB/s")
			b.ReportMetric(scan.Seconds()/floor.Seconds(), "floors")
		})
	}
}

var sink uint32

// lookAt does the least that looking at every byte takes.
func lookAt(b []byte) {
	var table [256]uint32
	for _, c := range b {
		table[c]++
	}
	sink += table['a']
}

// chunkExchange is an answer of n deltas over InvokeModel.
func chunkExchange(n int) recordings.Exchange {
	e := streamExchange(0)
	for range n {
		chunk := base64.StdEncoding.EncodeToString([]byte(`{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"some words of the answer "}}`))
		e.ResponseBody = append(e.ResponseBody, testFrame("chunk", `{"bytes":"`+chunk+`","p":"abcdefghij"}`)...)
	}
	return e
}

// jsonExchange is an answer of one text of n bytes.
func jsonExchange(n int) recordings.Exchange {
	return exchange(helloBody, `{"output":{"message":{"role":"assistant","content":[{"text":"`+strings.Repeat("some words of the answer\\n", n/25)+`"}]}}}`)
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
