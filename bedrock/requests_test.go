package bedrock_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/model"
)

// sent returns the body that a call sends. The call itself fails.
func sent(t *testing.T, modelID string, req *model.Request, stream bool) []byte {
	t.Helper()
	var body []byte
	m := newModel(t, modelID, roundTrip(func(r *http.Request) (*http.Response, error) {
		body, _ = io.ReadAll(r.Body)
		return &http.Response{StatusCode: 418, Body: http.NoBody}, nil
	}), nil)
	var err error
	if stream {
		_, err = m.Stream(context.Background(), req).Response()
	} else {
		_, err = m.Generate(context.Background(), req)
	}
	if body == nil {
		t.Fatalf("nothing was sent: %v", err)
	}
	return body
}

// rule is a documented rule of ours that makes a request differ from how
// another client wrote it. It changes the recorded body as we would.
type rule struct {
	why   string
	apply func(body map[string]any)
}

type object = map[string]any

// generalRules hold for every request.
var generalRules = []rule{
	{"an empty list of system blocks says nothing and is not sent", func(body object) {
		if s, ok := body["system"].([]any); ok && len(s) == 0 {
			delete(body, "system")
		}
	}},
	{"an empty inference configuration says nothing and is not sent", func(body object) {
		if c, ok := body["inferenceConfig"].(object); ok && len(c) == 0 {
			delete(body, "inferenceConfig")
		}
	}},
	{"tool results say success, where others may leave it out", func(body object) {
		eachBlock(body, func(block object) {
			if r, ok := block["toolResult"].(object); ok && r["status"] == nil {
				r["status"] = "success"
			}
		})
	}},
	{"blank text is never sent, but between a document and a cache point", func(body object) {
		messages, _ := body["messages"].([]any)
		for _, m := range messages {
			m := m.(object)
			var kept []any
			content := m["content"].([]any)
			for i, b := range content {
				if text, ok := b.(object)["text"].(string); ok && strings.TrimSpace(text) == "" && !parts(content, i) {
					continue
				}
				kept = append(kept, b)
			}
			m["content"] = kept
		}
	}},
	{"a cache point straight after a document goes before it, or goes, for Claude", func(body object) {
		messages, _ := body["messages"].([]any)
		for _, m := range messages {
			m := m.(object)
			m["content"] = pointsBeforeFiles(m["content"].([]any))
		}
	}},
	{"a schema for structured output is closed, and what AWS's page says is refused moves into its description, though the service let a minLength pass here", func(body object) {
		o, _ := body["outputConfig"].(object)
		f, _ := o["textFormat"].(object)
		s, _ := f["structure"].(object)
		j, _ := s["jsonSchema"].(object)
		text, ok := j["schema"].(string)
		if !ok {
			return
		}
		var schema any
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		if err := d.Decode(&schema); err != nil {
			panic(err)
		}
		closeObjects(schema)
		describeLengths(schema)
		j["schema"] = exactNumbers(schema) // compared as a value
	}},
}

// historyRules hold for a history with our own answer in it, where the
// recording client kept something else of the answer than we do.
var historyRules = map[string][]rule{
	"model-iter-stream":            {novaTags},
	"model-retry":                  {novaTags},
	"model-structured-output":      {novaTags},
	"model-thinking-part-deepseek": {thinkTags},
	"moonshotai-tool-call":         {thinkTags},
	"thinking-high-qwen-variant":   {thinkTags, silentTurns},
	"agent-loop-streaming-v0": {{"the client left out what the model said before it called the tool", func(body object) {
		m := body["messages"].([]any)[1].(object)
		said := object{"text": "I'll check the current weather in San Francisco, CA for you."}
		m["content"] = append([]any{said}, m["content"].([]any)...)
	}}},
}

var thinkTags = rule{"the client sent thinking back as text in tags; these families do not take thinking back, and it is no text", func(body object) {
	for _, m := range body["messages"].([]any) {
		m := m.(object)
		var kept []any
		for _, b := range m["content"].([]any) {
			if text, ok := b.(object)["text"].(string); ok && strings.HasPrefix(text, "<think>") {
				continue
			}
			kept = append(kept, b)
		}
		m["content"] = kept
	}
}}

var novaTags = rule{"thinking that stood in tags in an answer is thinking, which Nova does not take back", func(body object) {
	for _, m := range body["messages"].([]any) {
		m := m.(object)
		var kept []any
		for _, b := range m["content"].([]any) {
			if text, ok := b.(object)["text"].(string); ok && m["role"] == "assistant" {
				if said := inTags.FindStringSubmatch(text); said != nil {
					if said[2] == "" {
						continue
					}
					b = object{"text": said[2]}
				}
			}
			kept = append(kept, b)
		}
		m["content"] = kept
	}
}}

var silentTurns = rule{"a turn that says nothing is not sent, and its neighbours become one turn", func(body object) {
	var turns []any
	for _, m := range body["messages"].([]any) {
		m := m.(object)
		content, _ := m["content"].([]any)
		switch n := len(turns); {
		case len(content) == 0:
		case n > 0 && turns[n-1].(object)["role"] == m["role"]:
			last := turns[n-1].(object)
			last["content"] = append(last["content"].([]any), content...)
		default:
			turns = append(turns, m)
		}
	}
	body["messages"] = turns
}}

func eachBlock(body object, visit func(object)) {
	messages, _ := body["messages"].([]any)
	for _, m := range messages {
		for _, b := range m.(object)["content"].([]any) {
			visit(b.(object))
		}
	}
}

// parts reports whether a block stands between a document and a cache point.
func parts(content []any, i int) bool {
	return i > 0 && i+1 < len(content) && content[i-1].(object)["document"] != nil && content[i+1].(object)["cachePoint"] != nil
}

func pointsBeforeFiles(content []any) []any {
	var out []any
	for _, b := range content {
		i := len(out)
		if b.(object)["cachePoint"] != nil {
			for i > 0 && (out[i-1].(object)["document"] != nil || out[i-1].(object)["video"] != nil) {
				i--
			}
			if i == 0 {
				continue
			}
		}
		out = append(out[:i], append([]any{b}, out[i:]...)...)
	}
	return out
}

// describeLengths puts the one keyword of the recordings that is not sent into
// words.
func describeLengths(schema any) {
	properties, _ := schema.(object)["properties"].(object)
	for _, p := range properties {
		if p := p.(object); p["minLength"] == json.Number("1") {
			delete(p, "minLength")
			p["description"] = "At least 1 character."
		}
	}
}

func closeObjects(v any) {
	switch v := v.(type) {
	case object:
		_, hasProperties := v["properties"]
		if _, ok := v["additionalProperties"]; !ok && (v["type"] == "object" || hasProperties) {
			v["additionalProperties"] = false
		}
		for _, name := range []string{"properties", "$defs", "definitions"} {
			members, _ := v[name].(object)
			for _, m := range members {
				closeObjects(m)
			}
		}
		for _, name := range []string{"items", "allOf", "anyOf", "oneOf", "prefixItems"} {
			closeObjects(v[name])
		}
	case []any:
		for _, e := range v {
			closeObjects(e)
		}
	}
}

// TestRecordedRequests decodes every recorded request to its neutral form and
// sends that again. The body must be the recorded one, as JSON values, except
// for the rules above.
func TestRecordedRequests(t *testing.T) {
	for _, r := range recordedConversations(t) {
		for _, x := range r.cassette.Exchanges {
			id, op := operation(t, x.URL)
			if op != "converse" && op != "converse-stream" {
				continue // CountTokens has a test of its own, InvokeModel another codec
			}
			t.Run(r.name, func(t *testing.T) {
				recorded := repaired(r.name, x.RequestBody)
				req, err := bedrocktest.DecodeRequest(id, recorded)
				if err != nil {
					t.Fatal(err)
				}
				want := wanted(t, recorded)
				got := jsonValue(t, sent(t, id, req, op == "converse-stream")).(object)
				openSchema(t, got)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("request (-recorded +sent):\n%s", diff)
				}
			})
		}
	}
}

// repaired closes the one recorded body whose recorder lost its last brace.
func repaired(name string, body []byte) []byte {
	if name == "model-other-parameters" && !json.Valid(body) {
		return append(append([]byte(nil), body...), '}')
	}
	return body
}

// openSchema decodes the schema in an output configuration, which the wire
// has as a string.
func openSchema(t *testing.T, body object) {
	t.Helper()
	o, _ := body["outputConfig"].(object)
	f, _ := o["textFormat"].(object)
	s, _ := f["structure"].(object)
	j, _ := s["jsonSchema"].(object)
	if text, ok := j["schema"].(string); ok {
		j["schema"] = jsonValue(t, []byte(text))
	}
}

// jsonValue decodes JSON. Numbers become exact fractions: 2.50 is 2.5, and
// 2^53+1 is not 2^53.
func jsonValue(t *testing.T, data []byte) any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%q is not JSON: %v", data, err)
	}
	return exactNumbers(v)
}

func exactNumbers(v any) any {
	switch v := v.(type) {
	case json.Number:
		if r, ok := new(big.Rat).SetString(string(v)); ok {
			return "number " + r.RatString()
		}
	case object:
		for k, e := range v {
			v[k] = exactNumbers(e)
		}
	case []any:
		for i, e := range v {
			v[i] = exactNumbers(e)
		}
	}
	return v
}

// wanted returns a recorded request with our rules applied to it.
func wanted(t *testing.T, recorded []byte, rules ...rule) object {
	t.Helper()
	want := jsonValue(t, recorded).(object)
	for _, rule := range append(rules, generalRules...) {
		rule.apply(want)
	}
	return want
}

// TestRecordedConversations runs every conversation of several turns from end
// to end. The recorded first request is answered as recorded, and our answer is
// appended to the history. The next request must be the recorded one wherever
// that continues from the first.
func TestRecordedConversations(t *testing.T) {
	continued := 0
	for _, r := range recordedConversations(t) {
		for i := 1; i < len(r.cassette.Exchanges); i++ {
			before, after := r.cassette.Exchanges[i-1], r.cassette.Exchanges[i]
			id, op := operation(t, before.URL)
			id2, op2 := operation(t, after.URL)
			if !strings.HasPrefix(op, "converse") || id != id2 {
				continue
			}
			first, err := bedrocktest.DecodeRequest(id, before.RequestBody)
			if err != nil {
				t.Fatalf("%s: %v", r.name, err)
			}
			second, err := bedrocktest.DecodeRequest(id, after.RequestBody)
			if err != nil {
				t.Fatalf("%s: %v", r.name, err)
			}
			rest, ok := continues(first.Messages, second.Messages)
			if !ok {
				continue // a conversation of its own, such as the same request again
			}
			continued++
			t.Run(fmt.Sprintf("%s/%d", r.name, i), func(t *testing.T) {
				m := newModel(t, id, play(before), nil)
				var resp *model.Response
				if op == "converse" {
					resp, err = m.Generate(context.Background(), first)
				} else {
					resp, err = m.Stream(context.Background(), first).Response()
				}
				if err != nil {
					t.Fatal(err)
				}
				second.Messages = append(append(first.Messages, resp.Message), rest...)
				got := jsonValue(t, sent(t, id, second, op2 == "converse-stream")).(object)
				openSchema(t, got)
				if diff := cmp.Diff(wanted(t, after.RequestBody, historyRules[r.name]...), got); diff != "" {
					t.Errorf("second request (-recorded +sent):\n%s", diff)
				}
			})
		}
	}
	if continued == 0 {
		t.Error("no recorded conversation goes on after its first turn")
	}
}

// continues reports whether the second history is the first, an answer and
// more; it returns what follows the answer.
func continues(first, second []model.Message) (rest []model.Message, ok bool) {
	n := len(first)
	if len(second) <= n || second[n].Role != model.RoleAssistant || !cmp.Equal(first, second[:n]) {
		return nil, false
	}
	return second[n+1:], true
}
