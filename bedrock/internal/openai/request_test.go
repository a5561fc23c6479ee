package openai_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/openai"
)

// TestParseRequest reads the bodies of the table of encodings and writes them
// again: they are the same, byte for byte.
func TestParseRequest(t *testing.T) {
	for _, tt := range encodings {
		if tt.name == "limit of OpenAI's own" || tt.name == "effort of Qwen" {
			continue // written by other rules
		}
		t.Run(tt.name, func(t *testing.T) {
			req, additional, err := openai.ParseRequest([]byte(tt.want))
			if err != nil {
				t.Fatal(err)
			}
			got, err := openai.Codec{}.Encode(req, &native.Input{Additional: additional, Stream: strings.Contains(tt.want, `"stream":true`)})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(got.Body)); diff != "" {
				t.Errorf("body (-read +written):\n%s", diff)
			}
		})
	}
}

func FuzzParseRequest(f *testing.F) {
	for _, tt := range encodings {
		f.Add([]byte(tt.want))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		req, additional, err := openai.ParseRequest(body)
		if err != nil || req.Validate() != nil {
			return
		}
		openai.Codec{}.Encode(req, &native.Input{Additional: additional})
	})
}
