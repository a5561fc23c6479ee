package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/chatmodel-go/chatmodel/model"
)

// CheckSent returns what is wrong with a request as it was sent, by the law of
// conservation: everything that was asked for is in it, in its place and
// unchanged, or a warning is about it; and nothing is in it that was neither
// asked for nor warned of. The one other way out, to refuse the request, is
// the caller's to see.
//
// It passes over what providers have their own ways to say: where one turn of
// a role ends and the next begins, in which order system messages stand beside
// the others, a default that is spelled out.
func CheckSent(asked, sent *model.Request, warnings []model.Warning) error {
	c := conserved{asked: asked, sent: sent, warnings: warnings}
	c.settings()
	c.tools()
	c.messages(model.RoleSystem)
	c.messages("")
	return lawError("conservation of the request", c.faults)
}

// CheckPrefix returns where a request does not begin with the whole of an
// earlier one of the same conversation, by the law that prompts grow at their
// end: tools, system messages and turns as they were, cache points aside.
// Without that, no provider's cache is of use.
func CheckPrefix(earlier, later *model.Request) error {
	before, after := frontOf(promptOf(earlier)), frontOf(promptOf(later))
	if strings.HasPrefix(after, before) {
		return nil
	}
	return lawError("prefix", []string{textDifference(after, before)})
}

// conserved compares a request with what was sent of it.
type conserved struct {
	asked, sent *model.Request
	warnings    []model.Warning
	faults      []string
}

func (c *conserved) fault(format string, args ...any) {
	c.faults = append(c.faults, fmt.Sprintf(format, args...))
}

// told reports whether a warning is about a field, about what it is part of,
// or about a part of it.
func (c *conserved) told(field string) bool {
	return slices.ContainsFunc(c.warnings, func(w model.Warning) bool {
		return w.Action != "" && w.Reason != "" && (within(w.Field, field) || within(field, w.Field))
	})
}

// within reports whether a field is another one or inside it.
func within(field, outer string) bool {
	rest, ok := strings.CutPrefix(field, outer)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

func (c *conserved) same(field string, asked, sent any) {
	if !reflect.DeepEqual(asked, sent) && !c.told(field) {
		c.fault("%s was sent as %s, want %s or a warning", field, shorten(show(sent)), shorten(show(asked)))
	}
}

func (c *conserved) settings() {
	a, s := c.asked, c.sent
	c.same("max_tokens", a.MaxTokens, s.MaxTokens)
	c.same("temperature", a.Temperature, s.Temperature)
	c.same("top_p", a.TopP, s.TopP)
	c.same("top_k", a.TopK, s.TopK)
	if len(a.StopSequences)+len(s.StopSequences) > 0 {
		c.same("stop_sequences", a.StopSequences, s.StopSequences)
	}
	c.same("thinking", plainThinking(a.Thinking), plainThinking(s.Thinking))
	c.output()
	if a.Cache != nil && s.Cache == nil && cached(promptOf(s)) == "" && !c.told("cache") {
		c.fault("the wish to cache the prompt was lost without a warning")
	}
}

// plainThinking returns a wish in one of several forms that mean the same.
func plainThinking(t *model.ThinkingConfig) model.ThinkingConfig {
	if t == nil {
		return model.ThinkingConfig{}
	}
	p := *t
	switch {
	case p.Mode == model.ThinkingDefault && p.Budget > 0:
		p.Mode = model.ThinkingEnabled
	case p.Mode == model.ThinkingDefault && p.Effort == "none":
		p.Mode, p.Effort = model.ThinkingDisabled, ""
	}
	return p
}

func (c *conserved) output() {
	a, s := c.asked.Output, c.sent.Output
	if (a == nil) != (s == nil) {
		c.same("output", a != nil, s != nil)
		return
	}
	if a != nil {
		c.same("output.schema", schemaValue(a.Schema), schemaValue(s.Schema))
		c.same("output.name", a.Name, s.Name)
		c.same("output.description", a.Description, s.Description)
	}
}

func (c *conserved) tools() {
	a, s := promptOf(c.asked), promptOf(c.sent)
	if a.ToolChoice.Mode == model.ToolsNone && len(s.Tools) == 0 {
		return // as good as the choice
	}
	if len(a.Tools) > 0 || a.ToolChoice != (model.ToolChoice{}) {
		c.same("tool_choice.mode", a.choice().Mode, s.choice().Mode)
		c.same("tool_choice.name", a.ToolChoice.Name, s.ToolChoice.Name)
		if p := a.ToolChoice.Parallel; p == nil || !*p || s.ToolChoice.Parallel != nil { // several are the default
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
		c.same(field, plainTool(tool), plainTool(got))
	}
	if len(s.Tools) > len(a.Tools) && !c.told("tools") && len(c.warnings) == 0 {
		c.fault("%d tools were sent, %d were asked for", len(s.Tools), len(a.Tools))
	}
}

// plainTool returns what must arrive of a tool, in one form.
func plainTool(t model.Tool) string {
	if t.Cache != nil { // beside automatic points it may be there or not
		t.Cache = &model.CachePoint{TTL: t.Cache.TTL}
	}
	schema := schemaValue(t.InputSchema)
	if t.InputSchema = nil; t.ServerSide {
		schema = ""
	}
	return showJSON(t) + " " + schema
}

// schemaValue returns a schema in a spelling that all spellings share: keys in
// order, no white space, numbers digit for digit. That it is sent as it was
// spelled is a case of its own.
func schemaValue(schema json.RawMessage) string {
	d := json.NewDecoder(bytes.NewReader(schema))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return string(schema)
	}
	return showJSON(v)
}

// plainTools returns tools with their schemas in one spelling.
func plainTools(tools []model.Tool) []model.Tool {
	tools = slices.Clone(tools)
	for i, t := range tools {
		if len(t.InputSchema) > 0 {
			tools[i].InputSchema = json.RawMessage(schemaValue(t.InputSchema))
		}
	}
	return tools
}

// A placed part is a part with its place in the request.
type placed struct {
	part  model.Part // nil for a message without parts
	role  model.Role
	field string
}

// placedParts returns the parts of the system messages, or of all others.
func placedParts(req *model.Request, role model.Role) []placed {
	var all []placed
	for i, m := range req.Messages {
		if (m.Role == model.RoleSystem) != (role == model.RoleSystem) {
			continue
		}
		if len(m.Parts) == 0 {
			all = append(all, placed{nil, m.Role, fmt.Sprintf("messages[%d]", i)})
		}
		for j, p := range m.Parts {
			all = append(all, placed{plainPart(p), m.Role, fmt.Sprintf("messages[%d].parts[%d]", i, j)})
		}
	}
	return all
}

// messages looks for every part that was asked for among those that were sent
// behind the one before it. What is left over was made up.
func (c *conserved) messages(role model.Role) {
	asked, sent := placedParts(c.asked, role), placedParts(c.sent, role)
	used := make([]bool, len(sent))
	find := func(a placed, from int) int {
		for i := from; i < len(sent); i++ {
			if !used[i] && sent[i].role == a.role && samePart(a.part, sent[i].part) {
				return i
			}
		}
		return -1
	}
	at := 0
	for _, a := range asked {
		if c.told(a.field) { // it may be anywhere
			if i := find(a, 0); i >= 0 {
				used[i] = true
			}
			continue
		}
		i := find(a, at)
		switch {
		case i >= 0:
			used[i], at = true, i+1
		case a.part == nil:
			c.fault("%s, which has no parts, was left out without a warning", a.field)
		default:
			c.fault("%s, %s, was not sent, or not in its place, without a warning", a.field, shorten(describePart(a.part)))
		}
	}
	for i, s := range sent {
		if !used[i] && s.part != nil && !c.excused(s) {
			c.fault("%s was sent, which was not asked for, without a warning", shorten(describePart(s.part)))
		}
	}
}

// excused reports whether a part that was sent beyond what was asked for may
// be: something was reworded or moved, or the points that Request.Cache stands
// for were placed.
func (c *conserved) excused(s placed) bool {
	if _, ok := s.part.(model.CachePoint); ok && c.asked.Cache != nil {
		return true
	}
	return slices.ContainsFunc(c.warnings, func(w model.Warning) bool {
		return strings.HasPrefix(w.Field, "messages") && (w.Action != model.WarningDropped || insidePart(w.Field))
	})
}

// insidePart reports whether a field is inside a part of a message: what is
// left of the part when it is dropped was asked for as part of the whole.
func insidePart(field string) bool {
	_, rest, _ := strings.Cut(field, ".parts[")
	return strings.ContainsRune(rest, '.')
}

// samePart reports whether a part arrived: as it is, or with what a provider
// finds out by itself filled in.
func samePart(asked, sent model.Part) bool {
	if reflect.DeepEqual(asked, sent) {
		return true
	}
	switch a := asked.(type) {
	case model.Image:
		s, ok := sent.(model.Image)
		return ok && a.MediaType == "" && a.URI == s.URI && a.Owner == s.Owner && bytes.Equal(a.Data, s.Data)
	case model.Audio:
		s, ok := sent.(model.Audio)
		return ok && a.URI == s.URI && a.Owner == s.Owner && bytes.Equal(a.Data, s.Data) && isMP3(a.MediaType) && isMP3(s.MediaType)
	case model.Document: // of text the type is known
		s, ok := sent.(model.Document)
		if !ok || a.MediaType != "text/plain" || a.Text == "" && len(a.Chunks) == 0 {
			return false
		}
		s.MediaType = a.MediaType
		return reflect.DeepEqual(a, s)
	case model.Guard:
		s, ok := sent.(model.Guard)
		if !ok || a.Text != s.Text || len(a.Qualifiers)+len(s.Qualifiers) > 0 && !slices.Equal(a.Qualifiers, s.Qualifiers) {
			return false
		}
		if a.Image == nil || s.Image == nil {
			return a.Image == s.Image
		}
		return samePart(*a.Image, *s.Image)
	case model.Opaque:
		s, ok := sent.(model.Opaque)
		return ok && a.Kind == s.Kind && bytes.Equal(a.Data, s.Data)
	case model.ToolResult:
		s, ok := sent.(model.ToolResult)
		return ok && a.CallID == s.CallID && a.IsError == s.IsError && slices.EqualFunc(a.Parts, s.Parts, samePart)
	case model.ServerToolResult:
		s, ok := sent.(model.ServerToolResult)
		return ok && a.CallID == s.CallID && a.Kind == s.Kind && a.IsError == s.IsError && slices.EqualFunc(a.Parts, s.Parts, samePart)
	}
	return false
}

// isMP3 reports whether a media type is one of the two names of MP3.
func isMP3(mediaType string) bool { return mediaType == "audio/mp3" || mediaType == "audio/mpeg" }

// toldAny reports whether a warning is about anything below a name.
func (c conserved) toldAny(prefix string) bool {
	return slices.ContainsFunc(c.warnings, func(w model.Warning) bool { return strings.HasPrefix(w.Field, prefix) })
}
