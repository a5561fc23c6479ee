package bedrock_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/document"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/types"
	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/model"
)

// The benchmarks hold this package against the SDK used by hand, on the same
// transport in memory and with the same answer.

const benchDeltas = 1000

// sdkMessages are the messages of hello in the SDK's types.
var sdkMessages = []types.Message{{
	Role:    types.ConversationRoleUser,
	Content: []types.ContentBlock{&types.ContentBlockMemberText{Value: "Hello"}},
}}

func BenchmarkStream(b *testing.B) {
	body := manyDeltas(benchDeltas)
	transport := streamBytes(body)
	b.Run("sdk", func(b *testing.B) {
		client := newClient(transport)
		in := &bedrockruntime.ConverseStreamInput{ModelId: aws.String(claude), Messages: sdkMessages}
		perDelta(b, func() int {
			out, err := client.ConverseStream(b.Context(), in)
			if err != nil {
				b.Fatal(err)
			}
			var text strings.Builder
			stream, n := out.GetStream(), 0
			for ev := range stream.Events() {
				if d, ok := ev.(*types.ConverseStreamOutputMemberContentBlockDelta); ok {
					if t, ok := d.Value.Delta.(*types.ContentBlockDeltaMemberText); ok {
						text.WriteString(t.Value)
						n++
					}
				}
			}
			if err := stream.Close(); err != nil {
				b.Fatal(err)
			}
			return n
		})
	})
	b.Run("chatmodel", func(b *testing.B) {
		m := newModel(b, claude, transport, nil)
		perDelta(b, func() int {
			n := 0
			s := m.Stream(b.Context(), hello)
			for ev, err := range s.Events() {
				if err != nil {
					b.Fatal(err)
				}
				if ev.Kind == model.EventText {
					n++
				}
			}
			if resp, err := s.Response(); err != nil || len(resp.Text()) == 0 {
				b.Fatal(resp, err)
			}
			return n
		})
	})
}

// streamBytes answers each request with the same stream.
func streamBytes(body []byte) roundTrip {
	return freshly(func() roundTrip { return streamOf(bytes.NewReader(body)) })
}

// BenchmarkGenerate measures a short question, where most of the time goes into
// what the SDK does for any call, and the middle of a conversation with tools.
func BenchmarkGenerate(b *testing.B) {
	answer := unaryText(strings.Repeat("Some words of an answer. ", 20))
	generate(b, "", hello, &bedrockruntime.ConverseInput{ModelId: aws.String(claude), Messages: sdkMessages}, answer)
	generate(b, "/conversation", longRequest(), longInput(), longAnswer)
}

// generate benchmarks one request in both forms.
func generate(b *testing.B, name string, req *model.Request, in *bedrockruntime.ConverseInput, answer string) {
	transport := roundTrip(func(req *http.Request) (*http.Response, error) {
		resp, err := respond(200, strings.NewReader(answer), "Content-Type", "application/json")(req)
		resp.ContentLength = int64(len(answer)) // as the service tells
		return resp, err
	})
	b.Run("sdk"+name, func(b *testing.B) {
		client := newClient(transport)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := client.Converse(b.Context(), in); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("chatmodel"+name, func(b *testing.B) {
		m := newModel(b, claude, transport, nil)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := m.Generate(b.Context(), req); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// The pieces of a long conversation: rounds of a question, a tool call, its
// result and an answer.
const (
	longRounds   = 5
	longPrompt   = "You help with orders. Look them up before you say anything about them."
	longQuestion = "Where is order 4711, and when will it be delivered?"
	longReply    = "Order 4711 left the warehouse in Leipzig yesterday. It will be with you on Friday, between 9 and 12."
	longResult   = `{"order":4711,"state":"shipped","stops":[{"place":"Leipzig","day":"Tuesday"},{"place":"Kassel","day":"Thursday"}]}`
	longSchema   = `{"type":"object","properties":{"order":{"type":"integer","description":"the number of the order"},"details":{"type":"boolean"}},"required":["order"]}`
)

var (
	longTools  = []string{"find_order", "cancel_order", "change_address"}
	longAnswer = fmt.Sprintf(`{"metrics":{"latencyMs":7},"output":{"message":{"content":[{"text":%q},{"toolUse":{"input":{"order":4711},"name":"find_order","toolUseId":"tooluse_9"}}],"role":"assistant"}},"stopReason":"tool_use","usage":{"inputTokens":3,"outputTokens":4,"serverToolUsage":{},"totalTokens":7}}`,
		strings.Repeat(longReply+"\n", 20))
)

func longRequest() *model.Request {
	req := &model.Request{MaxTokens: 1000, Messages: []model.Message{model.System(longPrompt)}}
	for _, name := range longTools {
		req.Tools = append(req.Tools, model.Tool{Name: name, Description: longPrompt, InputSchema: json.RawMessage(longSchema)})
	}
	for i := range longRounds {
		id := fmt.Sprint("tooluse_", i)
		req.Messages = append(req.Messages,
			model.User(longQuestion),
			model.Message{Role: model.RoleAssistant, Parts: []model.Part{
				model.Text(longReply), model.ToolCall{ID: id, Name: "find_order", Input: json.RawMessage(`{"order":4711}`)}}},
			model.Message{Role: model.RoleUser, Parts: []model.Part{
				model.ToolResult{CallID: id, Parts: []model.Part{model.JSON(longResult)}}}},
			model.Message{Role: model.RoleAssistant, Parts: []model.Part{model.Text(longReply)}},
		)
	}
	req.Messages = append(req.Messages, model.User(longQuestion))
	return req
}

// longInput is longRequest in the SDK's types.
func longInput() *bedrockruntime.ConverseInput {
	in := &bedrockruntime.ConverseInput{
		ModelId:         aws.String(claude),
		InferenceConfig: &types.InferenceConfiguration{MaxTokens: aws.Int32(1000)},
		System:          []types.SystemContentBlock{&types.SystemContentBlockMemberText{Value: longPrompt}},
		ToolConfig:      &types.ToolConfiguration{},
	}
	value := func(text string) document.Interface {
		var v any
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			panic(err)
		}
		return document.NewLazyDocument(v)
	}
	say := func(role types.ConversationRole, content ...types.ContentBlock) {
		in.Messages = append(in.Messages, types.Message{Role: role, Content: content})
	}
	const user, assistant = types.ConversationRoleUser, types.ConversationRoleAssistant
	for _, name := range longTools {
		in.ToolConfig.Tools = append(in.ToolConfig.Tools, &types.ToolMemberToolSpec{Value: types.ToolSpecification{
			Name: aws.String(name), Description: aws.String(longPrompt), InputSchema: &types.ToolInputSchemaMemberJson{Value: value(longSchema)}}})
	}
	for i := range longRounds {
		id := aws.String(fmt.Sprint("tooluse_", i))
		say(user, &types.ContentBlockMemberText{Value: longQuestion})
		say(assistant, &types.ContentBlockMemberText{Value: longReply},
			&types.ContentBlockMemberToolUse{Value: types.ToolUseBlock{ToolUseId: id, Name: aws.String("find_order"), Input: value(`{"order":4711}`)}})
		say(user, &types.ContentBlockMemberToolResult{Value: types.ToolResultBlock{ToolUseId: id, Status: types.ToolResultStatusSuccess,
			Content: []types.ToolResultContentBlock{&types.ToolResultContentBlockMemberJson{Value: value(longResult)}}}})
		say(assistant, &types.ContentBlockMemberText{Value: longReply})
	}
	say(user, &types.ContentBlockMemberText{Value: longQuestion})
	return in
}

// TestLongConversation checks that both forms of the benchmark's conversation
// send the same body.
func TestLongConversation(t *testing.T) {
	var body []byte
	client := newClient(roundTrip(func(r *http.Request) (*http.Response, error) {
		body, _ = io.ReadAll(r.Body)
		return respond(200, strings.NewReader(longAnswer))(r)
	}))
	if _, err := client.Converse(t.Context(), longInput()); err != nil {
		t.Fatal(err)
	}
	var want, got any
	if err := errors.Join(json.Unmarshal(body, &want), json.Unmarshal(sent(t, claude, longRequest(), false), &got)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the body differs from the SDK's (-want +got):\n%s", diff)
	}
}

// perDelta reports time and allocations by delta. Stream reads one stream and
// returns how many deltas it had.
func perDelta(b *testing.B, stream func() int) {
	b.ReportAllocs()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for b.Loop() {
		if n := stream(); n != benchDeltas {
			b.Fatalf("%d deltas, want %d", n, benchDeltas)
		}
	}
	runtime.ReadMemStats(&after)
	deltas := float64(b.N * benchDeltas)
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/deltas, "ns/delta")
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/deltas, "allocs/delta")
}

// TestStreamAllocations checks that a whole stream, including its call, needs
// no more than three allocations for each delta.
func TestStreamAllocations(t *testing.T) {
	m := newModel(t, claude, streamBytes(manyDeltas(benchDeltas)), nil)
	perStream := testing.AllocsPerRun(10, func() {
		if _, err := m.Stream(t.Context(), hello).Response(); err != nil {
			t.Fatal(err)
		}
	})
	if got := perStream / benchDeltas; got > 3 {
		t.Errorf("%.2f allocations a delta, want 3 at most", got)
	}
}
