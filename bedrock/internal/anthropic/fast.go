package anthropic

import (
	"bytes"

	"github.com/chatmodel-go/chatmodel/internal/rawjson"
	"github.com/chatmodel-go/chatmodel/model"
)

// deltaForms are the deltas that make up nearly all of a stream: the bytes
// between the index and the text. Signatures and citations come once or twice in
// a block, so they are left to the full decoder.
var deltaForms = [...]struct {
	kind   model.EventKind
	before string
}{
	{model.EventText, `,"delta":{"type":"text_delta","text":"`},
	{model.EventToolInput, `,"delta":{"type":"input_json_delta","partial_json":"`},
	{model.EventThinking, `,"delta":{"type":"thinking_delta","thinking":"`},
}

// cutDelta reads a delta in exactly the form in which the service sends it:
//
//	{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}
//
// Nothing is known of a chunk but that it arrived whole, so every byte is either
// compared with the form or checked as a number or a string. Hence it says the
// same as the full decoder, which a fuzz test holds it to. It returns false for
// anything else, even for what is only unusual: the full decoder then has the
// last word. So it has while blocks are held back, as a piece of input may be
// theirs and is no event then.
func (d *decoder) cutDelta(b []byte) (model.Event, bool) {
	b, ok := bytes.CutPrefix(b, []byte(`{"type":"content_block_delta","index":`))
	if !ok || len(d.held) > 0 {
		return model.Event{}, false
	}
	index, b, ok := rawjson.CutIndex(b)
	if !ok {
		return model.Event{}, false
	}
	for _, form := range deltaForms {
		rest, ok := bytes.CutPrefix(b, []byte(form.before))
		if !ok {
			continue
		}
		text, rest, scratch, _ := rawjson.CutText(rest, d.scratch)
		d.scratch = scratch       // the decoder's own, for texts with escapes
		if string(rest) != "}}" { // or there is no text, and nothing behind it
			return model.Event{}, false
		}
		// A copy of the text, which lies in the chunk or in scratch.
		return model.Event{Kind: form.kind, Index: index, Text: string(text)}, true
	}
	return model.Event{}, false
}
