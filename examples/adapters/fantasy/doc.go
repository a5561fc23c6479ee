// Package fantasy connects this library and charm.land/fantasy, in both
// directions.
//
// [From] makes any chat model a fantasy model. So agents and programs written
// for fantasy run on package bedrock, and their tests on a scripted fake:
//
//	agent := fantasy.NewAgent(adapter.From(fake.New(fake.Text("hello"))))
//	result, err := agent.Generate(ctx, fantasy.AgentCall{Prompt: "Say hello."})
//
// Thinking keeps its signature, so that an agent with tools sends Claude's
// thinking back in the form that Claude requires.
//
// [New] makes a fantasy model a chat model, so that package conformance can
// check it against the rules for every model. Its test lists the rules that
// fantasy's provider for Anthropic breaks. It fails as soon as one of them is
// kept.
//
// For some things fantasy has a place only in the options of a provider:
// thinking, its signatures, parallel calls and cache points. This package reads
// and writes them as options of package charm.land/fantasy/providers/anthropic.
// It ignores the options of other providers, as fantasy's own providers do.
// Redacted thinking that is not text survives in memory, but not in the JSON of
// fantasy's messages.
package fantasy
