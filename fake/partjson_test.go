package fake

import (
	"encoding/json"
	"testing"

	"github.com/chatmodel-go/chatmodel/model"
)

// The short way to the JSON of a part ends at the same bytes as the long one, which
// tokens and prefixes are made of.
func TestPartJSON(t *testing.T) {
	for _, part := range []model.Part{
		model.Text("plain"), model.Text(`"quoted" \ and` + "\n\x00\u00e9"), model.Text("<b>&amp;</b>"), model.Text("a\u2028b\u2029c"), model.Text("cut \xff"), model.Text(""),
		model.Image{MediaType: "image/png", Data: []byte("\x00\xff\xfe>?")}, model.Image{URI: "https://h.test/?a=1&b=<2>"}, model.Image{},
		model.Video{MediaType: "video/mp4", Data: []byte{1, 2, 3}}, model.Audio{MediaType: "audio/wav", Data: []byte{1, 2, 3}},
		model.Document{Name: "a & b", Text: "<text>"}, model.Document{Name: "n", MediaType: "text/plain", Chunks: []string{"one", "two"}},
		model.ToolResult{CallID: "c", Parts: []model.Part{model.Text("it is"), model.Image{Data: []byte{1}}}},
		model.ToolResult{CallID: "c", Parts: []model.Part{model.Text("it is"), model.JSON(`{ "a" : [ 1 , 2 ] }`)}},
		model.ToolResult{CallID: "c<d>"}, model.JSON(`{ "a" : 1 }`), model.ToolCall{ID: "c", Name: "n", Input: json.RawMessage(`{ "a" : "<" }`)},
		model.Opaque{Provider: "p", Kind: "k", Data: json.RawMessage(`{ "z" : 1 }`)},
	} {
		got, err := partJSON(part)
		if err != nil {
			t.Errorf("%#v: %v", part, err)
			continue
		}
		whole, err := json.Marshal(model.Message{Parts: []model.Part{part}})
		if err != nil {
			t.Fatal(err)
		}
		var m struct{ Parts []json.RawMessage }
		if err := json.Unmarshal(whole, &m); err != nil {
			t.Fatal(err)
		}
		if string(got) != string(m.Parts[0]) {
			t.Errorf("%#v\n got %s\nwant %s", part, got, m.Parts[0])
		}
	}
}
