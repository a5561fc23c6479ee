package bedrock_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/modelid"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/internal/golden"
	"github.com/chatmodel-go/chatmodel/model"
)

// TestTomorrow checks that a model which this version does not know can be used
// all the same. For each model of the golden list the facts are as if the table
// had neither the model nor another of its version. The test server plays the
// model by a table of its own, and words its refusals in varying ways. Each
// kind of request must be answered, if need be after a few more exchanges. The
// only exceptions are requests that the server's table refuses in every form.
// The rules must refuse these with a typed error that names the field; they are
// listed in testdata.
func TestTomorrow(t *testing.T) {
	requests := tomorrowRequests()
	if len(requests) < 35 {
		t.Fatalf("%d kinds of request, want 35 or more", len(requests))
	}
	ids := golden.Models()
	if len(ids) < 70 {
		t.Fatalf("%d models, want 70 or more", len(ids))
	}
	var calls, answered, refused, further int
	list := readRefused(t)
	const oneIn = 48
	for _, id := range ids {
		known := unknownToday(id)
		for _, door := range doorsOf(id) {
			for n, r := range requests {
				if !full() && sum(id, string(door), r.name)%oneIn != 0 {
					continue
				}
				calls++
				x := &tomorrowCall{t: t, id: id, door: door, name: r.name, facts: known, wording: uint64(sum(id, r.name))%7 + uint64(n)}
				extra, err := x.ask(r.req.Clone(), r.stream)
				further += extra
				switch {
				case err == nil:
					answered++
					if again, err := x.again(r.req.Clone(), r.stream); err != nil || again != 0 {
						t.Errorf("%s: the second call took %d further exchanges: %v", x, again, err)
					}
				case x.served(r.req, r.stream):
					t.Errorf("%s: the server takes it, but: %v", x, err)
				case x.refusedRightly(err, r.fields) && list.has(x.String()):
					refused++
				default:
					t.Errorf("%s: %v", x, err)
				}
			}
		}
	}
	list.write(t)
	fmt.Printf("tomorrow: %d of %d answered, %d refused, %d extra exchanges\n", answered, calls, refused, further)
	if answered+refused != calls {
		t.Errorf("%d calls were neither answered nor refused by a rule", calls-answered-refused)
	}
}

func sum(words ...string) uint32 {
	h := fnv.New32a()
	for _, w := range words {
		h.Write([]byte(w + "\x00"))
	}
	return h.Sum32()
}

// doorsOf lists the doors that a model is asked over: Converse, and the format
// of its bodies where that is certain.
func doorsOf(id string) []bedrock.Format {
	doors := []bedrock.Format{""}
	for _, prefix := range []string{"anthropic.", "openai.gpt-oss", "qwen."} {
		if strings.HasPrefix(modelid.Parse(id).Base, prefix) {
			doors = append(doors, bedrock.FormatAuto)
		}
	}
	return doors
}

// unknownToday returns the facts of a model as if the table had no row for it or
// for another model of its version.
func unknownToday(id string) facts.Facts {
	asked := modelid.Parse(id)
	var out []string
	for _, other := range facts.Models() {
		m := modelid.Parse(other)
		if m.Maker == asked.Maker && m.Line == asked.Line && m.SameVersion(asked) {
			out = append(out, other)
		}
	}
	return facts.Without(out...).Lookup(id)
}

// A tomorrowCall is a request to a model that is not known.
type tomorrowCall struct {
	t       *testing.T
	id      string
	door    bedrock.Format
	name    string
	wording uint64
	facts   facts.Facts

	server *bedrocktest.Server
	m      *bedrock.Model
}

func (x *tomorrowCall) String() string {
	door := string(x.door)
	if door == "" {
		door = "converse"
	}
	return fmt.Sprintf("%s/%s/%s", x.id, door, x.name)
}

// ask makes the first call and counts the exchanges beyond the first.
func (x *tomorrowCall) ask(req *model.Request, stream bool) (further int, err error) {
	x.server = bedrocktest.InMemory(fake.New(fake.Auto(1).Always()), &bedrocktest.Options{Wording: x.wording})
	client := x.server.Client(func(o *bedrockruntime.Options) { o.Retryer = aws.NopRetryer{} })
	x.m, err = bedrock.New(client, x.id, &bedrock.Options{Format: x.door})
	if err != nil {
		x.t.Fatal(err)
	}
	x.m.Believe(x.facts)
	return x.again(req, stream)
}

func (x *tomorrowCall) again(req *model.Request, stream bool) (further int, err error) {
	before := len(x.server.Calls())
	_, err = askEither(x.t, x.m, req, stream)
	return max(len(x.server.Calls())-before-1, 0), err
}

// refusedRightly reports whether a request was refused by the rules, for a field
// that the server's table refuses in every form.
func (x *tomorrowCall) refusedRightly(err error, fields []string) bool {
	e, ok := errors.AsType[*model.Error](err)
	if !ok || !errors.Is(err, model.ErrUnsupported) && !errors.Is(err, model.ErrInvalidRequest) {
		return false
	}
	return slices.ContainsFunc(fields, func(field string) bool { return strings.HasPrefix(e.Message, field) })
}

// served reports whether the server takes a request in any form: asked for as if
// the model had what the rules miss.
func (x *tomorrowCall) served(req *model.Request, stream bool) bool {
	if req.Thinking != nil {
		return false // there are many ways to ask; the list says which models have none
	}
	grants := func(f *facts.Facts) {
		*f = x.facts
		const yes = facts.SupportYes
		f.Doors.Converse, f.Doors.Invoke = yes, yes
		f.Output.Native, f.Turns.Prefill, f.Tools.Use, f.Input.Image, f.Sampling.StopSequences = yes, yes, yes, yes, yes
	}
	server := bedrocktest.InMemory(fake.New(fake.Auto(1).Always()), nil)
	m, err := bedrock.New(server.Client(), x.id, &bedrock.Options{Format: x.door, Facts: grants})
	if err != nil {
		x.t.Fatal(err)
	}
	_, err = askEither(x.t, m, req.Clone(), stream)
	return err == nil
}

// A tomorrowRequest is one kind of request. Fields are those for which a model
// may refuse it in every form, as the server's table has it.
type tomorrowRequest struct {
	name   string
	req    *model.Request
	stream bool
	fields []string
}

func tomorrowRequests() []tomorrowRequest {
	object := json.RawMessage(`{"type":"object","properties":{"q":{"type":"string"}},"required":["q"],"additionalProperties":false}`)
	tool := model.Tool{Name: "f", Description: "finds", InputSchema: object}
	strict := tool
	strict.Strict = new(true)
	second := model.Tool{Name: "g", Description: "gives", InputSchema: object}
	png := unBase64("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
	long := model.Text(strings.Repeat("word ", 5000))
	call := model.ToolCall{ID: "c1", Name: "f", Input: json.RawMessage(`{"q":"x"}`)}
	called := func(parts ...model.Part) []model.Message {
		return []model.Message{model.User("hi"), model.AssistantParts(call), model.UserParts(parts...)}
	}
	result := func(parts ...model.Part) model.ToolResult { return model.ToolResult{CallID: "c1", Parts: parts} }
	failed := result(model.Text("no"))
	failed.IsError = true
	think := func(c model.ThinkingConfig) *model.Request { return &model.Request{MaxTokens: 4000, Thinking: &c} }
	with := func(req *model.Request, messages ...model.Message) *model.Request {
		req.Messages = messages
		return req
	}
	tools := func(req model.Request) *model.Request {
		if req.Tools == nil {
			req.Tools = []model.Tool{tool}
		}
		return &req
	}
	const noTools, noThinking, noImage = "tools: ", "thinking: ", "messages["
	both := []tomorrowRequest{
		{name: "plain", req: &model.Request{}},
		{name: "system", req: with(&model.Request{}, model.System("be brief"), model.User("hi"))},
		{name: "late system", req: with(&model.Request{}, model.User("hi"), model.Assistant("yes"), model.System("be brief"), model.User("go on"))},
		{name: "limit", req: &model.Request{MaxTokens: 300}},
		{name: "least limit", req: &model.Request{MaxTokens: 1}},
		{name: "temperature", req: &model.Request{Temperature: new(0.5)}},
		{name: "top_p", req: &model.Request{TopP: new(0.5)}},
		{name: "top_k", req: &model.Request{TopK: 10}},
		{name: "all sampling", req: &model.Request{Temperature: new(0.5), TopP: new(0.5), TopK: 10}},
		{name: "stop sequence", req: &model.Request{StopSequences: []string{"END"}}, fields: []string{"stop_sequences: "}},
		{name: "tools", req: tools(model.Request{}), fields: []string{noTools}},
		{name: "two tools", req: tools(model.Request{Tools: []model.Tool{tool, second}}), fields: []string{noTools}},
		{name: "auto", req: tools(model.Request{ToolChoice: model.ToolChoice{Mode: model.ToolsAuto}}), fields: []string{noTools}},
		{name: "any", req: tools(model.Request{ToolChoice: model.ToolChoice{Mode: model.ToolsAny}}), fields: []string{noTools}},
		{name: "named", req: tools(model.Request{ToolChoice: model.UseTool("f")}), fields: []string{noTools}},
		{name: "named of two", req: tools(model.Request{Tools: []model.Tool{tool, second}, ToolChoice: model.UseTool("g")}), fields: []string{noTools}},
		{name: "none", req: tools(model.Request{ToolChoice: model.ToolChoice{Mode: model.ToolsNone}}), fields: []string{noTools}},
		{name: "strict", req: tools(model.Request{Tools: []model.Tool{strict}}), fields: []string{noTools}},
		{name: "result", req: tools(*with(&model.Request{}, called(result(model.Text("yes")))...)), fields: []string{noTools}},
		{name: "result beside text", req: tools(*with(&model.Request{}, called(result(model.Text("yes")), model.Text("and?"))...)), fields: []string{noTools}},
		{name: "failed result", req: tools(*with(&model.Request{}, called(failed)...)), fields: []string{noTools}},
		{name: "image in a result", req: tools(*with(&model.Request{}, called(result(model.Text("see"), model.Image{MediaType: "image/png", Data: png}))...)), fields: []string{noTools, noImage}},
		{name: "history of tools alone", req: with(&model.Request{}, called(result(model.Text("yes")))...)},
		{name: "low effort", req: think(model.ThinkingConfig{Effort: "low"}), fields: []string{noThinking}},
		{name: "medium effort", req: think(model.ThinkingConfig{Effort: "medium"}), fields: []string{noThinking}},
		{name: "high effort", req: think(model.ThinkingConfig{Effort: "high"}), fields: []string{noThinking}},
		{name: "highest effort", req: think(model.ThinkingConfig{Effort: "max"}), fields: []string{noThinking}},
		{name: "budget", req: think(model.ThinkingConfig{Mode: model.ThinkingEnabled, Budget: 2048}), fields: []string{noThinking}},
		{name: "adaptive", req: think(model.ThinkingConfig{Mode: model.ThinkingAdaptive}), fields: []string{noThinking}},
		{name: "no thinking", req: think(model.ThinkingConfig{Mode: model.ThinkingDisabled})},
		{name: "thinking and sampling", req: &model.Request{MaxTokens: 4000, Temperature: new(0.5), TopP: new(0.5), Thinking: &model.ThinkingConfig{Effort: "high"}}, fields: []string{noThinking}},
		{name: "thinking and any", req: tools(model.Request{MaxTokens: 4000, ToolChoice: model.ToolChoice{Mode: model.ToolsAny}, Thinking: &model.ThinkingConfig{Effort: "high"}}), fields: []string{noTools, noThinking}},
		{name: "cache", req: with(&model.Request{Cache: &model.CacheConfig{}}, model.SystemParts(long), model.UserParts(long))},
		{name: "cache beside tools", req: tools(*with(&model.Request{Cache: &model.CacheConfig{}}, model.SystemParts(long), model.UserParts(long))), fields: []string{noTools}},
		{name: "cache in a tool history", req: tools(*with(&model.Request{Cache: &model.CacheConfig{}}, called(result(long))...)), fields: []string{noTools}},
		{name: "cache after thinking", req: with(&model.Request{Cache: &model.CacheConfig{}}, model.UserParts(long), model.AssistantParts(model.Text("a")), model.User("b"))},
		{name: "output", req: &model.Request{Output: &model.OutputFormat{Name: "o", Schema: object}}, fields: []string{"output: "}},
		{name: "prefill", req: with(&model.Request{}, model.User("hi"), model.Assistant("It is")), fields: []string{"messages["}},
		{name: "image", req: with(&model.Request{}, model.UserParts(model.Text("see"), model.Image{MediaType: "image/png", Data: png})), fields: []string{noImage}},
	}
	var all []tomorrowRequest
	for _, r := range both {
		if r.req.Messages == nil {
			r.req.Messages = []model.Message{model.User("hi")}
		}
		all = append(all, r)
		r.name, r.stream = r.name+", streamed", true
		all = append(all, r)
	}
	return all
}

func unBase64(s string) []byte {
	data, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return data
}

// refusedList names the calls that the server's table refuses in every form.
type refusedList map[string]bool

const refusedFile = "testdata/tomorrow-refused.txt"

func readRefused(t *testing.T) refusedList {
	t.Helper()
	list := refusedList{}
	if *update {
		return list
	}
	data, err := os.ReadFile(refusedFile)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		list[strings.TrimSpace(line)] = true
	}
	return list
}

// has reports whether a call is on the list. When the list is written anew, it
// is put there.
func (l refusedList) has(call string) bool {
	if *update {
		l[call] = true
	}
	return l[call]
}

func (l refusedList) write(t *testing.T) {
	t.Helper()
	if !*update {
		return
	}
	text := strings.Join(slices.Sorted(maps.Keys(l)), "\n") + "\n"
	if err := os.WriteFile(refusedFile, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}
