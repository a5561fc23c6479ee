package openai

import (
	"bytes"

	"github.com/chatmodel-go/chatmodel/internal/rawjson"
)

// learn takes the form of a chunk that brings text and nothing else, as nearly
// all do. The order and number of the members around the text differ between
// models; what matters is that none of them says anything.
func (d *decoder) learn(chunk []byte) {
	list := find(chunk, "choices")
	if list == nil || list[0] != '[' || !plain(chunk, "choices") {
		return
	}
	choice, next, ok := rawjson.NextElement(list, 1)
	if !ok || list[rawjson.SkipSpace(list, next)] != ']' || !plain(choice, "delta") {
		return
	}
	delta := find(choice, "delta")
	if delta == nil || !plain(delta, "content") {
		return
	}
	if content := find(delta, "content"); len(content) > 2 && content[0] == '"' {
		d.form.Learn(chunk, content)
	}
}

// find returns the value of a member of a valid object, nil if it has none. A
// name that is written with escapes is not found.
func find(object []byte, name string) (found []byte) {
	if object = bytes.TrimSpace(object); object[0] != '{' {
		return nil
	}
	rawjson.EachMember(object, func(n, value []byte) {
		if string(n) == name {
			found = value
		}
	})
	return found
}

// plain reports whether the members of a valid object, but for the one named,
// say nothing: index is 0, and everything that could be news is null or empty.
func plain(object []byte, except string) bool {
	ok, seen := true, 0
	if object = bytes.TrimSpace(object); object[0] != '{' {
		return false
	}
	rawjson.EachMember(object, func(n, value []byte) {
		switch name := string(n); name {
		case except:
			seen++
		case "id", "object", "created", "model", "service_tier", "system_fingerprint", "logprobs", "role", "p", "obfuscation":
		case "index":
			ok = ok && string(value) == "0"
		default:
			ok = ok && saysNothing(value)
		}
	})
	return ok && seen == 1
}

// saysNothing reports whether a value is null or empty.
func saysNothing(value []byte) bool {
	switch string(value) {
	case "null", `""`, "[]", "{}":
		return true
	}
	return false
}
