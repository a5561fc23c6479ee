package conformance

import (
	"context"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/model"
)

// streamOf makes a stream of run.
func streamOf(ctx context.Context, run func(ctx context.Context, emit func(model.Event) bool) error) *model.Stream {
	return model.NewStream(ctx, model.StreamInfo{Provider: "fake", Model: "fake"}, run)
}

// gathered reads the whole answer before it hands on any of it.
func gathered(ctx context.Context, inner model.ChatModel, req *model.Request) *model.Stream {
	s := inner.Stream(ctx, req)
	return streamOf(ctx, func(_ context.Context, emit func(model.Event) bool) error {
		resp, err := s.Response()
		if err != nil {
			return err
		}
		return emitParts(resp, emit)
	})
}

// emitParts hands on an answer, each part in one piece.
func emitParts(resp *model.Response, emit func(model.Event) bool) error {
	for i, p := range resp.Message.Parts {
		ev := model.Event{Kind: model.EventPart, Index: i, Part: p}
		if t, ok := p.(model.Text); ok {
			ev = model.Event{Kind: model.EventText, Index: i, Text: string(t)}
		}
		if !emit(ev) || !emit(model.Event{Kind: model.EventPartDone, Index: i}) {
			return nil
		}
	}
	end := *resp
	emit(model.Event{Kind: model.EventFinish, Response: &end})
	return nil
}

// heldBack hands on every event when the next one has come.
func heldBack(ctx context.Context, inner model.ChatModel, req *model.Request) *model.Stream {
	s := inner.Stream(ctx, req)
	return streamOf(ctx, func(_ context.Context, emit func(model.Event) bool) error {
		var held *model.Event
		for ev, err := range s.Events() {
			if held != nil && !emit(*held) {
				return nil
			}
			if err != nil {
				return err
			}
			held = new(ev)
		}
		if held != nil {
			emit(*held)
		}
		return nil
	})
}

// leaking reads on a goroutine that nobody stops.
func leaking(ctx context.Context, inner model.ChatModel, req *model.Request) *model.Stream {
	s := inner.Stream(ctx, req)
	return streamOf(ctx, func(_ context.Context, emit func(model.Event) bool) error {
		type item struct {
			ev  model.Event
			err error
		}
		items := make(chan item)
		go func() {
			defer close(items)
			for ev, err := range s.Events() {
				items <- item{ev, err}
			}
		}()
		for it := range items {
			if it.err != nil {
				return it.err
			}
			if !emit(it.ev) {
				return nil
			}
		}
		return nil
	})
}

// drained reads what is still to come when the loop has been left.
func drained(ctx context.Context, inner model.ChatModel, req *model.Request) *model.Stream {
	s := inner.Stream(ctx, req)
	return streamOf(ctx, func(_ context.Context, emit func(model.Event) bool) error {
		left := false
		for ev, err := range s.Events() {
			if err != nil {
				return err
			}
			left = left || !emit(ev)
		}
		return nil
	})
}

// optimistic takes a broken connection for the end of the answer.
func optimistic(ctx context.Context, inner model.ChatModel, req *model.Request) *model.Stream {
	s := inner.Stream(ctx, req)
	return streamOf(ctx, func(_ context.Context, emit func(model.Event) bool) error {
		for ev, err := range s.Events() {
			if model.KindOf(err) == model.ErrTruncated {
				emit(model.Event{Kind: model.EventFinish, Response: &model.Response{StopReason: model.StopEndTurn}})
				return nil
			}
			if err != nil {
				return err
			}
			if !emit(ev) {
				return nil
			}
		}
		return nil
	})
}

// allOrNothing hands on nothing of an answer that fails.
func allOrNothing(ctx context.Context, inner model.ChatModel, req *model.Request) *model.Stream {
	s := inner.Stream(ctx, req)
	return streamOf(ctx, func(ctx context.Context, emit func(model.Event) bool) error {
		var all []model.Event
		for ev, err := range s.Events() {
			if err != nil {
				e := *probe.AsError(err)
				e.Partial = nil
				return &e
			}
			all = append(all, ev)
		}
		for _, ev := range all {
			if !emit(ev) {
				return nil
			}
		}
		return nil
	})
}
