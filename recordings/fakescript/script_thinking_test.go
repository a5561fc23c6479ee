package main

import (
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// thinkingRedacted answers as the local recording thinking-redacted does.
func thinkingRedacted() []fake.Turn {
	return []fake.Turn{
		// converse us.anthropic.claude-3-7-sonnet-20250219-v1:0: ANTHROPIC_MAGIC_STRING_TRIGGER_REDACTED_THINKING_46C9A13E193C177646C7398A98432ECCCE4C1253D5E2D82641A…
		fake.Reply(
			model.Thinking{Redacted: []byte("EoABlOMa4hUiCxEiYY/edhh81fz9YQLPiHEsTUCk3nYM4+NxvaXQaCo/zhKvBckFpvfayEbi6OxHpZo7qoLIo6VyUnW85nsLLlOUmmrxO/r7WS1uipTo1USVBtmZycrT0D/ONxaTRIAMOn59g9ehGyvIgr7OAaNWY7JPZg/BRUnNeCM="), Provider: "bedrock", Model: "anthropic.claude-3-7-sonnet-20250219-v1:0"},
			model.Text("How can I help?"),
		).Usage(&model.Usage{Known: true, InputTokens: 35, OutputTokens: 25}),
		// converse-stream us.anthropic.claude-3-7-sonnet-20250219-v1:0: What did I say?
		fake.Reply(
			model.Thinking{Redacted: []byte("EoABi6TrzjUEFeAbbrA1asXqH6dYiG/jL7L0p/sPvs+nPn/hqU17Ds70QwC/hCG45TzKW6UkySxuVjjo5MazQU16yg5KQXf2nP2xt/mCWXRajhFZhTnXeqEZ6kjHfANhoMsd2wXYP3DuABoeGMuHtH6PJ8VpGjXELZJEPJ4rjD3IO28="), Provider: "bedrock", Model: "anthropic.claude-3-7-sonnet-20250219-v1:0"},
			model.Text("A test value."),
		).Usage(&model.Usage{Known: true, InputTokens: 128, OutputTokens: 27}),
	}
}
