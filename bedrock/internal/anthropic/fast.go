package anthropic

import (
	"bytes"

	"github.com/chatmodel-go/chatmodel/internal/rawjson"
	"github.com/chatmodel-go/chatmodel/model"
)

// deltaForms are the deltas that make up nearly all of a stream: what stands
// between the index and the text.
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
// It returns false for anything else, also if that is only unusual: the full
// decoder then has the last word. So it does for blocks that are held back.
func (d *decoder) cutDelta(b []byte) (kind model.EventKind, index int, text string, ok bool) {
	b, ok = bytes.CutPrefix(b, []byte(`{"type":"content_block_delta","index":`))
	if !ok || len(d.held) > 0 {
		return 0, 0, "", false
	}
	if index, b, ok = rawjson.CutIndex(b); !ok {
		return 0, 0, "", false
	}
	for _, form := range deltaForms {
		rest, ok := bytes.CutPrefix(b, []byte(form.before))
		if !ok {
			continue
		}
		text, rest, scratch, ok := rawjson.CutText(rest, d.scratch)
		d.scratch = scratch
		if !ok || string(rest) != "}}" {
			return 0, 0, "", false
		}
		return form.kind, index, string(text), true
	}
	return 0, 0, "", false
}
