package recordings

import (
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"
)

// OriginOf is what a recorder makes of requests to the given addresses.
func OriginOf(said Origin, now time.Time, userAgent string, ownTransport bool, addresses ...string) (Origin, error) {
	var seen observation
	for _, address := range addresses {
		u, err := url.Parse(address)
		if err != nil {
			return Origin{}, err
		}
		seen.observe(u, userAgent, ownTransport)
	}
	return seen.origin(said, now)
}

// CanonicalNumber exports canonicalNumber.
var CanonicalNumber = canonicalNumber

// WriteFile writes a file as go-vcr would have it written for the given
// exchanges.
func WriteFile(dir string, data []byte, want []Exchange) error {
	w := &fileWriter{dir: dir, name: "c", origin: Origin{Kind: Local, Model: "m", Date: "2026-01-31"}, want: want}
	return w.WriteFile("c.yaml", data)
}

// Reread returns an exchange as it is read from the bytes of a cassette that has
// it alone. No file is written, and no secret looked for.
func Reread(e Exchange) (Exchange, error) {
	interaction, err := newInteraction(e)
	if err != nil {
		return Exchange{}, err
	}
	c := cassette.New("c")
	c.AddInteraction(interaction)
	data, err := marshalCassette(Origin{Kind: Local, Model: "m", Date: "2026-01-31"}, c)
	if err != nil {
		return Exchange{}, err
	}
	got, _, err := parseBeside("c.yaml", data)
	if err != nil {
		return Exchange{}, err
	}
	return got.Exchanges[0], nil
}

// ScanExchange looks for secrets in an exchange, as is done with all those of a
// cassette.
func ScanExchange(e Exchange, secrets ...string) error {
	s := newScanner(newDetector(secrets), "c.yaml")
	s.cassette(&Cassette{Exchanges: []Exchange{e}})
	return s.err()
}

// ScanWork returns how many bytes are looked at to scan a response body.
func ScanWork(body []byte) int {
	s := newScanner(newDetector(nil), "c.yaml")
	s.body("body", body)
	return s.work.done
}

// A Comparison is what the scan and a naive one made of the same body.
type Comparison struct {
	Found, Naive     map[Finding]bool
	Refused, Naively bool // something could not be scanned
	GaveUp           bool // the naive one did, since it would take too long
}

// Compare looks for secrets in a body twice.
func Compare(body []byte, values ...string) Comparison {
	c := Comparison{Found: map[Finding]bool{}}
	s := newScanner(detectorOf(values), "c.yaml")
	note := s.note
	s.note = func(rule string, from, to int) {
		c.Found[Finding{rule, string(s.text[from:to])}] = true
		note(rule, from, to)
	}
	s.body("body", body)
	for _, err := range s.errs {
		if _, ok := errors.AsType[*Leak](err); !ok {
			c.Refused = true
		}
	}
	n := naiveScan(body, values)
	c.Naive, c.Naively, c.GaveUp = n.found, n.refused, n.gaveUp()
	return c
}

// detectorOf makes a detector once for values that are asked for many times.
func detectorOf(values []string) *detector {
	key := strings.Join(values, "\x00")
	made, ok := detectors.Load(key)
	if !ok {
		made, _ = detectors.LoadOrStore(key, newDetector(values))
	}
	return made.(*detector)
}

var detectors sync.Map

// Err says how the two differ. A scan that is refused need not have found
// everything, and what looks at a text once need not meet the deepest of its
// places.
func (c Comparison) Err() error {
	if c.GaveUp || c.Refused {
		return nil
	}
	var errs []error
	for f := range c.Naive {
		if !c.Found[f] {
			errs = append(errs, fmt.Errorf("missed: %v", f))
		}
	}
	for f := range c.Found {
		if !c.Naive[f] {
			errs = append(errs, fmt.Errorf("found by the scan alone: %v", f))
		}
	}
	return errors.Join(errs...)
}

// ComparePieces compares the pieces of the scan with naive versions: the search
// for hints, the search for runs, and the base64 of files.
func ComparePieces(text []byte) error {
	var errs []error
	differ := func(what string, got, want any) {
		if !reflect.DeepEqual(got, want) {
			errs = append(errs, fmt.Errorf("%s of %.500q\n got %v\nwant %v", what, text, got, want))
		}
	}
	differ("hints", hintsIn(patternsOnly().hints, text), naiveHints(hintWords(), text))
	plain, ok := fromBase64(text)
	wantPlain, wantOK := naiveFromBase64(string(text))
	if differ("base64 is right", ok, wantOK); ok && wantOK {
		differ("base64", string(plain), wantPlain)
	}
	start := runStart(text)
	want := regexp.MustCompile(`[A-Za-z0-9+/_-]{16,}`).FindIndex(text)
	if want == nil {
		want = []int{-1}
	}
	differ("start of the first run", start, want[0])
	return errors.Join(errs...)
}

// A hit is a word in a text and where it ends.
type hit struct{ word, end int }

func hintsIn(t *trie, text []byte) (all []hit) {
	t.find(text, func(word, end int) { all = append(all, hit{word, end}) })
	slices.SortFunc(all, byPlace)
	return all
}

func byPlace(a, b hit) int { return cmp.Or(a.end-b.end, a.word-b.word) }

func hintWords() (words []string) {
	for _, p := range secretPatterns() {
		words = append(words, p.hints...)
	}
	return words
}

func naiveHints(words []string, text []byte) (all []hit) {
	b := slices.Clone(text)
	for i, c := range b {
		b[i] = lower(c)
	}
	small := string(b)
	for i, w := range words {
		everywhere(small, w, func(at int) { all = append(all, hit{i, at + len(w)}) })
	}
	slices.SortFunc(all, byPlace)
	return all
}

func naiveFromBase64(text string) (string, bool) {
	plain, err := base64.StdEncoding.DecodeString(strings.NewReplacer(" ", "", "\r", "", "\n", "").Replace(text))
	return string(plain), err == nil
}

// CompareHints holds the search for any words against a naive one.
func CompareHints(words []string, text []byte) error {
	if got, want := hintsIn(newTrie(words), text), naiveHints(words, text); !slices.Equal(got, want) {
		return fmt.Errorf("%q in %q: hits %v, want %v", words, text, got, want)
	}
	return nil
}
