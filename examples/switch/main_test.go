package main

import (
	"context"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/model"
)

const want = `
us.anthropic.claude-sonnet-4-5-20250929-v1:0
  thinks: A map. The city has to be looked up. (signed)
  calls: weather {"city":"Lisbon"}
us.anthropic.claude-sonnet-4-5-20250929-v1:0
  thinks: 31 °C is hot. (signed)
  says: It is hot in Lisbon: see the photograph.
us.openai.gpt-5.6-sol
  warning: dropped messages[1].parts[0]: it was signed by another model; GPT-5.6 Sol takes no signed thinking back
  warning: moved messages[2].parts[0].parts[1]: GPT-5.6 Sol reads no such file inside tool results; it is sent beside them
  warning: dropped messages[3].parts[0]: it was signed by another model; GPT-5.6 Sol takes no signed thinking back
  thinks:  (readable only by its maker)
  says: Take a hat.
us.amazon.nova-2-lite-v1:0
  warning: dropped messages[1].parts[0]: it was signed by another model; Nova 2 Lite takes no signed thinking back
  warning: dropped messages[3].parts[0]: it was signed by another model; Nova 2 Lite takes no signed thinking back
  warning: dropped messages[5].parts[0]: Nova 2 Lite takes no redacted thinking back
  says: Uma chapelaria fica na Baixa.
us.anthropic.claude-sonnet-4-5-20250929-v1:0
  warning: dropped messages[5].parts[0]: it was sealed by a model of another maker, openai.gpt-5.6-sol
  says: We spoke about Lisbon, its heat, and hats.
`

func TestRun(t *testing.T) {
	server := bedrocktest.InMemory(scripted(), nil)
	var out strings.Builder
	open := func(id string) (model.ChatModel, error) { return bedrock.New(server.Client(), id, nil) }
	if err := run(context.Background(), &out, open); err != nil {
		t.Fatal(err)
	}
	if got := "\n" + out.String(); got != want {
		t.Errorf("the output is\n%s\nwant\n%s", got, want)
	}
}
