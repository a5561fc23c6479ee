package converse

import (
	"maps"
	"slices"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/internal/rawjson"
	"github.com/chatmodel-go/chatmodel/model"
)

// A writer writes one body, member by member. What a message holds is written by
// content, what goes into the model's own parameters by fields.
type writer struct {
	rawjson.Writer
	p *plan.Plan
}

func (w *writer) content() content { return content{&w.Writer, w.p.ResultStatus} }

// Append appends the body for a plan to dst.
func Append(dst []byte, p *plan.Plan) []byte {
	w := writer{p: p}
	w.Buf = slices.Grow(dst, p.Size())
	w.request()
	return w.Buf
}

// AppendCount appends the body of CountTokens for a plan to dst.
func AppendCount(dst []byte, p *plan.Plan) []byte {
	w := writer{p: p}
	w.Buf = slices.Grow(dst, p.Size())
	w.Open('{')
	w.Name("input")
	w.Open('{')
	w.Name("converse")
	w.countable()
	w.Close('}')
	w.Close('}')
	return w.Buf
}

// request writes the members in alphabetical order, as the SDK does: equal
// requests have equal bytes, whoever wrote them, and recordings match.
func (w *writer) request() {
	p := w.p
	w.Open('{')
	w.additionalFields()
	w.Texts("additionalModelResponseFieldPaths", p.Settings.ResponseFieldPaths)
	w.guardrail()
	w.inference()
	w.messages()
	w.output()
	if p.Settings.Latency != "" {
		w.only("performanceConfig", "latency", p.Settings.Latency)
	}
	w.promptVariables()
	w.metadata()
	if p.Settings.ServiceTier != "" {
		w.only("serviceTier", "type", p.Settings.ServiceTier)
	}
	w.system()
	w.toolConfig()
	w.Close('}')
}

// countable writes what CountTokens takes of a request.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseTokensRequest.html
func (w *writer) countable() {
	w.Open('{')
	w.additionalFields()
	w.messages()
	w.system()
	w.toolConfig()
	w.Close('}')
}

// only writes a member that is an object with one text in it.
func (w *writer) only(name, inner, value string) {
	w.Name(name)
	w.Open('{')
	w.Text(inner, value)
	w.Close('}')
}

func (w *writer) guardrail() {
	g := w.p.Settings.Guardrail
	if g == nil {
		return
	}
	w.Name("guardrailConfig")
	w.Open('{')
	w.Text("guardrailIdentifier", g.ID)
	w.Text("guardrailVersion", g.Version)
	if w.p.Stream && !w.p.Whole { // which Converse does not have
		w.TextIf("streamProcessingMode", g.StreamMode)
	}
	w.TextIf("trace", g.Trace)
	w.Close('}')
}

func (w *writer) inference() {
	p := w.p
	if p.MaxTokens == 0 && p.Temperature == nil && p.TopP == nil && len(p.StopSequences) == 0 {
		return
	}
	w.Name("inferenceConfig")
	w.Open('{')
	if p.MaxTokens > 0 {
		w.Name("maxTokens")
		w.Int(p.MaxTokens)
	}
	w.Texts("stopSequences", p.StopSequences)
	if p.Temperature != nil {
		w.Name("temperature")
		w.Float(*p.Temperature)
	}
	if p.TopP != nil {
		w.Name("topP")
		w.Float(*p.TopP)
	}
	w.Close('}')
}

func (w *writer) output() {
	o, effort := w.p.Output, w.p.Effort
	if o == nil && effort == "" {
		return
	}
	w.Name("outputConfig")
	w.Open('{')
	w.TextIf("effort", effort)
	if o != nil {
		w.Name("textFormat")
		w.Open('{')
		w.Name("structure")
		w.Open('{')
		w.Name("jsonSchema")
		w.Open('{')
		w.TextIf("description", o.Description)
		w.TextIf("name", o.Name)
		w.Text("schema", string(o.Schema)) // JSON inside a string, which the service parses
		w.Close('}')
		w.Close('}')
		w.Text("type", "json_schema")
		w.Close('}')
	}
	w.Close('}')
}

func (w *writer) promptVariables() {
	all := w.p.Settings.PromptVariables
	if len(all) == 0 {
		return
	}
	w.Name("promptVariables")
	w.Open('{')
	for _, name := range slices.Sorted(maps.Keys(all)) {
		w.only(name, "text", all[name])
	}
	w.Close('}')
}

func (w *writer) metadata() {
	all := w.p.Settings.Metadata
	if all == nil { // an empty map was asked for, and is written
		return
	}
	w.Name("requestMetadata")
	w.Open('{')
	for _, name := range slices.Sorted(maps.Keys(all)) {
		w.Text(name, all[name])
	}
	w.Close('}')
}

func (w *writer) messages() {
	if w.p.Turns == nil { // a prompt of Prompt management brings its own
		return
	}
	content := w.content()
	w.Name("messages")
	w.Open('[')
	for i := range w.p.Turns {
		t := &w.p.Turns[i]
		w.Open('{')
		w.Name("content")
		w.Open('[')
		for j := range t.Blocks {
			content.block(&t.Blocks[j])
		}
		w.Close(']')
		w.Text("role", string(t.Role))
		w.Close('}')
	}
	w.Close(']')
}

func (w *writer) system() {
	if len(w.p.System) == 0 {
		return
	}
	content := w.content()
	w.Name("system")
	w.Open('[')
	for i := range w.p.System {
		content.block(&w.p.System[i])
	}
	w.Close(']')
}

func (w *writer) toolConfig() {
	if len(w.p.Tools) == 0 {
		return
	}
	w.Name("toolConfig")
	w.Open('{')
	w.toolChoice()
	w.Name("tools")
	w.Open('[')
	for i := range w.p.Tools {
		w.tool(&w.p.Tools[i])
	}
	w.Close(']')
	w.Close('}')
}

// toolChoice writes the choice, unless the model's own field holds it.
func (w *writer) toolChoice() {
	c := w.p.Choice
	if c.Mode == model.ToolsDefault || oneAtATime(c) {
		return
	}
	w.Name("toolChoice")
	w.Open('{')
	switch c.Mode {
	case model.ToolsAny:
		w.Name("any")
		w.Literal("{}")
	case model.ToolsNamed:
		w.only("tool", "name", c.Name)
	default: // Converse has no choice none; the plan offers no tools then
		w.Name("auto")
		w.Literal("{}")
	}
	w.Close('}')
}

// tool writes a tool and the cache point behind it, which is an element of the
// list of its own.
func (w *writer) tool(t *plan.Tool) {
	content := w.content()
	w.Open('{')
	if t.ServerSide {
		w.only("systemTool", "name", t.Name)
	} else {
		w.Name("toolSpec")
		w.Open('{')
		w.TextIf("description", t.Description)
		w.Name("inputSchema")
		w.Open('{')
		w.Name("json")
		w.Raw(t.Schema)
		w.Close('}')
		w.Text("name", t.Name)
		if t.Strict != nil {
			w.Name("strict")
			w.Bool(*t.Strict)
		}
		w.Close('}')
	}
	w.Close('}')
	content.point(t.Cache)
}
