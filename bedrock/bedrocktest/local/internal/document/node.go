package document

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// A Take reads a member's value.
type Take = func(*Node) error

// Raw returns the JSON of the value. It must not be modified.
func (n *Node) Raw() json.RawMessage { return json.RawMessage(n.data[n.at:n.end]) }

// Is reports whether the value is of the kind that begins with c: one of { [ "
// t f n, or 0 for numbers.
func (n *Node) Is(c byte) bool {
	first := n.data[n.at]
	if first == '-' || '0' <= first && first <= '9' {
		first = '0'
	}
	return first == c
}

// Problem returns a problem with the value.
func (n *Node) Problem(format string, args ...any) *Problem {
	return problem(n.data, n.at, n.Field, fmt.Sprintf(format, args...))
}

// Within returns a problem with a field inside the value. It has the place of
// the value.
func (n *Node) Within(field string, err error) *Problem {
	p := n.Problem("%s", err.Error())
	if field != "" {
		p.Field += "." + field
	}
	return p
}

// Has reports whether an object has a member.
func (n *Node) Has(name string) bool {
	return slices.ContainsFunc(n.members, func(m member) bool { return m.name == name })
}

// Members passes the members of an object to their takes, in their order.
// Members without a take are problems.
func (n *Node) Members(takes map[string]Take) error {
	if !n.Is('{') {
		return n.Problem("it should be an object")
	}
	for _, m := range n.members {
		take, ok := takes[m.name]
		if !ok {
			names := strings.Join(slices.Sorted(maps.Keys(takes)), ", ")
			return problem(n.data, m.at, m.value.Field, "there is no such member; the members are "+names)
		}
		if err := take(m.value); err != nil {
			return err
		}
	}
	return nil
}

// Items returns the elements of a list.
func (n *Node) Items() ([]*Node, error) {
	if !n.Is('[') {
		return nil, n.Problem("it should be a list")
	}
	return n.items, nil
}

// Text returns a string.
func (n *Node) Text() (s string, err error) {
	if !n.Is('"') {
		return "", n.Problem("it should be a string")
	}
	if err := json.Unmarshal(n.Raw(), &s); err != nil {
		return "", n.Problem("it should be a string: %v", err)
	}
	return s, nil
}

// Texts returns a list of strings.
func (n *Node) Texts() ([]string, error) {
	items, err := n.Items()
	if err != nil {
		return nil, err
	}
	all := make([]string, len(items))
	for i, item := range items {
		if all[i], err = item.Text(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Bool returns true or false.
func (n *Node) Bool() (b bool, err error) {
	if !n.Is('t') && !n.Is('f') {
		return false, n.Problem("it should be true or false")
	}
	return n.Is('t'), nil
}

// Int returns a whole number that is not below least.
func (n *Node) Int(least int) (i int, err error) {
	if !n.Is('0') || json.Unmarshal(n.Raw(), &i) != nil || i < least {
		return 0, n.Problem("it should be a whole number, %d or more", least)
	}
	return i, nil
}

// Duration returns a duration. Its JSON is a string such as "1.5s".
func (n *Node) Duration() (time.Duration, error) {
	s, err := n.Text()
	if err != nil {
		return 0, err
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 {
		return 0, n.Problem(`it should be a duration such as "250ms" or "1.5s"`)
	}
	return d, nil
}

// OneOf returns a string that is one of those given.
func (n *Node) OneOf(all ...string) (string, error) {
	s, err := n.Text()
	if err == nil && !slices.Contains(all, s) {
		return "", n.Problem("it should be one of %s", strings.Join(all, ", "))
	}
	return s, err
}

// Number returns a number that is not negative.
func (n *Node) Number() (f float64, err error) {
	if !n.Is('0') || json.Unmarshal(n.Raw(), &f) != nil || f < 0 {
		return 0, n.Problem("it should be a number, 0 or more")
	}
	return f, nil
}

// Each calls take for each member of an object. Any names are allowed.
func (n *Node) Each(take func(name string, n *Node) error) error {
	if !n.Is('{') {
		return n.Problem("it should be an object")
	}
	for _, m := range n.members {
		if err := take(m.name, m.value); err != nil {
			return err
		}
	}
	return nil
}
