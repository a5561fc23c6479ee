package runnable

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"
)

// A checker walks a template as text/template will, with types in the place
// of values, and finds the fields that do not exist. A nil type is one that is
// known only when the template is filled; nothing is found wrong with it.
type checker struct {
	tmpl    *template.Template
	vars    []*variable
	visited map[visit]bool
}

// A variable is one of the template, such as $x, and the type of its value.
type variable struct {
	name string
	typ  reflect.Type
}

// A visit is a template called with a type. Templates may call themselves.
type visit struct {
	name string
	typ  reflect.Type
}

// template checks a defined template called with dot.
func (c *checker) template(name string, dot reflect.Type) error {
	t := c.tmpl.Lookup(name)
	if t == nil || t.Tree == nil {
		return fmt.Errorf("there is no template %q", name)
	}
	if v := (visit{name, dot}); !c.visited[v] {
		c.visited[v] = true
		outer := c.vars
		defer func() { c.vars = outer }()
		c.vars = []*variable{{"$", dot}}
		return c.node(dot, t.Tree.Root)
	}
	return nil
}

// node checks a node and all that is in it. Dot is the type of the value that
// the node sees as {{.}}.
func (c *checker) node(dot reflect.Type, node parse.Node) error {
	switch n := node.(type) {
	case *parse.ListNode:
		if n == nil {
			return nil
		}
		for _, child := range n.Nodes {
			if err := c.node(dot, child); err != nil {
				return err
			}
		}
	case *parse.ActionNode:
		_, err := c.pipe(dot, n.Pipe)
		return err
	case *parse.TemplateNode:
		arg, err := c.pipe(dot, n.Pipe)
		if err != nil {
			return err
		}
		return c.template(n.Name, arg)
	case *parse.IfNode:
		return c.branch(dot, &n.BranchNode, func(reflect.Type) (reflect.Type, error) { return dot, nil })
	case *parse.WithNode:
		return c.branch(dot, &n.BranchNode, func(t reflect.Type) (reflect.Type, error) { return t, nil })
	case *parse.RangeNode:
		return c.branch(dot, &n.BranchNode, func(t reflect.Type) (reflect.Type, error) { return c.ranged(t, n) })
	}
	return nil // text, comments, break and continue
}

// branch checks an if, with or range. Inner returns the dot of its list.
func (c *checker) branch(dot reflect.Type, n *parse.BranchNode, inner func(reflect.Type) (reflect.Type, error)) error {
	outer := c.vars
	defer func() { c.vars = outer }()
	t, err := c.pipe(dot, n.Pipe)
	if err != nil {
		return err
	}
	listDot, err := inner(t)
	if err != nil {
		return err
	}
	if err := c.node(listDot, n.List); err != nil {
		return err
	}
	return c.node(dot, n.ElseList)
}

// ranged returns the type of the items of t and sets the variables of a range.
func (c *checker) ranged(t reflect.Type, n *parse.RangeNode) (reflect.Type, error) {
	key, item, err := itemsOf(t)
	if err != nil {
		return nil, fmt.Errorf("{{range %s}}: %w", n.Pipe, err)
	}
	decl := n.Pipe.Decl
	switch len(decl) {
	case 1:
		c.set(decl[0].Ident[0], item)
	case 2:
		c.set(decl[0].Ident[0], key)
		c.set(decl[1].Ident[0], item)
	}
	return item, nil
}

// itemsOf returns the types of the two values that {{range}} yields over a t:
// nil if only the value decides. It is an error if t cannot be ranged over.
func itemsOf(t reflect.Type) (key, item reflect.Type, err error) {
	if t = elemOfPointers(t); t == nil {
		return nil, nil, nil
	}
	switch t.Kind() {
	case reflect.Slice, reflect.Array, reflect.Chan:
		return reflect.TypeFor[int](), t.Elem(), nil
	case reflect.Map:
		return t.Key(), t.Elem(), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return t, t, nil
	case reflect.Func, reflect.Interface:
		return nil, nil, nil
	}
	return nil, nil, fmt.Errorf("cannot range over a %s", t)
}

// set declares a variable in the current scope.
func (c *checker) set(name string, t reflect.Type) {
	c.vars = append(c.vars[:len(c.vars):len(c.vars)], &variable{name, t})
}

// assign gives a variable another value. Whether that happens depends on the
// branch, so a variable of two types has one that is not known.
func (c *checker) assign(name string, t reflect.Type) {
	if v := c.lookup(name); v != nil && v.typ != t {
		v.typ = nil
	}
}

// lookup returns the innermost variable of a name, nil if there is none.
func (c *checker) lookup(name string) *variable {
	for _, v := range slices.Backward(c.vars) {
		if v.name == name {
			return v
		}
	}
	return nil
}

// pipe returns the type of a pipeline's value.
func (c *checker) pipe(dot reflect.Type, p *parse.PipeNode) (t reflect.Type, err error) {
	if p == nil {
		return nil, nil
	}
	for _, cmd := range p.Cmds {
		if t, err = c.command(dot, cmd); err != nil {
			return nil, fmt.Errorf("{{%s}}: %w", p, err)
		}
	}
	for _, v := range p.Decl {
		if p.IsAssign {
			c.assign(v.Ident[0], t)
		} else {
			c.set(v.Ident[0], t)
		}
	}
	return t, nil
}

// command returns the type of a command's value.
func (c *checker) command(dot reflect.Type, cmd *parse.CommandNode) (reflect.Type, error) {
	args := make([]reflect.Type, len(cmd.Args))
	for i, arg := range cmd.Args {
		t, err := c.arg(dot, arg)
		if err != nil {
			return nil, err
		}
		args[i] = t
	}
	if id, ok := cmd.Args[0].(*parse.IdentifierNode); ok {
		return resultOf(id.Ident, args[1:])
	}
	return args[0], nil
}

// arg returns the type of an operand.
func (c *checker) arg(dot reflect.Type, node parse.Node) (reflect.Type, error) {
	switch n := node.(type) {
	case *parse.DotNode:
		return dot, nil
	case *parse.FieldNode:
		return c.fields(dot, "", n.Ident)
	case *parse.VariableNode:
		var t reflect.Type
		if v := c.lookup(n.Ident[0]); v != nil {
			t = v.typ
		}
		return c.fields(t, n.Ident[0], n.Ident[1:])
	case *parse.ChainNode:
		t, err := c.arg(dot, n.Node)
		if err != nil {
			return nil, err
		}
		return c.fields(t, "("+n.Node.String()+")", n.Field)
	case *parse.PipeNode:
		return c.pipe(dot, n)
	case *parse.StringNode:
		return reflect.TypeFor[string](), nil
	case *parse.BoolNode:
		return reflect.TypeFor[bool](), nil
	case *parse.NumberNode:
		if n.IsInt {
			return reflect.TypeFor[int](), nil
		}
		return reflect.TypeFor[float64](), nil
	}
	return nil, nil
}

// fields follows names from t.
func (c *checker) fields(t reflect.Type, base string, names []string) (reflect.Type, error) {
	for i, name := range names {
		next, err := member(t, name)
		if err != nil {
			return nil, fmt.Errorf("field %s.%s: %w", base, strings.Join(names[:i+1], "."), err)
		}
		t = next
	}
	return t, nil
}

// member returns the type of a field, of a method's result, or of a map's
// items.
func member(t reflect.Type, name string) (reflect.Type, error) {
	if t == nil {
		return nil, nil
	}
	base := t
	for base.Kind() == reflect.Pointer {
		base = base.Elem()
	}
	if base.Kind() != reflect.Interface {
		base = reflect.PointerTo(base)
	}
	if m, ok := base.MethodByName(name); ok {
		if m.Type.NumOut() == 0 {
			return nil, fmt.Errorf("method %s of %s returns nothing", name, t)
		}
		return m.Type.Out(0), nil
	}
	return fieldOf(t, name)
}

// resultOf returns the type of the result of a function of text/template.
func resultOf(name string, args []reflect.Type) (reflect.Type, error) {
	switch name {
	case "len":
		return reflect.TypeFor[int](), nil
	case "eq", "ne", "lt", "le", "gt", "ge", "not":
		return reflect.TypeFor[bool](), nil
	case "print", "printf", "println", "html", "js", "urlquery":
		return reflect.TypeFor[string](), nil
	case "index":
		return indexed(args)
	case "slice":
		if len(args) > 0 {
			return args[0], nil
		}
	}
	return nil, nil // and, or, call
}

// indexed returns the type of an item, or of an item of an item.
func indexed(args []reflect.Type) (reflect.Type, error) {
	if len(args) == 0 {
		return nil, nil
	}
	t := args[0]
	for range args[1:] {
		if t = elemOfPointers(t); t == nil {
			return nil, nil
		}
		switch t.Kind() {
		case reflect.Slice, reflect.Array, reflect.Map:
			t = t.Elem()
		case reflect.String:
			t = reflect.TypeFor[byte]()
		default:
			return nil, nil
		}
	}
	return t, nil
}
