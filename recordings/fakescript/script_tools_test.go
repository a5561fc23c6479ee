package main

import (
	"encoding/json"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// toolsParallel answers as the local recording tools-parallel does.
func toolsParallel() []fake.Turn {
	return []fake.Turn{
		// converse-stream us.anthropic.claude-sonnet-4-5-20250929-v1:0: What is the weather in Lisbon and in Atlantis? Look up both at once.
		fake.Reply(
			model.Text("Both at once."),
			model.ToolCall{ID: "call_1_2", Name: "weather", Input: json.RawMessage(`{"city":"Lisbon"}`)},
			model.ToolCall{ID: "call_1_3", Name: "weather", Input: json.RawMessage(`{"city":"Atlantis"}`)},
		).StopReason(model.StopToolUse).Usage(&model.Usage{Known: true, InputTokens: 70, OutputTokens: 51}),
		// converse us.anthropic.claude-sonnet-4-5-20250929-v1:0: Both at once.
		fake.Text("Lisbon has 31.5 degrees; of Atlantis nothing is known.").Usage(&model.Usage{Known: true, InputTokens: 182, OutputTokens: 20}),
	}
}
