package model

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/chatmodel-go/chatmodel/internal/rawjson"
)

// Validate returns an error of kind [ErrInvalidRequest] if no provider could
// accept the request. The error names every wrong field and says what would
// be right. What only some providers accept is theirs to judge, so a request
// that is valid here may still be refused.
//
// Models call Validate themselves, before they send anything.
func (req *Request) Validate() error {
	if req == nil {
		return &Error{Kind: ErrInvalidRequest, Message: "the request is nil"}
	}
	var v validator
	if v.request(req); !v.found {
		return nil
	}
	v.naming = true
	v.request(req)
	return &Error{Kind: ErrInvalidRequest, Message: strings.Join(v.problems, "; ")}
}

// A validator collects what is wrong with a request. It does so twice, since nearly all requests
// have none: first it only finds that there are some, and then it names them
// and their fields.
type validator struct {
	found    bool
	naming   bool
	problems []string
}

// request checks every field of a request.
func (v *validator) request(req *Request) {
	v.messages(req.Messages)
	v.tools(req.Tools)
	v.toolChoice(req)
	v.limits(req)
	v.thinking(req)
	if o := req.Output; o != nil && !isObject(o.Schema) {
		v.add("output.schema", "must be a JSON Schema object")
	}
	if req.Cache != nil {
		v.ttl("cache", req.Cache.TTL)
	}
	v.providerOptions(req.ProviderOptions)
}

// add notes a problem. The text goes on from the name of the field.
func (v *validator) add(field, format string, args ...any) {
	v.found = true
	if v.naming {
		v.problems = append(v.problems, field+" "+fmt.Sprintf(format, args...))
	}
}

// at names an element of a list, as in "messages[2]".
func (v *validator) at(list string, i int) string {
	if !v.naming {
		return ""
	}
	return list + "[" + strconv.Itoa(i) + "]"
}

// messages checks the conversation. Whether its roles alternate and its calls
// have results is for providers: they differ in that.
func (v *validator) messages(messages []Message) {
	turns := 0
	for i, m := range messages {
		field := v.at("messages", i)
		parts := field + ".parts"
		switch m.Role {
		case RoleUser, RoleAssistant:
			turns++
		case RoleSystem:
		default:
			v.add(field+".role", "is %q; use system, user or assistant", m.Role)
		}
		for j, p := range m.Parts {
			v.part(v.at(parts, j), p, m.Role)
		}
	}
	if turns == 0 {
		v.add("messages", "has no message of the user or the assistant; a conversation needs one")
	}
}

// roleOf returns the role in whose messages a part must stand, and the empty one
// if it may stand in those of several.
func roleOf(p Part) Role {
	switch p.(type) {
	case Thinking, ToolCall, ServerToolCall, ServerToolResult:
		return RoleAssistant
	case ToolResult:
		return RoleUser
	}
	return ""
}

// part checks a part of a message of the given role.
func (v *validator) part(field string, p Part, role Role) {
	if !v.known(field, p) {
		return
	}
	if want := roleOf(p); want != "" && role != want {
		v.add(field, "is a %s, which belongs in a message of role %s", p.kind(), want)
	}
	switch p := p.(type) {
	case Thinking:
		if len(p.Redacted) > 0 && (p.Text != "" || p.Signature != "") {
			v.add(field, "is redacted thinking with text or signature; it must be one or the other")
		}
	case Image:
		v.media(field, p.Data, p.URI)
	case Video:
		v.media(field, p.Data, p.URI)
	case Audio:
		v.media(field, p.Data, p.URI)
	case Document:
		v.document(field, p)
	case ToolCall:
		v.call(field, p.Input, p.InvalidInput)
	case ServerToolCall:
		v.call(field, p.Input, p.InvalidInput)
	case ToolResult:
		v.result(field, p.Parts)
	case ServerToolResult:
		v.result(field, p.Parts)
	case JSON:
		v.add(field, "is JSON, which belongs in a tool result")
	case CachePoint:
		v.ttl(field, p.TTL)
	case Guard:
		v.guard(field, p)
	}
}

// known reports whether p is a part as it should be.
func (v *validator) known(field string, p Part) bool {
	switch {
	case p == nil:
		v.add(field, "is nil")
	case !known(p):
		v.add(field, "is a %T; parts are values of the types of this package", p)
	default:
		return true
	}
	return false
}

// media checks that there is a file or its address, and not both.
func (v *validator) media(field string, data []byte, uri string) {
	if (len(data) > 0) == (uri != "") {
		v.add(field, "must have exactly one of data and uri")
	}
}

// document checks that a document has one source.
func (v *validator) document(field string, p Document) {
	n := 0
	for _, set := range []bool{len(p.Data) > 0, p.URI != "", p.Text != "", len(p.Chunks) > 0} {
		if set {
			n++
		}
	}
	if n != 1 {
		v.add(field, "must have exactly one of data, uri, text and chunks")
	}
}

// call leaves an empty id and name alone: a broken stream brings such calls, and
// providers mend them.
func (v *validator) call(field string, input json.RawMessage, invalid string) {
	switch {
	case len(input) > 0 && invalid != "":
		v.add(field, "has both input and invalid_input; it must be one or the other")
	case len(input) > 0 && !rawjson.Valid(input):
		v.add(field+".input", "is not JSON")
	}
}

// result checks the parts of a tool's result, which holds fewer kinds than a
// message.
func (v *validator) result(field string, parts []Part) {
	for i, p := range parts {
		field := v.at(field+".parts", i)
		if !v.known(field, p) {
			continue
		}
		switch p := p.(type) {
		case JSON:
			if !rawjson.Valid(p) {
				v.add(field, "is not JSON")
			}
		case Text, Opaque, SearchResult:
		case Image, Document, Video, Audio:
			v.part(field, p, RoleUser)
		default:
			v.add(field, "is a %s; a tool result holds text, JSON, images, documents, videos, audio and search results", p.kind())
		}
	}
}

// guard checks that guarded content is one text or one image.
func (v *validator) guard(field string, p Guard) {
	switch {
	case (p.Text != "") == (p.Image != nil):
		v.add(field, "must have exactly one of text and image")
	case p.Image != nil:
		v.media(field+".image", p.Image.Data, p.Image.URI)
	}
}

func (v *validator) ttl(field string, ttl time.Duration) {
	if ttl < 0 {
		v.add(field+".ttl", "is %v; it must not be negative", ttl)
	}
}

// tools checks names and schemas.
func (v *validator) tools(tools []Tool) {
	seen := make(map[string]bool, len(tools))
	for i, t := range tools {
		field := v.at("tools", i)
		switch {
		case t.Name == "":
			v.add(field+".name", "is empty")
		case seen[t.Name]:
			v.add(field+".name", "is %q like that of an earlier tool; names must differ", t.Name)
		}
		seen[t.Name] = true
		if len(t.InputSchema) > 0 && !isObject(t.InputSchema) {
			v.add(field+".input_schema", "must be a JSON Schema object")
		}
		if t.Cache != nil {
			v.ttl(field+".cache", t.Cache.TTL)
		}
	}
}

// toolChoice checks that the tools of the request leave the choice.
func (v *validator) toolChoice(req *Request) {
	c := req.ToolChoice
	switch c.Mode {
	case ToolsDefault, ToolsAuto, ToolsNone:
	case ToolsAny:
		if len(req.Tools) == 0 {
			v.add("tool_choice.mode", "is any, but there are no tools")
		}
	case ToolsNamed:
		for _, t := range req.Tools {
			if t.Name == c.Name {
				return
			}
		}
		v.add("tool_choice.name", "is %q, which is not one of the tools", c.Name)
	default:
		v.add("tool_choice.mode", "is %q; use auto, any, none or named", c.Mode)
	}
	if c.Name != "" && c.Mode != ToolsNamed {
		v.add("tool_choice.name", "is set, but the mode is %q; use named", c.Mode)
	}
}

// limits checks how an answer is sampled and where it ends.
func (v *validator) limits(req *Request) {
	if req.MaxTokens < 0 {
		v.add("max_tokens", "is %d; it must be positive, or 0 for the provider's default", req.MaxTokens)
	}
	if req.TopK < 0 {
		v.add("top_k", "is %d; it must be positive, or 0 for the provider's default", req.TopK)
	}
	if t := req.Temperature; t != nil && !(*t >= 0 && *t <= math.MaxFloat32) {
		v.add("temperature", "is %v; it must be a number, 0 or more", *t)
	}
	if p := req.TopP; p != nil && !(*p >= 0 && *p <= 1) {
		v.add("top_p", "is %v; it must be between 0 and 1", *p)
	}
	for i, s := range req.StopSequences {
		if s == "" {
			v.add(v.at("stop_sequences", i), "is empty")
		}
	}
}

// thinking checks that a budget fits the mode and leaves tokens for the answer.
func (v *validator) thinking(req *Request) {
	t := req.Thinking
	if t == nil {
		return
	}
	switch t.Mode {
	case ThinkingDefault, ThinkingEnabled, ThinkingAdaptive:
	case ThinkingDisabled:
		if t.Budget != 0 || t.Effort != "" {
			v.add("thinking", "is disabled, but has a budget or an effort")
		}
	default:
		v.add("thinking.mode", "is %q; use enabled, adaptive or disabled", t.Mode)
	}
	if t.Budget < 0 {
		v.add("thinking.budget", "is %d; it must not be negative", t.Budget)
	}
	if req.MaxTokens > 0 && t.Budget >= req.MaxTokens {
		v.add("thinking.budget", "is %d; it must be less than max_tokens, %d", t.Budget, req.MaxTokens)
	}
}

// providerOptions checks that there is one set of options for a provider, since
// it is not said which of two would count.
func (v *validator) providerOptions(options []ProviderOptions) {
	seen := make(map[string]bool, len(options))
	for i, x := range options {
		field := v.at("provider_options", i)
		if x == nil {
			v.add(field, "is nil")
			continue
		}
		provider := x.OptionsFor()
		if seen[provider] {
			v.add(field, "is for %q like an earlier one; a provider takes one", provider)
		}
		seen[provider] = true
	}
}

// isObject reports whether raw is a JSON object. Whether it is a sound schema
// is for the provider to say.
func isObject(raw json.RawMessage) bool {
	return bytes.HasPrefix(bytes.TrimLeft(raw, " \t\r\n"), []byte("{")) && rawjson.Valid(raw)
}
