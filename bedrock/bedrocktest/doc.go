// Package bedrocktest is an Amazon Bedrock Runtime for tests. It serves any
// [model.ChatModel], usually a scripted one of package fake, as Converse,
// ConverseStream, InvokeModel, InvokeModelWithResponseStream and CountTokens. To
// a client it looks like the service, but it is strict, it can be scripted, and
// it fails on command. It also answers the calls of the control plane that
// clients make on their way, from its own table: ListFoundationModels,
// GetFoundationModel, ListInferenceProfiles and GetInferenceProfile.
//
//	s := bedrocktest.Start(t, fake.New(fake.Text("hello")), nil)
//	llm, err := bedrock.New(s.Client(), "us.anthropic.claude-sonnet-4-5-20250929-v1:0", nil)
//
// # Mental model
//
// The server authenticates a request, records it, applies a [Fault] if one is
// due, checks it against the [Rules], and passes it to the ChatModel in neutral
// form. It sends the answer in the service's form: the answer ends at the token
// limit and the stop sequences, thinking is signed, tokens and the cache are
// counted, and events are framed. Nothing is random: the same calls in the same
// order get the same bytes, except for dates and latencies.
//
// The server has a table of models of its own, with a date of its own. It never
// uses the client's, so that a mistake in either shows. RULES.md lists the
// models and the rules, with their texts and where those were seen. [Options]
// turn rules off, set the date, let one model play another, and vary the wording
// of refusals.
//
// [Start] listens on the loopback interface, [StartTLS] does so with TLS, and
// [InMemory] needs no socket and works in a testing/synctest bubble.
// [Server.Client] and [Server.Config] configure the AWS SDK for the server.
// [New] returns the bare handler. [Handler.Vet] returns every rule that a body
// breaks, where a call is refused for the first. For other languages there is
// the command bedrock-local.
//
// # Thinking, tokens, cache
//
// The server signs Claude's thinking, and refuses thinking that comes back
// edited, unsigned or signed elsewhere. It encrypts GPT's thinking.
//
// Tokens are estimated: every four bytes, or part of four bytes, of each tool
// and each part are a token. An image counts as 1600 tokens, a video as 3000,
// audio as 1000, and a binary document as a sixteenth of its bytes. Prefixes
// that end at a cache point are cached by model, for the lifetime that the cache
// point asks for.
//
// # Load
//
// With [Options.Load], calls are subject to quotas and take time. Package load
// provides both, in virtual time too, and reports how the calls fared.
//
// The server checks the caller before it reads the body. Bodies have a deadline,
// and those that are arriving have a common size limit, so clients that send
// half a body and wait do not hold up the others.
//
// # What is not enforced
//
// The server reads no more of images than their headers, does not look at the
// contents of documents, and ignores guardrails, prompt variables, service tiers and daily
// quotas. It does not know that a changed tool choice costs Nova a part of its
// cache, nor that thinking is bound to the conversation before it. It does not
// serve Cohere's native bodies.
package bedrocktest

//go:generate go run ./internal/rulesdoc
