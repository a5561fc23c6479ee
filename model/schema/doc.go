// Package schema writes JSON Schema from Go types and checks JSON against it.
//
// A language model gets the shape of a tool's input, or of a structured
// answer, as a JSON Schema. The text it writes usually, but not always, has that
// shape. This package covers both ends:
//
//   - [For] describes a Go type, once, when a program starts;
//   - [Compile] prepares any schema, and [Validator.Validate] checks JSON
//     against it, in words a model can act on;
//   - [Decode] checks, then fills a Go value.
//
// A schema is a [json.RawMessage] everywhere: one written by hand, or received
// from a tool server, is as good as one from For.
//
// # From a Go type
//
// For follows encoding/json: names and embedding are those that
// [json.Unmarshal] would accept, exported fields only.
//
//	Go                                      JSON Schema
//	struct                                  object, no other properties
//	map with string or text keys            object of the element's schema
//	slice                                   array
//	array                                   array of exactly that length
//	[]byte                                  string, contentEncoding base64
//	string, text (encoding.TextUnmarshaler) string
//	integers, math/big.Int                integer
//	floats, json.Number                   number
//	bool                                    boolean
//	time.Time                             string, format date-time
//	any, json.RawMessage                  {}, which is any value
//
// A field is required unless it is a pointer, has omitempty or omitzero, or is
// reached through an embedded pointer. An optional field may be left out. Its
// type is never a union with null, because providers limit unions or refuse
// them; but models write null all the same, and [Decode] and
// [Validator.Normalize] take it for left out.
//
// The size of an integer type is not part of its schema: constrained output
// often supports no numeric limits, and a plain uint should not need them. A
// number that does not fit its field is an error of [Decode]. Ask for limits by
// tag.
//
// A type that contains itself is described with $ref: "#" for the type given
// to For, $defs for others. Constrained output often supports no recursion.
//
// For cannot describe channels, functions, complex numbers, interfaces with
// methods, maps with other keys and types with their own UnmarshalJSON. It
// returns an error that names the field. Use json.RawMessage for such a field,
// or write the schema by hand.
//
// # Tags
//
//	jsonschema:"the city, in English"   description
//	enum:"celsius,fahrenheit"           the only values, separated by commas
//	minimum:"1" maximum:"14"            limits of a number, both included
//	format:"email"                      format of a string; never validated
//
// On a slice or array, every tag but the description is about the elements. A
// tag that does not suit its field, or cannot be read, is an error. A
// description must not start with "word=", which belongs to the tag syntax of
// other libraries.
//
// # Validation
//
// The rules are those of draft 2020-12 and draft-07. The older "definitions",
// "dependencies" and "items" as an array are understood with or without
// $schema. The error for a value that does not match names each wrong place and
// what would be right there. Its text quotes the schema, and of the value only
// property names.
//
// Schemas may come from strangers, such as tool servers, and answers come from
// models, so the work is bounded: results are remembered, and validation takes
// at most 64 steps for every pair of a JSON value in the schema and one in the
// value. Compile refuses schemas of more than 65,536 values.
//
// Integers of up to 64 bits are compared exactly, in values, enum and const.
// Other numbers, and the limits in a schema, are float64.
//
// # Deviations
//
// Formats and content keywords are not checked. Patterns are Go regular
// expressions, so look-around is refused. "multipleOf" divides floats, so a
// divisor like 0.01 can refuse a good value. References stay within the
// schema: "#", a JSON pointer or an anchor. Remote references, $dynamicRef and
// an $id below the top are refused by Compile, as is a schema that would apply
// itself to the same value for ever. Schemas and values nest at most 200 levels
// deep.
package schema
