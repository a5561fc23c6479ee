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
// says anything: only checks that of every object on the way to the text.
func (d *decoder) learn(chunk []byte) {
	list := only(chunk, "choices")
	if !bytes.HasPrefix(list, []byte("[")) {
		return
	}
	choice, next, _ := rawjson.NextElement(list, 1)
	if list[rawjson.SkipSpace(list, next)] != ']' { // more than one choice
		return
	}
	content := only(only(choice, "delta"), "content")
	if bytes.HasPrefix(content, []byte(`"`)) {
		d.form.Learn(chunk, content)
	}
}

// only returns the value of a member that is all that a valid value says: the
// value is an object, the member stands in it exactly once, and the others say
// nothing. An index is 0, and every member that could be news is null or empty.
// An unknown member counts as news, and so does a name that is written with
// escapes. Only returns nil if there is more or nothing.
func only(object []byte, name string) (found []byte) {
	if object = bytes.TrimSpace(object); !bytes.HasPrefix(object, []byte("{")) {
		return nil
	}
	times, quiet := 0, true
	rawjson.EachMember(object, func(n, value []byte) {
		switch string(n) {
		case name:
			found = value
			times++ // twice would be two texts, of which the decoder takes the last
		case "id", "object", "created", "model", "service_tier", "system_fingerprint", "logprobs", "role", "p", "obfuscation":
			// These are about the stream, not of the answer, and are not read in full
			// either. The last two are padding.
		case "index":
			quiet = quiet && string(value) == "0"
		default:
			quiet = quiet && saysNothing(value)
		}
	})
	if times != 1 || !quiet {
		return nil
	}
	return found
}

// saysNothing reports whether a value is null or empty.
func saysNothing(value []byte) bool {
	switch string(value) {
	case "null", `""`, "[]", "{}":
		return true
	}
	return false
}
