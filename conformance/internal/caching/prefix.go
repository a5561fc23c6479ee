package caching

import (
	"fmt"
	"strings"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/prompt"
	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// grows runs a tool loop and checks that every call sends the previous one
// again at its front. It applies edit to each request.
func grows(p *probe.Probe, edit func(*model.Request), said func(i int) []model.Part) {
	const rounds = 5
	for _, w := range probe.Ways {
		var turns []fake.Turn
		for i := range rounds {
			turns = append(turns, fake.Reply(said(i)...))
		}
		r := p.Play(turns...)
		req := &model.Request{Messages: []model.Message{model.System("Be brief."), model.User("Go.")}}
		edit(req)
		for i := range rounds {
			resp := r.Answer(w, req)
			if calls := resp.ToolCalls(); len(calls) > 0 {
				req.Messages = append(req.Messages, resp.Message, model.ToolResults(probe.TextResult(calls[0].ID, fmt.Sprintf("done %d", i))))
			} else {
				req.Messages = append(req.Messages, resp.Message, model.User(fmt.Sprintf("More, %d.", i)))
			}
		}
		for i := 1; i < rounds; i++ {
			before, after := prompt.Front(r.Prompt(i-1)), prompt.Front(r.Prompt(i))
			if !strings.HasPrefix(after, before) {
				p.Errorf("call %d by %s does not begin with what call %d sent\ndiff: %s", i+1, w, i, show.TextDifference(after, before))
				return
			}
		}
	}
}

func stepCall(i int) model.Part {
	return probe.ToolCall(fmt.Sprintf("c%d", i), "step", fmt.Sprintf(`{"at":%d}`, i))
}

func prefixStability(p *probe.Probe) {
	grows(p, func(req *model.Request) { probe.WithTools(req, "step", "other", "another") },
		func(i int) []model.Part { return []model.Part{model.Text(fmt.Sprintf("Step %d.", i)), stepCall(i)} })
}

func prefixStabilityThinking(p *probe.Probe) {
	grows(p, func(req *model.Request) { p.Think(probe.WithTools(req, "step")) },
		func(i int) []model.Part {
			return []model.Part{probe.SignedBlock(fmt.Sprintf("Thought %d.", i), fmt.Sprintf("sig-%d", i)), stepCall(i)}
		})
}

func prefixStabilityAutomatic(p *probe.Probe) {
	grows(p, func(req *model.Request) { req.Cache = &model.CacheConfig{} },
		func(i int) []model.Part { return []model.Part{model.Text(fmt.Sprintf("Answer %d.", i))} })
}
