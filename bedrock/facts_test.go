package bedrock_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/model"
)

// TestFactsOption checks that single facts can be changed.
func TestFactsOption(t *testing.T) {
	var body []byte
	m := newModel(t, nova1, roundTrip(func(r *http.Request) (*http.Response, error) {
		body = make([]byte, r.ContentLength)
		_, _ = r.Body.Read(body)
		return answer([]byte(`{"output":{"message":{"content":[]}}}`), "application/json"), nil
	}), &bedrock.Options{Facts: func(f *facts.Facts) {
		f.Cache.Tools, f.Sampling.TopK = facts.SupportYes, facts.SupportNo
	}})
	req := withWeather(hi...)
	req.Cache, req.TopK = &model.CacheConfig{}, 3
	resp, err := m.Generate(t.Context(), &req)
	if err != nil {
		t.Fatal(err)
	}
	want := jsonValue(t, []byte(`{`+messagesJSON(turn(0, textJSON("Hi"), point))+`,"toolConfig":{"tools":[`+weatherJSON+`,`+point+`]}}`))
	if diff := cmp.Diff(want, jsonValue(t, body)); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"dropped top_k"}, short(resp.Warnings)); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}

// TestCapabilities checks what models say about themselves.
func TestCapabilities(t *testing.T) {
	for id, want := range map[string]model.Capabilities{
		claude45: {Tools: true, ForcedTools: true, ParallelTools: true, StructuredOutput: true, StopSequences: true, Thinking: true, SignedThinking: true, PromptCaching: true, Images: true, Documents: true, TokenCounting: true},
		claude5:  {Tools: true, ForcedTools: true, ForcedToolsThink: true, ParallelTools: true, StopSequences: true, Thinking: true, SignedThinking: true, PromptCaching: true, Images: true, Documents: true},
		claude3:  {Tools: true, ForcedTools: true, ParallelTools: true, StopSequences: true, Images: true, Documents: true},
		nova1:    {Tools: true, ForcedTools: true, ForcedToolsThink: true, ParallelTools: true, StopSequences: true, PromptCaching: true, Images: true, Documents: true, Video: true},
		llama:    {Tools: true, ParallelTools: true, StopSequences: true, Images: true, Documents: true},
		titan:    {StopSequences: true},
		unknown:  {Tools: true, ParallelTools: true, StopSequences: true},
	} {
		if diff := cmp.Diff(want, newModel(t, id, roundTrip(nil), nil).Capabilities()); diff != "" {
			t.Errorf("capabilities of %s (-want +got):\n%s", id, diff)
		}
	}
}
