package recordings_test

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws/protocol/eventstream"

	"github.com/chatmodel-go/chatmodel/internal/outside"
	"github.com/chatmodel-go/chatmodel/recordings"
)

// viewOf shows a body as an event stream.
func viewOf(body []byte) string {
	c := recordings.Cassette{Exchanges: []recordings.Exchange{{Method: "POST", URL: streamURL, Status: 200, ResponseHeader: streamHeader(), ResponseBody: body}}}
	_, lines, _ := strings.Cut(c.View(), "\n")
	return lines
}

func TestViewOfFrames(t *testing.T) {
	whole := testFrame("messageStart", `{"role":"assistant"}`)
	flipped := bytes.Clone(whole)
	flipped[len(flipped)-6] ^= 1
	badPrelude := bytes.Clone(whole)
	badPrelude[3] ^= 1
	var withHeaders bytes.Buffer
	msg := eventstream.Message{Payload: []byte("a\nb")}
	for name, v := range map[string]eventstream.Value{
		"yes": eventstream.BoolValue(true), "no": eventstream.BoolValue(false), "byte": eventstream.Int8Value(1), "short": eventstream.Int16Value(2),
		"int": eventstream.Int32Value(3), "long": eventstream.Int64Value(4), "bytes": eventstream.BytesValue([]byte{0xff}), "uuid": eventstream.UUIDValue{9},
		":exception-type": eventstream.StringValue("throttlingException"),
	} {
		msg.Headers.Set(name, v)
	}
	if err := eventstream.NewEncoder().Encode(&withHeaders, msg); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		in   []byte
		want string
	}{
		{"one", whole, "messageStart {\"role\":\"assistant\"}\n"},
		{"chunk of base64", testFrame("chunk", `{"bytes":"`+base64.StdEncoding.EncodeToString([]byte(`{"type":"ping"}`))+`","p":"ab"}`), "chunk {\"type\":\"ping\"}\n"},
		{"all header types, two lines", withHeaders.Bytes(), "throttlingException \"a\\nb\"\n"},
		{"empty", nil, ""},
		{"cut", whole[:20], "! 20 more bytes: stream ends after 20 bytes of the frame: unexpected EOF"},
		{"too short", whole[:11], "! 11 more bytes: stream ends after 11 bytes of the frame: unexpected EOF"},
		{"payload flipped", flipped, "message: checksum mismatch"},
		{"prelude flipped", badPrelude, "prelude: checksum mismatch"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := viewOf(tt.in); !strings.Contains(got, tt.want) || (tt.want == "") != (got == "") {
				t.Errorf("view = %q, want %q", got, tt.want)
			}
		})
	}
}

// Our frame walker and the SDK's decoder must agree on where frames end and on
// which frame is the first bad one.
func FuzzFramesAgainstSDK(f *testing.F) {
	whole := testFrame("messageStart", `{"role":"assistant"}`)
	f.Add(whole)
	f.Add(append(bytes.Clone(whole), whole...))
	f.Add(whole[:len(whole)-1])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, body []byte) {
		want := 0
		r := bytes.NewReader(body)
		dec := eventstream.NewDecoder()
		for r.Len() > 0 {
			if _, err := dec.Decode(r, nil); err != nil {
				break
			}
			want++
		}
		got := 0
		for line := range strings.Lines(viewOf(body)) {
			if !strings.HasPrefix(line, "! ") {
				got++
			}
		}
		if got != want {
			t.Errorf("view shows %d frames, the SDK decodes %d", got, want)
		}
	})
}

func TestViewOfRealRecordings(t *testing.T) {
	streams := 0
	for _, found := range outside.Recordings(t) {
		c, err := recordings.Load(found.FS(), found.Name)
		if err != nil {
			t.Fatal(err)
		}
		if view := c.View(); view != "" {
			streams++
			if strings.Contains(view, "\n! ") || !strings.Contains(view, "\nmessageStop ") && !strings.Contains(view, "\nchunk ") {
				t.Errorf("view of %s:\n%s", found.Name, view)
			}
		}
	}
	if streams == 0 {
		t.Error("no recording has a stream")
	}
}
