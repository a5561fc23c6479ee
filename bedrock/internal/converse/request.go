package converse

import (
	"maps"
	"slices"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/internal/rawjson"
	"github.com/chatmodel-go/chatmodel/model"
)

// A writer writes one body, member by member, and reads the plan without ever
// changing it. Content writes the blocks of messages, and fields writes the
// model's own parameters; both write into the same buffer.
//
// Its methods for one member write nothing if the plan does not set it: what is
// not sent is the model's own default, while zero would be a value.
type writer struct {
	rawjson.Writer
	p *plan.Plan
}

// content returns a writer of blocks that shares the buffer of w.
func (w *writer) content() content { return content{&w.Writer, w.p.ResultStatus} }

// Append appends the body of Converse or ConverseStream for a plan to dst. The
// two have the same members, but for one of guardrails. The buffer that it
// returns is the caller's, and shares no memory with the plan.
func Append(dst []byte, p *plan.Plan) []byte {
	w := writer{p: p}
	// One allocation for the whole body: files and long histories would otherwise
	// be copied each time that the buffer grows.
	w.Buf = slices.Grow(dst, p.Size())
	w.request()
	return w.Buf
}

// AppendCount appends the body of CountTokens for a plan to dst. CountTokens
// takes a request of either door in a union, of which converse is one member.
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

// request writes the members in alphabetical order, as the SDK does. Equal
// requests have equal bytes then, whoever wrote them: recordings match, and a
// prompt cache, which goes by the prefix, is hit.
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

// countable writes what CountTokens takes of a request. The sampling, the schema
// for the answer and Bedrock's own settings have no place there, and an unknown
// member is refused.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseTokensRequest.html
func (w *writer) countable() {
	w.Open('{')
	w.additionalFields()
	w.messages()
	w.system()
	w.toolConfig()
	w.Close('}')
}

// only writes a member that is an object with one text in it. Converse has them
// where it expects more members to come.
func (w *writer) only(name, inner, value string) {
	w.Name(name)
	w.Open('{')
	w.Text(inner, value)
	w.Close('}')
}

// guardrail writes the guardrail to apply.
func (w *writer) guardrail() {
	g := w.p.Settings.Guardrail
	if g == nil {
		return
	}
	w.Name("guardrailConfig")
	w.Open('{')
	w.Text("guardrailIdentifier", g.ID)
	w.Text("guardrailVersion", g.Version)
	// Only ConverseStream has the member. A stream that the model cannot give in
	// pieces is a call of Converse.
	if w.p.Stream && !w.p.Whole {
		w.TextIf("streamProcessingMode", g.StreamMode)
	}
	w.TextIf("trace", g.Trace)
	w.Close('}')
}

// inference writes the parameters that Converse has in common for all models.
func (w *writer) inference() {
	p := w.p
	if p.MaxTokens == 0 && p.Temperature == nil && p.TopP == nil && len(p.StopSequences) == 0 {
		return
	}
	w.Name("inferenceConfig")
	w.Open('{')
	if p.MaxTokens > 0 { // the service refuses 0: "must have value greater than or equal to 1"
		w.Name("maxTokens")
		w.Int(p.MaxTokens)
	}
	w.Texts("stopSequences", p.StopSequences)
	if p.Temperature != nil { // zero is a temperature
		w.Name("temperature")
		w.Float(*p.Temperature)
	}
	if p.TopP != nil {
		w.Name("topP")
		w.Float(*p.TopP)
	}
	w.Close('}')
}

// output writes the schema for the answer, and the effort that bounds all of it.
// https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html
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
		// The service takes the schema as JSON inside a string. Text escapes it and
		// changes nothing else.
		w.Text("schema", string(o.Schema))
		w.Close('}')
		w.Close('}')
		w.Text("type", "json_schema")
		w.Close('}')
	}
	w.Close('}')
}

// promptVariables writes the variables of a prompt of Prompt management. Names
// are sorted, since the order of a map is random and bodies must not be.
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

// metadata writes what the caller wants to find again in the logs of its
// invocations.
func (w *writer) metadata() {
	all := w.p.Settings.Metadata
	if all == nil { // but an empty map was asked for, and is written
		return
	}
	w.Name("requestMetadata")
	w.Open('{')
	for _, name := range slices.Sorted(maps.Keys(all)) {
		w.Text(name, all[name])
	}
	w.Close('}')
}

// messages writes the turns of the user and the assistant, and of the system
// where the model takes it between them.
func (w *writer) messages() {
	// A prompt of Prompt management brings its own messages. In all other plans
	// there is at least one turn, so an empty list is never written.
	if w.p.Turns == nil {
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

// system writes the system prompt. The service takes an empty list as well, but
// then the body of a request without one would depend on how it was built.
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

// toolConfig writes the tools that are offered. A history with calls and results
// needs it even if none are to be called: the plan has either kept the tools or
// turned those parts into text.
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

// toolChoice writes the choice, unless the model's own field holds it: both set
// the same parameter of the model. The default is not written, although auto
// means the same, because some models take no choice at all.
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
// list of its own. A tool that the service runs has a name and nothing else: its
// schema is the service's.
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
		w.Raw(t.Schema) // its bytes: tools come first in a cached prefix
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
