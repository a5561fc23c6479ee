package probe

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/refusal"
)

// A question is an experiment: one or a few calls that differ from one that is
// known to be answered in one thing.
type question struct {
	facts []string // that it decides; the first one names it
	asks  string   // what is sent, in words

	recalls bool // it sends thinking back that an answer held

	// needs returns why the question is not worth asking; empty if it is.
	needs func(r *run) string

	// next returns the next call, after the answers so far; nil if there is none.
	next func(r *run, so []*answer) *ask

	// judge says what the answers show.
	judge func(r *run, all []*answer) []sight
}

// An ask is a call to be made.
type ask struct {
	*plan.Plan
	door    *door  // nil: the run's
	modelID string // empty: the run's
	count   bool   // CountTokens
}

// A sight is what was seen of a fact: a value as a text, or why there is none.
type sight struct{ fact, value, doubt string }

// accepts is a question whether something is taken or refused.
func accepts(fact, asks string, needs func(*run) string, build func(r *run) *plan.Plan) question {
	return question{facts: []string{fact}, asks: asks, needs: needs,
		next: once(func(r *run) *ask { return &ask{Plan: build(r)} }),
		judge: func(r *run, all []*answer) []sight {
			return []sight{r.taken(all[0], fact)}
		},
	}
}

// once makes one call.
func once(build func(r *run) *ask) func(*run, []*answer) *ask {
	return func(r *run, so []*answer) *ask {
		if len(so) > 0 {
			return nil
		}
		return build(r)
	}
}

// taken says yes of what was answered and no of what was refused, and nothing
// if it was refused for something else.
func (r *run) taken(a *answer, fact string, also ...string) sight {
	if a.ok() {
		return sight{fact: fact, value: "yes"}
	}
	if why := a.otherwise(append(also, fact)); why != "" {
		return sight{fact: fact, doubt: why}
	}
	return sight{fact: fact, value: "no"}
}

// otherwise returns why a refusal says nothing about facts; empty if it does.
// That the service refuses what differs in one thing from what it takes is
// enough, whatever its words, unless they are known to mean something else.
func (a *answer) otherwise(about []string) string {
	lessons := refusal.Read(a.status, a.message)
	switch {
	case len(lessons) == 0 && a.status != 400 && a.status != 422:
		return fmt.Sprintf("the call failed with status %d %s", a.status, a.code)
	case len(lessons) == 0:
		return ""
	}
	for _, l := range lessons {
		if slices.Contains(about, l.Fact) {
			return ""
		}
	}
	return "refused for another reason, " + lessons[0].Fact
}

// all joins conditions: the first that is not met counts.
func all(needs ...func(*run) string) func(*run) string {
	return func(r *run) string {
		for _, need := range needs {
			if why := need(r); why != "" {
				return why
			}
		}
		return ""
	}
}

// taking needs facts that are not known to be no.
func taking(facts ...string) func(*run) string {
	return func(r *run) string {
		for _, name := range facts {
			if r.value(name) == "no" {
				return name + " is no"
			}
		}
		return ""
	}
}

// having needs facts that are yes.
func having(facts ...string) func(*run) string {
	return func(r *run) string {
		for _, name := range facts {
			if v := r.value(name); v != "yes" {
				return name + " is " + cmp.Or(v, "not known")
			}
		}
		return ""
	}
}

// carrying needs a format that can carry something.
func carrying(can func(*plan.Format) bool, what string) func(*run) string {
	return func(r *run) string {
		if can(r.door.form) {
			return ""
		}
		return r.door.form.Name + " has no place for " + what
	}
}

var numbers = regexp.MustCompile(`\d[\d,_]*`)

// limitIn returns the largest number of a refusal but those that were asked for;
// 0 if there is none. The numbers of the model's id are none.
func limitIn(r *run, text string, asked ...int) int {
	most := 0
	if r.base != "" {
		text = strings.ReplaceAll(text, r.base, "")
	}
	for _, s := range numbers.FindAllString(text, -1) {
		n, err := strconv.Atoi(strings.NewReplacer(",", "", "_", "").Replace(s))
		if err == nil && n > most && !slices.Contains(asked, n) {
			most = n
		}
	}
	return most
}
