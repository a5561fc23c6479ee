package chatmodel_test

import (
	"go/ast"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// What keeps the rooms small: names a package, files a folder, methods a
// receiver. A bound that is broken is a reason to move something, not to
// raise it.

// mostNames bounds the exported top-level identifiers of packages, each
// constant of a group counted, deprecated ones not.
var mostNames = map[string]int{
	"model":               140,
	"bedrock":             60,
	"bedrock/bedrocktest": 60,
	"bedrock/facts":       60,
	"fake":                40,
	"conformance":         40,
	"recordings":          40,
	"runnable":            100,
}

const (
	mostFiles   = 30 // of a folder, without tests
	mostMethods = 25 // of a receiver
)

// crowded are the folders and receivers that are over the bound, and how far
// they may be. Their numbers fall as they are taken apart.
var crowded = map[string]int{}

func TestNamesArePerPackage(t *testing.T) {
	_, all := sources(t)
	for dir, most := range mostNames {
		if n := len(exportedNames(all[dir])); n > most || n == 0 {
			t.Errorf("package %s exports %d names, at most %d do; take one out or move it, the bound stays", dir, n, most)
		}
	}
}

func TestRoomsAreSmall(t *testing.T) {
	_, all := sources(t, modules...)
	sizes := map[string]int{}
	for dir, files := range all {
		sizes[dir] = len(files)
		for receiver, n := range methods(files) {
			sizes[dir+"."+receiver] = n
		}
	}
	for place, n := range sizes {
		most, things := mostFiles, "files"
		if _, isFolder := all[place]; !isFolder {
			most, things = mostMethods, "methods"
		}
		known, isCrowded := crowded[place]
		if isCrowded && n <= most {
			t.Errorf("%s has %d %s and is crowded no longer: take it out of the table", place, n, things)
		}
		if n > max(most, known) {
			t.Errorf("%s has %d %s; at most %d fit", place, n, things, max(most, known))
		}
	}
	for place := range crowded {
		if sizes[place] == 0 {
			t.Errorf("%s is in the table of the crowded and does not exist", place)
		}
	}
}

// TestFileNames checks the one convention: a file is named for its concept in
// one word, and an underscore stands only before what the go command reads.
func TestFileNames(t *testing.T) {
	fset, all := sources(t)
	for dir, files := range all {
		for _, f := range files {
			if name := filepath.Base(fset.Position(f.Pos()).Filename); strings.Contains(name, "_") {
				t.Errorf("%s/%s: the name has an underscore", dir, name)
			}
		}
	}
}

// exportedNames returns the exported top-level identifiers that are not
// deprecated.
func exportedNames(files []*ast.File) (names []string) {
	add := func(name *ast.Ident, docs ...*ast.CommentGroup) {
		for _, d := range docs {
			if strings.Contains(d.Text(), "Deprecated:") {
				return
			}
		}
		if name.IsExported() {
			names = append(names, name.Name)
		}
	}
	for _, f := range files {
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil {
					add(d.Name, d.Doc)
				}
			case *ast.GenDecl:
				if d.Tok == token.IMPORT {
					continue
				}
				for _, spec := range d.Specs {
					switch spec := spec.(type) {
					case *ast.TypeSpec:
						add(spec.Name, d.Doc, spec.Doc)
					case *ast.ValueSpec:
						for _, name := range spec.Names {
							add(name, d.Doc, spec.Doc)
						}
					}
				}
			}
		}
	}
	return names
}

// methods counts the methods of each receiver.
func methods(files []*ast.File) map[string]int {
	n := map[string]int{}
	for _, f := range files {
		for _, d := range f.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && d.Recv != nil {
				n[receiver(d.Recv.List[0].Type)]++
			}
		}
	}
	return n
}

// receiver returns the name of a receiver's type.
func receiver(x ast.Expr) string {
	switch x := x.(type) {
	case *ast.StarExpr:
		return receiver(x.X)
	case *ast.IndexExpr:
		return receiver(x.X)
	case *ast.IndexListExpr:
		return receiver(x.X)
	case *ast.Ident:
		return x.Name
	}
	return ""
}
