package bedrock_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/conformance"
	"github.com/chatmodel-go/chatmodel/internal/eventstream"
	"github.com/chatmodel-go/chatmodel/model"
)

// Model ids of the families, as the mapping tests use them.
const (
	claude37   = "us.anthropic.claude-3-7-sonnet-20250219-v1:0" // thinks, caches for 5 minutes
	claude45   = "us.anthropic.claude-sonnet-4-5-20250929-v1:0" // thinks by budget
	claude46   = "us.anthropic.claude-sonnet-4-6"               // thinks by budget or as it likes
	claude47   = "us.anthropic.claude-opus-4-7"                 // thinks as it likes, no sampling
	claude5    = "global.anthropic.claude-sonnet-5"             // the same, and may be forced to call tools
	claude3    = "anthropic.claude-3-5-sonnet-20240620-v1:0"    // does not think
	nova1      = "us.amazon.nova-lite-v1:0"
	nova2      = "us.amazon.nova-2-lite-v1:0"
	llama      = "us.meta.llama4-maverick-17b-instruct-v1:0"
	mistral    = "mistral.mistral-large-2407-v1:0"
	deepseekR1 = "us.deepseek.r1-v1:0"
	deepseekV3 = "deepseek.v3-v1:0"
	gptOSS     = "openai.gpt-oss-120b-1:0"
	gpt5       = "us.openai.gpt-5.6-sol"
	qwen       = "qwen.qwen3-32b-v1:0"
	kimi       = "moonshotai.kimi-k2.5"
	cohere     = "cohere.command-r-plus-v1:0"
	ai21       = "ai21.jamba-1-5-large-v1:0"
	writer     = "us.writer.palmyra-x5-v1:0"
	titan      = "amazon.titan-text-express-v1"
	unknown    = "acme.new-model-v1:0"
)

// A mapping is a neutral request and what is sent for it.
type mapping struct {
	name  string
	why   string // where it decides otherwise than others do, or is not plain
	model string
	req   model.Request // its Messages are hi, if it has none

	// want is the body, in JSON. Where it has no messages, it means those of hi.
	want  string
	warns []string // "dropped temperature" and so on, in any order

	// whole says that the stream is answered by a call, of which it warns.
	whole bool

	// fails is the kind of the error, if nothing may be sent, and field what
	// its text has to name.
	fails model.ErrorKind
	field string
}

var hi = []model.Message{model.User("Hi")}

// check sends the request of a row by Generate and by Stream, on both doors.
func (row mapping) check(t *testing.T) {
	t.Helper()
	if row.req.Messages == nil {
		row.req.Messages = hi
	}
	before := row.req.Clone()
	row.checkInvoke(t)
	unary, streamed := callBoth(t, row.model, &row.req)
	if diff := cmp.Diff(before, &row.req); diff != "" {
		t.Errorf("the request was modified (-before +after):\n%s", diff)
	}
	for _, c := range []outcome{unary, streamed} {
		if row.fails != "" {
			c.checkFailure(t, row.fails, row.field)
			continue
		}
		if c.err != nil {
			t.Fatalf("%s: %v", c.op, c.err)
		}
		if diff := cmp.Diff(row.body(t, c.op), jsonValue(t, c.body)); diff != "" {
			t.Errorf("%s: body (-want +got):\n%s", c.op, diff)
		}
		if err := conformance.CheckWire(&row.req, c.body, c.resp.Warnings); err != nil {
			t.Errorf("%s: %v", c.op, err)
		}
		warns := row.warns
		if row.whole && c.op == "stream" {
			warns = append([]string{"changed stream"}, warns...)
		}
		if diff := cmp.Diff(sorted(warns), sorted(short(c.resp.Warnings))); diff != "" {
			t.Errorf("%s: warnings (-want +got):\n%s\nin words: %v", c.op, diff, c.resp.Warnings)
		}
	}
}

func (row mapping) body(t *testing.T, op string) any {
	t.Helper()
	want, ok := jsonValue(t, []byte(row.want)).(object)
	if !ok {
		t.Fatalf("want is no JSON object: %s", row.want)
	}
	if want["messages"] == nil {
		want["messages"] = jsonValue(t, []byte(`[{"role":"user","content":[{"text":"Hi"}]}]`))
	}
	if g, ok := want["guardrailConfig"].(object); ok && op == "generate" {
		delete(g, "streamProcessingMode") // which Converse does not have
	}
	return want
}

func checkMappings(t *testing.T, rows []mapping) {
	t.Helper()
	names := make(map[string]bool)
	for _, row := range rows {
		if names[row.name] {
			t.Errorf("two rows are called %q", row.name)
		}
		names[row.name] = true
	}
	runMappings(t, rows)
}

// runMappings is checkMappings for rows whose names are made by a loop.
func runMappings(t *testing.T, rows []mapping) {
	t.Helper()
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) { row.check(t) })
	}
}

// An outcome is what became of one call.
type outcome struct {
	op   string
	body []byte // nil if nothing was sent
	resp *model.Response
	err  error
}

func (c outcome) checkFailure(t *testing.T, kind model.ErrorKind, field string) {
	t.Helper()
	if c.body != nil {
		t.Errorf("%s: this was sent: %s", c.op, c.body)
	}
	e, ok := errors.AsType[*model.Error](c.err)
	if !ok {
		t.Fatalf("%s: error = %v, want a *model.Error", c.op, c.err)
	}
	if e.Kind != kind || !strings.Contains(e.Message, field) || field == "" {
		t.Errorf("%s: error = %v, want kind %q and the field %s", c.op, e, kind, field)
	}
	if e.Provider != "bedrock" || e.Op != c.op || e.Model == "" || e.Status != 0 {
		t.Errorf("%s: the error is labelled %q, %q, %q, %d", c.op, e.Provider, e.Op, e.Model, e.Status)
	}
}

// callBoth sends a request in both ways to a service in memory that says "ok".
func callBoth(t testing.TB, modelID string, req *model.Request) (unary, streamed outcome) {
	t.Helper()
	unary, streamed = outcome{op: "generate"}, outcome{op: "stream"}
	m := newModel(t, modelID, roundTrip(func(r *http.Request) (*http.Response, error) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		if strings.HasSuffix(r.URL.Path, "/converse-stream") {
			streamed.body = body
			return answer(okStream, "application/vnd.amazon.eventstream"), nil
		}
		if unary.resp == nil && unary.err == nil {
			unary.body = body
		} else {
			streamed.body = body // by a call all the same
		}
		return answer([]byte(`{"output":{"message":{"role":"assistant","content":[{"text":"ok"}]}},"stopReason":"end_turn"}`), "application/json"), nil
	}), nil)
	unary.resp, unary.err = m.Generate(context.Background(), req)
	streamed.resp, streamed.err = m.Stream(context.Background(), req).Response()
	return unary, streamed
}

func answer(body []byte, contentType string) *http.Response {
	return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {contentType}},
		Body: io.NopCloser(strings.NewReader(string(body)))}
}

var okStream = frames(
	`messageStart {"role":"assistant"}`,
	`contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"ok"}}`,
	`contentBlockStop {"contentBlockIndex":0}`,
	`messageStop {"stopReason":"end_turn"}`,
	`metadata {"usage":{"inputTokens":1,"outputTokens":1,"totalTokens":2}}`,
)

// frames writes events, each its type, a space and its payload.
func frames(events ...string) []byte {
	var all []byte
	for _, ev := range events {
		name, payload, _ := strings.Cut(ev, " ")
		var err error
		if all, err = eventstream.AppendEvent(all, name, []byte(payload)); err != nil {
			panic(err)
		}
	}
	return all
}

// short writes warnings without their reasons.
func short(warnings []model.Warning) []string {
	var all []string
	for _, w := range warnings {
		all = append(all, string(w.Action)+" "+w.Field)
	}
	return all
}

func sorted(all []string) []string {
	c := append([]string{}, all...)
	for i := range c {
		for j := i; j > 0 && c[j] < c[j-1]; j-- {
			c[j], c[j-1] = c[j-1], c[j]
		}
	}
	return c
}

// user, assistant and system return messages of parts, ask one of a request
// that asks them.
func user(parts ...model.Part) model.Message      { return model.UserParts(parts...) }
func assistant(parts ...model.Part) model.Message { return model.AssistantParts(parts...) }
func system(parts ...model.Part) model.Message    { return model.SystemParts(parts...) }

func talk(messages ...model.Message) model.Request { return model.Request{Messages: messages} }

// with returns a request after some changes.
func with(req model.Request, change func(*model.Request)) model.Request {
	change(&req)
	return req
}

// extra returns a request for hi with settings of Bedrock's.
func extra(x bedrock.ProviderOptions) model.Request {
	return model.Request{ProviderOptions: []model.ProviderOptions{&x}}
}

// weather is a tool, and weatherJSON its form on the wire.
var weather = []model.Tool{{Name: "weather", Description: "Tells the weather",
	InputSchema: json.RawMessage(`{"type":"object","properties":{"city":{"type":"string"}}}`)}}

const (
	weatherJSON = `{"toolSpec":{"name":"weather","description":"Tells the weather","inputSchema":{"json":{"type":"object","properties":{"city":{"type":"string"}}}}}}`
	weatherOnly = `"toolConfig":{"tools":[` + weatherJSON + `]}`
)

// call and result are a call of that tool and its answer.
func call(id string) model.ToolCall {
	return model.ToolCall{ID: id, Name: "weather", Input: json.RawMessage(`{"city":"Paris"}`)}
}

func result(id string, parts ...model.Part) model.ToolResult {
	return model.ToolResult{CallID: id, Parts: parts}
}

func withWeather(messages ...model.Message) model.Request {
	return model.Request{Messages: messages, Tools: weather}
}
