package mutate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

// A Set is Go packages and the faults that could be put into them.
type Set struct {
	files  map[string]*file // by path
	faults []Fault
}

// A file is a source file of the packages.
type file struct {
	pkg  *types.Package
	info *types.Info
	fset *token.FileSet
	ast  *ast.File
	src  []byte
	path string // absolute
	name string // below the set's directory, with slashes
}

// listed is what go list says of a package.
type listed struct {
	ImportPath, Dir, Export string
	GoFiles                 []string
	DepOnly                 bool
}

// Load reads the packages that patterns match, as go list does in dir, and
// finds where faults can be. If keep is not nil, only files that it accepts
// get faults; it is called with paths below dir, with slashes.
func Load(dir string, patterns []string, keep func(file string) bool) (*Set, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	all, err := list(dir, patterns)
	if err != nil {
		return nil, err
	}
	exports := map[string]string{}
	for _, p := range all {
		exports[p.ImportPath] = p.Export
	}
	s := &Set{files: map[string]*file{}}
	for _, p := range all {
		if p.DepOnly {
			continue
		}
		files, err := check(p, exports)
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			rel, err := filepath.Rel(dir, f.path)
			if err != nil {
				return nil, err
			}
			f.name = filepath.ToSlash(rel)
			if keep != nil && !keep(f.name) {
				continue
			}
			s.files[f.name] = f
			s.faults = append(s.faults, faultsOf(f)...)
		}
	}
	slices.SortStableFunc(s.faults, func(a, b Fault) int { return a.compare(b) })
	return s, nil
}

// list runs go list with dependencies and their export data.
func list(dir string, patterns []string) ([]listed, error) {
	cmd := exec.Command("go", append([]string{"list", "-deps", "-export", "-json=ImportPath,Dir,Export,GoFiles,DepOnly"}, patterns...)...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w: %s", err, stderr.Bytes())
	}
	var all []listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		all = append(all, p)
	}
}

// check parses a package and checks its types.
func check(p listed, exports map[string]string) ([]*file, error) {
	fset := token.NewFileSet()
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{},
	}
	var files []*file
	var trees []*ast.File
	for _, name := range p.GoFiles {
		path := filepath.Join(p.Dir, name)
		src, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		tree, err := parser.ParseFile(fset, path, src, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, &file{info: info, fset: fset, ast: tree, src: src, path: path})
		trees = append(trees, tree)
	}
	lookup := func(path string) (io.ReadCloser, error) {
		if exports[path] == "" {
			return nil, fmt.Errorf("no export data of %s", path)
		}
		return os.Open(exports[path])
	}
	config := types.Config{Importer: importer.ForCompiler(fset, "gc", lookup)}
	pkg, err := config.Check(p.ImportPath, fset, trees, info)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		f.pkg = pkg
	}
	return files, nil
}
