package lower

import (
	"encoding/json"
	"strings"

	"github.com/chatmodel-go/chatmodel/internal/jsonpointer"
)

// Wrap returns the schema of an object with one property, which is described by
// raw. It is for answers that are no objects, where only these are possible.
// References in raw go on leading where they led.
func Wrap(raw json.RawMessage, name string) (json.RawMessage, error) {
	inner, err := parse(raw)
	if err != nil {
		return nil, err
	}
	if err := check(inner, ""); err != nil {
		return nil, err
	}
	at := "#/properties/" + jsonpointer.Escape(name)
	all(inner, "", func(s *value, _ string) error {
		if ref, ok := s.get("$ref").text(); ok && (ref == "#" || strings.HasPrefix(ref, "#/")) {
			s.set("$ref", quoted(at+ref[1:]))
		}
		return nil
	})
	outer := &value{kind: '{'}
	if version := inner.get("$schema"); version != nil {
		inner.remove("$schema")
		outer.set("$schema", version)
	}
	inner.remove("$id")
	outer.set("type", quoted("object"))
	outer.set("properties", object(name, inner))
	outer.set("required", list(quoted(name)))
	outer.set("additionalProperties", &value{raw: []byte("false")})
	return outer.bytes(), nil
}
