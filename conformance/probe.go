package conformance

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing/synctest"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// A probe is what a check works with: it makes models, collects symptoms and
// gives up by ending its goroutine.
type probe struct {
	subject *Subject
	env     *Env
	ctx     context.Context
	label   string
	seams   seams
	waiting chan struct{} // of the bubble; see soon

	mu       sync.Mutex
	symptoms []string
}

// seams are where the suite's own tests put faults that no model can have,
// because package model keeps the rule for all of them. They are the identity
// otherwise.
type seams struct {
	stream    func(stream) stream
	marshal   func(any) ([]byte, error)
	unmarshal func([]byte, any) error
	sprint    func(any) string
	sum       func(a, b model.Usage) model.Usage
}

// A stream is what checks use of a *model.Stream.
type stream interface {
	Events() iter.Seq2[model.Event, error]
	Text() iter.Seq2[string, error]
	Response() (*model.Response, error)
}

func settledSeams(s seams) seams {
	if s.stream == nil {
		s.stream = func(s stream) stream { return s }
	}
	if s.marshal == nil {
		s.marshal = json.Marshal
	}
	if s.unmarshal == nil {
		s.unmarshal = json.Unmarshal
	}
	if s.sprint == nil {
		s.sprint = func(v any) string { return fmt.Sprint(v) + fmt.Sprintf("%+v %s %q", v, v, v) }
	}
	if s.sum == nil {
		s.sum = model.Usage.Add
	}
	return s
}

// errorf notes a symptom.
func (p *probe) errorf(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.symptoms = append(p.symptoms, fmt.Sprintf(format, args...))
}

// fatalf notes a symptom and ends the check.
func (p *probe) fatalf(format string, args ...any) {
	p.errorf(format, args...)
	runtime.Goexit()
}

// equal notes a symptom unless got is want.
func (p *probe) equal(what string, got, want any) bool {
	if p.subject.Capabilities.OwnIDs {
		got, want = renumbered(got), renumbered(want)
	}
	if reflect.DeepEqual(got, want) {
		return true
	}
	g, w := show(got), show(want)
	text := fmt.Sprintf("%s\ngot:  %s\nwant: %s", what, shorten(g), shorten(w))
	if d := firstDifference(got, want); d != "" {
		text += "\ndiff: " + d
	}
	p.errorf("%s", text)
	return false
}

// failed reports whether a symptom was noted.
func (p *probe) failed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.symptoms) > 0
}

// soon reports whether cond holds as soon as everything that can run has run.
// Without a bubble nobody can tell when that is, so it is given half of the
// check's time.
func (p *probe) soon(cond func() bool) bool {
	if p.env.Bubble {
		p.waiting <- struct{}{} // one at a time may wait
		synctest.Wait()
		<-p.waiting
		return cond()
	}
	return wait(p.subject.timeout()/2, func() bool { return cond() || p.ctx.Err() != nil }) && cond()
}

// goroutines returns how many goroutines the check has. When a bubble is left
// its context has ended, and with it what had waited for that, so they are
// counted there as well.
func (p *probe) goroutines() int { return labelled(p.label) }

// A way is one of the two methods of a model.
type way string

const (
	generate  way = "Generate"
	streaming way = "Stream"
)

var ways = []way{generate, streaming}

// A rig is a model and the script that its provider plays.
type rig struct {
	*probe
	script *fake.Model
	model  model.ChatModel
}

// play makes a model whose provider answers with the given turns.
func (p *probe) play(turns ...fake.Turn) *rig { return p.playWith(nil, turns...) }

// playWith is play with options for the script.
func (p *probe) playWith(options *fake.Options, turns ...fake.Turn) *rig {
	var o fake.Options
	if options != nil {
		o = *options
	}
	if o.Provider == "" {
		o.Provider = p.subject.Provider
	}
	if o.Cache == nil { // so that the script has all capabilities
		o.Cache = &fake.CacheOptions{}
	}
	script := fake.NewWith(&o, turns...)
	m, err := p.subject.New(p.env, script)
	if err != nil {
		p.fatalf("Subject.New failed: %v", err)
	}
	if m == nil {
		p.fatalf("Subject.New returned neither a model nor an error")
	}
	return &rig{p, script, m}
}

// ask calls the model one way and returns what it returned.
func (r *rig) ask(ctx context.Context, w way, req *model.Request) (resp *model.Response, err error) {
	if text := caught(func() {
		if w == generate {
			resp, err = r.model.Generate(ctx, req)
			return
		}
		resp, err = r.stream(ctx, req).Response()
	}); text != "" {
		r.fatalf("%s panicked: %s", w, text)
	}
	return resp, err
}

// answer is ask for a call that must be answered.
func (r *rig) answer(w way, req *model.Request) *model.Response {
	resp, err := r.ask(r.ctx, w, req)
	switch {
	case err != nil:
		r.fatalf("%s failed: %v", w, err)
	case resp == nil:
		r.fatalf("%s returned neither a response nor an error", w)
	}
	return resp
}

// failure is ask for a call that must fail.
func (r *rig) failure(ctx context.Context, w way, req *model.Request) error {
	_, err := r.ask(ctx, w, req)
	if err == nil {
		r.fatalf("%s succeeded, want an error", w)
	}
	return err
}

// stream calls Stream. It never returns nil.
func (r *rig) stream(ctx context.Context, req *model.Request) stream {
	s := r.model.Stream(ctx, req)
	if s == nil {
		r.fatalf("Stream returned nil")
	}
	return r.seams.stream(s)
}

// observe ranges over a stream of the model and returns what it saw.
func (r *rig) observe(ctx context.Context, req *model.Request) Observation {
	return observe(r.stream(ctx, req), r.subject.Provider)
}

// each asks a fresh model both ways, the provider answering with turn, and
// hands on the answers.
func (p *probe) each(turn fake.Turn, req *model.Request, check func(w way, resp *model.Response, r *rig)) {
	for _, w := range ways {
		r := p.play(turn)
		check(w, r.answer(w, req), r)
	}
}

// eachFails asks a fresh model both ways and hands on the errors.
func (p *probe) eachFails(turn fake.Turn, req *model.Request, check func(w way, err error, r *rig)) {
	for _, w := range ways {
		r := p.play(turn)
		check(w, r.failure(p.ctx, w, req), r)
	}
}

// sent asks a fresh model both ways and hands on what its provider was asked.
func (p *probe) sent(req *model.Request, check func(w way, got *prompt, resp *model.Response)) {
	p.each(fake.Text("ok"), req, func(w way, resp *model.Response, r *rig) {
		check(w, r.prompt(0), resp)
	})
}

// refused checks that a request is an error of one of the given kinds, both
// ways, and that nothing is sent.
func (p *probe) refused(what string, req *model.Request, kinds ...model.ErrorKind) {
	for _, w := range ways {
		r := p.play(fake.Text("this should not have been asked for").Always())
		_, err := r.ask(p.ctx, w, req)
		switch {
		case err == nil:
			p.errorf("%s with %s succeeded, want an error of kind %s", w, what, kindNames(kinds))
		case !isAny(err, kinds):
			p.errorf("%s with %s failed with an error of kind %q, want %s: %v", w, what, string(model.KindOf(err)), kindNames(kinds), err)
		}
		if n := r.script.Calls(); n > 0 {
			p.errorf("%s with %s: %d calls reached the provider, want none", w, what, n)
		}
	}
}

// prompt returns what call i asked the provider, in a form that can be
// compared.
func (r *rig) prompt(i int) *prompt {
	req := r.script.Request(i)
	if req == nil {
		r.fatalf("call %d did not reach the provider; %d did", i+1, r.script.Calls())
	}
	return promptOf(req)
}

// calls notes a symptom unless n calls have reached the provider.
func (r *rig) calls(what string, n int) {
	if got := r.script.Calls(); got != n {
		r.errorf("%s: %d calls reached the provider, want %d", what, got, n)
	}
}

// released notes a symptom unless every stream of the provider has ended.
func (r *rig) released(what string) {
	if !r.soon(func() bool { return r.script.Open() == 0 }) {
		r.errorf("%s: %d streams of the provider are still open, want none", what, r.script.Open())
	}
}

func isAny(err error, kinds []model.ErrorKind) bool {
	for _, k := range kinds {
		if model.KindOf(err) == k {
			return true
		}
	}
	return false
}

func kindNames(kinds []model.ErrorKind) string {
	words := make([]string, len(kinds))
	for i, k := range kinds {
		words[i] = fmt.Sprintf("%q", string(k))
	}
	return strings.Join(words, " or ")
}
