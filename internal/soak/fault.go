package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/model"
)

// A fault is a way for a call to go wrong, or to go well.
type fault struct {
	name   string
	weight int // of how many calls
	where  int // the fault's place is below it: a frame, or a byte

	// The server's fault at that place. Nil: the server does nothing wrong.
	at func(place int) bedrocktest.Fault

	// What the caller does.
	timeout bool // gives up in the middle
	cancel  bool // cancels at an event
	leave   bool // leaves the loop at an event

	// How it may end: with the whole answer, with one of the kinds, or both.
	// A fault may come too late to matter.
	whole bool
	kinds []model.ErrorKind

	streamed bool // only streams can fail like that
	breaks   bool // the connection, which under HTTP/2 others share
}

const (
	frame = 40   // a place among the frames of most answers
	octet = 6000 // or among their bytes
)

var broken = []model.ErrorKind{model.ErrTruncated, model.ErrTransport}

var faults = []fault{
	{name: "none", weight: 500, whole: true},
	{name: "slow", weight: 40, whole: true, where: 200, at: func(n int) bedrocktest.Fault { return bedrocktest.Slow(n+1, 0) }},
	{name: "no stops", weight: 20, whole: true, streamed: true, at: func(int) bedrocktest.Fault { return bedrocktest.DropStops() }},
	{name: "unknown event", weight: 20, whole: true, streamed: true, where: 3, at: func(n int) bedrocktest.Fault { return bedrocktest.EventAt(n, "telepathy", `{}`) }},

	{name: "cut, clean", weight: 50, whole: true, where: octet, kinds: append(broken, model.ErrMalformed), at: cut(bedrocktest.Clean)},
	{name: "cut, finished", weight: 50, whole: true, where: octet, kinds: broken, breaks: true, at: cut(bedrocktest.Finished)},
	{name: "cut, reset", weight: 50, whole: true, where: octet, kinds: broken, breaks: true, at: cut(bedrocktest.Reset)},
	{name: "cut, stream reset", weight: 20, whole: true, where: octet, kinds: broken, at: cut(bedrocktest.ResetStream)},

	{name: "flipped payload", weight: 20, whole: true, streamed: true, where: frame, kinds: []model.ErrorKind{model.ErrMalformed}, at: bedrocktest.FlipPayload},
	{name: "flipped checksum", weight: 20, whole: true, streamed: true, where: frame, kinds: []model.ErrorKind{model.ErrMalformed}, at: bedrocktest.FlipMessage},
	{name: "flipped prelude", weight: 20, whole: true, streamed: true, where: frame, kinds: []model.ErrorKind{model.ErrMalformed}, at: bedrocktest.FlipPrelude},

	{name: "stall", weight: 20, whole: true, streamed: true, where: frame, timeout: true, kinds: []model.ErrorKind{model.ErrDeadline},
		at: func(k int) bedrocktest.Fault { return bedrocktest.StallAt(k, -1) }},
	{name: "late", weight: 10, timeout: true, kinds: []model.ErrorKind{model.ErrDeadline}, at: func(int) bedrocktest.Fault { return bedrocktest.Delay(-1) }},
	{name: "cancelled", weight: 40, whole: true, streamed: true, where: frame, cancel: true, kinds: []model.ErrorKind{model.ErrCanceled}},
	{name: "left", weight: 40, whole: true, streamed: true, where: frame, leave: true, kinds: []model.ErrorKind{model.ErrStopped}},

	{name: "throttled", weight: 20, kinds: []model.ErrorKind{model.ErrThrottled}, at: func(int) bedrocktest.Fault { return bedrocktest.Throttle() }},
	{name: "refused", weight: 10, kinds: []model.ErrorKind{model.ErrInvalidRequest}, at: fail("ValidationException")},
	{name: "forbidden", weight: 10, kinds: []model.ErrorKind{model.ErrPermission}, at: fail("AccessDeniedException")},
	{name: "a proxy's page", weight: 10, kinds: []model.ErrorKind{model.ErrMalformed},
		at: func(int) bedrocktest.Fault { return bedrocktest.Respond(200, "text/html", "<html>sign in</html>") }},
	{name: "throttled in mid stream", weight: 20, whole: true, streamed: true, where: frame, kinds: []model.ErrorKind{model.ErrThrottled}, at: exception("ThrottlingException")},
	{name: "broken in mid stream", weight: 20, whole: true, streamed: true, where: frame, kinds: []model.ErrorKind{model.ErrProvider}, at: exception("InternalServerException")},
	{name: "error frame", weight: 10, whole: true, streamed: true, where: frame, kinds: []model.ErrorKind{model.ErrProvider},
		at: func(k int) bedrocktest.Fault {
			return bedrocktest.ErrorFrameAt(k, "InternalFailure", "try again")
		}},
}

// cut returns the fault that ends an answer at a byte, by the byte.
func cut(how bedrocktest.Ending) func(int) bedrocktest.Fault {
	return func(n int) bedrocktest.Fault { return bedrocktest.Cut(n, how) }
}

// fail returns the fault that answers with an exception at once, whatever the
// place.
func fail(code string) func(int) bedrocktest.Fault {
	return func(int) bedrocktest.Fault { return bedrocktest.Fail(bedrocktest.Exception{Code: code}) }
}

// exception returns the fault that sends an exception as an event of a stream,
// by the place.
func exception(code string) func(int) bedrocktest.Fault {
	return func(k int) bedrocktest.Fault { return bedrocktest.ExceptionAt(k, bedrocktest.Exception{Code: code}) }
}

// faultOf reads from a question what is to go wrong with it.
func faultOf(c bedrocktest.Call) bedrocktest.Fault {
	i := bytes.Index(c.Body, []byte("case "))
	if i < 0 {
		return bedrocktest.Fault{}
	}
	var seed, number uint64
	var which, place int
	if _, err := fmt.Sscanf(string(c.Body[i:min(len(c.Body), i+80)]), "case %d %d %d %d", &seed, &number, &which, &place); err != nil || faults[which].at == nil {
		return bedrocktest.Fault{}
	}
	return faults[which].at(place)
}

// patience is how long a caller waits who gives up.
const patience = 150 * time.Millisecond

// ends reports whether an error is one that the fault may end in.
func (f *fault) ends(err error) bool {
	if f.cancel && errors.Is(err, context.Canceled) || f.timeout && errors.Is(err, context.DeadlineExceeded) {
		return slices.Contains(f.kinds, model.KindOf(err))
	}
	return !f.cancel && !f.timeout && slices.Contains(f.kinds, model.KindOf(err))
}
