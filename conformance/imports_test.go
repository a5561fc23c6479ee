package conformance_test

import (
	"go/build"
	"slices"
	"strings"
	"testing"
)

// TestImports keeps the package free of everything but the standard library,
// package model and package fake.
func TestImports(t *testing.T) {
	const module = "github.com/chatmodel-go/chatmodel/"
	pkg, err := build.ImportDir(".", 0)
	if err != nil {
		t.Fatal(err)
	}
	ours := []string{module + "model", module + "fake"}
	for _, path := range ours {
		if !slices.Contains(pkg.Imports, path) {
			t.Errorf("imports = %q, want %s among them", pkg.Imports, path)
		}
	}
	for _, path := range pkg.Imports {
		domain, _, _ := strings.Cut(path, "/")
		if strings.Contains(domain, ".") && !slices.Contains(ours, path) {
			t.Errorf("package conformance imports %s", path)
		}
	}
}
