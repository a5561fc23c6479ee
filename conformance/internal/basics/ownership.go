package basics

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/prompt"
	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func requestUnchanged(p *probe.Probe) {
	for _, w := range probe.Ways {
		r := p.Play(fake.Text("ok").Times(2))
		req := probe.Rich(p.Subject.Capabilities.Tools)
		before, spare := req.Clone(), req.Messages[:cap(req.Messages)]
		for range 2 {
			r.Answer(w, req)
		}
		if !reflect.DeepEqual(req, before) {
			p.Errorf("%s changed the request\ngot:  %s\nwant: %s", w, show.Shorten(show.JSON(req)), show.Shorten(show.JSON(before)))
		}
		for i, m := range spare[len(req.Messages):] {
			if !reflect.DeepEqual(m, model.Message{}) {
				p.Errorf("%s wrote behind the caller's messages, at index %d", w, len(req.Messages)+i)
			}
		}
		for i, m := range req.Messages {
			if extra := m.Parts[:cap(m.Parts)][len(m.Parts):]; !reflect.DeepEqual(extra, make([]model.Part, len(extra))) {
				p.Errorf("%s wrote behind the parts of messages[%d]", w, i)
			}
		}
	}
}

func requestNotKeptByGenerate(p *probe.Probe) {
	r := p.Play(fake.Text("ok").Times(2))
	req := probe.Rich(false)
	r.Answer(probe.Generate, req)
	scribble(req)
	r.Answer(probe.Generate, req)
	p.Equal("user text of the second call, after the request was changed", r.Prompt(1).Text(model.RoleUser), "Changed.")
	p.Equal("user text of the first call, as the provider keeps it", r.Prompt(0).Text(model.RoleUser), "HiGo on.")
	p.Equal("temperature of the second call", r.Prompt(1).MaxTokens, 65)
}

// scribble changes a request in place to another one. The new one is valid as
// well, so that a model that reads it late cannot pass by refusing it.
func scribble(req *model.Request) {
	for i := range req.Messages {
		for j := range req.Messages[i].Parts {
			req.Messages[i].Parts[j] = model.Text("Scribbled.")
		}
	}
	last := req.Messages[len(req.Messages)-1]
	last.Parts[0] = model.Text("Changed.")
	req.Messages = req.Messages[len(req.Messages)-1:]
	req.MaxTokens++
	if req.Temperature != nil {
		*req.Temperature = 1
	}
	for i := range req.Tools {
		schema := req.Tools[i].InputSchema
		copy(schema, `{"type":"object"`+strings.Repeat(" ", max(0, len(schema)-17))+"}")
		req.Tools[i].Name = fmt.Sprintf("changed%d", i)
	}
}

func requestNotKeptByStream(p *probe.Probe) {
	r := p.Play(fake.Text("ok"))
	req := probe.Rich(p.Subject.Capabilities.Tools)
	want := prompt.Of(req.Clone())
	s := r.Stream(p.Ctx, req)
	scribble(req)
	if _, err := s.Response(); err != nil {
		p.Fatalf("Stream, of a request that was changed after Stream had returned: %v", err)
	}
	got := r.Prompt(0)
	p.Equal("turns sent, after the request was changed", got.Turns, want.Turns)
	p.Equal("system text sent, after the request was changed", got.SystemText(), want.SystemText())
	p.Equal("temperature sent, after the request was changed", got.Temperature, want.Temperature)
	p.Equal("max_tokens sent, after the request was changed", got.MaxTokens, want.MaxTokens)
	p.Equal("tools sent, after the request was changed", prompt.Tools(got.Tools), prompt.Tools(want.Tools))
}

func responseOwned(p *probe.Probe) {
	turn := fake.Text("Hello.").Usage(&model.Usage{InputTokens: 3, OutputTokens: 4})
	if p.Subject.Capabilities.Tools {
		turn = fake.Reply(model.Text("Hello."), probe.ToolCall("c1", "look", `{"at":1}`)).Usage(&model.Usage{InputTokens: 3, OutputTokens: 4})
	}
	for _, w := range probe.Ways {
		r := p.Play(turn.Times(2))
		req := probe.WithTools(probe.Ask("Hi"), probe.ToolsOf(p, "look")...)
		first := r.Answer(w, req)
		want := first.Clone()
		for i, part := range first.Message.Parts {
			if c, ok := part.(model.ToolCall); ok && len(c.Input) > 0 {
				c.Input[0] = 'X'
			}
			first.Message.Parts[i] = model.Text("spoilt")
		}
		if first.Usage != nil {
			*first.Usage = model.Usage{}
		}
		second := r.Answer(w, req)
		p.Equal(fmt.Sprintf("parts of %s's second answer, after the first was changed", w), prompt.Plain(second.Message.Parts), prompt.Plain(want.Message.Parts))
		p.Equal(fmt.Sprintf("usage of %s's second answer, after the first was changed", w), second.Usage, want.Usage)
	}
}

func sameRequestSameWire(p *probe.Probe) {
	schema := `{"type":"object","properties":{"z":{"type":"string"},"a":{"type":"integer"},"m":{"enum":["x","b"]}},"required":["z","a"]}`
	for _, w := range probe.Ways {
		r := p.Play(fake.Text("ok").Times(6))
		req := probe.Rich(false)
		for _, name := range []string{"zeta", "alpha", "mu", "beta"} {
			req.Tools = append(req.Tools, model.Tool{Name: name, Description: "does " + name, InputSchema: []byte(schema)})
		}
		for range 6 {
			r.Answer(w, req)
		}
		first := show.JSON(r.Prompt(0).Request)
		for i := 1; i < 6; i++ {
			if got := show.JSON(r.Prompt(i).Request); got != first {
				p.Equal(fmt.Sprintf("what %s sent in call %d, compared with call 1 of the same request", w, i+1), got, first)
				break
			}
		}
	}
}

func secondCallFresh(p *probe.Probe) {
	for _, w := range probe.Ways {
		r := p.Play(fake.Text("one"), fake.Text("two"))
		r.Answer(w, probe.Rich(p.Subject.Capabilities.Tools))
		resp := r.Answer(w, probe.Ask("Anew."))
		p.Equal(fmt.Sprintf("text of %s's second answer", w), resp.Text(), "two")
		got := r.Prompt(1)
		p.Equal(fmt.Sprintf("turns of %s's second call", w), got.Turns, []model.Message{model.User("Anew.")})
		p.Equal(fmt.Sprintf("system text of %s's second call", w), got.SystemText(), "")
		if got.Temperature != nil || len(got.Tools) > 0 {
			p.Errorf("%s's second call has settings of the first: temperature %s, %d tools", w, show.Value(got.Temperature), len(got.Tools))
		}
	}
}
