package conformance

import (
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
)

// An ID identifies a case, such as "THK-06". It never changes, so that
// [Subject].Gaps can refer to it.
type ID string

// A Case is one rule that every model keeps, and the check that shows it.
type Case struct {
	ID    ID
	Group string // the room and the subtest it is in, such as "thinking"
	Name  string // of its subtest, such as "SignatureRoundTrip"
	Rule  string // in words

	// Needs lists what a subject must claim for the case to apply.
	Needs []Capability

	// Unless, if not empty, is a capability that the subject must not claim
	// for the case to apply: the case is about models without it.
	Unless Capability

	check    func(*probe.Probe)
	recorded bool // the case runs on recorded and live conversations, not on a script
}

// caseIn returns a case of a group.
func caseIn(group string, c probe.Case) Case {
	needs := make([]Capability, len(c.Needs))
	for i, n := range c.Needs {
		needs[i] = Capability(n)
	}
	return Case{
		ID: ID(c.ID), Group: group, Name: c.Name, Rule: c.Rule, Needs: needs, Unless: Capability(c.Unless),
		check: c.Check, recorded: c.Recorded,
	}
}

// Cases returns all cases in the order in which they run. The caller may
// change the result.
func Cases() []Case {
	all := slices.Clone(allCases())
	for i := range all {
		all[i].Needs = slices.Clone(all[i].Needs)
	}
	return all
}

// allCases makes the cases once, for those who don't change them.
var allCases = sync.OnceValue(func() []Case {
	var all []Case
	for _, g := range groups {
		for _, c := range g.cases() {
			all = append(all, caseIn(g.name, c))
		}
	}
	return all
})

// Where returns the file and line of the case's check.
func (c Case) Where() string {
	f := runtime.FuncForPC(reflect.ValueOf(c.check).Pointer())
	if f == nil {
		return ""
	}
	file, line := f.FileLine(f.Entry())
	file = strings.ReplaceAll(file, `\`, "/")
	if _, below, ok := strings.Cut(file, "/conformance/"); ok {
		file = below
	}
	return fmt.Sprintf("conformance/%s:%d", file, line)
}

// applies returns why a case does not apply to a subject, empty if it does.
func (c *Case) applies(s *Subject) string {
	switch {
	case c.recorded && len(s.Conversations) == 0:
		return "the subject has no conversations"
	case !c.recorded && s.New == nil:
		return "the subject plays no script"
	case c.Unless != "" && s.Capabilities.claim(c.Unless):
		return "the subject claims " + string(c.Unless)
	}
	missing := slices.DeleteFunc(slices.Clone(c.Needs), s.Capabilities.claim)
	if len(missing) == 0 {
		return ""
	}
	words := make([]string, len(missing))
	for i, m := range missing {
		words[i] = string(m)
	}
	return "the subject does not claim " + strings.Join(words, ", ")
}
