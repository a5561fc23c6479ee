package streaming

import (
	"time"

	"github.com/chatmodel-go/chatmodel/conformance/internal/laws"
	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func grammarHolds(p *probe.Probe) {
	parts, req := p.Sample()
	for _, turn := range []fake.Turn{fake.Reply(parts...), fake.Reply(parts...).Pieces(3), fake.Text("Hi"), fake.Reply()} {
		r := p.Play(turn)
		if err := laws.Events(r.Observe(p.Ctx, req)); err != nil {
			p.Errorf("Stream of %v: %v", turn, err)
		}
	}
	r := p.Play(fake.Fail(&model.Error{Kind: model.ErrUnavailable, Message: "down"}))
	if err := laws.Events(r.Observe(p.Ctx, req)); err != nil {
		p.Errorf("Stream of a failure: %v", err)
	}
}

func conservationHolds(p *probe.Probe) {
	parts, req := p.Sample()
	for _, size := range []int{0, 1, 4} {
		r := p.Play(fake.Reply(parts...).Pieces(size))
		if err := laws.Pieces(r.Observe(p.Ctx, req)); err != nil {
			p.Errorf("Stream in pieces of %d bytes: %v", size, err)
		}
	}
}

func generateEquivalence(p *probe.Probe) {
	parts, req := p.Sample()
	caps := &p.Subject.Capabilities
	turn := fake.Reply(parts...).With(func(r *model.Response) {
		r.RequestID, r.Latency = "req-77", 250*time.Millisecond
		r.Usage = &model.Usage{InputTokens: 120, OutputTokens: 45}
		if caps.PromptCaching {
			r.Usage.CacheReadTokens, r.Usage.CacheWriteTokens = 70, 30
		}
	})
	got := map[probe.Way]*model.Response{}
	p.Each(turn, req, func(w probe.Way, resp *model.Response, _ *probe.Rig) { got[w] = resp })
	s, g := got[probe.Stream], got[probe.Generate]
	p.Equal("parts of Stream, compared with Generate", s.Message.Parts, g.Message.Parts)
	p.Equal("role of Stream, compared with Generate", s.Message.Role, g.Message.Role)
	p.Equal("stop reason of Stream, compared with Generate", s.StopReason, g.StopReason)
	p.Equal("usage of Stream, compared with Generate", s.Usage, g.Usage)
	p.Equal("model of Stream, compared with Generate", s.Model, g.Model)
	p.Equal("warnings of Stream, compared with Generate", s.Warnings, g.Warnings)
	p.Equal("request id of Stream, compared with Generate", s.RequestID, g.RequestID)
	p.Equal("latency of Stream, compared with Generate", s.Latency, g.Latency)
}

func stopReasonAndUsage(p *probe.Probe) {
	stop := model.StopEndTurn
	if p.Subject.Capabilities.Stops(model.StopMaxTokens) {
		stop = model.StopMaxTokens
	}
	usage := &model.Usage{Known: true, InputTokens: 7, OutputTokens: 9}
	o := p.Streams("a stream", fake.Text("one two").StopReason(stop).Usage(usage), probe.Ask("Count."), []model.Part{model.Text("one two")})
	p.Equal("stop reason of the stream", o.Response.StopReason, stop)
	p.Equal("usage of the stream", o.Response.Usage, usage)
}

func warningsInStream(p *probe.Probe) {
	req := &model.Request{Messages: []model.Message{model.User("Hi"), model.Assistant("Yes?"), model.System("Late."), model.User("Go on.")}}
	req.Messages[1].Parts = append(req.Messages[1].Parts, model.Opaque{Provider: "elsewhere", Kind: "hologram", Data: []byte(`{}`)})
	got := map[probe.Way][]model.Warning{}
	p.Each(fake.Text("ok"), req, func(w probe.Way, resp *model.Response, _ *probe.Rig) { got[w] = resp.Warnings })
	p.Equal("warnings of Stream, compared with Generate", got[probe.Stream], got[probe.Generate])
}
