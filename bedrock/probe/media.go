package probe

import (
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/model"
)

// kinds are the kinds of files.
var kinds = []struct {
	name string
	file func() model.Part
	can  func(*plan.Format) bool
	real bool // the file is one
}{
	{"image", func() model.Part { return picture() }, func(f *plan.Format) bool { return f.Image }, true},
	{"document", func() model.Part { return paper() }, func(f *plan.Format) bool { return f.Document }, true},
	{"video", func() model.Part { return film() }, func(f *plan.Format) bool { return f.Video }, false},
	{"audio", func() model.Part { return sound() }, func(f *plan.Format) bool { return f.Audio }, false},
}

// files are questions about files, in messages and in results.
func files() (questions []question) {
	for _, k := range kinds {
		fact := "input." + k.name
		q := accepts(fact, "a file: "+k.name, carrying(k.can, k.name+" files"), func(r *run) *plan.Plan {
			return r.talk(user(hello, k.file()))
		})
		q.judge = seen(fact, k.name, k.real)
		questions = append(questions, q)
	}
	for _, k := range kinds[:3] { // results have no place for audio
		fact := "results." + k.name
		q := accepts(fact, "a file in a tool's result: "+k.name,
			all(toolRound, carrying(func(f *plan.Format) bool { return k.can(f) && f.ResultFiles }, k.name+" files in results"), func(r *run) string {
				if r.value("input."+k.name) == "no" && r.value(fact) == "" {
					return "it reads none elsewhere"
				}
				return ""
			}), func(r *run) *plan.Plan { return r.round(k.file()) })
		q.judge = seen(fact, k.name, k.real, "input."+k.name)
		questions = append(questions, q)
	}
	return questions
}

// seen judges the answer to a file. If the file is not a real one, its refusal
// shows nothing, unless the service's words do.
func seen(fact, kind string, isReal bool, also ...string) func(r *run, all []*answer) []sight {
	return func(r *run, all []*answer) []sight {
		s, a := r.taken(all[0], fact, also...), all[0]
		if s.value == "no" && !isReal && !(strings.Contains(a.message, "support") && strings.Contains(a.message, kind)) {
			s = sight{fact: fact, doubt: "refused, but perhaps since the file is none"}
		}
		return []sight{s}
	}
}
