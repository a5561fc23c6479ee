package conformance

import (
	"strings"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/model"
)

// What mutants are made of.

func ids(words string) []ID {
	var all []ID
	for _, w := range strings.Fields(words) {
		all = append(all, ID(w))
	}
	return all
}

// groupsNamed returns the groups that a mutant may fail besides its own.
func (m mutant) alsoIn(groups string) mutant {
	m.also = strings.Fields(groups)
	return m
}

// sends is a mutant that changes the request on its way out.
func sends(name, kills string, f func(*model.Request)) mutant {
	return mutant{name: name, kills: ids(kills), wrap: func(w *wrapper) {
		w.request = func(req *model.Request) {
			if req.Validate() == nil {
				f(req)
			}
		}
	}}
}

// returns is a mutant that changes the answer on its way in, both ways.
func returns(name, kills string, f func(*model.Response)) mutant {
	return mutant{name: name, kills: ids(kills), wrap: func(w *wrapper) { w.response = f }}
}

// generates is returns for Generate alone.
func generates(name, kills string, f func(*model.Response)) mutant {
	return mutant{name: name, kills: ids(kills), wrap: func(w *wrapper) { w.generated = f }}
}

// finishes is returns for the finish of streams.
func finishes(name, kills string, f func(*model.Response)) mutant {
	return mutant{name: name, kills: ids(kills), wrap: func(w *wrapper) { w.finished = f }}
}

// emits is a mutant that changes the events of streams; the answer is what
// they then add up to.
func emits(name, kills string, f func(model.Event) []model.Event) mutant {
	return emitsEach(name, kills, func() func(model.Event) []model.Event { return f })
}

// emitsEach is emits with an edit of its own for every stream.
func emitsEach(name, kills string, f func() func(model.Event) []model.Event) mutant {
	return mutant{name: name, kills: ids(kills), wrap: func(w *wrapper) { w.events, w.rebuild = f, true }}
}

// emitsOnly is emits whose answer stays what it was.
func emitsOnly(name, kills string, f func() func(model.Event) []model.Event) mutant {
	return mutant{name: name, kills: ids(kills), wrap: func(w *wrapper) { w.events = f }}
}

// fails is a mutant that changes errors.
func fails(name, kills string, f func(*model.Error) error) mutant {
	return mutant{name: name, kills: ids(kills), wrap: func(w *wrapper) {
		w.failure = func(err error) error {
			e := probe.AsError(err)
			if e == nil {
				return err
			}
			c := *e
			return f(&c)
		}
	}}
}

// edited returns parts with each replaced by what f makes of it.
func edited(parts []model.Part, f func(model.Part) []model.Part) []model.Part {
	var out []model.Part
	for _, p := range parts {
		out = append(out, f(p)...)
	}
	return out
}

// inHistory edits the parts of all messages of a role.
func inHistory(role model.Role, f func(model.Part) []model.Part) func(*model.Request) {
	return func(req *model.Request) {
		for i, m := range req.Messages {
			if m.Role == role {
				req.Messages[i].Parts = edited(m.Parts, f)
			}
		}
	}
}

// inAnswer edits the parts of an answer.
func inAnswer(f func(model.Part) []model.Part) func(*model.Response) {
	return func(resp *model.Response) { resp.Message.Parts = edited(resp.Message.Parts, f) }
}

// each makes an edit of parts of one type.
func each[P model.Part](f func(P) []model.Part) func(model.Part) []model.Part {
	return func(p model.Part) []model.Part {
		if p, ok := p.(P); ok {
			return f(p)
		}
		return []model.Part{p}
	}
}

func keep(p model.Part) []model.Part { return []model.Part{p} }

func one(ev model.Event) []model.Event { return []model.Event{ev} }

// onKind makes an edit of events of one kind.
func onKind(kind model.EventKind, f func(model.Event) []model.Event) func(model.Event) []model.Event {
	return func(ev model.Event) []model.Event {
		if ev.Kind == kind {
			return f(ev)
		}
		return one(ev)
	}
}

// changeText makes an edit of the text of events of one kind.
func changeText(kind model.EventKind, f func(string) string) func(model.Event) []model.Event {
	return onKind(kind, func(ev model.Event) []model.Event {
		ev.Text = f(ev.Text)
		return one(ev)
	})
}
