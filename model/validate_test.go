package model_test

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/token"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/model"
)

func TestValidateEverything(t *testing.T) {
	req := fullRequest()
	if err := req.Validate(); err != nil {
		t.Errorf("Validate() error = %v, want nil", err)
	}
	diff(t, "request after Validate", fullRequest(), req)
}

// A validateCase is a request with problems and their texts.
type validateCase struct {
	name string
	req  *model.Request
	want string // all problems; empty if there is none
}

func validateCases() []validateCase {
	user := func(parts ...model.Part) *model.Request {
		return &model.Request{Messages: []model.Message{model.UserParts(parts...)}}
	}
	assistant := func(parts ...model.Part) *model.Request {
		return &model.Request{Messages: []model.Message{model.User("a"), model.AssistantParts(parts...)}}
	}
	with := func(set func(*model.Request)) *model.Request {
		req := user(model.Text("a"))
		set(req)
		return req
	}
	tools := func(tools ...model.Tool) *model.Request {
		return with(func(req *model.Request) { req.Tools = tools })
	}
	choice := func(c model.ToolChoice, tools ...model.Tool) *model.Request {
		return with(func(req *model.Request) { req.ToolChoice, req.Tools = c, tools })
	}
	thinking := func(c model.ThinkingConfig) *model.Request {
		return with(func(req *model.Request) { req.Thinking, req.MaxTokens = &c, 1000 })
	}
	result := func(parts ...model.Part) *model.Request { return user(model.ToolResult{CallID: "t", Parts: parts}) }
	image := model.Image{URI: "u"}
	const (
		notTurns = "messages has no message of the user or the assistant; a conversation needs one"
		p0       = "messages[0].parts[0]"
		p1       = "messages[1].parts[0]"
	)
	return []validateCase{
		{"nil", nil, "the request is nil"},
		{"empty", &model.Request{}, notTurns},
		{"system alone", &model.Request{Messages: []model.Message{model.System("a")}}, notTurns},
		{"assistant alone", &model.Request{Messages: []model.Message{model.Assistant("a")}}, ""},
		{"no role", &model.Request{Messages: []model.Message{{}, model.User("a")}}, `messages[0].role is ""; use system, user or assistant`},
		{"unknown role", &model.Request{Messages: []model.Message{model.User("a"), {Role: "tool"}}}, `messages[1].role is "tool"; use system, user or assistant`},
		{"nil part", user(model.Text("a"), nil), "messages[0].parts[1] is nil"},
		{"pointer", user(&image), p0 + " is a *model.Image; parts are values of the types of this package"},
		{"nil pointer", user((*model.Image)(nil)), p0 + " is a *model.Image; parts are values of the types of this package"},
		{"embedded", user(embedded{model.Text("a")}), p0 + " is a model_test.embedded; parts are values of the types of this package"},

		{"thinking of the user", user(model.Thinking{Text: "a"}), p0 + " is a thinking, which belongs in a message of role assistant"},
		{"tool call of the user", user(model.ToolCall{ID: "t", Name: "n"}), p0 + " is a tool_call, which belongs in a message of role assistant"},
		{"server tool call of the user", user(model.ServerToolCall{ID: "t", Name: "n"}), p0 + " is a server_tool_call, which belongs in a message of role assistant"},
		{"server tool result of the user", user(model.ServerToolResult{CallID: "t"}), p0 + " is a server_tool_result, which belongs in a message of role assistant"},
		{"tool result of the assistant", assistant(model.ToolResult{CallID: "t"}), p1 + " is a tool_result, which belongs in a message of role user"},
		{"two problems of a part", user(model.ToolCall{Name: "n", Input: json.RawMessage("{")}), p0 + " is a tool_call, which belongs in a message of role assistant; " +
			p0 + ".input is not JSON"},

		{"redacted thinking with text", assistant(model.Thinking{Redacted: []byte{1}, Text: "a"}), p1 + " is redacted thinking with text or signature; it must be one or the other"},
		{"redacted thinking with signature", assistant(model.Thinking{Redacted: []byte{1}, Signature: "a"}), p1 + " is redacted thinking with text or signature; it must be one or the other"},
		{"image without source", user(model.Image{}), p0 + " must have exactly one of data and uri"},
		{"image with two", user(model.Image{Data: []byte{1}, URI: "u"}), p0 + " must have exactly one of data and uri"},
		{"video without source", user(model.Video{}), p0 + " must have exactly one of data and uri"},
		{"audio without source", user(model.Audio{}), p0 + " must have exactly one of data and uri"},
		{"document without source", user(model.Document{Name: "n"}), p0 + " must have exactly one of data, uri, text and chunks"},
		{"document with two", user(model.Document{Text: "a", Chunks: []string{"b"}}), p0 + " must have exactly one of data, uri, text and chunks"},
		{"document with two others", user(model.Document{Data: []byte{1}, URI: "u"}), p0 + " must have exactly one of data, uri, text and chunks"},
		{"json outside of a result", user(model.JSON(`1`)), p0 + " is JSON, which belongs in a tool result"},
		{"cache point", user(model.CachePoint{TTL: -time.Second}), p0 + ".ttl is -1s; it must not be negative"},
		{"guard empty", user(model.Guard{}), p0 + " must have exactly one of text and image"},
		{"guard with both", user(model.Guard{Text: "a", Image: &image}), p0 + " must have exactly one of text and image"},
		{"guard image", user(model.Guard{Image: &model.Image{}}), p0 + ".image must have exactly one of data and uri"},

		{"call without id and name", assistant(model.ToolCall{}), ""},
		{"call with both inputs", assistant(model.ToolCall{ID: "t", Name: "n", Input: json.RawMessage(`{}`), InvalidInput: "{"}),
			p1 + " has both input and invalid_input; it must be one or the other"},
		{"call with input that is not JSON", assistant(model.ToolCall{ID: "t", Name: "n", Input: json.RawMessage(`{`)}), p1 + ".input is not JSON"},
		{"server call", assistant(model.ServerToolCall{Name: "n", Input: json.RawMessage(`{`)}),
			p1 + ".input is not JSON"},

		{"result without a call", user(model.ToolResult{}), ""},
		{"server result without a call", assistant(model.ServerToolResult{}), ""},
		{"result with a nil part", result(model.Text("a"), nil), p0 + ".parts[1] is nil"},
		{"result with a pointer", result(&image), p0 + ".parts[0] is a *model.Image; parts are values of the types of this package"},
		{"result with JSON that is none", result(model.JSON(`{`)), p0 + ".parts[0] is not JSON"},
		{"result with empty JSON", result(model.JSON(nil)), p0 + ".parts[0] is not JSON"},
		{"result with an empty image", result(model.Image{}), p0 + ".parts[0] must have exactly one of data and uri"},
		{"result with audio", result(model.Audio{Data: []byte{1}}), ""},
		{"result with a call", result(model.ToolCall{}),
			p0 + ".parts[0] is a tool_call; a tool result holds text, JSON, images, documents, videos, audio and search results"},
		{"result in a result", result(model.ToolResult{}),
			p0 + ".parts[0] is a tool_result; a tool result holds text, JSON, images, documents, videos, audio and search results"},

		{"tool without a name", tools(model.Tool{}), "tools[0].name is empty"},
		{"two tools without a name", tools(model.Tool{}, model.Tool{}), "tools[0].name is empty; tools[1].name is empty"},
		{"two tools of one name", tools(model.Tool{Name: "a"}, model.Tool{Name: "b"}, model.Tool{Name: "a"}),
			`tools[2].name is "a" like that of an earlier tool; names must differ`},
		{"schema is a list", tools(model.Tool{Name: "a", InputSchema: json.RawMessage(`[]`)}), "tools[0].input_schema must be a JSON Schema object"},
		{"schema is null", tools(model.Tool{Name: "a", InputSchema: json.RawMessage(`null`)}), "tools[0].input_schema must be a JSON Schema object"},
		{"schema is not JSON", tools(model.Tool{Name: "a", InputSchema: json.RawMessage(`{`)}), "tools[0].input_schema must be a JSON Schema object"},
		{"tool cache", tools(model.Tool{Name: "a", Cache: &model.CachePoint{TTL: -1}}), "tools[0].cache.ttl is -1ns; it must not be negative"},

		{"choice auto", choice(model.ToolChoice{Mode: model.ToolsAuto}), ""},
		{"choice none", choice(model.ToolChoice{Mode: model.ToolsNone}), ""},
		{"choice any", choice(model.ToolChoice{Mode: model.ToolsAny}, model.Tool{Name: "a"}), ""},
		{"choice any without tools", choice(model.ToolChoice{Mode: model.ToolsAny}), "tool_choice.mode is any, but there are no tools"},
		{"choice named", choice(model.UseTool("b"), model.Tool{Name: "a"}, model.Tool{Name: "b"}), ""},
		{"choice named otherwise", choice(model.UseTool("c"), model.Tool{Name: "a"}), `tool_choice.name is "c", which is not one of the tools`},
		{"choice named without a name", choice(model.UseTool(""), model.Tool{Name: "a"}), `tool_choice.name is "", which is not one of the tools`},
		{"choice unknown", choice(model.ToolChoice{Mode: "maybe"}), `tool_choice.mode is "maybe"; use auto, any, none or named`},
		{"choice with a name", choice(model.ToolChoice{Name: "a"}, model.Tool{Name: "a"}), `tool_choice.name is set, but the mode is ""; use named`},
		{"choice auto with a name", choice(model.ToolChoice{Mode: model.ToolsAuto, Name: "a"}, model.Tool{Name: "a"}),
			`tool_choice.name is set, but the mode is "auto"; use named`},

		{"max tokens", with(func(r *model.Request) { r.MaxTokens = -1 }), "max_tokens is -1; it must be positive, or 0 for the provider's default"},
		{"top k", with(func(r *model.Request) { r.TopK = -1 }), "top_k is -1; it must be positive, or 0 for the provider's default"},
		{"temperature", with(func(r *model.Request) { r.Temperature = new(-0.1) }), "temperature is -0.1; it must be a number, 0 or more"},
		{"temperature NaN", with(func(r *model.Request) { r.Temperature = new(math.NaN()) }), "temperature is NaN; it must be a number, 0 or more"},
		{"temperature infinite", with(func(r *model.Request) { r.Temperature = new(math.Inf(1)) }), "temperature is +Inf; it must be a number, 0 or more"},
		{"top p", with(func(r *model.Request) { r.TopP = new(1.1) }), "top_p is 1.1; it must be between 0 and 1"},
		{"top p negative", with(func(r *model.Request) { r.TopP = new(-0.1) }), "top_p is -0.1; it must be between 0 and 1"},
		{"top p NaN", with(func(r *model.Request) { r.TopP = new(math.NaN()) }), "top_p is NaN; it must be between 0 and 1"},
		{"bounds", with(func(r *model.Request) { r.Temperature, r.TopP = new(0.0), new(1.0) }), ""},
		{"stop sequence", with(func(r *model.Request) { r.StopSequences = []string{"a", ""} }), "stop_sequences[1] is empty"},

		{"thinking zero", thinking(model.ThinkingConfig{}), ""},
		{"thinking adaptive", thinking(model.ThinkingConfig{Mode: model.ThinkingAdaptive, Effort: "low"}), ""},
		{"thinking disabled", thinking(model.ThinkingConfig{Mode: model.ThinkingDisabled}), ""},
		{"thinking disabled with budget", thinking(model.ThinkingConfig{Mode: model.ThinkingDisabled, Budget: 1}), "thinking is disabled, but has a budget or an effort"},
		{"thinking disabled with effort", thinking(model.ThinkingConfig{Mode: model.ThinkingDisabled, Effort: "low"}), "thinking is disabled, but has a budget or an effort"},
		{"thinking unknown", thinking(model.ThinkingConfig{Mode: "hard"}), `thinking.mode is "hard"; use enabled, adaptive or disabled`},
		{"budget negative", thinking(model.ThinkingConfig{Budget: -1}), "thinking.budget is -1; it must not be negative"},
		{"budget below max tokens", thinking(model.ThinkingConfig{Budget: 999}), ""},
		{"budget at max tokens", thinking(model.ThinkingConfig{Budget: 1000}), "thinking.budget is 1000; it must be less than max_tokens, 1000"},
		{"budget without max tokens", with(func(r *model.Request) { r.Thinking = &model.ThinkingConfig{Budget: 1000} }), ""},

		{"output without a schema", with(func(r *model.Request) { r.Output = &model.OutputFormat{} }), "output.schema must be a JSON Schema object"},
		{"output schema is text", with(func(r *model.Request) { r.Output = &model.OutputFormat{Schema: json.RawMessage(`"a"`)} }), "output.schema must be a JSON Schema object"},
		{"cache", with(func(r *model.Request) { r.Cache = &model.CacheConfig{TTL: -time.Minute} }), "cache.ttl is -1m0s; it must not be negative"},
		{"extra nil", with(func(r *model.Request) { r.ProviderOptions = []model.ProviderOptions{nil} }), "provider_options[0] is nil"},
		{"extra twice", with(func(r *model.Request) {
			r.ProviderOptions = []model.ProviderOptions{&testOptions{}, otherOptions{}, &testOptions{}}
		}),
			`provider_options[2] is for "test" like an earlier one; a provider takes one`},
		{"problems of every sort", with(func(r *model.Request) { r.MaxTokens, r.Tools, r.TopK = -1, []model.Tool{{}}, -2 }),
			"tools[0].name is empty; max_tokens is -1; it must be positive, or 0 for the provider's default; top_k is -2; it must be positive, or 0 for the provider's default"},
	}
}

// An embedded part is of a type that is not the package's.
type embedded struct{ model.Text }

func TestValidate(t *testing.T) {
	for _, tt := range validateCases() {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.req.Validate()
			if tt.want == "" {
				if err != nil {
					t.Errorf("Validate() error = %v, want nil", err)
				}
				return
			}
			if err == nil {
				t.Fatalf("Validate() error = nil, want %q", tt.want)
			}
			e := asError(t, err)
			if e.Kind != model.ErrInvalidRequest || !errors.Is(err, model.ErrInvalidRequest) || model.Retryable(err) {
				t.Errorf("Validate() error = %v, want kind %v", err, model.ErrInvalidRequest)
			}
			diff(t, "Validate() message", tt.want, e.Message)
		})
	}
}

// TestValidateCasesComplete fails when a text in validate.go that names a
// problem has no case.
func TestValidateCasesComplete(t *testing.T) {
	var all strings.Builder
	for _, c := range validateCases() {
		all.WriteString(c.want + "\n")
	}
	fset, files := source(t)
	verbs := regexp.MustCompile(`%[a-zA-Z]`)
	n := 0
	for _, f := range files {
		ast.Inspect(f, func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok || len(call.Args) < 2 {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			if x, isIdent := sel2ident(sel, ok); !isIdent || x != "v" || sel.Sel.Name != "add" {
				return true
			}
			format, ok := call.Args[1].(*ast.BasicLit)
			if !ok || format.Kind != token.STRING {
				t.Errorf("%s: the text is not a literal", fset.Position(call.Pos()))
				return true
			}
			n++
			text, _ := strconv.Unquote(format.Value)
			pattern := verbs.ReplaceAllString(regexp.QuoteMeta(text), ".*")
			if !regexp.MustCompile(pattern).MatchString(all.String()) {
				t.Errorf("%s: no case for %q", fset.Position(call.Pos()), text)
			}
			return true
		})
	}
	if n < 30 {
		t.Errorf("only %d texts found", n)
	}
}

func sel2ident(sel *ast.SelectorExpr, ok bool) (string, bool) {
	if !ok {
		return "", false
	}
	x, ok := sel.X.(*ast.Ident)
	if !ok {
		return "", false
	}
	return x.Name, true
}

// FuzzRequest decodes arbitrary JSON into a request. Nothing in the package may
// panic on it, validation must not change it, and its JSON must be stable.
func FuzzRequest(f *testing.F) {
	for _, c := range validateCases() {
		if data, err := json.Marshal(c.req); err == nil {
			f.Add(data)
		}
	}
	data, err := json.Marshal(fullRequest())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		var req model.Request
		if json.Unmarshal(data, &req) != nil {
			return
		}
		c := req.Clone()
		err := req.Validate()
		if err != nil && asError(t, err).Kind != model.ErrInvalidRequest {
			t.Errorf("Validate() error = %v", err)
		}
		if d := cmp.Diff(c, &req); d != "" {
			t.Errorf("Validate changed the request, or Clone is not equal (-clone +request):\n%s", d)
		}
		_ = req.LogValue().String()
		first, err := json.Marshal(&req)
		if err != nil {
			t.Fatalf("Marshal() of a decoded request: error = %v", err)
		}
		var back model.Request
		if err := json.Unmarshal(first, &back); err != nil {
			t.Fatalf("Unmarshal(%s) error = %v", first, err)
		}
		if second := mustMarshal(t, &back); second != string(first) {
			t.Errorf("second encoding = %s, want %s", second, first)
		}
	})
}
