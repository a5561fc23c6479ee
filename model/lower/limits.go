package lower

import (
	"errors"
	"slices"
)

// Limits says what the destination of a schema takes. The zero value takes
// everything. It is a plain value: change a copy to describe another
// destination.
type Limits struct {
	// Refused are the keywords that must not be in a schema. They are moved
	// into the description.
	Refused []string

	// MinItems is the largest minItems that may stay although Refused has
	// that keyword.
	MinItems int

	// Formats are those that may stay although Refused has format.
	Formats []string

	// ScalarEnums says that enum and const hold no arrays and objects.
	ScalarEnums bool

	// Closed says that every object has additionalProperties: false. A schema
	// for objects whose properties are described but have no names, such as
	// that of a Go map, is then inexpressible; one that describes no
	// properties is closed, too, and allows none.
	Closed bool

	// Typed says that every schema names its type. A schema of any value is
	// then inexpressible.
	Typed bool

	// NoRecursion says that a schema must not contain itself.
	NoRecursion bool

	// MaxUnions is how many schemas may be unions, by anyOf, oneOf or a list
	// of types. Unions with null are reduced until it is kept. Zero means any
	// number, less than zero none.
	MaxUnions int

	// MaxOptional is how many properties may be optional. Those beyond it
	// become required and may be null. Zero means any number, less than zero
	// none.
	MaxOptional int

	// ObjectRoot says that the schema itself is one of objects. Where it has
	// no type, that type is added.
	ObjectRoot bool

	// PlainRoot says that the schema itself has no anyOf, oneOf or allOf. The
	// properties that these describe move to the schema itself; which of them
	// belong together is in its description.
	PlainRoot bool

	bestEffort bool // MaxUnions is a wish
}

// Grammar returns the limits of answers and strict tools that are held to
// their schema while they are written, as Anthropic and Amazon Bedrock
// document them:
// https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html
// https://docs.claude.com/en/docs/build-with-claude/structured-outputs#json-schema-limitations
func Grammar() Limits {
	return Limits{
		Refused: []string{
			"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
			"minLength", "maxLength", "pattern", "format", "contentEncoding", "contentMediaType", "contentSchema",
			"minItems", "maxItems", "uniqueItems", "contains", "minContains", "maxContains", "prefixItems",
			"additionalItems", "unevaluatedItems",
			"minProperties", "maxProperties", "patternProperties", "propertyNames", "unevaluatedProperties",
			"dependentRequired", "dependentSchemas", "dependencies",
			"oneOf", "not", "if", "then", "else",
			"$schema", "$id", "$anchor", "$dynamicAnchor", "$comment", "$vocabulary", "examples", "deprecated", "readOnly", "writeOnly",
		},
		MinItems:    1,
		Formats:     []string{"date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"},
		ScalarEnums: true,
		Closed:      true,
		Typed:       true,
		NoRecursion: true,
		MaxUnions:   16,
		MaxOptional: 24,
		ObjectRoot:  true,
	}
}

// Tool returns the limits of the input of a tool that is not strict: a schema
// of objects without alternatives at its root, which the
// models of Anthropic and OpenAI refuse there. The service refuses more than 16 unions in one request.
func Tool() Limits { return Limits{ObjectRoot: true, PlainRoot: true, MaxUnions: 16} }

func (l *Limits) refuses(keyword string) bool { return slices.Contains(l.Refused, keyword) }

// A Result is a lowered schema.
type Result struct {
	// Schema is what may be sent. It shares no memory with the original,
	// unless nothing was changed: then it is the original.
	Schema []byte

	// Changes lists what was lowered, in the order of the schema. It is empty
	// if nothing was.
	Changes []Change

	// Unions and Optional count what is left of these, for limits that are
	// about all the schemas of a request.
	Unions, Optional int
}

// A Change is one thing that was lowered.
type Change struct {
	Path   string // a JSON pointer to the schema, empty for the whole
	Reason string // such as "minimum is in the description"

	// Closing says that nothing else was done than to close an object that had
	// left open whether it is.
	Closing bool
}

// String returns the place and the reason.
func (c Change) String() string {
	if c.Path == "" {
		return c.Reason
	}
	return c.Path + ": " + c.Reason
}

// ErrInexpressible is matched by the error for a schema that is sound, but
// cannot be expressed within the limits.
var ErrInexpressible = errors.New("the schema cannot be expressed here")

// An Error is a schema that could not be lowered.
type Error struct {
	Path   string // a JSON pointer to the place, empty for the whole
	Reason string

	sound bool
}

// Error returns the place and the reason.
func (e *Error) Error() string {
	if e.Path == "" {
		return "schema: " + e.Reason
	}
	return "schema: at " + e.Path + ": " + e.Reason
}

// Is makes errors.Is find [ErrInexpressible].
func (e *Error) Is(target error) bool { return target == ErrInexpressible && e.sound }
