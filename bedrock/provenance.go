package bedrock

import "github.com/chatmodel-go/chatmodel/model"

// answered makes of a model's answer what this package returns.
func (s *subject) answered(resp *model.Response) {
	resp.Message.Parts = takeOutThinking(resp.Message.Parts, s.facts.Answers.ThinkingTags)
	s.made(resp.Message.Parts)
}

// made says of the thinking and of the unknown blocks in an answer which model
// made them, so that they go back to no model that would refuse them. Nothing is
// said where the base model is not known.
func (s *subject) made(parts []model.Part) {
	for i, p := range parts {
		switch t := p.(type) {
		case model.Thinking:
			t.Model = s.base
			parts[i] = t
		case model.Opaque:
			t.Model = s.base
			parts[i] = t
		}
	}
}
