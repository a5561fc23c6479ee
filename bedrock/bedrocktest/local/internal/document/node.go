package document

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// A Take takes a member's value.
type Take = func(*Node) error

// Raw returns the JSON of the value, which is the document's own memory.
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

// Problem describes what is wrong with the value.
func (n *Node) Problem(format string, args ...any) *Problem {
	return problem(n.data, n.at, n.Field, fmt.Sprintf(format, args...))
}

// Within describes what is wrong at a field inside of the value, of which no
// more is known than its place.
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

// Int returns a whole number that is at least least.
func (n *Node) Int(least int) (i int, err error) {
	if !n.Is('0') || json.Unmarshal(n.Raw(), &i) != nil || i < least {
		return 0, n.Problem("it should be a whole number from %d", least)
	}
	return i, nil
}

// Duration returns a length of time, which is a string such as "1.5s".
func (n *Node) Duration() (time.Duration, error) {
	s, err := n.Text()
	if err != nil {
		return 0, err
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 {
		return 0, n.Problem(`it should be a time such as "250ms" or "1.5s"`)
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
		return 0, n.Problem("it should be a number from 0")
	}
	return f, nil
}

// Each passes on the members of an object that may have any names.
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
