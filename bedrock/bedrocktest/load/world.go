package load

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/modelid"
)

// A World provides quotas and time for the requests of one or more servers. It
// is made by [New] and is safe for concurrent use.
type World struct {
	options Options
	clock   Clock

	mu     sync.Mutex
	start  time.Time // of the first request; zero before
	models map[string]*place
	keys   memory
	series series
}

// A place holds the quotas and counters of a model id as it is called.
type place struct {
	Model
	requests, tokens bucket
	counts           counts
}

// A Request describes a request before it is answered.
type Request struct {
	Model     string // the id, as it is called
	Key       []byte // identifies the request; equal for each attempt at it
	Input     int    // tokens of the prompt, cached or not
	MaxTokens int    // the tokens that may be generated
	Burndown  int    // the model's rate, for options without one; zero: 1
}

// A Usage counts the tokens of a request and its answer.
type Usage struct {
	Input      int // the whole prompt
	CacheRead  int // of Input, read from the cache; free of charge
	CacheWrite int // of Input, written to the cache
	Output     int
}

// A Refusal is the error for a request that is throttled or finds no capacity.
type Refusal struct {
	Code       string        // the code of the service's exception
	Message    string        // the service's text
	RetryAfter time.Duration // until the request would fit; zero: not known
}

// Error returns the code and the text.
func (r *Refusal) Error() string { return "load: " + r.Code + ": " + r.Message }

// The service's texts.
const (
	textRequests    = "Too many requests, please wait before trying again."
	textTokens      = "Too many tokens, please wait before trying again."
	textUnavailable = "Bedrock is unable to process your request."
)

// New returns a world whose quotas are full. An error of kind
// model.ErrInvalidRequest names the field of the options that is invalid.
func New(o Options) (*World, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	o.Models = maps.Clone(o.Models)
	for id, m := range o.Models {
		m.Waves = slices.Clone(m.Waves)
		o.Models[id] = m
	}
	o.Default.Waves = slices.Clone(o.Default.Waves)
	o.Spread = cmp.Or(o.Spread, defaultSpread)
	w := &World{options: o, clock: o.Clock}
	if w.clock == nil {
		w.clock = system{}
	}
	w.Reset()
	return w, nil
}

// Reset fills the quotas and clears the report. The attempts in progress then
// count in neither.
func (w *World) Reset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.start, w.models, w.keys, w.series = time.Time{}, map[string]*place{}, memory{}, series{}
}

// Arrive waits until the request reaches the quota, and decides on it. It
// returns an attempt, which the caller must end, or a *[Refusal]. If the
// context ends first, it returns the context's error.
func (w *World) Arrive(ctx context.Context, r Request) (*Attempt, error) {
	if r.Input < 0 || r.MaxTokens < 0 || r.Burndown < 0 {
		return nil, fmt.Errorf("load: Request.Input, MaxTokens and Burndown must not be negative: %d, %d, %d", r.Input, r.MaxTokens, r.Burndown)
	}
	key := keyOf(r.Key)
	came := w.clock.Now()
	w.mu.Lock()
	if w.start.IsZero() {
		w.start = came
	}
	seen := w.keys.come(key, came)
	w.mu.Unlock()
	draw := newDraw(w.options.Seed, key, seen.times)

	if w.options.Spread > 0 {
		if err := w.clock.Sleep(ctx, time.Duration(draw.share(drawSpread)*float64(w.options.Spread))); err != nil {
			return nil, err
		}
	}

	now := w.clock.Now()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.start.IsZero() { // the world was reset meanwhile
		w.start = came
	}
	p := w.place(r.Model, now)
	a := &Attempt{world: w, place: p, request: r, key: key, draw: draw, retry: seen.failed, first: seen.first, came: came,
		capacity: capacity(p.Waves, now.Sub(w.start))}
	if refusal := a.decide(now); refusal != nil {
		return nil, refusal
	}
	return a, nil
}

// place returns the place of a model id.
func (w *World) place(id string, now time.Time) *place {
	if p, ok := w.models[id]; ok {
		return p
	}
	m, ok := w.options.Models[id]
	if !ok {
		m, ok = w.options.Models[modelid.Parse(id).Base]
	}
	if !ok {
		m = w.options.Default
	}
	p := &place{Model: m, requests: newBucket(m.Requests, now), tokens: newBucket(m.Tokens, now)}
	id = strings.Clone(id)
	w.models[id] = p
	return p
}
