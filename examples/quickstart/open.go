package main

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/recordings"
)

// openLive opens a model with the AWS configuration of the machine.
func openLive(ctx context.Context, modelID, region string) (model.ChatModel, error) {
	if region == "" {
		return bedrock.Open(ctx, modelID, nil)
	}
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion(region))
	if err != nil {
		return nil, err
	}
	return bedrock.New(bedrockruntime.NewFromConfig(cfg), modelID, nil)
}

// openReplay opens a model whose client plays a cassette that is embedded in
// the program. The credentials sign requests that never leave the program.
func openReplay(cassette, modelID string) (model.ChatModel, func() error, error) {
	tape, err := recordings.Replay(recordings.Cassettes(), cassette, nil)
	if err != nil {
		return nil, nil, err
	}
	client := bedrockruntime.New(bedrockruntime.Options{
		Region:               tape.Origin().Region,
		Credentials:          credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "not-a-secret", ""),
		AuthSchemePreference: []string{"sigv4"},
		HTTPClient:           tape.Client(),
	})
	llm, err := bedrock.New(client, modelID, nil)
	return llm, tape.Close, err
}
