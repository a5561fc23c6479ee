package conformance

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"time"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func serialisationCases() []Case {
	return []Case{
		{ID: "SER-01", Name: "AnswerJSON", check: answerJSON,
			Rule: "an answer's JSON decodes to the answer and encodes to the same bytes"},
		{ID: "SER-02", Name: "HistoryJSON", check: historyJSON,
			Rule: "a history that was stored as JSON is sent as if it had not been"},
		{ID: "SER-03", Name: "EveryPart", check: everyPartJSON,
			Rule: "every kind of part survives JSON, every field of it"},
		{ID: "SER-04", Name: "UnknownParts", check: unknownPartsJSON,
			Rule: "a part that this version does not know survives being read and written"},
		{ID: "SER-05", Name: "StoredDocuments", check: storedDocuments,
			Rule: "documents that an earlier version wrote mean what they meant"},
		{ID: "SER-06", Name: "UsageJSON", check: usageJSON,
			Rule: "a usage that is not there and a usage of zeros stay two things in JSON"},
		{ID: "SER-07", Name: "InputJSON", check: inputJSON, Needs: []Capability{capTools},
			Rule: "a call's input survives JSON byte for byte, and is sent back as it came"},
		{ID: "SER-08", Name: "RequestJSON", check: requestJSON,
			Rule: "a request survives JSON: what is sent of the copy is what is sent of the original"},
	}
}

// again returns v after it was written as JSON and read, into a value of the
// same type, and the JSON.
func again[T any](p *probe, v T) (T, []byte) {
	var out T
	data, err := p.seams.marshal(v)
	if err != nil {
		p.fatalf("%T has no JSON form: %v", v, err)
	}
	if err := p.seams.unmarshal(data, &out); err != nil {
		p.fatalf("the JSON of a %T can't be read: %v", v, err)
	}
	return out, data
}

// stable checks that a message survives JSON, and that the JSON does.
func (p *probe) stable(what string, m model.Message) {
	copied, first := again(p, m)
	p.equal(what+" after JSON", copied, m)
	_, second := again(p, copied)
	p.equal(what+": the JSON, written again", string(second), string(first))
}

func answerJSON(p *probe) {
	parts, req := p.sample()
	if p.subject.Capabilities.RedactedThinking {
		parts = append([]model.Part{model.Thinking{Redacted: p.redactions()[1]}}, parts...)
	}
	p.each(fake.Reply(parts...), req, func(w way, resp *model.Response, _ *rig) {
		p.stable(fmt.Sprintf("the message of %s's answer", w), resp.Message)
		copied, _ := again(p, *resp)
		want := *resp
		want.ProviderMetadata = nil
		want.Latency = want.Latency.Truncate(time.Millisecond)
		p.equal(fmt.Sprintf("%s's answer after JSON", w), &copied, &want)
	})
}

func historyJSON(p *probe) {
	parts, req := p.sample()
	for _, w := range ways {
		r := p.play(fake.Reply(parts...), fake.Text("ok").Times(2))
		first := r.answer(w, req)
		next := req.Clone()
		next.Messages = append(next.Messages, first.Message)
		if calls := first.ToolCalls(); len(calls) > 0 {
			next.Messages = append(next.Messages, model.ToolResults(textResult(calls[0].ID, "Rain – <b>&</b>.")))
		} else {
			next.Messages = append(next.Messages, model.User("Go on – <b>&</b>."))
		}
		r.answer(w, next)
		next.Messages = p.stored(next.Messages)
		r.answer(w, next)
		p.equal(fmt.Sprintf("turns that %s sent after they had been stored", w), r.prompt(2).turns, r.prompt(1).turns)
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

func everyPartJSON(p *probe) {
	for _, part := range everyPart() {
		p.stable(fmt.Sprintf("a message of a %T", part), model.AssistantParts(part))
	}
	p.stable("a message of all parts", model.AssistantParts(everyPart()...))
}

func unknownPartsJSON(p *probe) {
	const doc = `{"role":"assistant","parts":[{"type":"text","text":"Hi"},{"type":"hologram","depth":2.50,"id":9007199254740993}]}`
	var m model.Message
	if err := p.seams.unmarshal([]byte(doc), &m); err != nil {
		p.fatalf("a message with a part of a later version can't be read: %v", err)
	}
	data, err := p.seams.marshal(m)
	if err != nil {
		p.fatalf("a message with a part of a later version can't be written: %v", err)
	}
	p.equal("a message with a part of a later version, read and written", string(data), doc)
}

func storedDocuments(p *probe) {
	for _, c := range []struct {
		doc  string
		want model.Message
	}{
		{`{"role":"user","parts":[{"type":"text","text":"Hi"},{"type":"cache_point","ttl":"1h"}]}`, model.UserParts(
			model.Text("Hi"), model.CachePoint{TTL: time.Hour})},
		{`{"role":"assistant","parts":[{"type":"thinking","text":"hm","signature":"c2ln","provider":"p"},{"type":"thinking","redacted":"AP8=","provider":"p"},{"type":"tool_call","id":"c1","name":"n","input":{"b":2.50,"a":1}}]}`, model.AssistantParts(
			model.Thinking{Text: "hm", Signature: "c2ln", Provider: "p"}, model.Thinking{Redacted: []byte{0, 255}, Provider: "p"},
			call("c1", "n", `{"b":2.50,"a":1}`))},
		{`{"role":"user","parts":[{"type":"tool_result","call_id":"c1","parts":[{"type":"text","text":"no"}],"is_error":true}]}`, model.ToolResults(
			model.ToolResult{CallID: "c1", IsError: true, Parts: []model.Part{model.Text("no")}})},
	} {
		doc, want := c.doc, c.want
		var got model.Message
		if err := p.seams.unmarshal([]byte(doc), &got); err != nil {
			p.errorf("%s can't be read: %v", doc, err)
			continue
		}
		p.equal("what "+shorten(doc)+" means", got, want)
	}
}

func usageJSON(p *probe) {
	for _, usage := range []*model.Usage{{}, {Known: true}, {Known: true, InputTokens: math.MaxInt >> 11, OutputTokens: 2, CacheReadTokens: 3, CacheWriteTokens: 4,
		CacheWrites: []model.CacheWrite{{TTL: time.Hour, Tokens: 4}}}} {
		resp := model.Response{Message: model.Assistant("Hi"), StopReason: model.StopEndTurn, Usage: usage}
		copied, _ := again(p, resp)
		p.equal("usage after JSON", copied.Usage, usage)
	}
}

func inputJSON(p *probe) {
	for _, input := range exactInputs {
		p.stable("a call", model.AssistantParts(call("c1", "note", input)))
		for _, w := range ways {
			r := p.play(fake.Reply(call("c1", "note", input)), fake.Text("ok"))
			req := withTools(ask("Note."), "note")
			first := r.answer(w, req)
			req.Messages = p.stored(append(req.Messages, first.Message, model.ToolResults(textResult("c1", "ok"))))
			r.answer(w, req)
			for _, c := range (model.Message{Parts: r.prompt(1).all(model.RoleAssistant)}).ToolCalls() {
				p.equal(fmt.Sprintf("input that %s sent back after it had been stored", w), string(c.Input), input)
			}
		}
	}
}

func requestJSON(p *probe) {
	req := rich(p.subject.Capabilities.Tools)
	copied, _ := again(p, req)
	if !reflect.DeepEqual(promptOf(copied).turns, promptOf(req).turns) {
		p.errorf("a request changed by JSON\ngot:  %s\nwant: %s", shorten(showJSON(copied)), shorten(showJSON(req)))
	}
	for _, w := range ways {
		r := p.play(fake.Text("ok").Times(2))
		r.answer(w, req)
		r.answer(w, copied)
		first, second := showJSON(r.prompt(0).Request), showJSON(r.prompt(1).Request)
		if first != second {
			p.equal(fmt.Sprintf("what %s sent of a request that was stored", w), second, first)
		}
	}
}
