package eventstream_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/chatmodel-go/chatmodel/internal/eventstream"
)

// A stream that is cut inside its second frame.
func ExampleDecoder() {
	body, _ := eventstream.AppendEvent(nil, "messageStart", []byte(`{"role":"assistant"}`))
	body, _ = eventstream.AppendEvent(body, "messageStop", []byte(`{"stopReason":"end_turn"}`))
	d := eventstream.NewDecoder(bytes.NewReader(body[:len(body)-1]))
	for {
		f, err := d.Next()
		if err == io.EOF {
			fmt.Println("end")
			return
		}
		if err != nil {
			fmt.Println("cut:", errors.Is(err, io.ErrUnexpectedEOF))
			return
		}
		fmt.Println(f.EventType, string(f.Payload))
	}
	// Output:
	// messageStart {"role":"assistant"}
	// cut: true
}
