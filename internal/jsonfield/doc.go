// Package jsonfield tells which fields encoding/json reads of a struct, and by
// which names: the package itself does not tell.
package jsonfield
