package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// The models of the scenarios, named for what they show.
const (
	claude    = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
	redacting = "us.anthropic.claude-3-7-sonnet-20250219-v1:0" // redacts its thinking on request
	quiet     = "us.anthropic.claude-opus-4-7"                 // signs its thinking and does not show it
	gptOSS    = "openai.gpt-oss-120b-1:0"                      // shows its thinking and does not sign it
)

// scenarios returns all scenarios: first those of the seed document, then at
// least one for each group of the conformance suite that a cassette can show. A
// cassette can show neither a cancelled call nor the order of concurrent ones.
func scenarios() ([]scenario, error) {
	seeds, err := seedScenarios()
	if err != nil {
		return nil, err
	}
	return slices.Concat(seeds, basics(), tools(), thinking(), contents(), failures(), natives()), nil
}

// latencyOf returns the latency that the script reports for a call.
func latencyOf(call int) time.Duration { return time.Duration(400+25*call) * time.Millisecond }

func basics() []scenario {
	return []scenario{{
		name: "conformance/basics", model: claude,
		settings: model.Request{
			Messages:    []model.Message{model.System("You answer in one short sentence.")},
			MaxTokens:   200,
			Temperature: new(0.0),
		},
		turns: []turn{
			{says: user("Which river flows through Paris?"), answer: fake.Text("The Seine flows through Paris.")},
			{says: user("And through Rome?"), answer: fake.Text("The Tiber flows through Rome.")},
		},
	}, {
		name: "conformance/streaming", model: claude,
		settings: model.Request{MaxTokens: 200},
		turns: []turn{{
			says:   user("Say hello in French, Greek, Japanese and emoji, on four lines."),
			stream: true,
			answer: fake.Text("Bonjour à tous\nΓειά σου\nこんにちは\n👋🏽").Pieces(11), // within characters
		}},
	}, {
		name: "conformance/stop-reasons", model: claude,
		settings: model.Request{Messages: []model.Message{model.User("Count from one to ten in words, separated by commas.")}},
		turns: []turn{
			{edit: func(r *model.Request) { r.MaxTokens = 5 }, afresh: true, answer: fake.Text("one, two, three, four, five")},
			{edit: func(r *model.Request) { r.StopSequences = []string{"four"} }, afresh: true, answer: fake.Text("one, two, three, four, five")},
			{edit: func(r *model.Request) { r.StopSequences = []string{"four"} }, afresh: true, stream: true, answer: fake.Text("one, two, three, ").StopReason(model.StopSequence)},
		},
	}, {
		name: "conformance/stop-reasons-rare", model: claude,
		localOnly: "no request reliably makes the service filter or break off an answer",
		settings:  model.Request{Messages: []model.Message{model.User("Go on.")}},
		turns: []turn{
			{afresh: true, answer: fake.Text("I").StopReason(model.StopContentFiltered)},
			{afresh: true, stream: true, answer: fake.Text("Sorry.").StopReason(model.StopGuardrail)},
			{afresh: true, answer: fake.Text("So").StopReason(model.StopContextWindow)},
			{afresh: true, stream: true, answer: fake.Text("We").StopReason("a_reason_of_tomorrow")},
		},
	}, {
		name: "conformance/serialisation", model: claude,
		settings: model.Request{Tools: []model.Tool{weather}, MaxTokens: 4096, Thinking: &model.ThinkingConfig{Budget: 1024}},
		turns: []turn{{
			says:   user("Is it warm in Lisbon? Look it up."),
			answer: fake.Thinking("I must look it up.", "", model.Text("Let me see."), fake.Call("weather", `{"city":"Lisbon","days":1}`)),
		}, {
			says: results(measured), stored: true, stream: true,
			answer: fake.Text("Yes, 31 degrees."),
		}},
	}}
}

// weather is the tool of all scenarios with tools.
var weather = model.Tool{
	Name:        "weather",
	Description: "Returns the weather of a city.",
	InputSchema: json.RawMessage(`{"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer"}},"required":["city"]}`),
}

// measured runs the tool. It knows all cities except one.
func measured(call model.ToolCall) model.ToolResult {
	if strings.Contains(string(call.Input), "Atlantis") {
		return model.ToolResult{IsError: true, Parts: []model.Part{model.Text("no weather station there")}}
	}
	return model.ToolResult{Parts: []model.Part{model.JSON(`{"celsius":31.50,"station":9007199254740993}`)}}
}

func tools() []scenario {
	return []scenario{{
		name: "conformance/tools-parallel", model: claude,
		settings: model.Request{Tools: []model.Tool{weather}, MaxTokens: 500},
		turns: []turn{{
			says: user("What is the weather in Lisbon and in Atlantis? Look up both at once."), stream: true,
			answer: fake.Reply(model.Text("Both at once."), fake.Call("weather", `{"city":"Lisbon"}`), fake.Call("weather", `{"city":"Atlantis"}`)),
		}, {
			says:   results(measured),
			answer: fake.Text("Lisbon has 31.5 degrees; of Atlantis nothing is known."),
		}},
	}, {
		name: "conformance/tools-choice", model: claude,
		settings: model.Request{Tools: []model.Tool{weather, {Name: "now", Description: "Returns the time."}}, MaxTokens: 500},
		turns: []turn{{
			says:   user("Hello."),
			edit:   func(r *model.Request) { r.ToolChoice = model.UseTool("now") },
			answer: fake.Calls(fake.Call("now", "")),
		}, {
			says: results(func(model.ToolCall) model.ToolResult {
				return model.ToolResult{Parts: []model.Part{model.Text("12:00")}}
			}),
			edit:   func(r *model.Request) { r.ToolChoice = model.ToolChoice{Mode: model.ToolsAny, Parallel: new(false)} },
			stream: true,
			answer: fake.Calls(fake.Call("weather", `{"city":"Lisbon","days":1}`)),
		}},
	}}
}

// contents are the scenarios about content other than text and tools.
func contents() []scenario {
	// A table has many tokens in few bytes, enough to be cached.
	var squares strings.Builder
	for n := range 430 {
		fmt.Fprintf(&squares, "%d %d,", n, n*n)
	}
	document := model.Document{Name: "Opening hours", Text: "The museum opens at ten. It is closed on Mondays.", Citations: true}
	closed := model.Citation{Title: "Opening hours", Quotes: []string{"It is closed on Mondays."},
		Location: model.CitationLocation{Kind: model.LocationChar, Start: 25, End: 49}}
	return []scenario{{
		name: "conformance/caching", model: claude,
		settings: model.Request{
			Messages:  []model.Message{model.SystemParts(model.Text("A table of squares: "+squares.String()), model.CachePoint{})},
			MaxTokens: 50,
		},
		turns: []turn{
			{says: user("What is the square of 12? Only the number."), answer: fake.Text("144")},
			{says: user("And of 20?"), stream: true, answer: fake.Text("400")},
		},
	}, {
		name: "conformance/multimodal-image", model: claude,
		settings: model.Request{MaxTokens: 50},
		turns: []turn{{
			says:   userParts(model.Image{MediaType: "image/png", Data: redSquare()}, model.Text("Which colour is this? One word.")),
			answer: fake.Text("Red."),
		}},
	}, {
		name: "conformance/multimodal-document", model: claude,
		settings: model.Request{MaxTokens: 100},
		turns: []turn{{
			says: userParts(document, model.Text("When is the museum closed?")), stream: true,
			answer: fake.Reply(model.CitedText{Text: "It is closed on Mondays.", Citations: []model.Citation{closed}}),
		}},
	}, {
		name: "conformance/structured", model: claude,
		settings: model.Request{
			MaxTokens: 200,
			Output: &model.OutputFormat{Name: "city", Description: "A city.",
				Schema: json.RawMessage(`{"type":"object","properties":{"name":{"type":"string"},"country":{"type":"string"}},"required":["name","country"],"additionalProperties":false}`)},
		},
		turns: []turn{
			{says: user("The largest city on the Tagus?"), answer: fake.Text(`{"name":"Lisbon","country":"Portugal"}`)},
			{says: user("And on the Tiber?"), stream: true, answer: fake.Text(`{"name":"Rome","country":"Italy"}`)},
		},
	}}
}

// redSquare returns a PNG of 32 by 32 red pixels.
func redSquare() []byte {
	data, _ := base64.StdEncoding.DecodeString( // valid, or the service would refuse it
		"iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAIAAAD8GO2jAAAAKklEQVR42mO4oKBAU8QwasGoBaMWjFow" +
			"asGoBaMWjFowasGoBaMWDBULAE7YQD2B7wk2AAAAAElFTkSuQmCC")
	return data
}
