package wire_test

import (
	"encoding/json"
	"fmt"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
)

func ExampleAppendRequest() {
	r := &wire.Request{
		InferenceConfig: &wire.InferenceConfig{Temperature: new(0.0)}, // zero is not absent
		Messages: []wire.Message{{
			Role:    "assistant",
			Content: []wire.ContentBlock{{ToolUse: &wire.ToolUse{Input: json.RawMessage(`{"z":1.0, "a":2}`), Name: "f", ToolUseID: "t1"}}},
		}},
	}
	fmt.Printf("%s\n", wire.AppendRequest(nil, r))
	// Output:
	// {"inferenceConfig":{"temperature":0},"messages":[{"content":[{"toolUse":{"input":{"z":1.0, "a":2},"name":"f","toolUseId":"t1"}}],"role":"assistant"}]}
}

func ExampleParseRequest_strict() {
	_, err := wire.ParseRequest([]byte(`{"messages":[{"role":"user","content":[{"txt":"hello"}]}]}`), true)
	fmt.Println(err)
	// Output:
	// messages.0.content.0.txt: unknown member
}

func ExampleParseEvent() {
	var ev wire.Event // used again for every event of a stream
	for _, payload := range []string{
		`{"contentBlockIndex":0,"delta":{"text":"Hello"},"p":"abcdef"}`,
		`{"contentBlockIndex":0,"delta":{"hologram":{"x":1.0}},"p":"abcd"}`,
	} {
		if err := wire.ParseEvent("contentBlockDelta", []byte(payload), &ev); err != nil {
			fmt.Println(err)
			return
		}
		switch ev.Delta.Kind {
		case wire.DeltaText:
			fmt.Println("text:", ev.Delta.Text)
		case wire.DeltaUnknown:
			fmt.Println("unknown:", ev.Delta.Unknown.Name, string(ev.Delta.Unknown.Value))
		}
	}
	// Output:
	// text: Hello
	// unknown: hologram {"x":1.0}
}
