// Package laws holds the laws that apply to every call of every model. They are
// about the events of an answer, its pieces, its usage and its thinking, and
// about a request on its way to the wire.
package laws
