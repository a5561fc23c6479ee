// Package lower rewrites JSON Schemas for where they go.
//
// A program may check answers against a schema that says more than a provider
// accepts: grammars for constrained output support no limits of numbers, require
// every object to be closed, and limit unions. [Schema] takes a schema and the
// [Limits] of its destination. It returns a schema that may be sent there,
// together with the changes:
//
//	low, err := lower.Schema(raw, lower.Grammar())
//	if errors.Is(err, lower.ErrInexpressible) {
//		// ask in another way
//	}
//
// A keyword that leaves a schema moves into the description of the same place,
// so the model still reads it. A value that matches the lowered schema may break
// only such keywords, so check answers against the original.
//
// # Bytes
//
// The caller's bytes are never changed. A schema that needs no change is returned
// byte for byte. An object that does change keeps its members, their order, and
// the bytes of those that stay.
//
// # Errors
//
// An [*Error] names the place as a JSON pointer. It matches [ErrInexpressible]
// if the schema is sound, but cannot be said within the limits.
package lower
