package main

import (
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// redactMe makes some models redact their thinking. It is Anthropic's own test
// value. https://docs.claude.com/en/docs/build-with-claude/extended-thinking
const redactMe = "ANTHROPIC_MAGIC_STRING_TRIGGER_REDACTED_THINKING_46C9A13E193C177646C7398A98432ECCCE4C1253D5E2D82641AC0E52CC2876CB"

// thinking returns the scenarios about the four forms of thinking. Each sends
// the thinking back in a later turn.
func thinking() []scenario {
	budget := model.Request{MaxTokens: 4096, Thinking: &model.ThinkingConfig{Budget: 1024}}
	withTool := budget
	withTool.Tools = []model.Tool{weather}
	return []scenario{{
		name: "conformance/thinking-signed", model: claude, settings: budget,
		turns: []turn{
			{says: user("What is 17 times 23?"), stream: true, answer: fake.Thinking("340 and 51.", "", model.Text("391"))},
			{says: user("And one more?"), answer: fake.Thinking("391 and 1.", "", model.Text("392"))},
		},
	}, {
		name: "conformance/thinking-tools", model: claude, settings: withTool,
		turns: []turn{{
			says: user("Is it warmer than 20 degrees in Lisbon? Look it up."), stream: true,
			answer: fake.Thinking("Look.", "", fake.Call("weather", `{"city":"Lisbon"}`)),
		}, {
			says:   results(measured),
			answer: fake.Text("Yes."),
		}, {
			says: user("And in Rome?"), stream: true,
			answer: fake.Thinking("Again.", "", fake.Call("weather", `{"city":"Rome"}`)),
		}},
	}, {
		name: "conformance/thinking-redacted", model: redacting, settings: budget,
		turns: []turn{
			{says: user(redactMe), answer: fake.Redacted([]byte("hidden"), model.Text("How can I help?"))},
			{says: user("What did I say?"), stream: true, answer: fake.Redacted([]byte("hidden too"), model.Text("A test value."))},
		},
	}, {
		name: "conformance/thinking-unseen", model: quiet,
		settings: model.Request{MaxTokens: 4096, Thinking: &model.ThinkingConfig{Mode: model.ThinkingAdaptive}},
		turns: []turn{
			{says: user("How many primes are there below 50?"), stream: true, answer: fake.Thinking("", "seal", model.Text("15"))},
			{says: user("And below 60?"), answer: fake.Thinking("", "seal", model.Text("17"))},
		},
	}, {
		name: "conformance/thinking-unsigned", model: gptOSS,
		settings: model.Request{MaxTokens: 1000, Thinking: &model.ThinkingConfig{Effort: "low"}},
		turns: []turn{
			{says: user("What is 17 times 23?"), answer: fake.Thinking("340 and 51.", "", model.Text("391"))},
			{says: user("And one more?"), stream: true, answer: fake.Thinking("391 and 1.", "", model.Text("392"))},
		},
	}}
}
