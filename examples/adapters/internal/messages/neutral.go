package messages

import (
	"context"

	"github.com/chatmodel-go/chatmodel/model"
)

// neutral takes Bedrock's name off what a conversation brings back, which
// Anthropic's own wire does not tell.
func neutral(m model.ChatModel) model.ChatModel {
	return model.Wrap(m, func(next model.ChatModel) model.ChatModel { return unlabelled{next} })
}

type unlabelled struct{ next model.ChatModel }

func (u unlabelled) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	return u.next.Generate(ctx, unlabel(req))
}

func (u unlabelled) Stream(ctx context.Context, req *model.Request) *model.Stream {
	return u.next.Stream(ctx, unlabel(req))
}

func unlabel(req *model.Request) *model.Request {
	req = req.Clone()
	for _, m := range req.Messages {
		for i, p := range m.Parts {
			switch p := p.(type) {
			case model.Thinking:
				p.Provider, p.Model = "", ""
				m.Parts[i] = p
			case model.Opaque:
				p.Provider = ""
				m.Parts[i] = p
			}
		}
	}
	return req
}
