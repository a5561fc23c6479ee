package chatmodel_test

import (
	"bytes"
	"flag"
	"go/ast"
	"go/doc"
	"go/printer"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/api as the source has it")

// TestAPI compares what every public package exports with testdata/api, so that
// a change is seen in review. Run it with -update to accept one.
func TestAPI(t *testing.T) {
	fset, all := token.NewFileSet(), map[string][]*ast.File{}
	for _, root := range append([]string{"."}, modules...) {
		parse(t, fset, root, all) // anew, since what is not of the API is taken out
	}
	golden := map[string]string{}
	for dir, files := range all {
		if isPublic(dir, files) {
			golden[filepath.Join("testdata", "api", strings.ReplaceAll(dir, "/", "_")+".txt")] = apiOf(t, fset, dir, files)
		}
	}
	if len(golden) < 15 {
		t.Fatalf("only %d public packages were found", len(golden))
	}
	if *update {
		for name, text := range golden {
			if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	files, err := filepath.Glob("testdata/api/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if _, ok := golden[name]; !ok {
			t.Errorf("%s is of no public package; remove it", name)
		}
	}
	for name, got := range golden {
		want, err := os.ReadFile(name)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, line := range missing(string(want), got) {
			t.Errorf("%s: gone: %s", name, line)
		}
		for _, line := range missing(got, string(want)) {
			t.Errorf("%s: new: %s", name, line)
		}
		if got != string(want) {
			t.Errorf("%s differs from the source; if that is meant, run go test -run TestAPI . -update", name)
		}
	}
}

// missing returns the lines of a that b does not have.
func missing(a, b string) (lines []string) {
	have := strings.Split(b, "\n")
	for _, line := range strings.Split(a, "\n") {
		if !slices.Contains(have, line) {
			lines = append(lines, line)
		}
	}
	return lines
}

// isPublic reports whether others can import the package of a directory.
func isPublic(dir string, files []*ast.File) bool {
	return dir != "." && files[0].Name.Name != "main" && !slices.Contains(strings.Split(dir, "/"), "internal") && !strings.HasPrefix(dir, "examples/")
}

// apiOf returns the exported declarations of a package, without comments.
func apiOf(t *testing.T, fset *token.FileSet, dir string, files []*ast.File) string {
	t.Helper()
	p, err := doc.NewFromFiles(fset, files, module+dir)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("package " + p.Name + "\n")
	values := func(all []*doc.Value) {
		for _, v := range all {
			b.WriteString(declaration(t, fset, v.Decl))
		}
	}
	funcs := func(all []*doc.Func) {
		for _, f := range all {
			b.WriteString(declaration(t, fset, f.Decl))
		}
	}
	values(p.Consts)
	values(p.Vars)
	funcs(p.Funcs)
	for _, typ := range p.Types {
		b.WriteString(declaration(t, fset, typ.Decl))
		values(typ.Consts)
		values(typ.Vars)
		funcs(typ.Funcs)
		funcs(typ.Methods)
	}
	return b.String()
}

// declaration prints a declaration without comments and blank lines.
func declaration(t *testing.T, fset *token.FileSet, d ast.Decl) string {
	t.Helper()
	ast.Inspect(d, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GenDecl:
			n.Doc = nil
		case *ast.FuncDecl:
			n.Doc, n.Body = nil, nil
		case *ast.TypeSpec:
			n.Doc, n.Comment = nil, nil
		case *ast.ValueSpec:
			n.Doc, n.Comment = nil, nil
		case *ast.Field:
			n.Doc, n.Comment = nil, nil
		}
		return true
	})
	var b bytes.Buffer
	config := printer.Config{Mode: printer.UseSpaces | printer.TabIndent, Tabwidth: 8}
	if err := config.Fprint(&b, fset, d); err != nil {
		t.Fatal(err)
	}
	lines := slices.DeleteFunc(strings.Split(b.String(), "\n"), func(line string) bool { return strings.TrimSpace(line) == "" })
	return "\n" + strings.Join(lines, "\n") + "\n"
}
