package model

import "context"

// A relayer passes on the events of a model's stream and returns its error. Its
// answer lists the attempts before it. It reports whether anything was
// emitted, after which a call must not be made again.
type relayer func(inner *Stream, before []Attempt) (emitted bool, err error)

// relayed returns a stream that run plays by relaying those of other models.
// It takes the name of the one that it relays, at first that of the first.
func relayed(ctx context.Context, first *Stream, run func(ctx context.Context, relay relayer) error) *Stream {
	var s *Stream
	s = NewStream(ctx, first.info, func(ctx context.Context, emit func(Event) bool) error {
		return run(ctx, func(inner *Stream, before []Attempt) (emitted bool, err error) {
			for ev, err := range inner.Events() {
				s.relabel(inner)
				if err != nil {
					return emitted, err
				}
				emitted = true
				if ev.Kind == EventFinish {
					ev.Response = tried(ev.Response, before)
				}
				if !emit(ev) {
					break
				}
			}
			return emitted, nil
		})
	})
	return s
}

// relabel takes the name of the stream that is relayed.
func (s *Stream) relabel(inner *Stream) {
	s.Relabel(inner.info)
}
