// Package fake provides a chat model for tests. It plays a script, records its
// requests, and keeps every rule that a real provider keeps.
//
//	m := fake.New(fake.Text("hello"))
//
// A [Model] is a [model.ChatModel]. Its script is a list of [Turn], one for
// every call, in the order in which calls go out:
//
//	fake.New(
//		fake.Calls(fake.Call("weather", `{"city":"Oslo"}`)), // the first call is answered by a tool call,
//		fake.Text("It rains.").Pieces(1),                    // the second by text, a byte at a time,
//		fake.Fail(model.ErrThrottled).Times(2),              // two fail,
//		fake.Text("So it does.").Always(),                   // and all others are answered alike
//	)
//
// Every turn becomes one list of events. Stream delivers them; Generate collects
// them into a response. So a test of one also tests the other, and pieces, delays
// and failures work for both.
//
// A turn is an answer, and the way it arrives:
//
//   - what: [Text], [Thinking], [Redacted], [Calls], [Reply] with any parts,
//     [Respond] with any response, [Fail], [Func], [Events], [Auto]
//   - in which pieces: [Turn.Pieces], [Turn.Split]
//   - when: [Turn.After], [Turn.Every]
//   - to which end: [Turn.CutAfter], [Turn.FailAfter]
//   - with which numbers: [Turn.Usage], [Turn.StopReason], [Turn.With]
//   - how often: [Turn.Times], [Turn.Always]
//   - to which request: [Turn.Expect]
//
// # What it sends
//
// Like a provider's library, the fake drops blocks that may not be sent:
// thinking that was cut off and, if [Options.Provider] is set, opaque blocks
// and thinking of other providers. Answers say so in their warnings, and
// requests are recorded without these blocks.
//
// # Swapping it in
//
// Pass the fake to the code under test, and check the answer and then the
// requests: [Model.Request] and [Model.Requests] return copies. End with
// [Model.AssertDrained]. It reports unused turns, calls without a turn, even if
// the code under test hid their errors, and streams that are still open.
//
//	m := fake.New(fake.Text("Bonjour."))
//	got, err := translate(ctx, m, "Hello.")
//	…
//	if got, want := m.Request(0).Messages[1].Text(), "Hello."; got != want { … }
//	m.AssertDrained(t)
//
// # Testing a tool loop
//
// Script the calls and the final answer; [Options.Strict] rejects a history in
// which a call has no result, as providers do. [Auto] needs no script: it calls
// every tool on offer with arguments that satisfy its schema, and then answers
// with the results.
//
// # Testing what shows a stream
//
// [Turn.Pieces] of one byte cuts within characters and JSON tokens, where real
// streams cut as well. [Turn.After] and [Turn.Every] wait by the time package's
// clock: in a testing/synctest bubble, a test of seconds takes none and is
// exact. [Model.Open] reports whether a stream that was left early has been
// released.
//
// # Testing failures
//
// [Fail] answers with any error; give it an [*model.Error] to say what kind
// and how long to wait. [Turn.FailAfter] breaks an answer off in the middle,
// [Turn.CutAfter] does so without a word. With n from zero to the last event,
// a loop tests them all.
//
// # Testing cache accounting
//
// With [Options.Cache], the usage of answers says what a provider's prompt
// cache would have written and read: tools, system messages and the others,
// in this order, are written up to each cache point, and later prompts read
// the longest such prefix that they share. [Options.Tokens] makes the numbers
// easy to foresee. As always, InputTokens is the sum of what was read, what
// was written and the rest.
//
// # What it does not do
//
// The script decides the answer: the fake does not stop at MaxTokens or
// StopSequences, and it does not check signatures. It rejects requests that are
// invalid for every provider, and those that ask for more than
// [Options.Capabilities]. The rules of one provider belong in that provider's
// own test server.
//
// # Concurrency
//
// A Model is safe for concurrent use, a Turn is an immutable value.
package fake
