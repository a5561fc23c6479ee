package recordings_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/recordings"
)

// Every kind of secret, in every place, is refused by its pattern, or is out of
// reach in every kind alike. Without CHATMODEL_FULL=1 each kind is in one of six
// places, and each place has one of six kinds.
func TestPatternsInAllPlaces(t *testing.T) {
	for i, p := range places() {
		t.Run(p.name, func(t *testing.T) {
			for j, k := range kinds() {
				if !full() && (i+j)%6 != 0 {
					continue
				}
				err := recordings.ScanExchange(p.hide(k.value))
				_, found := errors.AsType[*recordings.Leak](err)
				switch {
				case p.want == misses && err != nil:
					t.Errorf("%s: %v; the doc says that it is out of reach", k.name, err)
				case p.want == misses:
				case !found || !strings.Contains(err.Error(), k.rule):
					t.Errorf("%s: error = %v, want rule %q", k.name, err, k.rule)
				case strings.Contains(err.Error(), k.value):
					t.Errorf("%s: the error shows the secret: %v", k.name, err)
				}
			}
		})
	}
}

// What is known by value is replaced, or the recording is refused: no file holds
// it, in whatever form.
func TestKnownValuesInAllPlaces(t *testing.T) {
	all, pairs := places(), 0
	for i, src := range sources() {
		t.Run(src.name, func(t *testing.T) {
			if src.env != "" {
				t.Setenv(src.env, src.value)
			}
			for j, p := range all {
				if !full() && (i+j)%sampled != 0 {
					continue
				}
				pairs++
				recordKnown(t, src, p)
			}
		})
	}
	t.Logf("%d of %d pairs of a source and a place", pairs, len(all)*len(sources()))
}

// sampled is how many pairs there are for one that is tried without
// CHATMODEL_FULL=1. Every source and every place is tried all the same.
const sampled = 16

// full says that nothing is sampled.
func full() bool { return os.Getenv("CHATMODEL_FULL") != "" }

// recordKnown records a call that gives a secret away and one that has it in
// some place.
func recordKnown(t *testing.T, src source, p place) {
	t.Helper()
	hidden := p.hide(src.value)
	dir := t.TempDir()
	n := 0
	transport := roundTripFunc(func(req *http.Request) (*http.Response, error) {
		if n++; n == 1 {
			return &http.Response{StatusCode: 200, Header: src.answer, Body: io.NopCloser(strings.NewReader("{}"))}, nil
		}
		return &http.Response{StatusCode: 200, Header: hidden.ResponseHeader.Clone(), Body: io.NopCloser(bytes.NewReader(hidden.ResponseBody))}, nil
	})
	opts := recordings.Options{Transport: transport, Secrets: src.secrets, Origin: recordings.Origin{Model: "m"}}
	ft := record(dir, opts, func(tape *recordings.Tape) {
		first, err := http.NewRequest("POST", "https://h.test/", strings.NewReader(src.body))
		if err != nil {
			t.Fatal(err)
		}
		if src.request != nil {
			src.request(first)
		}
		second, err := http.NewRequest(hidden.Method, hidden.URL, bytes.NewReader(hidden.RequestBody))
		if err != nil {
			t.Fatal(err)
		}
		second.Header = hidden.RequestHeader
		for _, req := range []*http.Request{first, second} {
			resp, err := tape.RoundTrip(req)
			if err != nil {
				t.Fatalf("%s: %v", p.name, err)
			}
			resp.Body.Close()
		}
	})
	said := strings.Join(ft.errors, "\n")
	if strings.Contains(said, src.value) {
		t.Errorf("%s: the report shows the secret: %s", p.name, said)
	}
	switch refused := ft.failed; {
	case p.want == misses && refused:
		t.Errorf("%s: %s; the doc says that it is out of reach", p.name, said)
	case p.want == misses:
	case refused && p.want == refuses:
		if entries, _ := os.ReadDir(dir); len(entries) > 0 || !strings.Contains(said, "recordings: ") {
			t.Errorf("%s: refused with %q, and wrote %v", p.name, said, entries)
		}
	case refused:
		t.Errorf("%s: refused with %q, want it scrubbed", p.name, said)
	default:
		becomes := src.becomes
		if becomes == "" {
			becomes = "scrubbed"
		}
		got := load(t, dir).Exchanges[1]
		if diff := cmp.Diff(p.hide(becomes), got); diff != "" && p.want == scrubs {
			t.Errorf("%s: what was recorded is not what it is with the secret replaced (-want +got):\n%s", p.name, diff)
		}
		if p.want == refuses && cmp.Diff(p.hide(becomes), got) != "" {
			t.Errorf("%s: the recording was written", p.name)
		}
	}
}
