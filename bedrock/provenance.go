package bedrock

import "github.com/chatmodel-go/chatmodel/model"

// answered makes of a model's answer what this package returns.
func (s *subject) answered(resp *model.Response) {
	resp.Message.Parts = takeOutThinking(resp.Message.Parts, s.facts.Answers.ThinkingTags)
	s.made(resp.Message.Parts)
}

// made says of the thinking in an answer which model made it, so that it goes
// back to no model that would refuse it. Nothing is said where the base model is
// not known.
func (s *subject) made(parts []model.Part) {
	for i, p := range parts {
		if t, ok := p.(model.Thinking); ok {
			t.Model = s.base
			parts[i] = t
		}
	}
}
