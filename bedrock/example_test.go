package bedrock_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/types"
	"github.com/aws/smithy-go/auth/bearer"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// reply plays the service for the examples: it answers, streamed or not, in
// the form of the service, and shows how it was asked.
func reply(show func(*http.Request)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		show(r)
		w.Header().Set("X-Amzn-RequestId", "9b7c2f4e")
		if strings.HasSuffix(r.URL.Path, "/converse-stream") {
			w.Header().Set("Content-Type", eventStream)
			w.Write(textStream("J", "'adore la", " programmation."))
			return
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, unaryText("J'adore la programmation."))
	}
}

func silent(*http.Request) {}

// showSigner shows the region and the key that a request was signed with.
func showSigner(r *http.Request) {
	_, scope, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	part := strings.Split(scope, "/")
	fmt.Println("signed by", part[0], "in", part[2])
}

// variables sets variables of the environment, and returns what unsets them.
func variables(all ...string) (unset func()) {
	for _, v := range all {
		name, value, _ := strings.Cut(v, "=")
		os.Setenv(name, value)
	}
	return func() {
		for _, v := range all {
			name, _, _ := strings.Cut(v, "=")
			os.Unsetenv(name)
		}
	}
}

const modelID = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"

var ask = &model.Request{Messages: []model.Message{
	model.System("Translate the user's sentence to French."),
	model.User("I love programming."),
}}

// Open takes everything from the environment.
func ExampleOpen() {
	srv := httptest.NewServer(reply(showSigner)) // in place of AWS
	defer srv.Close()
	defer variables("AWS_REGION=eu-west-3", "AWS_ACCESS_KEY_ID=AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY=…",
		"AWS_ENDPOINT_URL_BEDROCK_RUNTIME="+srv.URL)()

	ctx := context.Background()
	llm, err := bedrock.Open(ctx, modelID, nil)
	if err != nil {
		log.Fatal(err)
	}
	resp, err := llm.Generate(ctx, ask)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(resp.Text())
	fmt.Println(resp.StopReason, resp.Usage.InputTokens, resp.Usage.OutputTokens)
	// Output:
	// signed by AKIDEXAMPLE in eu-west-3
	// J'adore la programmation.
	// end_turn 3 4
}

// A client of your own says where, and as whom.
func ExampleNew() {
	srv := httptest.NewServer(reply(showSigner))
	defer srv.Close()

	client := bedrockruntime.New(bedrockruntime.Options{
		Region:       "us-west-2",
		Credentials:  credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "…", ""),
		BaseEndpoint: aws.String(srv.URL), // such as a VPC endpoint; leave it out for AWS itself
	})
	llm, err := bedrock.New(client, modelID, nil)
	if err != nil {
		log.Fatal(err)
	}
	resp, err := llm.Generate(context.Background(), ask)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(resp.Text())
	// Output:
	// signed by AKIDEXAMPLE in us-west-2
	// J'adore la programmation.
}

// A named profile of the shared files brings its region with it.
func ExampleNew_profile() {
	srv := httptest.NewServer(reply(showSigner))
	defer srv.Close()
	dir, err := os.MkdirTemp("", "aws")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	file := dir + "/config" // mostly ~/.aws/config, which needs no option
	os.WriteFile(file, []byte("[profile work]\nregion = ap-northeast-1\naws_access_key_id = AKIDWORK\naws_secret_access_key = …\n"), 0o600)

	ctx := context.Background()
	cfg, err := config.LoadDefaultConfig(ctx,
		config.WithSharedConfigProfile("work"),
		config.WithSharedConfigFiles([]string{file}),
		config.WithBaseEndpoint(srv.URL),
	)
	if err != nil {
		log.Fatal(err)
	}
	llm, err := bedrock.New(bedrockruntime.NewFromConfig(cfg), modelID, nil)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := llm.Generate(ctx, ask); err != nil {
		log.Fatal(err)
	}
	// Output: signed by AKIDWORK in ap-northeast-1
}

// Temporary credentials have a session token. Those that expire are renewed
// by a provider of package credentials; aws.NewCredentialsCache keeps them.
func ExampleNew_temporaryCredentials() {
	srv := httptest.NewServer(reply(func(r *http.Request) {
		showSigner(r)
		fmt.Println("with token", r.Header.Get("X-Amz-Security-Token"))
	}))
	defer srv.Close()

	cfg := aws.Config{
		Region:       "us-east-1",
		Credentials:  credentials.NewStaticCredentialsProvider("ASIAEXAMPLE", "…", "session-token"),
		BaseEndpoint: aws.String(srv.URL),
	}
	llm, err := bedrock.New(bedrockruntime.NewFromConfig(cfg), modelID, nil)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := llm.Generate(context.Background(), ask); err != nil {
		log.Fatal(err)
	}
	// Output:
	// signed by ASIAEXAMPLE in us-east-1
	// with token session-token
}

// A bearer token, an API key of Bedrock, takes the place of credentials. The
// variable AWS_BEARER_TOKEN_BEDROCK does the same without any code.
func ExampleNew_bearerToken() {
	srv := httptest.NewTLSServer(reply(func(r *http.Request) { // tokens are sent over HTTPS only
		fmt.Println("Authorization:", r.Header.Get("Authorization"))
	}))
	defer srv.Close()

	client := bedrockruntime.New(bedrockruntime.Options{
		Region:                  "us-east-1",
		BearerAuthTokenProvider: bearer.StaticTokenProvider{Token: bearer.Token{Value: "api-key"}},
		BaseEndpoint:            aws.String(srv.URL),
		HTTPClient:              srv.Client(),
	})
	llm, err := bedrock.New(client, modelID, nil)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := llm.Generate(context.Background(), ask); err != nil {
		log.Fatal(err)
	}
	// Output: Authorization: Bearer api-key
}

// The client brings the HTTP client. This one gives up on a connection that
// is silent for a minute; a limit on the whole exchange would cut long
// streams off.
func ExampleNew_httpClient() {
	srv := httptest.NewServer(reply(silent))
	defer srv.Close()

	client := bedrockruntime.New(bedrockruntime.Options{
		Region:       "us-east-1",
		Credentials:  credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "…", ""),
		BaseEndpoint: aws.String(srv.URL),
		HTTPClient:   awshttp.NewBuildableClient().WithReadTimeout(time.Minute),
	})
	llm, err := bedrock.New(client, modelID, nil)
	if err != nil {
		log.Fatal(err)
	}
	resp, err := llm.Stream(context.Background(), ask).Response()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(resp.Text())
	// Output: J'adore la programmation.
}

func exampleModel(url string) *bedrock.Model {
	llm, err := bedrock.New(clientAt(url, nil), modelID, nil)
	if err != nil {
		log.Fatal(err)
	}
	return llm
}

// A stream is ranged over, and holds the whole answer afterwards.
func ExampleModel_Stream() {
	srv := httptest.NewServer(reply(silent))
	defer srv.Close()
	llm := exampleModel(srv.URL)

	stream := llm.Stream(context.Background(), ask)
	fmt.Print("|")
	for text, err := range stream.Text() {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Print(text, "|")
	}
	resp, err := stream.Response()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println()
	fmt.Println(resp.StopReason, resp.Usage.Total())
	// Output:
	// |J|'adore la| programmation.|
	// end_turn 7
}

// A stream that is cut off is an error that holds what had arrived.
func ExampleModel_Stream_cut() {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/vnd.amazon.eventstream")
		w.Write(event("contentBlockDelta", `{"contentBlockIndex":0,"delta":{"text":"J'adore la"}}`))
	}))
	defer srv.Close()
	llm := exampleModel(srv.URL)

	_, err := llm.Stream(context.Background(), ask).Response()
	if e, ok := errors.AsType[*model.Error](err); ok && errors.Is(err, model.ErrTruncated) {
		fmt.Println("so far:", e.Partial.Text())
		fmt.Println("again?", model.Retryable(err))
	}
	// Output:
	// so far: J'adore la
	// again? true
}

// The kind says what can be done; what the SDK says is there as well.
func Example_errors() {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Amzn-RequestId", "9b7c2f4e")
		w.Header().Set("X-Amzn-ErrorType", "ThrottlingException")
		w.Header().Set("Retry-After", "2")
		w.WriteHeader(http.StatusTooManyRequests)
		fmt.Fprint(w, `{"message":"Too many requests, please wait before trying again."}`)
	}))
	defer srv.Close()
	llm := exampleModel(srv.URL)

	_, err := llm.Generate(context.Background(), ask)
	switch {
	case errors.Is(err, model.ErrContextOverflow):
		fmt.Println("shorten the conversation")
	case model.Retryable(err):
		fmt.Println("try again")
	}
	if e, ok := errors.AsType[*model.Error](err); ok {
		fmt.Println(e.Kind, e.Code, e.Status, e.RequestID, e.RetryAfter)
	}
	if e, ok := errors.AsType[*types.ThrottlingException](err); ok {
		fmt.Println(e.ErrorMessage())
	}
	// Output:
	// try again
	// model: throttled ThrottlingException 429 9b7c2f4e 2s
	// Too many requests, please wait before trying again.
}
