package bedrocktest_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	controlplane "github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrock/types"
	"github.com/aws/smithy-go"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
)

// TestControlPlane uses the AWS SDK's client of the control plane, with signed
// requests, to list and find models and profiles, and calls one of the models
// found.
func TestControlPlane(t *testing.T) {
	s := bedrocktest.InMemory(always("ok"), &bedrocktest.Options{Retired: []string{"anthropic.claude-3-haiku-20240307-v1:0"}})
	client := controlplane.NewFromConfig(s.Config())
	ctx := t.Context()

	all, err := client.ListFoundationModels(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	find := func(id string) *types.FoundationModelSummary {
		i := slices.IndexFunc(all.ModelSummaries, func(m types.FoundationModelSummary) bool { return *m.ModelId == id })
		if i < 0 {
			return nil
		}
		return &all.ModelSummaries[i]
	}
	const base = "anthropic.claude-sonnet-4-5-20250929-v1:0"
	m := find(base)
	if m == nil || *m.ModelName != "Claude Sonnet 4.5" || *m.ProviderName != "Anthropic" || *m.ModelArn != "arn:aws:bedrock:us-east-1::foundation-model/"+base ||
		!slices.Equal(m.InferenceTypesSupported, []types.InferenceType{"INFERENCE_PROFILE"}) ||
		!slices.Contains(m.InputModalities, types.ModelModalityImage) || m.ModelLifecycle.Status != types.FoundationModelLifecycleStatusActive {
		t.Errorf("%s is listed as %+v", base, m)
	}
	if find("anthropic.claude-3-haiku-20240307-v1:0") != nil {
		t.Error("a retired model is listed")
	}
	meta, err := client.ListFoundationModels(ctx, &controlplane.ListFoundationModelsInput{ByProvider: aws.String("Meta")})
	if err != nil || len(meta.ModelSummaries) == 0 || slices.ContainsFunc(meta.ModelSummaries, func(m types.FoundationModelSummary) bool { return !strings.HasPrefix(*m.ModelId, "meta.") }) {
		t.Errorf("models of Meta: %+v, %v", meta, err)
	}

	one, err := client.GetFoundationModel(ctx, &controlplane.GetFoundationModelInput{ModelIdentifier: m.ModelArn})
	if err != nil || *one.ModelDetails.ModelId != base {
		t.Errorf("the model of an ARN: %+v, %v", one, err)
	}

	profiles := controlplane.NewListInferenceProfilesPaginator(client, &controlplane.ListInferenceProfilesInput{MaxResults: aws.Int32(7)})
	var ids []string
	for profiles.HasMorePages() {
		page, err := profiles.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range page.InferenceProfileSummaries {
			ids = append(ids, *p.InferenceProfileId)
		}
	}
	if sorted := slices.Sorted(slices.Values(ids)); len(ids) < 10 || len(slices.Compact(sorted)) != len(ids) || !slices.Contains(ids, "us."+base) {
		t.Errorf("the profiles are %v", ids)
	}
	p, err := client.GetInferenceProfile(ctx, &controlplane.GetInferenceProfileInput{InferenceProfileIdentifier: aws.String("us." + base)})
	if err != nil || *p.Models[0].ModelArn != *m.ModelArn || p.Type != types.InferenceProfileTypeSystemDefined {
		t.Errorf("the profile: %+v, %v", p, err)
	}
	for _, id := range ids {
		if got := ask(t, memory(always("ok"), nil), id, conversation(hello)); got.status != 200 {
			t.Errorf("%s is listed and refused: %s", id, got.body)
		}
	}
	if calls := s.Calls(); calls[0].Operation != "ListFoundationModels" || calls[0].Status != 200 {
		t.Errorf("the first call is remembered as %+v", calls[0])
	}
}

// TestControlPlaneRefusals checks the type of the error for each wrong request.
func TestControlPlaneRefusals(t *testing.T) {
	s := bedrocktest.InMemory(always("ok"), &bedrocktest.Options{Play: map[string]string{
		"arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc": "anthropic.claude-opus-5"}})
	client := controlplane.NewFromConfig(s.Config())
	profile := func(ctx context.Context, id string) (*controlplane.GetInferenceProfileOutput, error) {
		return client.GetInferenceProfile(ctx, &controlplane.GetInferenceProfileInput{InferenceProfileIdentifier: aws.String(id)})
	}
	code := func(err error) string {
		if e, ok := errors.AsType[smithy.APIError](err); ok {
			return e.ErrorCode()
		}
		return ""
	}
	ctx := t.Context()
	_, err := client.GetFoundationModel(ctx, &controlplane.GetFoundationModelInput{ModelIdentifier: aws.String("anthropic.claude-of-nowhere")})
	if code(err) != "ValidationException" {
		t.Errorf("an unknown model: %v", err)
	}
	for _, id := range []string{"us.nobody.nothing", "anthropic.claude-opus-5", "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/xyz"} {
		if _, err := profile(ctx, id); code(err) != "ResourceNotFoundException" {
			t.Errorf("profile %s: %v", id, err)
		}
	}
	own, err := profile(ctx, "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc")
	if err != nil || *own.Models[0].ModelArn != "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-opus-5" || own.Type != types.InferenceProfileTypeApplication {
		t.Errorf("a profile of one's own: %+v, %v", own, err)
	}
	if _, err := client.ListInferenceProfiles(ctx, &controlplane.ListInferenceProfilesInput{NextToken: aws.String("x")}); code(err) != "ValidationException" {
		t.Errorf("a token of another: %v", err)
	}
	if _, err := client.ListFoundationModels(ctx, &controlplane.ListFoundationModelsInput{ByOutputModality: "SMELL"}); code(err) != "ValidationException" ||
		!strings.Contains(err.Error(), "Value 'SMELL' at 'byOutputModality'") {
		t.Errorf("a modality of nobody: %v", err)
	}
	// An unsigned call is refused as everywhere.
	resp, err := s.HTTPClient().Get(s.URL + "/foundation-models")
	if err != nil {
		t.Fatal(err)
	}
	if a := read(t, resp); a.status != http.StatusForbidden {
		t.Errorf("unsigned: %d %s", a.status, a.body)
	}
}

// FuzzControlPlane sends arbitrary paths and queries. Each must be answered in
// the service's form.
func FuzzControlPlane(f *testing.F) {
	f.Add("/foundation-models", "byProvider=x")
	f.Add("/foundation-models/arn%3Aaws", "")
	f.Add("/inference-profiles", "maxResults=1&nextToken=cDE")
	f.Add("/inference-profiles/us.anthropic.claude-opus-5", "")
	f.Add("/inference-profiles/arn:aws:bedrock:::application-inference-profile", "type=APPLICATION")
	s := memory(says("ok"), &bedrocktest.Options{Keep: -1})
	f.Fuzz(func(t *testing.T, path, query string) {
		req, err := http.NewRequest(http.MethodGet, s.URL+"/"+strings.TrimPrefix(path, "/")+"?"+query, nil)
		if err != nil {
			return
		}
		resp, err := s.HTTPClient().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		a := read(t, resp)
		if a.status >= 500 || len(a.body) == 0 || a.body[0] != '{' {
			t.Errorf("%d %s", a.status, a.body)
		}
	})
}
