package chatmodel_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/conformance"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/runnable"
)

// The snippets of the README, each in what it needs to run. TestSnippets finds
// them here, so what the README shows compiles, and does what it says.

// Greet is the code that a user tests.
func Greet(ctx context.Context, llm model.ChatModel, name string) (string, error) {
	resp, err := llm.Generate(ctx, &model.Request{Messages: []model.Message{model.User("Greet " + name + ".")}})
	if err != nil {
		return "", err
	}
	return resp.Text(), nil
}

func TestGreet(t *testing.T) {
	llm := fake.New(fake.Text("Hello, Ada."))
	got, err := Greet(t.Context(), llm, "Ada")
	if got != "Hello, Ada." || err != nil {
		t.Errorf("Greet = %q, %v", got, err)
	}
	if asked := llm.Request(0).Messages[0].Text(); asked != "Greet Ada." {
		t.Errorf("the model was asked %q", asked)
	}
	llm.AssertDrained(t) // every scripted turn was used
}

func streaming(ctx context.Context, llm model.ChatModel, req *model.Request, w io.Writer) error {
	stream := llm.Stream(ctx, req)
	for ev, err := range stream.Events() {
		if err != nil {
			return err // the part that had arrived is in the error: model.Error.Partial
		}
		switch ev.Kind {
		case model.EventThinking:
			fmt.Fprintf(w, "(%s)", ev.Text)
		case model.EventText:
			fmt.Fprint(w, ev.Text)
		}
	}
	resp, err := stream.Response() // complete, as Generate would have returned it
	fmt.Fprintf(w, " %s", resp.StopReason)
	return err
}

func tools(ctx context.Context, llm model.ChatModel, w io.Writer) error {
	type Query struct {
		City string `json:"city" jsonschema:"the city, in English"`
	}
	weather, err := runnable.NewTool("weather", "Tells today's weather.", func(ctx context.Context, q Query) (string, error) {
		return "rain in " + q.City, nil
	})
	if err != nil {
		return err
	}
	tools, err := runnable.NewToolSet([]runnable.Tool{weather}, nil)
	if err != nil {
		return err
	}
	agent := runnable.ToolLoop(llm, tools, &runnable.ToolLoopOptions{MaxSteps: 5})
	c, err := agent.Invoke(ctx, &model.Request{Messages: []model.Message{model.User("Do I need an umbrella in Oslo?")}})
	fmt.Fprint(w, c.Text(), " ", len(c.Messages))
	return err
}

func structured(ctx context.Context, llm model.ChatModel, w io.Writer) error {
	type Person struct {
		Name string `json:"name" jsonschema:"the full name"`
		Born int    `json:"born" jsonschema:"the year of birth"`
	}
	extract, err := runnable.Structured[Person](llm, nil)
	if err != nil {
		return err
	}
	ada, err := extract.Invoke(ctx, &model.Request{Messages: []model.Message{model.User("Ada Lovelace, born in 1815, …")}})
	fmt.Fprint(w, ada)
	return err
}

func chain(ctx context.Context, llm model.ChatModel, w io.Writer) error {
	type Translation struct{ Language, Text string }
	prompt, err := runnable.NewPrompt[Translation](
		runnable.System("Translate to {{.Language}}."),
		runnable.User("{{.Text}}"),
	)
	if err != nil {
		return err
	}
	translate := runnable.Pipe4(prompt, runnable.Model(llm), runnable.Complete(), runnable.Text())
	german, err := translate.Invoke(ctx, Translation{"German", "I love programming."})
	fmt.Fprint(w, german)
	return err
}

func TestREADMEPrograms(t *testing.T) {
	req := &model.Request{Messages: []model.Message{model.User("x")}}
	for name, tt := range map[string]struct {
		run  func(io.Writer) error
		want string
	}{
		"streaming": {func(w io.Writer) error {
			return streaming(t.Context(), fake.New(fake.Thinking("hm", "sig", model.Text("Hi."))), req, w)
		}, "(hm)Hi. end_turn"},
		"tools": {func(w io.Writer) error {
			return tools(t.Context(), fake.New(fake.Calls(fake.Call("weather", `{"city":"Oslo"}`)), fake.Text("Yes.")), w)
		}, "Yes. 4"},
		"structured": {func(w io.Writer) error {
			return structured(t.Context(), fake.New(fake.Text(`{"name":"Ada Lovelace","born":1815}`)), w)
		}, "{Ada Lovelace 1815}"},
		"chain": {func(w io.Writer) error {
			return chain(t.Context(), fake.New(fake.Text("Ich liebe Programmieren.")), w)
		}, "Ich liebe Programmieren."},
	} {
		var b strings.Builder
		if err := tt.run(&b); err != nil || b.String() != tt.want {
			t.Errorf("%s: %q, %v; want %q", name, b.String(), err, tt.want)
		}
	}
}

func TestLocalBedrock(t *testing.T) {
	server := bedrocktest.Start(t, fake.New(fake.Text("hello")), nil)
	llm, err := bedrock.New(server.Client(), "us.anthropic.claude-sonnet-4-5-20250929-v1:0", nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Greet(t.Context(), llm, "Ada"); got != "hello" || err != nil {
		t.Errorf("Greet = %q, %v", got, err)
	}
}

// NewParrot stands for somebody's provider. That conformance.Test proves such
// a one is shown by the example of package conformance.
var NewParrot = func(*fake.Model) model.ChatModel { return nil }

var _ = func(t *testing.T) {
	conformance.Test(t, conformance.Subject{
		Name:         "parrot",
		Provider:     "parrot",
		Capabilities: conformance.Capabilities{Sampling: true}, // what is not claimed must be refused
		InMemory:     true,
		New: func(env *conformance.Env, script *fake.Model) (model.ChatModel, error) {
			return NewParrot(script), nil // your provider, talking to something that plays the script
		},
	})
}

// TestSnippets checks that every Go snippet of the README is in a file that is
// compiled.
func TestSnippets(t *testing.T) {
	compiled := flush(read(t, "readme_test.go")) + flush(read(t, "examples/hello/main.go"))
	snippets := strings.Split(read(t, "README.md"), "```go\n")[1:]
	if len(snippets) < 8 {
		t.Errorf("the README has %d Go snippets; where are the others?", len(snippets))
	}
	for _, s := range snippets {
		s, _, ok := strings.Cut(s, "```")
		if !ok || !strings.Contains(compiled, flush(s)) {
			t.Errorf("this snippet of the README is not in readme_test.go, so nobody compiles it:\n%s", s)
		}
	}
}

// flush takes the indentation out of a text.
func flush(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimSpace(line)
	}
	return strings.Join(lines, "\n")
}

// TestLinks: the files that the papers name exist.
func TestLinks(t *testing.T) {
	for _, paper := range []string{"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"} {
		prose := regexp.MustCompile("(?s)```.*?```|`[^`\n]*`").ReplaceAllString(read(t, paper), "")
		for _, match := range regexp.MustCompile(`\]\(([^)#]*)`).FindAllStringSubmatch(prose, -1) {
			link := match[1]
			if link == "" || strings.Contains(link, "://") {
				continue
			}
			if _, err := os.Stat(link); err != nil {
				t.Errorf("%s links to %s: %v", paper, link, err)
			}
		}
	}
}

// TestWeight: a module that imports model and fake requires this one and
// nothing else. Go prunes what bedrock needs.
func TestWeight(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":  "module example.com/user\n\ngo 1.26\n\nrequire " + strings.TrimSuffix(module, "/") + " v0.0.0\n\nreplace " + strings.TrimSuffix(module, "/") + " => " + here + "\n",
		"user.go": "package user\n\nimport (\n\t_ \"" + module + "fake\"\n\t_ \"" + module + "model\"\n)\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	build := exec.Command("go", "build", "-mod=mod", "-o", os.DevNull, ".")
	build.Dir, build.Env = dir, append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	after := read(t, filepath.Join(dir, "go.mod"))
	if n := strings.Count(after, " v"); n != 1 {
		t.Errorf("go.mod has %d requirements:\n%s", n, after)
	}
	if sum, err := os.ReadFile(filepath.Join(dir, "go.sum")); err == nil && strings.Count(string(sum), "\n") > 4 {
		t.Errorf("go.sum has %d lines:\n%s", strings.Count(string(sum), "\n"), sum)
	}
}

// TestGenerated: CONTRIBUTING names the test of all that is generated, and what
// is generated says so beside its package.
func TestGenerated(t *testing.T) {
	contributing := read(t, "CONTRIBUTING.md")
	for file, generator := range map[string]struct{ directive, test, in string }{
		"testdata/api":                           {"-run ^TestAPI$ . -update", "TestAPI", "."},
		"bedrock/MODELS.md":                      {"-run ^TestPage$ . -update", "TestPage", "bedrock/facts"},
		"bedrock/bedrocktest/RULES.md":           {"go run ./internal/rulesdoc", "TestMarkdown", "bedrock/bedrocktest"},
		"conformance/RULES.md":                   {"-run ^TestRulesAreUpToDate$ . -update", "TestRulesAreUpToDate", "conformance"},
		"recordings/cassettes":                   {"go run ./internal/rerecord -dir cassettes", "TestShippedCassettesAreCurrent", "recordings"},
		"recordings/fakescript/script_*_test.go": {"-run ^TestScriptsAreCurrent$ ./fakescript -update", "TestScriptsAreCurrent", "recordings"},
	} {
		if !strings.Contains(contributing, "| `"+file) || !strings.Contains(contributing, "`"+generator.test+"`") {
			t.Errorf("CONTRIBUTING.md does not say that %s is generated, and that %s looks after it", file, generator.test)
		}
		if doc := read(t, filepath.Join(generator.in, "doc.go")); !strings.Contains(doc, "//go:generate ") || !strings.Contains(doc, generator.directive) {
			t.Errorf("%s/doc.go does not generate %s by %q", generator.in, file, generator.directive)
		}
	}
	n := 0
	_, all := sources(t)
	for _, files := range all {
		for _, f := range files {
			for _, group := range f.Comments {
				for _, c := range group.List {
					if strings.HasPrefix(c.Text, "//go:generate ") {
						n++
					}
				}
			}
		}
	}
	if n != 6 {
		t.Errorf("%d things are generated and 6 are in the table of this test", n)
	}
}
