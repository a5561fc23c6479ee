package openai

import (
	"bytes"

	"github.com/chatmodel-go/chatmodel/internal/rawjson"
)

// learn takes the form of a chunk that brings text and nothing else, as nearly
// all do. It is called with a chunk that has just been decoded in full.
//
// The members around the text, and their order, differ between models, so the
// form is learned and not written down here. It is right to pass over them in a
// later chunk because they are the same bytes there, and because none of them
// says anything: plain checks that of every object on the way to the text. A
// chunk with an empty text is not learned, as its other members usually differ.
func (d *decoder) learn(chunk []byte) {
	list := find(chunk, "choices")
	if list == nil || list[0] != '[' || !plain(chunk, "choices") {
		return
	}
	// One choice, with one delta, with one content, and nothing else of note.
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
// name that is written with escapes is not found: the chunk is then decoded in
// full, as each that is not learned.
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

// plain reports whether the members of a valid object say nothing, apart from
// the one that is named and stands there exactly once. An index is 0, and every
// member that could be news is null or empty. An unknown member counts as news.
func plain(object []byte, except string) bool {
	ok, seen := true, 0
	if object = bytes.TrimSpace(object); object[0] != '{' {
		return false
	}
	rawjson.EachMember(object, func(n, value []byte) {
		switch name := string(n); name {
		case except:
			seen++ // twice would be two texts, of which the decoder takes the last
		case "id", "object", "created", "model", "service_tier", "system_fingerprint", "logprobs", "role", "p", "obfuscation":
			// These are about the stream, not of the answer, and are not read in full
			// either. The last two are padding.
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
