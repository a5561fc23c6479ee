package tools

import (
	"encoding/json"
	"fmt"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/prompt"
	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func schemaByteForByte(p *probe.Probe) {
	for _, schema := range []string{
		`{"type":"object","required":["b","a"],"properties":{"b":{"enum":["x","<y>&"]},"a":{"$ref":"#/$defs/n"}},"$defs":{"n":{"type":"number","multipleOf":0.10}},"additionalProperties":false}`,
		`{"type":"object","properties":{"n":{"type":"integer","maximum":9007199254740993,"default":1.0}},"additionalProperties":false}`,
		"{ \"type\": \"object\",\n  \"properties\": { \"a\": { \"type\": \"string\" } },\n  \"additionalProperties\": false }",
	} {
		req := probe.Ask("Hi")
		req.Tools = []model.Tool{{Name: "t", Description: "d", InputSchema: json.RawMessage(schema)}}
		p.Sent(req, func(w probe.Way, got *prompt.Prompt, _ *model.Response) {
			if len(got.Tools) != 1 {
				p.Fatalf("%s sent %d tools, want 1", w, len(got.Tools))
			}
			p.Equal(fmt.Sprintf("schema that %s sent", w), string(got.Tools[0].InputSchema), schema)
		})
	}
	if !p.Claims(probe.StructuredOutput) {
		return
	}
	req := probe.WithOutput()
	p.Sent(req, func(w probe.Way, got *prompt.Prompt, _ *model.Response) {
		if got.Output != nil { // SCH-01 checks that it arrives at all
			p.Equal(fmt.Sprintf("output schema that %s sent", w), string(got.Output.Schema), string(req.Output.Schema))
		}
	})
}

func toolsInOrder(p *probe.Probe) {
	req := probe.WithTools(probe.Ask("Hi"), "zeta", "alpha", "mu_2", "Beta-3")
	p.Sent(req, func(w probe.Way, got *prompt.Prompt, _ *model.Response) {
		p.Equal(fmt.Sprintf("tools that %s sent", w), prompt.Tools(got.Tools), prompt.Tools(req.Tools))
	})
}

func noSchema(p *probe.Probe) {
	req := probe.Ask("Hi")
	req.Tools = []model.Tool{{Name: "now", Description: "The time."}}
	p.Sent(req, func(w probe.Way, got *prompt.Prompt, _ *model.Response) {
		if len(got.Tools) != 1 || got.Tools[0].Name != "now" {
			p.Fatalf("%s sent %d tools, want the one", w, len(got.Tools))
		}
		var schema struct{ Properties map[string]any }
		if raw := got.Tools[0].InputSchema; len(raw) > 0 && (json.Unmarshal(raw, &schema) != nil || len(schema.Properties) > 0) {
			p.Errorf("%s sent the schema %s for a tool without one", w, show.Text(string(raw)))
		}
	})
}

func strictTool(p *probe.Probe) {
	for _, strict := range []*bool{nil, new(true), new(false)} {
		for _, w := range probe.Ways {
			req := probe.Ask("Hi")
			req.Tools = []model.Tool{{Name: "t", Description: "d", InputSchema: json.RawMessage(`{"type":"object","properties":{},"additionalProperties":false}`), Strict: strict}}
			r := p.Play(fake.Text("ok"))
			resp, err := r.Ask(p.Ctx, w, req)
			if err != nil {
				probe.ToldUnsupported(p, w, err, r)
				continue
			}
			if got := r.Prompt(0).Tools; len(got) != 1 || show.Value(got[0].Strict) != show.Value(strict) && !probe.Warned(resp, "tools[0]") {
				p.Errorf("%s of a tool with strict=%s sent %s, want the same or a warning", w, show.Value(strict), show.Value(got))
			}
		}
	}
}

func manyTools(p *probe.Probe) {
	req := probe.Ask("Hi")
	for i := range 64 {
		probe.WithTools(req, fmt.Sprintf("tool_%d", (i*37)%64)) // in an order that no sorting produces
	}
	req.Tools[5].Description = probe.LongText(4 << 10)
	p.Conserved("64 tools, one with a description of 4 KiB", req)
}
