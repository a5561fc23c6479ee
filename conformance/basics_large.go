package conformance

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// longText is a text of n bytes that says where it is at every place.
func longText(n int) string {
	b := make([]byte, 0, n+16)
	for i := 0; len(b) < n; i++ {
		b = append(strconv.AppendInt(b, int64(i), 10), ' ')
	}
	return string(b[:n])
}

func manyStopSequences(p *probe) {
	req := ask("Count.")
	for _, s := range []string{"six", "one", "five", "two", "four", "three"} {
		req.StopSequences = append(req.StopSequences, "<"+s+">")
	}
	p.conserved("six stop sequences", req)
}

func largeText(p *probe) {
	p.conserved("a text of 1 MiB", ask(longText(1<<20)))
}

func manyTurns(p *probe) {
	req := &model.Request{}
	for i := range 75 {
		req.Messages = append(req.Messages, model.User(fmt.Sprintf("Question %d?", i)), model.Assistant(fmt.Sprintf("Answer %d.", i)))
	}
	req.Messages = append(req.Messages, model.User("And now?"))
	p.conserved("151 turns", req)
}

func hotTemperature(p *probe) {
	p.conserved("the temperature 1.5", with(ask("Hi"), func(r *model.Request) { r.Temperature = new(1.5) }))
}

// countsAll checks that everything in a prompt is counted: each of several
// things that are added to it, one at a time, makes it longer.
func countsAll(p *probe) {
	r := p.play(fake.Text("this should not have been asked for").Always())
	count := func(what string, req *model.Request) int {
		n, err := model.CountTokens(p.ctx, r.model, req)
		if err != nil {
			p.fatalf("CountTokens of %s failed: %v", what, err)
		}
		return n
	}
	said := strings.Repeat("All work and no play makes Jack a dull boy. ", 12)
	more := func(what string, short, long *model.Request) {
		a, b := count("a request", short), count(what, long)
		if b <= a {
			p.errorf("CountTokens gives %d tokens for %s, and %d for the same request with less", b, what, a)
		}
	}
	history := func(messages ...model.Message) *model.Request {
		return &model.Request{Messages: append(messages, model.User("Hi"))}
	}
	more("a system message", history(), history(model.System(said)))
	more("an earlier turn of the user's", history(model.User("Yes?"), model.Assistant("Yes.")), history(model.User(said), model.Assistant("Yes.")))
	more("an earlier answer", history(model.User("Yes?"), model.Assistant("Yes.")), history(model.User("Yes?"), model.Assistant(said)))
	if p.claims(capTools) {
		more("a tool", ask("Hi"), withTools(ask("Hi"), "weather"))
		calls := []model.Part{call("c1", "weather", `{"city":"Oslo"}`)}
		more("a tool result", toolTurn(calls, textResult("c1", "Rain.")), toolTurn(calls, textResult("c1", said)))
	}
	if p.claims(capImages) {
		more("an image", says(model.Text("Hi")), says(model.Image{MediaType: "image/png", Data: pixel}, model.Text("Hi")))
	}
	r.calls("CountTokens", 0)
}

func blankTexts(p *probe) {
	for _, blank := range []string{"", " ", "\n\t", "\u00a0"} {
		p.conserved(fmt.Sprintf("the text %q before another", blank), says(model.Text(blank), model.Text("Hi")))
		p.conserved(fmt.Sprintf("the text %q after another", blank), says(model.Text("Hi"), model.Text(blank)))
		p.conserved(fmt.Sprintf("an answer %q in the history", blank), &model.Request{Messages: []model.Message{
			model.User("Hi"), model.AssistantParts(model.Text(blank), model.Text("Yes?")), model.User("Go on."),
		}})
		p.conserved(fmt.Sprintf("a system message %q", blank), &model.Request{Messages: []model.Message{
			model.SystemParts(model.Text(blank), model.Text("Be kind.")), model.User("Hi"),
		}})
	}
}

func emptyTurns(p *probe) {
	p.conserved("an answer without parts", &model.Request{Messages: []model.Message{
		model.User("Hi"), {Role: model.RoleAssistant}, model.User("Hello?"),
	}})
	p.conserved("an answer of blank text only", &model.Request{Messages: []model.Message{
		model.User("Hi"), model.Assistant(" "), model.User("Hello?"),
	}})
	p.conserved("a turn of the user's without parts", &model.Request{Messages: []model.Message{
		model.User("Hi"), model.Assistant("Yes?"), {Role: model.RoleUser}, model.Assistant("Well?"), model.User("Hello?"),
	}})
}

func prefill(p *probe) {
	for _, begun := range []string{"The answer is", "The answer is ", "The answer is: \n", "{"} {
		p.conserved(fmt.Sprintf("the beginning %q of an answer", begun), &model.Request{Messages: []model.Message{
			model.User("What is it?"), model.Assistant(begun),
		}})
	}
}

// oddCitations are citations with all that citations may have.
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

func citationFields(p *probe) {
	parts := oddCitations()
	for _, size := range []int{0, 3} {
		p.each(fake.Reply(parts...).Pieces(size), ask("Weather?"), func(w way, resp *model.Response, _ *rig) {
			p.equal(fmt.Sprintf("parts of %s's answer", w), resp.Message.Parts, parts)
		})
	}
}

func citationsInHistory(p *probe) {
	p.conserved("an answer with citations in the history", &model.Request{Messages: []model.Message{
		model.User("Weather?"), model.AssistantParts(oddCitations()...), model.User("And tomorrow?"),
	}})
}
