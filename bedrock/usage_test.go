package bedrock_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// TestUsageSums checks that the total shows whether the count of input tokens
// includes the cached ones. It also checks the count and the warning where the
// total does not show it.
func TestUsageSums(t *testing.T) {
	const grok = "us.xai.grok-4.6"
	const sonnet = "us.anthropic.claude-sonnet-4-6"
	for _, row := range []struct {
		model                         string
		in, read, written, out, total int
		input                         int
		warned                        bool
	}{
		{grok, 4995, 0, 4993, 5012, 10007, 4995, false},
		{sonnet, 4995, 0, 4993, 5012, 10007, 4995, false},
		{grok, 10, 5, 3, 1, 19, 18, false},
		{sonnet, 10, 5, 3, 1, 19, 18, false},
		{"us.openai.gpt-6-astra", 100, 64, 0, 7, 107, 100, false},
		{sonnet, 10, 5, 3, 1, 16, 15, false}, // what was read beside, what was written inside
		{sonnet, 10, 5, 3, 1, 14, 13, false}, // and the other way round
		{sonnet, 10, 5, 3, 1, 12, 18, true},
		{sonnet, 10, 5, 3, 1, 0, 18, false}, // no total
		{grok, 10, 5, 3, 1, 0, 10, false},
		{sonnet, 10, 5, 3, 1, 99, 18, true},
		{grok, 10, 5, 3, 1, 99, 10, true},
		{grok, 2, 5, 3, 1, 0, 8, false}, // not less than its parts
		{sonnet, 10, 0, 0, 1, 11, 10, false},
		{sonnet, 10, 0, 0, 1, 12, 10, false}, // there is nothing to decide
		{"acme.new-1", 10, 8, 0, 1, 11, 10, false},
	} {
		usage := fmt.Sprintf(`{"inputTokens":%d,"cacheReadInputTokens":%d,"cacheWriteInputTokens":%d,"outputTokens":%d,"totalTokens":%d}`, row.in, row.read, row.written, row.out, row.total)
		if row.total == 0 {
			usage = strings.Replace(usage, `,"totalTokens":0`, "", 1)
		}
		check := func(how string, resp *model.Response, err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			warned := false
			for _, w := range resp.Warnings {
				warned = warned || w.Field == "usage"
			}
			u := resp.Usage
			if !u.Known || u.InputTokens != row.input || u.OutputTokens != row.out || u.CacheReadTokens != row.read || u.CacheWriteTokens != row.written || warned != row.warned {
				t.Errorf("%s, %s, %s: input %d, warned %v; want %d, %v", row.model, how, usage, u.InputTokens, warned, row.input, row.warned)
			}
		}
		old := `{"inputTokens":3,"outputTokens":4,"serverToolUsage":{},"totalTokens":7}`
		resp, err := newModel(t, row.model, roundTrip(func(*http.Request) (*http.Response, error) {
			return answer([]byte(strings.Replace(unaryText("hi"), old, usage, 1)), "application/json"), nil
		}), nil).Generate(context.Background(), hello)
		check("in one piece", resp, err)
		var b bytes.Buffer
		b.Write(event("messageStart", `{"role":"assistant"}`))
		b.Write(event("messageStop", `{"stopReason":"end_turn"}`))
		b.Write(event("metadata", `{"usage":`+usage+`}`))
		resp, err = newModel(t, row.model, streamOf(&b), nil).Stream(context.Background(), hello).Response()
		check("streamed", resp, err)
	}
}

// TestReasoningTokens: where an answer's own usage tells what of it was
// thinking, that is in the usage, by each door and in streams.
func TestReasoningTokens(t *testing.T) {
	const (
		gpt    = `{"choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"hi"}}],"usage":{"prompt_tokens":5,"completion_tokens":9,"total_tokens":14,"completion_tokens_details":{"reasoning_tokens":7}}}`
		claude = `{"type":"message","role":"assistant","content":[{"type":"text","text":"hi"}],"stop_reason":"end_turn","usage":{"input_tokens":5,"output_tokens":9,"output_tokens_details":{"thinking_tokens":7}}}`
		own    = `{"usage":{"output_tokens_details":{"thinking_tokens":7}}}`
	)
	check := func(how string, resp *model.Response, err error, want int) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if got := resp.Usage.ReasoningTokens; got != want || !resp.Usage.Known {
			t.Errorf("%s: %d tokens of thinking, want %d", how, got, want)
		}
	}
	whole := func(id string, f bedrock.Format, body string) (*model.Response, error) {
		return newModel(t, id, roundTrip(func(*http.Request) (*http.Response, error) {
			return answer([]byte(body), "application/json"), nil
		}), &bedrock.Options{Format: f}).Generate(context.Background(), hello)
	}
	resp, err := whole("openai.gpt-oss-120b-1:0", bedrock.FormatOpenAI, gpt)
	check("OpenAI's format", resp, err, 7)
	resp, err = whole("us.anthropic.claude-sonnet-4-6", bedrock.FormatAnthropic, claude)
	check("Anthropic's format", resp, err, 7)
	resp, err = whole("us.anthropic.claude-sonnet-4-6", "", strings.Replace(unaryText("hi"), "{", `{"additionalModelResponseFields":`+own+",", 1))
	check("Converse", resp, err, 7)
	for _, odd := range []string{`{"usage":null}`, `{"usage":{"output_tokens_details":{"thinking_tokens":"x"}}}`, `[1]`} {
		resp, err = whole("us.anthropic.claude-sonnet-4-6", "", strings.Replace(unaryText("hi"), "{", `{"additionalModelResponseFields":`+odd+",", 1))
		check(odd, resp, err, 0)
	}
	var b bytes.Buffer
	b.Write(event("messageStart", `{"role":"assistant"}`))
	b.Write(event("messageStop", `{"stopReason":"end_turn","additionalModelResponseFields":`+own+`}`))
	b.Write(event("metadata", `{"usage":{"inputTokens":5,"outputTokens":9,"totalTokens":14}}`))
	resp, err = newModel(t, "us.anthropic.claude-sonnet-4-6", streamOf(&b), nil).Stream(context.Background(), hello).Response()
	check("ConverseStream", resp, err, 7)
}
