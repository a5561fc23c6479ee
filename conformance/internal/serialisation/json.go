package serialisation

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"time"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/prompt"
	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func answerJSON(p *probe.Probe) {
	parts, req := p.Sample()
	if p.Subject.Capabilities.RedactedThinking {
		parts = append([]model.Part{model.Thinking{Redacted: probe.Redacted(p)[1]}}, parts...)
	}
	p.Each(fake.Reply(parts...), req, func(w probe.Way, resp *model.Response, _ *probe.Rig) {
		p.Stable(fmt.Sprintf("the message of %s's answer", w), resp.Message)
		copied, _ := probe.Again(p, *resp)
		want := *resp
		want.ProviderMetadata = nil
		want.Latency = want.Latency.Truncate(time.Millisecond)
		p.Equal(fmt.Sprintf("%s's answer after JSON", w), &copied, &want)
	})
}

func historyJSON(p *probe.Probe) {
	parts, req := p.Sample()
	for _, w := range probe.Ways {
		r := p.Play(fake.Reply(parts...), fake.Text("ok").Times(2))
		first := r.Answer(w, req)
		next := req.Clone()
		next.Messages = append(next.Messages, first.Message)
		if calls := first.ToolCalls(); len(calls) > 0 {
			next.Messages = append(next.Messages, model.ToolResults(probe.TextResult(calls[0].ID, "Rain – <b>&</b>.")))
		} else {
			next.Messages = append(next.Messages, model.User("Go on – <b>&</b>."))
		}
		r.Answer(w, next)
		next.Messages = probe.Stored(p, next.Messages)
		r.Answer(w, next)
		p.Equal(fmt.Sprintf("turns that %s sent after they had been stored", w), r.Prompt(2).Turns, r.Prompt(1).Turns)
	}
}

// everyPart returns a part of every kind, with every field set.
func everyPart() []model.Part {
	img := model.Image{MediaType: "image/png", Data: []byte{0, 1, 255}}
	return []model.Part{
		model.Text("text – <b>&amp;</b> \u2028"),
		model.CitedText{Text: "cited", Citations: []model.Citation{{
			Title: "t", Source: "s", Quotes: []string{"q"},
			Location: model.CitationLocation{Kind: model.LocationPage, Index: 1, Start: 2, End: 3},
		}}},
		model.Thinking{Text: "hm", Signature: "sig==\n", Provider: "p"},
		model.Thinking{Redacted: []byte{0, 0xff, 0xc3}, Provider: "p"},
		model.Thinking{Text: "cut", Provider: "p", Incomplete: true},
		img, model.Image{MediaType: "image/gif", URI: "s3://b/k", Owner: "123456789012"},
		model.Document{Name: "d", MediaType: "application/pdf", Data: []byte("%PDF\x00"), Context: "c", Citations: true},
		model.Document{Name: "e", MediaType: "text/plain", Chunks: []string{"a", "b"}},
		model.Video{MediaType: "video/mp4", URI: "s3://b/v"},
		model.Audio{MediaType: "audio/mp3", Data: []byte{1}},
		model.ToolCall{ID: "c1", Name: "n", Input: json.RawMessage(`{"b":2.50,"a":9007199254740993}`)},
		model.ToolCall{ID: "c2", Name: "n", InvalidInput: `{"b":`},
		model.ServerToolCall{ID: "s1", Name: "n", Kind: "k", Input: json.RawMessage(`{}`)},
		model.ToolResult{CallID: "c1", IsError: true, Parts: []model.Part{model.Text("t"), model.JSON(`{"x":1.0}`), img}},
		model.ServerToolResult{CallID: "s1", Kind: "k", Parts: []model.Part{model.Text("t")}},
		model.CachePoint{TTL: time.Hour}, model.CachePoint{TTL: 5 * time.Minute}, model.CachePoint{},
		model.SearchResult{Source: "s", Title: "t", Content: []string{"c"}, Citations: true},
		model.Guard{Text: "g", Qualifiers: []string{"query"}}, model.Guard{Image: &img},
		model.Opaque{Provider: "p", Kind: "k", Data: json.RawMessage(`{"z":1,"a":[2.50]}`)},
	}
}

func everyPartJSON(p *probe.Probe) {
	for _, part := range everyPart() {
		p.Stable(fmt.Sprintf("a message of a %T", part), model.AssistantParts(part))
	}
	p.Stable("a message of all parts", model.AssistantParts(everyPart()...))
}

func unknownPartsJSON(p *probe.Probe) {
	const doc = `{"role":"assistant","parts":[{"type":"text","text":"Hi"},{"type":"hologram","depth":2.50,"id":9007199254740993}]}`
	var m model.Message
	if err := p.Seams.Unmarshal([]byte(doc), &m); err != nil {
		p.Fatalf("a message with a part of a later version can't be read: %v", err)
	}
	data, err := p.Seams.Marshal(m)
	if err != nil {
		p.Fatalf("a message with a part of a later version can't be written: %v", err)
	}
	p.Equal("a message with a part of a later version, read and written", string(data), doc)
}

func storedDocuments(p *probe.Probe) {
	for _, c := range []struct {
		doc  string
		want model.Message
	}{
		{`{"role":"user","parts":[{"type":"text","text":"Hi"},{"type":"cache_point","ttl":"1h"}]}`, model.UserParts(
			model.Text("Hi"), model.CachePoint{TTL: time.Hour})},
		{`{"role":"assistant","parts":[{"type":"thinking","text":"hm","signature":"c2ln","provider":"p"},{"type":"thinking","redacted":"AP8=","provider":"p"},{"type":"tool_call","id":"c1","name":"n","input":{"b":2.50,"a":1}}]}`, model.AssistantParts(
			model.Thinking{Text: "hm", Signature: "c2ln", Provider: "p"}, model.Thinking{Redacted: []byte{0, 255}, Provider: "p"},
			probe.ToolCall("c1", "n", `{"b":2.50,"a":1}`))},
		{`{"role":"user","parts":[{"type":"tool_result","call_id":"c1","parts":[{"type":"text","text":"no"}],"is_error":true}]}`, model.ToolResults(
			model.ToolResult{CallID: "c1", IsError: true, Parts: []model.Part{model.Text("no")}})},
	} {
		doc, want := c.doc, c.want
		var got model.Message
		if err := p.Seams.Unmarshal([]byte(doc), &got); err != nil {
			p.Errorf("%s can't be read: %v", doc, err)
			continue
		}
		p.Equal("what "+show.Shorten(doc)+" means", got, want)
	}
}

func usageJSON(p *probe.Probe) {
	for _, usage := range []*model.Usage{{}, {Known: true}, {Known: true, InputTokens: math.MaxInt >> 11, OutputTokens: 2, CacheReadTokens: 3, CacheWriteTokens: 4,
		CacheWrites: []model.CacheWrite{{TTL: time.Hour, Tokens: 4}}}} {
		resp := model.Response{Message: model.Assistant("Hi"), StopReason: model.StopEndTurn, Usage: usage}
		copied, _ := probe.Again(p, resp)
		p.Equal("usage after JSON", copied.Usage, usage)
	}
}

func inputJSON(p *probe.Probe) {
	for _, input := range probe.ExactInputs {
		p.Stable("a call", model.AssistantParts(probe.ToolCall("c1", "note", input)))
		for _, w := range probe.Ways {
			r := p.Play(fake.Reply(probe.ToolCall("c1", "note", input)), fake.Text("ok"))
			req := probe.WithTools(probe.Ask("Note."), "note")
			first := r.Answer(w, req)
			req.Messages = probe.Stored(p, append(req.Messages, first.Message, model.ToolResults(probe.TextResult("c1", "ok"))))
			r.Answer(w, req)
			for _, c := range (model.Message{Parts: r.Prompt(1).All(model.RoleAssistant)}).ToolCalls() {
				p.Equal(fmt.Sprintf("input that %s sent back after it had been stored", w), string(c.Input), input)
			}
		}
	}
}

func requestJSON(p *probe.Probe) {
	req := probe.Rich(p.Subject.Capabilities.Tools)
	copied, _ := probe.Again(p, req)
	if !reflect.DeepEqual(prompt.Of(copied).Turns, prompt.Of(req).Turns) {
		p.Errorf("a request changed by JSON\ngot:  %s\nwant: %s", show.Shorten(show.JSON(copied)), show.Shorten(show.JSON(req)))
	}
	for _, w := range probe.Ways {
		r := p.Play(fake.Text("ok").Times(2))
		r.Answer(w, req)
		r.Answer(w, copied)
		first, second := show.JSON(r.Prompt(0).Request), show.JSON(r.Prompt(1).Request)
		if first != second {
			p.Equal(fmt.Sprintf("what %s sent of a request that was stored", w), second, first)
		}
	}
}
