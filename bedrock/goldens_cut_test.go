package bedrock_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// A cutForm is a chunk of a stream with places for its text, %s, and for a
// number that grows, %d.
type cutForm struct {
	format bedrock.Format
	chunk  string
}

// of returns chunks of texts, which are written as they stand.
func (c cutForm) of(texts ...string) (all []string) {
	for i, text := range texts {
		all = append(all, strings.NewReplacer("%s", text, "%d", fmt.Sprint(i+7)).Replace(c.chunk))
	}
	return all
}

// TestGoldensCut keeps how chunks are read: what is said in a stream of them
// that are the same but for their texts, and which of them are cut and which are
// decoded in full, as their allocations tell.
func TestGoldensCut(t *testing.T) {
	withoutRace(t)
	models := map[bedrock.Format]*answering{}
	var blocks []block
	names := map[string]bool{}
	for i, c := range cutForms() {
		name := fmt.Sprintf("%s %q", c.format, c.chunk)
		if names[name] {
			continue // two tables have it
		}
		names[name] = true
		a := models[c.format]
		if a == nil {
			a = &answering{id: "unheard-of", format: c.format, stream: true}
			a.open(t)
			models[c.format] = a
		}
		if !inSample(i) {
			continue
		}
		text, failed := a.said(append(c.of("a1", "b2", `c\n`, "d", ""), streamEnds[c.format])...)
		b := block{name: name, text: "  " + text + "\n"}
		if !failed && strings.Contains(text, "b2") {
			few, many := a.allocations(c.of(slices.Repeat([]string{"ab"}, 4)...)), a.allocations(c.of(slices.Repeat([]string{"ab"}, 20)...))
			if (many-few)/16 < 4 { // an event, its text and the buffers of a frame
				b.text += "  cut\n"
			} else {
				b.text += "  decoded in full\n"
			}
		}
		blocks = append(blocks, b)
	}
	for _, row := range cutRows {
		all := row.chunks
		if !strings.Contains(all[len(all)-1], `"stop"`) {
			all = append(slices.Clone(all), streamEnds[row.format])
		}
		text, _ := models[row.format].said(all...)
		blocks = append(blocks, block{fmt.Sprintf("%s %q", row.format, row.chunks), "  " + text + "\n"})
	}
	checkSample(t, "cut", blocks)
}

// cutRows are chunks of which one looks as if it had the form of those before
// it, and has not.
var cutRows = []struct {
	format bedrock.Format
	chunks []string
}{
	{bedrock.FormatAnthropic, []string{`0,"delta":{"type":"text_delta","text":"a"}}`}},
	{bedrock.FormatAnthropic, []string{`{"type":"content_block_delta","index":,"delta":{"type":"text_delta","text":"a"}}`}},
	{bedrock.FormatOpenAI, []string{`abc"`}}, {bedrock.FormatOpenAI, []string{`{"choices":[{"delta":{"content":"a"}}]}`, `abc"`}}, {bedrock.FormatOpenAI, []string{`{"choices":[{"delta":{"content":"a"}}]}`, `abc"}}]}`}},
	{bedrock.FormatOpenAI, []string{`{"choices":[{"delta":{"content":"a"}}]}`, `{"choices":[{"delta":{"content":"\x"}}]}`}}, {bedrock.FormatOpenAI, []string{`{"choices":[{"delta":{"content":"a"}}]}`, `{"choices":[{"delta":{"content":"b","content":"c"}}]}`}},
	{bedrock.FormatOpenAI, []string{`{"choices":[{"delta":{"content":[{"type":"text","text":"a"}]}}]}`, `{"choices":[{"delta":{"content":[abc"}}]}`}}, {bedrock.FormatOpenAI, []string{`{"choices":[{"delta":{"content":null}}]}`, `{"choices":[{"delta":{"content":nabc"}}]}`}},
	{bedrock.FormatOpenAI, []string{`{"choices":[{"delta":{"content":"a"}},{"delta":{"content":"b"}}]}`, `{"choices":[{"delta":{"content":"c"}},{"delta":{"content":"b"}}]}`}},
	{bedrock.FormatLlama3, []string{`abc"`}}, {bedrock.FormatLlama3, []string{`{"generation":"a"}`, `abc"}`}}, {bedrock.FormatLlama3, []string{`{"generation":"a"}`, `{"generation":"\x"}`}}, {bedrock.FormatLlama3, []string{`{"generation":"a"}`, `{"generation":"b"`}},
	{bedrock.FormatLlama3, []string{` {"generation":" {","x":1}`, `{"generation":"a"generation":" {","x":1}`}},
	{bedrock.FormatLlama3, []string{`{"generation":"a","prompt_token_count":null,"generation_token_count":1,"stop_reason":null}`, `{"generation":"b"7,"stop_reason":null}`}},
	{bedrock.FormatLlama3, []string{`{"generation":"a","prompt_token_count":null,"generation_token_count":1,"stop_reason":null}`, `{"generation":"b","prompt_token_count":null,"generation_token_count":2,"stop_reason":null}`, `{"generation":"c","prompt_token_count":null,"generation_token_count":,"stop_reason":null}`}},
	{bedrock.FormatLlama3, []string{`{"generation":"a","prompt_token_count":null,"generation_token_count":1,"stop_reason":null}`, `{"generation":"b","prompt_token_count":null,"generation_token_count":9,"stop_reason":null}`, `{"generation":"c","prompt_token_count":4,"generation_token_count":null,"stop_reason":null}`}},
	{bedrock.FormatLlama3, []string{`{"generation":"a","prompt_token_count":5}`, ` {"generation":"b","prompt_token_count":9,"generation_token_count":2}`, `{"generation":"c","prompt_token_count":5}`, `{"generation":"","stop_reason":"stop"}`}},
	{bedrock.FormatLlama3, []string{`{"generation":"a","generation_token_count":5}`, ` {"generation":"b","prompt_token_count":9,"generation_token_count":2}`, `{"generation":"c","generation_token_count":5}`, `{"generation":"","stop_reason":"stop"}`}},
	{bedrock.FormatMistral, []string{`{"outputs":[{"text":"a"}]}`, `{"outputs":[{"text":"x","text":null}]}`, `{"outputs":[{"text":"y","text":null}]}`}}, {bedrock.FormatMistral, []string{`{"outputs":[{"text":"a"}]}`, `{"outputs":[{"text":"","text":null}]}`, `{"outputs":[{"text":"y","text":null}]}`}},
	{bedrock.FormatMistral, []string{`{"outputs":[{"text":"a"}]}`, `{"outputs":[{"text":"b","prompt_token_count":null,"generation_token_count":7,"stop_reason":null}`}},
	{bedrock.FormatMistral, []string{`{"generation":"a","generation_token_count":1}`, `{"outputs":[{"text":"a"}]}`, `{"outputs":[{"text":"b","prompt_token_count":null,"generation_token_count":7,"stop_reason":null}`}},
	{bedrock.FormatTitan, []string{`{"outputText":"a","prompt_token_count":null,"generation_token_count":7,"stop_reason":null}`, `{"outputText":"b","prompt_token_count":null,"generation_token_count":8,"stop_reason":null,"inputTextTokenCount":3}`, `{"outputText":"c","prompt_token_count":null,"generation_token_count":9,"stop_reason":null}`}},
}

// streamEnds are chunks that end a stream.
var streamEnds = map[bedrock.Format]string{
	bedrock.FormatAnthropic: `{"type":"message_stop"}`, bedrock.FormatOpenAI: `{"choices":[{"delta":{},"finish_reason":"stop"}]}`, bedrock.FormatLlama3: `{"generation":"","prompt_token_count":3,"stop_reason":"stop"}`, bedrock.FormatLlama4: `{"generation":"","prompt_token_count":3,"stop_reason":"stop"}`,
	bedrock.FormatMistral: `{"outputs":[{"text":"","stop_reason":"stop"}]}`, bedrock.FormatDeepSeek: `{"choices":[{"text":"","stop_reason":"stop"}]}`, bedrock.FormatTitan: `{"outputText":"","completionReason":"FINISH"}`,
}

// said tells in a line what a stream of chunks says, and reports whether it fails.
func (a *answering) said(chunk ...string) (text string, bad bool) {
	a.body = chunks(chunk...)
	s := a.m.Stream(context.Background(), hello)
	before := ""
	for ev, err := range s.Events() {
		if what := fmt.Sprintf("%s %d ", ev.Kind, ev.Index); err == nil && ev.Kind != model.EventPartDone && ev.Kind != model.EventFinish && what != before {
			text, before = text+what, what
		}
		if ev.Text != "" {
			text += fmt.Sprintf("%q ", ev.Text)
		}
	}
	resp, err := s.Response()
	if err != nil {
		text += failedWith(err)
	}
	if resp != nil && resp.Usage.Known {
		text += fmt.Sprintf("%d in, %d out", resp.Usage.InputTokens, resp.Usage.OutputTokens)
	}
	return strings.TrimSpace(text), err != nil
}

// allocations counts those of reading a stream of chunks.
func (a *answering) allocations(chunk []string) float64 {
	a.body = chunks(chunk...)
	return testing.AllocsPerRun(1, func() {
		for range a.m.Stream(context.Background(), hello).Events() {
		}
	})
}

// cutForms are chunks of every form that models have, and of forms that are
// just not theirs.
func cutForms() (all []cutForm) {
	add := func(format bedrock.Format, chunks ...string) {
		for _, c := range chunks {
			all = append(all, cutForm{format, c})
		}
	}
	add(bedrock.FormatAnthropic,
		`{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"%s"}}`, `{"type":"content_block_delta","index":12,"delta":{"type":"thinking_delta","thinking":"%s"}}`, `{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"%s"}}`,
		`{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"%s"}}`, `{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"%s"},"p":"abc"}`, `{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"%s"} }`,
		`{"type":"content_block_delta","index":00,"delta":{"type":"text_delta","text":"%s"}}`, `{"type":"content_block_delta","index":1234567890,"delta":{"type":"text_delta","text":"%s"}}`, `{"type":"content_block_delta","index":0.0,"delta":{"type":"text_delta","text":"%s"}}`,
		`{"type":"content_block_delta", "index":0,"delta":{"type":"text_delta","text":"%s"}}`, `{"index":0,"delta":{"type":"text_delta","text":"%s"},"type":"content_block_delta"}`, `{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"%s"`,
		`{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"%s","text":"z"}}`, `{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\ud83d\ude00%s"}}`, `{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\x%s"}}`,
		"{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"\xff%s\"}}", `{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"","partial_json":"","text":"%s"}}`)
	llama := `{"generation":"%s","prompt_token_count":null,"generation_token_count":`
	for _, f := range []bedrock.Format{bedrock.FormatLlama3, bedrock.FormatLlama4} {
		add(f, llama+`7,"stop_reason":null}`, llama+`null,"stop_reason":null}`)
	}
	add(bedrock.FormatLlama3, llama+`7,"stop_reason":null} `, llama+`07,"stop_reason":null}`, llama+`7.0,"stop_reason":null}`, llama+`1234567890,"stop_reason":null}`, llama+`-7,"stop_reason":null}`, llama+`7,"stop_reason":""}`,
		llama+`%d,"stop_reason":null}`, `{"generation":"%s","prompt_token_count":5,"generation_token_count":7,"stop_reason":null}`, `{"generation":"%s","prompt_token_count":5}`, `{"generation":"%s"}`, `{"generation":"%s","x":1}`, `{"generation":"%s","generation":"z"}`, `{"generation":"z","generation":"%s"}`,
		` {"generation":"%s"}`, `{"generation":"%s","outputs":[{"text":"z"}]}`, `{"generation":"%s","generation":null}`, `{"generation":"%s","generation_token_count":7}`, `{"generation":"%s","prompt_token_count":"x"}`, "{\"generation\":\"\xff%s\"}", `{"generation":"%s`, `{"generation":"%s"`)
	add(bedrock.FormatMistral, `{"outputs":[{"text":"%s","stop_reason":null}]}`, `{"outputs":[{"stop_reason":null,"text":"%s"}]}`, `{"outputs":[{"text":"%s"},{"text":"z"}]}`)
	add(bedrock.FormatDeepSeek, `{"choices":[{"text":"%s","stop_reason":null}]}`, `{"choices":[{"text":"</think>%s","stop_reason":null}]}`)
	add(bedrock.FormatTitan, `{"outputText":"%s","index":0,"totalOutputTextTokenCount":null,"completionReason":null,"inputTextTokenCount":null}`, `{"outputText":"%s","index":0,"totalOutputTextTokenCount":7,"completionReason":null,"inputTextTokenCount":null}`, `{"outputText":"%s","index":0,"totalOutputTextTokenCount":null,"completionReason":null,"inputTextTokenCount":5}`)
	// Each member, at each place, says nothing or something.
	add(bedrock.FormatOpenAI, `{"choices":[{"delta":{"content":"%s"}}]}`)
	for _, name := range []string{"id", "object", "created", "model", "service_tier", "system_fingerprint", "logprobs", "role", "p", "obfuscation", "index", "usage", "error", "refusal", "finish_reason", "message", "text", "reasoning", "reasoning_content", "tool_calls", "delta", "choices", "content", "news"} {
		for _, value := range []string{"null", `""`, "[]", "{}", "0", "1", `"x"`} {
			m := `"` + name + `":` + value
			add(bedrock.FormatOpenAI, `{`+m+`,"choices":[{"delta":{"content":"%s"}}]}`, `{"choices":[{`+m+`,"delta":{"content":"%s"}}]}`, `{"choices":[{"delta":{"content":"%s",`+m+`}}]}`)
		}
	}
	add(bedrock.FormatOpenAI, ` { "choices" : [ { "delta" : { "content" : "%s" } } ] } `, `{"news":1,"usage":null,"choices":[{"delta":{"content":"%s"}}]}`, `{"choices":[{"news":1,"index":0,"delta":{"content":"%s"}}]}`, `{"choices":[{"index":1,"news":null,"delta":{"content":"%s"}}]}`, `{"choices":[{"index":0,"news":null,"delta":{"content":"%s","refusal":null,"tool_calls":[]}}],"usage":{}}`, `{"choices":[{"index":0,"delta":{"content":"%s"}}],"news":1,"usage":null}`, `{"choices":[{"delta":{"content":"%s"}},{"index":1,"delta":{"content":"z"}}]}`, `{"choices":[{"index":1,"delta":{"content":"z"}},{"delta":{"content":"%s"}}]}`,
		`{"choices":[{"delta":{"content":"%s"}}],"choices":[{"delta":{"content":"z"}}]}`, `{"choices":[{"delta":{"content":"%s"},"delta":{"content":"z"}}]}`, `{"choices":[{"delta":{"content":"%s","content":"z"}}]}`, `{"ch\u006fices":[{"delta":{"content":"%s"}}]}`, `{"choices":[{"delta":{"c\u006fntent":"%s"}}]}`,
		`{"choices":[{"delta":{"content":[{"type":"text","text":"%s"}]}}]}`, `{"choices":[]}`, `{"choices":[null]}`, `{"choices":["x"]}`, `{"choices":null}`, `{"choices":{}}`, `{"choices":[{"delta":null}]}`, `{"choices":[{"delta":[]}]}`, `{"choices":[{}]}`, `{}`, `null`, `[]`, `"%s"`, `{"choices":[{"delta":{"content":7}}]}`,
		`{"choices":[{"delta":{"content":"%s"},"index":0},null]}`, `{"choices":[{"delta":{"content":"%s"}} ]}`, `{"choices":[{"delta":{"content":"%s"}}]`, `{"choices":[{"delta":{"content":"<reasoning>%s"}}]}`, "{\"choices\":[{\"delta\":{\"content\":\"\xff%s\"}}]}", `{"Choices":[{"Delta":{"Content":"%s"}}]}`)
	return all
}
