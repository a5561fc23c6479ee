package runnable_test

import (
	"context"
	"strings"
	"sync/atomic"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

// A script is a model for tests: it answers with what reply returns, in a
// stream in pieces of its texts.
type script struct {
	reply func(req *model.Request) (*model.Response, error)
	piece int           // bytes of text a delta; zero means all
	pace  time.Duration // before each delta
	caps  *model.Capabilities

	open  atomic.Int32 // streams and calls going on
	calls atomic.Int32
}

// says returns a model that always gives the same text.
func says(text string) *script {
	return &script{piece: 4, reply: func(*model.Request) (*model.Response, error) { return answer(text), nil }}
}

// echo returns a model that answers with the last message's text.
func echo() *script {
	return &script{piece: 3, reply: func(req *model.Request) (*model.Response, error) {
		return answer("<" + req.Messages[len(req.Messages)-1].Text() + ">"), nil
	}}
}

// fails returns a model whose calls fail before their first event.
func fails(err error) *script {
	return &script{reply: func(*model.Request) (*model.Response, error) { return nil, err }}
}

func answer(text string) *model.Response {
	return &model.Response{Message: model.Assistant(text), StopReason: model.StopEndTurn,
		Usage: &model.Usage{InputTokens: 10, OutputTokens: len(text)}}
}

func calling(calls ...model.ToolCall) *model.Response {
	r := &model.Response{Message: model.Message{Role: model.RoleAssistant}, StopReason: model.StopToolUse,
		Usage: &model.Usage{InputTokens: 10, OutputTokens: 1}}
	for _, c := range calls {
		r.Message.Parts = append(r.Message.Parts, c)
	}
	return r
}

func (s *script) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	s.open.Add(1)
	defer s.open.Add(-1)
	s.calls.Add(1)
	if err := s.wait(ctx); err != nil {
		return nil, err
	}
	return s.reply(req.Clone())
}

func (s *script) Stream(ctx context.Context, req *model.Request) *model.Stream {
	req = req.Clone()
	return model.NewStream(ctx, model.StreamInfo{Provider: "script"}, func(ctx context.Context, emit func(model.Event) bool) error {
		s.open.Add(1)
		defer s.open.Add(-1)
		s.calls.Add(1)
		resp, err := s.reply(req)
		if err != nil {
			return err
		}
		for i, p := range resp.Message.Parts {
			for _, ev := range s.events(i, p) {
				if err := s.wait(ctx); err != nil {
					return err
				}
				if !emit(ev) {
					return nil
				}
			}
		}
		done := *resp
		done.Message = model.Message{}
		emit(model.Event{Kind: model.EventFinish, Response: &done})
		return nil
	})
}

func (s *script) events(i int, p model.Part) []model.Event {
	var events []model.Event
	kind, text := model.EventText, ""
	switch p := p.(type) {
	case model.Text:
		text = string(p)
	case model.ToolCall:
		events = append(events, model.Event{Kind: model.EventToolCall, Index: i, Part: model.ToolCall{ID: p.ID, Name: p.Name}})
		kind, text = model.EventToolInput, string(p.Input)+p.InvalidInput
	}
	for len(text) > 0 {
		n := len(text)
		if s.piece > 0 {
			n = min(s.piece, n)
		}
		events = append(events, model.Event{Kind: kind, Index: i, Text: text[:n]})
		text = text[n:]
	}
	return events
}

func (s *script) wait(ctx context.Context) error {
	if s.pace == 0 {
		return ctx.Err()
	}
	select {
	case <-time.After(s.pace):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *script) Capabilities() model.Capabilities {
	if s.caps == nil {
		return model.Capabilities{Tools: true, ForcedTools: true}
	}
	return *s.caps
}

// A mute model is one that does not say what it can do.
type mute struct{ s *script }

func (m mute) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	return m.s.Generate(ctx, req)
}
func (m mute) Stream(ctx context.Context, req *model.Request) *model.Stream {
	return m.s.Stream(ctx, req)
}

func ask(text string) *model.Request {
	return &model.Request{Messages: []model.Message{model.User(text)}}
}

func lines(texts ...string) string { return strings.Join(texts, "\n") }
