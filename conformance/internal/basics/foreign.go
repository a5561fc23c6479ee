package basics

import (
	"fmt"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/prompt"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// elsewhere is the settings of a provider that does not exist.
type elsewhere struct{}

func (elsewhere) OptionsFor() string { return "elsewhere" }

func (elsewhere) CloneOptions() model.ProviderOptions { return elsewhere{} }

func foreignSettings(p *probe.Probe) {
	req := probe.Ask("Hi")
	req.ProviderOptions = []model.ProviderOptions{elsewhere{}}
	p.Each(fake.Text("ok"), req, func(w probe.Way, resp *model.Response, r *probe.Rig) {
		p.Equal(fmt.Sprintf("turns that %s sent", w), r.Prompt(0).Turns, req.Messages)
	})
}

func foreignBlocks(p *probe.Probe) {
	req := &model.Request{Messages: []model.Message{
		model.User("Hi"),
		model.AssistantParts(model.Text("Yes?"), model.Opaque{Provider: "elsewhere", Kind: "hologram", Data: []byte(`{"x":1}`)}),
		model.User("Go on."),
	}}
	p.Sent(req, func(w probe.Way, got *prompt.Prompt, resp *model.Response) {
		p.Equal(fmt.Sprintf("assistant's parts that %s sent", w), got.All(model.RoleAssistant), []model.Part{model.Text("Yes?")})
		if !probe.Warned(resp, "messages[1].parts[1]") {
			p.Errorf("%s dropped messages[1].parts[1] without a warning that says so; warnings: %v", w, resp.Warnings)
		}
	})
}
