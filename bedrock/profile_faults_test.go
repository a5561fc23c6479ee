package bedrock_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	controlplane "github.com/aws/aws-sdk-go-v2/service/bedrock"
	controltypes "github.com/aws/aws-sdk-go-v2/service/bedrock/types"

	"github.com/chatmodel-go/chatmodel/bedrock"
)

// TestProfileInAHurry checks that a call with little time leaves the look-up to
// the next ones, and that its haste does not count as a failure.
func TestProfileInAHurry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		get := &profiles{answers: []func(context.Context) (*controlplane.GetInferenceProfileOutput, error){
			slowly(50*time.Millisecond, found("arn:aws:bedrock:us-east-1::foundation-model/"+sonnet45)),
		}}
		p := behindProfile(t, &bedrock.Options{Profiles: get})
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		start := time.Now()
		resp, err := p.Generate(ctx, warm)
		if err != nil || len(resp.Warnings) != 1 || resp.Warnings[0].Field != "model" || time.Since(start) != 25*time.Millisecond {
			t.Errorf("Generate = %v, %v after %v, want the answer after a quarter of the time, with a warning of the model", resp, err, time.Since(start))
		}
		p.ask(t, sonnetBody, "top_p")
		if took := time.Since(start); took != 50*time.Millisecond || get.calls() != 1 {
			t.Errorf("the next call: %v after the first with %d look-ups, want 50ms and one", took, get.calls())
		}
	})
}

// TestProfileOfNoModel checks that a profile whose model has no name counts as
// a failure, which is remembered, and that the first model with a name is taken.
func TestProfileOfNoModel(t *testing.T) {
	named := controltypes.InferenceProfileModel{ModelArn: aws.String("arn:aws:bedrock:us-east-1::foundation-model/" + sonnet45)}
	for _, tt := range []struct {
		models      []controltypes.InferenceProfileModel
		body, field string
	}{
		{[]controltypes.InferenceProfileModel{{}}, warmBody, "model"},
		{[]controltypes.InferenceProfileModel{{ModelArn: aws.String("")}}, warmBody, "model"},
		{[]controltypes.InferenceProfileModel{{ModelArn: aws.String(profileARN)}}, warmBody, "model"},
		{[]controltypes.InferenceProfileModel{{ModelArn: aws.String("arn:aws:bedrock:us-east-1::foundation-model/a\x00")}}, warmBody, "model"},
		{[]controltypes.InferenceProfileModel{{}, named}, sonnetBody, "top_p"},
	} {
		get := &profiles{answers: []func(context.Context) (*controlplane.GetInferenceProfileOutput, error){
			func(context.Context) (*controlplane.GetInferenceProfileOutput, error) {
				return &controlplane.GetInferenceProfileOutput{Models: tt.models}, nil
			},
		}}
		p := behindProfile(t, &bedrock.Options{Profiles: get})
		for range 3 {
			p.ask(t, tt.body, tt.field)
		}
		if get.calls() != 1 {
			t.Errorf("%d look-ups for %d models, want one", get.calls(), len(tt.models))
		}
	}
}

// planeAt returns a client of a control plane.
func planeAt(url string, client controlplane.HTTPClient) *controlplane.Client {
	return controlplane.New(controlplane.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(url), HTTPClient: client, Retryer: aws.NopRetryer{},
		Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", "session-token"),
	})
}

// TestProfileRedirected checks that nobody follows a redirect of the control
// plane: neither net/http's client nor the SDK's, which follows some by itself.
func TestProfileRedirected(t *testing.T) {
	var strayed atomic.Int32
	stranger := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { strayed.Add(1) }))
	t.Cleanup(stranger.Close)
	var status int
	var length int64
	endpoint := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		length = r.ContentLength
		http.Redirect(w, r, stranger.URL+r.URL.Path, status)
	}))
	t.Cleanup(endpoint.Close)
	for name, client := range map[string]controlplane.HTTPClient{
		"net/http": plainClient(t), "of the SDK": awshttp.NewBuildableClient(), "by default": nil,
	} {
		for _, status = range []int{301, 302, 303, 307, 308} {
			p := behindProfile(t, &bedrock.Options{Profiles: planeAt(endpoint.URL, client)})
			p.ask(t, warmBody, "model")
			if strayed.Load() != 0 || length != 0 {
				t.Fatalf("%s, %d: the stranger was asked %d times, and the request had %d bytes, want none", name, status, strayed.Load(), length)
			}
		}
	}
}

// TestProfileWithoutEnd checks that the control plane's answer has a limit.
func TestProfileWithoutEnd(t *testing.T) {
	body := &zeros{n: 1 << 20}
	p := behindProfile(t, &bedrock.Options{Profiles: planeAt("http://localhost", respond(200, body, "Content-Type", "application/json"))})
	p.ask(t, warmBody, "model")
	if body.read > 3*megabyte {
		t.Errorf("%d MB were read, want one or little more", body.read/megabyte)
	}
}
