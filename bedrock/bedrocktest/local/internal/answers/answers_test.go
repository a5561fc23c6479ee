package answers_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/local/internal/answers"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/recordings"
)

// aRecording is the name of a cassette of package recordings.
func aRecording(t testing.TB) string {
	t.Helper()
	names, err := fs.Glob(recordings.Cassettes(), "seed/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatalf("cassettes: %v, %v", names, err)
	}
	return names[0]
}

// documents are books, and why they are none. Bad ones say where.
var documents = []struct{ name, text, want string }{
	{"empty", `{}`, ""},
	{"script alone", `["a",{"text":"b"},{"error":{"code":"ThrottlingException","status":429,"message":"m","retry_after":"2s"}}]`, ""},
	{"all there is", `{"$schema":"x","otherwise":"tools","script":["a"],"answers":[{"name":"n","times":2,
	  "when":{"operation":"Converse","model":"us.*","text":{"pattern":"^a+$"},"tools":["f"],"turn":1,"schema":"*"},
	  "answer":{"message":{"role":"assistant","parts":[{"type":"tool_call","id":"t1","name":"f","input":{}}]},"stop_reason":"tool_use",
	  "usage":{"input_tokens":1,"output_tokens":2,"cache_read_tokens":1},"latency_ms":5,"after":"1s","every":"1.5ms","pieces":3}}]}`, ""},
	{"text", `{"answers":[{"when":{"text":"hi"},"answer":"ho"},{"when":{"text":{"contains":"x"}},"answer":"y"},{"when":{"text":{"is":""}},"answer":"z"}]}`, ""},
	{"no JSON", "{\n\"script\": [\n\"a\" \"b\"]}", "line 3, column 5: it is not JSON"},
	{"neither", `5`, "line 1, column 1: it should be an object"},
	{"member", "{\n  \"awnsers\": []}", "line 2, column 3: awnsers: there is no such member; the members are $schema, answers, otherwise, script"},
	{"otherwise", `{"otherwise":"sing"}`, "otherwise: it should be one of echo, tools, refuse"},
	{"no answer", `{"answers":[{"when":{}}]}`, "answers[0]: it has no answer"},
	{"two answers", `[{"text":"a","error":{"code":"x"}}]`, "[0]: an answer should have one of text, message, error and recording"},
	{"no kind of answer", `[{"stop_reason":"end_turn"}]`, "[0]: an answer should have one of"},
	{"usage of an error", `[{"error":{"code":"x"},"usage":{}}]`, "[0]: stop_reason, usage and latency_ms need a text or a message"},
	{"no code", `[{"error":{"message":"x"}}]`, "[0].error: it has no code, such as ThrottlingException"},
	{"status", `[{"error":{"code":"x","status":200}}]`, "[0].error.status: it should be a whole number, 400 or more"},
	{"high status", `[{"error":{"code":"x","status":600}}]`, "[0].error.status: it should be an HTTP status from 400 to 599"},
	{"times", `{"answers":[{"times":0,"answer":"x"}]}`, "answers[0].times: it should be a whole number, 1 or more"},
	{"role", `[{"message":{"role":"user","parts":[]}}]`, "[0].message: the role should be assistant"},
	{"parts", `[{"message":{"role":"assistant","parts":[{"type":"text","text":5}]}}]`, "[0].message: parts[0]"},
	{"part of nobody", `[{"message":{"role":"assistant","parts":[{"type":"song","text":"la"}]}}]`, "[0].message: parts[0] cannot be sent"},
	{"usage", `[{"text":"x","usage":{"tokens":5}}]`, "[0].usage.tokens: there is no such member"},
	{"cache writes", `[{"text":"x","usage":{"cache_writes":[{"ttl":"5m","tokens":5},{"ttl":"1d"}]}}]`, "[0].usage.cache_writes[1].ttl: it should be one of 5m, 1h"},
	{"two conditions", `{"answers":[{"when":{"text":{"is":"a","contains":"b"}},"answer":"x"}]}`, "answers[0].when.text: it should have one of is, contains and pattern"},
	{"pattern", "{\"answers\":[\n{\"when\":{\"text\":{\"pattern\":\"(\"}},\"answer\":\"x\"}]}", "line 2, column 28: answers[0].when.text.pattern: it is not a regular expression"},
	{"time", `[{"text":"x","after":"soon"}]`, `[0].after: it should be a duration such as "250ms"`},
	{"operation", `{"answers":[{"when":{"operation":"Reverse"},"answer":"x"}]}`, "answers[0].when.operation: it should be one of Converse,"},
}

// TestParse reads good books, and checks that bad ones are refused with the
// right place. The schema must agree, as far as a schema can express the rules.
func TestParse(t *testing.T) {
	var s jsonschema.Schema
	if err := json.Unmarshal(answers.Schema(), &s); err != nil {
		t.Fatal(err)
	}
	schema, err := s.Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	beyond := map[string]bool{"pattern": true, "part of nobody": true, "parts": true} // of a schema
	for _, row := range documents {
		t.Run(row.name, func(t *testing.T) {
			_, err := answers.Parse("", []byte(row.text), nil)
			switch {
			case row.want == "" && err != nil:
				t.Fatal(err)
			case row.want != "" && (err == nil || !strings.Contains(err.Error(), row.want)):
				t.Fatalf("%v, want %s", err, row.want)
			}
			var v any
			if json.Unmarshal([]byte(row.text), &v) != nil || beyond[row.name] {
				return
			}
			if byBook, bySchema := err == nil, schema.Validate(v) == nil; byBook != bySchema {
				t.Errorf("the book takes it: %v, the schema takes it: %v (%v)", byBook, bySchema, schema.Validate(v))
			}
		})
	}
}

// ask returns what a player says to a text of the user.
func ask(t *testing.T, p *answers.Player, text string) string {
	t.Helper()
	return answer(t, p, &model.Request{Messages: []model.Message{model.User(text)}})
}

func answer(t *testing.T, p *answers.Player, req *model.Request) string {
	t.Helper()
	ctx := answers.WithAsked(t.Context(), "Converse", "us.anthropic.claude-opus-5")
	resp, err := p.Generate(ctx, req)
	if err != nil {
		if e, ok := errors.AsType[*bedrocktest.Exception](err); ok {
			return e.Code + ": " + e.Message
		}
		t.Fatal(err)
	}
	if calls := resp.ToolCalls(); len(calls) > 0 {
		return calls[0].Name + string(calls[0].Input)
	}
	return resp.Text()
}

func player(t *testing.T, text string) *answers.Player {
	t.Helper()
	b, err := answers.Parse("", []byte(text), recordings.Cassettes())
	if err != nil {
		t.Fatal(err)
	}
	return answers.NewPlayer(b)
}
