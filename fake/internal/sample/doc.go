// Package sample makes small JSON documents that satisfy a JSON Schema, for
// answers that a fake model gives on its own.
//
// It proposes values, likely and small ones first, and holds each against the
// whole schema. It does not give up on schemas that combine others, refer to
// themselves or have patterns; what it can't satisfy it says the place of.
package sample
