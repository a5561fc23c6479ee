package fake_test

import (
	"go/build"
	"slices"
	"strings"
	"testing"
)

// TestImports keeps the package free of everything but the standard library
// and package model.
func TestImports(t *testing.T) {
	pkg, err := build.ImportDir(".", 0)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(pkg.Imports, "github.com/chatmodel-go/chatmodel/model") {
		t.Errorf("imports = %q, want package model among them", pkg.Imports)
	}
	for _, path := range pkg.Imports {
		domain, _, _ := strings.Cut(path, "/")
		if strings.Contains(domain, ".") && path != "github.com/chatmodel-go/chatmodel/model" {
			t.Errorf("package fake imports %s", path)
		}
	}
}
