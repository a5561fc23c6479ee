package eventstream_test

import (
	"testing"

	sdk "github.com/aws/smithy-go/eventstream"
	"github.com/chatmodel-go/chatmodel/internal/eventstream"
)

func BenchmarkNext(b *testing.B) {
	d := eventstream.NewDecoder(&endless{b: []byte(deltaFrame)})
	b.SetBytes(int64(len(deltaFrame)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Next(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkNextSmithy measures the same work done by smithy-go's decoder.
func BenchmarkNextSmithy(b *testing.B) {
	d, r := sdk.NewDecoder(), &endless{b: []byte(deltaFrame)}
	buf := make([]byte, 0, 1024)
	b.SetBytes(int64(len(deltaFrame)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Decode(r, buf); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppendEvent(b *testing.B) {
	payload := []byte(deltaPayload)
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		buf, _ = eventstream.AppendEvent(buf[:0], "contentBlockDelta", payload)
	}
}
