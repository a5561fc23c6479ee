package bedrock_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

func TestLimits(t *testing.T) {
	images := []string{"image/png", "image/jpeg", "image/gif", "image/webp"}
	for _, row := range []struct {
		id     string
		format bedrock.Format
		want   model.Limits
	}{
		{"us.amazon.nova-micro-v1:0", "", model.Limits{Context: 128_000, MaxOutput: 10_000}},
		{"openai.gpt-oss-120b-1:0", "", model.Limits{Context: 128_000, MaxOutput: 16_384, Efforts: []string{"low", "medium", "high"}}},
		{"us.anthropic.claude-opus-4-1-20250805-v1:0", bedrock.FormatAnthropic, model.Limits{Context: 200_000, MaxOutput: 32_000, ImageTypes: images,
			DocumentTypes: []string{"application/pdf", "text/plain"}}},
	} {
		m := newModel(t, row.id, nil, &bedrock.Options{Format: row.format})
		got, ok := model.LimitsOf(m)
		if len(got.Efforts) == 0 {
			got.Efforts = nil
		}
		if diff := cmp.Diff(row.want, got); diff != "" || !ok {
			t.Errorf("%s (-want +got):\n%s", row.id, diff)
		}
		if got.Efforts != nil {
			got.Efforts[0] = "changed"
			if again, _ := model.LimitsOf(m); again.Efforts[0] == "changed" {
				t.Errorf("%s: the caller's change reaches the model", row.id)
			}
		}
	}
}
