package probe

import (
	"fmt"
	"slices"
)

// A Change is something that two reports saw differently.
type Change struct {
	Name   string // of the fact, of a rule, or a kind of fault in streams
	Before string
	After  string
}

// String says what has changed.
func (c Change) String() string {
	return fmt.Sprintf("%s: %s, then %s", c.Name, quoted(c.Before), quoted(c.After))
}

// Diff returns what has changed from one report to a later one: the facts that
// both have seen, and the rules that an endpoint lets pass. What only one of
// them has seen is no change. It is in the order of the later report.
func Diff(before, after *Report) []Change {
	var all []Change
	for _, now := range after.Of(Agrees, Differs, New) {
		i := slices.IndexFunc(before.Findings, func(f Finding) bool { return f.Fact == now.Fact })
		if i < 0 {
			continue
		}
		switch was := &before.Findings[i]; was.Verdict {
		case Agrees, Differs, New:
			if in := shown[now.Fact]; in == nil || !same(in(&noFacts), was.Seen, now.Seen) {
				all = append(all, Change{now.Fact, was.Seen, now.Seen})
			}
		}
	}
	if before.Score == nil || after.Score == nil {
		return all
	}
	was, now := before.Score.lapses(), after.Score.lapses()
	for name := range now {
		if was[name] == "" {
			was[name] = "as the service"
		}
	}
	for name := range was {
		if now[name] == "" {
			now[name] = "as the service"
		}
	}
	var names []string
	for name := range now {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if was[name] != now[name] {
			all = append(all, Change{name, was[name], now[name]})
		}
	}
	return all
}

// lapses returns what a score has found, by names.
func (s *Scores) lapses() map[string]string {
	all := map[string]string{}
	for _, l := range s.Passed {
		all[l.Rule+", "+l.About] = "passed"
	}
	for _, l := range s.Refused {
		all[l.About] = "refused"
	}
	for _, l := range s.Other {
		all[l.Rule+", "+l.About] = "refused otherwise"
	}
	for _, f := range s.Faults {
		all["streams, "+f.Kind] = "faulty"
	}
	return all
}
