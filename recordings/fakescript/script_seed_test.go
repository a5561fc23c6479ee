package main

import (
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// translate answers as the transcribed recording translate does.
func translate() []fake.Turn {
	return []fake.Turn{
		// converse anthropic.claude-3-5-sonnet-20240620-v1:0: I love programming.
		fake.Text("J'adore la programmation.").Usage(&model.Usage{Known: true, InputTokens: 29, OutputTokens: 11}),
	}
}
