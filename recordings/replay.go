package recordings

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strings"
	"sync"
)

// missStatus is a status that no client retries.
const missStatus = http.StatusBadRequest

// missType is the error type of a miss, in the header where AWS clients look
// for it. No service uses it, so no test mistakes a miss for the error that it
// expects.
const missType = "RecordingMiss"

// A player is the deck that replays. It answers from the exchanges of one
// cassette.
type player struct {
	from        Origin
	exchanges   []Exchange
	pieces      pieces
	allowUnused bool
	report      func(error) // never nil

	mu     sync.Mutex
	index  *index
	played []bool
	missed error // the error of the first request that matched nothing
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
	tape.deck = &player{
		from:        c.Origin,
		exchanges:   c.Exchanges,
		index:       newIndex(c.Exchanges),
		pieces:      o.pieces(),
		allowUnused: o.AllowUnused,
		played:      make([]bool, len(c.Exchanges)),
		report: func(err error) {
			if tape.failed != nil {
				tape.failed(err)
			}
		},
	}
	return tape, nil
}

func (p *player) answer(req *http.Request, body []byte) (*http.Response, error) {
	key := keyOf(cmp.Or(req.Method, http.MethodGet), req.URL, body)
	p.mu.Lock()
	i, ok := p.index.take(key)
	if ok {
		p.played[i] = true
	}
	p.mu.Unlock()
	if !ok {
		return p.miss(req, key), nil
	}
	e := &p.exchanges[i]
	header := e.ResponseHeader.Clone()
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{
		Status:        fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status)),
		StatusCode:    e.Status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        header,
		Body:          &replayBody{ctx: req.Context(), next: p.pieces, rest: e.ResponseBody},
		ContentLength: contentLength(e.ResponseHeader, e.ResponseBody),
		Request:       req,
	}, nil
}

// miss answers a request that matches nothing. It reports the first one.
func (p *player) miss(req *http.Request, key requestKey) *http.Response {
	p.mu.Lock()
	text := missText(key, p.keys(), p.played)
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

// A noMatchError is an ErrNoMatch that shows the difference.
type noMatchError struct{ text string }

func (e *noMatchError) Error() string   { return "recordings: " + e.text }
func (e *noMatchError) Is(t error) bool { return t == ErrNoMatch }

func (p *player) interrupt()      {}
func (p *player) origin() Origin  { return p.from.clone() }
func (p *player) recording() bool { return false }

func (p *player) finish(giveUp error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if giveUp == nil && !p.allowUnused {
		return errors.Join(p.missed, p.unused())
	}
	return p.missed
}

// keys returns the keys of the recorded requests, to compare a miss with.
func (p *player) keys() []requestKey {
	keys := make([]requestKey, len(p.exchanges))
	for i := range p.exchanges {
		keys[i] = keyOfRecorded(&p.exchanges[i])
	}
	return keys
}

func (p *player) unused() error {
	var left []string
	for i, played := range p.played {
		if !played {
			key := keyOfRecorded(&p.exchanges[i])
			left = append(left, fmt.Sprintf("exchange %d, %s %s", i, key.method, key.target))
		}
	}
	if len(left) == 0 {
		return nil
	}
	return fmt.Errorf("%w: %s", ErrUnused, strings.Join(left, "; "))
}
