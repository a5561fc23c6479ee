package fake

import (
	"slices"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

// Times makes the turn answer n calls in a row. Zero or less leaves it out.
func (t Turn) Times(n int) Turn {
	t.extra = max(n, 0) - 1
	return t
}

// Always makes the turn answer all further calls. Turns after it are never
// reached.
func (t Turn) Always() Turn {
	t.always = true
	return t
}

// Pieces makes text, thinking, signatures, tool input and redacted bytes
// arrive in pieces of n bytes, cut wherever that falls: within a character,
// within a JSON token. With n zero or less each arrives in one piece.
func (t Turn) Pieces(n int) Turn {
	if t.size = n; n <= 0 {
		t.size = -1
	}
	return t
}

// Split makes one text, thinking, signature, tool input or redacted block of
// the answer arrive in exactly these pieces; empty ones are empty events. It
// is found by its content: the first that the pieces add up to. If there is
// none, the script is at fault. Split may be used several times, for several
// blocks.
func (t Turn) Split(pieces ...string) Turn {
	t.splits = append(slices.Clip(t.splits), slices.Clone(pieces))
	return t
}

// After makes the first event arrive d after the call. A context that ends
// meanwhile ends the wait.
//
// Waits use the time package's own clock, so that in a testing/synctest
// bubble they take no time and are exact.
func (t Turn) After(d time.Duration) Turn {
	t.first = d
	return t
}

// Every makes every further event arrive d after the one before it: pieces,
// ends of parts and the end of the answer alike. The end of an answer that
// breaks off, by [Turn.CutAfter] or [Turn.FailAfter], is waited for like an
// event. Generate takes as long as all events together.
func (t Turn) Every(d time.Duration) Turn {
	t.every = d
	return t
}

// CutAfter makes the answer end after n events without being complete, as from
// a connection that closes early: callers see an error of kind
// [model.ErrTruncated] with the part that had arrived. If the answer does not
// have more than n events, the script is at fault.
func (t Turn) CutAfter(n int) Turn {
	t.end = &ending{after: n}
	return t
}

// FailAfter makes the answer end with err after n events. If the answer does
// not have more than n events or err is nil, the script is at fault.
func (t Turn) FailAfter(n int, err error) Turn {
	if err == nil {
		err = errNoFailure
	}
	t.end = &ending{after: n, err: err}
	return t
}

// Usage sets the usage of the answer. With nil the answer reports none, and
// also with a usage that is not Known and has no counters.
func (t Turn) Usage(u *model.Usage) Turn {
	u = (&model.Response{Usage: u}).Clone().Usage
	return t.With(func(resp *model.Response) { resp.Usage = u })
}

// StopReason sets the reason that the answer gives for its end.
func (t Turn) StopReason(reason model.StopReason) Turn {
	return t.With(func(resp *model.Response) { resp.StopReason = reason })
}

// With changes the complete answer, defaults included, before it is played: its
// request id, latency, warnings and all other fields. Edit must be safe for
// concurrent use if the model is used so. A nil edit changes nothing.
func (t Turn) With(edit func(*model.Response)) Turn {
	if edit == nil {
		return t
	}
	t.edits = append(slices.Clip(t.edits), edit)
	return t
}

// Expect makes the call fail if check returns an error for its request, which
// is check's own copy: with an error that errors.Is finds [ErrScript] and
// check's error in. The turn is used up, and [Model.AssertDrained] reports the
// failure even where the code under test hides it. Check must be safe for
// concurrent use if the model is used so. A nil check expects nothing.
func (t Turn) Expect(check func(*model.Request) error) Turn {
	if check == nil {
		return t
	}
	t.checks = append(slices.Clip(t.checks), check)
	return t
}
