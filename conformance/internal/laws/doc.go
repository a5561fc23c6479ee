// Package laws holds what is true of every call of every model: of the events
// of an answer, its pieces, its usage and its thinking, and of a request on its
// way to the wire.
package laws
