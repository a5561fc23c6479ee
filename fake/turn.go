package fake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/chatmodel-go/chatmodel/internal/rawjson"
	"github.com/chatmodel-go/chatmodel/model"
)

// A Turn is the answer to one call, and the way it arrives.
//
// A turn is an immutable value: its methods return changed copies, so one
// turn may serve several scripts and be used concurrently. Nothing that a
// turn is made from is kept or modified. The zero Turn answers with an empty
// message.
//
// Fields that an answer leaves empty are filled in, in the same way for
// Generate and Stream:
//
//   - the role is assistant, the model is that of [Options], and the request id
//     contains the number of the call: "fake-1"
//   - the stop reason is tool_use if there are tool calls, or else end_turn
//   - tool calls without an id get one of the call's number and their place
//     in the answer: "call_1_2"
//   - the usage is an estimate; see [Options.Tokens]
//
// In a stream, text and thinking come a word at a time, and tool input,
// signatures and redacted bytes in pieces of 16 bytes, so that code which
// loses pieces shows it. [Turn.Pieces] and [Turn.Split] change that.
type Turn struct {
	what   string                                                                 // for people, such as Text("hi")
	answer func(ctx context.Context, req *model.Request) (*model.Response, error) // nil: an empty answer
	events []model.Event                                                          // instead of answer, if not nil

	extra  int  // uses beyond the first one; -1 means none at all
	always bool // never used up

	size   int        // bytes a piece: 0 as described above, negative whole
	splits [][]string // pieces given exactly

	first, every time.Duration // delays before the first and before every further event
	end          *ending       // where the answer breaks off
	edits        []func(*model.Response)
	checks       []func(*model.Request) error
}

// Text answers with text.
func Text(text string) Turn {
	return reply(fmt.Sprintf("Text(%q)", text), model.Text(text))
}

// Thinking answers with a block of thinking and what follows it. Without a
// text the block is a signature alone, without a signature it is unsigned.
func Thinking(text, signature string, then ...model.Part) Turn {
	return reply(fmt.Sprintf("Thinking(%q)", text), prepend(model.Thinking{Text: text, Signature: signature}, then)...)
}

// Redacted answers with a block of thinking that only its provider can read,
// and what follows it.
func Redacted(data []byte, then ...model.Part) Turn {
	return reply(fmt.Sprintf("Redacted(%d bytes)", len(data)), prepend(model.Thinking{Redacted: data}, then)...)
}

// Calls answers with tool calls. [Call] writes one in short.
func Calls(calls ...model.ToolCall) Turn {
	parts := make([]model.Part, len(calls))
	what := "Calls("
	for i, c := range calls {
		parts[i] = c
		if i > 0 {
			what += ", "
		}
		what += c.Name
	}
	return reply(what+")", parts...)
}

// Call returns a tool call for [Calls] or [Reply]. Its id is filled in when the
// turn is played. An empty input stands for no arguments; input that is not
// JSON becomes the call's InvalidInput, as it does in a real answer that was
// cut off.
func Call(name, input string) model.ToolCall {
	c := model.ToolCall{Name: name}
	switch {
	case input == "":
	case rawjson.Valid([]byte(input)):
		c.Input = json.RawMessage(input)
	default:
		c.InvalidInput = input
	}
	return c
}

// Reply answers with any parts, in order: thinking before a call, text with
// citations, several blocks of text, a tool call of the provider's own.
func Reply(parts ...model.Part) Turn {
	return reply(fmt.Sprintf("Reply(%d parts)", len(parts)), parts...)
}

func reply(what string, parts ...model.Part) Turn {
	t := Respond(&model.Response{Message: model.AssistantParts(parts...)})
	t.what = what
	return t
}

// Respond answers with a copy of resp. Its empty fields are filled in as
// described at [Turn]. That includes a nil Usage, which [Turn.Usage] can
// restore. A nil resp is a fault of the script.
func Respond(resp *model.Response) Turn {
	resp = resp.Clone()
	return Turn{
		what: "Respond(…)",
		// Every call clones it.
		answer: func(context.Context, *model.Request) (*model.Response, error) { return resp, nil },
	}
}

// Fail answers with an error before anything has arrived. As with a real
// provider, callers see an [*model.Error]: err itself, with an empty provider,
// operation and model filled in, or one that wraps it. A nil err is a fault of
// the script.
func Fail(err error) Turn {
	if err == nil {
		err = errNoFailure
	}
	return Turn{
		what:   fmt.Sprintf("Fail(%v)", err),
		answer: func(context.Context, *model.Request) (*model.Response, error) { return nil, err },
	}
}

var errNoFailure = &scriptError{"Fail was given a nil error"}

// Func answers with the response that f returns. F receives the context of the
// call and a copy of the request that is its own. It must be safe for
// concurrent use if the model is used so. A nil response without an error is a
// fault of the script, and so is a nil f.
func Func(f func(ctx context.Context, req *model.Request) (*model.Response, error)) Turn {
	return Turn{
		what: "Func(…)",
		answer: func(ctx context.Context, req *model.Request) (*model.Response, error) {
			if f == nil {
				return nil, &scriptError{"Func was given a nil function"}
			}
			return f(ctx, req.Clone())
		},
	}
}

// Events answers with exactly these events, for consumers that should cope with
// everything that [model.NewStream] allows: indices with gaps, interleaved
// parts, input without a beginning. Nothing is filled in and no piece is cut:
// of the methods that change an answer, only After, Every, CutAfter and
// FailAfter do something here. Without an EventFinish the answer is truncated.
// Generate returns the response that a consumer of the events would have
// collected.
func Events(events ...model.Event) Turn {
	return Turn{what: fmt.Sprintf("Events(%d)", len(events)), events: cloneEvents(events)}
}

// String returns the turn in short, as error messages show it.
func (t Turn) String() string {
	switch {
	case t.what == "":
		return "fake.Turn{}"
	case t.always:
		return "fake." + t.what + ".Always()"
	case t.extra != 0:
		return fmt.Sprintf("fake.%s.Times(%d)", t.what, t.extra+1)
	}
	return "fake." + t.what
}

func prepend(first model.Part, rest []model.Part) []model.Part {
	return append([]model.Part{first}, rest...)
}

// cloneEvents returns a copy that shares nothing with events. It is never
// nil, so that a turn of no events is one.
func cloneEvents(events []model.Event) []model.Event {
	all := make([]model.Event, len(events))
	for i, ev := range events {
		if ev.Part != nil {
			ev.Part = clonePart(ev.Part)
		}
		ev.Response = ev.Response.Clone()
		all[i] = ev
	}
	return all
}

func clonePart(p model.Part) model.Part {
	return model.Message{Parts: []model.Part{p}}.Clone().Parts[0]
}

// ErrScript is what errors.Is finds in the error of a call that does not fit
// its script: there is no turn left for it, [Turn.Expect] refuses it, or the
// turn itself makes no sense. The kind of such errors is
// [model.ErrInvalidRequest], so that neither retries nor fallbacks hide them,
// and [Model.AssertDrained] reports them.
var ErrScript = errors.New("fake: the call does not fit the script")

// A scriptError says what is wrong with a turn.
type scriptError struct{ text string }

func (e *scriptError) Error() string { return e.text }

func scriptErrorf(format string, args ...any) error {
	return &scriptError{fmt.Sprintf(format, args...)}
}
