package probe

import (
	"encoding/json"

	"github.com/chatmodel-go/chatmodel/model"
)

// ToolCall returns a call whose input is JSON.
func ToolCall(id, name, input string) model.ToolCall {
	return model.ToolCall{ID: id, Name: name, Input: json.RawMessage(input)}
}

const objectSchema = `{"type":"object","properties":{"city":{"type":"string"},"at":{"type":"integer"}}}`

// WithTools adds tools with the given names to a request.
func WithTools(req *model.Request, names ...string) *model.Request {
	for _, name := range names {
		req.Tools = append(req.Tools, model.Tool{Name: name, Description: "The tool " + name + ".", InputSchema: json.RawMessage(objectSchema)})
	}
	return req
}

// ToolsOf returns names if the subject claims tools, and none otherwise.
func ToolsOf(p *Probe, names ...string) []string {
	if p.Subject.Capabilities.Tools {
		return names
	}
	return nil
}

// ExactInputs are inputs that careless handling of JSON changes.
var ExactInputs = []string{
	`{"id":9007199254740993,"huge":123456789012345678901234567890}`,
	`{"price":2.50,"e":1e2,"neg":-0,"tiny":1E-10}`,
	`{"zebra":1,"alpha":2,"mike":{"y":1,"x":2}}`,
	`{"html":"<a href=\"x\">&amp;</a>","slash":"a\/b","esc":"\u003c\u00e9"}`,
	`{"empty":"","null":null,"list":[],"object":{}}`,
	`{"dup":1,"text":"\ud83d\ude80 🚀"}`,
	"{ \"space\" : [ 1,\n\t2 ] }",
}

// ToolTurn returns the history after one round of tools: a question, calls and
// their results.
func ToolTurn(calls []model.Part, results ...model.ToolResult) *model.Request {
	req := Ask("Weather?")
	names := map[string]bool{}
	for _, part := range calls {
		if c, ok := part.(model.ToolCall); ok && !names[c.Name] {
			names[c.Name] = true
			WithTools(req, c.Name)
		}
	}
	req.Messages = append(req.Messages, model.AssistantParts(calls...), model.ToolResults(results...))
	return req
}

// TextResult returns a result with one text.
func TextResult(id, text string) model.ToolResult {
	return model.ToolResult{CallID: id, Parts: []model.Part{model.Text(text)}}
}
