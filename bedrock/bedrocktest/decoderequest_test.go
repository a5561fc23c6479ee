package bedrocktest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"math/rand/v2"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/model"
)

const (
	unknownID = "acme.new-model-v1:0"
	claude46  = "us.anthropic.claude-sonnet-4-6"
	claude5   = "global.anthropic.claude-sonnet-5"
	nova2     = "us.amazon.nova-2-lite-v1:0"
	qwen      = "qwen.qwen3-32b-v1:0"
	mistral   = "mistral.mistral-large-2407-v1:0"
)

var modelIDs = []string{unknownID, claude37, claude46, claude5, nova2, cohere, gptOSS, qwen, mistral}

// A capture keeps the bodies that a model sends, and its answer is an error.
type capture struct {
	model *bedrock.Model
	body  []byte
}

func (c *capture) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	c.body = body
	return &http.Response{StatusCode: 418, Body: http.NoBody}, err
}

// captures are those of the models that were asked for, by their ids. Only tests
// that do not run in parallel use them.
var captures = map[string]*capture{}

func captureOf(t testing.TB, modelID string) *capture {
	t.Helper()
	if c := captures[modelID]; c != nil {
		return c
	}
	c := &capture{}
	var err error
	c.model, err = bedrock.New(bedrockruntime.New(bedrockruntime.Options{
		Region: "us-east-1", HTTPClient: c, Retryer: aws.NopRetryer{}, AuthSchemePreference: []string{"sigv4"},
		Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", ""),
	}), modelID, nil)
	if err != nil {
		t.Fatal(err)
	}
	captures[modelID] = c
	return c
}

// encode returns the body that the bedrock package sends for a request, and
// the error if it sends none.
func encode(t testing.TB, modelID string, req *model.Request) ([]byte, error) {
	t.Helper()
	c := captureOf(t, modelID)
	c.body = nil
	_, err := c.model.Stream(context.Background(), req).Response()
	if c.body == nil {
		return nil, err
	}
	return c.body, nil
}

// value decodes JSON with exact numbers.
func value(t testing.TB, data []byte) any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%q is not JSON: %v", data, err)
	}
	return exact(v)
}

func exact(v any) any {
	switch v := v.(type) {
	case json.Number:
		if len(v) > 30 { // the fuzzer's; as a fraction it could be of any size
			return v
		}
		if i := strings.IndexAny(string(v), "eE"); i >= 0 && len(v)-i > 5 {
			return v
		}
		if r, ok := new(big.Rat).SetString(string(v)); ok {
			return "number " + r.RatString()
		}
	case map[string]any:
		for k, e := range v {
			v[k] = exact(e)
		}
	case []any:
		for i, e := range v {
			v[i] = exact(e)
		}
	}
	return v
}

// TestDecodeRequest checks the neutral form of a body that uses everything.
func TestDecodeRequest(t *testing.T) {
	for _, row := range []struct {
		name, model, body string
		want              model.Request
	}{
		{name: "nothing", model: unknownID, body: `{}`},
		{
			name: "null in all places", model: unknownID,
			body: `{"system":null,"messages":null,"toolConfig":null,"inferenceConfig":null,"additionalModelRequestFields":null,"outputConfig":null,"guardrailConfig":null,"performanceConfig":null,"serviceTier":null,"requestMetadata":null,"promptVariables":null,"additionalModelResponseFieldPaths":null}`,
		},
		{
			name: "messages", model: unknownID,
			body: `{"system":[{"text":"s"},{"cachePoint":{"type":"default","ttl":"1h"}},{"guardContent":{"text":{"text":"g"}}},{"future":{"a":1}},{}],
				"messages":[{"role":"user","content":[{"text":"u"},{"toolResult":{"toolUseId":"c1","status":"error","content":[{"text":"x"}]}}]},{"role":"assistant","content":[{"toolUse":{"toolUseId":"c2","name":"f","input":{"n":2.50}}},{"toolResult":{"toolUseId":"s","type":"r","content":[]}}]}]}`,
			want: model.Request{Messages: []model.Message{
				model.SystemParts(model.Text("s"), model.CachePoint{TTL: time.Hour}, model.Guard{Text: "g"}, model.Opaque{Provider: "bedrock", Kind: "future", Data: json.RawMessage(`{"a":1}`)}, model.Opaque{Provider: "bedrock", Data: json.RawMessage(`{}`)}),
				model.UserParts(model.Text("u"), model.ToolResult{CallID: "c1", IsError: true, Parts: []model.Part{model.Text("x")}}),
				model.AssistantParts(model.ToolCall{ID: "c2", Name: "f", Input: json.RawMessage(`{"n":2.50}`)}, model.ServerToolResult{CallID: "s", Kind: "r", Parts: []model.Part{}}),
			}},
		},
		{
			name: "tools", model: unknownID,
			body: `{"toolConfig":{"toolChoice":{"tool":{"name":"f"}},"tools":[{"cachePoint":{"type":"default"}},{"toolSpec":{"name":"f","description":"d","strict":true,"inputSchema":{"json":{"a":1e400}}}},{"cachePoint":{"type":"default","ttl":"5m"}},{"systemTool":{"name":"s"}},{"toolSpec":{"name":"g"}},{"future":{}}]}}`,
			want: model.Request{ToolChoice: model.UseTool("f"), Tools: []model.Tool{{Name: "f", Description: "d", Strict: new(true), InputSchema: json.RawMessage(`{"a":1e400}`), Cache: &model.CachePoint{TTL: 5 * time.Minute}},
				{Name: "s", ServerSide: true}, {Name: "g"}}},
		},
		{name: "choice auto", model: unknownID, body: `{"toolConfig":{"toolChoice":{"auto":{}},"tools":[{"systemTool":{"name":"s"}}]}}`, want: model.Request{ToolChoice: model.ToolChoice{Mode: model.ToolsAuto}, Tools: []model.Tool{{Name: "s", ServerSide: true}}}},
		{name: "choice any", model: unknownID, body: `{"toolConfig":{"toolChoice":{"any":{}}}}`, want: model.Request{ToolChoice: model.ToolChoice{Mode: model.ToolsAny}}},
		{name: "a choice not known", model: unknownID, body: `{"toolConfig":{"toolChoice":{"some":{}}}}`},
		{
			name: "settings", model: unknownID,
			body: `{"inferenceConfig":{"maxTokens":7,"temperature":0,"topP":0.5,"stopSequences":["x"]},"outputConfig":{"effort":"low","textFormat":{"type":"json_schema","structure":{"jsonSchema":{"name":"n","description":"d","schema":"{}"}}}},
				"guardrailConfig":{"guardrailIdentifier":"g","guardrailVersion":"1","trace":"enabled","streamProcessingMode":"sync"},"performanceConfig":{"latency":"optimized"},"serviceTier":{"type":"flex"},
				"requestMetadata":{"a_b":"c"},"promptVariables":{"v":{"text":"t"},"w":{}},"additionalModelResponseFieldPaths":["/a"],"additionalModelRequestFields":{"z":2.50,"a":1},"notKnown":1}`,
			want: model.Request{MaxTokens: 7, Temperature: new(0.0), TopP: new(0.5), StopSequences: []string{"x"}, Output: &model.OutputFormat{Name: "n", Description: "d", Schema: json.RawMessage(`{}`)},
				ProviderOptions: []model.ProviderOptions{&bedrock.ProviderOptions{OutputEffort: "low", Guardrail: &bedrock.Guardrail{ID: "g", Version: "1", Trace: "enabled", StreamMode: "sync"}, Latency: "optimized", ServiceTier: "flex",
					Metadata: map[string]string{"a_b": "c"}, PromptVariables: map[string]string{"v": "t"}, ResponseFieldPaths: []string{"/a"}, AdditionalFields: json.RawMessage(`{"z":2.50,"a":1}`)}}},
		},
		{name: "an output without a schema", model: unknownID, body: `{"outputConfig":{"textFormat":{"structure":{"xml":{}}}}}`},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := bedrocktest.DecodeRequest(row.model, []byte(row.body))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&row.want, got); diff != "" {
				t.Errorf("DecodeRequest(%s) (-want +got):\n%s", row.body, diff)
			}
		})
	}
}

// TestDecodeRequestLift checks which of the model's own parameters become
// neutral fields, and which stay because they say something else.
func TestDecodeRequestLift(t *testing.T) {
	thinking := func(c model.ThinkingConfig) *model.Request { return &model.Request{Thinking: &c} }
	k := func(n int) *model.Request { return &model.Request{TopK: n} }
	for _, row := range []struct {
		model, fields string
		want          *model.Request // what is lifted; its AdditionalFields are what stays
		stays         string
	}{
		{claude37, `{"thinking":{"type":"enabled","budget_tokens":2000}}`, thinking(model.ThinkingConfig{Mode: model.ThinkingEnabled, Budget: 2000}), ``},
		{claude37, `{"thinking":{"type":"enabled","budget_tokens":1000}}`, nil, `{"thinking":{"type":"enabled","budget_tokens":1000}}`},
		{claude37, `{"thinking":{"type":"enabled","budget_tokens":2000,"more":1}}`, nil, `{"thinking":{"type":"enabled","budget_tokens":2000,"more":1}}`},
		{claude37, `{"thinking":{"type":"enabled","budget_tokens":2000,"more":1e400}}`, nil, `{"thinking":{"type":"enabled","budget_tokens":2000,"more":1e400}}`},
		{claude37, `{"thinking":{"type":"dreaming"}}`, nil, `{"thinking":{"type":"dreaming"}}`},
		{claude37, `{"thinking":null}`, nil, `{"thinking":null}`},
		{claude37, `{"thinking":{"type":"disabled"},"z":1,"a":2}`, thinking(model.ThinkingConfig{Mode: model.ThinkingDisabled}), `{"z":1,"a":2}`},
		{claude37, `{"thinking":{"type":"disabled"},"output_config":{"effort":"low"}}`, thinking(model.ThinkingConfig{Mode: model.ThinkingDisabled}), `{"output_config":{"effort":"low"}}`},
		{claude37, `{"thinking":{"type":"adaptive"}}`, nil, `{"thinking":{"type":"adaptive"}}`},
		{claude37, `{"thinking":{"type":"enabled","budget_tokens":2000},"output_config":{"effort":"low"}}`, thinking(model.ThinkingConfig{Mode: model.ThinkingEnabled, Budget: 2000}), `{"output_config":{"effort":"low"}}`},
		{claude5, `{"thinking":{"type":"adaptive"},"output_config":{"effort":"low"}}`, thinking(model.ThinkingConfig{Mode: model.ThinkingAdaptive, Effort: "low"}), ``},
		{claude5, `{"thinking":{"type":"adaptive"},"output_config":{"effort":"low","format":{}}}`, thinking(model.ThinkingConfig{Mode: model.ThinkingAdaptive}), `{"output_config":{"effort":"low","format":{}}}`},
		{claude5, `{"thinking":{"type":"enabled","budget_tokens":2000}}`, nil, `{"thinking":{"type":"enabled","budget_tokens":2000}}`},
		{claude5, `{"top_k":5}`, nil, `{"top_k":5}`},
		{nova2, `{"reasoningConfig":{"type":"enabled","maxReasoningEffort":"low"}}`, thinking(model.ThinkingConfig{Mode: model.ThinkingEnabled, Effort: "low"}), ``},
		{nova2, `{"reasoningConfig":{"type":"disabled"}}`, thinking(model.ThinkingConfig{Mode: model.ThinkingDisabled}), ``},
		{nova2, `{"reasoningConfig":{"type":"enabled"}}`, nil, `{"reasoningConfig":{"type":"enabled"}}`},
		{nova2, `{"reasoningConfig":{"type":"enabled","maxReasoningEffort":"max"}}`, nil, `{"reasoningConfig":{"type":"enabled","maxReasoningEffort":"max"}}`},
		{nova2, `{"inferenceConfig":{"topK":5}}`, k(5), ``},
		{nova2, `{"inferenceConfig":{"topK":0}}`, nil, `{"inferenceConfig":{"topK":0}}`},
		{nova2, `{"inferenceConfig":{"topK":5,"x":1}}`, nil, `{"inferenceConfig":{"topK":5,"x":1}}`},
		{gptOSS, `{"reasoning_effort":"low"}`, thinking(model.ThinkingConfig{Effort: "low"}), ``},
		{gptOSS, `{"reasoning_effort":""}`, nil, `{"reasoning_effort":""}`},
		{gptOSS, `{"reasoning_effort":null}`, nil, `{"reasoning_effort":null}`},
		{gptOSS, `{"reasoning_effort":1}`, nil, `{"reasoning_effort":1}`},
		{qwen, `{"reasoning_config":"high"}`, thinking(model.ThinkingConfig{Effort: "high"}), ``},
		{unknownID, `{"reasoning_effort":"low","top_k":5}`, k(5), `{"reasoning_effort":"low"}`},
		{unknownID, `{"top_k":-1}`, nil, `{"top_k":-1}`},
		{unknownID, `{"top_k":5.0}`, nil, `{"top_k":5.0}`},
		{unknownID, `{"k":5}`, nil, `{"k":5}`},
		{cohere, `{"k":5}`, k(5), ``},
		{claude37, `{"top_k":5,"thinking":{"type":"enabled"}}`, nil, `{"top_k":5,"thinking":{"type":"enabled"}}`},
		{claude37, `{"top_k":5,"thinking":{"type":"enabled","budget_tokens":2000}}`, thinking(model.ThinkingConfig{Mode: model.ThinkingEnabled, Budget: 2000}), `{"top_k":5}`},
		{claude37, `{"tool_choice":{"type":"auto","disable_parallel_tool_use":true}}`, nil, `{"tool_choice":{"type":"auto","disable_parallel_tool_use":true}}`}, // no tools
		{unknownID, `[]`, nil, `[]`},
	} {
		body := `{"messages":[],"additionalModelRequestFields":` + row.fields + `}`
		got, err := bedrocktest.DecodeRequest(row.model, []byte(body))
		if err != nil {
			t.Fatal(err)
		}
		want := &model.Request{}
		if row.want != nil {
			*want = *row.want
		}
		stays := ""
		if len(got.ProviderOptions) > 0 {
			stays = string(got.ProviderOptions[0].(*bedrock.ProviderOptions).AdditionalFields)
			got.ProviderOptions = nil
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s of %s (-want +got):\n%s", row.fields, row.model, diff)
		}
		if row.stays == "" != (stays == "") || stays != "" && !cmp.Equal(value(t, []byte(stays)), value(t, []byte(row.stays))) {
			t.Errorf("%s of %s: %q stays, want %q", row.fields, row.model, stays, row.stays)
		}
	}
}

// TestDecodeRequestParallel checks Anthropic's own tool choice.
func TestDecodeRequestParallel(t *testing.T) {
	off := new(false)
	for _, row := range []struct {
		model, choice, more string
		want                model.ToolChoice
		stays               bool
	}{
		{claude46, `{"type":"auto","disable_parallel_tool_use":true}`, ``, model.ToolChoice{Mode: model.ToolsAuto, Parallel: off}, false},
		{claude46, `{"type":"any","disable_parallel_tool_use":true}`, ``, model.ToolChoice{Mode: model.ToolsAny, Parallel: off}, false},
		{claude46, `{"type":"tool","name":"f","disable_parallel_tool_use":true}`, ``, model.ToolChoice{Mode: model.ToolsNamed, Name: "f", Parallel: off}, false},
		{claude46, `{"type":"tool","name":"other","disable_parallel_tool_use":true}`, ``, model.ToolChoice{}, true},
		{claude46, `{"type":"auto","name":"f","disable_parallel_tool_use":true}`, ``, model.ToolChoice{}, true},
		{claude46, `{"type":"auto","name":"other","disable_parallel_tool_use":true}`, ``, model.ToolChoice{}, true},
		{claude46, `{"type":"none","disable_parallel_tool_use":true}`, ``, model.ToolChoice{}, true},
		{claude46, `{"type":"auto","disable_parallel_tool_use":false}`, ``, model.ToolChoice{}, true},
		{claude46, `{"type":"auto"}`, ``, model.ToolChoice{}, true},
		{claude46, `{"type":"auto","disable_parallel_tool_use":true}`, `"toolChoice":{"any":{}},`, model.ToolChoice{Mode: model.ToolsAny}, true},
		{unknownID, `{"type":"auto","disable_parallel_tool_use":true}`, ``, model.ToolChoice{}, true},
	} {
		body := `{"toolConfig":{` + row.more + `"tools":[{"toolSpec":{"name":"f"}}]},"additionalModelRequestFields":{"tool_choice":` + row.choice + `}}`
		got, err := bedrocktest.DecodeRequest(row.model, []byte(body))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(row.want, got.ToolChoice); diff != "" || len(got.ProviderOptions) > 0 != row.stays {
			t.Errorf("%s of %s: stays %v, want %v; choice (-want +got):\n%s", row.choice, row.model, len(got.ProviderOptions) > 0, row.stays, diff)
		}
	}
}

// TestDecodeRequestErrors checks that the error names the place and shows none
// of the contents.
func TestDecodeRequestErrors(t *testing.T) {
	for body, place := range map[string]string{
		`{"messages":[{"content":[{"text":5}]}]}`:                         "messages.0.content.0.text",
		`{"messages":{"secret":1}}`:                                       "messages",
		`{"inferenceConfig":{"maxTokens":"secret"}}`:                      "inferenceConfig.maxTokens",
		`{"messages":[{"content":[{"image":{"source":{"bytes":"!"}}}]}]}`: "messages.0.content.0.image.source.bytes",
		`{"secret"`: "JSON",
		`[]`:        "object",
	} {
		req, err := bedrocktest.DecodeRequest(unknownID, []byte(body))
		if err == nil || !strings.Contains(err.Error(), place) || strings.Contains(err.Error(), "secret") || req != nil {
			t.Errorf("DecodeRequest(%s) = %v, %v, want an error that names %s", body, req, err, place)
		}
	}
}

// requests makes up requests that a family can express.
type requests struct{ *rand.Rand }

func (g requests) one(p float64) bool { return g.Float64() < p }

func pick[T any](g requests, all ...T) T { return all[g.IntN(len(all))] }

func (g requests) word() string {
	return pick(g, "a", "Hello, 世界", "two\nlines", "<tag> & \"quotes\" \\", "x ", "1")
}

func (g requests) doc() json.RawMessage {
	return json.RawMessage(pick(g, `{}`, `{"n":9007199254740993}`, `{"a":{"b":[1,2.50,null]},"c":"é"}`, `{"m":1e400}`))
}

func (g requests) point() model.CachePoint { return model.CachePoint{} }

func (g requests) said() model.Part {
	switch g.IntN(10) {
	case 0:
		return model.Image{MediaType: pick(g, "image/png", "image/webp"), Data: []byte{1, 2}}
	case 1:
		return model.Image{MediaType: "image/jpeg", URI: "s3://b/k", Owner: pick(g, "", "123456789012")}
	case 2:
		return model.Document{Name: pick(g, "a", "b", "report.pdf", ""), MediaType: "application/pdf", Data: []byte{3}, Context: pick(g, "", "c"), Citations: g.one(0.5)}
	case 3:
		return model.Document{Name: pick(g, "a", "b"), MediaType: "text/plain", Chunks: []string{"x", "y"}}
	case 4:
		return model.Video{MediaType: "video/mp4", Data: []byte{4}}
	case 5:
		return model.Audio{MediaType: "audio/wav", URI: "s3://b/a"}
	case 6:
		return model.SearchResult{Source: "s", Title: "t", Content: []string{"c"}, Citations: g.one(0.5)}
	case 7:
		return model.Guard{Text: g.word(), Qualifiers: pick(g, nil, []string{"query"})}
	case 8:
		return model.Opaque{Provider: "bedrock", Kind: "future", Data: g.doc()}
	}
	return model.Text(g.word())
}

func (g requests) answered() model.Part {
	switch g.IntN(6) {
	case 0:
		return model.Thinking{Text: g.word(), Signature: pick(g, "", "sig"), Provider: "bedrock"}
	case 1:
		return model.Thinking{Redacted: []byte{5, 6}, Provider: "bedrock"}
	case 2:
		return model.CitedText{Text: g.word(), Citations: []model.Citation{{Title: "T", Quotes: []string{"q"}, Location: pick(g, model.CitationLocation{Kind: model.LocationPage, Index: 1, End: 2},
			model.CitationLocation{Kind: model.LocationWeb, URL: "u"}, model.CitationLocation{Kind: "place", Data: json.RawMessage(`{"n":1}`)}, model.CitationLocation{})}}}
	}
	return model.Text(g.word())
}

func (g requests) conversation(tools bool) []model.Message {
	var all []model.Message
	if g.one(0.5) {
		all = append(all, model.SystemParts(model.Text(g.word()), g.point()))
	}
	for i := range g.IntN(4) {
		user, reply := model.UserParts(model.Text(g.word())), model.AssistantParts(g.answered(), model.Text(g.word()))
		for range g.IntN(3) {
			user.Parts = append(user.Parts, g.said())
		}
		all = append(all, user, reply)
		if !tools || g.one(0.5) {
			continue
		}
		id := fmt.Sprint("call", i)
		all[len(all)-1].Parts = append(all[len(all)-1].Parts, model.ToolCall{ID: id, Name: "f", Input: g.doc()})
		result := model.ToolResult{CallID: id, IsError: g.one(0.3), Parts: []model.Part{pick[model.Part](g, model.Text("r"), model.JSON(g.doc()), model.JSON("[1]"), model.Image{MediaType: "image/png", Data: []byte{1}})}}
		all = append(all, model.ToolResults(result), model.AssistantParts(
			model.ServerToolCall{ID: "s" + id, Name: "s", Kind: "server_tool_use", Input: g.doc()}, model.ServerToolResult{CallID: "s" + id, Kind: "r", Parts: []model.Part{model.JSON(g.doc())}}, model.Text("done")))
	}
	last := model.UserParts(model.Text(g.word()))
	for range g.IntN(3) {
		last.Parts = append(last.Parts, g.said())
	}
	if g.one(0.3) {
		last.Parts = append(last.Parts, g.point())
	}
	return append(all, last)
}

func (g requests) request(modelID string) *model.Request {
	known := facts.Lookup(modelID)
	req := &model.Request{}
	if tools := g.one(0.5); tools {
		req.Tools = []model.Tool{{Name: "f", Description: pick(g, "", "d"), InputSchema: g.doc(), Strict: pick(g, nil, new(true))}, {Name: "s", ServerSide: true}}
		if g.one(0.3) {
			req.Tools[0].Cache = &model.CachePoint{}
		}
		req.ToolChoice = pick(g, model.ToolChoice{}, model.ToolChoice{Mode: model.ToolsAuto})
		if known.Tools.Any.Yes() && g.one(0.3) {
			req.ToolChoice.Mode = model.ToolsAny
		}
		if known.Tools.ParallelSwitch.Yes() && g.one(0.3) {
			req.ToolChoice.Parallel = new(false)
		}
	}
	req.Messages = g.conversation(req.Tools != nil)
	if g.one(0.5) {
		req.MaxTokens, req.Temperature = pick(g, 0, 3000), pick(g, nil, new(0.0), new(0.7))
		req.TopP, req.TopK, req.StopSequences = pick(g, nil, new(0.9)), pick(g, 0, 5), pick(g, nil, []string{"END"})
	}
	if known.Thinking.Supported.Yes() && g.one(0.4) {
		req.Thinking = &model.ThinkingConfig{Mode: pick(g, model.ThinkingDefault, model.ThinkingEnabled, model.ThinkingAdaptive), Effort: pick(g, "", "low"), Budget: pick(g, 0, 2000)}
	}
	if known.Output.Native.Yes() && g.one(0.3) {
		req.Output = &model.OutputFormat{Name: "n", Schema: json.RawMessage(`{"type":"object","properties":{"a":{"type":"string"}}}`)}
	}
	if g.one(0.3) {
		req.Cache = &model.CacheConfig{}
	}
	if g.one(0.5) {
		req.ProviderOptions = []model.ProviderOptions{&bedrock.ProviderOptions{
			AdditionalFields: pick(g, nil, json.RawMessage(`{"z":2.50,"a":{"b":1}}`), json.RawMessage(`{"top_k":9}`)), ResponseFieldPaths: pick(g, nil, []string{"/a"}),
			Guardrail: pick(g, nil, &bedrock.Guardrail{ID: "g", Version: "1", StreamMode: "sync"}), Latency: pick(g, "", "optimized"), ServiceTier: pick(g, "", "flex"),
			Metadata: pick(g, nil, map[string]string{"k": "v", "a": "b"}), PromptVariables: pick(g, nil, map[string]string{"k": "v"}), OutputEffort: pick(g, "", "low")}}
	}
	return req
}

// TestDecodeRequestFixpoint checks that the body of a request, decoded and sent
// again, is the same body, and decodes to the same request.
func TestDecodeRequestFixpoint(t *testing.T) {
	seeds, sent := uint64(500), 0
	if os.Getenv("CHATMODEL_FULL") != "" {
		seeds = 1500
	}
	for seed := range seeds {
		g := requests{rand.New(rand.NewPCG(seed, 2))}
		id := pick(g, modelIDs...)
		body, err := encode(t, id, g.request(id))
		if errors.Is(err, model.ErrUnsupported) || errors.Is(err, model.ErrInvalidRequest) {
			continue
		} else if body == nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		sent++
		fixpoint(t, fmt.Sprint("seed ", seed), id, body)
	}
	if sent < int(seeds)*2/3 {
		t.Errorf("only %d of the requests were sent", sent)
	}
}

// fixpoint checks that a body that the bedrock package has sent is decoded and
// sent again as it is.
func fixpoint(t *testing.T, name, id string, body []byte) {
	t.Helper()
	req, err := bedrocktest.DecodeRequest(id, body)
	if err != nil {
		t.Fatalf("%s: %v in %s", name, err, body)
	}
	again, err := encode(t, id, req)
	if err != nil {
		t.Fatalf("%s: %s: not sent again: %v\n%s", name, id, err, body)
	}
	if !bytes.Equal(body, again) { // usually they are
		if diff := cmp.Diff(value(t, body), value(t, again)); diff != "" {
			t.Fatalf("%s: %s: body (-first +again):\n%s", name, id, diff)
		}
	}
	same, err := bedrocktest.DecodeRequest(id, again)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(req, same) { // usually they are
		if diff := cmp.Diff(req, same); diff != "" {
			t.Fatalf("%s: %s: request (-first +again):\n%s", name, id, diff)
		}
	}
}

// FuzzDecodeRequest checks that no body makes DecodeRequest panic, and that
// what can be sent again is a fixpoint from then on.
func FuzzDecodeRequest(f *testing.F) {
	for i, seed := range []string{
		`{}`, `null`, `[]`, `{`,
		`{"messages":[{"role":"user","content":[{"text":"Hi"}]}]}`,
		`{"system":[{"text":"s"},{"cachePoint":{"type":"default"}}],"messages":[{"role":"user","content":[{"text":"a"},{"document":{"name":"a.b","format":"pdf","source":{"bytes":"AQ=="}}},{"cachePoint":{"type":"default","ttl":"1h"}}]}]}`,
		`{"messages":[{"role":"user","content":[{"text":"a"}]},{"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"t","signature":"s"}}},{"toolUse":{"toolUseId":"c","name":"f","input":[1]}}]},{"role":"user","content":[{"text":"b"},{"toolResult":{"toolUseId":"c","content":[{"json":null}]}}]}],"toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{}}}}],"toolChoice":{"any":{}}}}`,
		`{"messages":[{"role":"user","content":[{"image":{"format":"png","source":{"s3Location":{"uri":"s3://b"}}}},{"x":{"y":1}},{}]}],"inferenceConfig":{"maxTokens":1,"temperature":0.5,"topP":0.5,"stopSequences":["a"]},"additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":1024},"top_k":3}}`,
		`{"messages":[{"role":"assistant","content":[{"citationsContent":{"content":[{"text":"t"}],"citations":[{"location":{"web":{}}}]}}]},{"role":"user","content":[{"guardContent":{"text":{"text":"g"}}},{"searchResult":{"source":"s","title":"t","content":[]}},{"audio":{"format":"wav","source":{"bytes":""}}}]}]}`,
		`{"messages":[{"role":"user","content":[{"text":"Hi"}]}],"outputConfig":{"textFormat":{"structure":{"jsonSchema":{"schema":"{\"type\":\"object\"}"}}}},"promptVariables":{"a":{}},"guardrailConfig":{"guardrailIdentifier":"g","guardrailVersion":"1"}}`,
	} {
		f.Add(uint8(i), []byte(seed))
		f.Add(uint8(0), []byte(seed))
	}
	for seed := range uint64(60) {
		g := requests{rand.New(rand.NewPCG(seed, 3))}
		which := int(seed) % len(modelIDs)
		if body, _ := encode(f, modelIDs[which], g.request(modelIDs[which])); body != nil {
			f.Add(uint8(which), body)
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		id := modelIDs[int(which)%len(modelIDs)]
		req, err := bedrocktest.DecodeRequest(id, data)
		if err != nil {
			return
		}
		body, err := encode(t, id, req)
		if err != nil {
			return
		}
		if !json.Valid(body) {
			t.Fatalf("sent what is not JSON: %q", body)
		}
		fixpoint(t, "body", id, body)
	})
}
