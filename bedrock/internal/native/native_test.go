package native_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
)

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

// TestForm checks that chunks of the learned form are cut, and no others.
func TestForm(t *testing.T) {
	learned := []byte(`{"id":"x","text":"Hello","n":1}`)
	var f native.Form
	if _, ok := f.Cut(learned); ok {
		t.Error("a form that has learned nothing cuts")
	}
	f.Learn(learned, learned[17:24])
	for chunk, want := range map[string]string{`{"id":"x","text":"Hello","n":1}`: "Hello", `{"id":"x","text":"\"é\"\n","n":1}`: "\"é\"\n", `{"id":"x","text":"","n":1}`: "", `{"id":"x","text":"\u0041\ud83d\ude00","n":1}`: "A😀"} {
		if got, ok := f.Cut([]byte(chunk)); !ok || got != want {
			t.Errorf("Cut(%s) = %q, %v, want %q", chunk, got, ok, want)
		}
	}
	for _, chunk := range []string{`{"id":"y","text":"Hello","n":1}`, `{"id":"x","text":"Hello","n":2}`, `{"id":"x","text":"Hello","n":1} `, `{"id":"x","text":"\u00g1","n":1}`, `{"id":"x","text":"He`, "{\"id\":\"x\",\"text\":\"\xff\",\"n\":1}"} {
		if got, ok := f.Cut([]byte(chunk)); ok {
			t.Errorf("Cut(%s) = %q, want it left to the full decoder", chunk, got)
		}
	}
}

// TestMembers splits objects of few and of many members in which names occur
// twice. The last value counts, at the place of the first.
func TestMembers(t *testing.T) {
	for _, n := range []int{0, 1, 15, 16, 17, 40, 20_000} { // in a moment, also the last
		var object strings.Builder
		object.WriteString(`{`)
		for round := range 2 {
			for i := range n {
				if object.Len() > 1 {
					object.WriteByte(',')
				}
				fmt.Fprintf(&object, `"m%d":%d`, i, round*n+i)
			}
		}
		object.WriteString(`}`)
		members, err := native.Members([]byte(object.String()))
		if err != nil || len(members) != n {
			t.Fatalf("Members = %d of them, %v, want %d", len(members), err, n)
		}
		for i, m := range members {
			if m.Name != fmt.Sprint("m", i) || string(m.Value) != fmt.Sprint(n+i) {
				t.Errorf("member %d of %d = %s: %s", i, n, m.Name, m.Value)
			}
		}
	}
}
