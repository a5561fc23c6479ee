package wire_test

import (
	"fmt"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
)

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
