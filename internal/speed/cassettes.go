package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"strings"
	"time"

	"github.com/chatmodel-go/chatmodel/recordings"
)

var cassetteRows = []row{
	{work: "replay of 4n exchanges", against: "4 replays of n", measure: replayGrowth},
	{work: "replay, memory at its peak", against: "a cassette of 10 MB", measure: replayPeak},
	{work: "secret scan of a stream", against: "every byte looked at twice, decoded, summed", measure: secretScan,
		remark: "a quarter of it reads the file and undoes its base64, half looks into the frames, a quarter into the view beside the cassette"},
}

const cassetteURL = "https://bedrock-runtime.us-east-1.amazonaws.com/model/m-1/converse"

// cassette writes a cassette of n exchanges with answers of the given size and
// returns its folder, which the caller removes.
func cassette(n, size int) (dir string, err error) {
	if dir, err = os.MkdirTemp("", "speed"); err != nil {
		return "", err
	}
	exchanges := make([]recordings.Exchange, n)
	for i := range exchanges {
		exchanges[i] = recordings.Exchange{URL: cassetteURL, RequestBody: numbered(i), ResponseHeader: http.Header{"Content-Type": {"application/json"}},
			ResponseBody: []byte(`{"output":{"message":{"role":"assistant","content":[{"text":"` + strings.Repeat("some words ", size/11) + `"}]}}}`)}
	}
	return dir, recordings.Transcribe(dir, "c", origin(), exchanges...)
}

// numbered is the body of request i. No two are the same, so a replay must tell
// them apart.
func numbered(i int) []byte {
	return fmt.Appendf(nil, `{"messages":[{"role":"user","content":[{"text":"Question %d"}]}]}`, i)
}

// origin says where the cassettes come from: this program, not a service.
func origin() recordings.Origin {
	return recordings.Origin{Source: "internal/speed", Model: "m-1", Date: "2026-01-02"}
}

// replay plays all exchanges of a cassette.
func replay(dir string, n int) error {
	tape, err := recordings.Replay(os.DirFS(dir), "c", nil)
	if err != nil {
		return err
	}
	client := tape.Client()
	for i := range n {
		resp, err := client.Post(cassetteURL, "", bytes.NewReader(numbered(i)))
		if err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			return err
		}
		resp.Body.Close()
	}
	return tape.Close()
}

// replayGrowth compares a replay of four times as many exchanges with four
// replays. A ratio of 1 says that an exchange costs the same in a long
// cassette.
func replayGrowth(l *lab) ([]figure, error) {
	n := 200
	if l.trial() {
		n = 20
	}
	few, err := cassette(n, 100)
	defer os.RemoveAll(few)
	if err != nil {
		return nil, err
	}
	many, err := cassette(4*n, 100)
	defer os.RemoveAll(many)
	if err != nil {
		return nil, err
	}
	ratio, err := l.ratio(func() error { return replay(many, 4*n) }, func() error { return replay(few, n) })
	return []figure{{value: ratio / 4, unit: "times", wanted: 1.25}}, err
}

// replayPeak watches the heap while a cassette is opened and played. It counts
// objects whether they are still in use or not.
func replayPeak(l *lab) ([]figure, error) {
	size := 1 << 20
	if l.trial() {
		size /= 20
	}
	dir, err := cassette(10, size)
	defer os.RemoveAll(dir)
	if err != nil {
		return nil, err
	}
	file, err := os.Stat(filepath.Join(dir, "c.yaml"))
	if err != nil {
		return nil, err
	}
	before := live()
	stop, peak := make(chan struct{}), make(chan uint64)
	go func() {
		objects := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		most := uint64(0)
		for {
			metrics.Read(objects)
			most = max(most, objects[0].Value.Uint64())
			select {
			case <-stop:
				peak <- most
				return
			case <-time.After(100 * time.Microsecond):
			}
		}
	}()
	err = replay(dir, 10)
	close(stop)
	return []figure{{value: (float64(<-peak) - before) / float64(file.Size()), unit: "sizes", wanted: 4}}, err
}

// secretScan compares the search of a stream's cassette with undoing the base64
// of the file, checking the sums of its frames, and looking at every byte of the
// file and of the stream twice.
func secretScan(l *lab) ([]figure, error) {
	body := textShape.body(l.deltas(), "some words of the answer ")
	dir, err := os.MkdirTemp("", "speed")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	err = recordings.Transcribe(dir, "c", origin(), recordings.Exchange{URL: cassetteURL + "-stream", RequestBody: numbered(0),
		ResponseHeader: http.Header{"Content-Type": {eventStream}}, ResponseBody: body})
	if err != nil {
		return nil, err
	}
	file, err := os.ReadFile(filepath.Join(dir, "c.yaml"))
	if err != nil {
		return nil, err
	}
	encoded := base64.StdEncoding.EncodeToString(body)
	fsys := os.DirFS(dir)
	scan, least, err := l.times(func() error { return recordings.Scan(fsys) }, func() error {
		plain, err := base64.StdEncoding.DecodeString(encoded)
		runtime.KeepAlive(crc32.ChecksumIEEE(plain))
		for range 2 {
			lookAt(file)
			lookAt(plain)
		}
		return err
	})
	return []figure{{value: scan / least, unit: "times"}, {value: float64(len(body)) / 1e6 / scan, unit: "MB/s", wanted: 65, least: true}}, err
}

// lookAt does the least that looking at every byte takes.
func lookAt(b []byte) {
	var table [256]int
	for _, c := range b {
		table[c]++
	}
	runtime.KeepAlive(table)
}
