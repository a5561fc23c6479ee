package probe

import (
	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/modelid"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/model"
)

// control is the plainest request, from which all others differ in one thing.
// If that is refused, no refusal says anything.
const control = "doors.converse"

// doors are questions about ways to the model.
func doors() []question {
	converse := func(r *run) string {
		if r.door.format != bedrock.FormatConverse {
			return "the calls go by InvokeModel"
		}
		return ""
	}
	return []question{
		{facts: []string{"doors.converse_stream"}, asks: "the same, in a stream", needs: converse,
			next:  once(func(r *run) *ask { p := r.talk(); p.Stream = true; return &ask{Plan: p} }),
			judge: func(r *run, all []*answer) []sight { return []sight{r.taken(all[0], "doors.converse_stream")} }},
		{facts: []string{"doors.invoke"}, asks: "the same, by InvokeModel in the model's own format",
			needs: all(converse, func(r *run) string {
				if r.native == nil {
					return "no format of InvokeModel is known"
				}
				return ""
			}),
			next:  once(func(r *run) *ask { return &ask{Plan: r.talk(), door: r.native} }),
			judge: func(r *run, all []*answer) []sight { return []sight{r.taken(all[0], "doors.invoke")} }},
		{facts: []string{"ids.bare"}, asks: "the same, by the id without a geography",
			needs: func(r *run) string {
				if k := modelid.Parse(r.modelID).Kind; k != modelid.Model && k != modelid.Profile || r.base == "" {
					return "the id does not name a model"
				}
				return ""
			},
			next:  once(func(r *run) *ask { return &ask{Plan: r.talk(), modelID: r.base} }),
			judge: func(r *run, all []*answer) []sight { return []sight{r.taken(all[0], "ids.bare")} }},
		{facts: []string{"count_tokens"}, asks: "how many tokens it has, by the id without a geography",
			needs: func(r *run) string {
				if r.base == "" || r.door.format != bedrock.FormatConverse {
					return "tokens are counted of a body of Converse, by the id of a model"
				}
				return ""
			},
			next:  once(func(r *run) *ask { return &ask{Plan: r.talk(), modelID: r.base, count: true} }),
			judge: func(r *run, all []*answer) []sight { return []sight{r.taken(all[0], "count_tokens")} }},
	}
}

// turns are questions about the form of a conversation.
func turnQuestions() []question {
	ownSystem := carrying(func(f *plan.Format) bool { return f.System }, "system messages of their own")
	return []question{
		accepts("turns.system", "a system prompt", carrying(func(f *plan.Format) bool { return !f.Text }, "a system prompt of its own"), func(r *run) *plan.Plan {
			p := r.talk()
			if !r.door.form.System {
				p.Turns = append([]plan.Turn{turn(model.RoleSystem, []model.Part{model.Text("Be brief.")})}, p.Turns...)
				return p
			}
			p.System = []plan.Block{{Part: model.Text("Be brief.")}}
			return p
		}),
		accepts("turns.system_between", "a message of the role system between turns",
			all(ownSystem, carrying(func(f *plan.Format) bool { return f.SystemAnyTurn }, "system messages between turns")), func(r *run) *plan.Plan {
				return r.talk(user(hello), turn(model.RoleSystem, []model.Part{model.Text("Be brief.")}), assistant(model.Text("ok")), user(hello))
			}),
		accepts("turns.assistant_first", "a conversation that begins with the assistant",
			carrying(func(f *plan.Format) bool { return !f.UserFirst }, "an assistant who begins"),
			func(r *run) *plan.Plan { return r.talk(assistant(model.Text("Hello.")), user(hello)) }),
		accepts("turns.prefill", "a conversation that ends with the assistant",
			carrying(func(f *plan.Format) bool { return !f.NoPrefill }, "the beginning of an answer"),
			func(r *run) *plan.Plan { return r.talk(user(hello), assistant(model.Text("o"))) }),
		accepts("turns.prefill_space", "the beginning of an answer that ends with a blank",
			all(having("turns.prefill"), carrying(func(f *plan.Format) bool { return !f.Text }, "turns of their own")),
			func(r *run) *plan.Plan { return r.talk(user(hello), assistant(model.Text("o "))) }),
		accepts("turns.blank_stop", "a stop sequence of a blank",
			all(having("sampling.stop_sequences"), stops), func(r *run) *plan.Plan {
				p := r.talk()
				p.StopSequences = []string{" "}
				return p
			}),
		negated("turns.document_needs_text", "a document without a text",
			all(having("input.document"), carrying(func(f *plan.Format) bool { return f.Document && !f.LoneDocuments }, "a document alone")),
			func(r *run) *plan.Plan { return r.talk(user(paper())) }),
		negated("turns.results_first", "a text before a tool's result",
			all(toolRound, having("tools.text_with_result"), carrying(func(f *plan.Format) bool { return !f.ResultsFirst }, "a text before a result")),
			func(r *run) *plan.Plan {
				return r.armed(user(model.Text("What time is it?")), assistant(call(callID)), user(model.Text("Here:"), result(callID)))
			}),
		idPattern(),
	}
}

// negated is a question whether a rule holds: yes if what breaks it is refused.
func negated(fact, asks string, needs func(*run) string, build func(r *run) *plan.Plan) question {
	q := accepts(fact, asks, needs, build)
	q.judge = func(r *run, all []*answer) []sight {
		s := r.taken(all[0], fact)
		s.value = map[string]string{"yes": "no", "no": "yes"}[s.value]
		return []sight{s}
	}
	return q
}

const (
	narrowIDs = ""                 // the usual letters
	wideIDs   = "[a-zA-Z0-9_.:-]+" // and those of Kimi
)

func idPattern() question {
	return question{facts: []string{"turns.tool_id_pattern"}, asks: "the id functions.clock:0 of a call",
		needs: toolRound,
		next: once(func(r *run) *ask {
			const id = "functions." + toolName + ":0"
			return &ask{Plan: r.armed(user(model.Text("What time is it?")), assistant(call(id)), user(result(id)))}
		}),
		judge: func(r *run, all []*answer) []sight {
			s := r.taken(all[0], "turns.tool_id_pattern")
			switch s.value {
			case "yes":
				s.value = wideIDs
			case "no":
				s.value = narrowIDs
			}
			return []sight{s}
		}}
}
