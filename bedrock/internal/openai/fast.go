package openai

import (
	"bytes"
	"encoding/json"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/rawjson"
)

// cutContent reads the text of a chunk that brings text and nothing else, nearly
// all of a stream, without decoding the chunk: the order and number of the
// members around the text differ between models, but these have no meaning as
// long as they are none of those that have. It returns false for anything else,
// also if that is only unusual: the full decoder then has the last word.
func (d *decoder) cutContent(chunk []byte) (string, bool) {
	if !json.Valid(chunk) {
		return "", false
	}
	list := find(chunk, "choices")
	if list == nil || list[0] != '[' || !plain(chunk, "choices") {
		return "", false
	}
	choice, next, ok := rawjson.NextElement(list, 1)
	if !ok || list[rawjson.SkipSpace(list, next)] != ']' || !plain(choice, "delta") {
		return "", false
	}
	delta := find(choice, "delta")
	if delta == nil || !plain(delta, "content") {
		return "", false
	}
	content := find(delta, "content")
	if len(content) < 2 || content[0] != '"' {
		return "", false
	}
	text, rest, scratch, ok := rawjson.CutText(content[1:], d.scratch)
	d.scratch = scratch
	return string(text), ok && len(rest) == 0
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
