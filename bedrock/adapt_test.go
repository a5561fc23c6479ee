package bedrock_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	controlplane "github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/model"
)

// A picky service refuses requests whose body holds a word, in the service's
// own words, and answers all others.
type picky struct {
	status   int
	refusals [][2]string // a word of the body, and what is said of it
	mu       sync.Mutex
	paths    []string
	bodies   []string
}

func (p *picky) do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.paths = append(p.paths, r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:])
	p.bodies = append(p.bodies, string(body))
	for _, refusal := range p.refusals {
		if strings.Contains(string(body), refusal[0]) || refusal[0] == p.paths[len(p.paths)-1] {
			code := "ValidationException"
			if p.status == 403 {
				code = "AccessDeniedException"
			}
			return respond(p.status, strings.NewReader(fmt.Sprintf(`{"message":%q}`, refusal[1])), "Content-Type", "application/json", "X-Amzn-Errortype", code)(r)
		}
	}
	contentType, answer := whole(r.URL.Path)
	return respond(200, strings.NewReader(answer), "Content-Type", contentType)(r)
}

func (p *picky) exchanges() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.bodies)
}

// askEither makes a call by Generate or by Stream.
func askEither(t *testing.T, m *bedrock.Model, req *model.Request, stream bool) (*model.Response, error) {
	t.Helper()
	if stream {
		return m.Stream(t.Context(), req).Response()
	}
	return m.Generate(t.Context(), req)
}

const tomorrow = "acme.new-model-v1:0"

func TestAdaptsToARefusal(t *testing.T) {
	tool := model.Tool{Name: "f", InputSchema: []byte(`{"type":"object","properties":{}}`)}
	for _, row := range []struct {
		name   string
		model  string
		status int
		word   string // of the body that is refused
		says   string
		req    model.Request
		stream bool // refused in streams only
		field  string
	}{
		{name: "temperature", word: `"temperature"`, says: "`temperature` is deprecated for this model.", req: model.Request{Temperature: new(0.5)}, field: "temperature"},
		{name: "top_k", word: `"top_k"`, says: "The model returned the following errors: `top_k` is deprecated for this model.", req: model.Request{TopK: 5}, field: "top_k"},
		{name: "both", word: `"topP"`, says: "`temperature` and `top_p` cannot both be specified for this model. Please use only one.", req: model.Request{Temperature: new(0.5), TopP: new(0.5)}, field: "top_p"},
		{name: "choice", word: `"any"`, says: "tool_choice forces tool use is not compatible with this model", req: model.Request{Tools: []model.Tool{tool}, ToolChoice: model.ToolChoice{Mode: model.ToolsAny}}, field: "tool_choice"},
		{name: "tools in a stream", word: "converse-stream", says: "This model doesn't support tool use in streaming mode.", req: model.Request{Tools: []model.Tool{tool}}, stream: true, field: "tools"},
		{name: "strict", word: `"strict"`, says: "tools.0.custom.strict: Extra inputs are not permitted", req: model.Request{Tools: []model.Tool{{Name: "f", Strict: new(true), InputSchema: tool.InputSchema}}}, field: "tools"},
		{name: "least output", word: `"maxTokens":1}`, says: "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 1 instead.", req: model.Request{MaxTokens: 1}, field: "max_tokens"},
		{name: "automatic cache points", model: "anthropic.claude-sonnet-4-5-20250929-v1:0", status: 403, word: `"cachePoint"`,
			says: "You invoked an unsupported model or your request did not allow prompt caching. See the documentation for more information.", req: model.Request{Cache: &model.CacheConfig{}}, field: "cache"},
		{name: "thinking disabled", model: "global.anthropic.claude-opus-5", word: `"disabled"`,
			says: `"thinking.type.disabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.`,
			req:  model.Request{Thinking: &model.ThinkingConfig{Mode: model.ThinkingDisabled}}, field: "thinking"},
	} {
		for _, stream := range []bool{false, true} {
			if row.stream && !stream {
				continue
			}
			t.Run(fmt.Sprintf("%s/stream %t", row.name, stream), func(t *testing.T) {
				service := &picky{status: 400, refusals: [][2]string{{row.word, row.says}}}
				if row.status != 0 {
					service.status = row.status
				}
				id := row.model
				if id == "" {
					id = tomorrow
				}
				m := newModel(t, id, roundTrip(service.do), nil)
				req := row.req
				req.Messages = []model.Message{model.User("Hello")}
				before := req.Clone()
				for call, want := range []int{2, 3} { // the second call knows
					resp, err := askEither(t, m, &req, stream)
					if err != nil {
						t.Fatal(err)
					}
					if got := service.exchanges(); got != want {
						t.Errorf("call %d: %d exchanges so far, want %d: %q", call+1, got, want, service.bodies)
					}
					said := false
					for _, w := range resp.Warnings {
						said = said || w.Field == row.field && strings.Contains(w.Reason, row.says)
					}
					if said != (call == 0) {
						t.Errorf("call %d: warnings %v; want the service's words of %s: %t", call+1, resp.Warnings, row.field, call == 0)
					}
				}
				if diff := cmp.Diff(before, &req); diff != "" {
					t.Errorf("the request was changed (-before +after):\n%s", diff)
				}
			})
		}
	}
}

func TestAdaptsThreeTimesAtMost(t *testing.T) {
	service := &picky{status: 400, refusals: [][2]string{
		{`"temperature"`, "`temperature` is deprecated for this model."}, {`"topP"`, "`top_p` is deprecated for this model."},
		{`"top_k"`, "`top_k` is deprecated for this model."}, {`"maxTokens":1}`, "max_tokens must be at least 16"}}}
	m := newModel(t, tomorrow, roundTrip(service.do), nil)
	req := &model.Request{Messages: hello.Messages, Temperature: new(0.5), TopP: new(0.5), TopK: 5, MaxTokens: 1}
	_, err := m.Generate(t.Context(), req)
	if !errors.Is(err, model.ErrUnsupported) || service.exchanges() != 4 {
		t.Errorf("%d exchanges, %v; want 4 and the last refusal", service.exchanges(), err)
	}
	// What has served is remembered, so that the next call comes to an end.
	if _, err := m.Generate(t.Context(), req); err != nil || service.exchanges() != 6 {
		t.Errorf("the next call: %d exchanges so far, %v; want 6: %q", service.exchanges(), err, service.bodies)
	}
}

// TestNeitherEffort checks that a model that refuses both fields for an effort
// is not sent the first one again.
func TestNeitherEffort(t *testing.T) {
	service := &picky{status: 400, refusals: [][2]string{
		{`"reasoning"`, "Unknown parameter: 'reasoning'."}, {`"reasoning_effort"`, "Unknown parameter: 'reasoning_effort'."}}}
	m := newModel(t, "openai.gpt-7", roundTrip(service.do), nil)
	req := &model.Request{Messages: hello.Messages, Thinking: &model.ThinkingConfig{Effort: "high"}}
	for _, want := range []int{3, 4} {
		resp, err := m.Generate(t.Context(), req)
		if err != nil || service.exchanges() != want || strings.Contains(service.bodies[want-1], "reasoning") {
			t.Fatalf("%d exchanges so far, %v; want %d: %q", service.exchanges(), err, want, service.bodies)
		}
		if !slices.ContainsFunc(resp.Warnings, func(w model.Warning) bool { return w.Action == model.WarningDropped && w.Field == "thinking" }) {
			t.Errorf("warnings: %v", resp.Warnings)
		}
	}
}

// TestAdaptedWarnings checks that warnings from before a refusal are still
// given after it.
func TestAdaptedWarnings(t *testing.T) {
	service := &picky{status: 400, refusals: [][2]string{{`"temperature"`, "`temperature` is deprecated for this model."}, {`"topP"`, "`top_p` is deprecated for this model."}}}
	get := &profiles{answers: []func(context.Context) (*controlplane.GetInferenceProfileOutput, error){
		func(context.Context) (*controlplane.GetInferenceProfileOutput, error) {
			return nil, errors.New("no such host")
		}}}
	m := newModel(t, "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc", roundTrip(service.do), &bedrock.Options{Profiles: get})
	for _, stream := range []bool{false, true} {
		resp, err := askEither(t, m, &model.Request{Messages: hello.Messages, Temperature: new(0.5), TopP: new(0.5)}, stream)
		if err != nil {
			t.Fatal(err)
		}
		said := 0
		for _, w := range resp.Warnings {
			if strings.Contains(w.Reason, "the inference profile could not be read") {
				said++
			}
		}
		if said != 1 {
			t.Errorf("stream %t: said %d times that the profile is not known: %v", stream, said, resp.Warnings)
		}
	}
}

func TestDoesNotAdapt(t *testing.T) {
	sampled := &model.Request{Messages: hello.Messages, Temperature: new(0.5)}
	point := &model.Request{Messages: []model.Message{model.UserParts(model.Text("a"), model.CachePoint{}, model.Text("b"))}, Temperature: new(0.5)}
	for name, row := range map[string]struct {
		options *bedrock.Options
		status  int
		word    string
		says    string
		req     *model.Request
		kind    error
	}{
		"switched off":                {&bedrock.Options{NoAdaptation: true}, 400, `"temperature"`, "`temperature` is deprecated for this model.", sampled, model.ErrUnsupported},
		"words that are not known":    {nil, 400, `"temperature"`, "Temperatures are out of fashion.", sampled, model.ErrInvalidRequest},
		"a cache point of the caller": {&bedrock.Options{Facts: func(f *facts.Facts) { f.Cache.Points = facts.SupportYes }}, 403, `"cachePoint"`, "You invoked an unsupported model or your request did not allow prompt caching.", point, model.ErrUnsupported},
		"a refusal of the account":    {nil, 403, `"temperature"`, "You don't have access to the model with the specified model ID.", sampled, model.ErrPermission},
		"another status":              {nil, 409, `"temperature"`, "`temperature` is deprecated for this model.", sampled, model.ErrInvalidRequest},
		"nothing that can be left":    {nil, 400, `Hello`, "`top_k` is deprecated for this model.", sampled, model.ErrUnsupported},
	} {
		t.Run(name, func(t *testing.T) {
			service := &picky{status: row.status, refusals: [][2]string{{row.word, row.says}}}
			m := newModel(t, tomorrow, roundTrip(service.do), row.options)
			_, err := m.Generate(t.Context(), row.req)
			if !errors.Is(err, row.kind) || service.exchanges() != 1 {
				t.Errorf("%d exchanges, %v; want 1 and %v", service.exchanges(), err, row.kind)
			}
		})
	}
}

// TestForgets checks that a refused field is sent again after an hour.
func TestForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		service := &picky{status: 400, refusals: [][2]string{{`"temperature"`, "`temperature` is deprecated for this model."}}}
		m := newModel(t, tomorrow, roundTrip(service.do), nil)
		req := &model.Request{Messages: hello.Messages, Temperature: new(0.5)}
		for i, wait := range []time.Duration{0, 59 * time.Minute, 2 * time.Minute} {
			time.Sleep(wait)
			if _, err := m.Generate(t.Context(), req); err != nil {
				t.Fatal(err)
			}
			if got, want := service.exchanges(), []int{2, 3, 5}[i]; got != want {
				t.Errorf("after %v: %d exchanges, want %d", wait, got, want)
			}
		}
	})
}

// TestRefusedByTheRules checks the error for a request that has no other form.
func TestRefusedByTheRules(t *testing.T) {
	service := &picky{status: 400, refusals: [][2]string{{"assistant", "This model does not support assistant message prefill. The conversation must end with a user message."}}}
	m := newModel(t, tomorrow, roundTrip(service.do), nil)
	req := &model.Request{Messages: []model.Message{model.User("a"), model.Assistant("b")}}
	for range 2 { // the second time nothing is sent
		_, err := m.Generate(t.Context(), req)
		if !errors.Is(err, model.ErrUnsupported) || !strings.Contains(err.Error(), "messages[1]") || service.exchanges() != 1 {
			t.Errorf("%d exchanges, %v; want 1 and the field", service.exchanges(), err)
		}
	}
}

func TestAdaptsConcurrently(t *testing.T) {
	service := &picky{status: 400, refusals: [][2]string{{`"temperature"`, "`temperature` is deprecated for this model."}}}
	m := newModel(t, tomorrow, roundTrip(service.do), nil)
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			req := &model.Request{Messages: hello.Messages, Temperature: new(0.5)}
			if _, err := askEither(t, m, req, i%2 == 0); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}
