package plan

import (
	"slices"
	"strings"
)

// effortNone is the effort that switches thinking off.
const effortNone = "none"

// efforts are the words that any model knows, the least first.
var efforts = []string{effortNone, "minimal", "low", "medium", "high", "xhigh", "max"}

// rank orders efforts, -1 for a word that no model knows.
func rank(effort string) int { return slices.Index(efforts, effort) }

// askEffort returns the effort asked for, or the one that turns thinking on where
// a request asks for thinking and for no effort.
func (t *thinker) askEffort(effort string) string {
	if effort == "" {
		return t.facts.Thinking.EffortAsk
	}
	return t.word(effort)
}

// word returns an effort in a word that the model takes. A word of another
// model's scale becomes the nearest that is not more; a word that no model
// knows is a mistake. It returns the empty string where nothing is to be sent.
func (t *thinker) word(effort string) string {
	known := t.facts.Thinking.Efforts
	switch {
	case slices.Contains(known, effort):
		return effort
	case !slices.Contains(efforts, effort):
		takes := known
		if len(takes) == 0 {
			takes = efforts
		}
		t.invalid("thinking.effort", "is %q; %s takes %s", effort, t.name(), strings.Join(takes, ", "))
		return ""
	case known == nil: // the words are not known, and this may be one of them
		return effort
	case len(known) == 0:
		t.drop("thinking.efforts", "thinking.effort", "%s takes no effort; it thinks as much as it sees fit", t.name())
		return ""
	}
	near := nearest(effort, known)
	t.change("thinking.efforts", "thinking.effort", "%s takes %s; %s is sent as %s", t.name(), strings.Join(known, ", "), effort, near)
	return near
}

// nearest returns the highest of the known efforts that is not above the one
// asked for, since thinking is paid for, and the lowest if all are above. It
// never returns none, which would switch thinking off.
func nearest(effort string, known []string) string {
	asked := rank(effort)
	for i := asked; i > 0; i-- { // the first is none
		if slices.Contains(known, efforts[i]) {
			return efforts[i]
		}
	}
	for _, above := range efforts[asked:] {
		if slices.Contains(known, above) {
			return above
		}
	}
	return ""
}
