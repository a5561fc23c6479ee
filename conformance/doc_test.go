package conformance_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/conformance"
)

var update = flag.Bool("update", false, "write what tests compare with anew")

// TestRulesAreUpToDate compares RULES.md with the table of cases. With -update
// it writes the file.
func TestRulesAreUpToDate(t *testing.T) {
	want := rules()
	if *update {
		if err := os.WriteFile("RULES.md", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	data, err := os.ReadFile("RULES.md")
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.ReplaceAll(string(data), "\r\n", "\n"); got != want {
		t.Error("RULES.md does not list the cases; run go generate ./conformance")
	}
}

// rules returns the table of cases as Markdown.
func rules() string {
	var b strings.Builder
	b.WriteString("# Rules of package conformance\n\n" +
		"Made from the table of cases by `go generate ./conformance`.\n\n" +
		"A case applies to subjects that claim what it *needs* and do not claim what it is *without*.\n")
	group := ""
	for _, c := range conformance.Cases() {
		if c.Group != group {
			group = c.Group
			fmt.Fprintf(&b, "\n## %s\n\n", group)
		}
		fmt.Fprintf(&b, "- **%s %s**: %s.", c.ID, c.Name, c.Rule)
		if len(c.Needs) > 0 {
			fmt.Fprintf(&b, " *Needs %s.*", list(c.Needs))
		}
		if c.Unless != "" {
			fmt.Fprintf(&b, " *Without %s.*", c.Unless)
		}
		b.WriteString("\n")
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

// TestSurface keeps the number of names exported at the top level small,
// including constants in groups.
func TestSurface(t *testing.T) {
	const most = 40
	pkg, err := build.ImportDir(".", 0)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, name := range pkg.GoFiles {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			names = append(names, exported(decl)...)
		}
	}
	if len(names) > most {
		t.Errorf("%d names are exported, want at most %d: %s", len(names), most, strings.Join(names, " "))
	}
}

func exported(decl ast.Decl) []string {
	var names []string
	add := func(id *ast.Ident) {
		if id.IsExported() {
			names = append(names, id.Name)
		}
	}
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			add(d.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				add(s.Name)
			case *ast.ValueSpec:
				for _, id := range s.Names {
					add(id)
				}
			}
		}
	}
	return names
}
