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
	point := -1 // the last message of the past that ends a cached prefix
	for i := range messages[:last.messages[0]] {
		if hasPoint(&messages[i]) {
			point = i
		}
	}
	pinned := 0 // exchanges that are cached
	for pinned < len(past) && past[pinned].messages[0] <= point {
		pinned++
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
// results. What the user says between them stays, and so does the last step,
// with that which an answer to go on with stands behind.
func stepsOf(messages []model.Message, last unit) []unit {
	var steps []unit
	speaker := model.RoleUser // of the message before
	for _, i := range last.messages {
		m := &messages[i]
		if m.Role == model.RoleAssistant && speaker == model.RoleUser {
			steps = append(steps, unit{why: aStep})
		}
		speaker = m.Role
		if n := len(steps); n > 0 && (m.Role == model.RoleAssistant || hasResult(m)) {
			steps[n-1].messages = append(steps[n-1].messages, i)
		}
	}
	stay := 1
	if speaker == model.RoleAssistant {
		stay = 2
	}
	return steps[:max(len(steps)-stay, 0)]
}

func hasResult(m *model.Message) bool {
	return slices.ContainsFunc(m.Parts, func(p model.Part) bool { _, ok := p.(model.ToolResult); return ok })
}

func hasPoint(m *model.Message) bool {
	return slices.ContainsFunc(m.Parts, func(p model.Part) bool { _, ok := p.(model.CachePoint); return ok })
}
