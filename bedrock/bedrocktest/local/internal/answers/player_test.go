package answers_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/local/internal/answers"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/recordings"
)

// TestOrder checks that the first rule that fits answers, then the script, and
// then nothing.
func TestOrder(t *testing.T) {
	p := player(t, `{"answers":[
		{"name":"once","when":{"text":"a"},"times":1,"answer":"first a"},
		{"when":{"text":{"contains":"b"}},"answer":"some b"},
		{"when":{"text":{"pattern":"^[ab]$"}},"answer":"a letter"}],
		"script":["one","two"]}`)
	for i, row := range [][2]string{
		{"a", "first a"}, {"a", "a letter"}, {"b", "some b"}, {"x", "one"}, {"ab", "some b"}, {"y", "two"}, {"a", "a letter"},
		{"z", "ValidationException: The script is at its end: all of its 2 answers have been played."}} {
		if got := ask(t, p, row[0]); got != row[1] {
			t.Errorf("%d: %q is answered %q, want %q", i, row[0], got, row[1])
		}
	}
	if uses := p.Uses(); uses[0] != (answers.Use{Name: "once", Used: 1}) || uses[1].Used != 2 || uses[2].Used != 2 {
		t.Errorf("the rules were used %v", uses)
	}
	p.Restart()
	if got := ask(t, p, "a"); got != "first a" {
		t.Errorf("after a restart: %q", got)
	}
}

// TestWhen checks each condition with a request that meets it and one that does
// not.
func TestWhen(t *testing.T) {
	tool := model.Tool{Name: "f", InputSchema: json.RawMessage(`{"type":"object"}`)}
	hello := model.User("hello")
	talk := []model.Message{hello, model.Assistant("yes"), model.User("and?")}
	plain := &model.Request{Messages: []model.Message{hello}}
	later := &model.Request{Messages: talk}
	tools := &model.Request{Messages: []model.Message{hello}, Tools: []model.Tool{tool}}
	schema := &model.Request{Messages: []model.Message{hello}, Output: &model.OutputFormat{Name: "Person", Schema: json.RawMessage(`{"type":"object","properties":{"n":{"const":7}},"required":["n"]}`)}}
	for _, row := range []struct {
		when string
		req  *model.Request
		fits bool
	}{
		{`{}`, plain, true},
		{`{"model":"us.anthropic.claude-opus-5"}`, plain, true},
		{`{"model":"us.*opus*"}`, plain, true},
		{`{"model":"*"}`, plain, true},
		{`{"model":"*opus"}`, plain, false},
		{`{"model":"us.anthropic"}`, plain, false},
		{`{"operation":"Converse"}`, plain, true},
		{`{"operation":"CountTokens"}`, plain, false},
		{`{"text":"hello"}`, plain, true},
		{`{"text":"hell"}`, plain, false},
		{`{"text":"and?"}`, later, true},
		{`{"turn":1}`, plain, true},
		{`{"turn":1}`, later, false},
		{`{"turn":2}`, later, true},
		{`{"tools":["f"]}`, tools, true},
		{`{"tools":["f","g"]}`, tools, false},
		{`{"tools":[]}`, tools, false},
		{`{"tools":[]}`, plain, true},
		{`{"schema":"*"}`, schema, true},
		{`{"schema":"Per*"}`, schema, true},
		{`{"schema":"Pet"}`, schema, false},
		{`{"schema":"*"}`, plain, false},
	} {
		p := player(t, `{"answers":[{"when":`+row.when+`,"answer":"fits"}]}`)
		if got := answer(t, p, row.req) == "fits"; got != row.fits {
			t.Errorf("%s fits: %v, want %v", row.when, got, row.fits)
		}
	}
}

// TestOtherwise checks each choice for a request that no rule answers: it is
// echoed, or answered by its schema, by its tools or by another model.
func TestOtherwise(t *testing.T) {
	tool := model.Tool{Name: "f", InputSchema: json.RawMessage(`{"type":"object","properties":{"city":{"enum":["Oslo"]}},"required":["city"]}`)}
	hello := []model.Message{model.User("hello")}
	schema := &model.Request{Messages: hello, Output: &model.OutputFormat{Schema: json.RawMessage(`{"type":"object","properties":{"n":{"const":7}},"required":["n"]}`)}}
	for _, row := range []struct {
		name, book string
		req        *model.Request
		want       string
	}{
		{"echo", `{}`, &model.Request{Messages: hello}, "hello"},
		{"silence", `{}`, &model.Request{Messages: []model.Message{model.Assistant("x")}}, "(no text)"},
		{"schema", `{}`, schema, `{"n":7}`},
		{"tools are left alone", `{}`, &model.Request{Messages: hello, Tools: []model.Tool{tool}}, "hello"},
		{"but for a forced one", `{}`, &model.Request{Messages: hello, Tools: []model.Tool{tool}, ToolChoice: model.UseTool("f")}, `f{"city":"Oslo"}`},
		{"tools", `{"otherwise":"tools"}`, &model.Request{Messages: hello, Tools: []model.Tool{tool}}, `f{"city":"Oslo"}`},
		{"refuse", `{"otherwise":"refuse"}`, &model.Request{Messages: hello}, "ValidationException: The script holds no answers."},
		{"echo after a script", `{"script":[],"otherwise":"echo"}`, &model.Request{Messages: hello}, "hello"},
		{"no rule fits", `{"answers":[{"when":{"turn":9},"answer":"x"}],"otherwise":"refuse"}`, &model.Request{Messages: hello},
			"ValidationException: No answer fits this request, and there is no script."},
	} {
		if got := answer(t, player(t, row.book), row.req); got != row.want {
			t.Errorf("%s: %q, want %q", row.name, got, row.want)
		}
	}
	p := player(t, `{"answers":[{"when":{"text":"x"},"answer":"y"}]}`)
	p.Else = fake.New(fake.Text("else").Always())
	if x, y := ask(t, p, "x"), ask(t, p, "hello"); x != "y" || y != "else" {
		t.Errorf("before another model: %q, %q", x, y)
	}
}

// TestSetScript replaces and extends a script while the player runs.
func TestSetScript(t *testing.T) {
	p := player(t, `{}`)
	script := func(text string) []answers.Answer {
		s, err := answers.ParseScript([]byte(text), nil)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	p.SetScript(script(`["1"]`))
	p.Append(script(`["2",{"error":{"code":"ThrottlingException"}}]`))
	for _, want := range []string{"1", "2"} {
		if got := ask(t, p, "x"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if all, played := p.Script(); all != 3 || played != 2 {
		t.Errorf("%d of %d were played", played, all)
	}
	if got := ask(t, p, "x"); !strings.HasPrefix(got, "ThrottlingException: ") {
		t.Errorf("the third is %q", got)
	}
	if got := ask(t, p, "x"); !strings.Contains(got, "all of its 3 answers") {
		t.Errorf("at the end: %q", got)
	}
}

// TestRecording plays answers from a recording. Each exchange is used once, and
// a rule that is used more often starts again with the first.
func TestRecording(t *testing.T) {
	name := aRecording(t)
	cassette, err := recordings.Load(recordings.Cassettes(), strings.TrimSuffix(name, ".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	p := player(t, `[{"recording":"`+name+`"}]`)
	all, _ := p.Script()
	if all == 0 || all > len(cassette.Exchanges) {
		t.Fatalf("the script has %d answers of %d exchanges", all, len(cassette.Exchanges))
	}
	first := ask(t, p, "x")
	rule := player(t, `{"answers":[{"answer":{"recording":"`+name+`"}}]}`)
	for i := range 2 * all {
		if got := ask(t, rule, "x"); i%all == 0 && got != first || got == "" {
			t.Errorf("call %d: %q, want %q", i, got, first)
		}
	}
	for _, bad := range []string{"seed/none", "../x", "/etc/passwd", `..\\x`} {
		if _, err := answers.Parse("", []byte(`[{"recording":"`+bad+`"}]`), recordings.Cassettes()); err == nil || !strings.Contains(err.Error(), "[0].recording: ") {
			t.Errorf("%s: %v", bad, err)
		}
	}
	if _, err := answers.Parse("", []byte(`[{"recording":"x"}]`), nil); err == nil || !strings.Contains(err.Error(), "no folder of recordings") {
		t.Errorf("without a folder: %v", err)
	}
}

// TestFile checks that a file is read again when it changes, and that the last
// good version stays in use while the file is broken.
func TestFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "answers.json")
	at := time.Now().Add(-time.Hour)
	write := func(text string) {
		t.Helper()
		at = at.Add(time.Second)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	write("[\n5]")
	if _, err := answers.Open(path, nil); err == nil || !strings.Contains(err.Error(), "line 2, column 1: [0]") {
		t.Errorf("a broken file opens: %v", err)
	}
	write(`["1"]`)
	f, err := answers.Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	book := func(wantNews bool, wantProblem, wantSource string) {
		t.Helper()
		b, news, problem := f.Book()
		if news != wantNews || wantProblem == "" && problem != nil || wantProblem != "" && (problem == nil || !strings.Contains(problem.Error(), wantProblem)) ||
			string(b.Source) != wantSource {
			t.Errorf("news %v, problem %v, book %s", news, problem, b.Source)
		}
	}
	book(false, "", `["1"]`)
	write(`["2","3"]`)
	book(true, "", `["2","3"]`)
	write(`["4"`)
	book(true, "it ends too early", `["2","3"]`)
	book(false, "it ends too early", `["2","3"]`)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	book(true, "no such file", `["2","3"]`)
	book(false, "no such file", `["2","3"]`)
	write(`["5"]`)
	book(true, "", `["5"]`)
}

// FuzzParse reads arbitrary documents. Each must be accepted or refused with a
// place, and whatever is accepted must play.
func FuzzParse(f *testing.F) {
	for _, row := range documents {
		f.Add(row.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		b, err := answers.Parse("", []byte(text), recordings.Cassettes())
		if err != nil {
			if !strings.HasPrefix(err.Error(), "line ") {
				t.Errorf("%v", err)
			}
			return
		}
		p := answers.NewPlayer(b)
		ctx := answers.WithAsked(t.Context(), "Converse", "m")
		req := &model.Request{Messages: []model.Message{model.User("x")}}
		if strings.Contains(text, "after") || strings.Contains(text, "every") {
			return // it may take hours
		}
		_, _ = p.Generate(ctx, req)
	})
}
