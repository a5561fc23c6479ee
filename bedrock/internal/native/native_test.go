package native_test

import (
	"encoding/json"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
	"github.com/chatmodel-go/chatmodel/model"
)

func TestMerge(t *testing.T) {
	tests := []struct {
		name, given, want string
		warns             int
	}{
		{"nothing", ``, `{"a":1,"tools":[{"n":1}],"output_config":{"effort":"low"}}`, 0},
		{"new members keep their bytes", `{"z": 1.0, "y":[ ]}`, `{"a":1,"tools":[{"n":1}],"output_config":{"effort":"low"},"z":1.0,"y":[ ]}`, 0},
		{"the caller wins", `{"a":2}`, `{"a":2,"tools":[{"n":1}],"output_config":{"effort":"low"}}`, 1},
		{"tools are put together", `{"tools":[ {"n":2.0} ]}`, `{"a":1,"tools":[{"n":1},{"n":2.0}],"output_config":{"effort":"low"}}`, 0},
		{"no further tools", `{"tools":[ ]}`, `{"a":1,"tools":[{"n":1}],"output_config":{"effort":"low"}}`, 0},
		{"parts of output_config", `{"output_config":{"effort":"max","x":1}}`, `{"a":1,"tools":[{"n":1}],"output_config":{"effort":"max","x":1}}`, 1},
		{"the last of two counts", `{"b":1,"b":2}`, `{"a":1,"tools":[{"n":1}],"output_config":{"effort":"low"},"b":2}`, 0},
		{"escaped names", `{"\u0061":2}`, `{"a":2,"tools":[{"n":1}],"output_config":{"effort":"low"}}`, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var f native.Fields
			var r native.Report
			f.Int("a", "max_tokens", 1)
			f.Raw("tools", "tools", []byte(`[{"n":1}]`))
			f.Raw("output_config", "thinking.effort", []byte(`{"effort":"low"}`))
			f.Merge(json.RawMessage(tt.given), &r)
			if got := string(f.Append(nil)); got != tt.want || len(r.Warnings) != tt.warns || r.Err() != nil {
				t.Errorf("Merge(%s) = %s with %v, %v, want %s with %d warnings", tt.given, got, r.Warnings, r.Err(), tt.want, tt.warns)
			}
		})
	}
	for _, given := range []string{`[]`, `{`, `1`, `{} {}`} {
		var f native.Fields
		var r native.Report
		if f.Merge(json.RawMessage(given), &r); r.Err() == nil {
			t.Errorf("Merge(%s) is no error", given)
		}
	}
}

func TestSelect(t *testing.T) {
	sources := []json.RawMessage{json.RawMessage(`{"stop_sequence":"END","n":null}`), json.RawMessage(`{"stop_sequence":"x","a":{"b":[1,{"c/d":2.50}]},"e~f":1}`)}
	tests := []struct{ path, want string }{
		{"/stop_sequence", `{"stop_sequence":"END"}`},
		{"/a/b/1/c~1d", `{"a":{"b":{"1":{"c/d":2.50}}}}`},
		{"/a/b/0", `{"a":{"b":{"0":1}}}`},
		{"/e~0f", `{"e~f":1}`},
		{"/n", ``}, {"/a/b/7", ``}, {"/a/b/x", ``}, {"/stop_sequence/x", ``}, {"stop_sequence", ``}, {"", ``},
	}
	for _, tt := range tests {
		if got := string(native.Select([]string{tt.path}, sources)); got != tt.want {
			t.Errorf("Select(%s) = %s, want %s", tt.path, got, tt.want)
		}
	}
	if got := native.Select([]string{"/x"}, []json.RawMessage{nil, json.RawMessage(``)}); got != nil {
		t.Errorf("Select of nothing = %s, want nil", got)
	}
}

func TestCallID(t *testing.T) {
	if id, changed := native.CallID("toolu_01-A"); changed || id != "toolu_01-A" {
		t.Errorf("CallID of a legal id = %s, %v, want it as it is", id, changed)
	}
	a, _ := native.CallID("a.b")
	b, _ := native.CallID("a:b")
	again, _ := native.CallID("a.b")
	if a == b || a != again {
		t.Errorf("CallID = %s, %s, %s, want different ones for different ids, and the same for the same", a, b, again)
	}
}

// TestForm cuts chunks of the learned form, and no others.
func TestForm(t *testing.T) {
	learned := []byte(`{"id":"x","text":"Hello","n":1}`)
	var f native.Form
	if _, ok := f.Cut(learned); ok {
		t.Error("a form that has learned nothing cuts")
	}
	f.Learn(learned, []byte(`"Hello"`)) // not a part of the chunk
	if _, ok := f.Cut(learned); ok {
		t.Error("a text from elsewhere is learned")
	}
	f.Learn(learned, learned[17:24])
	for chunk, want := range map[string]string{`{"id":"x","text":"Hello","n":1}`: "Hello", `{"id":"x","text":"\"é\"\n","n":1}`: "\"é\"\n", `{"id":"x","text":"","n":1}`: ""} {
		if got, ok := f.Cut([]byte(chunk)); !ok || got != want {
			t.Errorf("Cut(%s) = %q, %v, want %q", chunk, got, ok, want)
		}
	}
	for _, chunk := range []string{`{"id":"y","text":"Hello","n":1}`, `{"id":"x","text":"Hello","n":2}`, `{"id":"x","text":"Hello","n":1} `, `{"id":"x","text":"\u0041","n":1}`, `{"id":"x","text":"He`, "{\"id\":\"x\",\"text\":\"\xff\",\"n\":1}"} {
		if got, ok := f.Cut([]byte(chunk)); ok {
			t.Errorf("Cut(%s) = %q, want it left to the full decoder", chunk, got)
		}
	}
}

func TestReplays(t *testing.T) {
	for name, p := range map[string]model.Thinking{"incomplete": {Incomplete: true}, "foreign": {Provider: "other"}} {
		if ok, why := native.Replays(p); ok || why == "" {
			t.Errorf("Replays(%s) = %v, %q, want false with a reason", name, ok, why)
		}
	}
	if ok, _ := native.Replays(model.Thinking{Provider: "bedrock"}); !ok {
		t.Error("Bedrock's own thinking is not replayed")
	}
}
