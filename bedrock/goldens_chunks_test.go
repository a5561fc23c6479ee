package bedrock_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
)

// TestGoldensChunks keeps what becomes of chunks whose ends are alike, in base64 of
// every form, and of what the service adds to chunks, early and late.
func TestGoldensChunks(t *testing.T) {
	encode := base64.StdEncoding.EncodeToString
	llama := func(texts, ends []string) (all []string) {
		for i, text := range texts {
			all = append(all, `{"generation":"`+text+`"`+ends[i%len(ends)]+`}`)
		}
		return all
	}
	long := `,"prompt_token_count":null,"generation_token_count":null,"stop_reason":null`
	other := `,"prompt_token_count":null,"generation_token_count":1,"stop_reason":null`
	texts := []string{"a", "bb", "ccc", "dddd", "eeeee", "ffffff", "ggggggg", "h", "i", "jj", "kk", "lll", "lll", "m", "nn", "ooo"}
	plain := func(chunk string) string { return encode([]byte(chunk)) }
	var blocks []block
	for name, chunks := range map[string][]string{
		"one end":                  llama(texts, []string{long}),
		"two ends in turn":         llama(texts, []string{long, other}),
		"three ends in turn":       llama(texts, []string{long, other, `,"stop_reason":null`}),
		"ends of growing length":   llama(texts, []string{"", `,"a":1`, `,"a":12`, `,"a":123`, `,"a":1234`, `,"b":12345,"a":1234`, long, `,"c":1` + long, `,"cc":1` + long, `,"ccc":1` + long}),
		"no end that is worth it":  llama(texts, []string{""}),
		"the same chunk":           llama([]string{"a", "a", "a", "a"}, []string{long}),
		"an end alone, and others": append(llama([]string{"aaa"}, []string{long}), `{"generation":"aab"}`, `{"generation":"b","stop_reason":null}`),
	} {
		for form, write := range map[string]func(i int, chunk string) string{
			"usual":       func(_ int, chunk string) string { return plain(chunk) },
			"line breaks": func(_ int, chunk string) string { return broken(plain(chunk), 4, "\n") },
			"line breaks at times": func(i int, chunk string) string {
				if i%2 == 0 {
					return plain(chunk)
				}
				return broken(plain(chunk), 76, "\r\n")
			},
			"line breaks late": func(i int, chunk string) string {
				if i < 4 {
					return plain(chunk)
				}
				return broken(plain(chunk), 8, "\n")
			},
		} {
			var all []byte
			for i, chunk := range chunks {
				all = append(all, event("chunk", `{"bytes":"`+write(i, chunk)+`","p":"ab"}`)...)
			}
			all = append(all, chunkFrame(`{"generation":"","stop_reason":"stop"}`)...)
			m := invoked(t, "x", bedrock.FormatLlama3, streamOf(bytes.NewReader(all)), nil)
			resp, err := m.Stream(context.Background(), hello).Response()
			blocks = append(blocks, block{name + ", " + form, "  " + became(resp, err) + "\n"})
		}
	}
	b := block{name: "garbled behind a known end"}
	known := plain(`{"generation":"abc"` + long + `}`)
	var cut []string
	for i := 0; i < len(known); i += 4 { // before the end that is known, at the very place, and behind it
		cut = append(cut, "YQ=="+known[i:], "YWE="+known[i:], "YW\nE="+known[i:])
	}
	for _, text := range append(cut,
		known[8:], "YQ=="+known[16:], "YWE="+known[16:], "Y"+known[1:], "?"+known[1:], known[:4]+"\n"+known[4:], "YWFh"+known, "YQ=="+known, "====", "=", "", known+"=", known+"====", known[:len(known)-1], known[:len(known)-4], known+" ", " "+known, known+`\n`, known+`\u003d`,
	) {
		all := cat(chunkFrame(`{"generation":"abc"`+long+`}`), chunkFrame(`{"generation":"abd"`+long+`}`), chunkFrame(`{"generation":"abe"`+long+`}`),
			event("chunk", `{"bytes":"`+text+`"}`), chunkFrame(`{"generation":"abf"`+long+`}`), chunkFrame(`{"generation":"","stop_reason":"stop"}`))
		m := invoked(t, "x", bedrock.FormatLlama3, streamOf(bytes.NewReader(all)), nil)
		resp, err := m.Stream(context.Background(), hello).Response()
		b.text += fmt.Sprintf("  %s: %s\n", visible.Replace(text), became(resp, err))
	}
	added := block{name: "what the service adds"}
	for format, pieces := range map[bedrock.Format][]string{
		bedrock.FormatLlama3:    {`{"generation":"a"}`, `{"generation":"b"}`, `{"generation":"","stop_reason":"stop"}`, `{}`},
		bedrock.FormatOpenAI:    {`{"choices":[{"index":0,"delta":{"content":"a"}}]}`, `{"choices":[{"index":0,"delta":{"content":"b"}}]}`, `{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`, `{"choices":[]}`},
		bedrock.FormatAnthropic: {claudePieces[0], claudePieces[1], claudePieces[2], claudePieces[3], claudePieces[5], `{"type":"message_stop"}`},
	} {
		for _, more := range []string{`"amazon-bedrock-invocationMetrics":{"inputTokenCount":7,"outputTokenCount":8}`, `"amazon-bedrock-guardrailAction":"INTERVENED"`, `"amazon-bedrock-guardrailAction":"NONE"`, `"amazon-bedrock-trace":{"x":1}`, `"amazon-bedrock-trace":null`, `"amazon-bedrock-trace":?`, `"amazon-bedrock-guardrailAction":"INTERVENED","amazon-bedrock-invocationMetrics":{"inputTokenCount":7,"outputTokenCount":8}`} {
			for at := range pieces {
				changed := append([]string(nil), pieces...)
				changed[at] = strings.Replace(strings.TrimSuffix(changed[at], "}")+`,`+more+`}`, "{,", "{", 1)
				m := invoked(t, "x", format, streamOf(bytes.NewReader(chunks(changed...))), nil)
				resp, err := m.Stream(context.Background(), hello).Response()
				added.text += fmt.Sprintf("  %s, %s with piece %d: %s", format, more, at, became(resp, err))
				if err == nil {
					added.text += fmt.Sprintf("; %s, in %d, %s", resp.StopReason, resp.Usage.InputTokens, saidBeside(resp))
				}
				added.text += "\n"
			}
		}
	}
	lines := splitLines(added.text)
	added.text = strings.Join(sorted(lines), "\n") + "\n"
	blocks = append(blocks, b, added)
	sortBlocks(blocks)
	checkGoldens(t, "chunks", blocks)
}

// broken puts line breaks into a text, behind every n bytes.
func broken(text string, n int, with string) string {
	var b strings.Builder
	for len(text) > n {
		b.WriteString(text[:n] + with)
		text = text[n:]
	}
	return b.String() + text + with
}
