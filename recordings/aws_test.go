package recordings_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/types"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/chatmodel-go/chatmodel/internal/outside"
	"github.com/chatmodel-go/chatmodel/recordings"
)

// newClient returns the real client of the AWS SDK, with its usual retries.
func newClient(tape *recordings.Tape) *bedrockruntime.Client {
	return bedrockruntime.New(bedrockruntime.Options{
		Region:               "us-east-1",
		Credentials:          credentials.NewStaticCredentialsProvider(canaryKey, canarySecret, canarySession),
		HTTPClient:           tape.Client(),
		AuthSchemePreference: []string{"sigv4"},
		RetryMaxAttempts:     3,
	})
}

func hello(model string) *bedrockruntime.ConverseInput {
	return &bedrockruntime.ConverseInput{
		ModelId:  aws.String(model),
		Messages: []types.Message{{Role: types.ConversationRoleUser, Content: []types.ContentBlock{&types.ContentBlockMemberText{Value: "Hello"}}}},
	}
}

const helloBody = `{"messages":[{"content":[{"text":"Hello"}],"role":"user"}]}`

func TestSDKReplays(t *testing.T) {
	dir := transcribe(t, exchange(helloBody, `{"output":{"message":{"role":"assistant","content":[{"text":"Hi"}]}},"stopReason":"end_turn"}`))
	tape := recordings.Open(t, "c", &recordings.Options{Dir: dir})
	out, err := newClient(tape).Converse(t.Context(), hello("m-1"))
	if err != nil {
		t.Fatal(err)
	}
	if out.StopReason != types.StopReasonEndTurn {
		t.Errorf("StopReason = %s", out.StopReason)
	}
	names := strings.Join(tape.Requests()[0].HeaderNames, " ")
	if !strings.Contains(names, "Authorization") {
		t.Errorf("the request was not signed: headers %s", names)
	}
}

// A miss must reach the caller of the SDK at once: one attempt, no waiting.
func TestSDKDoesNotRetryMiss(t *testing.T) {
	dir := transcribe(t, exchange(strings.Replace(helloBody, "Hello", "Bonjour", 1), `{}`))
	synctest.Test(t, func(t *testing.T) { // its clock moves if anybody sleeps
		ft := &fakeT{name: "c"}
		tape := recordings.Open(ft, "", &recordings.Options{Dir: dir})
		client := newClient(tape)
		start := time.Now()
		_, err := client.Converse(t.Context(), hello("m-1"))
		_, streamErr := client.ConverseStream(t.Context(), &bedrockruntime.ConverseStreamInput{ModelId: aws.String("m-1"), Messages: hello("").Messages})
		if waited := time.Since(start); waited != 0 {
			t.Errorf("the SDK waited %v", waited)
		}
		if got := len(tape.Requests()); got != 2 {
			t.Errorf("%d attempts for two calls, want 2", got)
		}
		for _, err := range []error{err, streamErr} {
			api, ok := errors.AsType[smithy.APIError](err)
			if !ok || api.ErrorCode() != "RecordingMiss" || !strings.Contains(api.ErrorMessage(), "Bonjour") {
				t.Errorf("error = %v, want RecordingMiss with the difference", err)
			}
		}
		if len(ft.errors) != 1 {
			t.Errorf("reported %d errors, want 1", len(ft.errors))
		}
	})
}

// foreign is the origin of cassettes that name none.
var foreign = recordings.Origin{Kind: recordings.Captured, Model: "various", SDK: []string{"unknown"}, Date: "2026-01-31"}

func TestRealRecordingsReplayThroughSDK(t *testing.T) {
	found := outside.Recordings(t)
	calls := 0
	for _, r := range found {
		name, fsys := r.Name, r.FS()
		t.Run(name, func(t *testing.T) {
			cassette, err := recordings.Load(fsys, name)
			if err != nil {
				t.Fatal(err)
			}
			tape := recordings.Open(t, name, &recordings.Options{FS: fsys, Origin: foreign, FrameByFrame: true})
			client := newClient(tape)
			for i, e := range cassette.Exchanges {
				calls++
				replayThroughSDK(t, client, i, e)
			}
			if got, want := len(tape.Requests()), len(cassette.Exchanges); got != want {
				t.Errorf("%d requests, want %d", got, want)
			}
		})
	}
	t.Logf("%d calls of %d recordings", calls, len(found))
}

// replayThroughSDK makes the SDK send what was recorded, signed and all, and
// checks that it reads the recorded answer to its end.
func replayThroughSDK(t *testing.T, client *bedrockruntime.Client, i int, e recordings.Exchange) {
	t.Helper()
	u, err := url.Parse(e.URL)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(u.Path, "/") // "", "model", id, operation
	model, operation := strings.Join(parts[2:len(parts)-1], "/"), parts[len(parts)-1]
	err = call(t.Context(), client, operation, model, sending(e.RequestBody))
	if (err != nil) != (e.Status >= 400) {
		t.Errorf("exchange %d: %s error = %v, recorded status %d", i, operation, err, e.Status)
	}
}

func call(ctx context.Context, client *bedrockruntime.Client, operation, model string, opt func(*bedrockruntime.Options)) error {
	id := aws.String(model)
	switch operation {
	case "converse":
		out, err := client.Converse(ctx, &bedrockruntime.ConverseInput{ModelId: id}, opt)
		if err == nil && out.StopReason == "" {
			return errors.New("response lacks a stop reason")
		}
		return err
	case "converse-stream":
		out, err := client.ConverseStream(ctx, &bedrockruntime.ConverseStreamInput{ModelId: id}, opt)
		if err != nil {
			return err
		}
		defer out.GetStream().Close()
		stopped := false
		for event := range out.GetStream().Events() {
			if _, ok := event.(*types.ConverseStreamOutputMemberMessageStop); ok {
				stopped = true
			}
		}
		if !stopped {
			return errors.New("stream has no messageStop")
		}
		return out.GetStream().Err()
	case "count-tokens":
		_, err := client.CountTokens(ctx, &bedrockruntime.CountTokensInput{ModelId: id, Input: &types.CountTokensInputMemberConverse{}}, opt)
		return err
	case "invoke":
		out, err := client.InvokeModel(ctx, &bedrockruntime.InvokeModelInput{ModelId: id}, opt)
		if err == nil && !json.Valid(out.Body) {
			return errors.New("body is not JSON")
		}
		return err
	case "invoke-with-response-stream":
		out, err := client.InvokeModelWithResponseStream(ctx, &bedrockruntime.InvokeModelWithResponseStreamInput{ModelId: id}, opt)
		if err != nil {
			return err
		}
		defer out.GetStream().Close()
		events := 0
		for range out.GetStream().Events() {
			events++
		}
		if events == 0 {
			return errors.New("stream is empty")
		}
		return out.GetStream().Err()
	default:
		return errors.New("unknown operation")
	}
}

// sending replaces the body that the SDK made, before the SDK signs it.
func sending(body []byte) func(*bedrockruntime.Options) {
	replace := middleware.FinalizeMiddlewareFunc("body", func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
		req, err := in.Request.(*smithyhttp.Request).SetStream(bytes.NewReader(body))
		if err != nil {
			return middleware.FinalizeOutput{}, middleware.Metadata{}, err
		}
		req.ContentLength = int64(len(body))
		in.Request = req
		return next.HandleFinalize(ctx, in)
	})
	return bedrockruntime.WithAPIOptions(func(stack *middleware.Stack) error {
		return stack.Finalize.Add(replace, middleware.Before)
	})
}

// The environment of a machine must not decide whether a client can be made.
func TestIsolateMakesConfigLoad(t *testing.T) {
	t.Setenv("AWS_CA_BUNDLE", "/no/such/bundle.pem")
	t.Setenv("AWS_PROFILE", "no-such-profile")
	t.Setenv("AWS_BEARER_TOKEN_BEDROCK", "token")
	load := func(t *testing.T) (aws.Config, error) {
		tape, err := recordings.Replay(recordings.Cassettes(), "seed/translate", nil)
		if err != nil {
			t.Fatal(err)
		}
		return config.LoadDefaultConfig(t.Context(), config.WithHTTPClient(tape.Client()), config.WithRegion("us-east-1"))
	}
	if _, err := load(t); err == nil {
		t.Fatal("LoadDefaultConfig succeeded before Isolate, so this test shows nothing")
	}
	recordings.Isolate(t)
	if _, err := load(t); err != nil {
		t.Errorf("LoadDefaultConfig error = %v", err)
	}
}
