package plan

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"

	"github.com/chatmodel-go/chatmodel/internal/rawjson"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/lower"
)

// output returns how the model is asked for an answer by JSON Schema, nil if it
// is not.
func output(s *scope, o *model.OutputFormat, given *additional, all *schemas) *Output {
	switch {
	case o == nil:
		return nil
	case s.format.Text:
		s.unsupported("", "output", "%s", s.only())
		return nil
	case s.lacks("output.native", s.facts.Output.Native):
		s.unsupported("output.native", "output", "%s has no structured output of its own; have the model call a tool with the answer instead, as runnable.Structured does", s.name())
		return nil
	case s.format.Merges && given.givesOutput():
		s.drop("", "output", "provider_options.additional_fields sets %s itself", s.format.Members.Output)
		return nil
	}
	// The schema is lowered even if the format drops its name: the answer is held
	// to the schema alone.
	out := &Output{Name: o.Name, Description: o.Description, Schema: all.answer("output.schema", o.Schema)}
	switch {
	case s.format.OutputName && out.Name == "":
		out.Name = s.format.OutputNameDefault
	case !s.format.OutputName:
		if o.Name != "" {
			s.drop("", "output.name", "the format has no name for a schema")
		}
		if o.Description != "" {
			s.drop("", "output.description", "the format has no description of a schema; the schema itself may have one")
		}
		out.Name, out.Description = "", ""
	}
	return out
}

// schemas brings the schemas of a request into the form that the service takes.
// Some of its limits are about all schemas of a request that are obeyed, so it
// counts across them. A schema that is not obeyed is a hint to the model, and
// goes as it is.
type schemas struct {
	*scope
	unions   int // in the schemas that are obeyed, so far
	optional int // properties of these
}

// tool returns a schema that the service takes as that of a tool, and
// whether the tool can be strict: its root is an object, and where it is
// strict it keeps the limits of schemas that are obeyed.
func (s *schemas) tool(field, name string, schema json.RawMessage, strict *bool) (json.RawMessage, *bool) {
	if len(schema) == 0 {
		schema = json.RawMessage(emptySchema)
	} else {
		schema = s.objectRoot(field+".input_schema", name, schema)
	}
	if strict == nil || !*strict || s.refused > 0 {
		return schema, strict
	}
	low, err := s.lowered(field+".input_schema", schema)
	switch {
	case errors.Is(err, lower.ErrInexpressible):
		s.drop("output.schema", field+".strict", "%v, so the model cannot be held to it", err)
		return schema, nil
	case err != nil:
		s.invalid(field+".input_schema", "%v", err)
		return schema, strict
	}
	return low, strict
}

// objectRoot says that the root of a schema is an object, which the service
// wants to read in as many words, and takes alternatives out of it. Claude
// answers "input_schema does not support oneOf, allOf, or anyOf at the top
// level" (https://github.com/anthropics/claude-code/issues/5973), and so it is
// with OpenAI's models (https://github.com/MemPalace/mempalace/issues/1728).
// Others lose nothing by the form that all take.
//
// A schema that no object matches, such as {"const":3}, is refused: the model
// could not call the tool, and what it did instead would be anybody's guess.
func (s *schemas) objectRoot(field, name string, schema json.RawMessage) json.RawMessage {
	root := bytes.Trim(schema, white)
	if isPlainObject(root) {
		return schema // without a look at the rest, which is sent as it is
	}
	low, err := lower.Schema(schema, lower.Limits{ObjectRoot: true, PlainRoot: true})
	if err != nil {
		s.invalid(field, "%v; the input of the tool %q is an object", err, name)
		return schema
	}
	for _, c := range low.Changes {
		if strings.HasPrefix(c.Reason, "anyOf ") || strings.HasPrefix(c.Reason, "oneOf ") || strings.HasPrefix(c.Reason, "allOf ") {
			s.change("", field, "models take no alternatives at the root of a tool's schema: %v", c)
		} else if rawjson.Member(root, "type") == nil {
			s.change("", field, "Bedrock requires \"type\": \"object\" in a schema; it is added")
		} else {
			s.change("", field, "Bedrock requires a schema of type object alone: %v", c)
		}
	}
	return low.Schema
}

// isPlainObject reports whether a schema says that it is one of objects, and
// nothing else about the whole that could be at odds with that, or is refused.
// Further down, alternatives are allowed.
func isPlainObject(root []byte) bool {
	object, plain := false, true
	rawjson.EachMember(root, func(name, value []byte) {
		switch string(name) {
		case "type":
			object = string(value) == `"object"`
		case "anyOf", "oneOf", "allOf", "const", "enum", "not", "$ref":
			plain = false
		default:
			plain = plain && bytes.IndexByte(name, '\\') < 0 // which may be any of these
		}
	})
	return object && plain
}

// answer returns a schema in the form in which an answer is held to it.
func (s *schemas) answer(field string, schema json.RawMessage) json.RawMessage {
	low, err := s.lowered(field, schema)
	switch {
	case errors.Is(err, lower.ErrInexpressible):
		s.unsupported("output.schema", field, "%v; have the model call a tool with the answer instead, as runnable.Structured does", err)
		return schema
	case err != nil:
		s.invalid(field, "%v", err)
		return schema
	}
	return low
}

// lowered returns a schema within the limits of answers and strict tools that
// are held to it. A keyword that is taken out stays in as words, with a warning.
// Objects that are closed, if the schema left that open, need none.
// https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html
func (s *schemas) lowered(field string, schema json.RawMessage) (json.RawMessage, error) {
	known := &s.facts.Output.Schema
	limits := lower.Limits{
		Refused:     known.Keywords,
		MinItems:    1,    // minItems of 0 and 1 are the only ones that are taken
		Closed:      true, // "additionalProperties" must be false in every object
		NoRecursion: known.Recursion.No(),
		MaxUnions:   left(known.Unions, s.unions),
		MaxOptional: left(known.Optional, s.optional),
	}
	low, err := lower.Schema(schema, limits)
	if err != nil {
		return nil, err
	}
	s.unions += low.Unions
	s.optional += low.Optional
	for _, c := range low.Changes {
		if !c.Closing {
			s.change("output.schema", field, "%v", c)
		}
	}
	return low.Schema, nil
}

// left returns what is left of a limit that is about a whole request, in the form
// that package lower takes: zero is no limit, so nothing left is negative.
func left(limit, used int) int {
	switch {
	case limit == 0:
		return 0
	case used >= limit:
		return -1
	}
	return limit - used
}
