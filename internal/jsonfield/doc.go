// Package jsonfield reports which fields encoding/json reads of a struct, and by
// which names. Package encoding/json does not export that.
package jsonfield
