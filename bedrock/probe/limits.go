package probe

import (
	"strconv"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/refusal"
)

// Numbers that no model has.
const tooMany = 10_000_000

// limits are questions about the length of answers.
func limits() []question {
	return []question{
		{facts: []string{"limits.min_output"}, asks: "an answer of one token",
			next: once(func(r *run) *ask { p := r.talk(); p.MaxTokens = 1; return &ask{Plan: p} }),
			judge: func(r *run, all []*answer) []sight {
				const fact = "limits.min_output"
				if all[0].ok() {
					return []sight{{fact: fact, value: "1"}}
				}
				for _, l := range refusal.Read(all[0].status, all[0].message) {
					if l.Fact == fact {
						var f facts.Facts
						l.Learn(&f)
						return []sight{{fact: fact, value: strconv.Itoa(f.Limits.MinOutput)}}
					}
				}
				return []sight{{fact: fact, doubt: "refused, and not told what is taken"}}
			}},
		{facts: []string{"limits.max_output"}, asks: "a longer answer than it is known to give",
			next: func(r *run, so []*answer) *ask {
				p := r.talk()
				switch known := r.table.Limits.MaxOutput; {
				case len(so) == 0 && known > 0:
					p.MaxTokens = known + 1
				case len(so) == 0, len(so) == 1 && so[0].ok() && known > 0:
					p.MaxTokens = tooMany
				default:
					return nil
				}
				return &ask{Plan: p}
			},
			judge: func(r *run, all []*answer) []sight {
				const fact = "limits.max_output"
				last := all[len(all)-1]
				if last.ok() {
					return []sight{{fact: fact, doubt: "any number is taken"}}
				}
				if why := last.otherwise([]string{fact}); why != "" {
					return []sight{{fact: fact, doubt: why}}
				}
				if told := limitIn(r, last.message, r.table.Limits.MaxOutput+1, tooMany); told >= 256 {
					return []sight{{fact: fact, value: strconv.Itoa(told)}}
				}
				if known := r.table.Limits.MaxOutput; len(all) == 1 && known > 0 {
					return []sight{{fact: fact, value: strconv.Itoa(known)}} // and less is known to be taken
				}
				return []sight{{fact: fact, doubt: "refused, and not told how many are taken"}}
			}},
	}
}
