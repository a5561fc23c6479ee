package nativetest

import (
	"encoding/json"
	"testing"

	"github.com/chatmodel-go/chatmodel/model"
)

// GoesBack sends an answer that was decoded back in a history, with results for
// its calls, and returns the body that write makes of it. It is nil if no caller
// could send that answer, such as a call without a name.
func GoesBack(t testing.TB, answer []model.Part, write func(*model.Request) ([]byte, error)) []byte {
	t.Helper()
	history := []model.Message{model.User("Hi"), model.AssistantParts(answer...)}
	next := model.User("And?")
	for _, p := range answer {
		if c, ok := p.(model.ToolCall); ok {
			next.Parts = append([]model.Part{model.ToolResult{CallID: c.ID}}, next.Parts...)
		}
	}
	req := &model.Request{Messages: append(history, next), Tools: []model.Tool{{Name: "weather"}}}
	if req.Validate() != nil {
		return nil
	}
	body, err := write(req)
	if err != nil {
		t.Fatalf("what was decoded cannot be sent back: %v", err)
	}
	if !json.Valid(body) {
		t.Errorf("body = %s, want JSON", body)
	}
	return body
}
