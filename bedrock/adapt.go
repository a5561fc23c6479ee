package bedrock

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/refusal"
	"github.com/chatmodel-go/chatmodel/model"
)

// maxFurther is how many exchanges a call may take beyond the first.
const maxFurther = 3

// A trial is one call, made once or, where the service refuses a wish that the
// rules know how to do without, several times.
type trial struct {
	memory *memory
	run    func(s *sending) error
	begun  bool // the caller has seen some of the answer
}

// answer makes the call. What the service's refusals teach is remembered once
// it has served: the call then was answered, or refused for something else, or
// the rules now refuse it.
func (t *trial) answer(s *sending) error {
	var learned []lesson
	served := 0 // how many of them are remembered
	serve := func() {
		t.memory.keep(learned[served:])
		served = len(learned)
	}
	for further := 0; ; further++ {
		err := t.run(s)
		if err == nil {
			serve()
			return nil
		}
		if t.begun {
			return err
		}
		lessons := lessonsOf(err, s)
		if len(lessons) > 0 && !alike(lessons, learned[served:]) {
			serve()
		}
		if further == maxFurther {
			return err
		}
		if s.again == nil || len(lessons) == 0 {
			return s.named(err)
		}
		lessons = settled(lessons, learned)
		next, planErr := s.again(s.behind.after(lessons))
		if planErr == nil && next.whole == s.whole && bytes.Equal(next.body, s.body) {
			return s.named(err) // to ask for the same again is no use
		}
		learned = append(learned, lessons...)
		if planErr != nil {
			serve()
			return refused(planErr, err)
		}
		next.warnings = append(next.warnings, told(learned)...)
		s = next
	}
}

// alike reports whether any of the lessons are about the same facts.
func alike(a, b []lesson) bool {
	return slices.ContainsFunc(a, func(l lesson) bool {
		return slices.ContainsFunc(b, func(m lesson) bool { return l.Fact == m.Fact })
	})
}

// settled returns lessons as they are after what a call has learned before. A
// model that has refused both fields for an effort takes neither.
func settled(lessons, learned []lesson) []lesson {
	for i, l := range lessons {
		if l.Fact == refusal.NoEffort.Fact && alike(lessons[i:i+1], learned) {
			lessons[i].Lesson = refusal.NoEffort
		}
	}
	return lessons
}

// refusals returns what the words of an error teach, and the error.
func refusals(err error) ([]refusal.Lesson, *model.Error) {
	e, ok := errors.AsType[*model.Error](err)
	if !ok {
		return nil, nil
	}
	return refusal.Read(statusOfCode(e.Code, e.Status), e.Message), e
}

// lessonsOf returns what the refusal of a request teaches.
func lessonsOf(err error, s *sending) []lesson {
	said, e := refusals(err)
	var all []lesson
	for _, l := range said {
		if l.Content || l.Fact == "cache.points" && s.callersPoints {
			continue // what the caller has written is not for us to drop
		}
		all = append(all, lesson{Lesson: l, words: e.Message})
	}
	return all
}

// named puts the field into the error of a refused file, which the service does
// not name. Content of the caller's is never sent in another form.
func (s *sending) named(err error) error {
	said, e := refusals(err)
	for _, l := range said {
		if field := s.files[l.Fact]; l.Content && field != "" {
			named := *e
			named.Message = field + ": " + e.Message
			return &named
		}
	}
	return err
}

// told says what was given up, and in whose words.
func told(learned []lesson) []model.Warning {
	all := make([]model.Warning, len(learned))
	for i, l := range learned {
		all[i] = model.Warning{Action: model.WarningChanged, Field: l.Field,
			Reason: fmt.Sprintf("the service refused the request, which was planned again without this and sent again; it said: %s", l.words)}
	}
	return all
}

// refused is the error of a request that cannot be planned without what the
// service has refused. The service's own error stays reachable.
func refused(planErr, err error) error {
	e, _ := errors.AsType[*model.Error](planErr) // as all errors of plans are
	_, said := refusals(err)
	both := *e
	both.Provider, both.Op, both.Model = said.Provider, said.Op, said.Model
	both.Code, both.Status, both.RequestID, both.Err = said.Code, said.Status, said.RequestID, said
	both.Message += "; the service said: " + said.Message
	return &both
}

// generate makes a call that is answered at once.
func (m *Model) generate(ctx context.Context, c call, s *sending) (*model.Response, error) {
	var resp *model.Response
	t := trial{memory: m.memory, run: func(s *sending) (err error) {
		if resp, err = m.door.generate(ctx, m, c, s); err == nil {
			s.behind.answered(resp)
		}
		return err
	}}
	err := t.answer(s)
	return resp, err
}

// stream makes a call whose answer comes in pieces.
func (m *Model) stream(ctx context.Context, c call, s *sending, emit func(model.Event) bool) error {
	t := trial{memory: m.memory}
	first := func(ev model.Event) bool {
		t.begun = true
		return emit(ev)
	}
	t.run = func(s *sending) error {
		return withoutTags(s.behind.facts.Answers.ThinkingTags, first, func(emit func(model.Event) bool) error {
			if s.whole {
				return m.inOne(ctx, c, s, emit)
			}
			return m.door.stream(ctx, m, c, s, emit)
		})
	}
	return t.answer(s)
}
