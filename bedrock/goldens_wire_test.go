package bedrock_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
)

// A wireForm reads a body of Converse's and writes it again.
type wireForm func(body []byte) string

// again tells what was written, or what was wrong.
func again(written []byte, err error) string {
	if err != nil {
		return "refused: " + ownWords(err.Error())
	}
	return string(written)
}

// readRequest reads a request's messages, system prompt and tools, and writes them
// in a request to count.
func readRequest(strict bool) wireForm {
	return func(body []byte) string {
		r, err := wire.ParseRequest(body, strict)
		if err != nil {
			return again(nil, err)
		}
		return again(wire.AppendCountTokensRequest(nil, &wire.CountTokensRequest{Converse: r}), nil)
	}
}

func readResponse(body []byte) string {
	r, err := wire.ParseResponse(body)
	if err != nil {
		return again(nil, err)
	}
	text := again(wire.AppendResponse(nil, r), nil)
	if r.Usage != nil {
		r.Usage.Raw = nil
		text += fmt.Sprintf(" or, with usage garbled %t, %s", r.Usage.Garbled, again(wire.AppendResponse(nil, r), nil))
	}
	return text
}

func readCount(strict bool) wireForm {
	return func(body []byte) string {
		r, err := wire.ParseCountTokensRequest(body, strict)
		if err != nil {
			return again(nil, err)
		}
		return again(wire.AppendCountTokensRequest(nil, r), nil)
	}
}

func readCounted(body []byte) string {
	r, err := wire.ParseCountTokensResponse(body)
	if err != nil {
		return again(nil, err)
	}
	return again(wire.AppendCountTokensResponse(nil, r), nil)
}

func readError(body []byte) string {
	e := wire.ParseError(body)
	return fmt.Sprintf("%+v %s", e, again(wire.AppendError(nil, &e), nil))
}

// readEvent reads an event alone, behind a delta and behind one of its own kind. All
// must come to the same.
func readEvent(name string) wireForm {
	return func(body []byte) string {
		var texts []string
		for _, before := range []string{"", `contentBlockDelta {"contentBlockIndex":7,"delta":{"text":"\u00e9x"},"p":"x"}`, name + " " + string(body)} {
			var ev wire.Event
			if earlier, payload, ok := strings.Cut(before, " "); ok {
				_ = wire.ParseEvent(earlier, []byte(payload), &ev)
			}
			if err := wire.ParseEvent(name, body, &ev); err != nil {
				texts = append(texts, again(nil, err))
				continue
			}
			texts = append(texts, fmt.Sprintf("%s %q %t %d %q: %s, %s", ev.Kind, ev.Type, ev.HasIndex, ev.Index, ev.Delta.Text, again(wire.AppendEvent(nil, &ev, ""), nil), again(wire.AppendEvent(nil, &ev, "ab"), nil)))
		}
		return strings.Join(slices.Compact(texts), " BUT ")
	}
}

// wireBlock shows what becomes of a body, and a digest of what becomes of it with a
// change of each kind.
func wireBlock(name string, body string, form wireForm) block {
	b := block{name, "  " + visible.Replace(form([]byte(body))) + "\n"}
	changes := map[string][][]byte{}
	var root any
	d := json.NewDecoder(strings.NewReader(body))
	d.UseNumber()
	if d.Decode(&root) == nil {
		changeEach(root, func(v any) { root = v }, func(kind string) {
			if kind == "another word" {
				return // which mean nothing here
			}
			data, _ := json.Marshal(root)
			changes[kind] = append(changes[kind], data)
		})
	}
	for _, kind := range slices.Sorted(maps.Keys(changes)) {
		sum := sha256.New()
		for _, changed := range changes[kind] {
			fmt.Fprintln(sum, form(changed))
		}
		b.text += fmt.Sprintf("  %s %x\n", kind, sum.Sum(nil)[:4])
	}
	return b
}

// moreBlocks are content blocks that converseBlocks does not have.
var moreBlocks = []string{
	`{"\u0074ext":"a"}`, `{"a` + "\xff" + `b":1}`, `{"a\"b\\\u0001é":{"x":[1, 2]}}`, `{"text":"a","toolUse":null}`, `{"text":7}`, `{"text":"a","text":7}`, `{"text":7,"image":7}`, `{"text":"a","hologram":1}`, `{"hologram":1,"news":2}`, `{"__type":"x"}`, `{"__type":"x","text":"a"}`, `{"__type":7}`, `{"hologram":false}`, `{"hologram":"x"}`, `{"text":"a","text":null}`, `{"text":null,"text":"a"}`, `{"image":null}`,
	`{"audio":{"format":"mp3","source":{"s3Location":{"uri":"s3://b/k","bucketOwner":"123456789012"}}}}`, `{"video":{"format":"mp4","source":{"bytes":"AQID"},"more":1}}`, `{"video":{"format":"mp4","source":{"bytes":"?"}}}`, `{"document":{"format":"pdf","name":"d","source":{"s3Location":{"uri":"s3://b/k","bucketOwner":"123456789012"}}}}`, `{"document":{"name":"d","source":{"bytes":""}}}`,
	`{"document":{"name":"","source":{"content":[]}}}`, `{"document":{"name":"d","source":{"content":[{"text":""},{},{"text":"a","x":1},{"x":1}]}}}`, `{"guardContent":{"image":{"format":"png","source":{"bytes":"AQID","x":1}}}}`, `{"guardContent":{"text":{"text":"a"}}}`, `{"guardContent":{"text":{"text":"a","qualifiers":null}}}`, `{"guardContent":{"text":{"text":"a","qualifiers":["a",7]}}}`,
	`{"toolAddition":{"tool":{}}}`, `{"toolRemoval":{"tool":{"name":"f","serverName":"s","type":"mcp"}}}`, `{"toolResult":{"toolUseId":"c1","content":[]}}`, `{"toolResult":{"toolUseId":"c1","content":[7]}}`, `{"toolResult":{"toolUseId":"c1","content":[{"text":"a"},{"text":7}]}}`, `{"toolResult":{"toolUseId":"c1","content":{}}}`, `{"toolUse":{"toolUseId":"c1","name":"f","input":"x"}}`,
	`{"searchResult":{"source":"s","title":"t","content":[{},{"text":"b"}],"citations":{}}}`, `{"searchResult":{"source":"s","title":"t","content":[],"citations":{"enabled":"yes"}}}`, `{"searchResult":{"source":"s","citations":{"enabled":null}}}`, `{"cachePoint":{}}`,
	`{"citationsContent":{"citations":[{"location":{"documentChar":{"documentIndex":0,"start":0,"end":0}}},{"location":{"documentChar":{"documentIndex":1.0,"start":1.5,"end":1e30}}}]}}`, `{"citationsContent":{"citations":[{"location":{"documentChar":{},"web":{}}}]}}`,
}

// wireRequests are requests with what stands beside messages.
var wireRequests = []string{
	`{"messages":[{"role":"user","content":[{"text":"a"}]}],"system":[{"text":"s"},{"cachePoint":{"type":"default"}},{"guardContent":{"text":{"text":"g"}}}],"toolConfig":{"tools":[{"toolSpec":{"name":"f","description":"d","inputSchema":{"json":{"type":"object"}},"strict":true}},{"cachePoint":{"type":"default","ttl":"1h"}},{"systemTool":{"name":"nova_grounding"}}],"toolChoice":{"tool":{"name":"f"}}},"additionalModelRequestFields":{"a": 1.50}}`,
	`{"messages":[{"role":"user","content":[]}],"toolConfig":{"tools":[],"toolChoice":{"auto":{}}},"inferenceConfig":{"maxTokens":1,"temperature":0.5,"topP":1,"stopSequences":["a","b"]}}`,
	`{"messages":[],"toolConfig":{"toolChoice":{"any":{}}},"additionalModelRequestFields":null}`, `{"unknown":1}`, `{"messages":null}`, `{}`, `[]`, `7`, ``, `{`, `{"messages":[{"role":"user","content":[{"text":"a"}],"unknown":1}]}`, ` { "messages" : [ ] } `, `{"messages":[]} x`,
}

// TestGoldensWireContents keeps how messages of Converse are read and written by both
// sides: as they are, and with one thing changed. Requests are read as the service
// does, which refuses what it does not know, and as a proxy would.
func TestGoldensWireContents(t *testing.T) {
	var blocks []block
	for _, c := range slices.Concat(converseBlocks, moreBlocks) {
		c = strings.ReplaceAll(c, "\n", `\n`)
		name := visible.Replace(strings.ToValidUTF8(c, "\\xff"))
		blocks = append(blocks,
			wireBlock("asked strictly: "+name, `{"messages":[{"role":"user","content":[`+c+`]}]}`, readRequest(true)),
			wireBlock("asked: "+name, `{"messages":[{"role":"user","content":[`+c+`]}]}`, readRequest(false)),
			wireBlock("answered: "+name, `{"output":{"message":{"role":"assistant","content":[`+c+`]}}}`, readResponse))
	}
	for _, r := range wireRequests {
		blocks = append(blocks, wireBlock("request, strictly: "+r, r, readRequest(true)), wireBlock("request: "+r, r, readRequest(false)))
	}
	checkGoldens(t, "wire-contents", blocks)
}

// TestGoldensWireBodies does so with the other bodies of answers, requests to count
// and errors.
func TestGoldensWireBodies(t *testing.T) {
	var blocks []block
	for _, m := range converseAnswers() {
		if !m.stream && !strings.HasPrefix(m.name, "{") {
			blocks = append(blocks, wireBlock("answer: "+m.name, m.text, readResponse))
		}
	}
	for _, c := range []string{`{"input":{"converse":{"messages":[{"role":"user","content":[{"text":"a"}]}],"system":[{"text":"s"}],"toolConfig":{"tools":[]},"additionalModelRequestFields":{"a":1}}}}`, `{"input":{"invokeModel":{"body":"e30="}}}`, `{"input":{"invokeModel":{}}}`, `{"input":{"invokeModel":{"body":"?"}}}`,
		`{"input":{}}`, `{"input":null}`, `{}`, `{"input":{"hologram":{"a":1}}}`, `{"input":{"converse":{},"invokeModel":{"body":""}}}`, `{"input":{"converse":{"inferenceConfig":{}}}}`, `[]`, `{"input":{"converse":null,"invokeModel":null}}`, `{"input":{"__type":"x"}}`} {
		blocks = append(blocks, wireBlock("count, strictly: "+c, c, readCount(true)), wireBlock("count: "+c, c, readCount(false)))
	}
	for _, c := range []string{`{"inputTokens":7}`, `{"inputTokens":0}`, `{"inputTokens":-1}`, `{"inputTokens":7.0}`, `{"inputTokens":7.5}`, `{"inputTokens":null}`, `{}`, `7`, `{"inputTokens":9223372036854775807}`, `{"inputTokens":9223372036854775808}`} {
		blocks = append(blocks, wireBlock("counted: "+c, c, readCounted))
	}
	for _, c := range []string{`{"__type":"com.amazon#ValidationException:http://x","message":"m","originalStatusCode":529,"originalMessage":"o","resourceName":"r"}`, `{"code":"ThrottlingException","Message":"m"}`, `{"__type":"","code":"c"}`, `{"__type":"a#b#c"}`, `{"__type":"a:b#c"}`, `{"message":"","Message":"m"}`,
		`{"originalStatusCode":99}`, `{"originalStatusCode":100}`, `{"originalStatusCode":999}`, `{"originalStatusCode":1000}`, `{"originalStatusCode":1}`, `{"originalStatusCode":2.5}`, `{"message":7}`, `null`, `[]`, `"x"`, `<html>`, ``} {
		blocks = append(blocks, wireBlock("error: "+c, c, readError))
	}
	blocks = append(blocks, wireBlock("usage", `{"usage":{"inputTokens":1,"outputTokens":2,"totalTokens":3,"cacheReadInputTokens":0,"cacheWriteInputTokens":0,"cacheDetails":[{"inputTokens":1,"ttl":"5m"},{"inputTokens":0}]},"metrics":{"latencyMs":0},"performanceConfig":{"latency":"x"},"serviceTier":{"type":"y"},"trace":null,"stopReason":"z","additionalModelResponseFields":null}`, readResponse))
	checkGoldens(t, "wire-bodies", blocks)
}

// TestGoldensWireEvents does so with events of every kind, in usual forms and in
// others.
func TestGoldensWireEvents(t *testing.T) {
	var blocks []block
	all := []string{
		`messageStart {}`, `messageStart {"p":"x","role":"assistant"}`, `messageStart {"role":null}`, `contentBlockStart {}`, `contentBlockStart {"contentBlockIndex":0,"start":{}}`, `contentBlockStart {"contentBlockIndex":0,"start":{"image":{}}}`, `contentBlockStart {"contentBlockIndex":0,"start":{"image":{},"toolUse":{}}}`, `contentBlockDelta {}`, `contentBlockDelta {"contentBlockIndex":0}`, `contentBlockDelta {"contentBlockIndex":0,"delta":{"toolUse":{"input":"a"}`,
		`contentBlockStop {}`, `messageStop {}`, `messageStop {"additionalModelResponseFields":null,"stopReason":null}`, `metadata {}`, `metadata {"usage":null,"metrics":7}`, `metadata []`, `hologram {"x":1}`, `hologram ?`, ` {}`, `messageStart ?`, `contentBlockDelta 0,"delta":{"text":"a"}}`, `contentBlockDelta {"contentBlockIndex":0abc"}}`, `contentBlockDelta {"contentBlockIndex":0abc"}}}`, `contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"a\x"}}`, `contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"a` + "\n" + `"}}`, `contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"a`, `contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"a","p":"}"}}`, `contentBlockDelta {"contentBlockIndex":1,"delta":{"toolResult":[]}}`, `contentBlockDelta {"contentBlockIndex":1,"delta":{"reasoningContent":{"redactedContent":""}}}`,
		`contentBlockDelta {"contentBlockIndex":1,"delta":{"toolUse":{}}}`, `contentBlockDelta {"contentBlockIndex":1,"delta":{"text":"a","toolUse":{"input":"b"}}}`, `contentBlockDelta {"contentBlockIndex":1,"delta":{"citation":{},"image":{}}}`, `contentBlockDelta {"contentBlockIndex":1,"delta":{"reasoningContent":{"text":"a","signature":"b"}}}`,
	}
	for _, form := range []string{`{"text":"%s"}`, `{"toolUse":{"input":"%s"}}`, `{"reasoningContent":{"text":"%s"}}`, `{"reasoningContent":{"signature":"%s"}}`, `{"hologram":"%s"}`} {
		for _, text := range []string{``, `a`, `é`, `\"`, `\u00e9\n\\`, `\ud83d\ude00`, `\ud83d`, "\xff", `{"a":1}`, strings.Repeat("x", 100)} {
			all = append(all, fmt.Sprintf(`contentBlockDelta {"contentBlockIndex":0,"delta":`+form+`,"p":"abc"}`, text))
		}
		for _, around := range []string{`{"contentBlockIndex":12,"delta":%s}`, `{"contentBlockIndex":12,"delta":%s,"p":""}`, `{"contentBlockIndex":12,"delta":%s,"p":"a\u0062"}`, `{"contentBlockIndex":12,"delta":%s,"p":"é"}`, `{"contentBlockIndex":12,"delta":%s,"p":7}`, `{"contentBlockIndex":12,"delta":%s,"q":"a"}`, `{"contentBlockIndex":12,"delta":%s,"p":"a","q":1}`, `{"contentBlockIndex":12,"delta":%s,"p":"a"}}`, `{"contentBlockIndex":12,"delta":%s,"p":"a"`, `{"contentBlockIndex":12,"delta":%s}}`,
			`{"contentBlockIndex":-1,"delta":%s}`, `{"contentBlockIndex":01,"delta":%s}`, `{"contentBlockIndex":1.0,"delta":%s}`, `{"contentBlockIndex":123456789012345678901,"delta":%s}`, `{"contentBlockIndex":"1","delta":%s}`, `{"contentBlockIndex":null,"delta":%s}`, `{"contentBlockIndex":,"delta":%s}`, `{ "contentBlockIndex":12,"delta":%s}`, `{"delta":%s,"contentBlockIndex":12}`, `{"delta":%s}`, `{"contentBlockIndex":12,"delta":%s} `} {
			all = append(all, `contentBlockDelta `+fmt.Sprintf(around, fmt.Sprintf(form, "t")))
		}
	}
	for _, stream := range converseStreams {
		all = append(all, strings.Split(stream, "\n")...)
	}
	slices.Sort(all)
	for _, line := range slices.Compact(all) {
		name, payload, _ := strings.Cut(line, " ")
		b := wireBlock(visible.Replace(strings.ToValidUTF8(line, "\\xff")), payload, readEvent(name))
		if !json.Valid([]byte(payload)) || strings.Contains(payload, `"p":"abc"`) { // changed in others
			b.text = b.text[:strings.IndexByte(b.text, '\n')+1]
		}
		blocks = append(blocks, b)
	}
	checkGoldens(t, "wire-events", blocks)
}
