package bedrocktest

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

var shapeChecks = []check{
	{RuleMaxTokens, (*inspection).maxTokens},
	{RuleSamplingRange, (*inspection).samplingRange},
	{RuleToolName, (*inspection).toolName},
	{RuleToolNameLength, (*inspection).toolNameLength},
	{RuleToolList, (*inspection).toolList},
	{RuleRole, (*inspection).role},
}

func (i *inspection) maxTokens() *Exception {
	if c := i.InferenceConfig; c != nil && c.MaxTokens != nil && *c.MaxTokens < 1 {
		return constraint(strconv.Itoa(*c.MaxTokens), "inferenceConfig.maxTokens", "have value greater than or equal to 1")
	}
	return nil
}

func (i *inspection) samplingRange() *Exception {
	c := i.InferenceConfig
	if c == nil {
		return nil
	}
	for _, f := range []struct {
		name  string
		value *float64
	}{{"temperature", c.Temperature}, {"topP", c.TopP}} {
		at := "inferenceConfig." + f.name
		switch {
		case f.value == nil:
		case *f.value > 1:
			return constraint(javaFloat(*f.value), at, "have value less than or equal to 1")
		case *f.value < 0:
			return constraint(javaFloat(*f.value), at, "have value greater than or equal to 0")
		}
	}
	return nil
}

// javaFloat writes a number as the service does: with a point.
func javaFloat(f float64) string {
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

const (
	toolNamePattern = "[a-zA-Z0-9_-]+"
	toolNameMax     = 64
)

var toolNameLetters = regexp.MustCompile("^" + toolNamePattern + "$")

func (i *inspection) toolName() *Exception {
	return i.eachToolName(func(name, at string) *Exception {
		if toolNameLetters.MatchString(name) {
			return nil
		}
		return constraint(name, at, "satisfy regular expression pattern: "+toolNamePattern)
	})
}

func (i *inspection) toolNameLength() *Exception {
	return i.eachToolName(func(name, at string) *Exception {
		if len(name) <= toolNameMax {
			return nil
		}
		return constraint(name, at, fmt.Sprintf("have length less than or equal to %d", toolNameMax))
	})
}

// eachToolName calls f with the names of the tools that are offered, and were
// called, and where they stand, counting from 1.
func (i *inspection) eachToolName(f func(name, at string) *Exception) *Exception {
	if i.ToolConfig != nil {
		for n, t := range i.ToolConfig.Tools {
			if t.ToolSpec == nil {
				continue
			}
			if e := f(t.ToolSpec.Name, fmt.Sprintf("toolConfig.tools.%d.member.toolSpec.name", n+1)); e != nil {
				return e
			}
		}
	}
	for m, message := range i.Messages {
		for n, b := range message.Content {
			if b.ToolUse == nil {
				continue
			}
			if e := f(b.ToolUse.Name, fmt.Sprintf("messages.%d.member.content.%d.member.toolUse.name", m+1, n+1)); e != nil {
				return e
			}
		}
	}
	return nil
}

func (i *inspection) toolList() *Exception {
	if i.ToolConfig != nil && len(i.ToolConfig.Tools) == 0 {
		return constraint("[]", "toolConfig.tools", "have length greater than or equal to 1")
	}
	return nil
}

func (i *inspection) role() *Exception {
	for n, m := range i.Messages {
		switch m.Role {
		case "user", "assistant", "system":
		default:
			return constraint(m.Role, fmt.Sprintf("messages.%d.member.role", n+1), "satisfy enum value set: [user, assistant, system]")
		}
	}
	return nil
}
