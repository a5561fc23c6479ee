package facts_test

import (
	"bufio"
	"os"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
)

// TestModels compares the table with testdata/models.txt, which was written
// from the evidence.
func TestModels(t *testing.T) {
	file, err := os.Open("testdata/models.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var f facts.Facts
	models, lines := 0, 0
	for s := bufio.NewScanner(file); s.Scan(); {
		line := s.Text()
		if strings.HasPrefix(line, "#") || line == "" {
			continue
		}
		fact, indented := strings.CutPrefix(line, "\t")
		if !indented {
			if f = facts.Lookup(line); !f.Known {
				t.Errorf("%s is not known", line)
			}
			models++
			continue
		}
		name, want, _ := strings.Cut(fact, " ")
		got := strings.ReplaceAll(f.Value(name), ", ", ",")
		if got != want {
			t.Errorf("%s: %s is %q, want %q", f.ID, name, got, want)
		}
		lines++
	}
	if models < 80 || lines < 600 {
		t.Errorf("only %d models and %d facts were looked at", models, lines)
	}
}

// TestGenerations checks what changed with a version of Claude, on models that
// are not in the table.
func TestGenerations(t *testing.T) {
	for _, row := range []struct{ id, name, want string }{
		{"anthropic.claude-opus-6", "sampling.temperature", "no"},
		{"anthropic.claude-opus-6", "tools.any", "no"},
		{"anthropic.claude-opus-6", "thinking.default", "always"},
		{"anthropic.claude-opus-6", "thinking.budget", "no"},
		{"anthropic.claude-haiku-6", "sampling.top_k", "no"},
		{"anthropic.claude-sonnet-5-6", "thinking.between_tools", "yes"},
		{"anthropic.claude-saga-7", "turns.prefill", "no"},
		{"openai.gpt-6.2-sol", "thinking.style", "reasoning.effort"},
		{"openai.gpt-7-sol", "thinking.none", "no"},
		{"openai.gpt-7-sol", "limits.min_output", "16"},
		{"amazon.nova-3-pro-v1:0", "cache.tools", "no"},
		{"mistral.mistral-large-4", "tools.streaming", "yes"},
		{"meta.llama5-70b-instruct-v1:0", "tools.streaming", "no"},
		{"xai.grok-5", "answers.cache_in_input", "yes"},
	} {
		f := facts.Lookup(row.id)
		if f.Known {
			t.Errorf("%s has a row; take an id here that has none", row.id)
			continue
		}
		if got := f.Value(row.name); got != row.want {
			t.Errorf("%s: %s is %q, want %q", row.id, row.name, got, row.want)
		}
	}
}
