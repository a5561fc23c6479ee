package bedrock_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/model"
)

// thinkingTexts are texts of models that think between tags, and some that look so.
var thinkingTexts = []string{
	"", "hi", " \n", "<", "<t", "<thinking", "<thinking>", "<thinking>a", "<thinking>a</thinking>", "<thinking>a < b</thinking>\n\nhi ", "\n <thinking>\na\n</thinking>hi", "<think>a</think>hi", "<think>a</thinking>hi", "<thinking>a</think>hi",
	"<thinking>a</thinking>\n<thinking>b</thinking>\nhi", "<thinking>a</thinking>\n<think>b</think>\nhi", "<thinking>a</thinking><thinking>b</thinking><thinking>c", "<thinking>a</thinking> \n <thinking>b", "<thinking>cut off </think", " <think> The answer.", "<think>a</think>\n<think>b", "<thinking></thinking>", "<thinking></thinking>hi", "<thinking></thinking><think></think>",
	"<thinking>a</thinking> \n", "<thinking>a</thinking> <thin", "<thinking>a</thinking> <thing", "<thinking>a</thinking>\t <", " <thi", " <thi ", "say <thinking>a</thinking>", "<thinking>a</thinking>hi <thinking>b</thinking>", "<thinkings>a", "<thinking>a<</thinking>ä", "</thinking>hi", "<><thinking>", "<thinking>ä</thinkin</thinking>ö",
	"<thinking></thinkin</thinking>", "<thinking> </thinking> ", "\u00a0<thinking>a</thinking>b", "<thinking>a long thought that does not fit into the room of the tag</thinking>a long answer", "<think>a</think></think>b", "\t<think>\r\na\r\n</think>\r\nb\r\n",
}

// tagged is an answer that is streamed: a text in pieces of a size, which a citation
// may part or another block follow.
func tagged(text string, size int, cite, again bool) []byte {
	var events []string
	delta := func(index int, delta string) {
		events = append(events, fmt.Sprintf(`contentBlockDelta {"contentBlockIndex":%d,"delta":%s}`, index, delta))
	}
	say := func(index int) {
		for i, from := 0, 0; from < len(text); i, from = i+1, from+size {
			piece, _ := json.Marshal(text[from:min(from+size, len(text))])
			delta(index, `{"text":`+string(piece)+`}`)
			if cite && i%2 == 1 {
				delta(index, `{"citation":{"title":"T","location":{"documentPage":{"documentIndex":0,"start":1,"end":2}}}}`)
			}
		}
	}
	events = append(events, `messageStart {"role":"assistant"}`)
	say(0)
	if again {
		events = append(events, `contentBlockStop {"contentBlockIndex":0}`)
		say(1)
		events = append(events, `contentBlockStop {"contentBlockIndex":1}`)
	}
	return frames(append(events, `messageStop {"stopReason":"end_turn"}`, `metadata {"usage":{"inputTokens":1,"outputTokens":2,"totalTokens":3}}`)...)
}

// TestGoldensTags keeps what is thinking and what is text where a model thinks
// between tags, in one piece and streamed, wherever the text is cut and the stream is
// left.
func TestGoldensTags(t *testing.T) {
	withoutRace(t)
	options := &bedrock.Options{NoAdaptation: true, Facts: func(f *facts.Facts) { f.Answers.ThinkingTags = []string{"thinking", "", "think"} }}
	var blocks []block
	for i, text := range thinkingTexts {
		if !inSample(i) {
			continue
		}
		b := block{name: fmt.Sprintf("%q", text)}
		said, _ := json.Marshal(text)
		m := newModel(t, unknown, respond(200, bytes.NewReader(fmt.Appendf(nil, `{"output":{"message":{"role":"assistant","content":[{"text":%s}]}},"stopReason":"end_turn","usage":{"inputTokens":1,"outputTokens":2,"totalTokens":3}}`, said)), "Content-Type", "application/json"), options)
		resp, err := m.Generate(t.Context(), hello)
		b.text += "  in one piece: " + toldParts(resp, err) + "\n"
		for _, size := range []int{1, 2, 7, 100} {
			for _, cite := range []bool{false, true} {
				again := size == 7
				body := tagged(text, size, cite, again)
				s := newModel(t, unknown, streamOf(bytes.NewReader(body)), options).Stream(t.Context(), hello)
				events := ""
				n := 0
				for ev := range s.Events() {
					n++
					switch ev.Kind {
					case model.EventText:
						events += fmt.Sprintf(" %d:%q", ev.Index, ev.Text)
					case model.EventThinking:
						events += fmt.Sprintf(" %d:thinking %q", ev.Index, ev.Text)
					default:
						events += fmt.Sprintf(" %d:%s", ev.Index, ev.Kind)
					}
				}
				resp, err := s.Response()
				sum := sha256.New()
				for most := range map[int]int{7: n}[size] { // and where it is left
					left := 0
					s := newModel(t, unknown, streamOf(bytes.NewReader(body)), options).Stream(t.Context(), hello)
					for ev, err := range s.Events() {
						fmt.Fprintln(sum, ev.Kind, ev.Index, ev.Text, err)
						if left++; left > most {
							break
						}
					}
					resp, err := s.Response()
					fmt.Fprintln(sum, left, toldParts(resp, err))
				}
				b.text += fmt.Sprintf("  %d bytes a piece, citations %t:%s; in all %s; left %.4x\n", size, cite, events, toldParts(resp, err), sum.Sum(nil))
			}
		}
		blocks = append(blocks, b)
	}
	checkSample(t, "tags", blocks)
}

// toldParts tells the parts of an answer.
func toldParts(resp *model.Response, err error) string {
	text := ""
	if resp != nil {
		for _, p := range resp.Message.Parts {
			switch p := p.(type) {
			case model.Thinking:
				text += fmt.Sprintf("thinking %q%s ", p.Text, map[bool]string{true: " cut off"}[p.Incomplete])
			case model.CitedText:
				text += fmt.Sprintf("%q with %d citations ", p.Text, len(p.Citations))
			default:
				text += fmt.Sprintf("%q ", p)
			}
		}
	}
	if err != nil {
		text += became(nil, err)
	}
	return text
}
