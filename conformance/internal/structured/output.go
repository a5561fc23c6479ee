package structured

import (
	"fmt"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/prompt"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func outputSchema(p *probe.Probe) {
	req := probe.WithOutput()
	req.Output.Name, req.Output.Description = "", "" // not every format has them
	p.Sent(req, func(w probe.Way, got *prompt.Prompt, resp *model.Response) {
		if got.Output == nil {
			p.Fatalf("%s lost the output schema", w)
		}
		sent, want := string(got.Output.Schema), probe.OutputJSONSchema
		if p.Claims(probe.Tools) { // TOL-22 checks the spelling of all schemas
			sent, want = prompt.SchemaValue(got.Output.Schema), prompt.SchemaValue([]byte(want))
		}
		p.Equal(fmt.Sprintf("output schema that %s sent", w), sent, want)
		p.Silent(w, resp)
	})
}

func outputName(p *probe.Probe) {
	p.Sent(probe.WithOutput(), func(w probe.Way, got *prompt.Prompt, resp *model.Response) {
		if got.Output == nil {
			p.Fatalf("%s lost the output schema", w)
		}
		if !probe.Warned(resp, "output.name") {
			p.Equal(fmt.Sprintf("output name that %s sent", w), got.Output.Name, "weather")
		}
		if !probe.Warned(resp, "output.description") {
			p.Equal(fmt.Sprintf("output description that %s sent", w), got.Output.Description, "The weather now.")
		}
	})
}

func outputIsText(p *probe.Probe) {
	const text = `{"temp":-2.50,"city":"Osl\u00f8 <&>","sky":"grey"}`
	for _, size := range []int{0, 1, 6} {
		p.Each(fake.Text(text).Pieces(size), probe.WithOutput(), func(w probe.Way, resp *model.Response, _ *probe.Rig) {
			p.Equal(fmt.Sprintf("parts of %s's answer", w), resp.Message.Parts, []model.Part{model.Text(text)})
			p.Equal(fmt.Sprintf("stop reason of %s's answer", w), resp.StopReason, model.StopEndTurn)
		})
	}
}

func outputCut(p *probe.Probe) {
	stop := model.StopMaxTokens
	if !p.Subject.Capabilities.Stops(stop) {
		stop = model.StopEndTurn
	}
	p.Each(fake.Text(`{"city":"Os`).StopReason(stop), probe.WithOutput(), func(w probe.Way, resp *model.Response, _ *probe.Rig) {
		p.Equal(fmt.Sprintf("stop reason of %s's answer", w), resp.StopReason, stop)
		p.Equal(fmt.Sprintf("text of %s's answer", w), resp.Text(), `{"city":"Os`)
	})
}

func outputWithTools(p *probe.Probe) {
	p.Sent(probe.WithTools(probe.WithOutput(), "weather"), func(w probe.Way, got *prompt.Prompt, _ *model.Response) {
		if got.Output == nil {
			p.Errorf("%s lost the output schema", w)
		}
		p.Equal(fmt.Sprintf("number of tools that %s sent", w), len(got.Tools), 1)
	})
}

func outputNotAskedFor(p *probe.Probe) {
	p.Sent(probe.Ask("Hi"), func(w probe.Way, got *prompt.Prompt, _ *model.Response) {
		p.Equal(fmt.Sprintf("output format that %s sent", w), got.Output, (*model.OutputFormat)(nil))
	})
}

func outputRefused(p *probe.Probe) {
	p.Refused("an output schema", probe.WithOutput(), model.ErrUnsupported)
}
