package bedrock_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/internal/eventstream"
	"github.com/chatmodel-go/chatmodel/model"
)

// measured are members that tell how long an answer took.
var measured = regexp.MustCompile(`(atencyMs|Latency)":[0-9]+`)

// served puts a body of the test server in lines: the events of a stream, one a line.
func served(body []byte) string {
	var b strings.Builder
	d := eventstream.NewDecoder(bytes.NewReader(body))
	for {
		f, err := d.Next()
		if err == io.EOF && b.Len() > 0 {
			return b.String()
		}
		if err != nil {
			return b.String() + "    " + visible.Replace(string(measured.ReplaceAll(body, []byte(`$1":7`)))) + "\n"
		}
		fmt.Fprintf(&b, "    %s%s%s %s\n", f.EventType, f.ExceptionType, f.ErrorCode, measured.ReplaceAll(inner(string(f.Payload)), []byte(`$1":7`)))
	}
}

// TestGoldensServed keeps the bytes that the test server answers with: parts of
// every kind at each door, in one piece and streamed, and failures. The server
// shares code with the client, so the client's reading of its answers would not
// show that they are wrong.
func TestGoldensServed(t *testing.T) {
	var blocks []block
	answers := map[string]*model.Response{
		"counters": {Message: model.Assistant("a"), StopReason: model.StopMaxTokens, Usage: &model.Usage{Known: true, InputTokens: 20, OutputTokens: 5, CacheReadTokens: 4, CacheWriteTokens: 6, ReasoningTokens: 2}},
		"parts":    {Message: model.AssistantParts(model.Thinking{Text: "t", Provider: bedrock.Provider}, model.Text("a"), model.ToolCall{ID: "c1", Name: "weather", Input: json.RawMessage(`{"city": 1.50}`)})},
		"nothing":  {Message: model.AssistantParts()},
	}
	for name, p := range historyParts() {
		answers[name] = &model.Response{Message: model.AssistantParts(p)}
	}
	for name, answer := range answers {
		b := block{name: "answer: " + name}
		for _, d := range allDoors {
			b.text += "  " + d.String() + "\n" + serve(claude45, d, answer, nil)
		}
		b.text += "  " + string(bedrock.FormatOpenAI) + "\n" + serve(gptOSS, door{"invoke-with-response-stream", bedrock.FormatOpenAI}, answer, nil)
		blocks = append(blocks, b)
	}
	for name, e := range map[string]bedrocktest.Exception{
		"throttled": {Code: "ThrottlingException", RetryAfter: 2e9}, "of a model": {Code: "ModelErrorException", Message: "Words.", OriginalStatus: 529, OriginalMessage: "Further words."},
		"of a stream": {Code: "ModelStreamErrorException", Message: "Words.", OriginalStatus: 529, OriginalMessage: "Further words."}, "unknown": {Code: "NewException", Status: 418},
	} {
		b := block{name: "failure: " + name}
		for _, d := range allDoors {
			b.text += "  " + d.String() + "\n" + serve(claude45, d, answers["parts"], &e)
		}
		blocks = append(blocks, b)
	}
	sortBlocks(blocks)
	checkGoldens(t, "served", blocks)
}

// serve has the test server answer at a door, and fail if it is told to.
func serve(id string, d door, answer *model.Response, fail *bedrocktest.Exception) string {
	server := bedrocktest.InMemory(fake.New(fake.Func(func(context.Context, *model.Request) (*model.Response, error) { return answer, nil }).Always()),
		&bedrocktest.Options{Keep: -1, Key: []byte("served")})
	if fail != nil {
		server.Inject(bedrocktest.ExceptionAt(1, *fail))
	}
	var text string
	client := server.Client(func(o *bedrockruntime.Options) {
		o.Retryer = aws.NopRetryer{}
		o.HTTPClient = roundTrip(func(r *http.Request) (*http.Response, error) {
			resp, err := server.Transport().RoundTrip(r)
			if err != nil {
				return nil, err
			}
			body, err := io.ReadAll(resp.Body)
			text = fmt.Sprintf("    status %d, %s, retry after %s, %v\n%s", resp.StatusCode, resp.Header.Get("X-Amzn-ErrorType"), resp.Header.Get("Retry-After"), err, served(body))
			resp.Body = io.NopCloser(bytes.NewReader(body))
			return resp, nil
		})
	})
	m, err := bedrock.New(client, id, &bedrock.Options{Format: d.format})
	if err != nil {
		return "    " + err.Error() + "\n"
	}
	req := withWeather(model.System("s"), model.User("u"))
	if _, err := d.ask(context.Background(), m, &req); err != nil && text == "" {
		text = "    " + err.Error() + "\n"
	}
	return text
}
