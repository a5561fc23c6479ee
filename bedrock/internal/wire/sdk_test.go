package wire_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/document"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/types"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
)

var errCaptured = errors.New("captured")

// capture is a transport that keeps the body of the request and sends nothing.
type capture struct{ body []byte }

func (c *capture) RoundTrip(req *http.Request) (*http.Response, error) {
	var err error
	if c.body, err = io.ReadAll(req.Body); err != nil {
		return nil, err
	}
	return nil, errCaptured
}

// sdkBody returns the body that the SDK sends for in.
func sdkBody(t *testing.T, in any) []byte {
	t.Helper()
	var c capture
	client := bedrockruntime.New(bedrockruntime.Options{
		Region:               "us-east-1",
		Retryer:              aws.NopRetryer{},
		HTTPClient:           &http.Client{Transport: &c},
		AuthSchemePreference: []string{"sigv4"},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "id", SecretAccessKey: "secret"}, nil
		}),
	})
	var err error
	switch in := in.(type) {
	case *bedrockruntime.ConverseInput:
		in.ModelId = aws.String("m")
		_, err = client.Converse(t.Context(), in)
	case *bedrockruntime.ConverseStreamInput:
		in.ModelId = aws.String("m")
		_, err = client.ConverseStream(t.Context(), in)
	case *bedrockruntime.CountTokensInput:
		in.ModelId = aws.String("m")
		_, err = client.CountTokens(t.Context(), in)
	}
	if !errors.Is(err, errCaptured) {
		t.Fatalf("the SDK did not send the request: %v", err)
	}
	return c.body
}

func doc(v any) document.Interface { return document.NewLazyDocument(v) }

// TestRequestLikeSDK writes the same request with the SDK.
func TestRequestLikeSDK(t *testing.T) {
	got := wire.AppendRequest(nil, &wire.Request{
		AdditionalModelRequestFields:      json.RawMessage(`{"thinking":{"type":"adaptive"}}`),
		AdditionalModelResponseFieldPaths: []string{"/stop_sequence"},
		GuardrailConfig: &wire.GuardrailConfig{
			GuardrailIdentifier: "g", GuardrailVersion: "1", Trace: "enabled", StreamProcessingMode: "async",
		},
		InferenceConfig: &wire.InferenceConfig{MaxTokens: new(10), StopSequences: []string{"x"}, Temperature: new(0.7), TopP: new(0.25)},
		OutputConfig: &wire.OutputConfig{Effort: "high", TextFormat: &wire.TextFormat{
			Type:      "json_schema",
			Structure: &wire.TextStructure{JSONSchema: &wire.JSONSchema{Name: new("n"), Description: new("d"), Schema: "{}"}},
		}},
		PerformanceConfig: &wire.PerformanceConfig{Latency: "optimized"},
		PromptVariables:   map[string]wire.PromptVariable{"v": {Text: new("w")}},
		RequestMetadata:   map[string]string{"k": "v"},
		ServiceTier:       &wire.ServiceTier{Type: "flex"},
		System: []wire.SystemBlock{
			{Text: new("be kind")}, {CachePoint: &wire.CachePoint{Type: "default", TTL: "5m"}},
			{GuardContent: &wire.GuardContent{Text: &wire.GuardText{Text: "t", Qualifiers: []string{"query"}}}},
		},
		ToolConfig: &wire.ToolConfig{
			ToolChoice: &wire.ToolChoice{Tool: &wire.ToolName{Name: "f"}},
			Tools: []wire.Tool{
				{ToolSpec: &wire.ToolSpec{Name: "f", Description: new("d"), Strict: new(true), InputSchema: &wire.InputSchema{JSON: json.RawMessage(`{"type":"object"}`)}}},
				{SystemTool: &wire.SystemTool{Name: "s"}}, {CachePoint: &wire.CachePoint{Type: "default"}},
			},
		},
		Messages: wireMessages(),
	})
	want := sdkBody(t, &bedrockruntime.ConverseStreamInput{
		AdditionalModelRequestFields:      doc(map[string]any{"thinking": map[string]any{"type": "adaptive"}}),
		AdditionalModelResponseFieldPaths: []string{"/stop_sequence"},
		GuardrailConfig: &types.GuardrailStreamConfiguration{
			GuardrailIdentifier: aws.String("g"), GuardrailVersion: aws.String("1"), Trace: "enabled", StreamProcessingMode: "async",
		},
		InferenceConfig: &types.InferenceConfiguration{MaxTokens: aws.Int32(10), StopSequences: []string{"x"}, Temperature: aws.Float32(0.7), TopP: aws.Float32(0.25)},
		OutputConfig: &types.OutputConfig{Effort: aws.String("high"), TextFormat: &types.OutputFormat{
			Type: "json_schema",
			Structure: &types.OutputFormatStructureMemberJsonSchema{Value: types.JsonSchemaDefinition{
				Name: aws.String("n"), Description: aws.String("d"), Schema: aws.String("{}"),
			}},
		}},
		PerformanceConfig: &types.PerformanceConfiguration{Latency: "optimized"},
		PromptVariables:   map[string]types.PromptVariableValues{"v": &types.PromptVariableValuesMemberText{Value: "w"}},
		RequestMetadata:   map[string]string{"k": "v"},
		ServiceTier:       &types.ServiceTier{Type: "flex"},
		System: []types.SystemContentBlock{
			&types.SystemContentBlockMemberText{Value: "be kind"},
			&types.SystemContentBlockMemberCachePoint{Value: types.CachePointBlock{Type: "default", Ttl: "5m"}},
			&types.SystemContentBlockMemberGuardContent{Value: &types.GuardrailConverseContentBlockMemberText{
				Value: types.GuardrailConverseTextBlock{Text: aws.String("t"), Qualifiers: []types.GuardrailConverseContentQualifier{"query"}},
			}},
		},
		ToolConfig: &types.ToolConfiguration{
			ToolChoice: &types.ToolChoiceMemberTool{Value: types.SpecificToolChoice{Name: aws.String("f")}},
			Tools: []types.Tool{
				&types.ToolMemberToolSpec{Value: types.ToolSpecification{
					Name: aws.String("f"), Description: aws.String("d"), Strict: aws.Bool(true),
					InputSchema: &types.ToolInputSchemaMemberJson{Value: doc(map[string]any{"type": "object"})},
				}},
				&types.ToolMemberSystemTool{Value: types.SystemTool{Name: aws.String("s")}},
				&types.ToolMemberCachePoint{Value: types.CachePointBlock{Type: "default"}},
			},
		},
		Messages: sdkMessages(),
	})
	sameJSON(t, "AppendRequest against the SDK", want, got)
}

// wireMessages and sdkMessages are the same messages, with every kind of block.
func wireMessages() []wire.Message {
	bytesSource := &wire.MediaSource{Bytes: []byte{1, 2, 255}}
	s3Source := &wire.MediaSource{S3Location: &wire.S3Location{URI: "s3://b/k", BucketOwner: new("1")}}
	return []wire.Message{{Role: "user", Content: []wire.ContentBlock{
		{Text: new("<é>")},
		{Audio: &wire.Audio{Format: "mp3", Source: bytesSource}},
		{Image: &wire.Image{Format: "png", Source: bytesSource}},
		{Image: &wire.Image{Format: "png", Source: s3Source, Error: &wire.MediaError{Message: new("e")}}},
		{Video: &wire.Video{Format: "mp4", Source: s3Source}},
		{Document: &wire.Document{
			Name: "n", Format: "pdf", Context: new("c"), Citations: &wire.CitationsConfig{Enabled: new(true)},
			Source: &wire.DocumentSource{Bytes: []byte("x")},
		}},
		{Document: &wire.Document{Name: "n", Source: &wire.DocumentSource{Content: []wire.DocumentContent{{Text: new("t")}}}}},
		{Document: &wire.Document{Name: "n", Source: &wire.DocumentSource{Text: new("")}}},
		{GuardContent: &wire.GuardContent{Image: &wire.GuardImage{Format: "png", Source: &wire.BytesSource{Bytes: []byte("x")}}}},
		{CachePoint: &wire.CachePoint{Type: "default"}},
		{SearchResult: &wire.SearchResult{Source: "s", Title: "t", Content: []wire.SearchResultContent{{Text: "x"}}}},
		{ToolResult: &wire.ToolResult{ToolUseID: "i", Status: "error", Type: "t", Content: []wire.ToolResultContent{
			{Text: new("t")}, {JSON: json.RawMessage(`{"a":1}`)}, {Image: &wire.Image{Format: "png", Source: bytesSource}},
		}}},
	}}, {Role: "assistant", Content: []wire.ContentBlock{
		{ReasoningContent: &wire.ReasoningContent{ReasoningText: &wire.ReasoningText{Text: "", Signature: new("s")}}},
		{ReasoningContent: &wire.ReasoningContent{RedactedContent: []byte("r")}},
		{CitationsContent: &wire.CitationsContent{Content: []wire.CitedText{{Text: new("t")}}, Citations: []wire.Citation{
			{Title: new("t"), Source: new("s"), SourceContent: []wire.CitedText{{Text: new("c")}}, Location: &wire.CitationLocation{
				DocumentPage: &wire.DocumentRange{DocumentIndex: new(0), Start: new(1), End: new(2)},
			}},
			{Location: &wire.CitationLocation{Web: &wire.WebLocation{URL: new("u"), Domain: new("d")}}},
			{Location: &wire.CitationLocation{SearchResultLocation: &wire.SearchResultRange{SearchResultIndex: new(3), Start: new(4), End: new(5)}}},
		}}},
		{ToolUse: &wire.ToolUse{ToolUseID: "i", Name: "f", Input: json.RawMessage(`{}`), Type: "server_tool_use"}},
		{ToolAddition: &wire.ToolChange{Tool: &wire.ToolReference{Name: new("n"), ServerName: new("s"), Type: new("t")}}},
	}}}
}

func sdkMessages() []types.Message {
	text := func(s string) *string { return &s }
	s3 := types.S3Location{Uri: text("s3://b/k"), BucketOwner: text("1")}
	raw := []byte{1, 2, 255}
	user := []types.ContentBlock{
		&types.ContentBlockMemberText{Value: "<é>"},
		&types.ContentBlockMemberAudio{Value: types.AudioBlock{Format: "mp3", Source: &types.AudioSourceMemberBytes{Value: raw}}},
		&types.ContentBlockMemberImage{Value: types.ImageBlock{Format: "png", Source: &types.ImageSourceMemberBytes{Value: raw}}},
		&types.ContentBlockMemberImage{Value: types.ImageBlock{
			Format: "png", Source: &types.ImageSourceMemberS3Location{Value: s3}, Error: &types.ErrorBlock{Message: text("e")},
		}},
		&types.ContentBlockMemberVideo{Value: types.VideoBlock{Format: "mp4", Source: &types.VideoSourceMemberS3Location{Value: s3}}},
		&types.ContentBlockMemberDocument{Value: types.DocumentBlock{
			Name: text("n"), Format: "pdf", Context: text("c"), Citations: &types.CitationsConfig{Enabled: aws.Bool(true)},
			Source: &types.DocumentSourceMemberBytes{Value: []byte("x")},
		}},
		&types.ContentBlockMemberDocument{Value: types.DocumentBlock{Name: text("n"), Source: &types.DocumentSourceMemberContent{
			Value: []types.DocumentContentBlock{&types.DocumentContentBlockMemberText{Value: "t"}},
		}}},
		&types.ContentBlockMemberDocument{Value: types.DocumentBlock{Name: text("n"), Source: &types.DocumentSourceMemberText{Value: ""}}},
		&types.ContentBlockMemberGuardContent{Value: &types.GuardrailConverseContentBlockMemberImage{Value: types.GuardrailConverseImageBlock{
			Format: "png", Source: &types.GuardrailConverseImageSourceMemberBytes{Value: []byte("x")},
		}}},
		&types.ContentBlockMemberCachePoint{Value: types.CachePointBlock{Type: "default"}},
		&types.ContentBlockMemberSearchResult{Value: types.SearchResultBlock{
			Source: text("s"), Title: text("t"), Content: []types.SearchResultContentBlock{{Text: text("x")}},
		}},
		&types.ContentBlockMemberToolResult{Value: types.ToolResultBlock{
			ToolUseId: text("i"), Status: "error", Type: text("t"),
			Content: []types.ToolResultContentBlock{
				&types.ToolResultContentBlockMemberText{Value: "t"},
				&types.ToolResultContentBlockMemberJson{Value: doc(map[string]any{"a": 1})},
				&types.ToolResultContentBlockMemberImage{Value: types.ImageBlock{Format: "png", Source: &types.ImageSourceMemberBytes{Value: raw}}},
			},
		}},
	}
	assistant := []types.ContentBlock{
		&types.ContentBlockMemberReasoningContent{Value: &types.ReasoningContentBlockMemberReasoningText{
			Value: types.ReasoningTextBlock{Text: text(""), Signature: text("s")},
		}},
		&types.ContentBlockMemberReasoningContent{Value: &types.ReasoningContentBlockMemberRedactedContent{Value: []byte("r")}},
		&types.ContentBlockMemberCitationsContent{Value: types.CitationsContentBlock{
			Content: []types.CitationGeneratedContent{&types.CitationGeneratedContentMemberText{Value: "t"}},
			Citations: []types.Citation{
				{
					Title: text("t"), Source: text("s"),
					SourceContent: []types.CitationSourceContent{&types.CitationSourceContentMemberText{Value: "c"}},
					Location: &types.CitationLocationMemberDocumentPage{Value: types.DocumentPageLocation{
						DocumentIndex: aws.Int32(0), Start: aws.Int32(1), End: aws.Int32(2),
					}},
				},
				{Location: &types.CitationLocationMemberWeb{Value: types.WebLocation{Url: text("u"), Domain: text("d")}}},
				{Location: &types.CitationLocationMemberSearchResultLocation{Value: types.SearchResultLocation{
					SearchResultIndex: aws.Int32(3), Start: aws.Int32(4), End: aws.Int32(5),
				}}},
			},
		}},
		&types.ContentBlockMemberToolUse{Value: types.ToolUseBlock{
			ToolUseId: text("i"), Name: text("f"), Input: doc(map[string]any{}), Type: types.ToolUseTypeServerToolUse,
		}},
		&types.ContentBlockMemberToolAddition{Value: types.ToolAdditionBlock{
			Tool: &types.ToolReference{Name: text("n"), ServerName: text("s"), Type: text("t")},
		}},
	}
	return []types.Message{{Role: "user", Content: user}, {Role: "assistant", Content: assistant}}
}

func TestCountTokensLikeSDK(t *testing.T) {
	r := &wire.Request{
		Messages:        wireMessages(),
		InferenceConfig: &wire.InferenceConfig{MaxTokens: new(1)}, // not part of the operation
	}
	want := sdkBody(t, &bedrockruntime.CountTokensInput{Input: &types.CountTokensInputMemberConverse{
		Value: types.ConverseTokensRequest{Messages: sdkMessages()},
	}})
	sameJSON(t, "converse", want, wire.AppendCountTokensRequest(nil, &wire.CountTokensRequest{Converse: r}))

	want = sdkBody(t, &bedrockruntime.CountTokensInput{Input: &types.CountTokensInputMemberInvokeModel{
		Value: types.InvokeModelTokensRequest{Body: []byte(`{"a":1}`)},
	}})
	got := wire.AppendCountTokensRequest(nil, &wire.CountTokensRequest{InvokeModel: []byte(`{"a":1}`)})
	if !bytes.Equal(got, want) || string(got) != `{"input":{"invokeModel":{"body":"eyJhIjoxfQ=="}}}` {
		t.Errorf("invokeModel: AppendCountTokensRequest = %s, the SDK %s", got, want)
	}
}
