package runnable

import (
	"context"

	"github.com/chatmodel-go/chatmodel/model"
)

// Model is the step that asks m. In a run that is ranged over ([Stream]) it
// asks for a stream and emits its events. Otherwise it asks for a complete
// answer. It is named "model".
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
	if rc := listening(ctx); rc != nil {
		return askStreamed(ctx, rc, m, req)
	}
	return m.Generate(ctx, req)
}

// askStreamed makes a call whose events go to the listener.
func askStreamed(ctx context.Context, rc *runContext, m model.ChatModel, req *model.Request) (*model.Response, error) {
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

// Text is the step that takes an answer's text; see [model.Message.Text]. An
// answer that was cut off by a token limit, and a guardrail's message in place
// of an answer, are text like any other. Put [Complete] before it where these
// must not pass for an answer.
func Text() Runnable[*model.Response, string] {
	return namedByDefault("text", Func(func(_ context.Context, resp *model.Response) (string, error) {
		if resp == nil {
			return "", errNoResponse
		}
		return resp.Text(), nil
	}))
}

// Complete is the step that returns an answer unchanged if it is complete. It
// fails if the answer was cut off by a token limit or the context window,
// filtered by the provider, replaced by a guardrail, or malformed. The error is
// an [*OutputError] with the answer, and so matches [model.ErrOutput]. It is
// named "complete".
//
//	answer := runnable.Pipe4(prompt, runnable.Model(llm), runnable.Complete(), runnable.Text())
func Complete() Runnable[*model.Response, *model.Response] {
	return namedByDefault("complete", Func(func(_ context.Context, resp *model.Response) (*model.Response, error) {
		if resp == nil {
			return nil, errNoResponse
		}
		return resp, incomplete(resp)
	}))
}

// incomplete returns the error for an answer that is not what the model would
// have said.
func incomplete(resp *model.Response) error {
	switch resp.StopReason {
	case model.StopMaxTokens, model.StopContextWindow:
		return wrong(resp, resp.Text(), "the model had more to say", nil)
	case model.StopContentFiltered, model.StopGuardrail, model.StopMalformedOutput, model.StopMalformedTool:
		return wrong(resp, resp.Text(), "the model could not say it all", nil)
	}
	return nil
}

var errNoResponse = &model.Error{Kind: model.ErrInvalidRequest, Op: "invoke", Message: "the response is nil"}
