package main

import (
	"bytes"
	"io"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/internal/eventstream"
	"github.com/chatmodel-go/chatmodel/model"
)

const claude = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"

// hello is the shortest of requests.
var hello = &model.Request{Messages: []model.Message{model.User("Hello")}}

// A roundTrip is an HTTP client that answers from memory.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) Do(req *http.Request) (*http.Response, error) { return f(req) }

// always answers each request with the same body, once it has read the
// request's.
func always(contentType string, body []byte) roundTrip {
	return func(req *http.Request) (*http.Response, error) {
		if _, err := io.Copy(io.Discard, req.Body); err != nil {
			return nil, err
		}
		return answered(contentType, io.NopCloser(bytes.NewReader(body)), int64(len(body))), nil
	}
}

// answered is a response of status 200. Size is that of the body, -1 if it is
// not known.
func answered(contentType string, body io.ReadCloser, size int64) *http.Response {
	return &http.Response{StatusCode: http.StatusOK, Body: body, ContentLength: size,
		Header: http.Header{"Content-Type": {contentType}, "X-Amzn-Requestid": {"rid-1"}}}
}

const eventStream = "application/vnd.amazon.eventstream"

// sdk returns an SDK client that does not depend on the environment.
func sdk(client bedrockruntime.HTTPClient) *bedrockruntime.Client {
	return bedrockruntime.New(bedrockruntime.Options{
		Region:               "us-east-1",
		Credentials:          credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", ""),
		AuthSchemePreference: []string{"sigv4"},
		HTTPClient:           client,
		Retryer:              aws.NopRetryer{},
	})
}

// ours returns a model behind the same client.
func ours(client bedrockruntime.HTTPClient, format bedrock.Format) (*bedrock.Model, error) {
	return bedrock.New(sdk(client), claude, &bedrock.Options{Format: format})
}

// frames writes events, each its type, a space and its payload.
func frames(events ...string) []byte {
	var all []byte
	for _, ev := range events {
		name, payload, _ := strings.Cut(ev, " ")
		var err error
		if all, err = eventstream.AppendEvent(all, name, []byte(payload)); err != nil {
			panic(err) // only of a name that is too long
		}
	}
	return all
}
