package model_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

// validity are requests with one setting each, and their neighbours.
type validity struct{ lines []string }

// check notes what Validate says of a request.
func (v *validity) check(name string, req *model.Request) {
	err := req.Validate()
	if err == nil {
		v.lines = append(v.lines, name+": ok")
		return
	}
	e, ok := err.(*model.Error)
	if !ok || e.Kind != model.ErrInvalidRequest {
		v.lines = append(v.lines, name+": "+failureText(err))
		return
	}
	v.lines = append(v.lines, name+": "+e.Message)
}

// with checks the request of a user with something set.
func (v *validity) with(name string, set func(*model.Request)) {
	req := &model.Request{Messages: []model.Message{model.User("a")}}
	set(req)
	v.check(name, req)
}

// part checks a part of a user or, if it must be one of the assistant, of that.
func (v *validity) part(name string, p model.Part) {
	role := model.RoleUser
	switch p.(type) {
	case model.Thinking, model.ToolCall, model.ServerToolCall, model.ServerToolResult:
		role = model.RoleAssistant
	}
	v.check(name, &model.Request{Messages: []model.Message{{Role: role, Parts: []model.Part{model.Text("a"), p}}}})
}

// TestGoldenValidate checks every field with each kind of value, and fields that
// depend on each other in each combination.
func TestGoldenValidate(t *testing.T) {
	v := &validity{}
	for _, c := range validateCases() {
		v.check(c.name, c.req)
	}
	v.check("full", fullRequest())
	for _, roles := range [][]model.Role{{}, {"system"}, {"user"}, {"assistant"}, {"system", "system"}, {"system", "user"}, {"system", "assistant"}, {""}, {"User"}, {"tool", "user", "robot"}} {
		req := &model.Request{}
		for _, r := range roles {
			req.Messages = append(req.Messages, model.Message{Role: r})
		}
		v.check(fmt.Sprintf("roles %q", roles), req)
	}
	v.sources()
	v.calls()
	v.numbers()
	v.thinking()
	v.tools()
	v.documents()
	err := (&model.Request{}).Validate()
	v.lines = append(v.lines, fmt.Sprint(errors.Is(err, model.ErrInvalidRequest), model.KindOf(err), model.Retryable(err)))
	checkLines(t, "validate", v.lines)
}

// sources gives files no source, one, and too many.
func (v *validity) sources() {
	for bits := range 16 {
		set := func(bit int) bool { return bits>>bit&1 == 1 }
		var d model.Document
		if set(0) {
			d.Data = []byte{1}
		}
		if set(1) {
			d.URI = "u"
		}
		if set(2) {
			d.Text = "t"
		}
		if set(3) {
			d.Chunks = []string{"c"}
		}
		name := strconv.FormatInt(int64(bits), 2)
		v.part("document "+name, d)
		v.part("document in a result "+name, model.ToolResult{Parts: []model.Part{d}})
		if bits < 4 {
			for _, p := range []model.Part{model.Image{Data: d.Data, URI: d.URI}, model.Video{Data: d.Data, URI: d.URI}, model.Audio{Data: d.Data, URI: d.URI}} {
				v.part(fmt.Sprintf("%T %s", p, name), p)
				v.part(fmt.Sprintf("%T in a result %s", p, name), model.ToolResult{Parts: []model.Part{p}})
			}
			v.part("guard image "+name, model.Guard{Image: &model.Image{Data: d.Data, URI: d.URI}})
			v.part("guard image and text "+name, model.Guard{Text: "t", Image: &model.Image{Data: d.Data, URI: d.URI}})
		}
		if bits < 8 {
			v.part("thinking "+name, model.Thinking{Redacted: d.Data, Text: d.URI, Signature: d.Text})
		}
	}
	v.part("empty data", model.Image{Data: []byte{}, URI: "u"})
	v.part("guard text", model.Guard{Text: "t"})
	v.part("guard empty", model.Guard{Qualifiers: []string{"q"}})
}

// calls gives calls every sort of input.
func (v *validity) calls() {
	for _, input := range []string{"", "{}", "[1]", "null", "1", `"a"`, "{", " ", "{}x", "nul"} {
		for _, invalid := range []string{"", "x"} {
			name := fmt.Sprintf("%q %q", input, invalid)
			v.part("call "+name, model.ToolCall{Input: json.RawMessage(input), InvalidInput: invalid})
			v.part("server call "+name, model.ServerToolCall{Input: json.RawMessage(input), InvalidInput: invalid})
		}
		v.part(fmt.Sprintf("JSON in a result %q", input), model.ToolResult{Parts: []model.Part{model.JSON(input), model.Text("b"), nil, model.CachePoint{}}})
		v.part(fmt.Sprintf("JSON in a server result %q", input), model.ServerToolResult{Parts: []model.Part{nil, model.Image{}, model.JSON(input)}})
	}
}

// numbers gives settings that are numbers, texts and lifetimes their bounds.
func (v *validity) numbers() {
	for _, n := range []int{math.MinInt32, -1, 0, 1, math.MaxInt32} {
		v.with(fmt.Sprint("max_tokens ", n), func(r *model.Request) { r.MaxTokens = n })
		v.with(fmt.Sprint("top_k ", n), func(r *model.Request) { r.TopK = n })
		ttl := time.Duration(n)
		v.with(fmt.Sprint("cache ", n), func(r *model.Request) { r.Cache = &model.CacheConfig{TTL: ttl} })
		v.with(fmt.Sprint("tool cache ", n), func(r *model.Request) {
			r.Tools = []model.Tool{{Name: "a"}, {Name: "b", Cache: &model.CachePoint{TTL: ttl}}}
		})
		v.part(fmt.Sprint("cache point ", n), model.CachePoint{TTL: ttl})
	}
	for _, f := range []float64{math.Inf(-1), -1, math.Copysign(0, -1), 0, 0.5, 1, math.Nextafter(1, 2), 2, math.MaxFloat32, math.Nextafter(math.MaxFloat32, math.Inf(1)), math.Inf(1), math.NaN()} {
		v.with(fmt.Sprint("temperature ", f), func(r *model.Request) { r.Temperature = &f })
		v.with(fmt.Sprint("top_p ", f), func(r *model.Request) { r.TopP = &f })
	}
	for _, s := range [][]string{{}, {"a"}, {""}, {"", "a", ""}} {
		v.with(fmt.Sprintf("stop_sequences %q", s), func(r *model.Request) { r.StopSequences = s })
	}
}

// thinking sets mode, budget, effort and limit.
func (v *validity) thinking() {
	v.with("no thinking", func(r *model.Request) { r.MaxTokens = 5 })
	for _, mode := range []model.ThinkingMode{"", "enabled", "adaptive", "disabled", "hard"} {
		for _, budget := range []int{-1, 0, 1, 4, 5, 6} {
			for _, effort := range []string{"", "low"} {
				for _, limit := range []int{0, 1, 5, -1} {
					v.with(fmt.Sprintf("thinking %q budget %d effort %q max_tokens %d", mode, budget, effort, limit), func(r *model.Request) {
						r.MaxTokens, r.Thinking = limit, &model.ThinkingConfig{Mode: mode, Budget: budget, Effort: effort}
					})
				}
			}
		}
	}
}

// tools sets tools and the choice among them.
func (v *validity) tools() {
	for _, names := range [][]string{nil, {"a"}, {"a", "b"}, {"b", "a", "b", "b"}, {""}, {"", ""}} {
		var tools []model.Tool
		for _, n := range names {
			tools = append(tools, model.Tool{Name: n})
		}
		for _, mode := range []model.ToolMode{"", "auto", "any", "none", "named", "maybe"} {
			for _, name := range []string{"", "a", "b"} {
				v.with(fmt.Sprintf("tools %q mode %q name %q", names, mode, name), func(r *model.Request) {
					r.Tools, r.ToolChoice = tools, model.ToolChoice{Mode: mode, Name: name}
				})
			}
		}
	}
}

// An option is of a provider.
type option string

func (o option) OptionsFor() string                  { return string(o) }
func (o option) CloneOptions() model.ProviderOptions { return o }

// documents sets schemas and options.
func (v *validity) documents() {
	for _, schema := range []string{"", "{}", " \t\r\n{}", "[]", "null", "1", `"{"`, "{", "{}{}", "x{}"} {
		raw := json.RawMessage(schema)
		v.with(fmt.Sprintf("output schema %q", schema), func(r *model.Request) { r.Output = &model.OutputFormat{Schema: raw} })
		v.with(fmt.Sprintf("tool schema %q", schema), func(r *model.Request) { r.Tools = []model.Tool{{Name: "a"}, {Name: "b", InputSchema: raw}} })
	}
	for _, list := range [][]model.ProviderOptions{{}, {option("a")}, {nil}, {option("a"), option("b")}, {option("a"), nil, option("b"), option("a"), option("a")}, {option(""), option("")}} {
		v.with(fmt.Sprintf("provider options %q", list), func(r *model.Request) { r.ProviderOptions = list })
	}
}
