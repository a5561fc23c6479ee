package rules_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/internal/rules"
	"github.com/chatmodel-go/chatmodel/model"
)

// TestImports checks that the server's beliefs are its own.
func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-f", "{{.ImportPath}}", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	const module = "github.com/chatmodel-go/chatmodel/"
	allowed := []string{"bedrock/bedrocktest/internal/rules", "model", "bedrock/internal/modelid", "internal/rawjson"}
	seen := 0
	for line := range strings.Lines(string(out)) {
		path, ours := strings.CutPrefix(strings.TrimSpace(line), module)
		if !ours {
			continue
		}
		if seen++; !slices.Contains(allowed, path) && !strings.HasPrefix(path, "model/internal/") {
			t.Errorf("the rules depend on %s", path)
		}
	}
	if seen < 2 {
		t.Errorf("go list names %d packages of the module", seen)
	}
}

// TestMarkdown checks that RULES.md is what go generate writes.
func TestMarkdown(t *testing.T) {
	have, err := os.ReadFile("../../RULES.md")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, rules.Markdown()) {
		t.Error("RULES.md is not current; run go generate ./bedrock/bedrocktest")
	}
}

// TestSiblings checks which row plays an id without a row.
func TestSiblings(t *testing.T) {
	for id, want := range map[string]string{
		"anthropic.claude-opus-4-6-v1":     "anthropic.claude-opus-4-6-v1",
		"us.anthropic.claude-opus-4-6-v2":  "anthropic.claude-opus-4-6-v1",
		"us.anthropic.claude-opus-6":       "anthropic.claude-opus-5-5",
		"us.anthropic.claude-haiku-9":      "anthropic.claude-haiku-5-5",
		"us.anthropic.claude-saga-6":       "anthropic.claude-fable-5-2",
		"us.openai.gpt-7-sol":              "openai.gpt-6.1-sol",
		"us.xai.grok-5":                    "xai.grok-4.7",
		"meta.llama3-3-405b-instruct-v1:0": "meta.llama3-3-70b-instruct-v1:0",
		"zai.glm-6":                        "zai.glm-5",
		"acme.new-model-v1:0":              "",
	} {
		m := new(rules.Table).Model(id)
		if m.Row != want || m.Known != (want != "" && strings.HasSuffix(id, want)) {
			t.Errorf("%s is played by %q (known: %t), want %q, unless a row of that model or of a newer sibling was added", id, m.Row, m.Known, want)
		}
	}
	for _, row := range rules.Rows() {
		if m := new(rules.Table).Model(row); m.Row != row || !m.Known || m.ID.Maker == "" {
			t.Errorf("the row %s plays %+v", row, m)
		}
	}
}

// TestDate checks that the table has a date of its own, and changes with the
// one that is asked for.
func TestDate(t *testing.T) {
	const opus5 = "anthropic.claude-opus-5"
	before := rules.Table{Date: time.Date(2026, time.November, 11, 0, 0, 0, 0, time.UTC)}
	after := rules.Table{Date: time.Date(2026, time.November, 12, 0, 0, 0, 0, time.UTC)}
	if m := before.Model(opus5); !m.NoOutput {
		t.Error("native output of Opus 5 on the day before")
	}
	if m := after.Model(opus5); m.NoOutput {
		t.Error("no native output of Opus 5 on the day")
	}
	if m := new(rules.Table).Model(opus5); !m.NoOutput {
		t.Error("the table goes by another day than its own")
	}
}

// TestJudgePrompt checks that a managed prompt is accepted without messages,
// and refused with anything else that belongs to the prompt.
func TestJudgePrompt(t *testing.T) {
	const arn = "arn:aws:bedrock:us-east-1:123456789012:prompt/P1:1"
	in := &rules.Input{ModelID: arn, Model: new(rules.Table).Model(arn), Request: &model.Request{}}
	if r := rules.Judge(in, func(*rules.Rule) bool { return false }); r != nil {
		t.Errorf("refused: %s", r.Message)
	}
	in.Fields = map[string]json.RawMessage{"top_k": json.RawMessage("1")}
	if r := rules.Judge(in, func(*rules.Rule) bool { return false }); r == nil || r.Rule.ID != "prompt-resource" {
		t.Errorf("with additional fields: %+v", r)
	}
}

// TestTexts checks that a text's other wordings take the same arguments.
func TestTexts(t *testing.T) {
	verb := regexp.MustCompile(`%(\[\d\])?[sd]`)
	for _, r := range rules.Rules() {
		for _, text := range r.Texts {
			var args []any
			for _, v := range verb.FindAllString(text.Form, -1) {
				switch {
				case strings.HasPrefix(v, "%[1]") && len(args) > 0: // the first one again
				case strings.HasSuffix(v, "d"):
					args = append(args, 1)
				default:
					args = append(args, "x")
				}
			}
			for _, form := range append([]string{text.Form, text.Native}, text.Others...) {
				if form == "" {
					continue
				}
				if said := fmt.Sprintf(form, args...); strings.Contains(said, "%!") {
					t.Errorf("%s: %q", r.ID, said)
				}
			}
		}
	}
}
