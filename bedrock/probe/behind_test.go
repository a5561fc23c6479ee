package probe_test

import (
	"context"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// behind is a model as those on Bedrock are: it calls what it must, thinks when
// it is told to, and says ok.
func behind() model.ChatModel {
	return fake.New(fake.Func(func(_ context.Context, req *model.Request) (*model.Response, error) {
		message := model.Message{Role: model.RoleAssistant, Parts: []model.Part{model.Text("ok")}}
		switch mode := req.ToolChoice.Mode; {
		case mode == model.ToolsAny, mode == model.ToolsNamed:
			message.Parts = []model.Part{model.ToolCall{ID: "c1", Name: req.Tools[0].Name, Input: []byte("{}")}}
			return &model.Response{Message: message, StopReason: model.StopToolUse}, nil
		case req.Thinking != nil && req.Thinking.Mode != model.ThinkingDisabled:
			message.Parts = append([]model.Part{model.Thinking{Text: "Hm."}}, message.Parts...)
		}
		return &model.Response{Message: message, StopReason: model.StopEndTurn}, nil
	}).Always())
}
