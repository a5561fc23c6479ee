package probe_test

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/bedrock/probe"
)

// The models of the tests.
const (
	sonnet45 = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
	sonnet35 = "anthropic.claude-3-5-sonnet-20241022-v2:0"
	opus48   = "us.anthropic.claude-opus-4-8"
	opus5    = "us.anthropic.claude-opus-5"
	sonnet55 = "us.anthropic.claude-sonnet-5-5"
	nova2    = "amazon.nova-2-lite-v1:0"
	nova1    = "amazon.nova-lite-v1:0"
	gpt56    = "us.openai.gpt-5.6-sol"
	gptOSS   = "openai.gpt-oss-120b-1:0"
	llama    = "us.meta.llama3-3-70b-instruct-v1:0"
	mistral3 = "mistral.mistral-large-3-675b-instruct"
	kimi     = "moonshotai.kimi-k2.5"
	writer   = "us.writer.palmyra-x5-v1:0"
)

type traits = map[string]any

// wrong are servers that are wrong in one thing: in a trait of their models, or
// in a rule that they do not have.
var wrong = []struct {
	fact   string
	model  string
	traits traits
	off    []bedrocktest.Rule
	seen   string
}{
	{"doors.invoke", sonnet45, traits{"NoInvoke": true}, nil, "no"},
	{"doors.invoke", gptOSS, traits{"NoInvoke": true}, nil, "no"},
	{"ids.bare", sonnet45, traits{"ProfileOnly": false}, nil, "yes"},
	{"ids.bare", "us.amazon.nova-lite-v1:0", traits{"ProfileOnly": true}, nil, "no"},
	{"count_tokens", sonnet45, traits{"Counts": false}, nil, "no"},
	{"count_tokens", opus48, traits{"Counts": true}, nil, "yes"},

	{"turns.system", sonnet45, traits{"NoSystem": true}, nil, "no"},
	{"turns.system", nova1, traits{"NoSystem": true}, nil, "no"},
	{"turns.system_between", sonnet45, traits{"SystemTurns": true}, nil, "yes"},
	{"turns.assistant_first", sonnet45, traits{"UserFirst": true}, nil, "no"},
	{"turns.assistant_first", nova2, traits{"UserFirst": false}, nil, "yes"},
	{"turns.prefill", sonnet45, traits{"NoPrefill": true}, nil, "no"},
	{"turns.prefill", opus48, traits{"NoPrefill": false}, nil, "yes"},
	{"turns.prefill_space", sonnet45, nil, []bedrocktest.Rule{"trailing-space"}, "yes"},
	{"turns.blank_stop", sonnet45, nil, []bedrocktest.Rule{"blank-stop"}, "yes"},
	{"turns.document_needs_text", sonnet45, nil, []bedrocktest.Rule{"document-text"}, "no"},

	{"tools.use", sonnet45, traits{"NoTools": true}, nil, "no"},
	{"tools.use", gptOSS, traits{"NoTools": true}, nil, "no"},
	{"tools.streaming", sonnet45, traits{"NoStreamTools": true}, nil, "no"},
	{"tools.streaming", llama, traits{"NoStreamTools": false}, nil, "yes"},
	{"tools.any", sonnet45, traits{"NoChoiceAny": true}, nil, "no"},
	{"tools.any", llama, traits{"NoChoiceAny": false}, nil, "yes"},
	{"tools.named", sonnet45, traits{"NoChoiceNamed": true}, nil, "no"},
	{"tools.named", mistral3, traits{"NoChoiceNamed": false}, nil, "yes"},
	{"tools.forced_thinking", sonnet45, traits{"ForcedThinking": true}, nil, "yes"},
	{"tools.forced_thinking", opus48, traits{"ForcedThinking": false}, nil, "no"},
	{"tools.strict", sonnet45, traits{"NoStrict": true}, nil, "no"},
	{"tools.strict", opus48, traits{"NoStrict": false}, nil, "yes"},
	{"tools.result_status", sonnet45, traits{"NoStatus": true}, nil, "no"},
	{"tools.result_status", writer, traits{"NoStatus": false}, nil, "yes"},
	{"tools.text_with_result", sonnet45, traits{"SeparateResults": true}, nil, "no"},
	{"tools.text_with_result", llama, traits{"SeparateResults": false}, nil, "yes"},

	{"output.native", sonnet45, traits{"NoOutput": true}, nil, "no"},
	{"output.schema.unions", sonnet45, nil, []bedrocktest.Rule{"union-types"}, ""},
	{"output.schema.optional", sonnet45, nil, []bedrocktest.Rule{"optional-members"}, ""},

	{"thinking.supported", sonnet45, traits{"Thinking.None": true}, nil, "no"},
	{"thinking.adaptive", sonnet45, traits{"Thinking.NoAdaptive": false}, nil, "yes"},
	{"thinking.budget", opus48, traits{"Thinking.NoBudget": false}, nil, "yes"},
	{"thinking.budget_min", sonnet45, nil, []bedrocktest.Rule{"budget"}, ""},
	{"thinking.disabled", sonnet45, traits{"Thinking.NoDisabled": true}, nil, "no"},
	{"thinking.disabled", opus48, traits{"Thinking.NoDisabled": true}, nil, "no"},
	{"thinking.between_tools", opus48, traits{"Thinking.Between": true}, nil, "yes"},
	{"thinking.between_tools", sonnet55, traits{"Thinking.Between": false}, nil, "no"},
	{"thinking.disabled_effort_max", opus5, traits{"Thinking.OffUpTo": "medium"}, nil, "medium"},
	{"thinking.efforts", opus48, traits{"Thinking.Efforts": []string{"low", "high"}}, nil, "low, high"},
	{"thinking.efforts", nova2, traits{"Thinking.Efforts": []string{"low", "high"}}, nil, "low, high"},
	{"thinking.none", gpt56, traits{"Thinking.Efforts": []string{"low", "medium", "high", "xhigh", "max"}}, nil, "no"},
	{"thinking.high_without", nova2, traits{"Thinking.HighAlone": []string{"temperature", "topP"}}, nil, "temperature, top_p, top_k"},
	{"thinking.replay.unsigned", sonnet45, nil, []bedrocktest.Rule{"thinking-signature"}, "yes"},
	{"thinking.replay.signed", sonnet45, traits{"NoReplay": true}, nil, "no"},

	{"sampling.temperature", sonnet45, traits{"NoTemperature": true}, nil, "no"},
	{"sampling.temperature", opus48, traits{"NoTemperature": false}, nil, "yes"},
	{"sampling.temperature", gpt56, traits{"NoTemperature": false}, nil, "yes"},
	{"sampling.temperature_max", sonnet45, nil, []bedrocktest.Rule{"sampling-range"}, "2"},
	{"sampling.top_p", sonnet45, traits{"NoTopP": true}, nil, "no"},
	{"sampling.top_p", opus48, traits{"NoTopP": false}, nil, "yes"},
	{"sampling.top_k", sonnet45, traits{"NoTopK": true}, nil, "no"},
	{"sampling.top_k", opus48, traits{"NoTopK": false}, nil, "yes"},
	{"sampling.both", sonnet45, traits{"OneSample": false}, nil, "yes"},
	{"sampling.while_thinking", sonnet45, nil, []bedrocktest.Rule{"thinking-temperature"}, "yes"},

	{"cache.points", sonnet45, traits{"CacheMin": 0}, nil, "no"},
	{"cache.points", gpt56, traits{"CacheMin": 1024}, nil, "yes"},
	{"cache.tools", sonnet45, traits{"CacheTools": false}, nil, "no"},
	{"cache.tools", nova2, traits{"CacheTools": true}, nil, "yes"},
	{"cache.tool_blocks", sonnet45, traits{"NoCacheResults": true}, nil, "no"},
	{"cache.tool_blocks", nova2, traits{"NoCacheResults": false}, nil, "yes"},
	{"cache.after_document", sonnet45, nil, []bedrocktest.Rule{"cache-document"}, "yes"},
	{"cache.after_thinking", sonnet45, nil, []bedrocktest.Rule{"cache-thinking"}, "yes"},
	{"cache.hour", sonnet45, traits{"CacheHour": false}, nil, "no"},
	{"cache.min_tokens", sonnet45, traits{"CacheMin": 2048}, nil, "2048"},
	{"cache.min_tokens", opus48, traits{"CacheMin": 512}, nil, "512"},
	{"cache.max_points", sonnet45, nil, []bedrocktest.Rule{"cache-points"}, ""},

	{"input.image", sonnet45, traits{"Media": []string{"document"}}, nil, "no"},
	{"input.document", sonnet45, traits{"Media": []string{"image"}}, nil, "no"},
	{"input.image", gptOSS, traits{"Media": []string{"document", "image"}}, nil, "yes"},
	{"results.image", sonnet45, traits{"ResultMedia": []string{"document"}}, nil, "no"},
	{"results.document", sonnet45, traits{"ResultMedia": []string{"image"}}, nil, "no"},

	{"limits.max_output", sonnet45, traits{"MaxOutput": 32_000}, nil, "32000"},
	{"limits.max_output", nova1, traits{"MaxOutput": 5000}, nil, "5000"},
	{"limits.min_output", sonnet45, traits{"MinOutput": 16}, nil, "16"},
	{"limits.min_output", gpt56, traits{"MinOutput": 0}, nil, "1"},
}

// A gateway stands before a right server and answers some requests itself.
type gateway struct {
	http.RoundTripper
	fits   func(operation, body string) bool
	status int
	answer string
}

func (g gateway) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	if g.fits(path.Base(r.URL.Path), string(body)) {
		return &http.Response{StatusCode: g.status, Header: http.Header{"X-Amzn-Errortype": {"ValidationException"}, "X-Amzn-Requestid": {"r1"}},
			Body: io.NopCloser(strings.NewReader(g.answer)), Request: r}, nil
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return g.RoundTripper.RoundTrip(r)
}

// with fits bodies that hold all of the texts.
func with(texts ...string) func(string, string) bool {
	return func(_, body string) bool {
		for _, t := range texts {
			if !strings.Contains(body, t) {
				return false
			}
		}
		return true
	}
}

// without fits bodies that hold the text and none of the others.
func without(text string, others ...string) func(string, string) bool {
	return func(op, body string) bool {
		for _, t := range others {
			if strings.Contains(body, t) {
				return false
			}
		}
		return strings.Contains(body, text)
	}
}

func said(content, usage string) string {
	return `{"output":{"message":{"role":"assistant","content":[` + content + `]}},"stopReason":"end_turn","usage":{` + usage + `}}`
}

const (
	counted = `"inputTokens":9,"outputTokens":2,"totalTokens":11`
	no      = `{"message":"No."}`
)

// altered are right servers behind a gateway that answers a kind of request in
// another way.
var altered = []struct {
	fact   string
	model  string
	fits   func(operation, body string) bool
	status int
	answer string
	seen   string
}{
	{"doors.converse_stream", sonnet45, func(op, body string) bool { return op == "converse-stream" && !strings.Contains(body, "clock") }, 400, no, "no"},
	{"turns.tool_id_pattern", kimi, with("functions.clock:0"), 400, no, ""},
	{"turns.results_first", nova2, with(`"text":"Here:"`), 400, no, "yes"},
	{"tools.text_with_call", sonnet45, with("I look."), 400, no, "no"},
	{"tools.parallel_switch", sonnet45, with("disable_parallel_tool_use"), 400, no, "no"},
	{"output.schema.closed", sonnet45, func(_, body string) bool {
		return strings.Contains(body, "jsonSchema") && !strings.Contains(body, "additionalProperties")
	}, 200, said(`{"text":"ok"}`, counted), "no"},
	{"output.schema.recursion", sonnet45, with(`$ref`), 200, said(`{"text":"ok"}`, counted), "yes"},
	{"thinking.display", opus48, with("summarized"), 400, no, "no"},
	{"thinking.default", sonnet45, without("17 times 23", "thinking", "assistant"), 200, said(`{"reasoningContent":{"reasoningText":{"text":"Hm."}}},{"text":"391"}`, counted), "on"},
	{"answers.thinking_tags", nova1, without("17 times 23", "assistant", "reasoningConfig"), 200, said(`{"text":"<reasoning>Hm.</reasoning>391"}`, counted), "reasoning"},
	{"answers.cache_in_input", sonnet45, with("word word", `{"cachePoint":{"type":"default"}}`, `"1 2`), 200,
		said(`{"text":"ok"}`, `"inputTokens":1400,"outputTokens":2,"totalTokens":1402,"cacheWriteInputTokens":1390`), "yes"},
	{"sampling.stop_sequences", sonnet45, with(`"STOP"`), 400, no, "no"},
	{"cache.system", sonnet45, with(`"system":[{"text":"Be brief."},{"cachePoint"`), 400, no, "no"},
	{"cache.lifetimes", sonnet45, with(`"ttl":"5m"`), 400, no, "no"},
	{"input.video", sonnet45, without(`"video"`, "toolResult"), 200, said(`{"text":"ok"}`, counted), "yes"},
	{"results.video", sonnet45, with(`"video"`, "toolResult"), 200, said(`{"text":"ok"}`, counted), "yes"},
	{"tools.server", nova2, without("nova_grounding", "toolChoice"), 400, no, "no"},
}

// differences runs a probe against a server and returns what differs, by fact.
func differences(t *testing.T, model string, o *bedrocktest.Options, clients ...func(*bedrockruntime.Options)) map[string]string {
	t.Helper()
	r, err := probe.Run(t.Context(), bedrocktest.InMemory(behind(), o).Client(clients...), model, nil)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range r.Of(probe.Differs) {
		all[f.Fact] = f.Seen
	}
	return all
}

// rightly is what a right server shows of the models: the two tables are
// written apart and disagree here and there.
var rightly sync.Map

func alone(t *testing.T, model, fact, seen string, got map[string]string) {
	t.Helper()
	known, ok := rightly.Load(model)
	if !ok {
		known, _ = rightly.LoadOrStore(model, differences(t, model, nil))
	}
	for f, s := range known.(map[string]string) {
		if f == fact {
			t.Errorf("the tables disagree on it already: %q is seen", s)
		}
		if got[f] == s {
			delete(got, f)
		}
	}
	if s, ok := got[fact]; !ok || s != seen || len(got) != 1 {
		t.Errorf("differs: %q, want %s %q alone", got, fact, seen)
	}
}

// TestWrong checks that a server's wrong behaviour is reported by the name of
// the fact, and that nothing else is.
func TestWrong(t *testing.T) {
	facts := map[string]bool{}
	for _, row := range wrong {
		if facts[row.fact] && os.Getenv("CHATMODEL_FULL") == "" {
			continue // one of each
		}
		facts[row.fact] = true
		t.Run(row.fact+" of "+row.model, func(t *testing.T) {
			t.Parallel()
			alone(t, row.model, row.fact, row.seen, differences(t, row.model, &bedrocktest.Options{Traits: row.traits, Off: row.off}))
		})
	}
	for _, row := range altered {
		facts[row.fact] = true
		t.Run(row.fact+" behind a gateway", func(t *testing.T) {
			t.Parallel()
			alone(t, row.model, row.fact, row.seen, differences(t, row.model, nil, func(o *bedrockruntime.Options) {
				own := o.HTTPClient.(*http.Client)
				o.HTTPClient = &http.Client{Transport: gateway{own.Transport, row.fits, row.status, row.answer}}
			}))
		})
	}
	if len(facts) < 60 {
		t.Errorf("%d facts are made wrong, want at least 60", len(facts))
	}
	t.Logf("facts made wrong and found: %d", len(facts))
}
