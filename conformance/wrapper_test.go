package conformance

import (
	"context"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// A wrapper is a model around a correct one that does something to what goes
// through. The zero functions do nothing. Requests and responses are copies.
type wrapper struct {
	inner model.ChatModel

	request   func(*model.Request)
	response  func(*model.Response)                  // of both methods
	generated func(*model.Response)                  // of Generate
	finished  func(*model.Response)                  // of a stream's finish
	events    func() func(model.Event) []model.Event // for every stream; before the finish
	failure   func(error) error                      // of both methods
	rebuild   bool                                   // parts are put together anew from events
	generate  func(context.Context, *model.Request) (*model.Response, error)
	stream    func(context.Context, *model.Request) *model.Stream
	caps      *model.Capabilities
	counts    func(context.Context, *model.Request) (int, error)
}

func (w *wrapper) Capabilities() model.Capabilities {
	if w.caps != nil {
		return *w.caps
	}
	c, _ := model.CapabilitiesOf(w.inner)
	return c
}

func (w *wrapper) CountTokens(ctx context.Context, req *model.Request) (int, error) {
	if w.counts != nil {
		return w.counts(ctx, req)
	}
	return model.CountTokens(ctx, w.inner, req)
}

func (w *wrapper) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	if w.generate != nil {
		return w.generate(ctx, req)
	}
	resp, err := w.inner.Generate(ctx, w.asked(req))
	if err != nil {
		return nil, w.failed(err)
	}
	if w.generated != nil {
		w.generated(resp)
	}
	if w.response != nil {
		w.response(resp)
	}
	return resp, nil
}

func (w *wrapper) asked(req *model.Request) *model.Request {
	if w.request == nil || req == nil {
		return req
	}
	req = req.Clone()
	w.request(req)
	return req
}

func (w *wrapper) failed(err error) error {
	if w.failure == nil {
		return err
	}
	return w.failure(err)
}

func (w *wrapper) Stream(ctx context.Context, req *model.Request) *model.Stream {
	if w.stream != nil {
		return w.stream(ctx, req)
	}
	inner := w.inner.Stream(ctx, w.asked(req))
	return model.NewStream(ctx, model.StreamInfo{Provider: "fake", Model: "fake"}, func(ctx context.Context, emit func(model.Event) bool) error {
		edit := func(ev model.Event) []model.Event { return []model.Event{ev} }
		if w.events != nil {
			edit = w.events()
		}
		for ev, err := range inner.Events() {
			if err != nil {
				return w.failed(err)
			}
			for _, ev := range edit(w.prepared(ev)) {
				if !emit(ev) {
					return nil
				}
			}
		}
		return nil
	})
}

// prepared returns an event as the edit of events gets it.
func (w *wrapper) prepared(ev model.Event) model.Event {
	if ev.Kind == model.EventFinish {
		ev.Response = ev.Response.Clone()
		if w.finished != nil {
			w.finished(ev.Response)
		}
		if w.response != nil {
			w.response(ev.Response)
		}
		if w.rebuild {
			ev.Response.Message.Parts = nil
		}
	}
	if w.rebuild && ev.Kind == model.EventPartDone {
		ev.Part = nil
	}
	return ev
}

// reference returns a correct model in front of a script: the fake itself.
func reference(script *fake.Model) model.ChatModel { return &wrapper{inner: script} }

// referenceSubject is what mutants and oddities are variations of.
func referenceSubject() Subject {
	return Subject{
		Name: "reference", Provider: "fake", Capabilities: AllCapabilities(), InMemory: true,
		New: func(_ *Env, script *fake.Model) (model.ChatModel, error) { return reference(script), nil },
	}
}
