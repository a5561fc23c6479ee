package bedrocktest_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// TestInvokePrompt checks that bodies that hold one prompt are answered, each
// in its own form.
func TestInvokePrompt(t *testing.T) {
	for _, row := range []struct{ model, body, want, first string }{
		{llama, `{"prompt":"hi","max_gen_len":50}`,
			`{"generation":"ok","prompt_token_count":7,"generation_token_count":3,"stop_reason":"stop"}`,
			`{"generation":"ok","prompt_token_count":null,"generation_token_count":null,"stop_reason":null}`},
		{mistral7b, `{"prompt":"hi","max_tokens":50,"stop":["END"]}`,
			`{"outputs":[{"text":"ok","stop_reason":"stop"}]}`, `{"outputs":[{"text":"ok","stop_reason":null}]}`},
		{"mistral.mistral-large-2402-v1:0", `{"prompt":"hi","max_tokens":50}`,
			`{"outputs":[{"text":"ok","stop_reason":"stop"}]}`, `{"outputs":[{"text":"ok","stop_reason":null}]}`},
		{deepseek, `{"prompt":"hi","max_tokens":50,"stop":"END"}`,
			`{"choices":[{"text":"ok","stop_reason":"stop"}]}`, `{"choices":[{"text":"ok","stop_reason":null}]}`},
		{titan, `{"inputText":"hi","textGenerationConfig":{"maxTokenCount":50}}`,
			`{"inputTextTokenCount":7,"results":[{"tokenCount":3,"outputText":"ok","completionReason":"FINISH"}]}`,
			`{"outputText":"ok","index":0,"totalOutputTextTokenCount":null,"completionReason":null,"inputTextTokenCount":null}`},
	} {
		t.Run(row.model, func(t *testing.T) {
			s := memory(fake.New(fake.Text("ok").Usage(&model.Usage{Known: true, InputTokens: 7, OutputTokens: 3}).Always()), nil)
			if got := post(t, s, row.model, "invoke", row.body); string(got.body) != row.want {
				t.Errorf("answer\n got %s\nwant %s", got.body, row.want)
			}
			pieces := chunks(t, post(t, s, row.model, "invoke-with-response-stream", row.body).body)
			if len(pieces) != 2 || pieces[0] != row.first || !strings.Contains(pieces[len(pieces)-1], `"amazon-bedrock-invocationMetrics":{"inputTokenCount":7,`) {
				t.Errorf("chunks %q, want the first %s", pieces, row.first)
			}
			for _, req := range s.Requests() {
				if req.MaxTokens != 50 || req.Messages[0].Text() != "hi" {
					t.Errorf("the server saw %+v", req)
				}
			}
		})
	}
	// DeepSeek's thinking ends where its mark stands.
	s := memory(fake.New(fake.Thinking("hmm", "", model.Text("ok")).Always()), nil)
	var v struct{ Choices []struct{ Text string } }
	if err := json.Unmarshal(post(t, s, deepseek, "invoke", `{"prompt":"hi"}`).body, &v); err != nil || v.Choices[0].Text != "hmm</think>\n\nok" {
		t.Errorf("thinking is answered as %+v (%v)", v, err)
	}
	var text strings.Builder
	for _, c := range chunks(t, post(t, s, deepseek, "invoke-with-response-stream", `{"prompt":"hi"}`).body) {
		if err := json.Unmarshal([]byte(c), &v); err != nil {
			t.Fatal(err)
		}
		text.WriteString(v.Choices[0].Text)
	}
	if text.String() != "hmm</think>\n\nok" {
		t.Errorf("thinking is streamed as %q", text.String())
	}
}
