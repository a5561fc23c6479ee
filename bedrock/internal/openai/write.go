package openai

import (
	"encoding/json"
	"slices"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/media"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/model"
)

// Append appends the body for a plan to dst. It leaves the member model out: the
// model is in the URL, and the service fills it in. A member that the caller
// gives among its additional fields is written in place of the plan's; the rest
// of those fields come at the end. The buffer that it returns is the caller's,
// and shares no memory with the plan.
func Append(dst []byte, p *plan.Plan) []byte {
	w := writer{native.NewBody(dst, p)}
	if w.Member("messages") {
		w.messages(p.Turns)
	}
	w.tools(p)
	w.Int(p.MaxTokensField, p.MaxTokens) // newer models of OpenAI have another name for it
	w.Float("temperature", p.Temperature)
	w.Float("top_p", p.TopP)
	w.Int("top_k", p.TopK) // which the plan drops for models without it
	w.Texts("stop", p.StopSequences)
	w.thinking(p.Thinking)
	w.output(p.Output)
	if p.Stream && !p.Whole {
		// The operation says that the answer is streamed; the format has a member
		// for it all the same. Without the option no chunk reports the usage.
		if w.Member("stream") {
			w.Bool(true)
		}
		if w.Member("stream_options") {
			w.Literal(`{"include_usage":true}`)
		}
	}
	w.Guardrail(p)
	return w.Bytes()
}

// A writer writes one body. The methods of the [native.Body] in it write members
// of the body, which the caller may have given; those of the rawjson.Writer in
// that write values further inside.
type writer struct{ *native.Body }

// messages writes the conversation. A user's turn with tool results becomes
// several messages: one for each result, straight behind the calls, and one for
// what else the turn holds.
func (w writer) messages(turns []plan.Turn) {
	w.Open('[')
	for _, t := range turns {
		switch t.Role {
		case model.RoleAssistant:
			w.assistant(t.Blocks)
		case model.RoleUser:
			w.user(t.Blocks)
		default:
			w.message(string(t.Role), t.Blocks)
		}
	}
	w.Close(']')
}

// role writes the role. Writer.Text is meant, here and below: Body.Text would
// give way to a member of that name among the caller's.
func (w writer) role(role string) { w.Writer.Text("role", role) }

// message writes a turn that has nothing but content. The role is the wire's.
func (w writer) message(role string, blocks []plan.Block) {
	w.Open('{')
	w.role(role)
	w.Name("content")
	w.content(parts(blocks))
	w.Close('}')
}

// parts returns the parts of blocks. Cache points, which blocks may have, have no
// place in the format: the plan has dropped them.
func parts(blocks []plan.Block) []model.Part {
	all := make([]model.Part, len(blocks))
	for i := range blocks {
		all[i] = blocks[i].Part
	}
	return all
}

// content writes parts as a string, which every model takes, if they are a
// single text, and as a list otherwise.
func (w writer) content(parts []model.Part) {
	// Not every model takes a list, so a single text is a string.
	if len(parts) == 1 && w.said(parts[0]) {
		return
	}
	w.Open('[')
	for _, p := range parts {
		w.piece(p)
	}
	w.Close(']')
}

// said writes the text of a part as a string and reports whether it has one.
// Citations are left out: the plan has said so.
func (w writer) said(p model.Part) bool {
	switch p := p.(type) {
	case model.Text:
		w.String(string(p))
	case model.JSON:
		w.StringOf(p)
	case model.CitedText:
		w.String(p.Text)
	default:
		return false
	}
	return true
}

// piece writes one part of a list of content. Images are data: URLs, since the
// service fetches nothing.
func (w writer) piece(p model.Part) {
	if o, ok := p.(model.Opaque); ok {
		w.Raw(o.Data)
		return
	}
	w.Open('{')
	switch p := p.(type) {
	case model.Image:
		w.Writer.Text("type", "image_url")
		w.Name("image_url")
		w.Open('{')
		w.Name("url")
		w.Base64("data:"+media.Base(p.MediaType)+";base64,", p.Data)
		w.Close('}')
	default:
		w.Writer.Text("type", "text")
		w.Name("text")
		w.said(p) // the plan lets nothing else through
	}
	w.Close('}')
}

// assistant writes the model's own turn. Calls have a member of their own beside
// the content, which is null if the model only called tools: the member itself
// is required.
func (w writer) assistant(blocks []plan.Block) {
	called := slices.ContainsFunc(blocks, isCall)
	if !called {
		w.message(string(model.RoleAssistant), blocks)
		return
	}
	w.Open('{')
	w.role(string(model.RoleAssistant))
	w.Name("content")
	if said := without(blocks, isCall); len(said) > 0 {
		w.content(parts(said))
	} else {
		w.Literal("null")
	}
	w.Name("tool_calls")
	w.Open('[')
	for _, b := range blocks {
		if c, ok := b.Part.(model.ToolCall); ok {
			w.call(&c)
		}
	}
	w.Close(']')
	w.Close('}')
}

// isCall reports whether a block is a call.
func isCall(b plan.Block) bool {
	_, ok := b.Part.(model.ToolCall)
	return ok
}

// isResult reports whether a block is a result.
func isResult(b plan.Block) bool {
	_, ok := b.Part.(model.ToolResult)
	return ok
}

// without returns the blocks that are not dropped. The plan's own list is not
// changed: a plan may be written again.
func without(blocks []plan.Block, drop func(plan.Block) bool) []plan.Block {
	return slices.DeleteFunc(slices.Clone(blocks), drop)
}

// call writes a call. Its arguments are a string, so what is not JSON needs no
// wrapping.
func (w writer) call(c *model.ToolCall) {
	arguments := c.InvalidInput
	if arguments == "" {
		arguments = string(c.Input)
	}
	w.Open('{')
	w.Writer.Text("id", c.ID)
	w.Writer.Text("type", "function")
	w.Name("function")
	w.Open('{')
	w.Writer.Text("name", c.Name)
	w.Writer.Text("arguments", arguments) // JSON as text: its bytes survive
	w.Close('}')
	w.Close('}')
}

// user writes a turn of the user's. Results are messages of their own here, in
// the role tool, and nothing may stand between them and their calls.
func (w writer) user(blocks []plan.Block) {
	if !slices.ContainsFunc(blocks, isResult) {
		w.message(string(model.RoleUser), blocks)
		return
	}
	for _, b := range blocks {
		if r, ok := b.Part.(model.ToolResult); ok {
			w.Open('{')
			w.role("tool")
			w.Writer.Text("tool_call_id", r.CallID)
			w.Name("content")
			w.content(r.Parts)
			w.Close('}')
		}
	}
	// Files out of results are among the rest, by the plan's doing: a message of
	// the role tool has text alone.
	if rest := without(blocks, isResult); len(rest) > 0 {
		w.message(string(model.RoleUser), rest)
	}
}

// tools writes the tools and the choice among them. The caller may have added
// tools of its own. In contrast to Anthropic's format, the switch for parallel
// calls is a member of the body, so it needs no choice to stand in.
func (w writer) tools(p *plan.Plan) {
	if len(p.Tools) > 0 {
		w.List("tools", func() {
			for i := range p.Tools {
				w.tool(&p.Tools[i])
			}
		})
	}
	c := p.Choice
	if c.Mode != model.ToolsDefault && w.Member("tool_choice") {
		switch c.Mode {
		case model.ToolsNone:
			w.String("none")
		case model.ToolsAny:
			w.String("required")
		case model.ToolsNamed:
			w.Open('{')
			w.Writer.Text("type", "function")
			w.Name("function")
			w.Open('{')
			w.Writer.Text("name", c.Name)
			w.Close('}')
			w.Close('}')
		default:
			w.String("auto")
		}
	}
	if c.Parallel != nil && w.Member("parallel_tool_calls") {
		w.Bool(*c.Parallel)
	}
}

// tool writes a tool, function being the one type of tool that the caller has.
func (w writer) tool(t *plan.Tool) {
	w.Open('{')
	w.Writer.Text("type", "function")
	w.Name("function")
	w.Open('{')
	w.Writer.Text("name", t.Name)
	w.TextIf("description", t.Description)
	w.Name("parameters")
	w.Raw(t.Schema) // byte for byte: tools come first in a cached prefix
	w.strict(t.Strict)
	w.Close('}')
	w.Close('}')
}

// strict writes whether a schema is obeyed, if that is said.
func (w writer) strict(strict *bool) {
	if strict != nil {
		w.Name("strict")
		w.Bool(*strict)
	}
}

// thinking writes an effort, all that models of this format take. They differ in
// the member for it.
func (w writer) thinking(t plan.Thinking) {
	if t.Effort == "" {
		return
	}
	switch t.Style {
	case facts.ThinkingStyleNested:
		if w.Member("reasoning") {
			w.Open('{')
			w.Writer.Text("effort", t.Effort)
			w.Close('}')
		}
	case facts.ThinkingStyleQwen:
		w.Text("reasoning_config", t.Effort)
	default:
		w.Text("reasoning_effort", t.Effort)
	}
}

// output asks for an answer by JSON Schema. The format requires a name, which
// the plan gives.
func (w writer) output(o *plan.Output) {
	if o == nil || !w.Member("response_format") {
		return
	}
	w.Open('{')
	w.Writer.Text("type", "json_schema")
	w.Name("json_schema")
	w.Open('{')
	w.Writer.Text("name", o.Name)
	w.TextIf("description", o.Description)
	w.Name("schema")
	w.Raw(json.RawMessage(o.Schema))
	w.strict(new(true)) // without it a schema is a hint
	w.Close('}')
	w.Close('}')
}
