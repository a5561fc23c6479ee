package rules

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/chatmodel-go/chatmodel/model"
)

// toolRules are about tools, calls and results.
var toolRules = []*Rule{
	{ID: "tool-config", About: "a conversation with calls or results of tools has tools", Texts: []*Text{textToolConfig}, check: checkToolConfig},
	{ID: "tool-support", About: "the model supports tools, and supports them in streams", Whom: "see the table", Texts: []*Text{textNoTools, textNoStreamTools, textParser}, check: checkToolSupport},
	{ID: "tool-unique", About: "no two tools have the same name", Texts: []*Text{textToolUnique}, check: checkToolUnique},
	{ID: "tool-choice", About: "the model supports a forced tool", Whom: "see the table", Texts: []*Text{textField, textForced, textForcedAlways}, check: checkToolChoice},
	{ID: "tool-json", About: "inputs of tools and results in JSON are objects", Texts: []*Text{textObject}, check: checkToolJSON},
	{ID: "call-unique", About: "no two calls, and no two results, of a turn have the same id", Texts: []*Text{textCallUnique, textResultUnique, textClaudeUnique}, check: checkCallUnique},
	{ID: "tool-result-count", About: "a turn has no more results than there were calls", Texts: []*Text{textMoreResults, textUnexpected}, check: checkToolResultCount},
	{ID: "tool-results", About: "every call has its result in the next message", Texts: []*Text{textMissing, textLast, textNotFound}, check: checkToolResults},
	{ID: "results-first", About: "the results of a turn stand before everything else in it", Whom: "Claude", Texts: []*Text{textLast, textNotFound}, check: checkResultsFirst},
	{ID: "tool-turn", About: "tool results stand alone in their turn, apart from files that cannot be in a result", Whom: "Llama, Mistral, Writer", Texts: []*Text{textAlone}, check: checkToolTurn},
	{ID: "unsupported-field", About: "a tool result has no status", Whom: "Writer", Texts: []*Text{textField}, check: checkUnsupportedField},
}

var (
	textToolConfig = &Text{Form: "The toolConfig field must be defined when using toolUse and toolResult content blocks.", Source: sourceText,
		Native: "Requests which include `tool_use` or `tool_result` blocks must define tools"}
	textNoTools       = &Text{Form: "This model doesn't support tool use.", Source: sourceText}
	textNoStreamTools = &Text{Form: "This model doesn't support tool use in streaming mode.", Source: sourceProbe}
	textParser        = &Text{Form: `"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set`, Model: true, Source: sourceProbe}
	textToolUnique    = &Text{Form: "tools: Tool names must be unique.", Model: true}
	textForced        = &Text{Form: `tool_choice: type "tool" and "any" are not supported for this model.`, Model: true, Source: sourceProbe,
		Others: []string{"tool_choice forces tool use is not compatible with this model", `tool_choice: type "tool" and "any" are not supported for this model`}}
	textForcedAlways = &Text{Form: "tool_choice forces tool use is not compatible with this model", Model: true, Source: "rules of clients",
		Others: []string{`tool_choice: type "tool" and "any" are not supported for this model.`}}
	textObject = &Text{Form: "The format of the value at %s is invalid. Provide a json object for the field and try again.", Source: sourceText,
		Native: "%s: Input should be a valid dictionary"}
	textCallUnique   = &Text{Form: "The toolUse blocks at messages.%d.content contain duplicate Ids: %s"}
	textResultUnique = &Text{Form: "The toolResult blocks at messages.%d.content contain duplicate Ids: %s"}
	textClaudeUnique = &Text{Form: "messages.%d.content.%d: `tool_use` ids must be unique", Model: true}
	textMoreResults  = &Text{Form: "The number of toolResult blocks at messages.%d.content exceeds the number of toolUse blocks of previous turn.", Source: sourceText}
	textUnexpected   = &Text{Form: "messages.%d.content.%d: unexpected `tool_use_id` found in `tool_result` blocks: %s. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.", Model: true}
	textMissing      = &Text{Form: "Expected toolResult blocks at messages.%d.content for the following Ids: %s", Source: sourceText}
	textLast         = &Text{Form: "messages.%d: `tool_use` ids were found without `tool_result` blocks immediately after: %s. " +
		"Each `tool_use` block must have a corresponding `tool_result` block in the next message.", Model: true, Source: sourceText}
	textNotFound = &Text{Form: "messages.%d: Did not find %d `tool_result` block(s) at the beginning of this message. " +
		"Messages following `tool_use` blocks must begin with a matching number of `tool_result` blocks.", Model: true, Source: sourceText}
	textAlone = &Text{Form: "Conversation blocks and tool result blocks cannot be provided in the same turn.", Source: sourceText}
)

func checkToolConfig(in *Input) *Refusal {
	if in.Form.ToolConfig || in.Door == Invoke && in.Format != FormatAnthropic {
		return nil
	}
	return in.each(func(_ *turn, b *block) *Refusal {
		switch b.part.(type) {
		case model.ToolCall, model.ServerToolCall, model.ToolResult, model.ServerToolResult:
			return in.refuse(textToolConfig)
		}
		return nil
	})
}

func checkToolSupport(in *Input) *Refusal {
	switch {
	case !in.Form.ToolConfig:
	case in.Model.NoTools && in.Model.ID.Maker == "writer":
		return in.refuse(textParser)
	case in.Stream && in.Model.NoStreamTools:
		return in.refuse(textNoStreamTools)
	case in.Model.NoTools:
		return in.refuse(textNoTools)
	}
	return nil
}

func checkToolUnique(in *Input) *Refusal {
	var names []string
	for _, t := range in.Request.Tools {
		names = append(names, t.Name)
	}
	if _, ok := repeated(names); ok {
		return in.refuse(textToolUnique)
	}
	return nil
}

func checkToolChoice(in *Input) *Refusal {
	choice := in.choice()
	switch {
	case choice == model.ToolsAny && in.Model.NoChoiceAny, choice == model.ToolsNamed && in.Model.NoChoiceNamed:
	default:
		return nil
	}
	switch name := map[model.ToolMode]string{model.ToolsAny: "any", model.ToolsNamed: "tool"}[choice]; {
	case !in.Model.IsClaude():
		return in.unsupported("toolConfig.toolChoice." + name)
	case strings.HasPrefix(in.Model.ID.Line, "claude-opus"), strings.HasPrefix(in.Model.ID.Line, "claude-sonnet"):
		return in.refuse(textForced)
	}
	return in.refuse(textForcedAlways)
}

// choice returns the tool mode of the request, which Anthropic's own field for
// it may set as well.
func (in *Input) choice() model.ToolMode {
	var own struct {
		Type string `json:"type"`
	}
	if in.Model.IsClaude() && in.field("tool_choice", &own) {
		switch own.Type {
		case "any":
			return model.ToolsAny
		case "tool":
			return model.ToolsNamed
		}
	}
	return in.Request.ToolChoice.Mode
}

func checkToolJSON(in *Input) *Refusal {
	return in.each(func(t *turn, b *block) *Refusal {
		switch p := b.part.(type) {
		case model.ToolCall:
			if !object(in, p.Input) {
				return notObject(in, t, b, "toolUse.input", ".tool_use.input")
			}
		case model.ServerToolCall:
			if !object(in, p.Input) {
				return notObject(in, t, b, "toolUse.input", ".server_tool_use.input")
			}
		case model.ToolResult:
			for l, r := range p.Parts {
				if j, ok := r.(model.JSON); ok && !isObject(json.RawMessage(j)) {
					return notObject(in, t, b, fmt.Sprintf("toolResult.content.%d.json", l), "")
				}
			}
		}
		return nil
	})
}

// object reports whether an input is an object. In OpenAI's format it is a
// string that the model judges, so it always passes.
func object(in *Input, input json.RawMessage) bool {
	return isObject(input) || in.Door == Invoke && in.Format == FormatOpenAI
}

// notObject refuses a member of a block. Claude's own bodies name it
// differently.
func notObject(in *Input, t *turn, b *block, member, native string) *Refusal {
	if in.claudeBody() {
		return in.refuse(textObject, at(t, b)+native)
	}
	return in.refuse(textObject, fmt.Sprintf("messages.%d.content.%d.%s", t.at, b.at, member))
}

func checkCallUnique(in *Input) *Refusal {
	for _, t := range in.conversation() {
		if id, ok := repeated(t.calls()); ok {
			if in.claudeBody() {
				return in.refuse(textClaudeUnique, t.at, slices.IndexFunc(t.blocks, func(b block) bool { c, _ := b.part.(model.ToolCall); return c.ID == id }))
			}
			return in.refuse(textCallUnique, t.at, id)
		}
		if id, ok := repeated(t.results()); ok {
			return in.refuse(textResultUnique, t.at, id)
		}
	}
	if in.Model.IsClaude() {
		return callsUnique(in)
	}
	return nil
}

// callsUnique requires that no later turn uses an id again. Claude refuses
// that.
func callsUnique(in *Input) *Refusal {
	seen := map[string]bool{}
	return in.each(func(t *turn, b *block) *Refusal {
		c, ok := b.part.(model.ToolCall)
		if !ok {
			return nil
		}
		if seen[c.ID] {
			return in.refuse(textClaudeUnique, t.at, b.seen)
		}
		seen[c.ID] = true
		return nil
	})
}

func checkToolResultCount(in *Input) *Refusal {
	turns := in.conversation()
	for n := range turns {
		answered := turns[n].results()
		var called []string
		if n > 0 {
			called = turns[n-1].calls()
		}
		if in.claudeBody() {
			for k, id := range answered {
				if !slices.Contains(called, id) {
					return in.refuse(textUnexpected, turns[n].at, k, id)
				}
			}
			continue
		}
		if len(answered) > len(called) {
			return in.refuse(textMoreResults, turns[n].at)
		}
	}
	return nil
}

func checkToolResults(in *Input) *Refusal {
	turns := in.conversation()
	for n := range turns {
		last := n+1 == len(turns)
		var answered []string
		if !last {
			answered = turns[n+1].results()
		}
		var missing []string
		for _, id := range turns[n].calls() {
			if !slices.Contains(answered, id) {
				missing = append(missing, id)
			}
		}
		switch {
		case len(missing) == 0:
		case last && in.Model.IsClaude():
			return in.refuse(textLast, turns[n].at, strings.Join(missing, ", "))
		case in.claudeBody():
			return in.refuse(textNotFound, turns[n].at+1, len(missing))
		default:
			return in.refuse(textMissing, turns[n].at+1, strings.Join(missing, ", "))
		}
	}
	return nil
}

// checkResultsFirst refuses what stands before a result. Cache points are no
// blocks there. To Claude the calls then have no results directly after them.
// https://docs.claude.com/en/docs/agents-and-tools/tool-use/implement-tool-use#handling-results-from-client-tools
func checkResultsFirst(in *Input) *Refusal {
	if !in.Model.ResultsFirst {
		return nil
	}
	turns := in.conversation()
	for n := 1; n < len(turns); n++ {
		var late []string
		first := true // nothing else stood before
		for _, b := range turns[n].blocks {
			switch p := b.part.(type) {
			case model.CachePoint:
			case model.ToolResult:
				if !first {
					late = append(late, p.CallID)
				}
			default:
				first = false
			}
		}
		switch {
		case len(late) == 0:
		case in.claudeBody():
			return in.refuse(textNotFound, turns[n].at, len(late))
		default:
			return in.refuse(textLast, turns[n-1].at, strings.Join(late, ", "))
		}
	}
	return nil
}

func checkToolTurn(in *Input) *Refusal {
	if !in.Model.SeparateResults || in.Door == Invoke {
		return nil
	}
	for _, t := range in.conversation() {
		result, other := false, false
		for _, b := range t.blocks {
			switch b.part.(type) {
			case model.ToolResult:
				result = true
			case model.CachePoint:
			case model.Image:
				other = other || in.Model.ResultMedia&Images != 0
			case model.Video:
				other = other || in.Model.ResultMedia&Videos != 0
			case model.Audio:
				other = other || in.Model.ResultMedia&Audios != 0
			default:
				other = true
			}
		}
		if result && other && t.role == model.RoleUser {
			return in.refuse(textAlone)
		}
	}
	return nil
}

// checkUnsupportedField refuses the one field that a family is known to lack.
func checkUnsupportedField(in *Input) *Refusal {
	if !in.Model.NoStatus || !in.Form.Status {
		return nil
	}
	return in.unsupported("status")
}
