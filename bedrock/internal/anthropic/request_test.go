package anthropic_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/anthropic"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
)

// TestParseRequest reads the bodies of the table of encodings and writes them
// again: they are the same, byte for byte.
func TestParseRequest(t *testing.T) {
	for _, tt := range encodings {
		if strings.Contains(tt.name, "cache points") && len(tt.warns) > 0 || tt.name == "additional fields win" {
			continue // the request is not the only one with that body
		}
		t.Run(tt.name, func(t *testing.T) {
			r, err := anthropic.ParseRequest([]byte(tt.want))
			if err != nil {
				t.Fatal(err)
			}
			got, err := anthropic.Codec{}.Encode(r.Request, &native.Input{Additional: r.Additional, Effort: r.Effort})
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
		r, err := anthropic.ParseRequest(body)
		if err != nil || r.Request.Validate() != nil {
			return
		}
		anthropic.Codec{}.Encode(r.Request, &native.Input{Additional: r.Additional, Effort: r.Effort})
	})
}
