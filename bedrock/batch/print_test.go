package batch_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials"
	controlplane "github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/batch"
)

// TestNothingPrintedShowsCredentials prints everything that reaches a client of
// the services, in every way, also inside a program's own struct.
func TestNothingPrintedShowsCredentials(t *testing.T) {
	canaries := []string{"ASIACANARYKEYID00001", "canary/secret+key/00000000000000000000000", "canary-token"}
	keys := credentials.NewStaticCredentialsProvider(canaries[0], canaries[1], canaries[2])
	jobs := controlplane.New(controlplane.Options{Region: "us-east-1", Credentials: keys})
	options := batch.Options{Model: "anthropic.claude-3-haiku-20240307-v1:0", Folder: "s3://bucket/folder",
		Role: "arn:aws:iam::123456789012:role/r", Bedrock: &bedrock.Options{Profiles: jobs}}
	c, err := batch.New(jobs, s3.New(s3.Options{Region: "us-east-1", Credentials: keys}), options)
	if err != nil {
		t.Fatal(err)
	}
	type holder struct {
		C     *batch.Client
		c     *batch.Client
		value any
	}
	for i, thing := range []any{c, *c, holder{c, c, *c}, &holder{c, c, *c}, struct{ c batch.Client }{*c}, []any{c}, map[string]any{"c": c},
		options, &options, struct{ o batch.Options }{options}, fmt.Errorf("%v", c)} {
		shown := map[string]string{}
		for _, verb := range strings.Fields("v +v #v s q d x X t T e g c U p b o O") {
			shown["%"+verb] = fmt.Sprintf("%"+verb, thing)
		}
		data, _ := json.Marshal(thing)
		shown["JSON"] = string(data)
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("m", "thing", thing)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("m", "thing", thing)
		shown["slog"] = log.String()
		for how, text := range shown {
			for _, canary := range canaries {
				if strings.Contains(text, canary) || strings.Contains(strings.ToLower(text), fmt.Sprintf("%x", canary)) {
					t.Errorf("thing %d, a %T, by %s shows %q: %.200s", i, thing, how, canary, text)
				}
			}
		}
	}
	const want = "batch client of anthropic.claude-3-haiku-20240307-v1:0 in s3://bucket/folder"
	if got := fmt.Sprint(c); got != want {
		t.Errorf("%%v = %s, want %s", got, want)
	}
}
