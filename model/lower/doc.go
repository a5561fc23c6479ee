// Package lower rewrites JSON Schemas for where they go.
//
// A schema that a program checks answers against may say more than a provider
// takes: grammars for constrained output know no limits of numbers, want every
// object closed, and count unions. [Schema] takes a schema and the [Limits] of
// its destination and returns what may be sent there, together with what was
// changed:
//
//	low, err := lower.Schema(raw, lower.Grammar())
//	if errors.Is(err, lower.ErrInexpressible) {
//		// ask in another way
//	}
//
// What leaves a schema as a keyword stays in it as words, in the description
// of the same place, so that the model still reads it. Whatever matches the
// lowered schema is meant to match the original but for these words, so an
// answer is checked against the original.
//
// # Bytes
//
// The caller's bytes are never changed. What needs no change is returned byte
// for byte; an object that does change keeps its members, their order and the
// bytes of those that stay.
//
// # Errors
//
// An [*Error] names the place as a JSON pointer. It matches [ErrInexpressible]
// if the schema is sound, but cannot be said within the limits.
package lower
