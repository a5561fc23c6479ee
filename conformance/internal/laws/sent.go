package laws

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/chatmodel-go/chatmodel/conformance/internal/prompt"
	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/model"
)

// Sent returns the faults of a request as it was sent, by the law of
// conservation. Everything in the original is in it, in its place and
// unchanged, or a warning is about it. Nothing else is in it, unless a warning
// says so. A model may also refuse the request; the caller of Sent checks that.
//
// Sent ignores differences in how providers express the same request: where one
// turn of a role ends and the next begins, the order of system messages and
// others, and a default that is spelled out.
func Sent(asked, sent *model.Request, warnings []model.Warning) error {
	c := Conserved{asked: asked, sent: sent, Warnings: warnings}
	c.settings()
	c.tools()
	c.messages(model.RoleSystem)
	c.messages("")
	return broken("conservation of the request", c.faults)
}

// Prefix returns an error if a request does not begin with the whole of an
// earlier one of the same conversation. That is the law that prompts grow only
// at their end: tools, system messages and turns stay unchanged, except for
// cache points. Without it, no provider's cache is of use.
func Prefix(earlier, later *model.Request) error {
	before, after := prompt.Front(prompt.Of(earlier)), prompt.Front(prompt.Of(later))
	if strings.HasPrefix(after, before) {
		return nil
	}
	return broken("prefix", []string{show.TextDifference(after, before)})
}

// A Conserved is a comparison of a request with the request that was sent.
type Conserved struct {
	asked, sent *model.Request
	Warnings    []model.Warning
	faults      []string
}

func (c *Conserved) fault(format string, args ...any) {
	c.faults = append(c.faults, fmt.Sprintf(format, args...))
}

// told reports whether a warning is about a field, about a field that contains
// it, or about a part of it.
func (c *Conserved) told(field string) bool {
	return slices.ContainsFunc(c.Warnings, func(w model.Warning) bool {
		return w.Action != "" && w.Reason != "" && (Within(w.Field, field) || Within(field, w.Field))
	})
}

// Within reports whether a field is the other one or inside it.
func Within(field, outer string) bool {
	rest, ok := strings.CutPrefix(field, outer)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

func (c *Conserved) same(field string, asked, sent any) {
	if !reflect.DeepEqual(asked, sent) && !c.told(field) {
		c.fault("%s was sent as %s, want %s or a warning", field, show.Shorten(show.Value(sent)), show.Shorten(show.Value(asked)))
	}
}

func (c *Conserved) settings() {
	a, s := c.asked, c.sent
	c.same("max_tokens", a.MaxTokens, s.MaxTokens)
	c.same("temperature", a.Temperature, s.Temperature)
	c.same("top_p", a.TopP, s.TopP)
	c.same("top_k", a.TopK, s.TopK)
	if len(a.StopSequences)+len(s.StopSequences) > 0 {
		c.same("stop_sequences", a.StopSequences, s.StopSequences)
	}
	c.same("thinking", prompt.Thinking(a.Thinking), prompt.Thinking(s.Thinking))
	c.output()
	if a.Cache != nil && s.Cache == nil && prompt.Cached(prompt.Of(s)) == "" && !c.told("cache") {
		c.fault("the wish to cache the prompt was lost without a warning")
	}
}

func (c *Conserved) output() {
	a, s := c.asked.Output, c.sent.Output
	if (a == nil) != (s == nil) {
		c.same("output", a != nil, s != nil)
		return
	}
	if a != nil {
		c.same("output.schema", prompt.SchemaValue(a.Schema), prompt.SchemaValue(s.Schema))
		c.same("output.name", a.Name, s.Name)
		c.same("output.description", a.Description, s.Description)
	}
}

func (c *Conserved) tools() {
	a, s := prompt.Of(c.asked), prompt.Of(c.sent)
	if a.ToolChoice.Mode == model.ToolsNone && len(s.Tools) == 0 {
		return // equivalent to the choice
	}
	if len(a.Tools) > 0 || a.ToolChoice != (model.ToolChoice{}) {
		c.same("tool_choice.mode", a.Choice().Mode, s.Choice().Mode)
		c.same("tool_choice.name", a.ToolChoice.Name, s.ToolChoice.Name)
		if p := a.ToolChoice.Parallel; p == nil || !*p || s.ToolChoice.Parallel != nil { // parallel calls are the default
			c.same("tool_choice.parallel", p, s.ToolChoice.Parallel)
		}
	}
	at := 0
	for i, tool := range a.Tools {
		field := fmt.Sprintf("tools[%d]", i)
		n := slices.IndexFunc(s.Tools[min(at, len(s.Tools)):], func(t model.Tool) bool { return t.Name == tool.Name })
		if n < 0 {
			if !c.told(field) && !c.told("tools") {
				c.fault("%s, %q, was not sent, or not in its place, without a warning", field, tool.Name)
			}
			continue
		}
		got := s.Tools[at+n]
		at += n + 1
		c.same(field, prompt.Tool(tool), prompt.Tool(got))
	}
	if len(s.Tools) > len(a.Tools) && !c.told("tools") && len(c.Warnings) == 0 {
		c.fault("%d tools were sent, %d were asked for", len(s.Tools), len(a.Tools))
	}
}
