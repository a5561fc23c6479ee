package bedrock_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A generated block of an answer, in both forms of the wire.
type twoForms struct {
	unary  string   // an element of content
	events []string // without its index, which is %d
}

// generator makes up answers. What it makes depends on its seed only.
type generator struct{ *rand.Rand }

func quoted(s string) string {
	data, _ := json.Marshal(s)
	return string(data)
}

func (g generator) word() string {
	letters := []string{"a", "B", " ", "\n", "\"", "\\", "é", "日", "😀", "<&>", "{", "}", "7"}
	var b strings.Builder
	for range g.IntN(12) {
		b.WriteString(letters[g.IntN(len(letters))])
	}
	return b.String()
}

func (g generator) document() string {
	return []string{`{}`, `{"n":9007199254740993}`, `{"n":2.50,"m":1e400}`, `{"a":{"b":[1,{"c":null}]},"a":2}`, `{"s":"\u00e9<&>"}`}[g.IntN(5)]
}

// pieces cuts a text between characters; there is at least one piece.
func (g generator) pieces(s string) []string {
	var all []string
	runes := []rune(s)
	for len(runes) > 0 && g.IntN(4) > 0 {
		n := g.IntN(len(runes) + 1)
		all = append(all, string(runes[:n]))
		runes = runes[n:]
	}
	return append(all, string(runes))
}

const deltaEvent = `contentBlockDelta {"contentBlockIndex":%d,"delta":`

func (g generator) deltas(s, before, after string) []string {
	var all []string
	for _, p := range g.pieces(s) {
		all = append(all, deltaEvent+before+strings.ReplaceAll(quoted(p), "%", "%%")+after+`}`)
	}
	return all
}

func (g generator) block() twoForms {
	word, id := g.word(), fmt.Sprint("id", g.IntN(1000))
	switch g.IntN(8) {
	case 0:
		return twoForms{`{"text":` + quoted(word) + `}`, g.deltas(word, `{"text":`, `}`)}
	case 1:
		sig := g.word() + "=="
		events := append(g.deltas(word, `{"reasoningContent":{"text":`, `}}`), g.deltas(sig, `{"reasoningContent":{"signature":`, `}}`)...)
		return twoForms{`{"reasoningContent":{"reasoningText":{"text":` + quoted(word) + `,"signature":` + quoted(sig) + `}}}`, events}
	case 2:
		return twoForms{`{"reasoningContent":{"reasoningText":{"text":` + quoted(word) + `}}}`, g.deltas(word, `{"reasoningContent":{"text":`, `}}`)}
	case 3:
		data := make([]byte, 1+g.IntN(9))
		for i := range data {
			data[i] = byte(g.Uint32())
		}
		b64 := base64.StdEncoding.EncodeToString
		cut := g.IntN(len(data))
		return twoForms{`{"reasoningContent":{"redactedContent":"` + b64(data) + `"}}`,
			[]string{deltaEvent + `{"reasoningContent":{"redactedContent":"` + b64(data[:cut]) + `"}}}`, deltaEvent + `{"reasoningContent":{"redactedContent":"` + b64(data[cut:]) + `"}}}`}}
	case 4:
		kind := []string{``, `,"type":"tool_use"`, `,"type":"server_tool_use"`}[g.IntN(3)]
		input := g.document()
		head := `{"toolUse":{"toolUseId":"` + id + `","name":"f"` + kind
		return twoForms{head + `,"input":` + input + `}}`,
			append([]string{`contentBlockStart {"contentBlockIndex":%d,"start":` + head + `}}}`}, g.deltas(input, `{"toolUse":{"input":`, `}}`)...)}
	case 5:
		head := `{"toolResult":{"toolUseId":"` + id + `","type":"r","status":"` + []string{"success", "error"}[g.IntN(2)] + `"`
		contents := []string{`{"text":` + quoted(word) + `}`, `{"json":` + g.document() + `}`, `{"future":` + g.document() + `}`, `{"image":{"format":"png","source":{"bytes":"AQ=="}}}`}
		contents = contents[:g.IntN(5)]
		events := []string{`contentBlockStart {"contentBlockIndex":%d,"start":` + head + `}}}`}
		for _, c := range contents {
			events = append(events, deltaEvent+`{"toolResult":[`+strings.ReplaceAll(c, "%", "%%")+`]}}`)
		}
		return twoForms{head + `,"content":[` + strings.Join(contents, ",") + `]}}`, events}
	case 6:
		citations := []string{`{"title":"T","location":{"documentChar":{"documentIndex":1,"start":2,"end":3}}}`, `{"sourceContent":[{"text":"q"}],"location":{"newPlace":{"n":2.50}}}`, `{}`}[:1+g.IntN(3)]
		var events []string
		for _, c := range citations {
			events = append(events, deltaEvent+`{"citation":`+c+`}}`)
		}
		return twoForms{`{"citationsContent":{"content":[{"text":` + quoted(word) + `}],"citations":[` + strings.Join(citations, ",") + `]}}`,
			append(events, g.deltas(word, `{"text":`, `}`)...)}
	}
	return twoForms{`{"image":{"format":"png","source":{"bytes":"AQID"}}}`,
		[]string{`contentBlockStart {"contentBlockIndex":%d,"start":{"image":{"format":"png"}}}`, deltaEvent + `{"image":{"source":{"bytes":"AQ=="}}}}`, deltaEvent + `{"image":{"source":{"bytes":"AgM="}}}}`}}
}

// interleave mixes the events of blocks, each in its own order, and leaves
// some stops out.
func (g generator) interleave(blocks []twoForms) []string {
	var queues [][]string
	for i, b := range blocks {
		var events []string
		for _, ev := range b.events {
			events = append(events, strings.ReplaceAll(strings.Replace(ev, "%d", fmt.Sprint(i), 1), "%%", "%"))
		}
		if g.IntN(4) > 0 {
			events = append(events, fmt.Sprintf(`contentBlockStop {"contentBlockIndex":%d}`, i))
		}
		queues = append(queues, events)
	}
	mixed := g.IntN(2) == 0
	var all []string
	for len(queues) > 0 {
		i := 0
		if mixed {
			i = g.IntN(len(queues))
		}
		if all = append(all, queues[i][0]); len(queues[i]) == 1 {
			queues = append(queues[:i], queues[i+1:]...)
			continue
		}
		queues[i] = queues[i][1:]
	}
	return all
}

// TestStreamedEqualsUnary generates answers, and checks that the streamed form
// gives the same message as the unary form.
func TestStreamedEqualsUnary(t *testing.T) {
	seeds := uint64(150)
	if full() {
		seeds = 500
	}
	for seed := range seeds {
		g := generator{rand.New(rand.NewPCG(seed, 1))}
		var blocks []twoForms
		var content []string
		for range g.IntN(7) {
			b := g.block()
			blocks, content = append(blocks, b), append(content, b.unary)
		}
		const usage = `"usage":{"inputTokens":3,"outputTokens":4,"totalTokens":7},"metrics":{"latencyMs":12}`
		events := append(g.interleave(blocks), `messageStop {"stopReason":"tool_use"}`, `metadata {`+usage+`}`)
		unary := unaryAnswer(t, `{"output":{"message":{"role":"assistant","content":[`+strings.Join(content, ",")+`]}},"stopReason":"tool_use",`+usage+`}`)
		streamed := collect(t, frames(events...))
		if len(blocks) == 0 {
			unary.Message.Parts = nil // where a stream has none, either
		}
		if diff := cmp.Diff(unary, streamed); diff != "" {
			t.Fatalf("seed %d (-unary +streamed):\n%s\nevents:\n%s", seed, diff, strings.Join(events, "\n"))
		}
	}
}
