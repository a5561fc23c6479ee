package backend_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/backend"
	"github.com/chatmodel-go/chatmodel/model"
)

const (
	sonnet = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
	hello  = `{"messages":[{"role":"user","content":[{"text":"hi"}]}]}`
)

// A behind is a back end that gives every request the same answer.
type behind struct {
	*httptest.Server
	status      int
	contentType string
	body        string
	asked       []string // the bodies
	header      http.Header
	path        string
}

func newBehind(t *testing.T, status int, contentType, body string) *behind {
	t.Helper()
	b := &behind{status: status, contentType: contentType, body: body}
	b.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		b.asked, b.header, b.path = append(b.asked, string(data)), r.Header, r.URL.Path
		w.Header().Set("Content-Type", b.contentType)
		w.WriteHeader(b.status)
		fmt.Fprint(w, b.body)
	}))
	t.Cleanup(b.Close)
	return b
}

// post sends a request to a Bedrock with the back end behind it.
func post(t *testing.T, url, operation, body string, o *backend.Options) (int, http.Header, string) {
	t.Helper()
	if o == nil {
		o = &backend.Options{Model: "llama3.2"}
	}
	return postTo(t, serving(t, url, o), operation, body)
}

// serving is a server in memory whose model is a back end at an address.
func serving(t testing.TB, url string, o *backend.Options) *bedrocktest.Server {
	t.Helper()
	llm, err := backend.New(url, o)
	if err != nil {
		t.Fatal(err)
	}
	return bedrocktest.InMemory(llm, &bedrocktest.Options{Keep: -1, Off: []bedrocktest.Rule{"authentication"}})
}

// postTo sends a request to a server as it stands.
func postTo(t *testing.T, s *bedrocktest.Server, operation, body string) (int, http.Header, string) {
	t.Helper()
	resp, err := s.HTTPClient().Post(s.URL+"/model/"+sonnet+"/"+operation, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(data)
}

// TestRequest checks that a request reaches the back end in the back end's
// format, and that what only Bedrock knows is not sent.
func TestRequest(t *testing.T) {
	b := newBehind(t, 200, "application/json", `{"choices":[{"message":{"content":"ok"},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":2},"novelty":{"x":1}}`)
	body := `{"system":[{"text":"be brief"},{"cachePoint":{"type":"default"}}],
	  "messages":[{"role":"user","content":[{"text":"weather?"}]},
	    {"role":"assistant","content":[{"toolUse":{"toolUseId":"t1","name":"weather","input":{"city":"Oslo"}}}]},
	    {"role":"user","content":[{"toolResult":{"toolUseId":"t1","content":[{"text":"rain"}]}}]}],
	  "toolConfig":{"tools":[{"toolSpec":{"name":"weather","description":"d","inputSchema":{"json":{"type":"object"}}}}],"toolChoice":{"any":{}}},
	  "inferenceConfig":{"maxTokens":50,"temperature":0.5,"stopSequences":["END"]},
	  "additionalModelRequestFields":{"anthropic_beta":["x"]}}`
	status, _, text := post(t, b.URL, "converse", body, &backend.Options{Model: "llama3.2", APIKey: "the-key"})
	if status != 200 || !strings.Contains(text, `"text":"ok"`) || !strings.Contains(text, `"stopReason":"end_turn"`) || !strings.Contains(text, `"inputTokens":7`) {
		t.Errorf("%d %s", status, text)
	}
	want := `{"model":"llama3.2","messages":[{"role":"system","content":"be brief"},{"role":"user","content":"weather?"},
	  {"role":"assistant","content":null,"tool_calls":[{"id":"t1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Oslo\"}"}}]},
	  {"role":"tool","tool_call_id":"t1","content":"rain"}],
	  "tools":[{"type":"function","function":{"name":"weather","description":"d","parameters":{"type":"object"}}}],"tool_choice":"required",
	  "max_tokens":50,"temperature":0.5,"stop":["END"]}`
	var g, w any
	if json.Unmarshal([]byte(b.asked[0]), &g) != nil || json.Unmarshal([]byte(want), &w) != nil {
		t.Fatalf("the back end was asked %s", b.asked[0])
	}
	if diff := cmp.Diff(w, g); diff != "" {
		t.Errorf("the back end was asked (-want +got):\n%s", diff)
	}
	if b.path != "/v1/chat/completions" || b.header.Get("Authorization") != "Bearer the-key" || b.header.Get("X-Amz-Date") != "" {
		t.Errorf("%s, %v", b.path, b.header)
	}
}

// TestAnswers checks that answers come back in Bedrock's form: reasoning, calls
// and stop reasons.
func TestAnswers(t *testing.T) {
	b := newBehind(t, 200, "application/json", `{"choices":[{"message":{"reasoning_content":"hm","content":"Let me look.","tool_calls":[{"id":"c1","function":{"name":"f","arguments":"{\"a\":1}"}}]},"finish_reason":"tool_calls"}]}`)
	_, _, text := post(t, b.URL+"/v1/", "converse", hello, nil)
	for _, want := range []string{`"reasoningText":{"signature":`, `"text":"hm"`, `"text":"Let me look."`, `"input":{"a":1}`, `"toolUseId":"c1"`, `"stopReason":"tool_use"`, `"inputTokens":`} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not in %s", want, text)
		}
	}
	// A back end that does not stream.
	if _, _, text := post(t, b.URL, "converse-stream", hello, nil); !strings.Contains(text, "Let me look.") || !strings.Contains(text, `"stopReason":"tool_use"`) {
		t.Errorf("as a stream: %q", text)
	}
}

func sse(chunks ...string) string { return "data: " + strings.Join(chunks, "\n\ndata: ") + "\n\n" }

const (
	said  = `{"choices":[{"index":0,"delta":{"content":"Hel"}}]}`
	more  = `{"choices":[{"index":0,"delta":{"content":"lo"}}],"unknown":[1]}`
	ended = `{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`
	usage = `{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}`
	call  = `{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":"%s"}}]}}]}`
)

// TestStream checks that the events of a back end become those of
// ConverseStream.
func TestStream(t *testing.T) {
	b := newBehind(t, 200, "text/event-stream", ": hello\r\n\r\nevent: x\r\n"+strings.ReplaceAll(sse(said, more, ended, usage, "[DONE]"), "\n", "\r\n"))
	status, _, text := post(t, b.URL, "converse-stream", hello, nil)
	for _, want := range []string{`"text":"Hel"`, `"text":"lo"`, `"stopReason":"end_turn"`, `"inputTokens":3`, "metadata"} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not in %d %q", want, status, text)
		}
	}
	if !strings.Contains(b.asked[0], `"stream":true`) || !strings.Contains(b.asked[0], `"include_usage":true`) {
		t.Errorf("the back end was asked %s", b.asked[0])
	}
	if _, _, text := post(t, b.URL, "invoke-with-response-stream", `{"anthropic_version":"bedrock-2023-05-31","max_tokens":50,"messages":[{"role":"user","content":"hi"}]}`, nil); !strings.Contains(text, "chunk") {
		t.Errorf("InvokeModel streams %q", text)
	}
}

// TestFailures checks that a failure of the back end becomes one of the
// service's own errors.
func TestFailures(t *testing.T) {
	const body = "application/json"
	for _, row := range []struct {
		name                string
		status              int
		contentType, answer string
		operation           string
		want                int
		code, has, hasNot   string
	}{
		{"refused", 400, body, `{"error":{"message":"bad schema"}}`, "converse", 400, "ValidationException", "bad schema", ""},
		{"refused in another form", 422, body, `{"detail":"no such field"}`, "converse", 400, "ValidationException", "no such field", ""},
		{"no model", 404, body, `{"error":"model 'x' not found"}`, "converse", 404, "ResourceNotFoundException", "model 'x' not found", ""},
		{"busy", 429, body, `{"message":"slow down"}`, "converse", 429, "ThrottlingException", "slow down", ""},
		{"no key", 401, body, `{"error":{"message":"bad key sk-1234"}}`, "converse", 403, "AccessDeniedException", "refuses the credentials", "sk-1234"},
		{"broken", 500, "text/html", `<html>`, "converse", 424, "ModelErrorException", "its answer is not JSON", "html"},
		{"loading", 503, body, `{}`, "converse", 503, "ServiceUnavailableException", "without a message", ""},
		{"elsewhere", 302, body, ``, "converse", 424, "ModelErrorException", "", ""},
		{"no JSON", 200, body, `<html>`, "converse", 424, "ModelErrorException", "cannot be read", ""},
		{"no choices", 200, body, `{"result":"x"}`, "converse", 424, "ModelErrorException", "no choices", ""},
		{"tool input", 200, body, `{"choices":[{"message":{"tool_calls":[{"id":"c","function":{"name":"f","arguments":"{\"a\":"}}]},"finish_reason":"tool_calls"}]}`,
			"converse", 424, "ModelErrorException", "input that is not JSON", ""},
		{"refused before a stream", 400, body, `{"error":{"message":"bad schema"}}`, "converse-stream", 400, "ValidationException", "bad schema", ""},
		{"cut stream", 200, "text/event-stream", sse(said), "converse-stream", 200, "", "modelStreamErrorException", "messageStop"},
		{"stream of no JSON", 200, "text/event-stream", sse(said, "nonsense"), "converse-stream", 200, "", "modelStreamErrorException", "messageStop"},
		{"tool input in a stream", 200, "text/event-stream", sse(fmt.Sprintf(call, `{\"a\":`), ended), "converse-stream", 200, "", "modelStreamErrorException", "messageStop"},
		{"failure in a stream", 200, "text/event-stream", sse(said, `{"error":{"message":"out of memory"}}`), "converse-stream", 200, "", "out of memory", "messageStop"},
		{"empty stream", 200, "text/event-stream", "", "converse-stream", 424, "ModelErrorException", "broke off its answer", ""},
		{"documents", 200, body, `{}`, "document", 400, "ValidationException", "document", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			b := newBehind(t, row.status, row.contentType, row.answer)
			asked, operation := hello, row.operation
			if operation == "document" {
				asked, operation = `{"messages":[{"role":"user","content":[{"text":"x"},{"document":{"name":"d","format":"pdf","source":{"bytes":"JVBERi0="}}}]}]}`, "converse"
			}
			status, header, text := post(t, b.URL, operation, asked, nil)
			if status != row.want || !strings.HasPrefix(header.Get("X-Amzn-Errortype"), row.code) || !strings.Contains(text, row.has) || row.hasNot != "" && strings.Contains(text, row.hasNot) {
				t.Errorf("%d %s %q", status, header.Get("X-Amzn-Errortype"), text)
			}
		})
	}
	b := newBehind(t, 200, body, "")
	b.Close()
	status, header, text := post(t, b.URL, "converse", hello, nil)
	if status != 503 || !strings.HasPrefix(header.Get("X-Amzn-Errortype"), "ServiceUnavailableException") || !strings.Contains(text, "Bedrock is unable to process your request.") {
		t.Errorf("a dead back end: %d %s", status, text)
	}
}

// TestCutAnywhere ends a stream at every byte. It must either be complete or
// fail.
func TestCutAnywhere(t *testing.T) {
	whole := sse(said, more, ended, usage, "[DONE]")
	for at := 0; at <= len(whole); at += 3 {
		b := newBehind(t, 200, "text/event-stream", whole[:at])
		_, _, text := post(t, b.URL, "converse-stream", hello, nil)
		if complete := strings.Contains(text, "messageStop"); complete == (strings.Contains(text, "Exception") || strings.HasPrefix(text, `{"message":`)) {
			t.Fatalf("cut at %d: %q", at, text)
		}
		b.Close()
	}
}

func TestNew(t *testing.T) {
	for _, bad := range []string{"", "localhost:11434", "ftp://x", "http://user:pass@x", "http://x?y=z", "http://%zz"} {
		if _, err := backend.New(bad, &backend.Options{Model: "x"}); err == nil || strings.Contains(err.Error(), "pass") {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if _, err := backend.New("http://x", nil); err == nil {
		t.Error("a back end without a model's name")
	}
	b := newBehind(t, 200, "application/json", `{"choices":[{"message":{"content":"ok"},"finish_reason":"stop"}]}`)
	llm, err := backend.New(b.URL, &backend.Options{NameOf: func(context.Context) string { return `the "named"` }})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := llm.Generate(t.Context(), &model.Request{Messages: []model.Message{model.User("x")}}); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(b.asked[0], `{"model":"the \"named\"",`) {
		t.Errorf("asked %s", b.asked[0])
	}
}

// TestLeft checks that the request to the back end ends when the client leaves.
func TestLeft(t *testing.T) {
	left := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, sse(said))
		w.(http.Flusher).Flush()
		<-r.Context().Done()
		close(left)
	}))
	defer s.Close()
	llm, err := backend.New(s.URL, &backend.Options{Model: "x"})
	if err != nil {
		t.Fatal(err)
	}
	for range llm.Stream(t.Context(), &model.Request{Messages: []model.Message{model.User("x")}}).Text() {
		break
	}
	<-left
}

// FuzzAnswers reads arbitrary answers of a back end. Each must become an answer
// or an error of the service, streamed or not.
func FuzzAnswers(f *testing.F) {
	f.Add(sse(said, more, ended, usage, "[DONE]"), uint16(200))
	f.Add(`{"choices":[{"message":{"content":[{"type":"text","text":"x"}],"tool_calls":[{"function":{"arguments":"}"}}]},"finish_reason":"stop"}]}`, uint16(200))
	f.Add(sse(fmt.Sprintf(call, `{}`), fmt.Sprintf(call, `{`), ended), uint16(200))
	f.Add(`{"error":{"message":5}}`, uint16(500))
	f.Add("data:\n\ndata\n:\n\ndata: [DONE]\n", uint16(200))
	network := &answering{}
	s := serving(f, "http://back.end", &backend.Options{Model: "m", HTTPClient: &http.Client{Transport: network}})
	f.Fuzz(func(t *testing.T, text string, status uint16) {
		for _, contentType := range []string{"text/event-stream", "application/json"} {
			*network = answering{int(status%500) + 100, contentType, text}
			for _, operation := range []string{"converse", "converse-stream"} {
				got, header, body := postTo(t, s, operation, hello)
				if got == 500 || got != 200 && header.Get("X-Amzn-Errortype") == "" || body == "" {
					t.Errorf("%s: %d %v %q", operation, got, header, body)
				}
			}
		}
	})
}

// answering is a network that answers all alike.
type answering struct {
	status      int
	contentType string
	body        string
}

func (a *answering) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: a.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: http.Header{"Content-Type": {a.contentType}}, Body: io.NopCloser(strings.NewReader(a.body)), ContentLength: -1}, nil
}
