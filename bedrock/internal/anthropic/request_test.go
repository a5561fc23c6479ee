package anthropic_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/anthropic"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
)

// TestParseRequest reads bodies and writes them again. They must be the same,
// byte for byte.
func TestParseRequest(t *testing.T) {
	for _, tt := range bodies {
		t.Run(tt.name, func(t *testing.T) {
			r, err := anthropic.ParseRequest([]byte(tt.body))
			if err != nil {
				t.Fatal(err)
			}
			got, err := written(r.Request, plan.Settings{AdditionalFields: r.Additional, OutputEffort: r.Effort})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.body, string(got)); diff != "" {
				t.Errorf("body (-read +written):\n%s", diff)
			}
		})
	}
}

func FuzzParseRequest(f *testing.F) {
	for _, tt := range bodies {
		f.Add([]byte(tt.body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := anthropic.ParseRequest(body)
		if err == nil && r.Request.Validate() == nil {
			written(r.Request, plan.Settings{AdditionalFields: r.Additional, OutputEffort: r.Effort})
		}
	})
}
