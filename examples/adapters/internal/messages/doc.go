// Package messages serves a chat model as Anthropic's Messages API, for tests of
// clients that speak it: POST /v1/messages, whole or as server-sent events.
//
// It is a thin coat over package bedrocktest, whose InvokeModel takes and gives
// the same bodies: the model and the wish for a stream move from the body to the
// path, the chunks of a stream from binary frames to events of text, and
// exceptions into Anthropic's form of an error. So Anthropic's rules are held
// here as they are there.
package messages
