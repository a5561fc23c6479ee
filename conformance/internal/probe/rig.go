package probe

import (
	"context"

	"github.com/chatmodel-go/chatmodel/conformance/internal/laws"
	"github.com/chatmodel-go/chatmodel/conformance/internal/prompt"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// A Way is one of the two methods of a model.
type Way string

const (
	Generate Way = "Generate"
	Stream   Way = "Stream"
)

var Ways = []Way{Generate, Stream}

// A Rig is a model and the script that its provider plays.
type Rig struct {
	*Probe
	Script *fake.Model
	Model  model.ChatModel
}

// Play makes a model whose provider answers with the given turns.
func (p *Probe) Play(turns ...fake.Turn) *Rig { return p.PlayWith(nil, turns...) }

// PlayWith is Play with options for the script.
func (p *Probe) PlayWith(options *fake.Options, turns ...fake.Turn) *Rig {
	var o fake.Options
	if options != nil {
		o = *options
	}
	if o.Provider == "" {
		o.Provider = p.Subject.Provider
	}
	if o.Cache == nil { // gives the script all capabilities
		o.Cache = &fake.CacheOptions{}
	}
	script := fake.NewWith(&o, turns...)
	m, err := p.Subject.New(script)
	if err != nil {
		p.Fatalf("Subject.New failed: %v", err)
	}
	if m == nil {
		p.Fatalf("Subject.New returned neither a model nor an error")
	}
	return &Rig{p, script, m}
}

// Ask calls the model by the given method and returns the result.
func (r *Rig) Ask(ctx context.Context, w Way, req *model.Request) (resp *model.Response, err error) {
	if text := Caught(func() {
		if w == Generate {
			resp, err = r.Model.Generate(ctx, req)
			return
		}
		resp, err = r.Stream(ctx, req).Response()
	}); text != "" {
		r.Fatalf("%s panicked: %s", w, text)
	}
	r.Subject.Notes.Answer(resp, err)
	return resp, err
}

// Answer is Ask for a call that must be answered.
func (r *Rig) Answer(w Way, req *model.Request) *model.Response {
	resp, err := r.Ask(r.Ctx, w, req)
	switch {
	case err != nil:
		r.Fatalf("%s failed: %v", w, err)
	case resp == nil:
		r.Fatalf("%s returned neither a response nor an error", w)
	}
	return resp
}

// Failure is Ask for a call that must fail.
func (r *Rig) Failure(ctx context.Context, w Way, req *model.Request) error {
	_, err := r.Ask(ctx, w, req)
	if err == nil {
		r.Fatalf("%s succeeded, want an error", w)
	}
	return err
}

// Stream calls Stream. It never returns nil.
func (r *Rig) Stream(ctx context.Context, req *model.Request) laws.Stream {
	s := r.Model.Stream(ctx, req)
	if s == nil {
		r.Fatalf("Stream returned nil")
	}
	return r.Seams.Stream(s)
}

// Observe ranges over a stream of the model and returns the observation.
func (r *Rig) Observe(ctx context.Context, req *model.Request) laws.Observation {
	o := laws.Observe(r.Stream(ctx, req), r.Subject.Provider)
	r.Subject.Notes.Stream(o)
	return o
}

// Prompt returns the request that call i sent to the provider, in a form that
// can be compared.
func (r *Rig) Prompt(i int) *prompt.Prompt {
	req := r.Script.Request(i)
	if req == nil {
		r.Fatalf("call %d did not reach the provider; %d did", i+1, r.Script.Calls())
	}
	return prompt.Of(req)
}

// Calls records a symptom unless n calls have reached the provider.
func (r *Rig) Calls(what string, n int) {
	if got := r.Script.Calls(); got != n {
		r.Errorf("%s: %d calls reached the provider, want %d", what, got, n)
	}
}

// Released records a symptom unless every stream of the provider has ended.
func (r *Rig) Released(what string) {
	if !r.Soon(func() bool { return r.Script.Open() == 0 }) {
		r.Errorf("%s: %d streams of the provider are still open, want none", what, r.Script.Open())
	}
}
