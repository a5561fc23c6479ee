package conformance

import (
	"encoding/json"
	"fmt"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func structuredCases() []Case {
	need := []Capability{capStructuredOutput}
	return []Case{
		{ID: "SCH-01", Name: "Schema", check: outputSchema, Needs: need,
			Rule: "the schema of the output arrives with nothing taken from it and nothing changed"},
		{ID: "SCH-02", Name: "NameAndDescription", check: outputName, Needs: need,
			Rule: "name and description of the output arrive with it, or that is told in Warnings"},
		{ID: "SCH-03", Name: "AnswerIsText", check: outputIsText, Needs: need,
			Rule: "a structured answer is text, the JSON byte for byte as the model wrote it"},
		{ID: "SCH-04", Name: "CutByLimit", check: outputCut, Needs: need,
			Rule: "a structured answer that a token limit cut off is an answer with that stop reason, not an error"},
		{ID: "SCH-05", Name: "WithTools", check: outputWithTools, Needs: append([]Capability{capTools}, need...),
			Rule: "a request may have tools and an output schema; both arrive"},
		{ID: "SCH-06", Name: "NotAskedFor", check: outputNotAskedFor,
			Rule: "a request without an output schema is sent without one"},
		{ID: "SCH-07", Name: "Refused", check: outputRefused, Unless: capStructuredOutput,
			Rule: "a model without structured output refuses it with ErrUnsupported and sends nothing"},
	}
}

const outputJSONSchema = `{"type":"object","properties":{"city":{"type":"string","description":"where – <&>"},"temp":{"type":"number"},"sky":{"enum":["clear","grey"]}},"required":["city","temp"],"additionalProperties":false}`

func withOutput() *model.Request {
	req := ask("Weather in Oslo?")
	req.Output = &model.OutputFormat{Name: "weather", Description: "The weather now.", Schema: json.RawMessage(outputJSONSchema)}
	return req
}

func outputSchema(p *probe) {
	req := withOutput()
	req.Output.Name, req.Output.Description = "", "" // not every format has them
	p.sent(req, func(w way, got *prompt, resp *model.Response) {
		if got.Output == nil {
			p.fatalf("%s lost the output schema", w)
		}
		p.equal(fmt.Sprintf("output schema that %s sent", w), string(got.Output.Schema), outputJSONSchema)
		p.silent(w, resp)
	})
}

func outputName(p *probe) {
	p.sent(withOutput(), func(w way, got *prompt, resp *model.Response) {
		if got.Output == nil {
			p.fatalf("%s lost the output schema", w)
		}
		if !warned(resp, "output.name") {
			p.equal(fmt.Sprintf("output name that %s sent", w), got.Output.Name, "weather")
		}
		if !warned(resp, "output.description") {
			p.equal(fmt.Sprintf("output description that %s sent", w), got.Output.Description, "The weather now.")
		}
	})
}

func outputIsText(p *probe) {
	const text = `{"temp":-2.50,"city":"Osl\u00f8 <&>","sky":"grey"}`
	for _, size := range []int{0, 1, 6} {
		p.each(fake.Text(text).Pieces(size), withOutput(), func(w way, resp *model.Response, _ *rig) {
			p.equal(fmt.Sprintf("parts of %s's answer", w), resp.Message.Parts, []model.Part{model.Text(text)})
			p.equal(fmt.Sprintf("stop reason of %s's answer", w), resp.StopReason, model.StopEndTurn)
		})
	}
}

func outputCut(p *probe) {
	stop := model.StopMaxTokens
	if !p.subject.Capabilities.stops(stop) {
		stop = model.StopEndTurn
	}
	p.each(fake.Text(`{"city":"Os`).StopReason(stop), withOutput(), func(w way, resp *model.Response, _ *rig) {
		p.equal(fmt.Sprintf("stop reason of %s's answer", w), resp.StopReason, stop)
		p.equal(fmt.Sprintf("text of %s's answer", w), resp.Text(), `{"city":"Os`)
	})
}

func outputWithTools(p *probe) {
	p.sent(withTools(withOutput(), "weather"), func(w way, got *prompt, _ *model.Response) {
		if got.Output == nil {
			p.errorf("%s lost the output schema", w)
		}
		p.equal(fmt.Sprintf("number of tools that %s sent", w), len(got.Tools), 1)
	})
}

func outputNotAskedFor(p *probe) {
	p.sent(ask("Hi"), func(w way, got *prompt, _ *model.Response) {
		p.equal(fmt.Sprintf("output format that %s sent", w), got.Output, (*model.OutputFormat)(nil))
	})
}

func outputRefused(p *probe) { p.refused("an output schema", withOutput(), model.ErrUnsupported) }
