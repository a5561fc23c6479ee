package bedrocktest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/types"
	"github.com/aws/smithy-go/transport/http/protocol/restjson1"
	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/internal/eventstream"
	"github.com/chatmodel-go/chatmodel/model"
)

// A line is an event of a stream: its type, and its payload without padding.
func lines(t *testing.T, body []byte) []string {
	t.Helper()
	var all []string
	d := eventstream.NewDecoder(bytes.NewReader(body))
	for {
		f, err := d.Next()
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatalf("%v after %q", err, all)
		}
		name := f.EventType
		if f.MessageType != "event" {
			name = f.MessageType + " " + f.ExceptionType + f.ErrorCode
		}
		all = append(all, name+" "+padding.ReplaceAllString(string(f.Payload), ""))
	}
}

var (
	padding = regexp.MustCompile(`,?"p":"[a-zA-Z0-9]*"`)
	latency = regexp.MustCompile(`"latencyMs":\d+`)
)

func stream(t *testing.T, s *bedrocktest.Server, modelID, body string) []string {
	t.Helper()
	a := post(t, s, modelID, "converse-stream", body)
	if a.status != 200 || a.header.Get("Content-Type") != "application/vnd.amazon.eventstream" {
		t.Fatalf("status %d, %s, %s", a.status, a.header.Get("Content-Type"), a.body)
	}
	all := lines(t, a.body)
	for i, l := range all {
		all[i] = strings.ReplaceAll(latency.ReplaceAllString(l, `"latencyMs":1`), `{,`, `{`)
	}
	return all
}

const noUsage = `"serverToolUsage":{},"totalTokens":0}}`

// TestStreams compares the events of streams with a list written by hand.
func TestStreams(t *testing.T) {
	zero := &model.Usage{Known: true}
	end := []string{`messageStop {"stopReason":"end_turn"}`, `metadata {"metrics":{"latencyMs":1},"usage":{"inputTokens":0,"outputTokens":0,` + noUsage}
	useTool := []string{`messageStop {"stopReason":"tool_use"}`, end[1]}
	for _, row := range []struct {
		name  string
		model string
		turn  fake.Turn
		want  []string
		end   []string
	}{
		{"text", sonnet45, fake.Text("hello there <&>"), []string{
			`contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"hello"}}`,
			`contentBlockDelta {"contentBlockIndex":0,"delta":{"text":" there"}}`,
			`contentBlockDelta {"contentBlockIndex":0,"delta":{"text":" <&>"}}`,
			`contentBlockStop {"contentBlockIndex":0}`}, end},
		{"pieces within characters", sonnet45, fake.Text("aé😀b").Pieces(1), []string{
			`contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"a"}}`,
			`contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"é"}}`,
			`contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"😀"}}`,
			`contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"b"}}`,
			`contentBlockStop {"contentBlockIndex":0}`}, end},
		{"empty text", gptOSS, fake.Reply(model.Text(""), model.Text("x")), []string{
			`contentBlockDelta {"contentBlockIndex":0,"delta":{"text":""}}`,
			`contentBlockStop {"contentBlockIndex":0}`,
			`contentBlockDelta {"contentBlockIndex":1,"delta":{"text":"x"}}`,
			`contentBlockStop {"contentBlockIndex":1}`}, end},
		{"Claude's tool call", sonnet5, fake.Reply(model.Text("so"), model.ToolCall{ID: "t", Name: "f", Input: json.RawMessage(`{"a":1}`)}).Pieces(4), []string{
			`contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"so"}}`,
			`contentBlockStop {"contentBlockIndex":0}`,
			`contentBlockStart {"contentBlockIndex":1,"start":{"toolUse":{"name":"f","toolUseId":"t","type":"tool_use"}}}`,
			`contentBlockDelta {"contentBlockIndex":1,"delta":{"toolUse":{"input":""}}}`,
			`contentBlockDelta {"contentBlockIndex":1,"delta":{"toolUse":{"input":"{\"a\""}}}`,
			`contentBlockDelta {"contentBlockIndex":1,"delta":{"toolUse":{"input":":1}"}}}`,
			`contentBlockStop {"contentBlockIndex":1}`}, useTool},
		{"Claude's tool call without arguments", sonnet45, fake.Reply(model.ToolCall{ID: "t", Name: "f"}), []string{
			`contentBlockStart {"contentBlockIndex":0,"start":{"toolUse":{"name":"f","toolUseId":"t","type":"tool_use"}}}`,
			`contentBlockDelta {"contentBlockIndex":0,"delta":{"toolUse":{"input":""}}}`,
			`contentBlockStop {"contentBlockIndex":0}`}, useTool},
		{"Nova's tool call", novaMicro, fake.Reply(model.ToolCall{ID: "t", Name: "f", Input: json.RawMessage(`{"a":1}`)}).Pieces(2), []string{
			`contentBlockStart {"contentBlockIndex":0,"start":{"toolUse":{"name":"f","toolUseId":"t"}}}`,
			`contentBlockDelta {"contentBlockIndex":0,"delta":{"toolUse":{"input":"{\"a\":1}"}}}`,
			`contentBlockStop {"contentBlockIndex":0}`}, useTool},
		{"unsigned thinking", gptOSS, fake.Thinking("hm", "scripted", model.Text("x")), []string{
			`contentBlockDelta {"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"hm"}}}`,
			`contentBlockStop {"contentBlockIndex":0}`,
			`contentBlockDelta {"contentBlockIndex":1,"delta":{"text":"x"}}`,
			`contentBlockStop {"contentBlockIndex":1}`}, end},
		{"server tool", "us.amazon.nova-2-lite-v1:0", fake.Reply(
			model.ServerToolCall{ID: "s", Name: "nova_code_interpreter", Kind: "server_tool_use", Input: json.RawMessage(`{"x":1}`)},
			model.ServerToolResult{CallID: "s", Kind: "nova_code_interpreter_result", Parts: []model.Part{model.JSON(`{"out":"7"}`)}}), []string{
			`contentBlockStart {"contentBlockIndex":0,"start":{"toolUse":{"name":"nova_code_interpreter","toolUseId":"s","type":"server_tool_use"}}}`,
			`contentBlockDelta {"contentBlockIndex":0,"delta":{"toolUse":{"input":"{\"x\":1}"}}}`,
			`contentBlockStop {"contentBlockIndex":0}`,
			`contentBlockStart {"contentBlockIndex":1,"start":{"toolResult":{"status":"success","toolUseId":"s","type":"nova_code_interpreter_result"}}}`,
			`contentBlockDelta {"contentBlockIndex":1,"delta":{"toolResult":[{"json":{"out":"7"}}]}}`,
			`contentBlockStop {"contentBlockIndex":1}`}, end},
		{"unknown block", novaMicro, fake.Reply(model.Opaque{Provider: "bedrock", Kind: "hologram", Data: json.RawMessage(`{"z":1}`)}), []string{
			`contentBlockDelta {"contentBlockIndex":0,"delta":{"hologram":{"z":1}}}`,
			`contentBlockStop {"contentBlockIndex":0}`}, end},
		{"sparse and interleaved", novaMicro, fake.Events(
			model.Event{Kind: model.EventText, Index: 7, Text: "a"},
			model.Event{Kind: model.EventText, Index: 9, Text: "b"},
			model.Event{Kind: model.EventText, Index: 7, Text: "c"},
			model.Event{Kind: model.EventFinish, Response: &model.Response{Usage: zero}}), []string{
			`contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"a"}}`,
			`contentBlockDelta {"contentBlockIndex":1,"delta":{"text":"b"}}`,
			`contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"c"}}`,
			`contentBlockStop {"contentBlockIndex":0}`,
			`contentBlockStop {"contentBlockIndex":1}`}, end},
	} {
		t.Run(row.name, func(t *testing.T) {
			turn := row.turn
			if !strings.HasPrefix(turn.String(), "fake.Events") {
				turn = turn.Usage(zero)
			}
			got := stream(t, memory(fake.New(turn), nil), row.model, conversation(hello))
			want := append([]string{`messageStart {"role":"assistant"}`}, append(row.want, row.end...)...)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
		})
	}
}

// TestFraming checks what is the same for all events.
func TestFraming(t *testing.T) {
	s := memory(always(strings.Repeat("word ", 500)), nil)
	a := post(t, s, novaMicro, "converse-stream", conversation(hello))
	if want := "\x0b:event-type\x07\x00\x0cmessageStart\x0d:content-type\x07\x00\x10application/json\x0d:message-type\x07\x00\x05event"; string(a.body[12:12+len(want)]) != want {
		t.Errorf("headers of the first frame: %q", a.body[12:12+len(want)])
	}
	lengths := map[int]bool{}
	d := eventstream.NewDecoder(bytes.NewReader(a.body))
	for {
		f, err := d.Next()
		if err != nil {
			break
		}
		var v struct{ P string }
		if err := json.Unmarshal(f.Payload, &v); err != nil {
			t.Fatal(err)
		}
		lengths[len(v.P)] = true
		if !strings.HasPrefix("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", v.P) || len(v.P) < 2 || len(v.P) > 61 {
			t.Errorf("padding %q", v.P)
		}
	}
	if len(lengths) < 50 {
		t.Errorf("padding has %d lengths in 500 events", len(lengths))
	}
}

// TestHeaders checks the headers of an answer, over a socket.
func TestHeaders(t *testing.T) {
	s := bedrocktest.Start(t, always("ok"), unsigned(nil))
	uuid := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	ids := map[string]bool{}
	for operation, contentType := range map[string]string{"converse": "application/json", "converse-stream": "application/vnd.amazon.eventstream"} {
		a := post(t, s, novaMicro, operation, conversation(hello))
		id := a.header.Get("X-Amzn-Requestid")
		if ids[id] = true; !uuid.MatchString(id) {
			t.Errorf("request id %q", id)
		}
		if got := a.header.Get("Content-Type"); got != contentType {
			t.Errorf("content type %q", got)
		}
		if at, err := http.ParseTime(a.header.Get("Date")); err != nil || time.Since(at).Abs() > time.Minute {
			t.Errorf("date %q", a.header.Get("Date"))
		}
	}
	if len(ids) != 2 {
		t.Errorf("two calls have the ids %v", ids)
	}
	if calls := s.Calls(); !ids[calls[0].RequestID] || calls[0].Frames+calls[1].Frames != 5 {
		t.Errorf("recorded calls %+v", calls)
	}
}

func TestRouting(t *testing.T) {
	s := memory(always("ok"), nil)
	const arn = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/mi1d adi"
	for _, row := range []struct {
		method, path string
		status       int
		modelID      string
	}{
		{"POST", "/model/amazon.nova-micro-v1%3A0/converse", 200, "amazon.nova-micro-v1:0"},
		{"POST", "/model/amazon.nova-micro-v1:0/converse", 200, "amazon.nova-micro-v1:0"},
		{"POST", "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Aapplication-inference-profile%2Fmi1d%20adi/converse", 200, arn},
		{"POST", "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Aapplication-inference-profile%2Fmi1d%20adi/converse-stream", 200, arn},
		{"POST", "/model/arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/x/converse", 404, ""},
		{"POST", "/model//converse", 404, ""},
		{"POST", "/model/a/converse/", 404, ""},
		{"POST", "/model/a/Converse", 404, ""},
		{"POST", "/model/a", 404, ""},
		{"POST", "//model/a/converse", 404, ""},
		{"POST", "/model/a/../b/converse", 404, ""},
		{"POST", "/", 404, ""},
		{"GET", "/model/amazon.nova-micro-v1%3A0/converse", 404, ""},
	} {
		t.Run(row.method+row.path, func(t *testing.T) {
			s.Forget()
			req, err := http.NewRequest(row.method, s.URL+row.path, strings.NewReader(conversation(hello)))
			if err != nil {
				t.Fatal(err)
			}
			resp, err := s.HTTPClient().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			got := read(t, resp)
			if got.status != row.status {
				t.Errorf("status %d, %s", got.status, got.body)
			}
			if row.status == 404 && got.header.Get("X-Amzn-Errortype") != "UnknownOperationException:http://internal.amazon.com/coral/com.amazon.bedrock/" {
				t.Errorf("error type %q", got.header.Get("X-Amzn-Errortype"))
			}
			if call := s.Calls()[0]; call.ModelID != row.modelID || call.Path != row.path {
				t.Errorf("recorded model %q, path %q", call.ModelID, call.Path)
			}
		})
	}
}

// everyPart is an answer of every kind of part that Claude gives.
func everyPart() []model.Part {
	return []model.Part{
		model.Thinking{Text: "Let me think — é.", Provider: "bedrock"},
		model.Thinking{Redacted: []byte("sealed"), Provider: "bedrock"},
		model.Text("Plain text, <b> & \"quotes\"."),
		model.CitedText{Text: "Cited.", Citations: []model.Citation{{Title: "t", Quotes: []string{"q"},
			Location: model.CitationLocation{Kind: model.LocationChar, Index: 0, Start: 1, End: 5}}}},
		model.ServerToolCall{ID: "tooluse_s", Name: "code", Kind: "server_tool_use", Input: json.RawMessage(`{"n":12345678901234567890123}`)},
		model.ServerToolResult{CallID: "tooluse_s", Kind: "code_result", Parts: []model.Part{model.Text("out"), model.JSON(`{"a":1.0}`)}},
		model.ToolCall{ID: "tooluse_1", Name: "f", Input: json.RawMessage(`{"z":1.0,"a":"ü"}`)},
		model.ToolCall{ID: "tooluse_2", Name: "g", Input: json.RawMessage(`{}`)},
	}
}

// signatures replaces what the server signs itself.
func withoutSignatures(parts []model.Part) []model.Part {
	parts = model.Message{Parts: parts}.Clone().Parts
	for i, p := range parts {
		if p, ok := p.(model.Thinking); ok {
			if p.Signature != "" {
				p.Signature = "signed"
			}
			if len(p.Redacted) > 0 {
				p.Redacted = []byte("sealed")
			}
			parts[i] = p
		}
	}
	return parts
}

// TestThroughBedrock sends an answer with parts of every kind through the
// bedrock package, and sends it back in a second turn.
func TestThroughBedrock(t *testing.T) {
	want := everyPart()
	signedThinking := want[0].(model.Thinking)
	signedThinking.Signature = "signed"
	want[0] = signedThinking
	for name, call := range map[string]func(*bedrock.Model, *model.Request) (*model.Response, error){
		"Generate": func(m *bedrock.Model, req *model.Request) (*model.Response, error) {
			return m.Generate(t.Context(), req)
		},
		"Stream": func(m *bedrock.Model, req *model.Request) (*model.Response, error) {
			return m.Stream(t.Context(), req).Response()
		},
	} {
		t.Run(name, func(t *testing.T) {
			usage := &model.Usage{Known: true, InputTokens: 100, OutputTokens: 20, CacheReadTokens: 30, CacheWriteTokens: 50,
				CacheWrites: []model.CacheWrite{{TTL: time.Hour, Tokens: 20}, {TTL: 5 * time.Minute, Tokens: 30}}}
			script := fake.New(fake.Reply(everyPart()...).Usage(usage), fake.Text("done"))
			s := bedrocktest.InMemory(script, nil)
			m, err := bedrock.New(s.Client(), sonnet45, nil)
			if err != nil {
				t.Fatal(err)
			}
			req := &model.Request{Messages: []model.Message{model.System("be brief"), model.User("hi")},
				Tools: []model.Tool{{Name: "f"}, {Name: "g"}}, Thinking: &model.ThinkingConfig{Budget: 1024}}
			first, err := call(m, req)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(namedBy(sonnet45, want), withoutSignatures(first.Message.Parts)); diff != "" {
				t.Errorf("parts (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(usage, first.Usage); diff != "" {
				t.Errorf("usage (-want +got):\n%s", diff)
			}
			if first.StopReason != model.StopToolUse || first.RequestID != s.Calls()[0].RequestID {
				t.Errorf("stop reason %q, request id %q", first.StopReason, first.RequestID)
			}
			req.Messages = append(req.Messages, first.Message, model.ToolResults(
				model.ToolResult{CallID: "tooluse_1", Parts: []model.Part{model.Text("r1")}},
				model.ToolResult{CallID: "tooluse_2", Parts: []model.Part{model.JSON(`{"r":2}`)}, IsError: true}))
			second, err := call(m, req)
			if err != nil {
				t.Fatal(err)
			}
			if second.Text() != "done" {
				t.Errorf("second answer %q", second.Text())
			}
			requests := script.Requests()
			sent := model.Message{Role: model.RoleAssistant, Parts: namedBy("", first.Message.Parts)} // a body names no model
			if diff := cmp.Diff(sent, requests[1].Messages[2]); diff != "" {
				t.Errorf("the model behind the server sees another history (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(requests, s.Requests()); diff != "" {
				t.Errorf("recorded requests (-model +server):\n%s", diff)
			}
		})
	}
}

// TestThroughSDK reads an answer with parts of every kind with the AWS SDK.
func TestThroughSDK(t *testing.T) {
	s := bedrocktest.StartTLS(t, fake.New(fake.Reply(everyPart()...).Times(2)), nil)
	unary, err := s.Client().Converse(t.Context(), sdkHello(sonnet45))
	if err != nil {
		t.Fatal(err)
	}
	blocks := unary.Output.(*types.ConverseOutputMemberMessage).Value.Content
	if len(blocks) != 8 || unary.StopReason != types.StopReasonToolUse || unary.Usage == nil || *unary.Metrics.LatencyMs < 1 {
		t.Fatalf("Converse gives %+v", unary)
	}
	thinking := blocks[0].(*types.ContentBlockMemberReasoningContent).Value.(*types.ReasoningContentBlockMemberReasoningText).Value
	cited := blocks[3].(*types.ContentBlockMemberCitationsContent).Value
	input, err := blocks[6].(*types.ContentBlockMemberToolUse).Value.Input.MarshalSmithyDocument()
	if err != nil {
		t.Fatal(err)
	}
	if *thinking.Text != "Let me think — é." || len(*thinking.Signature) < 100 ||
		blocks[2].(*types.ContentBlockMemberText).Value != "Plain text, <b> & \"quotes\"." ||
		*cited.Citations[0].Title != "t" || string(input) != `{"a":"ü","z":1.0}` ||
		blocks[4].(*types.ContentBlockMemberToolUse).Value.Type != types.ToolUseTypeServerToolUse {
		t.Errorf("Converse gives %+v", blocks)
	}

	out, err := s.Client().ConverseStream(t.Context(), sdkStream(sdkHello(sonnet45)), ownProtocol)
	if err != nil {
		t.Fatal(err)
	}
	defer out.GetStream().Close()
	collected := collect(out.GetStream())
	if err := out.GetStream().Err(); err != nil {
		t.Fatal(err)
	}
	want := sdkAnswer{
		text:     map[int32]string{2: "Plain text, <b> & \"quotes\".", 3: "Cited."},
		thinking: "Let me think — é.", signature: *thinking.Signature, redacted: string(blocks[1].(*types.ContentBlockMemberReasoningContent).Value.(*types.ReasoningContentBlockMemberRedactedContent).Value),
		input: map[int32]string{4: `{"n":12345678901234567890123}`, 6: `{"z":1.0,"a":"ü"}`, 7: "{}"},
		names: map[int32]string{4: "code", 6: "f", 7: "g"}, citations: 1, results: 2, stops: 8, stop: types.StopReasonToolUse, metadata: true,
	}
	if diff := cmp.Diff(want, collected, cmp.AllowUnexported(sdkAnswer{})); diff != "" {
		t.Errorf("ConverseStream (-want +got):\n%s", diff)
	}
}

func sdkStream(in *bedrockruntime.ConverseInput) *bedrockruntime.ConverseStreamInput {
	return &bedrockruntime.ConverseStreamInput{ModelId: in.ModelId, Messages: in.Messages}
}

// ownProtocol keeps two streams of one client from sharing a buffer.
func ownProtocol(o *bedrockruntime.Options) { o.Protocol = restjson1.New(nil) }

// An sdkAnswer is what the SDK's events add up to.
type sdkAnswer struct {
	text, input, names            map[int32]string
	thinking, signature, redacted string
	citations, results, stops     int
	stop                          types.StopReason
	metadata                      bool
}

func collect(events interface {
	Events() <-chan types.ConverseStreamOutput
}) sdkAnswer {
	a := sdkAnswer{text: map[int32]string{}, input: map[int32]string{}, names: map[int32]string{}}
	for ev := range events.Events() {
		switch ev := ev.(type) {
		case *types.ConverseStreamOutputMemberContentBlockStart:
			if u, ok := ev.Value.Start.(*types.ContentBlockStartMemberToolUse); ok {
				a.names[*ev.Value.ContentBlockIndex] = *u.Value.Name
			}
		case *types.ConverseStreamOutputMemberContentBlockDelta:
			a.add(*ev.Value.ContentBlockIndex, ev.Value.Delta)
		case *types.ConverseStreamOutputMemberContentBlockStop:
			a.stops++
		case *types.ConverseStreamOutputMemberMessageStop:
			a.stop = ev.Value.StopReason
		case *types.ConverseStreamOutputMemberMetadata:
			a.metadata = ev.Value.Usage != nil
		}
	}
	return a
}

func (a *sdkAnswer) add(index int32, delta types.ContentBlockDelta) {
	switch d := delta.(type) {
	case *types.ContentBlockDeltaMemberText:
		a.text[index] += d.Value
	case *types.ContentBlockDeltaMemberToolUse:
		a.input[index] += *d.Value.Input
	case *types.ContentBlockDeltaMemberCitation:
		a.citations++
	case *types.ContentBlockDeltaMemberToolResult:
		a.results += len(d.Value)
	case *types.ContentBlockDeltaMemberReasoningContent:
		switch r := d.Value.(type) {
		case *types.ReasoningContentBlockDeltaMemberText:
			a.thinking += r.Value
		case *types.ReasoningContentBlockDeltaMemberSignature:
			a.signature += r.Value
		case *types.ReasoningContentBlockDeltaMemberRedactedContent:
			a.redacted += string(r.Value)
		}
	}
}

// TestLimits checks that answers are cut where the request says.
func TestLimits(t *testing.T) {
	for _, row := range []struct {
		name      string
		inference string
		turn      fake.Turn
		content   string // of the unary answer
		stop      string
		out       string // output tokens
	}{
		{"max tokens", `{"maxTokens":3}`, fake.Text("0123456789abcdef"), `[{"text":"0123456789ab"}]`, "max_tokens", "3"},
		{"max tokens within a character", `{"maxTokens":1}`, fake.Text("abcéf"), `[{"text":"abc"}]`, "max_tokens", "1"},
		{"enough tokens", `{"maxTokens":4}`, fake.Text("0123456789abcdef"), `[{"text":"0123456789abcdef"}]`, "end_turn", "4"},
		{"over parts", `{"maxTokens":3}`, fake.Reply(model.Text("01234567"), model.Text("89abcdef")), `[{"text":"01234567"},{"text":"89ab"}]`, "max_tokens", "3"},
		{"stop sequence", `{"stopSequences":["END"]}`, fake.Reply(model.Text("one END two"), model.Text("three")), `[{"text":"one "}]`, "stop_sequence", "1"},
		{"nothing before the stop sequence", `{"stopSequences":["END"]}`, fake.Reply(model.Text("END two"), model.Text("three")), `[]`, "stop_sequence", "0"},
		{"the first of two", `{"stopSequences":["two","one"]}`, fake.Text("zero one two"), `[{"text":"zero "}]`, "stop_sequence", "2"},
		{"no stop sequence", `{"stopSequences":["END"]}`, fake.Text("one EN"), `[{"text":"one EN"}]`, "end_turn", "2"},
		{"tokens before the stop sequence", `{"maxTokens":1,"stopSequences":["END"]}`, fake.Text("123456 END"), `[{"text":"1234"}]`, "max_tokens", "1"},
	} {
		for size := range 4 {
			t.Run(row.name, func(t *testing.T) {
				body := with(conversation(hello), `"inferenceConfig":`+row.inference)
				turn := row.turn.Usage(nil).Pieces(size)
				s := memory(fake.New(turn.Times(2)), nil)
				got := ask(t, s, novaMicro, body)
				if joined := "[" + strings.Join(content(t, got), ",") + "]"; joined != row.content {
					t.Errorf("content %s, want %s", joined, row.content)
				}
				if !strings.Contains(string(got.body), `"stopReason":"`+row.stop+`"`) || !strings.Contains(string(got.body), `"outputTokens":`+row.out+",") {
					t.Errorf("answer %s", got.body)
				}
				streamed := strings.Join(stream(t, s, novaMicro, body), "\n")
				if row.content == "[]" && strings.Contains(streamed, "contentBlock") {
					t.Errorf("stream\n%s", streamed)
				}
				if got := textOf(streamed); got != textOf(row.content) {
					t.Errorf("streamed %q, want %q", got, textOf(row.content))
				}
				if !strings.Contains(streamed, `messageStop {"stopReason":"`+row.stop+`"}`) || !strings.Contains(streamed, `"outputTokens":`+row.out+",") {
					t.Errorf("stream\n%s", streamed)
				}
			})
		}
	}
}

// textOf joins all texts of some JSON.
func textOf(s string) string {
	var all strings.Builder
	for _, m := range regexp.MustCompile(`\{"text":"([^"]*)"\}`).FindAllStringSubmatch(s, -1) {
		all.WriteString(m[1])
	}
	return all.String()
}

func TestStopSequenceField(t *testing.T) {
	s := memory(always("one END"), nil)
	body := with(conversation(hello), `"inferenceConfig":{"stopSequences":["END"]}`, `"additionalModelResponseFieldPaths":["/stop_sequence"]`)
	if got := ask(t, s, sonnet45, body); !strings.HasPrefix(string(got.body), `{"additionalModelResponseFields":{"stop_sequence":"END"},`) {
		t.Errorf("answer %s", got.body)
	}
	if got := strings.Join(stream(t, s, sonnet45, body), "\n"); !strings.Contains(got, `messageStop {"additionalModelResponseFields":{"stop_sequence":"END"},"stopReason":"stop_sequence"}`) {
		t.Errorf("stream\n%s", got)
	}
	inEvent := strings.Replace(body, `"/stop_sequence"`, `"/delta/stop_sequence"`, 1)
	if got := strings.Join(stream(t, s, sonnet45, inEvent), "\n"); !strings.Contains(got, `messageStop {"additionalModelResponseFields":{"delta":{"stop_sequence":"END"}},"stopReason":"stop_sequence"}`) {
		t.Errorf("stream\n%s", got)
	}
	if got := ask(t, s, sonnet45, strings.Replace(inEvent, "END", "no", 1)); !strings.HasPrefix(string(got.body), `{"metrics"`) {
		t.Errorf("answer %s", got.body)
	}
}
