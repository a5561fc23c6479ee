package fake

import (
	"fmt"
	"slices"

	"github.com/chatmodel-go/chatmodel/model"
)

// sendable returns the part of a request that a provider's library would send,
// and its warnings about the rest: thinking that was cut off and, if the provider
// has a name, blocks of others. The request itself is not modified; it is
// returned as it is if all of it can be sent.
func sendable(req *model.Request, provider string) (*model.Request, []model.Warning) {
	if !slices.ContainsFunc(req.Messages, func(m model.Message) bool {
		return slices.ContainsFunc(m.Parts, func(p model.Part) bool { return unsendable(p, provider) != "" })
	}) {
		return req, nil
	}
	var warnings []model.Warning
	sent := *req
	sent.Messages = nil
	for i, m := range req.Messages {
		var kept []model.Part
		for j, p := range m.Parts {
			if why := unsendable(p, provider); why != "" {
				warnings = append(warnings, model.Warning{
					Action: model.WarningDropped, Field: fmt.Sprintf("messages[%d].parts[%d]", i, j), Reason: why,
				})
				continue
			}
			kept = append(kept, p)
		}
		if len(kept) == 0 && len(m.Parts) > 0 {
			continue // nothing is left of the message
		}
		m.Parts = kept
		sent.Messages = append(sent.Messages, m)
	}
	return &sent, warnings
}

// unsendable returns why a part is not sent to a provider, empty if it is.
func unsendable(p model.Part, provider string) string {
	switch p := p.(type) {
	case model.Opaque:
		if foreign(p.Provider, provider) {
			return fmt.Sprintf("the block is %s's, and this is %s", p.Provider, provider)
		}
	case model.Thinking:
		if p.Incomplete {
			return "thinking that was cut off is not sent back"
		}
		if foreign(p.Provider, provider) {
			return fmt.Sprintf("the thinking is %s's, and this is %s", p.Provider, provider)
		}
	}
	return ""
}

func foreign(from, to string) bool { return from != "" && to != "" && from != to }

// warn puts warnings in front of those of a performance's answer.
func (p *performance) warn(warnings []model.Warning) {
	if len(warnings) == 0 {
		return
	}
	for i, ev := range p.events {
		if ev.Kind != model.EventFinish || ev.Response == nil {
			continue
		}
		p.events[i].Response.Warnings = append(warnings[:len(warnings):len(warnings)], ev.Response.Warnings...)
	}
}
