package probe

import (
	"strconv"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
)

var stops = carrying(func(f *plan.Format) bool { return f.StopSequences }, "stop sequences")

// sampling are questions about parameters.
func sampling() []question {
	with := func(change func(r *run, p *plan.Plan)) func(*run) *plan.Plan {
		return func(r *run) *plan.Plan {
			p := r.talk()
			change(r, p)
			return p
		}
	}
	thinks := all(having("thinking.supported"), askable)
	return []question{
		temperature(),
		{facts: []string{"sampling.temperature_max"}, asks: "a temperature above the highest that is known",
			needs: all(having("sampling.temperature"), func(r *run) string {
				if r.table.Sampling.TemperatureMax == 0 {
					return "no highest one is known"
				}
				return ""
			}),
			next: func(r *run, so []*answer) *ask {
				p, most := r.talk(), r.table.Sampling.TemperatureMax
				switch {
				case len(so) == 0:
					p.Temperature = new(most + 0.5)
				case len(so) == 1 && so[0].ok():
					p.Temperature = new(2.0)
				default:
					return nil
				}
				return &ask{Plan: p}
			},
			judge: func(r *run, all []*answer) []sight {
				const fact = "sampling.temperature_max"
				most := r.table.Sampling.TemperatureMax
				switch s := r.taken(all[0], fact, "sampling.temperature"); {
				case s.doubt != "":
					return []sight{s}
				case s.value == "yes" && all[1].ok():
					most = 2
				case s.value == "yes":
					most += 0.5
				}
				return []sight{{fact: fact, value: strconv.FormatFloat(most, 'g', -1, 64)}}
			}},
		{facts: []string{"sampling.top_p", "sampling.top_p_min"}, asks: "a top_p of 0.5",
			next: func(r *run, so []*answer) *ask {
				p, least := r.talk(), r.table.Sampling.TopPMin
				switch {
				case len(so) == 0:
					p.TopP = new(0.5)
				case len(so) == 1 && !so[0].ok() && least > 0:
					p.TopP = new(least)
				default:
					return nil
				}
				return &ask{Plan: p}
			},
			judge: func(r *run, all []*answer) []sight {
				s := r.taken(all[0], "sampling.top_p")
				switch {
				case len(all) == 2 && all[1].ok(): // the least that is known is taken, less is not
					return []sight{{fact: "sampling.top_p", value: "yes"}, {fact: "sampling.top_p_min", value: r.tableValue("sampling.top_p_min")}}
				case s.value == "yes" && r.table.Sampling.TopPMin > 0:
					return []sight{s, {fact: "sampling.top_p_min"}}
				}
				return []sight{s}
			}},
		accepts("sampling.top_k", "a top_k of 40",
			all(carrying(func(f *plan.Format) bool { return f.TopK }, "top_k"), func(r *run) string {
				if r.value("sampling.top_k") == "" {
					return "no field is known for it, and a field that is ignored is accepted, too"
				}
				return ""
			}),
			with(func(r *run, p *plan.Plan) { topK(r, p) })),
		accepts("sampling.both", "a temperature and a top_p", having("sampling.temperature", "sampling.top_p"),
			with(func(r *run, p *plan.Plan) { p.Temperature, p.TopP = new(0.5), new(0.5) })),
		accepts("sampling.stop_sequences", "a stop sequence", stops,
			with(func(r *run, p *plan.Plan) { p.StopSequences = []string{"STOP"} })),
		accepts("sampling.while_thinking", "a temperature of 0.5 while it thinks", all(thinks, having("sampling.temperature")),
			with(func(r *run, p *plan.Plan) { r.thinking(p); p.Temperature = new(0.5) })),
	}
}

func topK(r *run, p *plan.Plan) {
	p.TopK, p.TopKField = 40, r.facts.Sampling.TopKField
	if p.TopKField == "" {
		p.TopKField = "top_k"
	}
}

// temperature asks for one that changes something. A model that refuses it may
// still take the one that changes nothing.
func temperature() question {
	const fact = "sampling.temperature"
	return question{facts: []string{fact, "sampling.temperature_one"}, asks: "a temperature of 0.5",
		next: func(r *run, so []*answer) *ask {
			p := r.talk()
			switch {
			case len(so) == 0:
				p.Temperature = new(0.5)
			case len(so) == 1 && !so[0].ok() && !r.table.Sampling.Temperature.No():
				p.Temperature = new(1.0)
			default:
				return nil
			}
			return &ask{Plan: p}
		},
		judge: func(r *run, all []*answer) []sight {
			s := r.taken(all[0], fact)
			switch {
			case len(all) == 2 && all[1].ok() && r.table.Sampling.TemperatureOne:
				return []sight{{fact: fact, value: "yes"}, {fact: "sampling.temperature_one", value: "yes"}}
			case s.value == "yes":
				return []sight{s, {fact: "sampling.temperature_one", value: "no"}}
			}
			return []sight{s}
		}}
}
