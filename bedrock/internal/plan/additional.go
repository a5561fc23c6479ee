package plan

import (
	"bytes"
	"encoding/json"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/internal/rawjson"
)

// An additional holds the caller's additional fields, which go into the body as
// they are. Rules ask which members they set, so that none is sent twice, and
// what they say of thinking, on which other rules depend. They are a way around
// the rules by intent: a parameter that came out today can be used today, so
// nothing in them is checked but that they are an object.
type additional struct {
	*scope
	object   json.RawMessage // as given; empty: none, or none that can be sent
	members  []member
	thinking ownThinking
}

// A member is one of the caller's additional fields. The value lies in the
// caller's bytes.
type member struct {
	name  string
	value []byte
}

// read reads the caller's additional fields. Those that are not an object are
// refused here, so that a writer may put them together with others without a
// look.
func (a *additional) read(object json.RawMessage) {
	trimmed := bytes.Trim(object, white)
	if len(trimmed) == 0 {
		return
	}
	if trimmed[0] != '{' || !rawjson.Valid(trimmed) {
		a.invalid("provider_options.additional_fields", "must be a JSON object")
		return
	}
	a.object = object // as given, white space and all: the writers keep the caller's bytes
	rawjson.EachMember(trimmed, func(name, value []byte) {
		a.members = append(a.members, member{rawjson.Unquote(name), value})
	})
	a.thinking = a.readThinking()
	// Messages of the caller's own replace the conversation. No rule is about that
	// member, so the warning is given here.
	a.overridden(a.format.Members.Messages, "messages")
}

// gives returns the value of a member of the caller's additional fields, nil if
// there is none, or null: a null says nothing to a model. Of a repeated name the
// last value counts, as for those who read the body.
func (a *additional) gives(name string) []byte {
	for i := len(a.members) - 1; i >= 0; i-- { // members are few, so a search costs less than a map
		if m := &a.members[i]; m.name == name {
			if string(m.value) == "null" {
				return nil
			}
			return m.value
		}
	}
	return nil
}

// overridden warns if the caller's additional fields set a member themselves,
// by which the neutral field is dropped. It reports whether the plan must leave
// the field out: bodies of the model's own write the caller's member in its
// place.
func (a *additional) overridden(member, field string) bool {
	if member == "" || a.gives(member) == nil {
		return false
	}
	a.drop("", field, "provider_options.additional_fields sets %s itself", member)
	return !a.format.Invoke
}

// An ownThinking is what the caller's additional fields say of thinking, in the
// model's own words.
type ownThinking struct {
	given  bool   // they say something
	member string // by this member
	on     bool
	effort string
}

// readThinking reads the member by which the model is asked to think. In a format
// of text alone the fields cannot reach the model's thinking.
func (a *additional) readThinking() ownThinking {
	if a.format.Text {
		return ownThinking{}
	}
	var own ownThinking
	switch a.facts.Thinking.Style {
	case facts.ThinkingStyleClaude:
		own.member = "thinking"
		if value := a.gives("thinking"); value != nil {
			t := textMember(value, "type")
			own.given, own.on = t != "", t != typeDisabled // whatever the type, it is not off
		}
		// The effort alone does not switch Claude's thinking on or off.
		own.effort = textMember(a.gives("output_config"), "effort")
	case facts.ThinkingStyleNova:
		own.member = "reasoningConfig"
		if value := a.gives("reasoningConfig"); value != nil {
			t := textMember(value, "type")
			own.given, own.on, own.effort = t != "", t != typeDisabled, textMember(value, "maxReasoningEffort")
		}
	case facts.ThinkingStyleNested:
		own.member = "reasoning"
		own.effort = textMember(a.gives("reasoning"), "effort")
		own.given, own.on = own.effort != "", own.effort != effortNone
	case facts.ThinkingStyleEffort:
		own.member = "reasoning_effort"
		own.effort = text(a.gives("reasoning_effort"))
		own.given, own.on = own.effort != "", own.effort != effortNone
	case facts.ThinkingStyleQwen:
		own.member = "reasoning_config"
		own.effort = text(a.gives("reasoning_config"))
		own.given, own.on = own.effort != "", own.effort != effortNone
	}
	return own
}

// givesOutput reports whether the caller's fields ask for a schema themselves.
func (a *additional) givesOutput() bool {
	value, inner := a.gives(a.format.Members.Output), a.format.Members.OutputInner
	return value != nil && (inner == "" || holds(value, inner))
}

// givesEffort reports whether the caller's fields say themselves how hard Claude
// is to work, or leave no room to say it.
func (a *additional) givesEffort() bool {
	value := a.gives("output_config")
	return value != nil && (!a.format.Merges || holds(value, "effort"))
}

// replaced returns how hard the model is to work on its answer. A body of the
// model's own has one place for that, in which the caller's field stands.
func (a *additional) replaced(effort string) string {
	if effort == "" || !a.format.Merges || !a.givesEffort() {
		return effort
	}
	a.drop("", "provider_options.output_effort", "provider_options.additional_fields sets output_config itself")
	return ""
}

// holds reports whether a value has a member, or is no object that could take it
// in. A member that is null says nothing.
func holds(value []byte, name string) bool {
	if value[0] != '{' {
		return true
	}
	m := rawjson.Member(value, name)
	return m != nil && string(m) != "null"
}

// textMember returns a member of an object if it is a string.
func textMember(object []byte, name string) string {
	if len(object) == 0 || object[0] != '{' {
		return ""
	}
	return text(rawjson.Member(object, name))
}

// text returns a JSON string, and the empty string for anything else.
func text(value []byte) string {
	var s string
	if json.Unmarshal(value, &s) != nil {
		return ""
	}
	return s
}

// white is the white space of JSON, which is less than that of Unicode.
const white = " \t\r\n"

// isObject reports whether JSON, which is valid or empty, is an object.
func isObject(raw []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(raw, white), []byte("{"))
}

// wrapped keeps what a model wrote instead of an object as a member of one. The
// model reads its mistake that way; {} would hide it, and leaving the call out
// would orphan its result.
func wrapped(raw string) json.RawMessage {
	return append(rawjson.AppendString([]byte(`{"invalid_input":`), raw), '}')
}

// emptyObject is the input of a call without arguments. It is never written to.
var emptyObject = json.RawMessage("{}")
