package bedrock_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

func TestInfo(t *testing.T) {
	const claude = "anthropic.claude-sonnet-4-5-20250929-v1:0"
	for _, row := range []struct {
		id      string
		options *bedrock.Options
		want    model.Info
	}{
		{"us." + claude, nil, model.Info{Provider: "bedrock", Model: "us." + claude, BaseModel: claude, API: "converse"}},
		{"arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abc", nil,
			model.Info{Provider: "bedrock", Model: "arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abc", API: "converse"}},
		{"arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abc", &bedrock.Options{BaseModel: claude},
			model.Info{Provider: "bedrock", Model: "arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abc", BaseModel: claude, API: "converse"}},
	} {
		m, err := bedrock.New(bedrockruntime.New(bedrockruntime.Options{Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")}), row.id, row.options)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := model.InfoOf(model.Wrap(m, model.Retry(nil)))
		if !ok || got != row.want {
			t.Errorf("InfoOf(%s) = %+v, %t, want %+v", row.id, got, ok, row.want)
		}
	}
}
