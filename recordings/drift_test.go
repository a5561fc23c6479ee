package recordings_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/internal/outside"
	"github.com/chatmodel-go/chatmodel/recordings"
)

func streamOf(frames ...[]byte) *recordings.Cassette {
	return &recordings.Cassette{Exchanges: []recordings.Exchange{{
		Method: "POST", URL: streamURL, Status: 200, ResponseHeader: streamHeader(), ResponseBody: slices.Concat(frames...),
	}}}
}

func answerOf(status int, errorType, request, response string) *recordings.Cassette {
	e := exchange(request, response)
	e.Method, e.Status = "POST", status
	if errorType != "" {
		e.ResponseHeader.Set("X-Amzn-Errortype", errorType)
	}
	return &recordings.Cassette{Exchanges: []recordings.Exchange{e}}
}

func TestDrift(t *testing.T) {
	start := testFrame("messageStart", `{"role":"assistant"}`)
	text := func(s string) []byte {
		return testFrame("contentBlockDelta", `{"contentBlockIndex":0,"delta":{"text":"`+s+`"},"p":"abc"}`)
	}
	stop := testFrame("messageStop", `{"stopReason":"end_turn"}`)
	reasoning := testFrame("contentBlockDelta", `{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"hm"}},"p":"a"}`)

	const toolCall = `{"output":{"message":{"content":[{"toolUse":{"input":INPUT,"name":"n","toolUseId":"i"}}]}}}`
	tests := []struct {
		name     string
		old, new *recordings.Cassette
		want     []string
	}{
		{"other words", answerOf(200, "", `{}`, `{"content":[{"text":"a"}]}`), answerOf(200, "", `{}`, `{"content":[{"text":"b"},{"text":"c"}]}`), nil},
		{"other tool input", answerOf(200, "", `{}`, strings.Replace(toolCall, "INPUT", `{"a":1}`, 1)), answerOf(200, "", `{}`, strings.Replace(toolCall, "INPUT", `{"b":[]}`, 1)), nil},
		{"new usage field", answerOf(200, "", `{}`, `{"usage":{"inputTokens":1}}`), answerOf(200, "", `{}`, `{"usage":{"inputTokens":1,"cacheReadInputTokens":0}}`),
			[]string{"exchange 0: response: key usage.cacheReadInputTokens (number) is new"}},
		{"kind of value", answerOf(200, "", `{}`, `{"latencyMs":1}`), answerOf(200, "", `{}`, `{"latencyMs":[1]}`),
			[]string{"exchange 0: response: key latencyMs (number) is gone", "exchange 0: response: key latencyMs (array) is new", "exchange 0: response: key latencyMs[] (number) is new"}},
		{"request key", answerOf(200, "", `{"a":1}`, `{}`), answerOf(200, "", `{}`, `{}`),
			[]string{"exchange 0: request: key a (number) is gone"}},
		{"status and error type", answerOf(400, "ValidationException", `{}`, `{}`), answerOf(429, "ThrottlingException", `{}`, `{}`),
			[]string{"exchange 0: response: X-Amzn-Errortype ValidationException is gone", "exchange 0: response: status 400 is gone",
				"exchange 0: response: X-Amzn-Errortype ThrottlingException is new", "exchange 0: response: status 429 is new"}},
		{"number of deltas", streamOf(start, text("a"), text("b"), stop), streamOf(start, text("a"), text("b"), text("c"), stop), nil},
		{"missing event", streamOf(start, text("a"), text("b"), stop), streamOf(start, text("a"), text("b")),
			[]string{"exchange 0: messageStop: key stopReason (string) is gone",
				"exchange 0: stream: contentBlockDelta(text) -> messageStop is gone", "exchange 0: stream: messageStop -> end is gone",
				"exchange 0: stream: contentBlockDelta(text) -> end is new"}},
		{"new key in event", streamOf(start, stop), streamOf(start, testFrame("messageStop", `{"stopReason":"end_turn","more":true}`)),
			[]string{"exchange 0: messageStop: key more (bool) is new"}},
		{"cut stream", streamOf(start, stop), streamOf(start, stop, []byte("x")), []string{"exchange 0: stream: malformed end is new"}},
		{"number of exchanges", answerOf(200, "", `{}`, `{}`), &recordings.Cassette{}, []string{"exchanges: there were 1, now there are 0"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, c := range recordings.Drift(tt.old, tt.new) {
				got = append(got, c.String())
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Drift() (-want +got):\n%s", diff)
			}
		})
	}
	changes := recordings.Drift(streamOf(start, text("a"), stop), streamOf(start, reasoning, text("a"), stop))
	if !slices.ContainsFunc(changes, func(c recordings.Change) bool {
		return c.Where == "stream" && strings.Contains(c.What, "contentBlockDelta(reasoningContent) -> contentBlockDelta(text) is new")
	}) {
		t.Errorf("Drift() = %v, want the new transition between kinds of delta", changes)
	}
}

func TestDriftOfRealRecordings(t *testing.T) {
	fsys := outside.First(t)[0].FS()
	one, err := recordings.Load(fsys, "model-stream")
	if err != nil {
		t.Fatal(err)
	}
	if got := recordings.Drift(one, one); got != nil {
		t.Errorf("Drift(x, x) = %v, want nil", got)
	}
	other, err := recordings.Load(fsys, "model-thinking-part-stream")
	if err != nil {
		t.Fatal(err)
	}
	if got := recordings.Drift(one, other); len(got) == 0 {
		t.Error("Drift() found no difference between an answer with and one without thinking")
	}
}
