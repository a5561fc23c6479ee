package basics

import (
	"math"
	"strings"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func nilRequest(p *probe.Probe) { p.Refused("a nil request", nil, model.ErrInvalidRequest) }

// An invalidCase is a request that no provider could accept.
type invalidCase struct {
	what  string
	field string // the field that the error must name
	req   *model.Request
}

func invalidCases() []invalidCase {
	edited := func(edit func(*model.Request)) *model.Request {
		req := probe.Ask("Hi")
		edit(req)
		return req
	}
	parts := func(role model.Role, parts ...model.Part) *model.Request {
		return &model.Request{Messages: []model.Message{model.User("Hi"), {Role: role, Parts: parts}}}
	}
	result := func(part model.Part) *model.Request {
		return probe.ToolTurn([]model.Part{probe.ToolCall("x", "look", `{"at":1}`)}, model.ToolResult{CallID: "x", Parts: []model.Part{part}})
	}
	return []invalidCase{
		{"no messages", "messages", &model.Request{}},
		{"a system message alone", "messages", &model.Request{Messages: []model.Message{model.System("Be kind.")}}},
		{"an unknown role", "role", &model.Request{Messages: []model.Message{{Role: "tool", Parts: []model.Part{model.Text("x")}}}}},
		{"a nil part", "messages[1].parts[0]", parts(model.RoleUser, nil)},
		{"a part that is a pointer", "messages[1].parts[0]", parts(model.RoleUser, new(model.Text))},
		{"thinking of the user's", "messages[1].parts[0]", parts(model.RoleUser, model.Thinking{Text: "x"})},
		{"a tool result of the assistant's", "messages[1].parts[0]", parts(model.RoleAssistant, model.ToolResult{CallID: "x"})},
		{"a tool call whose input is not JSON", "input", parts(model.RoleAssistant, model.ToolCall{ID: "x", Name: "x", Input: []byte("{")})},
		{"a JSON result that is not JSON", "messages[2].parts[0].parts[0]", result(model.JSON("{"))},
		{"a result within a result", "messages[2].parts[0].parts[0]", result(model.ToolResult{CallID: "y"})},
		{"an image without data", "messages[1].parts[0]", parts(model.RoleUser, model.Image{MediaType: "image/png"})},
		{"a document with data and text", "messages[1].parts[0]", parts(model.RoleUser, model.Document{Name: "d", Data: []byte("x"), Text: "x"})},
		{"redacted thinking with a text", "messages[1].parts[0]", parts(model.RoleAssistant, model.Thinking{Redacted: []byte("x"), Text: "x"})},
		{"a negative cache lifetime", "ttl", parts(model.RoleUser, model.Text("x"), model.CachePoint{TTL: -1})},
		{"two tools of one name", "tools[1].name", edited(func(r *model.Request) { r.Tools = []model.Tool{{Name: "x"}, {Name: "x"}} })},
		{"a tool without a name", "tools[0].name", edited(func(r *model.Request) { r.Tools = []model.Tool{{}} })},
		{"a schema that is not an object", "input_schema", edited(func(r *model.Request) { r.Tools = []model.Tool{{Name: "x", InputSchema: []byte("[1]")}} })},
		{"a choice of a tool that is not there", "tool_choice", edited(func(r *model.Request) { r.ToolChoice = model.UseTool("x") })},
		{"a choice that does not exist", "tool_choice", edited(func(r *model.Request) { r.ToolChoice.Mode = "maybe" })},
		{"negative max_tokens", "max_tokens", edited(func(r *model.Request) { r.MaxTokens = -1 })},
		{"a temperature that is not a number", "temperature", edited(func(r *model.Request) { r.Temperature = new(math.NaN()) })},
		{"a top_p above 1", "top_p", edited(func(r *model.Request) { r.TopP = new(1.5) })},
		{"an empty stop sequence", "stop_sequences[0]", edited(func(r *model.Request) { r.StopSequences = []string{""} })},
		{"an output without a schema", "output", edited(func(r *model.Request) { r.Output = &model.OutputFormat{} })},
		{"a thinking budget of all tokens", "budget", edited(func(r *model.Request) {
			r.MaxTokens, r.Thinking = 2048, &model.ThinkingConfig{Budget: 2048}
		})},
		{"disabled thinking with a budget", "thinking", edited(func(r *model.Request) {
			r.Thinking = &model.ThinkingConfig{Mode: model.ThinkingDisabled, Budget: 2048}
		})},
		{"two settings for one provider", "provider_options[1]", edited(func(r *model.Request) { r.ProviderOptions = []model.ProviderOptions{elsewhere{}, elsewhere{}} })},
	}
}

func invalidRequests(p *probe.Probe) {
	for _, c := range invalidCases() {
		p.Refused(c.what, c.req, model.ErrInvalidRequest)
	}
}

func invalidNamesTheField(p *probe.Probe) {
	for _, c := range invalidCases() {
		p.EachFails(fake.Text("this should not have been asked for"), c.req, func(w probe.Way, err error, _ *probe.Rig) {
			if !strings.Contains(err.Error(), c.field) {
				p.Errorf("the error of %s with %s does not name %q: %v", w, c.what, c.field, err)
			}
		})
	}
}
