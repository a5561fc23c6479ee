package probe

import (
	"slices"
	"strconv"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/model"
)

// riddle makes a thinking model think.
const riddle = model.Text("What is 17 times 23? Answer with the number alone.")

// ofStyle needs a model that is asked to think in one of the ways.
func ofStyle(styles ...facts.ThinkingStyle) func(*run) string {
	return func(r *run) string {
		if slices.Contains(styles, r.table.Thinking.Style) {
			return ""
		}
		return "it is not asked to think in that way"
	}
}

// thinkingQuestions are about thinking, asked for and coming back.
func thinkingQuestions() []question {
	claude := all(having("thinking.supported"), ofStyle(facts.ThinkingStyleClaude))
	typed := func(kind string) func(*run) *plan.Plan {
		return func(r *run) *plan.Plan {
			p := r.talk()
			p.Thinking = plan.Thinking{Style: r.table.Thinking.Style, Type: kind}
			if kind != "disabled" {
				p.MaxTokens = room
			}
			return p
		}
	}
	budget := func(n int) func(*run) *plan.Plan {
		return func(r *run) *plan.Plan {
			p := r.talk()
			p.Thinking = plan.Thinking{Style: facts.ThinkingStyleClaude, Type: "enabled", Budget: n}
			p.MaxTokens = max(n, 1024) + 64
			return p
		}
	}
	return []question{
		unasked(),
		supported(),
		accepts("thinking.adaptive", "thinking of type adaptive", claude, typed("adaptive")),
		accepts("thinking.budget", "thinking with a budget", claude, budget(1024)),
		{facts: []string{"thinking.budget_min"}, asks: "thinking with a budget below 1024", needs: all(claude, having("thinking.budget")),
			next: once(func(r *run) *ask { return &ask{Plan: budget(1023)(r)} }),
			judge: func(r *run, all []*answer) []sight {
				s := r.taken(all[0], "thinking.budget_min")
				s.value = map[string]string{"no": "1024", "yes": ""}[s.value]
				if told := limitIn(r, all[0].message, 1023); told > 1023 && s.doubt == "" {
					s.value = strconv.Itoa(told)
				}
				return []sight{s}
			}},
		accepts("thinking.disabled", "thinking of type disabled", all(having("thinking.supported"), ofStyle(facts.ThinkingStyleClaude, facts.ThinkingStyleNova)), typed("disabled")),
		accepts("thinking.between_tools", "thinking of type between_tools", claude, typed("between_tools")),
		accepts("thinking.display", "a summary of the thinking", all(claude, having("thinking.adaptive")), func(r *run) *plan.Plan {
			p := typed("adaptive")(r)
			p.Thinking.Display = "summarized"
			return p
		}),
		efforts(),
		none(),
		disabledEffort(),
		highWithout(),
		obeyed("tools.forced_thinking", "a choice of any tool while it thinks",
			all(toolRound, having("tools.any", "thinking.supported"), askable), func(r *run) *plan.Plan {
				p := r.armed()
				p.Choice.Mode = model.ToolsAny
				r.thinking(p)
				return p
			}),
		replay("thinking.replay.signed", "its thinking back, as it came", func(t model.Thinking) bool { return t.Signature != "" }, nil),
		replay("thinking.replay.unsigned", "its thinking back, without the signature", func(t model.Thinking) bool { return t.Text != "" },
			func(t model.Thinking) model.Thinking { t.Signature = ""; return t }),
		replay("thinking.replay.redacted", "its encrypted thinking back", func(t model.Thinking) bool { return len(t.Redacted) > 0 }, nil),
	}
}

// unasked does not ask for thinking, and looks for it in the answer. An answer
// without any proves nothing: some models do not show it.
func unasked() question {
	const fact = "thinking.default"
	return question{facts: []string{fact, "answers.thinking_tags"}, asks: "a riddle, and nothing of thinking",
		next: once(func(r *run) *ask {
			p := r.talk(user(riddle))
			p.MaxTokens = room
			return &ask{Plan: p}
		}),
		judge: func(r *run, all []*answer) []sight {
			if !all[0].ok() {
				return []sight{{fact: fact, doubt: all[0].otherwise(nil)}}
			}
			known := r.table.Thinking.Default
			seen := sight{fact: fact, value: r.tableValue(fact)}
			if thought := all[0].thought(); len(thought) > 0 {
				r.noteThinking(all[0])
				if known != facts.ThinkingDefaultOn && known != facts.ThinkingDefaultAlways {
					seen.value = "on"
				}
			} else if known != facts.ThinkingDefaultOff {
				seen = sight{fact: fact, doubt: "the answer shows no thinking, which proves nothing"}
			}
			sights := []sight{seen}
			if tags := tagsIn(all[0].text()); len(tags) > 0 {
				sights = append(sights, sight{fact: "answers.thinking_tags", value: strings.Join(tags, ", ")})
			}
			return sights
		}}
}

// tagsIn returns the name of the tag that a text begins with, if it is one of
// thinking.
func tagsIn(text string) []string {
	text = strings.TrimSpace(text)
	for _, name := range []string{"thinking", "think", "reasoning"} {
		if strings.HasPrefix(text, "<"+name+">") {
			return []string{name}
		}
	}
	return nil
}

// supported asks to think, in the way that is known for the model.
func supported() question {
	const fact = "thinking.supported"
	return question{facts: []string{fact}, asks: "to think",
		needs: func(r *run) string {
			if r.table.Thinking.Style == facts.ThinkingStyleUnknown && styleOfMaker(r) == facts.ThinkingStyleUnknown {
				return "no field is known that asks it to think"
			}
			return ""
		},
		next: once(func(r *run) *ask {
			p := r.talk(user(riddle))
			if r.thinking(p) {
				return &ask{Plan: p}
			}
			switch s := styleOfMaker(r); s {
			case facts.ThinkingStyleClaude:
				p.Thinking = plan.Thinking{Style: s, Type: "enabled", Budget: 1024}
				p.MaxTokens = 1024 + 64
			default:
				p.Thinking = plan.Thinking{Style: s, Type: "enabled", Effort: "low"}
			}
			return &ask{Plan: p}
		}),
		judge: func(r *run, all []*answer) []sight {
			r.noteThinking(all[0])
			s := r.taken(all[0], fact)
			if s.value == "yes" && r.table.Thinking.Style > facts.ThinkingStyleNova && !r.table.Thinking.Supported.Yes() && all[0].thought() == nil {
				return []sight{{fact: fact, doubt: "accepted, and the answer shows no thinking, which proves nothing"}}
			}
			return []sight{s}
		}}
}

// styleOfMaker is how a model's newer siblings are asked to think.
func styleOfMaker(r *run) facts.ThinkingStyle {
	switch r.table.Maker {
	case "anthropic":
		return facts.ThinkingStyleClaude
	case "amazon":
		if strings.HasPrefix(r.base, "amazon.nova") {
			return facts.ThinkingStyleNova
		}
	}
	return facts.ThinkingStyleUnknown
}

// noteThinking keeps an answer's thinking, to be sent back.
func (r *run) noteThinking(a *answer) {
	for _, t := range a.thought() {
		if t.Text != "" || t.Signature != "" || len(t.Redacted) > 0 {
			r.thought = append(r.thought, t)
		}
	}
}

// effortWords are the efforts that are tried, from the least.
var effortWords = []string{"low", "medium", "high", "xhigh", "max"}

// triedWords are those that are tried of a model: at high effort, Nova has no
// limit of tokens.
func triedWords(r *run) []string {
	if r.table.Thinking.Style == facts.ThinkingStyleNova {
		return []string{"low", "medium"}
	}
	all := slices.Clone(effortWords)
	for _, w := range r.table.Thinking.Efforts {
		if !slices.Contains(all, w) {
			all = append(all, w)
		}
	}
	return all
}

// withEffort is a request at an effort.
func withEffort(r *run, word string) *plan.Plan {
	p := r.talk()
	p.MaxTokens = max(p.MaxTokens, 64)
	p.Thinking = plan.Thinking{Style: r.table.Thinking.Style, Effort: word}
	switch r.table.Thinking.Style {
	case facts.ThinkingStyleNova:
		p.Thinking.Type = "enabled"
	case facts.ThinkingStyleNested, facts.ThinkingStyleEffort:
		if word == "none" && r.table.Thinking.NoneStyle != facts.ThinkingStyleUnknown {
			p.Thinking.Style = r.table.Thinking.NoneStyle
		}
	}
	return p
}

func efforts() question {
	const fact = "thinking.efforts"
	return question{facts: []string{fact}, asks: "each effort", needs: all(having("thinking.supported"), askable),
		next: func(r *run, so []*answer) *ask {
			tried := triedWords(r)
			if len(so) == len(tried) {
				return nil
			}
			return &ask{Plan: withEffort(r, tried[len(so)])}
		},
		judge: func(r *run, all []*answer) []sight {
			taken := slices.Clone(r.table.Thinking.Efforts)
			for i, w := range triedWords(r) {
				s := r.taken(all[i], fact)
				switch has := slices.Contains(taken, w); {
				case s.doubt != "":
					return []sight{s}
				case s.value == "yes" && !has:
					taken = append(taken, w)
				case s.value == "no" && has:
					taken = slices.DeleteFunc(taken, func(t string) bool { return t == w })
				}
			}
			slices.SortStableFunc(taken, func(a, b string) int { return slices.Index(effortWords, a) - slices.Index(effortWords, b) })
			if len(taken) == 0 {
				return []sight{{fact: fact, value: "none"}}
			}
			return []sight{{fact: fact, value: strings.Join(taken, ", ")}}
		}}
}

func none() question {
	q := accepts("thinking.none", "the effort none", all(having("thinking.supported"), ofStyle(facts.ThinkingStyleEffort, facts.ThinkingStyleNested, facts.ThinkingStyleQwen)),
		func(r *run) *plan.Plan { return withEffort(r, "none") })
	q.judge = func(r *run, all []*answer) []sight {
		return []sight{r.taken(all[0], "thinking.none", "thinking.efforts")}
	}
	return q
}

// disabledEffort asks for the efforts beside disabled thinking, or beside what
// stands in its place, from the highest down.
func disabledEffort() question {
	const fact = "thinking.disabled_effort_max"
	kind := func(r *run) string {
		if r.value("thinking.disabled") == "yes" {
			return "disabled"
		}
		return "between_tools"
	}
	beside := func(r *run) []string {
		down := slices.Clone(r.facts.Thinking.Efforts)
		slices.Reverse(down)
		return down
	}
	return question{facts: []string{fact}, asks: "efforts beside disabled thinking",
		needs: all(having("thinking.supported"), ofStyle(facts.ThinkingStyleClaude), func(r *run) string {
			switch {
			case r.value("thinking.disabled") != "yes" && r.value("thinking.between_tools") != "yes":
				return "it cannot be told not to think"
			case len(r.facts.Thinking.Efforts) == 0:
				return "it has no efforts"
			}
			return ""
		}),
		next: func(r *run, so []*answer) *ask {
			down := beside(r)
			if len(so) == len(down) || len(so) > 0 && so[len(so)-1].ok() {
				return nil
			}
			p := r.talk()
			p.MaxTokens = room
			p.Thinking = plan.Thinking{Style: facts.ThinkingStyleClaude, Type: kind(r), Effort: down[len(so)]}
			return &ask{Plan: p}
		},
		judge: func(r *run, all []*answer) []sight {
			down, last := beside(r), all[len(all)-1]
			switch {
			case last.ok() && len(all) == 1:
				return []sight{{fact: fact, value: ""}} // any
			case last.ok():
				return []sight{{fact: fact, value: down[len(all)-1]}}
			}
			return []sight{{fact: fact, doubt: "refused beside every effort"}}
		}}
}

// highWithout asks Nova to think hard, with each of the fields that it may not
// have then.
func highWithout() question {
	const fact = "thinking.high_without"
	fields := []string{"max_tokens", "temperature", "top_p", "top_k"}
	return question{facts: []string{fact}, asks: "high effort beside sampling and a limit",
		needs: all(having("thinking.supported"), ofStyle(facts.ThinkingStyleNova)),
		next: func(r *run, so []*answer) *ask {
			if len(so) > 0 {
				return nil // without a limit, no bound holds for what it costs
			}
			p := withEffort(r, "high")
			return &ask{Plan: p}
		},
		judge: func(r *run, all []*answer) []sight {
			s := r.taken(all[0], fact, "thinking.efforts")
			known := r.table.Thinking.HighWithout
			switch {
			case s.doubt != "":
				return []sight{s}
			case s.value == "no" && len(known) > 0:
				return []sight{{fact: fact, value: strings.Join(known, ", ")}}
			case s.value == "no":
				return []sight{{fact: fact, value: fields[0]}}
			}
			left := slices.DeleteFunc(slices.Clone(known), func(f string) bool { return f == fields[0] })
			if len(left) == 0 {
				return []sight{{fact: fact, value: "none"}}
			}
			return []sight{{fact: fact, value: strings.Join(left, ", ")}}
		}}
}

// replay sends thinking back that the model gave before.
func replay(fact, asks string, fits func(model.Thinking) bool, change func(model.Thinking) model.Thinking) question {
	find := func(r *run) (model.Thinking, bool) {
		for _, t := range r.thought {
			if fits(t) {
				if change != nil {
					t = change(t)
				}
				return t, true
			}
		}
		return model.Thinking{}, false
	}
	return question{facts: []string{fact}, asks: asks, recalls: true,
		needs: all(carrying(func(f *plan.Format) bool { return f.ThinkingReplay }, "thinking of the history"), func(r *run) string {
			if _, ok := find(r); !ok {
				return "no answer held thinking of that kind"
			}
			return ""
		}),
		next: once(func(r *run) *ask {
			t, _ := find(r)
			return &ask{Plan: r.talk(user(riddle), assistant(t, model.Text("391")), user(hello))}
		}),
		judge: func(r *run, all []*answer) []sight { return []sight{r.taken(all[0], fact)} }}
}
