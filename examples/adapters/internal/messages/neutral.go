package messages

import (
	"context"

	"github.com/chatmodel-go/chatmodel/model"
)

// neutral removes Bedrock's name from the thinking that a conversation sends
// back, because Anthropic's own API does not send it.
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
