package sample_test

import (
	"testing"

	"github.com/chatmodel-go/chatmodel/fake/internal/sample"
)

func TestDocument(t *testing.T) {
	for _, tt := range []struct{ schema, kind, want string }{
		{`{"type":"object","required":["n"],"properties":{"n":{"type":"integer","minimum":3}}}`, "object", `{"n":3}`},
		{`{"enum":["b","a"]}`, "", `"b"`},
		{`{"type":"array","items":{"type":"boolean"},"minItems":2}`, "", `[true,true]`},
		{`{"type":"string"}`, "object", ""}, // no string is an object
		{`{"type":"integer","minimum":2,"maximum":1}`, "", ""},
	} {
		got, err := sample.Document([]byte(tt.schema), tt.kind, 0)
		if string(got) != tt.want || (err != nil) != (tt.want == "") {
			t.Errorf("Document(%s, %q) = %s, %v, want %s", tt.schema, tt.kind, got, err, tt.want)
		}
	}
}
