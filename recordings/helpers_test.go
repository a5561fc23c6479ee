package recordings_test

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/chatmodel-go/chatmodel/recordings"
)

// fakeT is a test that can be looked at: it collects what is reported to it.
type fakeT struct {
	mu       sync.Mutex
	name     string
	errors   []string
	fatals   []string
	logs     []string
	failed   bool
	skipped  bool
	cleanups []func()
}

func (t *fakeT) Helper()      {}
func (t *fakeT) Name() string { return t.name }
func (t *fakeT) Failed() bool { return t.failed }

func (t *fakeT) Skipped() bool { return t.skipped }

func (t *fakeT) Logf(format string, args ...any) { t.add(&t.logs, false, format, args) }

func (t *fakeT) Errorf(format string, args ...any) { t.add(&t.errors, true, format, args) }

func (t *fakeT) Fatalf(format string, args ...any) { t.add(&t.fatals, true, format, args) }

func (t *fakeT) add(to *[]string, fails bool, format string, args []any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	*to = append(*to, fmt.Sprintf(format, args...))
	t.failed = t.failed || fails
}

func (t *fakeT) Cleanup(f func()) { t.cleanups = append(t.cleanups, f) }

// end runs the cleanups, last first, as the testing package does.
func (t *fakeT) end() {
	for i := len(t.cleanups) - 1; i >= 0; i-- {
		t.cleanups[i]()
	}
	t.cleanups = nil
}

// testFrame builds a frame by the documented layout, apart from the code under
// test.
func testFrame(event, payload string) []byte {
	var headers []byte
	for _, h := range [][2]string{{":event-type", event}, {":content-type", "application/json"}, {":message-type", "event"}} {
		headers = append(headers, byte(len(h[0])))
		headers = append(headers, h[0]...)
		headers = append(headers, 7)
		headers = binary.BigEndian.AppendUint16(headers, uint16(len(h[1])))
		headers = append(headers, h[1]...)
	}
	b := binary.BigEndian.AppendUint32(nil, uint32(16+len(headers)+len(payload)))
	b = binary.BigEndian.AppendUint32(b, uint32(len(headers)))
	b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
	b = append(append(b, headers...), payload...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
}

const (
	converseURL = "https://bedrock-runtime.us-east-1.amazonaws.com/model/m-1/converse"
	streamURL   = "https://bedrock-runtime.us-east-1.amazonaws.com/model/m-1/converse-stream"
)

func jsonHeader() http.Header { return http.Header{"Content-Type": {"application/json"}} }

func streamHeader() http.Header {
	return http.Header{"Content-Type": {"application/vnd.amazon.eventstream"}}
}

func exchange(request, response string) recordings.Exchange {
	return recordings.Exchange{
		URL: converseURL, RequestHeader: jsonHeader(), RequestBody: []byte(request),
		ResponseHeader: jsonHeader(), ResponseBody: []byte(response),
	}
}

func documented() recordings.Origin {
	return recordings.Origin{Source: "a test", Model: "m-1", Date: "2026-01-31"}
}

// transcribe writes a cassette called c into a new folder.
func transcribe(t *testing.T, exchanges ...recordings.Exchange) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := recordings.Transcribe(dir, "c", documented(), exchanges...); err != nil {
		t.Fatal(err)
	}
	return dir
}

// post sends a body and returns status and body of the response.
func post(t *testing.T, client *http.Client, url, body string) (int, string) {
	t.Helper()
	resp, err := client.Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(got)
}
