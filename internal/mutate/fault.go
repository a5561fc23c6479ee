package mutate

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"strings"
)

// A Fault is a change to a line that its author might have made by mistake.
type Fault struct {
	N    int    // its number; see package fault
	File string // below the directory of the set, with slashes
	Line int
	Func string // the function or method, such as "planner.turns"; empty at package level
	Kind string // what was done, such as "condition negated"
	Code string // the code that it was done to, shortened to a line

	start, end    int // of that code, in bytes
	before, after string
}

// Place names where a fault is by words that other changes to the file leave
// alone: file, function, kind and code.
func (f Fault) Place() string { return f.File + " " + f.Func + " | " + f.Kind + " | " + f.Code }

// String returns the fault in a line of text.
func (f Fault) String() string {
	return fmt.Sprintf("%d %s:%d %s | %s | %s", f.N, f.File, f.Line, f.Func, f.Kind, f.Code)
}

// compare orders faults by their places in the code.
func (f Fault) compare(g Fault) int {
	return cmp.Or(cmp.Compare(f.File, g.File), cmp.Compare(f.start, g.start), cmp.Compare(f.end, g.end),
		cmp.Compare(f.Kind, g.Kind), cmp.Compare(f.before, g.before))
}

// number stands in the text of a fault for its number.
const number = "\x00"

// A finder walks a file and collects faults.
type finder struct {
	*file
	function string
	faults   []Fault
}

// add notes a fault of the code between two positions: text before and after
// it, with the number left open.
func (f *finder) add(kind string, n ast.Node, before, after string) {
	start, end := f.fset.Position(n.Pos()), f.fset.Position(n.End())
	f.faults = append(f.faults, Fault{
		File: f.name, Line: start.Line, Func: f.function, Kind: kind, Code: oneLine(string(f.src[start.Offset:end.Offset])),
		start: start.Offset, end: end.Offset, before: before, after: after,
	})
}

// source returns the code of a node.
func (f *finder) source(n ast.Node) string {
	return string(f.src[f.fset.Position(n.Pos()).Offset:f.fset.Position(n.End()).Offset])
}

// oneLine returns code in one line, cut if it is long.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 90 {
		return string(r[:90]) + "…"
	}
	return s
}

// funcName returns the name of a function, with its receiver's type.
func funcName(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return d.Name.Name
	}
	t := d.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
			continue
		case *ast.IndexExpr:
			t = x.X
			continue
		case *ast.Ident:
			return x.Name + "." + d.Name.Name
		}
		return d.Name.Name
	}
}

// opposite are the operators that are easily taken for one another.
var opposite = map[token.Token]token.Token{
	token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR,
	token.EQL: token.NEQ, token.NEQ: token.EQL, token.LAND: token.LOR, token.LOR: token.LAND,
	token.ADD: token.SUB, token.SUB: token.ADD,
}
