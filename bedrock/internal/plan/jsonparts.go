package plan

import (
	"encoding/json"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/rawjson"
)

// emptyObject is the input of a call without arguments. It is never written to.
var emptyObject = json.RawMessage("{}")

// wrapped keeps what a model wrote instead of an object as a member of one.
func wrapped(raw string) json.RawMessage {
	return append(rawjson.AppendString([]byte(`{"invalid_input":`), raw), '}')
}

// isObject reports whether JSON is an object.
func isObject(raw []byte) bool {
	for _, c := range raw {
		if !isSpace(c) {
			return c == '{'
		}
	}
	return false
}
