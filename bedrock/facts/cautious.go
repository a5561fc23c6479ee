package facts

import "slices"

// riskier are the facts in which a larger number promises less.
var riskier = map[string]bool{"limits.min_output": true, "thinking.budget_min": true, "cache.min_tokens": true, "sampling.top_p_min": true}

// promises are the lists of things that a model takes: the cautious list is the
// shorter one. The other lists are of things that it does not take, or that must
// be looked for, for which it is the other way round.
var promises = map[string]bool{"thinking.efforts": true, "ids.geographies": true}

// cautious makes each fact of f the more cautious one of f's and other's: no
// before unknown before yes, the lesser limit, what both know.
func (f *Facts) cautious(other *Facts) {
	for _, n := range names() {
		before := show(n.in(f))
		if before == show(n.in(other)) {
			continue
		}
		switch p := n.in(f).(type) {
		case *Support:
			q := *n.in(other).(*Support)
			switch {
			case *p == no || q == no:
				*p = no
			default:
				*p = unknown
			}
		case *bool: // a rule that must be kept
			*p = true
		case *int:
			*p = lesser(*p, *n.in(other).(*int), riskier[n.text])
		case *float64:
			*p = lesser(*p, *n.in(other).(*float64), riskier[n.text])
		case *ThinkingDefault:
			*p = max(*p, *n.in(other).(*ThinkingDefault))
		case *ThinkingStyle:
			*p = ThinkingStyleUnknown
		case *[]string:
			q := *n.in(other).(*[]string)
			if promises[n.text] {
				*p = common(*p, q)
			} else {
				*p = slices.Compact(slices.Sorted(slices.Values(slices.Concat(*p, q))))
			}
		}
		switch now := show(n.in(f)); {
		case now == "":
			delete(f.sources, n.text)
		case now == show(n.in(other)):
			f.sources[n.text] = other.sources[n.text]
		case now != before:
			s := f.sources[n.text]
			s.Name, s.Value = n.text, now
			f.sources[n.text] = s
		}
	}
}

// lesser returns the lesser or the greater one. Zero is not known.
func lesser[T int | float64](a, b T, greater bool) T {
	switch {
	case a == 0:
		return b
	case b == 0:
		return a
	case greater:
		return max(a, b)
	}
	return min(a, b)
}

// common returns what two lists share. Of a list that is nil nothing is known.
func common(a, b []string) []string {
	if a == nil || b == nil {
		return nil
	}
	shared := []string{}
	for _, s := range a {
		for _, t := range b {
			if s == t {
				shared = append(shared, s)
			}
		}
	}
	return shared
}
