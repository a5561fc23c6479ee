package runnable_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/runnable"
)

type translation struct {
	InputLanguage, OutputLanguage, Input string
}

type example struct{ Question, Answer string }

type vars struct {
	Name     string
	Nick     *string
	Age      int
	Tags     []string
	Scores   map[string]int
	Inner    struct{ Deep struct{ Text string } }
	Link     *example
	Any      any
	Examples []example
	Links    []*example
	Msgs     []model.Message
	Msg      model.Message
	Photo    model.Image
	Photos   []model.Image
	MaybePic *model.Image
	Parts    []model.Part
	Part     model.Part
	hidden   string
}

func (vars) Greeting() string             { return "hi" }
func (*vars) Pointed() string             { return "pointed" }
func (vars) Sum(a, b int) int             { return a + b }
func (vars) Friend() (example, error)     { return example{Question: "q"}, nil }
func (vars) Broken() (string, error)      { return "", errBoom }
func (v vars) Hidden() string             { return v.hidden }
func user(text string) []model.Message    { return []model.Message{model.User(text)} }
func must[T any](v T, err error) T        { return runnable.Must(v, err) }
func image(data string) model.Image       { return model.Image{MediaType: "image/png", Data: []byte(data)} }
func parts(p ...model.Part) model.Message { return model.UserParts(p...) }

func TestPromptSeedExample(t *testing.T) {
	p, err := runnable.NewPrompt[translation](
		runnable.System("You are a helpful assistant that translates {{.InputLanguage}} to {{.OutputLanguage}}."),
		runnable.User("{{.Input}}"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := p.Invoke(t.Context(), translation{"English", "German", "I love programming."})
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "request", got, &model.Request{Messages: []model.Message{
		model.System("You are a helpful assistant that translates English to German."),
		model.User("I love programming."),
	}})
}

func TestPromptFills(t *testing.T) {
	nick := "bo"
	v := vars{Name: "Bob", Nick: &nick, Age: 7, Tags: []string{"a", "b"}, Scores: map[string]int{"x": 1}, Link: &example{"Q", "A"},
		Any: map[string]any{"K": example{"AQ", ""}}, Examples: []example{{"1+1", "2"}, {"2+2", "4"}}, Links: []*example{{"3+3", "6"}},
		Msgs: []model.Message{model.User("old"), model.Assistant("answer")}, Msg: model.System("one"),
		Photo: image("p"), Photos: []model.Image{image("1"), image("2")}, Parts: []model.Part{model.Text("t"), nil, image("3")}, Part: model.Text("part")}
	v.Inner.Deep.Text = "deep"
	tests := []struct {
		name     string
		sections []runnable.Section
		want     []model.Message
	}{
		{"field", []runnable.Section{runnable.User("I am {{.Name}}, {{.Age}}")}, user("I am Bob, 7")},
		{"nested field", []runnable.Section{runnable.User("{{.Inner.Deep.Text}}")}, user("deep")},
		{"pointer", []runnable.Section{runnable.User("{{.Nick}} {{.Link.Question}}")}, user("bo Q")},
		{"methods", []runnable.Section{runnable.User("{{.Greeting}} {{.Pointed}} {{.Sum 1 2}} {{.Friend.Question}}")}, user("hi pointed 3 q")},
		{"range", []runnable.Section{runnable.User("{{range $i, $t := .Tags}}{{$i}}{{$t}}{{.}} {{end}}{{range .Examples}}{{.Question}}={{.Answer}}{{$.Name}} {{end}}")}, user("0aa 1bb 1+1=2Bob 2+2=4Bob ")},
		{"range over a map, a number, else", []runnable.Section{runnable.User("{{range $k, $v := .Scores}}{{$k}}{{$v}}{{end}}{{range .Age}}{{.}}{{end}}{{range .Link.Answer | len}}-{{else}}none{{end}}")}, user("x10123456-")},
		{"with", []runnable.Section{runnable.User("{{with .Link}}{{.Question}}{{$.Name}}{{end}}{{with $x := .Inner.Deep}}{{$x.Text}}{{.Text}}{{end}}")}, user("QBobdeepdeep")},
		{"if and else", []runnable.Section{runnable.User("{{if gt .Age 5}}{{.Name}}{{else}}{{.Age}}{{end}}{{if not .Tags}}x{{else if .Name}}y{{end}}")}, user("Boby")},
		{"variables", []runnable.Section{runnable.User("{{$e := index .Examples 1}}{{$e.Question}}{{$n := .Name}}{{if .Age}}{{$n = .Nick}}{{end}}{{$n}}{{(index .Links 0).Answer}}")}, user("2+2bo6")},
		{"else has the dot of outside", []runnable.Section{runnable.User("{{with .MaybePic}}x{{else}}{{.Name}}{{end}}{{range slice .Tags 2}}x{{else}}{{.Age}}{{end}}")}, user("Bob7")},
		{"variable of two scopes", []runnable.Section{runnable.User("{{$x := .Link}}{{if .Age}}{{$x := .Name}}{{$x}}{{end}}{{$x.Question}}")}, user("BobQ")},
		{"variable of two types", []runnable.Section{runnable.User("{{$x := .Link}}{{if .Age}}{{$x = .Inner.Deep}}{{end}}{{$x.Text}}")}, user("deep")},
		{"functions", []runnable.Section{runnable.User(`{{printf "%q %d" .Name (len .Tags)}} {{slice .Name 1}} {{eq .Age 7}} {{index .Scores "x"}} {{and .Name .Age}}`)}, user(`"Bob" 2 ob true 1 7`)},
		{"map in an interface", []runnable.Section{runnable.User("{{.Any.K.Question}}")}, user("AQ")},
		{"defined template", []runnable.Section{runnable.User(`{{define "e"}}<{{.Question}}>{{end}}{{template "e" .Link}}{{range .Examples}}{{template "e" .}}{{end}}{{block "b" .Inner}}{{.Deep.Text}}{{end}}`)}, user("<Q><1+1><2+2>deep")},
		{"recursive template", []runnable.Section{runnable.User(`{{define "r"}}{{if .}}{{len .}}{{template "r" slice . 1}}{{end}}{{end}}{{template "r" .Tags}}`)}, user("21")},
		{"empty sections are left out", []runnable.Section{runnable.System("{{if lt .Age 0}}x{{end}}"), runnable.User("{{/* nothing */}}", runnable.Template("b"), runnable.Template("")), runnable.Assistant("")}, user("b")},
		{"history", []runnable.Section{runnable.History("Msgs"), runnable.User("new"), runnable.History("Msg")},
			[]model.Message{model.User("old"), model.Assistant("answer"), model.User("new"), model.System("one")}},
		{"few-shot examples", []runnable.Section{runnable.Each("Examples", runnable.User("{{.Question}}?"), runnable.Assistant("{{.Answer}}!")), runnable.Each("Links", runnable.User("{{.Question}}"))},
			[]model.Message{model.User("1+1?"), model.Assistant("2!"), model.User("2+2?"), model.Assistant("4!"), model.User("3+3")}},
		{"images", []runnable.Section{runnable.User("look", runnable.Field("Photo"), runnable.Field("Photos"), runnable.Template("{{.Name}}"), runnable.Field("MaybePic"))},
			[]model.Message{parts(model.Text("look"), image("p"), image("1"), image("2"), model.Text("Bob"))}},
		{"parts", []runnable.Section{runnable.User("", runnable.Field("Parts"), runnable.Field("Part"))},
			[]model.Message{parts(model.Text("t"), image("3"), model.Text("part"))}},
		{"cache points", []runnable.Section{runnable.System("long", runnable.CachePoint(time.Hour)), runnable.User("x", runnable.CachePoint(0))},
			[]model.Message{model.SystemParts(model.Text("long"), model.CachePoint{TTL: time.Hour}), parts(model.Text("x"), model.CachePoint{})}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := runnable.NewPrompt[vars](tt.sections...)
			if err != nil {
				t.Fatal(err)
			}
			got, err := p.Invoke(t.Context(), v)
			if err != nil {
				t.Fatal(err)
			}
			diff(t, "messages", got.Messages, tt.want)

			byPointer := must(runnable.NewPrompt[*vars](tt.sections...))
			if got, err = byPointer.Invoke(t.Context(), &v); err != nil {
				t.Fatal(err)
			}
			diff(t, "messages by a pointer", got.Messages, tt.want)
		})
	}
}

// Every mistake that the type shows is found when the prompt is built, by
// section and field.
func TestPromptBuildErrors(t *testing.T) {
	tests := []struct {
		name    string
		section runnable.Section
		want    []string
	}{
		{"misspelt", runnable.User("{{.Nmae}}"), []string{"section 2 (user)", "field .Nmae", "runnable_test.vars has no field Nmae; it has Name,"}},
		{"nested", runnable.User("{{.Inner.Deep.Txt}}"), []string{"field .Inner.Deep.Txt", "has no field Txt; it has Text"}},
		{"through a pointer", runnable.User("{{.Link.Q}}"), []string{"field .Link.Q", "it has Question, Answer"}},
		{"unexported", runnable.User("{{.hidden}}"), []string{"field .hidden", "not exported"}},
		{"of a text", runnable.User("{{.Name.Length}}"), []string{"field .Name.Length", "string has no fields"}},
		{"in an if", runnable.User("{{if .Nmae}}x{{end}}"), []string{"field .Nmae"}},
		{"in an else", runnable.User("{{if .Name}}x{{else}}{{.Nmae}}{{end}}"), []string{"field .Nmae"}},
		{"dot of a range", runnable.User("{{range .Examples}}{{.Name}}{{end}}"), []string{"field .Name", "runnable_test.example has no field Name"}},
		{"variable of a range", runnable.User("{{range $i, $e := .Examples}}{{$e.Nmae}}{{end}}"), []string{"field $e.Nmae"}},
		{"index of a range", runnable.User("{{range $i, $e := .Examples}}{{$i.Nmae}}{{end}}"), []string{"field $i.Nmae", "int has no fields"}},
		{"range over a text", runnable.User("{{range .Name}}x{{end}}"), []string{"{{range .Name}}", "cannot range over a string"}},
		{"root in a range", runnable.User("{{range .Examples}}{{$.Nmae}}{{end}}"), []string{"field $.Nmae"}},
		{"dot of a with", runnable.User("{{with .Link}}{{.Name}}{{end}}"), []string{"field .Name"}},
		{"variable of a with", runnable.User("{{with $l := .Link}}{{$l.Name}}{{end}}"), []string{"field $l.Name"}},
		{"after a with", runnable.User("{{with .Link}}{{.Question}}{{end}}{{.Question}}"), []string{"field .Question"}},
		{"argument", runnable.User("{{printf \"%s\" .Nmae}}"), []string{"field .Nmae"}},
		{"in parentheses", runnable.User("{{len (printf .Nmae)}}"), []string{"field .Nmae"}},
		{"of an item", runnable.User("{{(index .Examples 0).Nmae}}"), []string{"field (index .Examples 0).Nmae"}},
		{"of a method's result", runnable.User("{{.Friend.Name}}"), []string{"field .Friend.Name"}},
		{"of a variable", runnable.User("{{$l := .Link}}{{$l.Name}}"), []string{"field $l.Name"}},
		{"in a defined template", runnable.User(`{{define "e"}}{{.Nmae}}{{end}}{{template "e" .Link}}`), []string{"field .Nmae", "runnable_test.example"}},
		{"unknown template", runnable.User(`{{template "nope" .}}`), []string{`there is no template "nope"`}},
		{"unknown function", runnable.User(`{{upper .Name}}`), []string{"section 2 (user)", `function "upper" not defined`}},
		{"syntax", runnable.User(`{{.Name`), []string{"section 2 (user)", "unclosed action"}},
		{"second template of a section", runnable.User("ok", runnable.Template("{{.Nmae}}")), []string{"section 2 (user)", "field .Nmae"}},
		{"history", runnable.History("Mgs"), []string{"section 2 (history Mgs)", "field Mgs", "has no field Mgs"}},
		{"history of another type", runnable.History("Name"), []string{"field Name is a string, want a model.Message or a slice of them"}},
		{"history of other items", runnable.History("Tags"), []string{"field Tags is a []string"}},
		{"image of another type", runnable.User("", runnable.Field("Name")), []string{"section 2 (user)", "field Name is a string, want a model.Part"}},
		{"image that is not there", runnable.User("", runnable.Field("Inner.Pic")), []string{"field Inner.Pic"}},
		{"examples", runnable.Each("Examples", runnable.User("{{.Q}}")), []string{"section 2 (each Examples), section 1 (user)", "field .Q"}},
		{"examples that are none", runnable.Each("Name", runnable.User("x")), []string{"field Name is a string, want a slice"}},
		{"empty section", runnable.Section{}, []string{"section 2 is empty"}},
		{"empty piece", runnable.User("x", runnable.Piece{}), []string{"section 2 (user): piece 1 is empty"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, build := range []func(...runnable.Section) error{
				func(s ...runnable.Section) error { _, err := runnable.NewPrompt[vars](s...); return err },
				func(s ...runnable.Section) error { _, err := runnable.NewPrompt[*vars](s...); return err },
			} {
				err := build(runnable.System("fine"), tt.section)
				if err == nil {
					t.Fatal("no error")
				}
				for _, want := range tt.want {
					wantError(t, err, model.ErrInvalidRequest, want)
				}
			}
		})
	}
}

// What the type does not show is found when the prompt is filled.
func TestPromptFillErrors(t *testing.T) {
	type m = map[string]any
	tests := []struct {
		name    string
		section runnable.Section
		v       m
		want    []string
	}{
		{"missing key", runnable.User("{{.Name}}"), m{"Nmae": "x"}, []string{"section 1 (user)", "<.Name>", `no entry for key "Name"`}},
		{"nil map", runnable.User("{{.Name}}"), nil, []string{"section 1 (user)", "<.Name>", `"Name"`}},
		{"nil value", runnable.User("{{.Name}}"), m{"Name": nil}, []string{"section 1 (user)", "nil"}},
		{"nil pointer", runnable.User("{{.Name}}"), m{"Name": (*string)(nil)}, []string{"section 1 (user)", "nil"}},
		{"field in a value", runnable.User("{{.E.Nmae}}"), m{"E": example{}}, []string{"section 1 (user)", "<.E.Nmae>", "Nmae"}},
		{"key in a nested map", runnable.User("{{.E.Name}}"), m{"E": m{}}, []string{"<.E.Name>", `"Name"`}},
		{"in an if", runnable.User("{{if .Name}}{{end}}"), m{}, []string{"<.Name>"}},
		{"method that fails", runnable.User("{{.V.Broken}}"), m{"V": vars{}}, []string{"<.V.Broken>", "boom"}},
		{"history missing", runnable.History("H"), m{}, []string{"section 1 (history H)", `field H: the map has no entry "H"`}},
		{"history of another type", runnable.History("H"), m{"H": "x"}, []string{"section 1 (history H)", "is a string, want a model.Message"}},
		{"history with another item", runnable.History("H"), m{"H": []any{model.User("x"), 5}}, []string{"item 1 is a int, want a model.Message"}},
		{"image of another type", runnable.User("", runnable.Field("P")), m{"P": 5}, []string{"section 1 (user)", "is a int, want a model.Part"}},
		{"image in nil", runnable.User("", runnable.Field("P.Q")), m{"P": nil}, []string{"field P.Q: P is nil"}},
		{"examples of another type", runnable.Each("E", runnable.User("x")), m{"E": "text"}, []string{"section 1 (each E)", "field E is a string, want a slice"}},
		{"field of an example", runnable.Each("E", runnable.User("{{.Q}}")), m{"E": []m{{"Q": 1}, {}}}, []string{"item 1: section 1 (each E), section 1 (user)", "<.Q>"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := runnable.NewPrompt[m](tt.section)
			if err != nil {
				t.Fatal(err)
			}
			_, err = p.Invoke(t.Context(), tt.v)
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range tt.want {
				wantError(t, err, model.ErrInvalidRequest, want)
			}
			if step, ok := errors.AsType[*runnable.StepError](err); !ok || step.Step != "prompt" {
				t.Errorf("error = %v, want the step prompt", err)
			}
		})
	}
	_, err := must(runnable.NewPrompt[*vars](runnable.User("{{.Name}}"))).Invoke(t.Context(), nil)
	wantError(t, err, model.ErrInvalidRequest, "<.Name>")
	_, err = must(runnable.NewPrompt[vars](runnable.User("{{.Link.Question}}"))).Invoke(t.Context(), vars{})
	wantError(t, err, model.ErrInvalidRequest, "<.Link.Question>")
	if _, err = must(runnable.NewPrompt[vars](runnable.User("{{.Broken}}"))).Invoke(t.Context(), vars{}); !errors.Is(err, errBoom) {
		t.Errorf("error = %v, want it to unwrap to the method's", err)
	}
}

func TestPromptFromAMap(t *testing.T) {
	p := must(runnable.NewPrompt[map[string]any](
		runnable.User("{{.Name}} {{.E.Question}}", runnable.Field("P")), runnable.History("H"), runnable.Each("L", runnable.User("{{.}}"))))
	got, err := p.Invoke(t.Context(), map[string]any{"Name": "n", "E": &example{Question: "q"}, "P": []any{image("1")},
		"H": []any{model.Assistant("h")}, "L": []int{1, 2}})
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "messages", got.Messages, []model.Message{parts(model.Text("n q"), image("1")), model.Assistant("h"), model.User("1"), model.User("2")})
}

// Whatever a value holds, it is put in as it is.
func TestPromptNeverParsesValues(t *testing.T) {
	hostile := []string{
		"{{.Secret}}", "{{", "}}", "{{template \"section 1 (user)\" .}}", "{{define \"section 1 (user)\"}}owned{{end}}",
		"{{printf \"%s\" .Secret}}", "{{range $k, $v := .}}{{$v}}{{end}}", "<no value>", "<script>&amp;\"'", "{.Secret}", "%s %d", "\x00\xff",
	}
	type in struct {
		Input, Secret string
		History       []model.Message
		Examples      []example
	}
	p := must(runnable.NewPrompt[in](runnable.User("[{{.Input}}]"), runnable.History("History"),
		runnable.Each("Examples", runnable.User("{{.Question}}")), runnable.Assistant("{{printf \"%s\" .Input}}{{with .Input}}{{.}}{{end}}")))
	for _, text := range hostile {
		got, err := p.Invoke(t.Context(), in{Input: text, Secret: "s3cret", History: user(text), Examples: []example{{Question: text}}})
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		diff(t, text, got.Messages, []model.Message{model.User("[" + text + "]"), model.User(text), model.User(text), model.Assistant(text + text)})
		// What was made of one prompt is a value of the next.
		again := must(runnable.NewPrompt[[]model.Message](runnable.User("{{(index . 0).Text}}")))
		got, err = again.Invoke(t.Context(), got.Messages)
		if err != nil || got.Messages[0].Text() != "["+text+"]" {
			t.Errorf("%q in a second prompt = %v, %v", text, got, err)
		}
	}
}

func FuzzPromptValues(f *testing.F) {
	f.Add("{{.Secret}}")
	f.Add("{{")
	f.Add("plain")
	p := must(runnable.NewPrompt[struct{ Input, Secret string }](runnable.User("a{{.Input}}b")))
	f.Fuzz(func(t *testing.T, text string) {
		got, err := p.Invoke(t.Context(), struct{ Input, Secret string }{text, "s3cret"})
		if err != nil || got.Messages[0].Text() != "a"+text+"b" {
			t.Errorf("Invoke(%q) = %v, %v", text, got, err)
		}
	})
}

// No template that is accepted for a struct complains of a field later.
func FuzzPromptTemplates(f *testing.F) {
	for _, text := range []string{"{{.Name}}", "{{range .Examples}}{{.Question}}{{end}}", "{{with .Link}}{{.Answer}}{{end}}", "{{$x := .Inner}}{{$x.Deep.Text}}",
		"{{if .Tags}}{{index .Tags 0}}{{end}}", "{{define \"a\"}}{{.}}{{end}}{{template \"a\" .Name}}", "{{.Name.X}}", "{{(index .Links 0).Answer}}", "{{$n := .Name}}{{$n = .Age}}{{$n}}"} {
		f.Add(text)
	}
	nick := "n"
	v := vars{Nick: &nick, Tags: []string{"t"}, Link: &example{}, Examples: []example{{}}, Links: []*example{{}}, Scores: map[string]int{"a": 1}, Any: "any", Part: model.Text("p"), MaybePic: new(model.Image)}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "range") && strings.ContainsAny(text, "0123456789") {
			return // may count to a number of any size
		}
		p, err := runnable.NewPrompt[vars](runnable.User(text))
		if err != nil {
			return
		}
		_, err = p.Invoke(t.Context(), v)
		if err != nil && strings.Contains(err.Error(), "can't evaluate field") && !strings.Contains(text, ".Any") {
			t.Errorf("%q was accepted and then failed: %v", text, err)
		}
	})
}

func TestPromptWith(t *testing.T) {
	settings := &model.Request{
		Messages:    []model.Message{model.System("first")},
		Tools:       []model.Tool{{Name: "t", InputSchema: []byte(`{"type":"object"}`)}},
		MaxTokens:   100,
		Temperature: new(0.0),
		Thinking:    &model.ThinkingConfig{Budget: 50},
	}
	bare := must(runnable.NewPrompt[string](runnable.User("{{.}}")))
	p := bare.With(settings)
	settings.Tools[0].InputSchema[0] = 'X'
	settings.MaxTokens = 1

	want := &model.Request{
		Messages:    []model.Message{model.System("first"), model.User("hello")},
		Tools:       []model.Tool{{Name: "t", InputSchema: []byte(`{"type":"object"}`)}},
		MaxTokens:   100,
		Temperature: new(0.0),
		Thinking:    &model.ThinkingConfig{Budget: 50},
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			got, err := p.Invoke(t.Context(), "hello")
			if err != nil {
				t.Error(err)
				return
			}
			diff(t, "request", got, want)
			got.Tools[0].InputSchema[0], *got.Temperature, got.Messages[0] = 'Y', 5, model.User("mine") // the caller's own
		})
	}
	wg.Wait()
	if got, err := bare.Invoke(t.Context(), "hello"); err != nil || got.MaxTokens != 0 || len(got.Messages) != 1 {
		t.Errorf("the prompt before With = %v, %v, want no settings", got, err)
	}
	if got, err := p.With(nil).Invoke(t.Context(), "hello"); err != nil || got.MaxTokens != 0 {
		t.Errorf("With(nil) = %v, %v, want no settings", got, err)
	}
}

// A history is the caller's: neither it nor its array is written to.
func TestPromptKeepsHistoryAsItIs(t *testing.T) {
	type in struct{ H []model.Message }
	history := make([]model.Message, 1, 8)
	history[0] = model.User("old")
	p := must(runnable.NewPrompt[in](runnable.History("H"), runnable.User("new")))
	got := must(p.Invoke(t.Context(), in{history}))
	got.Messages[0] = model.User("changed")
	diff(t, "history", history[:2], []model.Message{model.User("old"), {}})
}
