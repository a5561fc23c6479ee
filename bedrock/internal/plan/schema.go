package plan

import (
	"encoding/json"
	"errors"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/rawjson"
	"github.com/chatmodel-go/chatmodel/model/lower"
)

// toolSchema returns a schema that the service takes as that of a tool, and
// whether the tool can be strict: its root is an object, and where it is
// strict it keeps the limits of schemas that are obeyed.
func (p *planner) toolSchema(field string, schema json.RawMessage, strict *bool) (json.RawMessage, *bool) {
	if len(schema) == 0 {
		schema = json.RawMessage(emptySchema)
	} else {
		schema = p.objectRoot(field+".input_schema", schema)
	}
	if strict == nil || !*strict || p.refused > 0 {
		return schema, strict
	}
	low, err := p.lowered(field+".input_schema", schema)
	switch {
	case errors.Is(err, lower.ErrInexpressible):
		p.drop("output.schema", field+".strict", "%v, so the model cannot be held to it", err)
		return schema, nil
	case err != nil:
		p.invalid(field+".input_schema", "%v", err)
		return schema, strict
	}
	return low, strict
}

// objectRoot says that the root of a schema is an object, which the service
// wants to read in as many words.
func (p *planner) objectRoot(field string, schema json.RawMessage) json.RawMessage {
	root := trimSpace(schema)
	if string(rawjson.Member(root, "type")) == `"object"` {
		return schema // without a look at the rest, which is sent as it is
	}
	low, err := lower.Schema(schema, lower.Limits{ObjectRoot: true})
	if err != nil {
		p.invalid(field, "%v; the argument of a tool is an object", err)
		return schema
	}
	for _, c := range low.Changes {
		if rawjson.Member(root, "type") == nil {
			p.change("", field, "Bedrock wants a schema that says \"type\": \"object\"; it is added")
		} else {
			p.change("", field, "Bedrock wants a schema of type object alone: %v", c)
		}
	}
	return low.Schema
}

// outputSchema returns a schema in the form in which an answer is held to it.
func (p *planner) outputSchema(field string, schema json.RawMessage) json.RawMessage {
	low, err := p.lowered(field, schema)
	switch {
	case errors.Is(err, lower.ErrInexpressible):
		p.unsupported("output.schema", field, "%v; have a tool called with the answer instead, as runnable.Structured does", err)
		return schema
	case err != nil:
		p.invalid(field, "%v", err)
		return schema
	}
	return low
}

// lowered returns a schema within the limits of answers and strict tools that
// are held to it. What leaves it as a keyword stays in it as words, and is told;
// that objects are closed, which nothing had been said of, is not.
// https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html
func (p *planner) lowered(field string, schema json.RawMessage) (json.RawMessage, error) {
	known := &p.facts.Output.Schema
	limits := lower.Limits{
		Refused:     known.Keywords,
		MinItems:    1,
		Closed:      true,
		NoRecursion: known.Recursion.No(),
		MaxUnions:   left(known.Unions, p.unions),
		MaxOptional: left(known.Optional, p.optional),
	}
	low, err := lower.Schema(schema, limits)
	if err != nil {
		return nil, err
	}
	p.unions += low.Unions
	p.optional += low.Optional
	for _, c := range low.Changes {
		if !c.Closing {
			p.change("output.schema", field, "%v", c)
		}
	}
	return low.Schema, nil
}

// left returns what is left of a limit that is about a whole request.
func left(limit, used int) int {
	switch {
	case limit == 0:
		return 0 // none
	case used >= limit:
		return -1
	}
	return limit - used
}
