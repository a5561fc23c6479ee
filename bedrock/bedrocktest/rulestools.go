package bedrocktest

import (
	"fmt"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/blocks"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
)

var toolChecks = []check{
	{RuleToolConfig, (*inspection).toolConfig},
	{RuleToolSupport, (*inspection).toolSupport},
	{RuleToolChoice, (*inspection).toolChoice},
	{RuleToolJSON, (*inspection).toolJSON},
	{RuleToolResultCount, (*inspection).toolResultCount},
	{RuleToolResults, (*inspection).toolResults},
	{RuleToolTurn, (*inspection).toolTurn},
	{RuleField, (*inspection).unsupportedField},
}

func (i *inspection) toolConfig() *Exception {
	if i.ToolConfig != nil {
		return nil
	}
	for _, m := range i.Messages {
		for _, b := range m.Content {
			if b.ToolUse != nil || b.ToolResult != nil {
				return validation("The toolConfig field must be defined when using toolUse and toolResult content blocks.")
			}
		}
	}
	return nil
}

func (i *inspection) toolSupport() *Exception {
	switch {
	case i.ToolConfig == nil:
	case i.traits.noTools:
		return validation("This model doesn't support tool use.")
	case i.traits.noStreamTools && i.stream:
		return validation("This model doesn't support tool use in streaming mode.")
	}
	return nil
}

func (i *inspection) toolChoice() *Exception {
	if i.ToolConfig == nil || i.ToolConfig.ToolChoice == nil {
		return nil
	}
	switch choice := i.ToolConfig.ToolChoice; {
	case choice.Any != nil && i.traits.noChoiceAny:
		return unsupported("toolConfig.toolChoice.any")
	case choice.Tool != nil && i.traits.noChoiceTool:
		return unsupported("toolConfig.toolChoice.tool")
	}
	return nil
}

func (i *inspection) toolJSON() *Exception {
	for n, m := range i.Messages {
		for k, b := range m.Content {
			switch {
			case b.ToolUse != nil && !blocks.IsObject(b.ToolUse.Input):
				return notObject(fmt.Sprintf("messages.%d.content.%d.toolUse.input", n, k))
			case b.ToolResult != nil:
				for l, r := range b.ToolResult.Content {
					if r.JSON != nil && !blocks.IsObject(r.JSON) {
						return notObject(fmt.Sprintf("messages.%d.content.%d.toolResult.content.%d.json", n, k, l))
					}
				}
			}
		}
	}
	return nil
}

func notObject(at string) *Exception {
	return validation(fmt.Sprintf("The format of the value at %s is invalid. Provide a json object for the field and try again.", at))
}

// calls returns the ids of the calls of a message that the caller must answer.
func calls(m *wire.Message) []string {
	var ids []string
	for _, b := range m.Content {
		if m.Role == "assistant" && b.ToolUse != nil && b.ToolUse.Type != blocks.ServerToolUse {
			ids = append(ids, b.ToolUse.ToolUseID)
		}
	}
	return ids
}

// results returns the ids of the calls that a message answers.
func results(m *wire.Message) map[string]int {
	ids := map[string]int{}
	for _, b := range m.Content {
		if m.Role == "user" && b.ToolResult != nil {
			ids[b.ToolResult.ToolUseID]++
		}
	}
	return ids
}

func (i *inspection) toolResultCount() *Exception {
	for n := range i.Messages {
		answered := 0
		for _, times := range results(&i.Messages[n]) {
			answered += times
		}
		called := 0
		if n > 0 {
			called = len(calls(&i.Messages[n-1]))
		}
		if answered > called {
			return validation(fmt.Sprintf("The number of toolResult blocks at messages.%d.content exceeds the number of toolUse blocks of previous turn.", n))
		}
	}
	return nil
}

func (i *inspection) toolResults() *Exception {
	for n := range i.Messages {
		last := n+1 == len(i.Messages)
		var answered map[string]int
		if !last {
			answered = results(&i.Messages[n+1])
		}
		var missing []string
		for _, id := range calls(&i.Messages[n]) {
			if answered[id] == 0 {
				missing = append(missing, id)
			}
		}
		switch {
		case len(missing) == 0:
		case last && i.traits.family == "claude":
			return modelError(fmt.Sprintf("messages.%d: `tool_use` ids were found without `tool_result` blocks immediately after: %s. "+
				"Each `tool_use` block must have a corresponding `tool_result` block in the next message.", n, strings.Join(missing, ", ")))
		default:
			return validation(fmt.Sprintf("Expected toolResult blocks at messages.%d.content for the following Ids: %s", n+1, strings.Join(missing, ", ")))
		}
	}
	return nil
}

func (i *inspection) toolTurn() *Exception {
	if !i.traits.separateResults {
		return nil
	}
	for _, m := range i.Messages {
		result, other := false, false
		for _, b := range m.Content {
			result = result || b.ToolResult != nil
			other = other || b.ToolResult == nil && b.CachePoint == nil
		}
		if result && other && m.Role == "user" {
			return validation("Conversation blocks and tool result blocks cannot be provided in the same turn.")
		}
	}
	return nil
}

// unsupportedField knows one field that a family does not have.
func (i *inspection) unsupportedField() *Exception {
	if !i.traits.noStatus {
		return nil
	}
	for _, m := range i.Messages {
		for _, b := range m.Content {
			if b.ToolResult != nil && b.ToolResult.Status != "" {
				return unsupported("status")
			}
		}
	}
	return nil
}
