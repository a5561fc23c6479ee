package chatmodel_test

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// What holds for the whole module: who may import whom, that everything
// exported is documented, and that the README tells the truth.

const module = "github.com/chatmodel-go/chatmodel/"

// imports says what the packages of the module may import besides the standard
// library, by prefix. A package that is not listed is a mistake.
var imports = map[string][]string{
	".":                           {},
	"model":                       {module + "internal/rawjson"},
	"model/internal/account":      {module + "model"},
	"model/observe":               {module + "model"},
	"model/limit":                 {module + "model"},
	"model/budget":                {module + "model"},
	"model/shorten":               {module + "model"},
	"model/meter":                 {module + "model"},
	"model/cache":                 {module + "model"},
	"model/lower":                 {module + "internal/jsonpointer"},
	"model/schema":                {module + "internal/rawjson", module + "internal/jsonfield", "github.com/google/jsonschema-go/", module + "internal/jsonpointer"},
	"fake":                        {module + "internal/rawjson", module + "model", module + "fake/internal/sample", module + "internal/promptcache"},
	"fake/internal/sample":        {module + "internal/jsonpointer"},
	"conformance":                 {module + "model", module + "fake", module + "conformance/internal/"},
	"conformance/internal/show":   {module + "model"},
	"conformance/internal/prompt": {module + "model", module + "conformance/internal/show"},
	"conformance/internal/laws":   {module + "model", module + "conformance/internal/show", module + "conformance/internal/prompt"},
	"conformance/internal/probe": {module + "model", module + "fake", module + "conformance/internal/show",
		module + "conformance/internal/prompt", module + "conformance/internal/laws"},
	"runnable":                 {module + "internal/rawjson", module + "model", module + "internal/jsonfield", "golang.org/x/sync/"},
	"internal/eventstream":     {},
	"internal/golden":          {},
	"internal/jsonfield":       {},
	"internal/promptcache":     {module + "model"},
	"internal/jsonpointer":     {},
	"internal/outside":         {},
	"internal/recorded":        {module + "model", module + "bedrock", module + "recordings", "github.com/aws/"},
	"internal/mutate":          {},
	"internal/mutate/fault":    {},
	"recordings":               {module + "internal/eventstream", "gopkg.in/dnaeon/go-vcr.v4/", "go.yaml.in/yaml/"},
	"bedrock":                  {module + "internal/rawjson", module + "model", module + "bedrock/facts", module + "bedrock/internal/", module + "internal/eventstream", "github.com/aws/"},
	"bedrock/facts":            {module + "bedrock/internal/modelid"},
	"bedrock/internal/modelid": {},
	"bedrock/internal/direct":  {},
	"bedrock/internal/inline":  {},
	"bedrock/internal/media":   {},
	"bedrock/internal/ttl":     {},
	"internal/rawjson":         {},
	"bedrock/internal/wire":    {module + "internal/rawjson"},
	"bedrock/internal/blocks":  {module + "internal/rawjson", module + "model", module + "bedrock/internal/wire", module + "bedrock/internal/media", module + "bedrock/internal/ttl"},
	"bedrock/internal/plan": {module + "model", module + "bedrock/facts", module + "internal/rawjson",
		module + "bedrock/internal/media", module + "bedrock/internal/modelid", module + "bedrock/internal/ttl", module + "bedrock/internal/plan/internal/names"},
	"bedrock/internal/plan/internal/names": {},
	"bedrock/internal/refusal":             {module + "bedrock/facts"},
	"bedrock/internal/converse":            {module + "internal/rawjson", module + "model", module + "bedrock/facts", module + "bedrock/internal/"},
	"bedrock/internal/native":              {module + "internal/rawjson", module + "model", module + "bedrock/internal/", module + "internal/jsonpointer"},
	"bedrock/internal/native/nativetest":   {module + "model"},
	"bedrock/internal/anthropic":           {module + "internal/rawjson", module + "model", module + "bedrock/facts", module + "bedrock/internal/"},
	"bedrock/internal/openai":              {module + "internal/rawjson", module + "model", module + "bedrock/facts", module + "bedrock/internal/"},
	"bedrock/internal/prompt":              {module + "internal/rawjson", module + "model", module + "bedrock/internal/"},
	"bedrock/bedrocktest":                  {module + "internal/rawjson", module + "model", module + "fake", module + "bedrock", module + "internal/eventstream", "github.com/aws/", module + "internal/promptcache"},

	"bedrock/bedrocktest/local":                   {module + "model", module + "bedrock/bedrocktest", module + "recordings", "github.com/aws/"},
	"bedrock/bedrocktest/backend":                 {module + "model", module + "bedrock", module + "internal/eventstream", "github.com/aws/"},
	"bedrock/bedrocktest/local/internal/document": {},
	"bedrock/bedrocktest/local/internal/answers": {module + "model", module + "fake", module + "recordings", module + "internal/recorded",
		module + "bedrock/internal/blocks", module + "bedrock/bedrocktest"},

	"bedrock/probe": {module + "model", module + "fake", module + "bedrock", module + "internal/eventstream", "github.com/aws/"},

	// What the test server believes is its own, not the client's.
	"bedrock/bedrocktest/internal/rules":    {module + "model", module + "bedrock/internal/modelid"},
	"bedrock/bedrocktest/internal/catalog":  {module + "bedrock/bedrocktest/internal/rules", module + "bedrock/internal/modelid"},
	"bedrock/bedrocktest/internal/seal":     {module + "bedrock/bedrocktest/internal/rules"},
	"bedrock/bedrocktest/internal/prompt":   {module + "model", module + "bedrock", module + "internal/promptcache"},
	"bedrock/bedrocktest/load":              {module + "model", module + "bedrock/internal/modelid"},
	"bedrock/bedrocktest/internal/rulesdoc": {module + "bedrock/bedrocktest/internal/rules"},
}

// groups is what each group of conformance's cases may import: not one another.
var groups = []string{module + "model", module + "fake", module + "conformance/internal/probe",
	module + "conformance/internal/show", module + "conformance/internal/prompt", module + "conformance/internal/laws"}

// refused are packages that fit a prefix above all the same.
var refused = map[string][]string{
	"fake":        {module + "model/schema"},
	"conformance": {module + "model/schema"},
	"bedrock":     {module + "model/schema", module + "bedrock/bedrocktest"},
}

func TestImportGraph(t *testing.T) {
	_, all := sources(t)
	for dir, files := range all {
		if strings.HasPrefix(dir, "examples/") || strings.HasPrefix(dir, "cmd/") || dir == "internal/speed" || dir == "internal/soak" || dir == "recordings/internal/rerecord" || dir == "recordings/fakescript" {
			continue // programs may use everything
		}
		allowed, ok := imports[dir]
		if group := strings.HasPrefix(dir, "conformance/internal/"); group && !ok {
			allowed, ok = groups, true
		}
		if !ok {
			t.Errorf("package %s is not in the table of imports; say what it may import", dir)
			continue
		}
		for _, f := range files {
			for _, spec := range f.Imports {
				name, _ := strconv.Unquote(spec.Path.Value)
				fits := func(prefix string) bool { return strings.HasPrefix(name+"/", strings.TrimSuffix(prefix, "/")+"/") }
				std := !strings.Contains(strings.Split(name, "/")[0], ".")
				if std || slices.ContainsFunc(allowed, fits) && !slices.ContainsFunc(refused[dir], fits) {
					continue
				}
				t.Errorf("%s imports %s, which it must not", dir, name)
			}
		}
	}
}

func TestEverythingIsDocumented(t *testing.T) {
	fset, all := sources(t)
	for dir, files := range all {
		if strings.Contains(dir, "internal/") {
			continue
		}
		p, err := doc.NewFromFiles(fset, files, module+dir, doc.PreserveAST)
		if err != nil {
			t.Fatal(err)
		}
		if p.Doc == "" {
			t.Errorf("package %s has no documentation, or it has come loose from its package clause", dir)
		}
		if p.Name == "main" {
			continue
		}
		undocumented := func(kind, name, text string) {
			if text == "" && ast.IsExported(name) {
				t.Errorf("%s: %s %s has no documentation", dir, kind, name)
			}
		}
		for _, f := range p.Funcs {
			undocumented("func", f.Name, f.Doc)
		}
		for _, typ := range p.Types {
			undocumented("type", typ.Name, typ.Doc)
			for _, f := range append(typ.Funcs, typ.Methods...) {
				undocumented("func", f.Name, f.Doc)
			}
		}
		for _, v := range append(p.Consts, p.Vars...) {
			for _, spec := range v.Decl.Specs {
				spec := spec.(*ast.ValueSpec)
				undocumented("value", spec.Names[0].Name, v.Doc+spec.Doc.Text()+spec.Comment.Text())
			}
		}
	}
}

// TestREADME compares the README's program with the one that is built.
func TestREADME(t *testing.T) {
	readme := read(t, "README.md")
	_, rest, ok := strings.Cut(readme, "```go\n")
	program, _, ok2 := strings.Cut(rest, "```")
	if !ok || !ok2 {
		t.Fatal("the README holds no Go program")
	}
	_, want, _ := strings.Cut(read(t, "examples/hello/main.go"), "// Hello is the program of the README.\n")
	if program != want {
		t.Errorf("the README's program is not that of examples/hello:\n%s", program)
	}
	if n := strings.Count(program, "\n"); n > 30 {
		t.Errorf("the README's program has %d lines; a newcomer reads 25", n)
	}
	_, all := sources(t)
	for dir := range all {
		if top, _, nested := strings.Cut(dir, "/"); !nested && top != "." && !strings.Contains(readme, "`"+top+"`") {
			t.Errorf("the README does not speak of package %s", top)
		}
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// modules are the directories that are modules of their own and hold a public
// package.
var modules = []string{"otelmodel", "mcptools", "bedrock/batch"}

// sources returns the files of all packages but tests, by directory: those of this
// module, and of the modules that lie in more. They are parsed once for all tests,
// which do not change them.
func sources(t *testing.T, more ...string) (*token.FileSet, map[string][]*ast.File) {
	t.Helper()
	all := make(map[string][]*ast.File)
	for _, root := range append([]string{"."}, more...) {
		if parsed[root] == nil {
			files := make(map[string][]*ast.File)
			parse(t, positions, root, files)
			parsed[root] = files
		}
		maps.Copy(all, parsed[root])
	}
	return positions, all
}

var (
	positions = token.NewFileSet()
	parsed    = map[string]map[string][]*ast.File{} // by the root of a module
)

// parse adds the files of the module that lies in root.
func parse(t *testing.T, fset *token.FileSet, root string, all map[string][]*ast.File) {
	t.Helper()
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch base := path.Base(name); {
		case err != nil:
			return err
		case d.IsDir() && (base == "testdata" || strings.HasPrefix(base, ".") && base != "." || name != root && isModule(name)):
			return filepath.SkipDir
		case d.IsDir(), !strings.HasSuffix(base, ".go"), strings.HasSuffix(base, "_test.go"):
			return nil
		}
		f, err := parser.ParseFile(fset, name, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		dir := filepath.ToSlash(filepath.Dir(name))
		all[dir] = append(all[dir], f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// isModule reports whether a directory is the root of a module of its own.
func isModule(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil
}
