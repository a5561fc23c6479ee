package conformance_test

import (
	"bytes"
	"flag"
	"fmt"
	"go/format"
	"os"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/conformance"
)

var update = flag.Bool("update", false, "write what tests compare with anew")

// lastProse is the last line of doc.go before the list of rules.
const lastProse = "// claim for the case to apply; \"without\" is what it must not.\n"

// TestDocIsUpToDate holds the list of rules in doc.go against the table of
// cases. With -update it writes the list.
func TestDocIsUpToDate(t *testing.T) {
	data, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	prose, _, ok := strings.Cut(string(data), lastProse)
	if !ok {
		t.Fatalf("doc.go lacks the line %q", lastProse)
	}
	want, err := format.Source([]byte(prose + lastProse + rules() + "package conformance\n"))
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("doc.go", want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(data, want) {
		t.Error("the rules in doc.go are not those of the cases; run: go test ./conformance -run TestDocIsUpToDate -update")
	}
}

// rules returns the cases as a numbered list in comments, a group a heading.
func rules() string {
	var b strings.Builder
	group := ""
	for i, c := range conformance.Cases() {
		if c.Group != group {
			group = c.Group
			fmt.Fprintf(&b, "//\n// # Rules: %s\n//\n", group)
		}
		text := fmt.Sprintf("%s %s: %s.", c.ID, c.Name, c.Rule)
		if len(c.Needs) > 0 {
			text += " Needs " + list(c.Needs) + "."
		}
		if c.Unless != "" {
			text += " Without " + string(c.Unless) + "."
		}
		wrap(&b, fmt.Sprintf("%3d. ", i+1), text)
	}
	return b.String()
}

func list(needs []conformance.Capability) string {
	words := make([]string, len(needs))
	for i, n := range needs {
		words[i] = string(n)
	}
	return strings.Join(words, ", ")
}

// wrap writes an item of a list in lines of 80 characters, as gofmt has them.
func wrap(b *strings.Builder, mark, text string) {
	line := "// " + mark
	for _, word := range strings.Fields(text) {
		if len(line)+len(word) > 79 {
			b.WriteString(strings.TrimRight(line, " ") + "\n")
			line = "//      "
		}
		line += word + " "
	}
	b.WriteString(strings.TrimRight(line, " ") + "\n")
}
