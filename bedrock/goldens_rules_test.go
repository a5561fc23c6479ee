package bedrock_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/model"
)

// siblings are models that no table has, each with a format of its bodies. Those
// whose facts stand in for them lack something: tools, schemas, thinking or files.
var siblings = []factDoor{
	{"a later Claude 3.5", "anthropic.claude-3-5-sonnet-20250101-v3:0", door{"invoke", bedrock.FormatAnthropic}},
	{"a later Opus", "anthropic.claude-opus-5-9", door{op: "converse"}},
	{"a later Titan", "amazon.titan-text-express-v2", door{op: "converse"}},
	{"a later Llama", "meta.llama3-4-70b-instruct-v1:0", door{op: "converse"}},
	{"a later Mistral", "mistral.mistral-7b-instruct-v0:3", door{op: "converse"}},
	{"a later DeepSeek", "deepseek.r1-v2:0", door{op: "converse"}},
	{"a later Qwen", "qwen.qwen4-32b-v1:0", door{"invoke", bedrock.FormatOpenAI}},
}

// A rules is a group of rules: the facts that they depend on, and a request about
// them.
type rules struct {
	groups  []string // of facts
	request func(h *historian) model.Request
}

// check keeps digests of what becomes of many requests, eight on a line, to models
// of which any facts hold. TestGoldensFacts shows in full what each fact does
// alone.
func (r rules) check(t *testing.T, name string, lines int) {
	t.Helper()
	values := map[string][]factValue{}
	for _, v := range factValues() {
		if fact, _, _ := strings.Cut(v.name, " = "); slices.Contains(r.groups, v.group) {
			values[fact] = append(values[fact], v)
		}
	}
	names := slices.Sorted(maps.Keys(values))
	var blocks []block
	for i, d := range slices.Concat(factDoors(), factDoors()[:3], siblings) {
		if !inSample(i) {
			continue
		}
		b := block{name: fmt.Sprint(i, " ", d.name)}
		for line := range lines {
			h := &historian{Rand: rand.New(rand.NewPCG(uint64(line), uint64(i)))}
			options := &bedrock.Options{Format: d.door.format, FillResults: h.chance(50), Facts: func(f *facts.Facts) {
				f.Doors.Converse, f.Doors.Invoke = facts.SupportYes, facts.SupportYes
				if f.Sibling != "" { // whose facts are what it is about
					return
				}
				h := &historian{Rand: rand.New(rand.NewPCG(uint64(i), uint64(line)))}
				for _, fact := range names {
					if h.chance(50) {
						one(h, values[fact]...).set(f)
					}
				}
			}}
			c, err := bedrock.NewCodec(d.model, options)
			if err != nil {
				t.Fatal(err)
			}
			for k := range 8 {
				req := r.request(h)
				if req.Messages == nil {
					req.Messages = hi
				}
				sum := sha256.New()
				if k < 2 { // it costs more than to encode
					fmt.Fprintln(sum, findings(d.model, &req, options))
				}
				if body, err := c.Encode(&req); err != nil {
					fmt.Fprintln(sum, err)
				} else {
					fmt.Fprintln(sum, body.Warnings, string(body.JSON))
				}
				b.text += fmt.Sprintf("  %.4x", sum.Sum(nil))
			}
			b.text += "\n"
		}
		blocks = append(blocks, b)
	}
	checkSample(t, "rules-"+name, blocks)
}

// sampled sets what bounds and varies an answer.
func (h *historian) sampled(r *model.Request) {
	r.MaxTokens = one(h, 0, 0, 1, 16, 40, 63, 64, 1024, 2000, 2001, 9001)
	r.Temperature = one(h, nil, new(0.0), new(0.25), new(0.5), new(1.0))
	r.TopP = one(h, nil, new(0.949), new(0.95), new(0.9), new(1.0))
	r.TopK = one(h, 0, 5)
	r.StopSequences = one(h, nil, []string{"END"}, []string{"a", " ", "b"}, []string{"a", "b", "c", "d", "e", "f"})
}

// options sets options of the service's own.
func (h *historian) options(r *model.Request) {
	var x bedrock.ProviderOptions
	if h.chance(40) {
		x.AdditionalFields = json.RawMessage(one(h, additional...))
	}
	x.OutputEffort = one(h, "", "", "low", "medium", "high", "max", "heroic")
	r.ProviderOptions = []model.ProviderOptions{&x}
}

// thinks sets how to think.
func (h *historian) thinks(r *model.Request) {
	r.Thinking = &model.ThinkingConfig{Mode: one(h, model.ThinkingDefault, model.ThinkingEnabled, model.ThinkingAdaptive, model.ThinkingDisabled),
		Budget: one(h, 0, 0, 1, 499, 500, 1023, 1024, 2000, 9000), Effort: one(h, "", "", "none", "minimal", "low", "medium", "high", "xhigh", "max", "heroic")}
	if r.Thinking.Mode == model.ThinkingDisabled { // which takes nothing else
		r.Thinking.Budget, r.Thinking.Effort = 0, ""
	}
}

// chooses offers tools and a choice among them.
func (h *historian) chooses(r *model.Request) {
	schemas := []json.RawMessage{nil, weather[0].InputSchema, json.RawMessage(` {"type":"object"}`), json.RawMessage(`{"properties":{"a":{"type":["string","null"],"minLength":1}}}`), json.RawMessage(`{"type":"object","anyOf":[{"required":["a"]},{"required":["b"]}]}`),
		json.RawMessage(`{"oneOf":[{"type":"object"}]}`), json.RawMessage(`{"allOf":[{"type":"object"}]}`), json.RawMessage(`{"const":3}`), json.RawMessage(`{"type":"object","not":{}}`), json.RawMessage(`{"type":"object","\u0061ny":1}`), json.RawMessage(`{"type":"object","properties":{"a":{"$ref":"#"}}}`)}
	for i := range h.IntN(4) {
		tool := model.Tool{Name: one(h, "weather", "clock", "f_1", strings.Repeat("n", 64), "a.b", strings.Repeat("n", 65)), Description: one(h, "", "Tells it"), Strict: one(h, nil, new(true), new(true), new(false)), InputSchema: one(h, schemas...)}
		if i > 0 || h.chance(70) { // names differ
			tool.Name = fmt.Sprintf("t%d", i)
		}
		if h.chance(10) {
			tool = model.Tool{Name: "nova_grounding", ServerSide: true}
		}
		if h.chance(20) {
			tool.Cache = &model.CachePoint{TTL: one(h, 0, 5*time.Minute, time.Hour)}
		}
		r.Tools = append(r.Tools, tool)
	}
	if n := len(r.Tools); n > 0 {
		r.ToolChoice = model.ToolChoice{Mode: one(h, "", model.ToolsAuto, model.ToolsAny, model.ToolsNone), Parallel: one(h, nil, new(true), new(false))}
		if h.chance(20) {
			r.ToolChoice.Mode, r.ToolChoice.Name = model.ToolsNamed, r.Tools[h.IntN(n)].Name
		}
	}
}

// TestGoldensRulesThinking keeps how models are asked to think.
func TestGoldensRulesThinking(t *testing.T) {
	rules{[]string{"Thinking"}, func(h *historian) (r model.Request) {
		h.thinks(&r)
		if h.chance(50) {
			h.options(&r)
		}
		r.MaxTokens = one(h, 0, 0, 499, 500, 1024, 2000, 2001, 9001)
		if h.chance(30) {
			r.Tools, r.ToolChoice.Mode = weather, one(h, model.ToolsAny, model.ToolsAuto)
			r.Messages = []model.Message{model.User("a"), assistant(one[model.Part](h, model.Text("b"), model.Thinking{Text: "t", Signature: "s"}), one[model.Part](h, model.Text("c"), call("c1"))), user(result("c1", model.Text("x")))}
		}
		return r
	}}.check(t, "thinking", 7)
}

// TestGoldensRulesSampling keeps what bounds and varies answers.
func TestGoldensRulesSampling(t *testing.T) {
	rules{[]string{"Sampling", "Limits", "Turns"}, func(h *historian) (r model.Request) {
		h.sampled(&r)
		if h.chance(30) {
			h.options(&r)
		}
		if h.chance(30) {
			h.thinks(&r)
		}
		return r
	}}.check(t, "sampling", 7)
}

// TestGoldensRulesEffort keeps what thinking leaves of sampling.
func TestGoldensRulesEffort(t *testing.T) {
	rules{[]string{"Thinking", "Sampling"}, func(h *historian) (r model.Request) {
		h.sampled(&r)
		r.StopSequences = nil
		if h.chance(70) {
			r.Thinking = &model.ThinkingConfig{Effort: one(h, "high", "high", "low", "none"), Budget: one(h, 0, 2000)}
			r.MaxTokens = one(h, 0, 9001)
		}
		if h.chance(30) {
			h.options(&r)
		}
		return r
	}}.check(t, "effort", 5)
}

// TestGoldensRulesTools keeps which tools are offered.
func TestGoldensRulesTools(t *testing.T) {
	rules{[]string{"Tools", "Output"}, func(h *historian) (r model.Request) {
		h.chooses(&r)
		if h.chance(20) {
			h.thinks(&r)
		}
		if h.chance(30) {
			h.options(&r)
		}
		if h.chance(30) {
			r.Output = &model.OutputFormat{Name: one(h, "", "n"), Description: one(h, "", "d"), Schema: json.RawMessage(one(h, `{"type":"object"}`, `{"type":"object","properties":{"a":{"type":["string","null"]},"b":{"anyOf":[{"type":"string"},{"type":"integer"}]}}}`, `{"type":"string","minLength":2}`, `{"$ref":"#/$defs/a","$defs":{"a":{"type":"object","properties":{"b":{"$ref":"#/$defs/a"}}}}}`))}
		}
		if h.chance(30) {
			r.Messages = []model.Message{model.User("a"), assistant(call("c1")), user(result("c1", model.Text("x")))}
		}
		return r
	}}.check(t, "tools", 7)
}
