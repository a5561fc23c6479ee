package local

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/local/internal/answers"
)

// A world is a Bedrock of its own.
type world struct {
	server *Server
	name   string
	player *answers.Player
	faults faults
	clock  clock
	own    atomic.Bool // its answers are its own, not the file's

	recorder *recorder // nil unless the world's calls are recorded

	mu      sync.Mutex
	handler *bedrocktest.Handler
	quota   *quota // nil if there is none
	tapes   *tapes // nil unless recordings answer
}

// keyWorld names the world of an API key without revealing the key.
func keyWorld(hash [sha256.Size]byte) string { return "key-" + hex.EncodeToString(hash[:6]) }

// named returns the world with a name.
func (s *Server) named(name string) (*world, *problem) {
	w, err := s.world(name)
	if err != nil {
		return nil, &problem{status: http.StatusTooManyRequests, Field: "header " + WorldHeader, Message: err.Error()}
	}
	return w, nil
}

// world returns the world with a name. It makes the world if there is none.
func (s *Server) world(name string) (*world, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if w, ok := s.worlds[name]; ok {
		return w, nil
	}
	if len(s.worlds) >= s.options.MaxWorlds {
		return nil, fmt.Errorf("there are %d worlds, which is the limit; delete some at %sworlds/NAME", len(s.worlds), controlPath)
	}
	w := &world{server: s, name: name, player: answers.NewPlayer(s.book())}
	w.player.Else = s.options.Model
	w.begin()
	switch {
	case s.options.Upstream != nil:
		w.recorder = &recorder{world: w}
	case s.library != nil:
		w.tapes = s.library.tapes()
	}
	s.worlds[name] = w
	return w, nil
}

// allWorlds returns the worlds, sorted by name.
func (s *Server) allWorlds() []*world {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]*world, 0, len(s.worlds))
	for _, name := range slices.Sorted(maps.Keys(s.worlds)) {
		all = append(all, s.worlds[name])
	}
	return all
}

// book returns the answers of worlds that have none of their own.
func (s *Server) book() *answers.Book {
	if s.file == nil {
		return &answers.Book{Otherwise: answers.Echo, Source: []byte("{}")}
	}
	b, _, _ := s.file.Book() // the problem was logged when it was new
	return b
}

// refresh makes the worlds play the current version of the file of answers.
func (s *Server) refresh() {
	if s.file == nil {
		return
	}
	b, news, err := s.file.Book()
	switch {
	case !news:
	case err != nil:
		s.options.Log.Error("the answers are invalid; the previous ones stay in use", "file", s.options.Answers, "problem", err.Error())
	default:
		s.options.Log.Info("the answers have changed", "file", s.options.Answers)
		for _, w := range s.allWorlds() {
			if !w.own.Load() {
				w.player.Play(b)
			}
		}
	}
}

// begin gives the world its initial quotas and a new handler.
func (w *world) begin() {
	w.quota = nil
	if q := w.server.quota; q != nil {
		w.quota, _ = q.fresh() // the same options were valid before
	}
	w.handler = w.build()
}

// build returns a handler for a world without calls.
func (w *world) build() *bedrocktest.Handler {
	var o bedrocktest.Options
	if w.server.options.Bedrock != nil {
		o = *w.server.options.Bedrock
	}
	o.Keep, o.Now, o.Logged, o.Fault = w.server.options.Keep, w.clock.now, w.logged, w.faults.of
	if w.quota != nil {
		o.Load = w.quota.world
	}
	return bedrocktest.New(w.player, &o)
}

// current returns the world's handler.
func (w *world) current() *bedrocktest.Handler {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.handler
}

// serve answers a call.
func (w *world) serve(rw http.ResponseWriter, r *http.Request) {
	if operation, modelID, ok := operationOf(r.URL.EscapedPath()); ok {
		r = r.WithContext(answers.WithAsked(r.Context(), operation, modelID))
	}
	w.mu.Lock()
	handler, tapes := w.handler, w.tapes
	w.mu.Unlock()
	switch {
	case w.recorder != nil:
		w.proxied(rw, r, w.recorder.answer)
	case tapes != nil:
		w.proxied(rw, r, tapes.answer)
	default:
		handler.ServeHTTP(rw, r)
	}
}

// reset restores the world's initial state.
func (w *world) reset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.own.Store(false)
	w.player.Play(w.server.book())
	w.faults.clear()
	w.clock.reset()
	w.begin()
	if w.tapes != nil {
		w.tapes = w.server.library.tapes()
	}
}

// close writes the recording in progress.
func (w *world) close() error {
	if w.recorder == nil {
		return nil
	}
	_, err := w.recorder.write()
	return err
}

// logged is called for every answered call.
func (w *world) logged(c bedrocktest.Call) {
	s := w.server
	s.count.add(&c)
	attrs := []any{"world", w.name, "call", c.Number, "operation", c.Operation, "model", c.ModelID, "proto", c.Proto,
		"status", c.Status, "duration", c.Duration.Round(time.Microsecond), "request_id", c.RequestID}
	if c.Operation == "" {
		attrs = append(attrs, "method", c.Method, "path", c.Path)
	}
	if c.Frames > 0 {
		attrs = append(attrs, "frames", c.Frames)
	}
	if c.Exception == nil {
		s.options.Log.Info("call", attrs...)
		return
	}
	s.options.Log.Warn("call", append(attrs, "exception", c.Exception.Code, "message", c.Exception.Message)...)
	if s.options.Explain {
		w.explain(&c)
	}
}

// explain logs every rule that a refused call breaks.
func (w *world) explain(c *bedrocktest.Call) {
	all, err := w.current().Vet(c.Operation, c.ModelID, c.Body)
	if err != nil {
		return // the operation has no body to judge
	}
	for _, v := range all {
		w.server.options.Log.Warn("violation", "world", w.name, "call", c.Number, "rule", string(v.Rule),
			"exception", v.Exception.Code, "message", v.Exception.Message)
	}
}
