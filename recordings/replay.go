package recordings

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"sync"

	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"
	"gopkg.in/dnaeon/go-vcr.v4/pkg/recorder"
)

// missStatus is a status that no client retries.
const missStatus = http.StatusBadRequest

// missType is the error type of a miss, in the header where AWS clients look
// for it. No service has it, so no test takes a miss for the error it expects.
const missType = "RecordingMiss"

// A player is the deck that replays. go-vcr holds the cassette, matches the
// requests in order, each recorded one once; what the player adds is what
// go-vcr's recorder leaves open.
type player struct {
	vcr         *recorder.Recorder
	from        Origin
	exchanges   []Exchange
	keys        []requestKey // of the recorded requests
	pieces      pieces
	allowUnused bool
	report      func(error) // never nil

	mu     sync.Mutex
	played []bool
	missed error // the first request that found nothing
}

func newReplay(fsys fs.FS, name string, o *Options) (*Tape, error) {
	data, err := fs.ReadFile(fsys, name+cassetteExt)
	if err != nil {
		return nil, fmt.Errorf("recordings: replay %s: %w", name, err)
	}
	c, err := parse(name+cassetteExt, data)
	if err != nil {
		return nil, err
	}
	if c.Origin.isZero() {
		c.Origin = o.Origin
	}
	if err := c.Origin.validate(); err != nil {
		return nil, fmt.Errorf("recordings: %s%s: %w", name, cassetteExt, err)
	}
	tape := &Tape{name: name}
	p := &player{
		from:        c.Origin,
		exchanges:   c.Exchanges,
		pieces:      o.pieces(),
		allowUnused: o.AllowUnused,
		played:      make([]bool, len(c.Exchanges)),
		report: func(err error) {
			if tape.failed != nil {
				tape.failed(err)
			}
		},
	}
	for _, e := range c.Exchanges {
		p.keys = append(p.keys, keyOfRecorded(e.Method, e.URL, string(e.RequestBody)))
	}
	p.vcr, err = recorder.New(name,
		recorder.WithMode(recorder.ModeReplayOnly),
		recorder.WithFS(bytesFS(data)),
		recorder.WithMatcher(newMatcher(c.Exchanges).matches),
		recorder.WithSkipRequestLatency(true),
		recorder.WithRealTransport(noNetwork{}),
		recorder.WithHook(p.notePlayed, recorder.BeforeResponseReplayHook))
	if err != nil {
		return nil, fmt.Errorf("recordings: %s: %w", name, err)
	}
	tape.deck = p
	return tape, nil
}

// noNetwork stands where go-vcr would send requests, which it does not do when
// replaying.
type noNetwork struct{}

func (noNetwork) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("recordings: replaying sends nothing")
}

// notePlayed is the hook that tells which exchange answers; it is the one place
// where go-vcr says so. It goes by content, since the ids in a file that was
// put together by hand need not be in order. Of equal exchanges go-vcr plays
// the first that is left.
func (p *player) notePlayed(in *cassette.Interaction) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, e := range p.exchanges {
		if !p.played[i] && e.Method == in.Request.Method && e.URL == in.Request.URL &&
			string(e.RequestBody) == in.Request.Body && string(e.ResponseBody) == in.Response.Body {
			p.played[i] = true
			break
		}
	}
	return nil
}

func (p *player) answer(req *http.Request, body []byte) (*http.Response, error) {
	ctx := req.Context()
	key := keyOf(req.Method, req.URL, body)
	// go-vcr gets a request without headers, so that no credential of the live
	// request can end in its debug output.
	resp, err := p.vcr.RoundTrip(privateCopy(withKey(ctx, key), req, http.Header{}, nil))
	switch {
	case errors.Is(err, cassette.ErrInteractionNotFound):
		return p.miss(req, key), nil
	case err != nil:
		return nil, err
	}
	recorded, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	header := resp.Header.Clone() // go-vcr's own map is the cassette's
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{
		Status:        resp.Status,
		StatusCode:    resp.StatusCode,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        header,
		Body:          &replayBody{ctx: ctx, next: p.pieces, rest: recorded},
		ContentLength: contentLength(resp.Header, recorded),
		Request:       req, // go-vcr's is the recorded one
	}, nil
}

// miss reports a request that matches nothing, the first time, and answers it.
func (p *player) miss(req *http.Request, key requestKey) *http.Response {
	p.mu.Lock()
	text := missText(key, p.keys, slices.Clone(p.played))
	first := p.missed == nil
	err := &noMatchError{text: text}
	if first {
		p.missed = err
	}
	p.mu.Unlock()
	if first {
		p.report(err)
	}
	message, _ := json.Marshal(map[string]string{"message": err.Error()})
	return &http.Response{
		Status:        fmt.Sprintf("%d %s", missStatus, http.StatusText(missStatus)),
		StatusCode:    missStatus,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        http.Header{"Content-Type": {"application/json"}, "X-Amzn-Errortype": {missType}},
		Body:          io.NopCloser(bytes.NewReader(message)),
		ContentLength: int64(len(message)),
		Request:       req,
	}
}

// A noMatchError is an ErrNoMatch with its difference.
type noMatchError struct{ text string }

func (e *noMatchError) Error() string   { return "recordings: " + e.text }
func (e *noMatchError) Is(t error) bool { return t == ErrNoMatch }

func (p *player) interrupt()      {}
func (p *player) origin() Origin  { return p.from.clone() }
func (p *player) recording() bool { return false }

func (p *player) finish(giveUp error) error {
	err := p.vcr.Stop()
	p.mu.Lock()
	defer p.mu.Unlock()
	if giveUp == nil && !p.allowUnused {
		err = errors.Join(err, p.unused())
	}
	return errors.Join(p.missed, err)
}

func (p *player) unused() error {
	var left []string
	for i, played := range p.played {
		if !played {
			left = append(left, fmt.Sprintf("exchange %d, %s %s", i, p.keys[i].method, p.keys[i].target))
		}
	}
	if len(left) == 0 {
		return nil
	}
	return fmt.Errorf("%w: %s", ErrUnused, strings.Join(left, "; "))
}
