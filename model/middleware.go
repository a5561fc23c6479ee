package model

import (
	"context"
	"slices"
)

// A Middleware puts behaviour around a model. The model it returns implements
// [Unwrapper], so that optional abilities stay reachable.
type Middleware func(ChatModel) ChatModel

// Wrap returns m with the given middleware around it. The first one is the
// outermost: it sees a call first and its outcome last.
func Wrap(m ChatModel, around ...Middleware) ChatModel {
	for _, mw := range slices.Backward(around) {
		m = mw(m)
	}
	return m
}

// A relayer hands on the events of a model's stream and returns its error. It
// reports whether anything was emitted, after which a call must not be made
// again.
type relayer func(inner *Stream) (emitted bool, err error)

// relayed returns a stream that run plays by relaying those of other models.
// It takes the name of the one that it relays, at first that of the first.
func relayed(ctx context.Context, first *Stream, run func(ctx context.Context, relay relayer) error) *Stream {
	var s *Stream
	s = NewStream(ctx, first.info, func(ctx context.Context, emit func(Event) bool) error {
		return run(ctx, func(inner *Stream) (emitted bool, err error) {
			for ev, err := range inner.Events() {
				s.info, s.parts.provider = inner.info, inner.info.Provider
				if err != nil {
					return emitted, err
				}
				emitted = true
				if !emit(ev) {
					break
				}
			}
			return emitted, nil
		})
	})
	return s
}
