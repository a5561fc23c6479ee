// Package model is the provider-neutral half of chatmodel: what a
// conversation is, what a chat model does, and how its answers arrive.
// It imports nothing but the standard library.
//
// # Mental model
//
// A conversation is a slice of [Message]. A message is a role and a list of
// [Part]: text, images, documents, thinking, tool calls, tool results, cache
// points. A [Request] is a conversation and the wishes for one answer; a
// [ChatModel] answers it, all at once or as a [Stream]:
//
//	resp, err := llm.Generate(ctx, &model.Request{
//		Messages: []model.Message{
//			model.System("Translate the user's sentence to French."),
//			model.User("I love programming."),
//		},
//	})
//
//	stream := llm.Stream(ctx, req)
//	for text, err := range stream.Text() { … }
//	resp, err := stream.Response()
//
// The answer's Message is of the same type as those sent. Append it to the
// history as it is: thinking with its signature, tool calls, citations and
// blocks unknown to this version go back to the provider as they came.
//
// # Streams
//
// A stream is lazy and single use: the request goes out when it is ranged
// over, and leaving the loop releases the connection. [Stream] lists the
// rules. They are kept in one place, by [NewStream], for every provider.
//
// # Errors
//
// A failed call returns an [*Error] whose [ErrorKind] says what can be done:
//
//	switch {
//	case errors.Is(err, model.ErrContextOverflow): // shorten the conversation
//	case errors.Is(err, model.ErrThrottled):       // slow down
//	case model.Retryable(err):                     // try again
//	}
//
// An answer that ends for a reason of its own, such as a token limit or a
// guardrail, is not an error: see [Response.StopReason]. What a provider had
// to leave out of a request is told in [Response.Warnings].
//
// # Storing conversations
//
// Messages, requests and responses marshal to JSON that later versions read.
// Parts that a version does not know survive it. What a message shows when it
// is printed or logged is for people, without signatures and redacted
// thinking.
//
// # Around a model
//
// [Wrap] puts [Middleware] around a model. [Retry], [Fallback] and [Strict] are
// here; packages limit, budget, meter and cache below this one keep to rates,
// spend no more than they may, count and remember. Others are a function away:
// [Around] makes one of a function that sees both ways to ask. Retry and
// Fallback act before the first event of a stream only, since what has been
// seen cannot be taken back; [Response.Attempts] tells what they did.
//
// Through any stack of them, [InfoOf] says which model it is,
// [CapabilitiesOf] and [LimitsOf] what it can do and how much. What is around
// the calls themselves, the steps of a chain and the runs of tools, is told to
// those who watch by package observe.
//
// # Concurrency
//
// Models are safe for concurrent use. Requests, messages and responses are
// plain values: safe to read concurrently, and nobody else writes to them. A
// Stream is for one goroutine.
package model
