package bedrock

import (
	"encoding/json"
	"fmt"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/blocks"
	"github.com/chatmodel-go/chatmodel/model"
)

// noOutput stands for a result that says nothing, which the service refuses.
const noOutput = "(no output)"

// toolPart returns a tool call or result in a form that the service takes,
// with a warning where that says something else than the part.
func (e *encoder) toolPart(field string, p model.Part) model.Part {
	switch p := p.(type) {
	case model.ToolCall:
		e.checkInput(field, p.Input, p.InvalidInput)
	case model.ServerToolCall:
		e.checkInput(field, p.Input, p.InvalidInput)
	case model.ToolResult:
		p.Parts = e.resultParts(field, p.Parts)
		return p
	case model.ServerToolResult:
		p.Parts = e.resultParts(field, p.Parts)
		return p
	}
	return p
}

func (e *encoder) checkInput(field string, input json.RawMessage, invalid string) {
	if invalid != "" || len(input) > 0 && !blocks.IsObject(input) {
		e.warn(model.Changed, field+".input", "Bedrock takes nothing but a JSON object; the input is sent as a string inside one")
	}
}

func (e *encoder) resultParts(field string, parts []model.Part) []model.Part {
	kept := make([]model.Part, 0, len(parts))
	for i, p := range parts {
		field := fmt.Sprintf("%s.parts[%d]", field, i)
		if e.skipsOpaque(field, p) || e.skipsBlank(field, p) {
			continue
		}
		if j, ok := p.(model.JSON); ok && !blocks.IsObject(json.RawMessage(j)) {
			e.warn(model.Changed, field, "Bedrock takes nothing but JSON objects as results; the value is sent as text")
		}
		kept = append(kept, p)
	}
	if len(kept) == 0 {
		e.warn(model.Changed, field, "Bedrock refuses a result without content; %q is sent", noOutput)
		kept = append(kept, model.Text(noOutput))
	}
	return kept
}
