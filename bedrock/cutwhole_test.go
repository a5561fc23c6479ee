package bedrock_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// TestCutWholeAnswers cuts answers that come in one piece at every byte, and
// ends them as a whole body ends. Some models have no tools in streams, so
// their streams come in one piece, too.
func TestCutWholeAnswers(t *testing.T) {
	withTool := &model.Request{Messages: hello.Messages, Tools: []model.Tool{{Name: "f", InputSchema: json.RawMessage(`{"type":"object"}`)}}}
	generate := func(m *bedrock.Model) (*model.Response, error) { return m.Generate(t.Context(), hello) }
	stream := func(m *bedrock.Model) (*model.Response, error) { return m.Stream(t.Context(), withTool).Response() }
	count := func(m *bedrock.Model) (*model.Response, error) {
		_, err := m.CountTokens(t.Context(), hello)
		return nil, err
	}
	converse := unaryText("Grüezi \"du\"")
	for _, tt := range []struct {
		name, id string
		format   bedrock.Format
		ask      func(*bedrock.Model) (*model.Response, error)
		body     string
	}{
		{"Converse", claude, "", generate, converse},
		{"stream of Mistral", "mistral.mistral-large-2407-v1:0", "", stream, converse},
		{"stream of Llama", "us.meta.llama3-3-70b-instruct-v1:0", "", stream, converse},
		{"stream of Palmyra", "us.writer.palmyra-x5-v1:0", "", stream, converse},
		{"Anthropic's body", claude, bedrock.FormatAnthropic, generate, `{"id":"m","type":"message","role":"assistant","content":[{"type":"text","text":"Hi"}],"stop_reason":"end_turn","usage":{"input_tokens":3,"output_tokens":4}}`},
		{"OpenAI's body", "openai.gpt-oss-120b-1:0", bedrock.FormatOpenAI, generate, `{"choices":[{"finish_reason":"stop","message":{"content":"Hi","role":"assistant"}}],"usage":{"prompt_tokens":3,"completion_tokens":4}}`},
		{"Llama's body", "us.meta.llama3-3-70b-instruct-v1:0", bedrock.FormatLlama3, generate, `{"generation":"Hi","prompt_token_count":3,"generation_token_count":4,"stop_reason":"stop"}`},
		{"CountTokens", "anthropic.claude-haiku-4-5-20251001-v1:0", "", count, `{"inputTokens":11}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for n := range len(tt.body) + 1 {
				path := ""
				m := newModel(t, tt.id, roundTrip(func(req *http.Request) (*http.Response, error) {
					path = req.URL.Path
					return respond(http.StatusOK, io.Reader(strings.NewReader(tt.body[:n])), "Content-Type", "application/json")(req)
				}), &bedrock.Options{Format: tt.format})
				resp, err := tt.ask(m)
				if strings.HasSuffix(path, "stream") {
					t.Fatalf("asked at %s, which answers in pieces", path)
				}
				if n == len(tt.body) {
					if err != nil {
						t.Errorf("whole: %v", err)
					}
					continue
				}
				e, ok := errors.AsType[*model.Error](err)
				if !ok || e.Kind != model.ErrTruncated || resp != nil || e.RequestID != "rid-1" || !model.Retryable(err) || strings.Contains(err.Error(), "Gr") {
					t.Errorf("cut at byte %d: %v, %v; want ErrTruncated and nothing of the answer", n, resp, err)
				}
			}
		})
	}
}
