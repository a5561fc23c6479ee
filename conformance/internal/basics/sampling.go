package basics

import (
	"fmt"
	"slices"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/prompt"
	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func temperature(p *probe.Probe) {
	for _, want := range []*float64{nil, new(0.0), new(0.25), new(1.0)} {
		req := probe.Ask("Hi")
		req.Temperature = want
		p.Sent(req, func(w probe.Way, got *prompt.Prompt, _ *model.Response) {
			p.Equal(fmt.Sprintf("temperature that %s sent", w), got.Temperature, want)
			p.Equal(fmt.Sprintf("top_p that %s sent", w), got.TopP, (*float64)(nil))
		})
	}
}

func topP(p *probe.Probe) {
	for _, want := range []*float64{nil, new(0.0), new(0.5), new(1.0)} {
		req := probe.Ask("Hi")
		req.TopP = want
		p.Sent(req, func(w probe.Way, got *prompt.Prompt, _ *model.Response) {
			p.Equal(fmt.Sprintf("top_p that %s sent", w), got.TopP, want)
			p.Equal(fmt.Sprintf("temperature that %s sent", w), got.Temperature, (*float64)(nil))
		})
	}
}

func topK(p *probe.Probe) {
	for _, want := range []int{1, 50} {
		req := probe.Ask("Hi")
		req.TopK = want
		p.Sent(req, func(w probe.Way, got *prompt.Prompt, _ *model.Response) {
			p.Equal(fmt.Sprintf("top_k that %s sent", w), got.TopK, want)
		})
	}
}

func maxTokens(p *probe.Probe) {
	for _, want := range []int{1, 300, 4096} {
		req := probe.Ask("Hi")
		req.MaxTokens = want
		p.Sent(req, func(w probe.Way, got *prompt.Prompt, _ *model.Response) {
			p.Equal(fmt.Sprintf("max_tokens that %s sent", w), got.MaxTokens, want)
		})
	}
}

func stopSequences(p *probe.Probe) {
	req := probe.Ask("Count.")
	want := []string{"three", "\n\nHuman:", "Ünd", "<end>"} // in an order that no sorting produces
	req.StopSequences = slices.Clone(want)
	p.Sent(req, func(w probe.Way, got *prompt.Prompt, _ *model.Response) {
		p.Equal(fmt.Sprintf("stop_sequences that %s sent", w), got.StopSequences, want)
		p.Equal(fmt.Sprintf("stop_sequences of the caller after %s", w), req.StopSequences, want)
	})
}

func stopSequencesRefused(p *probe.Probe) {
	req := probe.Ask("Count.")
	req.StopSequences = []string{"three"}
	p.Refused("stop sequences", req, model.ErrUnsupported)
}

func unsupportedIsTold(p *probe.Probe) {
	for _, c := range []struct {
		field string
		set   func(*model.Request)
	}{
		{"temperature", func(r *model.Request) { r.Temperature = new(0.0) }},
		{"top_p", func(r *model.Request) { r.TopP = new(0.0) }},
		{"top_k", func(r *model.Request) { r.TopK = 7 }},
		{"max_tokens", func(r *model.Request) { r.MaxTokens = 7 }},
		{"temperature and top_p", func(r *model.Request) { r.Temperature, r.TopP = new(0.25), new(0.5) }},
	} {
		for _, w := range probe.Ways {
			field, req := c.field, probe.Ask("Hi")
			c.set(req)
			r := p.Play(fake.Text("ok"))
			resp, err := r.Ask(p.Ctx, w, req)
			switch {
			case err != nil && !probe.IsAny(err, []model.ErrorKind{model.ErrUnsupported}):
				p.Errorf("%s with %s failed with kind %q, want none or %q", w, field, string(model.KindOf(err)), string(model.ErrUnsupported))
			case err != nil:
				r.Calls(string(w)+" with "+field, 0)
			case resp != nil && !sameSampling(r.Prompt(0).Request, req) && !probe.WarnedAny(resp):
				p.Errorf("%s with %s: the provider got (%s), want (%s) or a warning", w, field, sampling(r.Prompt(0).Request), sampling(req))
			}
		}
	}
}

// sameSampling compares the sampling that the provider got with that of the
// request. BAS-17 checks that no limit is added.
func sameSampling(got, asked *model.Request) bool {
	g := *got
	if asked.MaxTokens == 0 {
		g.MaxTokens = 0
	}
	return sampling(&g) == sampling(asked)
}

func sampling(r *model.Request) string {
	return fmt.Sprintf("temperature %s, top_p %s, top_k %d, max_tokens %d", show.Value(r.Temperature), show.Value(r.TopP), r.TopK, r.MaxTokens)
}

func manyStopSequences(p *probe.Probe) {
	req := probe.Ask("Count.")
	for _, s := range []string{"six", "one", "five", "two", "four", "three"} {
		req.StopSequences = append(req.StopSequences, "<"+s+">")
	}
	p.Conserved("six stop sequences", req)
}

func hotTemperature(p *probe.Probe) {
	p.Conserved("the temperature 1.5", probe.With(probe.Ask("Hi"), func(r *model.Request) { r.Temperature = new(1.5) }))
}
