package basics

import (
	"fmt"
	"strings"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/prompt"
	"github.com/chatmodel-go/chatmodel/model"
)

func systemMessage(p *probe.Probe) {
	const rules = "Answer in rhyme. Never say \"moon\"."
	req := &model.Request{Messages: []model.Message{model.System(rules), model.User("Hi")}}
	p.Sent(req, func(w probe.Way, got *prompt.Prompt, _ *model.Response) {
		p.Equal(fmt.Sprintf("system text that %s sent", w), got.SystemText(), rules)
		p.Equal(fmt.Sprintf("user text that %s sent", w), got.Text(model.RoleUser), "Hi")
	})
}

func systemMessagesInOrder(p *probe.Probe) {
	req := &model.Request{Messages: []model.Message{
		model.System("One."), model.System("Two."), model.User("Hi"), model.Assistant("Yes?"),
		model.System("Three."), model.User("Go on."),
	}}
	p.Sent(req, func(w probe.Way, got *prompt.Prompt, resp *model.Response) {
		system, user := "One.Two.Three.", "HiGo on."
		if probe.Warned(resp, "messages[4]") && got.SystemText() == "One.Two." {
			system, user = "One.Two.", "HiThree.Go on." // the message kept its place, as the user's words
		}
		p.Equal(fmt.Sprintf("system text that %s sent", w), got.SystemText(), system)
		p.Equal(fmt.Sprintf("user text that %s sent", w), got.Text(model.RoleUser), user)
		p.Equal(fmt.Sprintf("assistant text that %s sent", w), got.Text(model.RoleAssistant), "Yes?")
		if !systemAt(got.Request, "Three.", 2) && !probe.Warned(resp, "messages[4]") {
			p.Errorf("%s moved messages[4] without a warning that says so; warnings: %v", w, resp.Warnings)
		}
	})
}

// systemAt reports whether a system message stands after n others.
func systemAt(req *model.Request, text string, n int) bool {
	others := 0
	for _, m := range req.Messages {
		if m.Role != model.RoleSystem {
			others++
		} else if strings.Contains(m.Text(), text) {
			return others == n
		}
	}
	return false
}

func rolesAndOrder(p *probe.Probe) {
	req := &model.Request{Messages: []model.Message{
		model.User("One? "), model.Assistant("Two. \n"), model.User("\n Three?"), model.Assistant(" Four."), model.User("Five?"),
	}}
	p.Sent(req, func(w probe.Way, got *prompt.Prompt, _ *model.Response) {
		p.Equal(fmt.Sprintf("turns that %s sent", w), got.Turns, req.Messages)
	})
}

func adjacentTurns(p *probe.Probe) {
	req := &model.Request{Messages: []model.Message{
		model.User("One."), model.User("Two."), model.Assistant("Three."), model.Assistant("Four."), model.User("Five."),
	}}
	p.Sent(req, func(w probe.Way, got *prompt.Prompt, _ *model.Response) {
		p.Equal(fmt.Sprintf("user text that %s sent", w), got.Text(model.RoleUser), "One.Two.Five.")
		p.Equal(fmt.Sprintf("assistant text that %s sent", w), got.Text(model.RoleAssistant), "Three.Four.")
	})
}

func nothingInvented(p *probe.Probe) {
	p.Sent(probe.Ask("Hi"), func(w probe.Way, got *prompt.Prompt, resp *model.Response) {
		blank := *got.Request
		blank.Messages, blank.ProviderOptions = nil, nil
		blank.ToolChoice.Mode = ""
		if blank.MaxTokens > 0 && probe.Warned(resp, "max_tokens") {
			blank.MaxTokens = 0 // some providers require a limit
		}
		p.Equal(fmt.Sprintf("settings that %s sent for a request without any", w), &blank, &model.Request{})
		p.Equal(fmt.Sprintf("system text that %s sent", w), got.SystemText(), "")
		p.Equal(fmt.Sprintf("turns that %s sent", w), got.Turns, []model.Message{model.User("Hi")})
	})
}

func silentWhenFaithful(p *probe.Probe) {
	req := &model.Request{Messages: []model.Message{model.System("Be kind."), model.User("Hi")}, MaxTokens: 100}
	p.Sent(req, func(w probe.Way, _ *prompt.Prompt, resp *model.Response) {
		if len(resp.Warnings) > 0 {
			p.Errorf("%s of a plain request warns: %v", w, resp.Warnings)
		}
	})
}
