package serialisation

import (
	"reflect"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/model"
)

func copiesApart(p *probe.Probe) {
	for _, part := range everyPart() {
		m := model.AssistantParts(part)
		before := show.JSON(m)
		c := p.Seams.Clone(m)
		p.Equal("the copy of a message of "+show.Part(part), c, m)
		overwrite(reflect.ValueOf(&c))
		if after := show.JSON(m); after != before {
			p.Errorf("writing into the copy of a message changed the message\ngot:  %s\nwant: %s", show.Shorten(after), show.Shorten(before))
		}
	}
}

// overwrite changes the memory that a value refers to: the elements of its
// slices and the targets of its pointers.
func overwrite(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			overwrite(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			overwrite(v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			overwrite(v.Index(i))
		}
	}
	if !v.CanSet() {
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("overwritten")
	case reflect.Uint8:
		v.SetUint(v.Uint() ^ 1)
	case reflect.Int, reflect.Int64:
		v.SetInt(v.Int() + 1)
	case reflect.Bool:
		v.SetBool(!v.Bool())
	}
}

// notMessages are documents that are JSON but not a message.
var notMessages = []string{
	`[]`, `{"role":1}`, `{"role":"user","parts":{}}`, `{"role":"user","parts":["Hi"]}`, `{"role":"user","parts":[{"text":"Hi"}]}`,
	`{"role":"user","parts":[{"type":7,"text":"Hi"}]}`,
	`{"role":"user","parts":[{"type":"text","text":["Hi"]}]}`,
	`{"role":"user","parts":[{"type":"image","media_type":"image/png","data":"not base64!"}]}`,
	`{"role":"user","parts":[{"type":"text","text":"Hi"},{"type":"cache_point","ttl":"soon"}]}`,
	`{"role":"user","parts":[{"type":"tool_result","call_id":"c1","parts":[{"type":"text","text":1}]}]}`,
	`{"role":"assistant","parts":[{"type":"thinking","redacted":1}]}`,
	`{"role":"assistant","parts":[{"type":"tool_call","id":1,"name":"n","input":{}}]}`,
	`{"role":"assistant","parts":[{"type":"cited_text","text":"x","citations":"none"}]}`,
}

func brokenDocuments(p *probe.Probe) {
	for _, doc := range notMessages {
		var m model.Message
		if err := p.Seams.Unmarshal([]byte(doc), &m); err == nil {
			p.Errorf("%s is read as a message, %s", doc, show.Value(m))
		}
	}
	var r model.Request
	if err := p.Seams.Unmarshal([]byte(`{"messages":[{"role":"user","parts":[{"type":"text","text":1}]}]}`), &r); err == nil {
		p.Errorf("a request whose message is broken is read as one of %d messages", len(r.Messages))
	}
}
