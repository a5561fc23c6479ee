package runnable

import (
	"context"

	"github.com/chatmodel-go/chatmodel/model"
)

// Model is the step that asks m. In a run that is listened to ([Stream]) it
// asks for a stream and hands on its events, and else for a complete answer.
// It is named "model".
func Model(m model.ChatModel) Runnable[*model.Request, *model.Response] {
	if m == nil {
		return missing[*model.Request, *model.Response]("the model")
	}
	return namedByDefault("model", Func(func(ctx context.Context, req *model.Request) (*model.Response, error) {
		return ask(ctx, m, req)
	}))
}

// ask makes one call, streamed if somebody listens.
func ask(ctx context.Context, m model.ChatModel, req *model.Request) (*model.Response, error) {
	rc := listening(ctx)
	if rc == nil {
		return m.Generate(ctx, req)
	}
	s, step := rc.sink, rc.step
	if err := s.hold(); err != nil {
		return nil, err
	}
	defer s.release()
	stream := m.Stream(rc.apart(ctx), req)
	for ev, err := range stream.Events() {
		if err != nil {
			return nil, err
		}
		if !s.send(Event{Step: step, Event: ev}) {
			return nil, s.leave(ctx)
		}
	}
	return stream.Response()
}
