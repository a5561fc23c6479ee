package conformance

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// sharing is a model whose calls share a place to put their text together.
type sharing struct {
	wrapper
	mu   sync.Mutex
	text strings.Builder
}

func concurrencyMutants() []mutant {
	return []mutant{
		{name: "one call at a time, the others refused", kills: ids("CON-01 CON-02 CON-04 CON-05"), also: []string{"concurrency", "errors", "streaming", "cancellation"}, model: func(inner model.ChatModel, _ *fake.Model) model.ChatModel {
			busy := make(chan struct{}, 1)
			refused := func(op string) error {
				return &model.Error{Kind: model.ErrInvalidRequest, Provider: "fake", Op: op, Model: "fake", Message: "busy"}
			}
			w := &wrapper{inner: inner}
			w.generate = func(ctx context.Context, req *model.Request) (*model.Response, error) {
				select {
				case busy <- struct{}{}:
				default:
					return nil, refused("generate")
				}
				defer func() { <-busy }()
				time.Sleep(time.Nanosecond) // so that others come
				return inner.Generate(ctx, req)
			}
			w.stream = func(ctx context.Context, req *model.Request) *model.Stream {
				s := inner.Stream(ctx, req)
				return streamOf(ctx, func(_ context.Context, emit func(model.Event) bool) error {
					select {
					case busy <- struct{}{}:
					default:
						return refused("stream")
					}
					defer func() { <-busy }()
					time.Sleep(time.Nanosecond)
					return relay(s, emit)
				})
			}
			return w
		}},
		{name: "streams share their text", kills: ids("CON-02"), model: func(inner model.ChatModel, _ *fake.Model) model.ChatModel {
			s := &sharing{wrapper: wrapper{inner: inner}}
			s.wrapper.stream = func(ctx context.Context, req *model.Request) *model.Stream {
				in := inner.Stream(ctx, req)
				return streamOf(ctx, func(_ context.Context, emit func(model.Event) bool) error {
					for ev, err := range in.Events() {
						if err != nil {
							return err
						}
						if ev.Kind == model.EventText {
							s.mu.Lock()
							s.text.WriteString(ev.Text)
							s.mu.Unlock()
							time.Sleep(time.Nanosecond) // as a read would take
						}
						if ev.Kind == model.EventPartDone {
							if _, ok := ev.Part.(model.Text); ok {
								ev.Part = nil
							}
						}
						if ev.Kind == model.EventText {
							s.mu.Lock()
							ev.Text = s.text.String()
							s.text.Reset()
							s.mu.Unlock()
						}
						if ev.Kind == model.EventFinish {
							ev.Response = ev.Response.Clone()
							ev.Response.Message.Parts = nil
						}
						if !emit(ev) {
							return nil
						}
					}
					return nil
				})
			}
			return s
		}},
		{name: "lock held while events are handed on", kills: ids("CON-05 CON-04"), also: []string{"concurrency"}, model: func(inner model.ChatModel, _ *fake.Model) model.ChatModel {
			lock := make(chan struct{}, 1)
			w := &wrapper{inner: inner}
			w.generate = func(ctx context.Context, req *model.Request) (*model.Response, error) {
				lock <- struct{}{}
				defer func() { <-lock }()
				return inner.Generate(ctx, req)
			}
			w.stream = func(ctx context.Context, req *model.Request) *model.Stream {
				s := inner.Stream(ctx, req)
				return streamOf(ctx, func(_ context.Context, emit func(model.Event) bool) error {
					lock <- struct{}{}
					defer func() { <-lock }()
					return relay(s, emit)
				})
			}
			return w
		}},
		{name: "request changed while it is sent", racy: true, kills: ids("CON-03"), also: []string{"basics", "tools", "caching", "serialisation", "thinking"}, model: func(inner model.ChatModel, _ *fake.Model) model.ChatModel {
			return mutating{&wrapper{inner: inner}, marking()}
		}},
		{name: "settings of one call kept for the next", kills: ids("CON-06 BAS-39"), also: strings.Fields("basics tools thinking caching structured concurrency serialisation multimodal"), model: func(inner model.ChatModel, _ *fake.Model) model.ChatModel {
			var mu sync.Mutex
			var sticky *float64
			w := &wrapper{inner: inner}
			w.request = func(req *model.Request) {
				mu.Lock()
				defer mu.Unlock()
				if req.Temperature != nil {
					sticky = new(*req.Temperature)
				}
				if req.Validate() == nil {
					req.Temperature = sticky
				}
			}
			return w
		}},
		{name: "streams answer the last request", kills: ids("CON-07 CON-04"), also: strings.Fields("basics concurrency cancellation multimodal"), model: func(inner model.ChatModel, _ *fake.Model) model.ChatModel {
			var mu sync.Mutex
			var last *model.Request
			w := &wrapper{inner: inner}
			w.stream = func(ctx context.Context, req *model.Request) *model.Stream {
				mu.Lock()
				last = req.Clone()
				mu.Unlock()
				return streamOf(ctx, func(ctx context.Context, emit func(model.Event) bool) error {
					mu.Lock()
					req := last
					mu.Unlock()
					return relay(inner.Stream(ctx, req), emit)
				})
			}
			return w
		}},
	}
}

// marking changes the caller's messages for good.
func marking() func(*model.Request) {
	var mu sync.Mutex
	return func(req *model.Request) {
		mu.Lock()
		defer mu.Unlock()
		if req == nil || len(req.Messages) != 4 {
			return
		}
		req.Messages[0].Role, req.Messages[0].Parts = model.RoleSystem, []model.Part{model.Text("Be brief")}
	}
}

// lateImages keeps the request's images until the stream is ranged over.
func lateImages(inner model.ChatModel) model.ChatModel {
	w := &wrapper{inner: inner}
	w.stream = func(ctx context.Context, req *model.Request) *model.Stream {
		if req.Validate() != nil {
			return (&wrapper{inner: inner}).Stream(ctx, req)
		}
		kept := req.Clone()
		for i, m := range req.Messages {
			for j, p := range m.Parts {
				if img, ok := p.(model.Image); ok {
					kept.Messages[i].Parts[j] = img // its bytes are the caller's
				}
			}
		}
		return streamOf(ctx, func(ctx context.Context, emit func(model.Event) bool) error {
			return relay(inner.Stream(ctx, kept), emit)
		})
	}
	return w
}

// recordedModel names the model that stands in for recordings.
const recordedModel = "recorded"
