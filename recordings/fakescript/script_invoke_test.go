package main

import (
	"encoding/json"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// invokeAnthropic answers as the local recording invoke-anthropic does.
func invokeAnthropic() []fake.Turn {
	return []fake.Turn{
		// invoke-with-response-stream us.anthropic.claude-sonnet-4-5-20250929-v1:0: Is it warm in Lisbon? Look it up.
		fake.Reply(
			model.Thinking{Text: "Look.", Signature: "EmD93+AwfRfT3oqKRDQS1YxkPCEbtBcUa2pkM/UhbY/aZ1ePWviWAvSqT8WUMs5C1S7mOX/oIo6uJb//3Gi0RrucGXLTNyjfm+k8sMXZI7Q3Y6e17LMGYgaApcg1Og+HxpI=", Provider: "bedrock", Model: "anthropic.claude-sonnet-4-5-20250929-v1:0"},
			model.ToolCall{ID: "call_1_2", Name: "weather", Input: json.RawMessage(`{"city":"Lisbon"}`)},
		).StopReason(model.StopToolUse).Usage(&model.Usage{Known: true, InputTokens: 61, OutputTokens: 33}),
		// invoke us.anthropic.claude-sonnet-4-5-20250929-v1:0: Is it warm in Lisbon? Look it up.
		fake.Text("Yes.").Usage(&model.Usage{Known: true, InputTokens: 164, OutputTokens: 8}),
	}
}
