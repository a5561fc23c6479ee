package bedrock_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/facts"
)

// inlineTexts are texts of models that think between tags.
var inlineTexts = []string{
	"", "a", "<think>a</think>", "<think>a</think>b", "b<think>a</think>c<reason>d</reason>e", "<think></think>", "<think>", "<think>a", "</think>a", "a<", "<think>a<", "<think>a</thin", "<other>a</other>", "<think>a</reason>b", " <think> a </think> b ",
}

// inlineStreams are streams of ConverseStream with thinking between tags, one
// event a line. Those without messageStop break off.
var inlineStreams = map[string]string{
	"one letter at a time": letterByLetter(0, "<think>a</think>b<reason>c</reason>"),
	"several blocks":       letterByLetter(0, "<think>a</think>") + "contentBlockStop {\"contentBlockIndex\":0}\n" + letterByLetter(2, "b<th") + "contentBlockStop {\"contentBlockIndex\":2}\n" + letterByLetter(3, "<think>c") + "messageStop {}",
	"empty blocks": `contentBlockDelta {"contentBlockIndex":0,"delta":{"text":""}}
contentBlockStop {"contentBlockIndex":0}
contentBlockDelta {"contentBlockIndex":1,"delta":{"text":""}}
contentBlockDelta {"contentBlockIndex":1,"delta":{"text":""}}
contentBlockStop {"contentBlockIndex":1}
contentBlockDelta {"contentBlockIndex":2,"delta":{"text":""}}
contentBlockDelta {"contentBlockIndex":2,"delta":{"text":"a<"}}
contentBlockDelta {"contentBlockIndex":2,"delta":{"text":""}}
contentBlockStop {"contentBlockIndex":2}
contentBlockDelta {"contentBlockIndex":3,"delta":{"text":""}}
contentBlockDelta {"contentBlockIndex":5,"delta":{"text":""}}
messageStop {"stopReason":"end_turn"}`,
	"citations": `contentBlockDelta {"contentBlockIndex":1,"delta":{"citation":{"title":"S"}}}
contentBlockDelta {"contentBlockIndex":1,"delta":{"text":"a<thi"}}
contentBlockDelta {"contentBlockIndex":1,"delta":{"citation":{"title":"T"}}}
contentBlockDelta {"contentBlockIndex":1,"delta":{"text":"nk>b"}}
contentBlockDelta {"contentBlockIndex":2,"delta":{"text":"<think>a"}}
contentBlockDelta {"contentBlockIndex":2,"delta":{"citation":{"title":"U"}}}
contentBlockDelta {"contentBlockIndex":2,"delta":{"text":"</think>b"}}
contentBlockStop {"contentBlockIndex":2}
messageStop {}`,
	"other blocks": `contentBlockDelta {"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"<think>"}}}
contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"a<"}}
contentBlockDelta {"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"t"}}}
contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"<think>b"}}
contentBlockStart {"contentBlockIndex":0,"start":{"toolUse":{"toolUseId":"c1","name":"f"}}}
contentBlockDelta {"contentBlockIndex":0,"delta":{"toolUse":{"input":"{\"a\":\"<think>\"}"}}}
contentBlockStop {"contentBlockIndex":0}
messageStop {}`,
	"interleaved": `contentBlockDelta {"contentBlockIndex":4,"delta":{"text":"<think>a<"}}
contentBlockDelta {"contentBlockIndex":1,"delta":{"text":"b<"}}
contentBlockDelta {"contentBlockIndex":4,"delta":{"text":"/think>c<"}}
contentBlockDelta {"contentBlockIndex":3,"delta":{"text":"d<th"}}
messageStop {}
metadata {}`,
	"broken off": `contentBlockDelta {"contentBlockIndex":4,"delta":{"text":"<think>a<"}}
contentBlockDelta {"contentBlockIndex":1,"delta":{"text":"b<"}}
contentBlockDelta {"contentBlockIndex":2,"delta":{"text":""}}`,
}

// letterByLetter returns deltas with a text in pieces of one letter.
func letterByLetter(index int, text string) string {
	var b strings.Builder
	for _, r := range text {
		fmt.Fprintf(&b, "contentBlockDelta {\"contentBlockIndex\":%d,\"delta\":{\"text\":%q}}\n", index, string(r))
	}
	return b.String()
}

// TestGoldensInline keeps how thinking between tags is taken out of texts, in
// one piece and streamed, and what is delivered of it to a consumer that leaves.
func TestGoldensInline(t *testing.T) {
	tagged := func(format bedrock.Format) *bedrock.Options {
		return &bedrock.Options{Format: format, Facts: func(f *facts.Facts) { f.Answers.ThinkingTags = []string{"think", "reason"} }}
	}
	whole := block{name: "in one piece"}
	c, err := bedrock.NewCodec(claude, tagged(bedrock.FormatConverse))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range inlineTexts {
		for _, more := range []string{"", `,{"toolUse":{"toolUseId":"c1","name":"f","input":{"a":"<think>"}}},{"text":"<think>b</think>"}`} {
			resp, err := c.Decode(nil, fmt.Appendf(nil, `{"output":{"message":{"content":[{"reasoningContent":{"reasoningText":{"text":"<think>"}}},{"text":%q}%s]}}}`, text, more))
			if err != nil {
				t.Fatal(err)
			}
			data, _ := json.Marshal(resp.Message.Parts)
			whole.text += fmt.Sprintf("  %s%s: %s\n", text, more[:min(len(more), 1)], data)
		}
	}
	blocks := []block{whole}
	for name, text := range inlineStreams {
		b := block{name: name + ", streamed"}
		events := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
		for most := 0; ; most++ {
			m := newModel(t, claude, streamOf(strings.NewReader(string(frames(events...)))), tagged(bedrock.FormatConverse))
			s, n, early := m.Stream(context.Background(), hello), 0, false
			for ev, err := range s.Events() {
				if n++; n > most {
					early = true
					break
				}
				if ev.Response != nil {
					ev.Response = nil // it follows
				}
				if most > 100 || most == n { // each event once
					data, _ := json.Marshal(ev)
					b.text += fmt.Sprintf("  %d %s %s\n", n, data, failed(err))
				}
			}
			resp, err := s.Response()
			b.text += fmt.Sprintf("  left after %d: %s %s\n", most, answered(resp), failed(err))
			if !early {
				break
			}
		}
		blocks = append(blocks, b)
	}
	sortBlocks(blocks)
	checkGoldens(t, "inline", blocks)
}
