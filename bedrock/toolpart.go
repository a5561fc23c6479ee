package bedrock

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/blocks"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/model"
)

// noOutput stands for a result that says nothing, which the service refuses.
const noOutput = "(no output)"

// toolPart returns the blocks of a tool call or result in a form that the
// service takes, with a warning where that says something else than the part.
func (e *encoder) toolPart(field string, p model.Part) []wire.ContentBlock {
	if e.out.ToolConfig == nil {
		e.warn(model.WarningChanged, field, "without tools in the request Bedrock refuses this block; it is sent as text")
		return e.asText(field, p)
	}
	switch p := p.(type) {
	case model.ToolCall:
		e.checkInput(field, p.Input, p.InvalidInput)
	case model.ServerToolCall:
		e.checkInput(field, p.Input, p.InvalidInput)
	case model.ToolResult:
		return e.result(field, p.CallID, "", p.Parts, p.IsError)
	case model.ServerToolResult:
		return e.result(field, p.CallID, p.Kind, p.Parts, p.IsError)
	}
	return e.block(field, p)
}

func (e *encoder) checkInput(field string, input json.RawMessage, invalid string) {
	if invalid != "" || len(input) > 0 && !blocks.IsObject(input) {
		e.warn(model.WarningChanged, field+".input", "Bedrock takes nothing but a JSON object; the input is sent as a string inside one")
	}
}

func (e *encoder) result(field, id, kind string, parts []model.Part, isError bool) []wire.ContentBlock {
	content := make([]wire.ToolResultContent, 0, len(parts))
	for i, p := range parts {
		field := at(field+".parts", i)
		if e.skipsOpaque(field, p) || e.skipsBlank(field, p) {
			continue
		}
		if j, ok := p.(model.JSON); ok && !blocks.IsObject(json.RawMessage(j)) {
			e.warn(model.WarningChanged, field, "Bedrock takes nothing but JSON objects as results; the value is sent as text")
		}
		c, err := blocks.EncodeResultPart(p)
		if err != nil {
			e.unsupported(field, "%v", err)
			continue
		}
		e.nameDocument(field, c.Document)
		content = append(content, c)
	}
	if len(content) == 0 {
		e.warn(model.WarningChanged, field, "Bedrock refuses a result without content; %q is sent", noOutput)
		text := noOutput
		content = append(content, wire.ToolResultContent{Text: &text})
	}
	return []wire.ContentBlock{blocks.Result(id, kind, content, isError)}
}

// asText puts tool calls and results in words, for a request that offers no
// tools. Files in results stay what they are.
func (e *encoder) asText(field string, p model.Part) []wire.ContentBlock {
	switch p := p.(type) {
	case model.ToolCall:
		return e.callText(field, p.Name, p.Input, p.InvalidInput)
	case model.ServerToolCall:
		return e.callText(field, p.Name, p.Input, p.InvalidInput)
	case model.ToolResult:
		return e.resultText(field, p.Parts, p.IsError)
	case model.ServerToolResult:
		return e.resultText(field, p.Parts, p.IsError)
	}
	return nil // there are no others
}

func (e *encoder) callText(field, name string, input json.RawMessage, invalid string) []wire.ContentBlock {
	args := invalid
	if args == "" {
		args = "{}"
		if len(input) > 0 {
			args = string(input)
		}
	}
	return e.block(field, model.Text(fmt.Sprintf("(tool call: %s %s)", name, args)))
}

func (e *encoder) resultText(field string, parts []model.Part, isError bool) []wire.ContentBlock {
	var words []string
	var files []wire.ContentBlock
	for i, p := range parts {
		field := at(field+".parts", i)
		switch p := p.(type) {
		case model.Text:
			words = append(words, string(p))
		case model.JSON:
			words = append(words, string(p))
		case model.Opaque:
			e.warn(model.WarningDropped, field, "a block of kind %q has no form in words", p.Kind)
		default:
			files = append(files, e.block(field, p)...)
		}
	}
	label := "tool result"
	if isError {
		label = "tool error"
	}
	text := e.block(field, model.Text(fmt.Sprintf("(%s: %s)", label, strings.Join(words, "\n"))))
	return append(text, files...)
}
