package runnable_test

import (
	"fmt"
	"strings"
	"testing"
	"text/template"

	"github.com/chatmodel-go/chatmodel/runnable"
)

type (
	word     string
	shouted  string // prints itself
	formed   int    // has a format
	failed   bool   // is an error
	position struct{ X, Y int }
	inner    struct{ Word word }
	deepest  struct{ Far string }
)

func (s shouted) String() string              { return strings.ToUpper(string(s)) }
func (f formed) Format(s fmt.State, _ rune)   { fmt.Fprintf(s, "form %d", int(f)) }
func (f failed) Error() string                { return "it failed" }
func (d *deepest) Method() string             { return "called " + d.Far }
func (p printedAs) Shadowed() (string, error) { return "the method", nil }

// A printedAs has a field of every kind that a template prints in its own way.
type printedAs struct {
	inner
	*deepest
	Text    string
	Word    word // hides that of inner
	Shouted shouted
	Formed  formed
	Failing failed
	Yes     bool
	Small   int8
	Byte    uint8
	Rune    rune
	Big     uint64
	Neg     int64
	Part    float64
	Bytes   []byte
	List    []string
	At      position
	Inner   struct{ Deep inner }
	Link    *inner
	Any     any
}

// A prompt makes of a text what text/template makes of it, whichever way it is
// filled.
func TestPromptIsTextTemplate(t *testing.T) {
	v := printedAs{inner: inner{"hidden"}, deepest: &deepest{"far"}, Text: "{{.Word}} %s", Word: "w", Shouted: "loud", Formed: 3, Failing: true,
		Yes: true, Small: -8, Byte: 'a', Rune: 'ä', Big: 1<<64 - 1, Neg: -1 << 63, Part: 1e21, Bytes: []byte("b"), List: []string{"l"}, At: position{1, 2}, Link: &inner{"linked"}, Any: "any"}
	v.Inner.Deep.Word = "deep"
	for _, text := range []string{
		"no field", "{{.Text}}", "{{.Word}}", "a {{.Text}} b {{.Word}} c", "{{.Text}}{{.Text}}", "{{.Shouted}} {{.Formed}} {{.Failing}}",
		"{{.Shouted}}", "{{.Formed}}", "{{.Failing}}", "{{.Yes}} {{.Small}} {{.Byte}} {{.Rune}} {{.Big}} {{.Neg}}", "{{.Yes}}", "{{.Neg}}", "{{.Part}} {{.Bytes}} {{.List}} {{.At}}",
		"{{.Inner.Deep.Word}}", "{{.Inner.Deep}}", "{{.Link.Word}}", "{{.Far}}", "{{.Method}}", "{{.Shadowed}}", "{{.Any}}", "{{.At.X}}-{{.At.Y}}", "{{len .Text}}", "{{.Text | printf \"%q\"}}",
		"x {{- .Text -}} y", "{{/* nothing */}}{{.Text}}", "{{$t := .Text}}{{$t}}", "{{(.Text)}}", "{{.Text}}{{if .Yes}}!{{end}}", "{{define \"d\"}}{{.}}{{end}}{{.Text}}{{template \"d\" .Word}}", "{{.Text}}\x00\xff", "{{`{{.Text}}`}}",
	} {
		var want strings.Builder
		if err := template.Must(template.New("").Parse(text)).Execute(&want, &v); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		for way, fill := range map[string]func() string{
			"value": func() string {
				return must(must(runnable.NewPrompt[printedAs](runnable.User(text))).Invoke(t.Context(), v)).Messages[0].Text()
			},
			"pointer": func() string {
				return must(must(runnable.NewPrompt[*printedAs](runnable.User(text))).Invoke(t.Context(), &v)).Messages[0].Text()
			},
			"item": func() string {
				p := must(runnable.NewPrompt[struct{ L []printedAs }](runnable.Each("L", runnable.User(text))))
				return must(p.Invoke(t.Context(), struct{ L []printedAs }{[]printedAs{v}})).Messages[0].Text()
			},
		} {
			if got := fill(); got != want.String() {
				t.Errorf("%q of a %s = %q, want %q", text, way, got, want.String())
			}
		}
	}
	for _, text := range []string{"{{.}}", "[{{.}}]"} {
		if got := must(must(runnable.NewPrompt[word](runnable.User(text))).Invoke(t.Context(), "w")).Messages[0].Text(); got != strings.Replace(text, "{{.}}", "w", 1) {
			t.Errorf("%q of a word = %q", text, got)
		}
	}
	bare := must(runnable.NewPrompt[printedAs](runnable.User("{{.Far}}")))
	if got, err := bare.Invoke(t.Context(), printedAs{}); err == nil {
		t.Errorf("a field of an embedded nil pointer = %v, want an error", got)
	}
}
