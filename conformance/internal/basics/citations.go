package basics

import (
	"fmt"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func citedText() model.CitedText {
	return model.CitedText{Text: "It rains in Oslo.", Citations: []model.Citation{
		{Title: "Weather", Quotes: []string{"Rain is expected – all day."}, Location: model.CitationLocation{Kind: model.LocationChar, Start: 3, End: 29}},
		{Title: "Almanac", Quotes: []string{"Mostly rain."}, Location: model.CitationLocation{Kind: model.LocationPage, Index: 1, Start: 2, End: 3}},
	}}
}

func citationsKept(p *probe.Probe) {
	parts := []model.Part{model.Text("See: "), citedText()}
	p.Each(fake.Reply(parts...), probe.Ask("Weather?"), func(w probe.Way, resp *model.Response, _ *probe.Rig) {
		p.Equal(fmt.Sprintf("parts of %s's answer", w), resp.Message.Parts, parts)
		p.Equal(fmt.Sprintf("text of %s's answer", w), resp.Text(), "See: It rains in Oslo.")
	})
}

func citationsRoundTrip(p *probe.Probe) {
	for _, w := range probe.Ways {
		r := p.Play(fake.Reply(citedText()), fake.Text("ok"))
		req := probe.Ask("Weather?")
		first := r.Answer(w, req)
		req.Messages = append(req.Messages, first.Message, model.User("And tomorrow?"))
		resp := r.Answer(w, req)
		p.Equal(fmt.Sprintf("assistant's text that %s sent back", w), r.Prompt(1).Text(model.RoleAssistant), citedText().Text)
		if !probe.Warned(resp, "messages[1].parts[0]") {
			p.Equal(fmt.Sprintf("the answer that %s sent back", w), r.Prompt(1).All(model.RoleAssistant), []model.Part{citedText()})
		}
	}
}

// oddCitations returns texts whose citations have every field that a citation
// can have.
func oddCitations() []model.Part {
	return []model.Part{
		model.CitedText{Text: "It rains.", Citations: []model.Citation{
			{Title: "Weather", Source: "s3://b/weather.pdf", Quotes: []string{"Rain.", "More rain."}, Location: model.CitationLocation{Kind: model.LocationPage, Index: 1, Start: 2, End: 3}},
			{Source: "https://example.org/a?b=c&d", Quotes: []string{"Wet."}, Location: model.CitationLocation{
				Kind: model.LocationWeb, URL: "https://example.org/a?b=c&d", Domain: "example.org"}},
		}},
		model.Text(" And then: "),
		model.CitedText{Text: "Sun.", Citations: []model.Citation{
			{Title: "Found", Quotes: []string{"Sun."}, Location: model.CitationLocation{Kind: model.LocationSearchResult, Index: 2, Start: 0, End: 1}},
			{Title: "Notes", Quotes: []string{"sunny"}, Location: model.CitationLocation{Kind: model.LocationChunk, Index: 0, Start: 4, End: 5}},
		}},
	}
}

func citationFields(p *probe.Probe) {
	parts := oddCitations()
	for _, size := range []int{0, 3} {
		p.Each(fake.Reply(parts...).Pieces(size), probe.Ask("Weather?"), func(w probe.Way, resp *model.Response, _ *probe.Rig) {
			p.Equal(fmt.Sprintf("parts of %s's answer", w), resp.Message.Parts, parts)
		})
	}
}

func citationsInHistory(p *probe.Probe) {
	p.Conserved("an answer with citations in the history", &model.Request{Messages: []model.Message{
		model.User("Weather?"), model.AssistantParts(oddCitations()...), model.User("And tomorrow?"),
	}})
}
