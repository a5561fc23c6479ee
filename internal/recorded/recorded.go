package recorded

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/recordings"
)

// An Answer is what the caller of a recorded exchange gets.
type Answer struct {
	Operation string          // as the path ends, such as "converse-stream"
	Model     string          // the id that was called
	Asked     string          // the last text of the request, if it has one
	Response  *model.Response // nil if it failed, or if it is no answer of a model
	Err       error           // usually a *model.Error
}

// AnswerOf decodes an exchange with the code that decoded it when it was
// recorded: a model of package bedrock whose every request is answered with it.
func AnswerOf(ctx context.Context, e recordings.Exchange) (*Answer, error) {
	a, err := operationOf(e.URL)
	if err != nil {
		return nil, err
	}
	a.Asked = lastText(e.RequestBody)
	client := bedrockruntime.New(bedrockruntime.Options{
		Region:               "us-east-1",
		Credentials:          credentials.NewStaticCredentialsProvider("recorded", "recorded", ""),
		AuthSchemePreference: []string{"sigv4"},
		HTTPClient:           played{e},
		Retryer:              aws.NopRetryer{},
	})
	var llm model.ChatModel
	switch a.Operation {
	case "converse", "converse-stream":
		llm, err = bedrock.New(client, a.Model, nil)
	case "invoke", "invoke-with-response-stream":
		llm, err = bedrock.New(client, a.Model, &bedrock.Options{Format: bedrock.FormatAuto})
	default:
		return a, nil
	}
	if err != nil {
		return nil, err
	}
	req := &model.Request{Messages: []model.Message{model.User("What was it?")}}
	if strings.HasSuffix(a.Operation, "stream") {
		a.Response, a.Err = llm.Stream(ctx, req).Response()
	} else {
		a.Response, a.Err = llm.Generate(ctx, req)
	}
	if a.Err != nil {
		a.Response = nil
		if _, ok := errors.AsType[*model.Error](a.Err); !ok {
			return nil, a.Err
		}
	}
	return a, nil
}

// operationOf reads a path of Bedrock Runtime, /model/ID/operation.
func operationOf(address string) (*Answer, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	rest, ok := strings.CutPrefix(u.EscapedPath(), "/model/")
	i := strings.LastIndexByte(rest, '/')
	if !ok || i < 0 {
		return nil, fmt.Errorf("%s is no call of Bedrock Runtime", u.EscapedPath())
	}
	id, err := url.PathUnescape(rest[:i])
	return &Answer{Operation: rest[i+1:], Model: id}, err
}

// A played is an HTTP client that has one answer.
type played struct{ e recordings.Exchange }

// Do returns the recorded answer, whatever the body of the request. Nothing but a
// call of a model is recorded.
func (r played) Do(req *http.Request) (*http.Response, error) {
	if !strings.HasPrefix(req.URL.Path, "/model/") {
		return nil, errors.New("nothing else is recorded")
	}
	return &http.Response{
		Status: http.StatusText(r.e.Status), StatusCode: r.e.Status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: r.e.ResponseHeader.Clone(), Body: io.NopCloser(bytes.NewReader(r.e.ResponseBody)),
		ContentLength: int64(len(r.e.ResponseBody)), Request: req,
	}, nil
}

// lastText returns the last text of a request, whatever its format.
func lastText(body []byte) string {
	var req struct {
		Messages []struct {
			Content json.RawMessage `json:"content"`
		} `json:"messages"`
		Prompt    string `json:"prompt"`
		InputText string `json:"inputText"`
	}
	if json.Unmarshal(body, &req) != nil {
		return ""
	}
	text := req.Prompt + req.InputText
	for _, m := range req.Messages {
		var blocks []struct {
			Text string `json:"text"`
		}
		if json.Unmarshal(m.Content, &text) == nil || json.Unmarshal(m.Content, &blocks) != nil {
			continue
		}
		for _, block := range blocks {
			if block.Text != "" {
				text = block.Text
			}
		}
	}
	return text
}
