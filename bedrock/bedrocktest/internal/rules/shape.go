package rules

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/modelid"
	"github.com/chatmodel-go/chatmodel/model"
)

// shapeRules are about single values, whatever the conversation.
var shapeRules = []*Rule{
	{ID: "max-tokens", About: "the token limit is at least 1, for some models at least 16", Texts: []*Text{textConstraint, textLeast}, check: checkMaxTokens},
	{ID: "sampling-range", About: "the values of temperature and topP are from 0 to 1; a temperature in native bodies other than Claude's is at most 2", Texts: []*Text{textConstraint, textClaudeRange}, check: checkSamplingRange},
	{ID: "tool-name", About: "names of tools and calls consist of letters, digits, _ and -", Texts: []*Text{textConstraint, textClaudePattern}, check: checkToolName},
	{ID: "tool-name-length", About: "names of tools and calls have at most 64 characters", Texts: []*Text{textConstraint}, check: checkToolNameLength},
	{ID: "call-id", About: "ids of calls consist of letters, digits, _ and -, for others than Claude also of . and :, and have at most 64 characters", Texts: []*Text{textConstraint, textClaudePattern}, check: checkCallID},
	{ID: "tool-list", About: "the list of tools is not empty", Texts: []*Text{textConstraint}, check: checkToolList},
	{ID: "role", About: "the role of a message is user, assistant or system", Texts: []*Text{textConstraint}, check: checkRole},
	{ID: "metadata", About: "there are at most 16 entries of metadata, of at most 256 permitted characters", Texts: []*Text{textConstraint}, check: checkMetadata},
	{ID: "prompt-resource", About: "a managed prompt is called without a system prompt, tools, limits or additional fields, because it has its own", Texts: []*Text{textPrompt}, check: checkPromptResource},
}

var (
	textLeast = &Text{Form: "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= %[1]d, but got %[2]d instead.", Model: true,
		Others: []string{"1 validation error detected: Value '%[2]d' at 'inferenceConfig.maxTokens' failed to satisfy constraint: Member must have value greater than or equal to %[1]d"}}
	textClaudeRange   = &Text{Form: "%[1]s: Input should be %[2]s", Model: true}
	textClaudePattern = &Text{Form: "%s: String should match pattern '^[a-zA-Z0-9_-]+$'", Model: true, Source: sourceText}
	textPrompt        = &Text{Form: "The %s field can't be set when a prompt resource is used. Remove %[1]s and try again."}
)

// claudeBody reports whether the body is in Anthropic's format. Anthropic
// judges such bodies in its own words.
func (in *Input) claudeBody() bool { return in.Door == Invoke && in.Format == FormatAnthropic }

func checkMaxTokens(in *Input) *Refusal {
	n, least := in.Form.MaxTokens, in.Model.MinOutput
	switch {
	case n == nil:
	case *n < 1 && in.claudeBody():
		return in.refuse(textClaudeRange, "max_tokens", "greater than or equal to 1")
	case *n < 1:
		return in.constraint(strconv.Itoa(*n), "inferenceConfig.maxTokens", "have value greater than or equal to 1")
	case *n < least:
		return in.refuse(textLeast, least, *n)
	}
	return nil
}

func checkSamplingRange(in *Input) *Refusal {
	for _, f := range []struct {
		name, native string
		value        *float64
	}{{"temperature", "temperature", in.Request.Temperature}, {"topP", "top_p", in.Request.TopP}} {
		limit := ""
		most := 1.0
		if in.Door == Invoke && in.Format != FormatAnthropic && f.name == "temperature" {
			most = 2
		}
		switch {
		case f.value == nil:
			continue
		case *f.value > most:
			limit = "less than or equal to " + strconv.Itoa(int(most))
		case *f.value < 0:
			limit = "greater than or equal to 0"
		default:
			continue
		}
		if in.Door == Invoke {
			return in.refuse(textClaudeRange, f.native, limit)
		}
		return in.constraint(javaFloat(*f.value), "inferenceConfig."+f.name, "have value "+limit)
	}
	return nil
}

// javaFloat formats a number as the service does: always with a decimal point.
func javaFloat(f float64) string {
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

const (
	namePattern = "[a-zA-Z0-9_-]+"
	idPattern   = "[a-zA-Z0-9_.:-]+"
	nameMax     = 64
)

var (
	nameLetters     = compiled("^" + namePattern + "$")
	idLetters       = compiled("^" + idPattern + "$")
	metadataLetters = compiled(`^[a-zA-Z0-9\s:_@$#=/+,.-]{1,256}$`)
)

// compiled returns a regular expression that is compiled on first use.
func compiled(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

func checkToolName(in *Input) *Refusal {
	return eachToolName(in, func(name, at, native string) *Refusal {
		switch {
		case nameLetters().MatchString(name):
			return nil
		case in.claudeBody():
			return in.refuse(textClaudePattern, native)
		}
		return in.constraint(name, at, "satisfy regular expression pattern: "+namePattern)
	})
}

func checkToolNameLength(in *Input) *Refusal {
	return eachToolName(in, func(name, at, _ string) *Refusal {
		if len(name) <= nameMax {
			return nil
		}
		return in.constraint(name, at, fmt.Sprintf("have length less than or equal to %d", nameMax))
	})
}

// eachToolName calls f with the names of the tools that the request offers, and
// of those that were called. It also passes their places: one counted from 1,
// and one as Claude names it.
func eachToolName(in *Input, f func(name, at, native string) *Refusal) *Refusal {
	for n, t := range in.Request.Tools {
		if t.ServerSide {
			continue
		}
		if r := f(t.Name, fmt.Sprintf("toolConfig.tools.%d.member.toolSpec.name", n+1), fmt.Sprintf("tools.%d.custom.name", n)); r != nil {
			return r
		}
	}
	return in.each(func(t *turn, b *block) *Refusal {
		c, ok := b.part.(model.ToolCall)
		if !ok {
			return nil
		}
		return f(c.Name, fmt.Sprintf("messages.%d.member.content.%d.member.toolUse.name", t.at+1, b.at+1), fmt.Sprintf("messages.%d.content.%d.tool_use.name", t.at, b.seen))
	})
}

func checkCallID(in *Input) *Refusal {
	return in.each(func(t *turn, b *block) *Refusal {
		id, member, native := "", "", ""
		switch p := b.part.(type) {
		case model.ToolCall:
			id, member, native = p.ID, "toolUse", "tool_use.id"
		case model.ToolResult:
			id, member, native = p.CallID, "toolResult", "tool_result.tool_use_id"
		default:
			return nil
		}
		at := func() string {
			return fmt.Sprintf("messages.%d.member.content.%d.member.%s.toolUseId", t.at+1, b.at+1, member)
		}
		own := func() string { return fmt.Sprintf("messages.%d.content.%d.%s", t.at, b.seen, native) }
		switch {
		case in.Door == Invoke && in.Format != FormatAnthropic:
			return nil // OpenAI's own format takes any
		case in.claudeBody():
			if !nameLetters().MatchString(id) {
				return in.refuse(textClaudePattern, own())
			}
		case !idLetters().MatchString(id):
			return in.constraint(id, at(), "satisfy regular expression pattern: "+idPattern)
		case len(id) > nameMax:
			return in.constraint(id, at(), fmt.Sprintf("have length less than or equal to %d", nameMax))
		case in.Model.CallIDs && !nameLetters().MatchString(id):
			return in.refuse(textClaudePattern, own())
		}
		return nil
	})
}

func checkToolList(in *Input) *Refusal {
	if in.Door == Converse && in.Form.ToolConfig && len(in.Request.Tools) == 0 && !in.Form.PointFirst {
		return in.constraint("[]", "toolConfig.tools", "have length greater than or equal to 1")
	}
	return nil
}

func checkRole(in *Input) *Refusal {
	for _, t := range in.conversation() {
		switch t.role {
		case model.RoleUser, model.RoleAssistant, model.RoleSystem:
		default:
			return in.constraint(string(t.role), fmt.Sprintf("messages.%d.member.role", t.at+1), "satisfy enum value set: [user, assistant, system]")
		}
	}
	return nil
}

func checkMetadata(in *Input) *Refusal {
	if len(in.Metadata) > 16 {
		return in.constraint("{}", "requestMetadata", "have length less than or equal to 16")
	}
	for name, value := range in.Metadata {
		if !metadataLetters().MatchString(name) || value != "" && !metadataLetters().MatchString(value) {
			return in.constraint("{}", "requestMetadata", "satisfy constraint: [Member must have length less than or equal to 256, Member must satisfy regular expression pattern: [a-zA-Z0-9\\s:_@$#=/+,-.]{1,256}]")
		}
	}
	return nil
}

// checkPromptResource refuses members that a managed prompt has of its own.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
func checkPromptResource(in *Input) *Refusal {
	if in.Model.ID.Kind != modelid.Prompt {
		return nil
	}
	req := in.Request
	switch {
	case in.Form.System:
		return in.refuse(textPrompt, "system")
	case in.Form.ToolConfig:
		return in.refuse(textPrompt, "toolConfig")
	case len(in.Fields) > 0:
		return in.refuse(textPrompt, "additionalModelRequestFields")
	case in.Form.MaxTokens != nil || req.Temperature != nil || req.TopP != nil || len(req.StopSequences) > 0:
		return in.refuse(textPrompt, "inferenceConfig")
	}
	return nil
}

// isObject reports whether data is a JSON object.
func isObject(data json.RawMessage) bool {
	var object map[string]json.RawMessage
	return json.Unmarshal(data, &object) == nil && object != nil
}
