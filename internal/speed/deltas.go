package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/types"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// deltas is how many a stream has, so that the call around them counts little.
func (l *lab) deltas() int {
	if l.trial() {
		return 500
	}
	return 10_000
}

// A shape is a kind of delta.
type shape struct {
	format bedrock.Format
	marker string // what stands before the text
	delta  string // the payload, with TEXT for its text
	before []string
	after  []string
}

const padding = `,"p":"abcdefghijklmnopqrstuvwxyz"}`

var (
	converseEnd = []string{`contentBlockStop {"contentBlockIndex":0,"p":"a"}`, `messageStop {"p":"ab","stopReason":"end_turn"}`,
		`metadata {"metrics":{"latencyMs":7},"p":"ab","usage":{"inputTokens":3,"outputTokens":4,"serverToolUsage":{},"totalTokens":7}}`}

	textShape = shape{marker: `"text":"`, before: []string{`messageStart {"p":"abc","role":"assistant"}`}, after: converseEnd,
		delta: `contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"TEXT"}` + padding}
	thinkingShape = shape{marker: `"text":"`, before: textShape.before, after: converseEnd,
		delta: `contentBlockDelta {"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"TEXT"}}` + padding}
	inputShape = shape{marker: `"input":"`, after: converseEnd,
		before: append(slices.Clip(textShape.before), `contentBlockStart {"contentBlockIndex":0,"p":"abcd","start":{"toolUse":{"name":"find","toolUseId":"tooluse_1"}}}`),
		delta:  `contentBlockDelta {"contentBlockIndex":0,"delta":{"toolUse":{"input":"TEXT"}}` + padding}

	anthropicShape = shape{format: bedrock.FormatAnthropic, marker: `"text":"`,
		before: []string{`{"type":"message_start","message":{"model":"claude","id":"msg_1","type":"message","role":"assistant","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":3,"output_tokens":1}}}`,
			`{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}`},
		delta: `{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"TEXT"}}`,
		after: []string{`{"type":"content_block_stop","index":0}`, `{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":4}}`,
			`{"type":"message_stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":3,"outputTokenCount":4,"invocationLatency":7,"firstByteLatency":5}}`}}
	openaiShape = shape{format: bedrock.FormatOpenAI, marker: `"content":"`,
		before: []string{`{"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}`},
		delta:  `{"choices":[{"delta":{"content":"TEXT"},"finish_reason":null,"index":0,"logprobs":null}],"created":1755,"id":"chatcmpl-1","model":"openai.gpt-oss-20b-1:0","object":"chat.completion.chunk","service_tier":"default","system_fingerprint":""}`,
		after: []string{`{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`,
			`{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4},"amazon-bedrock-invocationMetrics":{"inputTokenCount":3,"outputTokenCount":4}}`}}
)

// body writes a stream of n deltas with one text.
func (s *shape) body(n int, text string) []byte {
	events := slices.Concat(s.before, slices.Repeat([]string{strings.Replace(s.delta, "TEXT", text, 1)}, n), s.after)
	if s.format != "" {
		for i, ev := range events {
			events[i] = `chunk {"bytes":"` + base64.StdEncoding.EncodeToString([]byte(ev)) + `","p":"abcdefghijklmn"}`
		}
	}
	return frames(events...)
}

// A word is what most deltas hold.
const (
	plainText   = "some words "
	escapedText = `\u00fcber \u2192 \"x\"\n`
	inputText   = `{\"order\": 4`
)

var deltaRows = []row{
	{work: "text delta, Converse", against: "floor", measure: floors(textShape, plainText, 3, 1.1)},
	{work: "thinking delta, Converse", against: "floor", measure: floors(thinkingShape, plainText, 3, 1.1)},
	{work: "tool-input delta, Converse", against: "floor", measure: floors(inputShape, inputText, 3, 1.1)},
	{work: `delta with \uXXXX, Converse`, against: "floor", measure: floors(textShape, escapedText, 3, 2.1)},
	{work: `delta with \uXXXX, Anthropic`, against: "floor", measure: floors(anthropicShape, escapedText, 3, 2.1)},
	{work: `delta with \uXXXX, OpenAI`, against: "floor", measure: floors(openaiShape, escapedText, 3, 2.1)},
	{work: "text delta, Anthropic", against: "floor", measure: floors(anthropicShape, plainText, 0, 0)},
	{work: "text delta, OpenAI", against: "floor", measure: floors(openaiShape, plainText, 0, 0)},
	{work: "text delta, raw SDK", against: "here", measure: besideSDK},
	{work: "delta of 10 KB", against: "its bytes", measure: longDeltas},
	{work: "open stream that waits", against: "", measure: waiting},
}

// floors compares a delta with the floor: to check both checksums, to find the
// text and to copy it, with its escapes undone if it has any.
func floors(s shape, text string, most, allocations float64) func(l *lab) ([]figure, error) {
	return func(l *lab) ([]figure, error) {
		deltas := l.deltas()
		body := s.body(deltas, text)
		m, err := ours(always(eventStream, body), s.format)
		if err != nil {
			return nil, err
		}
		stream := func() error { return read(m, deltas) }
		ratio, err := l.ratio(stream, func() error { return floor(body, s.marker, s.format != "", text) })
		if err != nil {
			return nil, err
		}
		n, _, err := l.allocated(stream)
		return []figure{{value: ratio, unit: "floors", wanted: most}, {value: n / float64(deltas), unit: "allocations", wanted: allocations}}, err
	}
}

// read ranges over a stream and counts its deltas.
func read(m model.ChatModel, want int) error {
	n := 0
	for ev, err := range m.Stream(context.Background(), hello).Events() {
		if err != nil {
			return err
		}
		switch ev.Kind {
		case model.EventText, model.EventThinking, model.EventToolInput:
			n++
		}
	}
	if n != want {
		return fmt.Errorf("%d deltas, want %d", n, want)
	}
	return nil
}

// floor does the least that reading a stream takes. Where the text of the
// deltas has no escapes, it does not look for any.
func floor(body []byte, marker string, encoded bool, text string) error {
	opening, mark := []byte(`"bytes":"`), []byte(marker)
	escaped := strings.Contains(text, `\`)
	var plain, space []byte
	for len(body) > 0 {
		total := binary.BigEndian.Uint32(body)
		headers := binary.BigEndian.Uint32(body[4:])
		frame := body[:total]
		body = body[total:]
		if crc32.ChecksumIEEE(frame[:8]) != binary.BigEndian.Uint32(frame[8:]) || crc32.ChecksumIEEE(frame[:total-4]) != binary.BigEndian.Uint32(frame[total-4:]) {
			return errors.New("checksum")
		}
		payload := frame[12+headers : total-4]
		if encoded {
			i := bytes.Index(payload, opening) + len(opening)
			text := payload[i : i+bytes.IndexByte(payload[i:], '"')]
			plain = slices.Grow(plain[:0], base64.StdEncoding.DecodedLen(len(text)))
			n, err := base64.StdEncoding.Decode(plain[:cap(plain)], text)
			if err != nil {
				return err
			}
			payload = plain[:n]
		}
		i := bytes.Index(payload, mark)
		if i < 0 {
			continue // no delta
		}
		rest := payload[i+len(mark):]
		if escaped {
			space = unescaped(space[:0], rest)
			kept = string(space)
		} else {
			kept = string(rest[:max(0, bytes.IndexByte(rest, '"'))])
		}
	}
	if kept == "" {
		return errors.New("no delta")
	}
	return nil
}

// unescaped appends what a string stands for, up to its closing quotation mark.
// It knows the escapes of the deltas here alone.
func unescaped(dst, b []byte) []byte {
	for i := 0; i < len(b) && b[i] != '"'; i++ {
		if b[i] != '\\' {
			dst = append(dst, b[i])
			continue
		}
		i++
		switch b[i] {
		case 'n':
			dst = append(dst, '\n')
		case 'u':
			var r rune
			for _, d := range b[i+1 : i+5] {
				if d > '9' {
					d += 9 // its low half is that of a letter's number less nine
				}
				r = r<<4 | rune(d&15)
			}
			dst = utf8.AppendRune(dst, r)
			i += 4
		default:
			dst = append(dst, b[i])
		}
	}
	return dst
}

var kept string // makes the copy one on the heap

// besideSDK reads one stream by the SDK's own reader and by this library.
func besideSDK(l *lab) ([]figure, error) {
	deltas := l.deltas()
	transport := always(eventStream, textShape.body(deltas, plainText))
	m, err := ours(transport, "")
	if err != nil {
		return nil, err
	}
	client := sdk(transport)
	in := &bedrockruntime.ConverseStreamInput{ModelId: aws.String(claude), Messages: []types.Message{{
		Role: types.ConversationRoleUser, Content: []types.ContentBlock{&types.ContentBlockMemberText{Value: "Hello"}}}}}
	raw := func() error {
		out, err := client.ConverseStream(context.Background(), in)
		if err != nil {
			return err
		}
		var text strings.Builder
		stream := out.GetStream()
		for ev := range stream.Events() {
			if d, ok := ev.(*types.ConverseStreamOutputMemberContentBlockDelta); ok {
				if t, ok := d.Value.Delta.(*types.ContentBlockDeltaMemberText); ok {
					text.WriteString(t.Value)
				}
			}
		}
		if text.Len() != deltas*len(plainText) {
			return fmt.Errorf("%d bytes of text", text.Len())
		}
		return stream.Close()
	}
	ratio, err := l.ratio(raw, func() error { return read(m, deltas) })
	return []figure{{value: ratio, unit: "times", wanted: 20, least: true}}, err
}

// longDeltas counts the bytes that are allocated for each byte of text.
func longDeltas(l *lab) ([]figure, error) {
	const n, size = 200, 10 << 10
	m, err := ours(always(eventStream, textShape.body(n, strings.Repeat("x", size))), "")
	if err != nil {
		return nil, err
	}
	_, bytes, err := l.allocated(func() error { return read(m, n) })
	return []figure{{value: bytes / (n * size), unit: "bytes a byte", wanted: 2.2}}, err
}

// A paused body gives what it has, and then waits until it is closed.
type paused struct {
	io.Reader
	closed chan struct{}
}

func (p paused) Read(b []byte) (int, error) {
	if n, _ := p.Reader.Read(b); n > 0 {
		return n, nil
	}
	<-p.closed
	return 0, io.ErrClosedPipe
}

func (p paused) Close() error { close(p.closed); return nil }

// waiting measures what a stream holds whose first delta has arrived. It counts
// the heap: stacks of goroutines are the caller's.
func waiting(*lab) ([]figure, error) {
	const streams = 200
	body := textShape.body(1, plainText)
	body = body[:len(body)-len(frames(converseEnd...))]
	m, err := ours(roundTrip(func(req *http.Request) (*http.Response, error) {
		if _, err := io.Copy(io.Discard, req.Body); err != nil {
			return nil, err
		}
		return answered(eventStream, paused{bytes.NewReader(body), make(chan struct{})}, -1), nil
	}), "")
	if err != nil {
		return nil, err
	}
	arrived, leave, done := make(chan error), make(chan struct{}), make(chan struct{})
	open := func() {
		for range streams {
			go func() {
				defer func() { done <- struct{}{} }()
				for _, err := range m.Stream(context.Background(), hello).Events() {
					arrived <- err
					<-leave
					return
				}
			}()
		}
	}
	before := live()
	open()
	for range streams {
		if err := <-arrived; err != nil {
			return nil, err
		}
	}
	held := live() - before
	close(leave)
	for range streams {
		<-done
	}
	return []figure{{value: held / streams / 1024, unit: "KB", wanted: 12}}, nil
}
