package document_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/local/internal/document"
)

func take(n *document.Node) error {
	return n.Members(map[string]document.Take{
		"name": func(n *document.Node) error { _, err := n.Text(); return err },
		"many": func(n *document.Node) error { _, err := n.Texts(); return err },
		"how":  func(n *document.Node) error { _, err := n.OneOf("fast", "slow"); return err },
		"wait": func(n *document.Node) error { _, err := n.Duration(); return err },
		"n":    func(n *document.Node) error { _, err := n.Int(1); return err },
		"deep": func(n *document.Node) error { return take(n) },
	})
}

func TestProblems(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"good", `{"name":"x","many":["a"],"how":"slow","wait":"1s","n":1,"deep":{}}`, ""},
		{"empty", ``, "line 1, column 1: it is not JSON: it ends too early"},
		{"cut", "{\n \"name\":", "line 2, column 9: it is not JSON: it ends too early"},
		{"comma", "{\n\n  \"name\": \"x\",,\n}", "line 3, column 15: it is not JSON: "},
		{"more", `{} {}`, "line 1, column 4: it is not JSON: "},
		{"twice", "{\"name\":\"x\",\n\"name\":\"y\"}", "line 2, column 1: name: the object has this name twice"},
		{"unknown", "{\"deep\":{\n  \"nmae\":\"x\"}}", "line 2, column 3: deep.nmae: there is no such member; the members are deep, how, many, n, name, wait"},
		{"no string", "{\"many\":[\"a\",\n5]}", "line 2, column 1: many[1]: it should be a string"},
		{"no object", `[]`, "line 1, column 1: it should be an object"},
		{"no list", `{"many":{}}`, "line 1, column 9: many: it should be a list"},
		{"choice", `{"how":"so"}`, "line 1, column 8: how: it should be one of fast, slow"},
		{"time", `{"wait":"soon"}`, `line 1, column 9: wait: it should be a duration such as "250ms" or "1.5s"`},
		{"fraction", `{"n":1.5}`, "line 1, column 6: n: it should be a whole number, 1 or more"},
		{"small", `{"n":0}`, "line 1, column 6: n: it should be a whole number, 1 or more"},
		{"depth", strings.Repeat(`{"deep":`, 200) + "1" + strings.Repeat("}", 200), "more than 100 deep"},
	} {
		t.Run(row.name, func(t *testing.T) {
			root, err := document.Parse([]byte(row.text))
			if err == nil {
				err = take(root)
			}
			switch {
			case row.want == "" && err != nil:
				t.Error(err)
			case row.want != "" && (err == nil || !strings.Contains(err.Error(), row.want)):
				t.Errorf("%v, want %s", err, row.want)
			}
		})
	}
}

// FuzzParse reads arbitrary bytes. JSON without duplicate names must parse to
// its own bytes. All else must be refused with a place inside the document.
func FuzzParse(f *testing.F) {
	f.Add(`{"a":[1,-2.5e3,true,false,null,"\u00e9"],"b":{"c":{}}}`)
	f.Add("{\n\"a\":1,\n\"a\":2}")
	f.Add(`[[[`)
	f.Add(`"x`)
	f.Fuzz(func(t *testing.T, text string) {
		root, err := document.Parse([]byte(text))
		if err == nil {
			if !json.Valid([]byte(text)) {
				t.Error("it is parsed, and no JSON")
			}
			if string(root.Raw()) != strings.Trim(text, " \t\r\n") {
				t.Errorf("the whole is %q", root.Raw())
			}
			_ = take(root)
			return
		}
		p, ok := errors.AsType[*document.Problem](err)
		if !ok || p.Line < 1 || p.Column < 1 || p.Line > strings.Count(text, "\n")+1 {
			t.Errorf("%#v", err)
		}
		if json.Valid([]byte(text)) && !strings.Contains(p.Text, "twice") && !strings.Contains(p.Text, "deep") {
			t.Errorf("it is JSON: %v", err)
		}
	})
}
