// Package messages serves a chat model as Anthropic's Messages API, for tests
// of clients that speak it: POST /v1/messages, whole or as server-sent events.
//
// It is a thin layer over package bedrocktest, whose InvokeModel has the same
// bodies. The model and the request for a stream move from the body to the
// path. The chunks of a stream become text events in place of binary frames,
// and exceptions get Anthropic's form of an error. So Anthropic's rules apply
// here as they do there.
package messages
