package anthropic

import (
	"slices"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/internal/rawjson"
	"github.com/chatmodel-go/chatmodel/model"
)

// Append appends the body for a plan to dst. The order of the members is fixed,
// so equal plans give equal bytes. A member that the caller gives among its
// additional fields is written in place of the plan's; the rest of those fields
// come at the end. The buffer that it returns is the caller's, and shares no
// memory with the plan.
func Append(dst []byte, p *plan.Plan) []byte {
	w := writer{native.NewBody(dst, p)}
	// Bedrock requires the version in the body. Anthropic's own API takes it in a
	// header, and the model in the body, where it is in the URL here.
	w.Text("anthropic_version", Version)
	w.Int("max_tokens", p.MaxTokens)
	w.turns(p)
	w.tools(p)
	w.Float("temperature", p.Temperature)
	w.Float("top_p", p.TopP)
	w.Int("top_k", p.TopK)
	w.Texts("stop_sequences", p.StopSequences)
	w.thinking(p.Thinking)
	w.output(p)
	w.Guardrail(p)
	return w.Bytes()
}

// A writer writes one body. Its own methods write the parts of the format. Those
// of the [native.Body] in it write members of the body, which the caller may have
// given; those of the [rawjson.Writer] in that, which are called by their full
// name where the two share one, write values further inside.
type writer struct{ *native.Body }

// turns writes the system prompt and the turns of the user and the assistant.
// Where the model takes it, a system message stands between turns, too.
func (w writer) turns(p *plan.Plan) {
	if len(p.System) > 0 && w.Member("system") {
		w.blocks(p.System)
	}
	if !w.Member("messages") { // the caller gives its own conversation
		return
	}
	w.Open('[')
	for i := range p.Turns {
		w.Open('{')
		w.Writer.Text("role", string(p.Turns[i].Role))
		w.Name("content")
		w.blocks(p.Turns[i].Blocks)
		w.Close('}')
	}
	w.Close(']')
}

// blocks writes a list of blocks. Content is always written as one, though the
// format takes a text in its place: then equal plans have one form, and a cache
// point has a block to stand on.
func (w writer) blocks(blocks []plan.Block) {
	w.Open('[')
	for i := range blocks {
		w.block(&blocks[i])
	}
	w.Close(']')
}

// tools writes the tools and the choice among them, which holds the switch for
// parallel calls too. The caller may have added tools of Anthropic's own.
func (w writer) tools(p *plan.Plan) {
	if len(p.Tools) > 0 {
		w.List("tools", func() {
			for i := range p.Tools {
				w.tool(&p.Tools[i])
			}
		})
	}
	// The switch for parallel calls is a member of the choice, so to ask for one
	// call at a time a choice must be named, even the default one.
	c := p.Choice
	oneAtATime := c.Parallel != nil && !*c.Parallel
	if c.Mode == model.ToolsDefault && !oneAtATime || !w.Member("tool_choice") {
		return
	}
	w.Open('{')
	switch c.Mode {
	case model.ToolsNone:
		w.Writer.Text("type", "none")
		oneAtATime = false // which the service refuses beside none
	case model.ToolsAny:
		w.Writer.Text("type", "any")
	case model.ToolsNamed:
		w.Writer.Text("type", "tool")
		w.Writer.Text("name", c.Name)
	default:
		w.Writer.Text("type", "auto")
	}
	if oneAtATime {
		w.Name("disable_parallel_tool_use")
		w.Bool(true)
	}
	w.Close('}')
}

// tool writes a tool of the caller's. It needs no type: custom is the default.
func (w writer) tool(t *plan.Tool) {
	w.Open('{')
	w.Writer.Text("name", t.Name)
	w.TextIf("description", t.Description)
	w.Name("input_schema")
	w.Raw(t.Schema) // byte for byte: tools come first in a cached prefix
	if t.Strict != nil {
		w.Name("strict")
		w.Bool(*t.Strict)
	}
	w.point(t.Cache)
	w.Close('}')
}

// thinking writes the type of thinking. An effort stands elsewhere: it is a
// setting of the answer, see output.
func (w writer) thinking(t plan.Thinking) {
	// The plan of a model with another style may have a type, whose words are that
	// model's.
	if t.Style != facts.ThinkingStyleClaude || t.Type == "" || !w.Member("thinking") {
		return
	}
	w.Open('{')
	w.Writer.Text("type", t.Type)
	if t.Type == "enabled" { // the other types have no budget
		w.Name("budget_tokens")
		w.Writer.Int(t.Budget)
	}
	w.TextIf("display", t.Display)
	w.Close('}')
}

// output writes how hard to work, and the form of the answer.
// https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html
func (w writer) output(p *plan.Plan) {
	effort := p.Thinking.Effort
	if effort == "" { // one field serves for both: how hard to think and how hard to work
		effort = p.Effort
	}
	if effort == "" && p.Output == nil {
		return
	}
	w.Object("output_config", func(inner *native.Body) {
		if effort != "" {
			inner.Text("effort", effort)
		}
		if p.Output != nil && inner.Member("format") {
			// A name and a description have no place here; the plan has said so. The
			// schema is an object, and not text as in Converse.
			inner.Open('{')
			inner.Writer.Text("type", "json_schema")
			inner.Name("schema")
			inner.Raw(p.Output.Schema)
			inner.Close('}')
		}
	})
}

// AppendPart appends the block of a part of an answer to dst, for servers. An
// answer has no plan that has settled what can be written, so a part that the
// format has no place for is an error.
func AppendPart(dst []byte, p model.Part) ([]byte, error) {
	if c, ok := p.(model.ToolCall); ok && c.InvalidInput != "" {
		return dst, &model.Error{Kind: model.ErrUnsupported, Message: "Anthropic's format has no place for input that is not JSON, except in a stream"}
	}
	if !expressible(p) {
		return dst, &model.Error{Kind: model.ErrUnsupported, Message: "Anthropic's format has no place for the part"}
	}
	b := native.Body{}
	b.Buf = slices.Clip(dst) // the caller may go on to use what lies behind dst
	writer{&b}.block(&plan.Block{Part: p})
	return b.Buf, nil
}

// expressible reports whether a part of an answer has a block.
func expressible(p model.Part) bool {
	switch p := p.(type) {
	case model.Text, model.CitedText, model.Thinking, model.ToolCall, model.ServerToolCall, model.Image, model.Document, model.SearchResult, model.ToolResult:
		return true
	case model.ServerToolResult:
		return isServerResult(p)
	case model.Opaque:
		return rawjson.Valid(p.Data)
	}
	return false
}

// isServerResult reports whether a result is one of this format, whose content
// is one JSON value. Those of Converse are lists of parts.
func isServerResult(p model.ServerToolResult) bool {
	if !strings.HasSuffix(p.Kind, resultSuffix) || len(p.Parts) != 1 {
		return false
	}
	j, ok := p.Parts[0].(model.JSON)
	return ok && rawjson.Valid(j)
}
