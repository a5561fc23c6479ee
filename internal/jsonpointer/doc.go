// Package jsonpointer writes and reads the tokens of JSON pointers, such as
// the two of /properties/a~1b, which are "properties" and "a/b". What they lead
// to differs with the form in which a caller holds its document, so following
// them is the caller's.
//
// https://www.rfc-editor.org/rfc/rfc6901
package jsonpointer
