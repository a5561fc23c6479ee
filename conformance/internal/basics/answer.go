package basics

import (
	"cmp"
	"fmt"
	"time"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/prompt"
	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func textReply(p *probe.Probe) {
	for _, want := range []string{"Hello.", " two  spaces \n", "a\r\nb\tc", "x", " \n"} {
		p.Each(fake.Text(want), probe.Ask("Hi"), func(w probe.Way, resp *model.Response, r *probe.Rig) {
			p.Equal(fmt.Sprintf("parts of %s's answer", w), resp.Message.Parts, []model.Part{model.Text(want)})
			r.Calls(string(w), 1)
		})
	}
}

func emptyReply(p *probe.Probe) {
	p.Each(fake.Reply(), probe.Ask("Hi"), func(w probe.Way, resp *model.Response, _ *probe.Rig) {
		if n := len(resp.Message.Parts); n > 0 {
			p.Errorf("%s: an empty answer has %d parts: %s", w, n, show.Parts(resp.Message.Parts))
		}
		p.Equal(fmt.Sprintf("stop reason of %s's empty answer", w), resp.StopReason, model.StopEndTurn)
	})
}

func partOrder(p *probe.Probe) {
	parts := []model.Part{model.Text("First."), probe.ToolCall("c1", "look", `{"at":1}`), model.Text("Second."), model.Text("Third."), probe.ToolCall("c2", "look", `{"at":2}`)}
	req := probe.WithTools(probe.Ask("Look."), "look")
	p.Each(fake.Reply(parts...), req, func(w probe.Way, resp *model.Response, _ *probe.Rig) {
		p.Equal(fmt.Sprintf("parts of %s's answer", w), prompt.Plain(resp.Message.Parts), parts)
	})
}

func assistantRole(p *probe.Probe) {
	p.Each(fake.Text("Hello."), probe.Ask("Hi"), func(w probe.Way, resp *model.Response, _ *probe.Rig) {
		p.Equal(fmt.Sprintf("role of %s's answer", w), resp.Message.Role, model.RoleAssistant)
	})
}

func stopReasons(p *probe.Probe) {
	reasons := append([]model.StopReason{model.StopEndTurn}, p.Subject.Capabilities.StopReasons...)
	for _, want := range reasons {
		if want == model.StopToolUse && !p.Subject.Capabilities.Tools {
			continue
		}
		p.Each(fake.Text("Hello.").StopReason(want), probe.Ask("Hi"), func(w probe.Way, resp *model.Response, _ *probe.Rig) {
			p.Equal(fmt.Sprintf("stop reason of %s's answer", w), resp.StopReason, want)
			p.Equal(fmt.Sprintf("text of %s's answer with stop reason %q", w, want), resp.Text(), "Hello.")
		})
		if !p.Subject.Capabilities.Tools {
			continue
		}
		p.Each(fake.Reply(probe.ToolCall("c1", "look", `{}`)).StopReason(want), probe.WithTools(probe.Ask("Look."), "look"), func(w probe.Way, resp *model.Response, _ *probe.Rig) {
			p.Equal(fmt.Sprintf("stop reason of %s's answer with a call", w), resp.StopReason, want)
		})
	}
}

func unknownStopReason(p *probe.Probe) {
	const want = model.StopReason("the_moon_is_full")
	p.Each(fake.Text("Howl.").StopReason(want), probe.Ask("Hi"), func(w probe.Way, resp *model.Response, _ *probe.Rig) {
		p.Equal(fmt.Sprintf("stop reason of %s's answer", w), resp.StopReason, want)
	})
}

func modelNamed(p *probe.Probe) {
	names := map[probe.Way]string{}
	p.Each(fake.Text("Hello."), probe.Ask("Hi"), func(w probe.Way, resp *model.Response, _ *probe.Rig) {
		names[w] = resp.Model
		if want := p.Subject.Model; resp.Model == "" || want != "" && resp.Model != want {
			p.Errorf("%s's answer names the model %q, want %q", w, resp.Model, cmp.Or(want, "any name"))
		}
	})
	p.Equal("model named by Stream, compared with Generate", names[probe.Stream], names[probe.Generate])
}

func requestID(p *probe.Probe) {
	scripted := func(id string) fake.Turn {
		return fake.Text("Hello.").With(func(r *model.Response) { r.RequestID = id })
	}
	seen := map[bool]probe.Way{}
	for _, w := range probe.Ways {
		r := p.Play(scripted("4f6c0b1e-3a52-4d6e"), scripted("9d0e-2f4a5c1b7e90"))
		first, second := r.Answer(w, probe.Ask("Hi")).RequestID, r.Answer(w, probe.Ask("Hi")).RequestID
		if first == "" || first == second {
			p.Errorf("%s's answers to two calls have the request ids %q and %q", w, first, second)
		}
		seen[first == "4f6c0b1e-3a52-4d6e" && second == "9d0e-2f4a5c1b7e90"] = w
	}
	if len(seen) > 1 { // a provider may make its own ids, but then for Generate and Stream
		p.Errorf("%s carries the provider's request id, %s another", seen[true], seen[false])
	}
}

func latency(p *probe.Probe) {
	const want = 1234 * time.Millisecond
	turn := fake.Text("Hello.").With(func(r *model.Response) { r.Latency = want })
	p.Each(turn, probe.Ask("Hi"), func(w probe.Way, resp *model.Response, _ *probe.Rig) {
		p.Equal(fmt.Sprintf("latency of %s's answer", w), resp.Latency, want)
	})
}

func usageExact(p *probe.Probe) {
	want := &model.Usage{Known: true, InputTokens: 21, OutputTokens: 34}
	p.Each(fake.Text("Hello.").Usage(want), probe.Ask("Hi"), func(w probe.Way, resp *model.Response, _ *probe.Rig) {
		p.Equal(fmt.Sprintf("usage of %s's answer", w), resp.Usage, want)
	})
}

func usageUnknown(p *probe.Probe) {
	p.Each(fake.Text("Hello.").Usage(nil), probe.Ask("Hi"), func(w probe.Way, resp *model.Response, _ *probe.Rig) {
		p.Equal(fmt.Sprintf("usage of %s's answer", w), resp.Usage, new(model.Usage))
	})
}

func unicodeText(p *probe.Probe) {
	for _, want := range probe.OddTexts {
		for _, w := range probe.Ways {
			r := p.Play(fake.Text(want))
			resp := r.Answer(w, probe.Ask(want))
			p.Equal(fmt.Sprintf("text of %s's answer", w), resp.Text(), want)
			p.Equal(fmt.Sprintf("user text that %s sent", w), r.Prompt(0).Text(model.RoleUser), want)
		}
	}
}
