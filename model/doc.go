// Package model is the provider-neutral half of chatmodel. It defines
// conversations, chat models, and the way answers arrive. It imports nothing
// outside the standard library and this module.
//
// # Mental model
//
// A conversation is a slice of [Message]. A message is a role and a list of
// [Part]: text, images, documents, thinking, tool calls, tool results, cache
// points. A [Request] is a conversation with the settings for one answer. A
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
// The answer's Message has the same type as those sent. Append it to the
// history unchanged: thinking with its signature, tool calls, citations and
// blocks unknown to this version go back to the provider as they came.
//
// # Streams
//
// A stream is lazy and can be used once. The request is sent when the stream is
// ranged over, and leaving the loop releases the connection. [Stream] lists the
// rules. [NewStream] enforces them for every provider.
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
// An answer that ends at a token limit or by a guardrail is not an error; see
// [Response.StopReason]. [Response.Warnings] lists everything that had to be
// left out of the request.
//
// # Storing conversations
//
// Messages, requests and responses marshal to JSON that later versions read.
// Parts of a kind that this version does not know are kept. Printed and logged
// messages are for people: they omit signatures and redacted thinking.
//
// # Around a model
//
// [Wrap] puts [Middleware] around a model. [Retry], [Fallback] and [Strict] are
// defined here. Packages limit, budget, meter and cache, below this one, keep
// to rates, bound what calls cost, count tokens and remember answers. [Around]
// makes middleware from a function that sees both Generate and Stream. Retry and
// Fallback act only before the first event of a stream, because events cannot
// be taken back. [Response.Attempts] lists what they did.
//
// [InfoOf], [CapabilitiesOf] and [LimitsOf] look through any stack of middleware
// and return the model's identity, abilities and limits. Package observe reports
// what happens around calls: the steps of a chain and the runs of tools.
//
// # Concurrency
//
// Models are safe for concurrent use. Requests, messages and responses are
// plain values. They are safe to read concurrently, and this module never
// writes to those of a caller. A Stream is for one goroutine.
package model
