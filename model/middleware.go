package model

import "slices"

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

// relay hands on the events of inner and returns its error. It reports
// whether anything was emitted, after which a call must not be made again.
func relay(inner *Stream, emit func(Event) bool) (emitted bool, err error) {
	for ev, err := range inner.Events() {
		if err != nil {
			return emitted, err
		}
		emitted = true
		if !emit(ev) {
			return true, nil
		}
	}
	return emitted, nil
}
