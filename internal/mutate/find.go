package mutate

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strconv"
	"strings"
)

// faultsOf returns all faults that a file could have.
func faultsOf(f *file) []Fault {
	w := &finder{file: f}
	for _, d := range f.ast.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Body == nil || d.Name.Name == "init" {
				continue
			}
			w.function = funcName(d)
			w.walk(d.Body)
		case *ast.GenDecl:
			if d.Tok == token.VAR {
				w.function = ""
				w.walk(d)
			}
		}
	}
	return w.faults
}

// walk visits the nodes below one.
func (f *finder) walk(root ast.Node) {
	ast.Inspect(root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GenDecl:
			return n.Tok == token.VAR // constants must stay constant
		case *ast.ArrayType:
			return false
		case *ast.BlockStmt:
			f.statements(n.List)
		case *ast.CaseClause:
			f.statements(n.Body)
		case *ast.IfStmt:
			f.condition(n.Cond)
		case *ast.ForStmt:
			if n.Cond != nil {
				f.condition(n.Cond)
			}
		case *ast.BinaryExpr:
			f.binary(n)
		case *ast.BasicLit:
			f.literal(n)
		case *ast.Ident:
			f.boolean(n)
		case *ast.CompositeLit:
			return f.composite(n)
		case *ast.ReturnStmt:
			f.result(n)
		}
		return true
	})
}

// statements leaves out single ones.
func (f *finder) statements(list []ast.Stmt) {
	for _, s := range list {
		switch s := s.(type) {
		case *ast.ExprStmt:
			if c, ok := s.X.(*ast.CallExpr); ok && f.source(c.Fun) == "panic" {
				continue // a function may end with it
			}
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE {
				continue
			}
		case *ast.IncDecStmt:
		case *ast.BranchStmt:
			if s.Tok != token.CONTINUE {
				continue
			}
		default:
			continue
		}
		f.add("statement left out", s, "if !fault_.On("+number+") { ", " }")
	}
}

// isBool reports whether an expression is of type bool itself.
func (f *finder) isBool(x ast.Expr) bool {
	t := f.info.TypeOf(x)
	return t != nil && (t == types.Typ[types.Bool] || t == types.Typ[types.UntypedBool])
}

// condition negates the condition of a branch or a loop.
func (f *finder) condition(x ast.Expr) {
	if f.isBool(x) {
		f.add("condition negated", x, "fault_.Not("+number+", ", ")")
	}
}

// instead is a fault by which one boolean expression stands for another. The
// one that is not asked for is not evaluated.
func (f *finder) instead(kind string, x ast.Expr, other string) {
	f.add(kind, x, "func() bool { if fault_.On("+number+") { return "+other+" }; return ", " }()")
}

// binary takes an operator for another, or forgets an operand.
func (f *finder) binary(x *ast.BinaryExpr) {
	if f.info.Types[x].Value != nil {
		return // a constant
	}
	op, ok := opposite[x.Op]
	if !ok {
		return
	}
	left, right := f.source(x.X), f.source(x.Y)
	other := "(" + left + ") " + op.String() + " (" + right + ")"
	kind := fmt.Sprintf("%v for %v", op, x.Op)
	switch x.Op {
	case token.LAND, token.LOR:
		if !f.isBool(x) {
			return
		}
		f.instead(kind, x, other)
		f.instead("left side forgotten", x, right)
		f.instead("right side forgotten", x, left)
	case token.ADD, token.SUB:
		if t, ok := f.info.TypeOf(x).(*types.Basic); ok && t.Kind() == types.Int {
			f.add(kind, x, "func() int { if fault_.On("+number+") { return "+other+" }; return ", " }()")
		}
	default:
		if f.isBool(x) {
			f.instead(kind, x, other)
		}
	}
}

// typeName returns how a type is spelled in the file, false if it can't be.
func (f *finder) typeName(t types.Type) (string, bool) {
	switch t := t.(type) {
	case *types.Basic:
		if t.Info()&types.IsUntyped != 0 {
			return "", false
		}
		return t.Name(), true
	case *types.Named:
		obj := t.Obj()
		if obj.Pkg() == nil || t.TypeArgs().Len() > 0 || obj.Parent() != obj.Pkg().Scope() {
			return "", false
		}
		if obj.Pkg() == f.pkg {
			return obj.Name(), true
		}
		for _, spec := range f.ast.Imports {
			path, _ := strconv.Unquote(spec.Path.Value)
			if path == obj.Pkg().Path() && obj.Exported() && spec.Name == nil {
				return obj.Pkg().Name() + "." + obj.Name(), true
			}
		}
	}
	return "", false
}

// literal takes a number for its neighbour and loses a text.
func (f *finder) literal(x *ast.BasicLit) {
	tv := f.info.Types[x]
	name, ok := f.typeName(tv.Type)
	if !ok || tv.Value == nil {
		return
	}
	basic, ok := tv.Type.Underlying().(*types.Basic)
	if !ok {
		return
	}
	switch {
	case x.Kind == token.STRING && basic.Kind() == types.String:
		if text := constant.StringVal(tv.Value); text == "" || strings.ContainsAny(text, " %") {
			return // nothing to lose, or words for people
		}
		f.add("text lost", x, "fault_.Pick["+name+"]("+number+`, "", `, ")")
	case x.Kind == token.INT && basic.Info()&types.IsInteger != 0, x.Kind == token.CHAR:
		n, exact := constant.Int64Val(constant.ToInt(tv.Value))
		if !exact || basic.Kind() == types.Uint8 && n == 255 {
			return
		}
		f.add("number off by one", x, fmt.Sprintf("fault_.Pick[%s](%s, %d, ", name, number, n+1), ")")
	}
}

// boolean takes true for false.
func (f *finder) boolean(x *ast.Ident) {
	if c, ok := f.info.Uses[x].(*types.Const); ok && c.Parent() == types.Universe && (x.Name == "true" || x.Name == "false") {
		if f.info.TypeOf(x) == types.Typ[types.Bool] || f.info.TypeOf(x) == types.Typ[types.UntypedBool] {
			f.add("true for false", x, "fault_.Not("+number+", ", ")")
		}
	}
}

// composite does not set a field. It reports whether to look at what is
// inside: the keys of arrays must stay constant.
func (f *finder) composite(x *ast.CompositeLit) bool {
	t := f.info.TypeOf(x)
	if t == nil {
		return false
	}
	switch t.Underlying().(type) {
	case *types.Struct:
		for _, e := range x.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok {
				f.field(kv.Value)
			}
		}
	case *types.Array:
		return false
	}
	return true
}

// field leaves a field of a composite literal at its zero value.
func (f *finder) field(v ast.Expr) {
	tv := f.info.Types[v]
	if tv.Value != nil || tv.IsNil() {
		return
	}
	switch v.(type) {
	case *ast.FuncLit, *ast.CompositeLit:
		return
	}
	if t, ok := tv.Type.(*types.Basic); ok && t.Info()&types.IsUntyped != 0 {
		return
	}
	f.add("field not set", v, "fault_.Zero("+number+", ", ")")
}

// result swallows an error and negates a yes or no.
func (f *finder) result(s *ast.ReturnStmt) {
	for i, r := range s.Results {
		tv := f.info.Types[r]
		switch {
		case f.isBool(r) && tv.Value == nil:
			f.add("result negated", r, "fault_.Not("+number+", ", ")")
		case i == len(s.Results)-1 && !tv.IsNil() && types.Identical(tv.Type, types.Universe.Lookup("error").Type()):
			f.add("error swallowed", r, "fault_.Zero("+number+", ", ")")
		}
	}
}
