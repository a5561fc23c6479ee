package fake_test

import (
	"go/build"
	"slices"
	"strings"
	"testing"
)

// TestImports keeps the package free of everything but the standard library,
// package model, and what is its own.
func TestImports(t *testing.T) {
	pkg, err := build.ImportDir(".", 0)
	if err != nil {
		t.Fatal(err)
	}
	const module = "github.com/chatmodel-go/chatmodel/"
	ours := []string{module + "internal/rawjson", module + "model", module + "fake/internal/sample", module + "internal/promptcache"}
	if !slices.Contains(pkg.Imports, module+"model") {
		t.Errorf("imports = %q, want package model among them", pkg.Imports)
	}
	for _, path := range pkg.Imports {
		domain, _, _ := strings.Cut(path, "/")
		if strings.Contains(domain, ".") && !slices.Contains(ours, path) {
			t.Errorf("package fake imports %s", path)
		}
	}
}
