package bedrock_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	sdkstream "github.com/aws/smithy-go/eventstream"

	"github.com/chatmodel-go/chatmodel/bedrock"
)

// TestMain makes the tests independent of the machine's AWS configuration. The
// goldens make much garbage and keep little, so it is collected less often.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	for _, v := range os.Environ() {
		if name, _, _ := strings.Cut(v, "="); strings.HasPrefix(name, "AWS_") {
			os.Unsetenv(name)
		}
	}
	os.Exit(m.Run())
}

const (
	claude      = "anthropic.claude-3-7-sonnet-20250219-v1:0"
	eventStream = "application/vnd.amazon.eventstream"
)

// frame writes a frame with the SDK's encoder, so that the reader under test
// is not held against its own writer.
func frame(payload string, headers ...string) []byte {
	m := sdkstream.Message{Payload: []byte(payload)}
	for i := 0; i < len(headers); i += 2 {
		m.Headers.Set(headers[i], sdkstream.StringValue(headers[i+1]))
	}
	var b bytes.Buffer
	if err := sdkstream.NewEncoder().Encode(&b, m); err != nil {
		panic(err) // only of frames too big for the format
	}
	return b.Bytes()
}

func event(name, payload string) []byte {
	return frame(payload, ":event-type", name, ":content-type", "application/json", ":message-type", "event")
}

func exception(name, payload string) []byte {
	return frame(payload, ":exception-type", name, ":content-type", "application/json", ":message-type", "exception")
}

func errorFrame(code, message string) []byte {
	return frame("", ":error-code", code, ":error-message", message, ":message-type", "error")
}

// textStream is a whole stream with the given deltas of text.
func textStream(deltas ...string) []byte {
	var b bytes.Buffer
	b.Write(event("messageStart", `{"p":"abc","role":"assistant"}`))
	for _, d := range deltas {
		b.Write(event("contentBlockDelta", fmt.Sprintf(`{"contentBlockIndex":0,"delta":{"text":%q},"p":"abcdefgh"}`, d)))
	}
	b.Write(event("contentBlockStop", `{"contentBlockIndex":0,"p":"a"}`))
	b.Write(event("messageStop", `{"p":"ab","stopReason":"end_turn"}`))
	b.Write(event("metadata", `{"metrics":{"latencyMs":7},"p":"ab","usage":{"inputTokens":3,"outputTokens":4,"serverToolUsage":{},"totalTokens":7}}`))
	return b.Bytes()
}

// unaryText is the body of an answer of Converse.
func unaryText(text string) string {
	return fmt.Sprintf(`{"metrics":{"latencyMs":7},"output":{"message":{"content":[{"text":%q}],"role":"assistant"}},"stopReason":"end_turn","usage":{"inputTokens":3,"outputTokens":4,"serverToolUsage":{},"totalTokens":7}}`, text)
}

// respond returns an HTTP client that answers every request alike, with
// request id rid-1. Headers are given in pairs.
func respond(status int, body io.Reader, headers ...string) roundTrip {
	return func(req *http.Request) (*http.Response, error) {
		rc, ok := body.(io.ReadCloser)
		if !ok {
			rc = io.NopCloser(body)
		}
		resp := &http.Response{StatusCode: status, Header: http.Header{"X-Amzn-Requestid": {"rid-1"}}, Body: rc, ContentLength: -1, Request: req}
		for i := 0; i < len(headers); i += 2 {
			resp.Header.Set(headers[i], headers[i+1])
		}
		return resp, nil
	}
}

// streamOf returns an HTTP client that answers with the body of a stream.
func streamOf(body io.Reader) roundTrip {
	return respond(http.StatusOK, body, "Content-Type", eventStream)
}

// at returns a model behind the given address.
func at(t testing.TB, url string, client bedrockruntime.HTTPClient) *bedrock.Model {
	t.Helper()
	m, err := bedrock.New(clientAt(url, client), claude, nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func clientAt(url string, client bedrockruntime.HTTPClient) *bedrockruntime.Client {
	return bedrockruntime.New(bedrockruntime.Options{
		Region:               "us-east-1",
		BaseEndpoint:         aws.String(url),
		Credentials:          credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", ""),
		AuthSchemePreference: []string{"sigv4"},
		HTTPClient:           client,
		Retryer:              aws.NopRetryer{},
	})
}

// plainClient is an HTTP client of the test's own, without proxies and with
// its connections closed at the end.
func plainClient(t testing.TB) *http.Client {
	tr := &http.Transport{MaxIdleConnsPerHost: 100}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr}
}

// rawServer accepts connections and hands each to serve when a whole request
// has been read from it, and closes it then: answers must say so, by
// "Connection: close". It returns its URL.
func rawServer(t testing.TB, serve func(c *net.TCPConn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer c.Close()
				req, err := http.ReadRequest(bufio.NewReader(c))
				if err != nil {
					return
				}
				if _, err := io.Copy(io.Discard, req.Body); err == nil {
					serve(c.(*net.TCPConn))
				}
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		all.Wait()
	})
	return "http://" + l.Addr().String()
}

// head is the head of an HTTP/1.1 answer.
func head(status string, headers ...string) string {
	return "HTTP/1.1 " + status + "\r\nX-Amzn-RequestId: rid-1\r\n" + strings.Join(headers, "\r\n") + "\r\n\r\n"
}

// freshly makes an HTTP client that asks for a new one with each request.
func freshly(client func() roundTrip) roundTrip {
	return func(req *http.Request) (*http.Response, error) { return client()(req) }
}
