package shorten

import (
	"slices"

	"github.com/chatmodel-go/chatmodel/model"
)

// A unit is messages that stay or go together.
type unit struct {
	messages []int // of the request
	why      string
}

const (
	anExchange = "an exchange of the past; the conversation was too long"
	aStep      = "a step of the past to the answer; the conversation was too long"
)

// unitsOf returns what may go of a conversation, in the order in which it goes,
// and how many of these units go one by one only after those before them: the
// first free of them go in groups.
func unitsOf(messages []model.Message) (units []unit, free int) {
	exchanges := exchangesOf(messages)
	if len(exchanges) == 0 {
		return nil, 0
	}
	past, last := exchanges[:len(exchanges)-1], exchanges[len(exchanges)-1]
	pinned := 0 // exchanges that are cached
	for i, x := range past {
		if slices.ContainsFunc(x.messages, func(m int) bool { return hasPoint(&messages[m]) }) {
			pinned = i + 1
		}
	}
	units = slices.Clone(past[pinned:])
	free = len(units)
	for _, x := range slices.Backward(past[:pinned]) {
		units = append(units, x)
	}
	return append(units, stepsOf(messages, last)...), free
}

// exchangesOf divides a conversation. System messages belong to no exchange.
func exchangesOf(messages []model.Message) []unit {
	var all []unit
	answered := true // the assistant spoke last, or nobody has
	for i := range messages {
		m := &messages[i]
		if m.Role == model.RoleSystem {
			continue
		}
		asks := m.Role == model.RoleUser && !hasResult(m)
		if len(all) == 0 || asks && answered {
			all = append(all, unit{why: anExchange})
		}
		x := &all[len(all)-1]
		x.messages = append(x.messages, i)
		answered = m.Role == model.RoleAssistant
	}
	return all
}

// stepsOf returns the steps of the last exchange that may go: calls and their
// results, but the last.
func stepsOf(messages []model.Message, last unit) []unit {
	var steps []unit
	for _, i := range last.messages {
		m := &messages[i]
		switch {
		case m.Role == model.RoleAssistant:
			if n := len(steps); n == 0 || messages[steps[n-1].messages[len(steps[n-1].messages)-1]].Role != model.RoleAssistant {
				steps = append(steps, unit{why: aStep})
			}
		case len(steps) == 0:
			continue // the question
		}
		s := &steps[len(steps)-1]
		s.messages = append(s.messages, i)
	}
	if len(steps) == 0 {
		return nil
	}
	return steps[:len(steps)-1]
}

func hasResult(m *model.Message) bool {
	return slices.ContainsFunc(m.Parts, func(p model.Part) bool { _, ok := p.(model.ToolResult); return ok })
}

func hasPoint(m *model.Message) bool {
	return slices.ContainsFunc(m.Parts, func(p model.Part) bool { _, ok := p.(model.CachePoint); return ok })
}
