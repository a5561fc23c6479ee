package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// scripted returns a model for those without an account. If the question names
// a city, it calls both tools and repeats their results.
func scripted() model.ChatModel {
	turn := fake.Func(func(_ context.Context, req *model.Request) (*model.Response, error) {
		last := req.Messages[len(req.Messages)-1]
		var results []string
		for _, p := range last.Parts {
			if r, ok := p.(model.ToolResult); ok {
				results = append(results, sentence(r))
			}
		}
		if len(results) > 0 {
			return say(strings.Join(results, " ")), nil
		}
		city := cityIn(last.Text())
		if city == "" {
			return say("Ask me about a trip to Lisbon, Oslo or Rome."), nil
		}
		input := fmt.Sprintf(`{"city":%q}`, city)
		return &model.Response{StopReason: model.StopToolUse, Message: model.AssistantParts(
			model.Text("Let me look it up. "), fake.Call("forecast", input), fake.Call("flights", input))}, nil
	})
	return fake.NewWith(&fake.Options{Cache: &fake.CacheOptions{MinTokens: 1}}, turn.Pieces(3).Every(15*time.Millisecond).Always())
}

func say(text string) *model.Response {
	return &model.Response{Message: model.Assistant(text), StopReason: model.StopEndTurn}
}

func cityIn(text string) string {
	for _, city := range []string{"Lisbon", "Oslo", "Rome"} {
		if strings.Contains(strings.ToLower(text), strings.ToLower(city)) {
			return city
		}
	}
	return ""
}

// sentence returns a tool's result as a sentence.
func sentence(r model.ToolResult) string {
	for _, p := range r.Parts {
		switch p := p.(type) {
		case model.JSON:
			var w weather
			if json.Unmarshal(p, &w) == nil {
				return fmt.Sprintf("Tomorrow it is %s in %s, at %d °C.", w.Sky, w.City, w.Celsius)
			}
		case model.Text:
			return fmt.Sprintf("About flights I know nothing: %s.", p)
		}
	}
	return ""
}
