// Package fantasy joins this library and charm.land/fantasy, both ways.
//
// [From] makes any chat model a fantasy model, so that agents and programs
// written for fantasy run on package bedrock, and their tests on a scripted
// fake:
//
//	agent := fantasy.NewAgent(adapter.From(fake.New(fake.Text("hello"))))
//	result, err := agent.Generate(ctx, fantasy.AgentCall{Prompt: "Say hello."})
//
// Thinking takes its signature along, so that an agent that uses tools hands
// Claude's thinking back as Claude wants it.
//
// [New] makes a fantasy model a chat model, so that package conformance can hold
// it against what is asked of every model. Its test says which rules fantasy's
// provider for Anthropic does not keep; such a gap fails as soon as it passes.
//
// What fantasy has a place for in a provider's own options alone, this package
// reads and writes as those of package charm.land/fantasy/providers/anthropic:
// thinking, its signatures, parallel calls and cache points. Options of other
// providers are passed over, as fantasy's own providers do. Redacted thinking
// that is no text survives in memory, but not in the JSON of fantasy's messages.
package fantasy
