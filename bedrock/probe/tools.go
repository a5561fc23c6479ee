package probe

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/model"
)

// toolRound needs a model that can be shown a call and its result.
var toolRound = all(taking("tools.use"), carrying(func(f *plan.Format) bool { return f.Tools }, "tools"))

// tools are questions about tools.
func tools() []question {
	armed := func(change func(p *plan.Plan)) func(*run) *plan.Plan {
		return func(r *run) *plan.Plan {
			p := r.armed()
			change(p)
			return p
		}
	}
	return []question{
		accepts("tools.use", "a tool on offer", carrying(func(f *plan.Format) bool { return f.Tools }, "tools"), armed(func(*plan.Plan) {})),
		accepts("tools.streaming", "a tool on offer, in a stream", toolRound, armed(func(p *plan.Plan) { p.Stream = true })),
		obeyed("tools.any", "a choice of any tool", toolRound, armed(func(p *plan.Plan) {
			p.Choice, p.MaxTokens = plan.Choice{Mode: model.ToolsAny}, room
		})),
		obeyed("tools.named", "a choice of one tool by name", toolRound, armed(func(p *plan.Plan) {
			p.Choice, p.MaxTokens = plan.Choice{Mode: model.ToolsNamed, Name: toolName}, room
		}), "tools.any"),
		accepts("tools.strict", "a strict tool", all(toolRound, carrying(func(f *plan.Format) bool { return f.Tools }, "strict tools")),
			armed(func(p *plan.Plan) { p.Tools[0].Strict = new(true) })),
		accepts("tools.parallel_switch", "one call at a time",
			all(toolRound, func(r *run) string {
				if r.table.Tools.ParallelSwitch.No() {
					return "no field is known for it"
				}
				return ""
			}), armed(func(p *plan.Plan) { p.Choice.Parallel = new(false) })),
		accepts("tools.result_status", "a result that tells that its tool succeeded",
			all(toolRound, carrying(func(f *plan.Format) bool { return f.ResultStatus }, "the status of a result")),
			func(r *run) *plan.Plan { p := r.round(); p.ResultStatus = true; return p }),
		accepts("tools.text_with_call", "a text beside a call", toolRound, func(r *run) *plan.Plan {
			return r.armed(user(model.Text("What time is it?")), assistant(model.Text("I look."), call(callID)), user(result(callID)))
		}),
		accepts("tools.text_with_result", "a text beside a result", toolRound, func(r *run) *plan.Plan {
			return r.armed(user(model.Text("What time is it?")), assistant(call(callID)), user(result(callID), model.Text("Be brief.")))
		}),
		accepts("tools.server", "the service's own tool nova_grounding", all(toolRound, ofNova), func(r *run) *plan.Plan {
			p := r.talk()
			p.Tools = []plan.Tool{{Name: "nova_grounding", ServerSide: true}}
			return p
		}),
		{facts: []string{"tools.server_forced"}, asks: "a choice of any tool, where all are the service's",
			needs: all(toolRound, ofNova, having("tools.server")),
			next: once(func(r *run) *ask {
				p := r.talk()
				p.Tools = []plan.Tool{{Name: "nova_grounding", ServerSide: true}}
				p.Choice.Mode = model.ToolsAny
				return &ask{Plan: p}
			}),
			judge: func(r *run, all []*answer) []sight {
				s := r.taken(all[0], "tools.server_forced", "tools.any")
				if s.value == "yes" && !slices.ContainsFunc(all[0].parts, func(p model.Part) bool { _, ok := p.(model.ServerToolCall); return ok }) {
					s.value = "no" // not obeyed
				}
				return []sight{s}
			}},
	}
}

// ofNova needs a model that has the service's own tools by the names that are
// known.
func ofNova(r *run) string {
	if r.table.Maker != "amazon" || r.door.format != bedrock.FormatConverse {
		return "no tool of the service is known for it"
	}
	return ""
}

// obeyed is a question whether a choice is taken and does what it says.
func obeyed(fact, asks string, needs func(*run) string, build func(r *run) *plan.Plan, also ...string) question {
	q := accepts(fact, asks, needs, build)
	q.judge = func(r *run, all []*answer) []sight {
		s := r.taken(all[0], fact, also...)
		if s.value == "yes" && !slices.Contains(all[0].called(), toolName) {
			s.value = "no" // as good as refused
		}
		return []sight{s}
	}
	return q
}

// output are questions about answers by a schema.
func output() []question {
	shaped := carrying(func(f *plan.Format) bool { return !f.Text }, "a schema")
	with := func(s string) func(r *run) *plan.Plan {
		return func(r *run) *plan.Plan { return r.shaped(json.RawMessage(s)) }
	}
	native := all(having("output.native"), shaped)
	return []question{
		accepts("output.native", "an answer by a schema", shaped, with(string(schema(answerProperty)))),
		negated("output.schema.closed", "a schema that leaves its object open", native, with(`{"type":"object","properties":{`+answerProperty+`},"required":["answer"]}`)),
		accepts("output.schema.recursion", "a recursive schema", native,
			with(`{"type":"object","properties":{`+answerProperty+`,"next":{"$ref":"#"}},"required":["answer"],"additionalProperties":false}`)),
		keywords(native),
		counted("output.schema.unions", "parameters of two types", 16, native, func(i int) string { return fmt.Sprintf(`"p%d":{"type":["string","null"]}`, i) }, true),
		counted("output.schema.optional", "optional parameters", 24, native, func(i int) string { return fmt.Sprintf(`"p%d":{"type":"string"}`, i) }, false),
	}
}

// bounded are schemas with one keyword each.
var bounded = []struct{ keyword, property string }{
	{"minimum", `{"type":"integer","minimum":1}`}, {"maximum", `{"type":"integer","maximum":9}`},
	{"exclusiveMinimum", `{"type":"integer","exclusiveMinimum":0}`}, {"exclusiveMaximum", `{"type":"integer","exclusiveMaximum":9}`},
	{"multipleOf", `{"type":"integer","multipleOf":2}`},
	{"minLength", `{"type":"string","minLength":1}`}, {"maxLength", `{"type":"string","maxLength":9}`}, {"pattern", `{"type":"string","pattern":"^o"}`},
	{"minItems", `{"type":"array","items":{"type":"string"},"minItems":2}`}, {"maxItems", `{"type":"array","items":{"type":"string"},"maxItems":9}`},
	{"uniqueItems", `{"type":"array","items":{"type":"string"},"uniqueItems":true}`},
	{"minProperties", `{"type":"object","properties":{},"additionalProperties":false,"minProperties":0}`},
	{"maxProperties", `{"type":"object","properties":{},"additionalProperties":false,"maxProperties":9}`},
	{"patternProperties", `{"type":"object","properties":{},"additionalProperties":false,"patternProperties":{"^a":{"type":"string"}}}`},
}

func keywords(needs func(*run) string) question {
	const fact = "output.schema.keywords"
	return question{facts: []string{fact}, asks: fmt.Sprintf("schemas with %d keywords, one each", len(bounded)), needs: needs,
		next: func(r *run, so []*answer) *ask {
			if len(so) == len(bounded) {
				return nil
			}
			return &ask{Plan: r.shaped(json.RawMessage(`{"type":"object","properties":{"answer":` + bounded[len(so)].property + `},"required":["answer"],"additionalProperties":false}`))}
		},
		judge: func(r *run, all []*answer) []sight {
			var refused []string
			for i, a := range all {
				switch s := r.taken(a, fact); {
				case s.doubt != "":
					return []sight{s}
				case s.value == "no":
					refused = append(refused, bounded[i].keyword)
				}
			}
			if refused == nil {
				return []sight{{fact: fact, value: "none"}}
			}
			return []sight{{fact: fact, value: strings.Join(refused, ", ")}}
		}}
}

// counted asks how many parameters of a kind a schema may have: as many as are
// known, and one more. Of a table in which none are taken, less than zero, none
// and one.
func counted(fact, what string, usual int, needs func(*run) string, property func(int) string, required bool) question {
	known := func(r *run) int {
		if n, _ := fmt.Sscan(r.tableValue(fact), new(int)); n == 0 {
			return usual
		}
		var n int
		_, _ = fmt.Sscan(r.tableValue(fact), &n)
		return n
	}
	build := func(n int) json.RawMessage {
		properties, names := []string{answerProperty}, []string{`"answer"`}
		for i := range n {
			properties = append(properties, property(i))
			if required {
				names = append(names, fmt.Sprintf(`"p%d"`, i))
			}
		}
		return json.RawMessage(`{"type":"object","properties":{` + strings.Join(properties, ",") + `},"required":[` + strings.Join(names, ",") + `],"additionalProperties":false}`)
	}
	return question{facts: []string{fact}, asks: "schemas with as many " + what + " as are known to be taken, and one more", needs: needs,
		next: func(r *run, so []*answer) *ask {
			if len(so) == 2 {
				return nil
			}
			p := r.shaped(build(max(known(r), 0) + len(so)))
			p.MaxTokens = room
			return &ask{Plan: p}
		},
		judge: func(r *run, all []*answer) []sight {
			n := known(r)
			most, more := r.taken(all[0], fact), r.taken(all[1], fact)
			switch {
			case most.doubt != "" || more.doubt != "":
				return []sight{{fact: fact, doubt: most.doubt + more.doubt}}
			case more.value == "yes":
				return []sight{{fact: fact, value: ""}} // no limit was seen
			case most.value == "yes":
				return []sight{{fact: fact, value: fmt.Sprint(n)}}
			}
			if told := limitIn(r, all[0].message, max(n, 0), max(n, 0)+1); told > 0 && told < n {
				return []sight{{fact: fact, value: fmt.Sprint(told)}}
			}
			return []sight{{fact: fact, doubt: fmt.Sprintf("fewer than %d are taken; how many, the service does not say", n)}}
		}}
}
