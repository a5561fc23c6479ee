// Package bedrocktest is an Amazon Bedrock Runtime for tests. It serves any
// [model.ChatModel], mostly a scripted one of package fake, as Converse,
// ConverseStream, InvokeModel, its stream, and CountTokens, so that a client
// cannot tell it from the service, except that it is strict, scriptable and
// fails on command. The calls of the control plane that clients make on their
// way (ListFoundationModels, GetFoundationModel, ListInferenceProfiles,
// GetInferenceProfile) are answered from its table.
//
//	s := bedrocktest.Start(t, fake.New(fake.Text("hello")), nil)
//	llm, err := bedrock.New(s.Client(), "us.anthropic.claude-sonnet-4-5-20250929-v1:0", nil)
//
// # Mental model
//
// A request is authenticated, recorded, struck by a [Fault] if one is due,
// judged by the [Rules], and handed to the ChatModel in neutral form. What that
// answers goes back as the service would say it: cut to the limits and stop
// sequences, thinking signed, tokens and cache counted, events framed. Nothing
// depends on chance: the same calls in the same order give the same bytes, but
// for dates and latencies.
//
// What the server believes of models is in a table of its own, with a date of
// its own, and never the client's, so that a wrong belief of either shows.
// RULES.md lists the rules, their texts and where those were seen, and the
// models. [Options] turns rules off, sets the date, has an id played by another
// model, and varies the wording of refusals.
//
// [Start] listens on the loopback interface, [StartTLS] does so with TLS, and
// [InMemory] needs no socket and works inside a testing/synctest bubble.
// [Handler.Vet] tells all that is wrong with a body, where a call is told the
// first of it. [Server.Client] and [Server.Config] know all that the AWS SDK needs. [New]
// returns the bare handler. The command bedrock-local is for other languages.
//
// # Thinking, tokens, cache
//
// Claude's thinking is signed by the server, and refused when it comes back
// edited, without a signature or with a foreign one; GPT's is encrypted. A token is four bytes,
// begun, of each tool and each part; an image counts 1600, a video 3000, audio
// 1000, a binary document a sixteenth of its bytes. Prefixes that end at a cache
// point are remembered by model, for the lifetime that the point asks for.
//
// # Load
//
// With [Options.Load] calls have quotas and take time; package load has both,
// and reports how the calls did, in virtual time too. Who calls is looked at
// before a byte of the body is read, a body has a time to arrive in, and the
// bodies that are arriving have a limit together: clients that send half of
// one and wait take nothing from the others.
//
// # What is not enforced
//
// The pixels of images, the contents of documents, guardrails, prompt variables,
// service tiers and quotas a day; that a changed tool choice costs Nova part of its
// cache; that thinking is bound to the conversation before it. Cohere's own
// bodies are not served.
package bedrocktest

//go:generate go run ./internal/rulesdoc
