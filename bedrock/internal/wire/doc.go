// Package wire is the JSON of the operations Converse, ConverseStream and
// CountTokens of Amazon Bedrock, as Go structs and pure functions on bytes. It
// knows no model, makes no request and keeps no state.
//
// Requests are written, and answers read, without the types of the AWS SDK,
// because those lose information: the SDK sorts and rewrites JSON documents,
// drops kinds of content that it does not know, and writes maps in random
// order, which defeats prompt caching. Here
//
//   - a document (the input of a tool, a schema, additional fields) is a
//     [json.RawMessage] and goes through byte for byte, both ways. It is copied,
//     not checked: a document that is not JSON makes a body that is not;
//   - a kind of content from the future is kept as an [Unknown] and written back;
//   - equal values give equal bytes: members stand in alphabetical order, as the
//     service itself sends them.
//
// # Structs
//
// Fields are named and ordered as on the wire. A field that may be absent is nil
// then, and an empty list is not absent. Strings that have no meaning when
// empty, such as the names of an enumeration, are plain and left out when empty;
// enumerations are not checked. A struct that says "exactly one field is set" is
// a union of the protocol: writing it with none gives {}, reading one with two
// is an error.
//
// # Reading
//
// Parsing for a client is lenient: anything may be missing or null, and what is
// not known is skipped or kept. Wrong types are errors, [*FieldError], which
// lead to the place and hold no contents. Parsing for a server can be strict,
// which refuses unknown members at every level, as the service does.
//
// [ParseEvent] reads the deltas of text, thinking and tool input, nearly all of
// a stream, by a short path of its own. It takes only the exact bytes that the
// service sends, and a fuzz test holds it to the same results as the general
// path.
package wire
