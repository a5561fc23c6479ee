package model_test

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"strings"
	"testing"
)

// source parses the package without its tests.
func source(t *testing.T) (*token.FileSet, []*ast.File) {
	t.Helper()
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	var files []*ast.File
	for _, e := range entries {
		if name := e.Name(); strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
			f, err := parser.ParseFile(fset, name, nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, f)
		}
	}
	if len(files) == 0 {
		t.Fatal("no source found")
	}
	return fset, files
}

// constantsOf returns the string constants that a file declares.
func constantsOf(t *testing.T, name string) map[string]bool {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		if d, ok := n.(*ast.GenDecl); !ok || d.Tok != token.CONST {
			return true
		}
		ast.Inspect(n, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				s, _ := strconv.Unquote(lit.Value)
				found[s] = true
			}
			return true
		})
		return false
	})
	return found
}

// TestDocumented: every exported name has a comment, of its own or, for a
// constant, that of its group.
func TestDocumented(t *testing.T) {
	fset, files := source(t)
	p, err := doc.NewFromFiles(fset, files, "model")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(p.Doc, "Package model ") {
		t.Errorf("package comment starts with %.40q", p.Doc)
	}
	n := 0
	check := func(name, text string) {
		t.Helper()
		if n++; strings.TrimSpace(text) == "" {
			t.Errorf("%s has no doc comment", name)
		}
	}
	values := func(all []*doc.Value) {
		for _, v := range all {
			for _, s := range v.Decl.Specs {
				s := s.(*ast.ValueSpec)
				check(s.Names[0].Name, v.Doc+s.Doc.Text()+s.Comment.Text())
			}
		}
	}
	funcs := func(prefix string, all []*doc.Func) {
		for _, f := range all {
			check(prefix+f.Name, f.Doc)
			if !strings.HasPrefix(f.Doc, f.Name+" ") {
				t.Errorf("the comment of %s%s starts with %.30q, not with its name", prefix, f.Name, f.Doc)
			}
		}
	}
	values(p.Consts)
	values(p.Vars)
	funcs("", p.Funcs)
	for _, typ := range p.Types {
		check(typ.Name, typ.Doc)
		values(typ.Consts)
		values(typ.Vars)
		funcs("", typ.Funcs)
		funcs(typ.Name+".", typ.Methods)
	}
	if n < 100 {
		t.Errorf("only %d names found", n)
	}
}

func TestImportsOnlyTheStandardLibrary(t *testing.T) {
	fset, files := source(t)
	for _, f := range files {
		for _, imp := range f.Imports {
			// What takes JSON apart lies below and imports nothing else.
			if path, _ := strconv.Unquote(imp.Path.Value); strings.Contains(path, ".") && !strings.HasSuffix(path, "/chatmodel/internal/rawjson") {
				t.Errorf("%s imports %s", fset.Position(imp.Pos()), path)
			}
		}
	}
}
