package bedrock_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// The cache of a provider is looked up by the bytes of a prompt's beginning.
// So nothing of what was sent once may be sent otherwise when the conversation
// has grown: no document of another name, no block in another place, no number
// spelled anew.
//
// What a "prefix" is, precisely. The prompt of a body is three pieces of its
// bytes, in the order in which the service reads them: the tools, the system
// prompt, and the messages. Turn n's prompt is a prefix of turn n+1's if tools
// and system prompt are the same bytes in both, and the bytes of the list of
// messages of turn n, without the bracket that closes it, are those with which
// the list of turn n+1 begins. In the formats that are a prompt of text it is the
// text that begins with the text of the turn before. DeepSeek's text ends in the
// tag that opens the model's thinking; it belongs to the answer, which the next
// turn has without its thinking, and does not count.
//
// Points that Request.Cache sets move along with the conversation, which is
// their purpose. They stand for no content, so they are taken out on both
// sides first: blocks {"cachePoint":…} at Converse, members "cache_control" in
// Anthropic's format. Points of the caller's own are not taken out.

// promptBytes is the prompt of a body.
type promptBytes struct{ tools, system, messages []byte }

// promptIn finds the prompt in a body, by the names that each format has for it.
func promptIn(t *testing.T, d door, body []byte) promptBytes {
	t.Helper()
	var v struct {
		System     json.RawMessage
		Messages   json.RawMessage
		Tools      json.RawMessage
		ToolConfig struct{ Tools json.RawMessage }
		Prompt     *string
		InputText  *string
	}
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	switch {
	case v.Prompt != nil:
		return promptBytes{messages: []byte(strings.TrimSuffix(*v.Prompt, "<think>\n"))}
	case v.InputText != nil:
		return promptBytes{messages: []byte(*v.InputText)}
	}
	p := promptBytes{tools: v.Tools, system: v.System, messages: bytes.TrimSuffix(v.Messages, []byte("]"))}
	if d.format == "" {
		p.tools = v.ToolConfig.Tools
	}
	if len(p.messages) == 0 {
		t.Fatalf("no messages in %s", body)
	}
	return p
}

var movingPoints = regexp.MustCompile(`,?\{"cachePoint":\{[^}]*\}\}|,"cache_control":\{[^}]*\}`)

func (p promptBytes) withoutPoints() promptBytes {
	cut := func(b []byte) []byte { return movingPoints.ReplaceAll(b, nil) }
	return promptBytes{cut(p.tools), cut(p.system), cut(p.messages)}
}

// broken says where a prompt does not begin with the one before, nothing if it
// does.
func (p promptBytes) broken(next promptBytes) string {
	switch {
	case !bytes.Equal(p.tools, next.tools):
		return fmt.Sprintf("the tools were\n%s\nand are\n%s", p.tools, next.tools)
	case !bytes.Equal(p.system, next.system):
		return fmt.Sprintf("the system prompt was\n%s\nand is\n%s", p.system, next.system)
	case len(next.messages) <= len(p.messages):
		return fmt.Sprintf("%d bytes of messages follow %d", len(next.messages), len(p.messages))
	case !bytes.HasPrefix(next.messages, p.messages):
		n := 0
		for n < len(p.messages) && p.messages[n] == next.messages[n] {
			n++
		}
		from := max(0, n-40)
		return fmt.Sprintf("at byte %d the messages were\n…%s\nand are\n…%s", n, p.messages[from:min(len(p.messages), n+60)], next.messages[from:min(len(next.messages), n+60)])
	}
	return ""
}

// A growing conversation is what a user and a model say by turns. Its prompts
// are those before each answer.
type growing struct {
	name     string
	tools    []model.Tool
	thinking *model.ThinkingConfig
	points   bool // it has points of its own
	messages []model.Message
}

// prompts returns the conversation as it was sent before each of its answers.
func (g growing) prompts() (all []model.Request) {
	for i, m := range g.messages {
		if m.Role == model.RoleUser {
			all = append(all, model.Request{Messages: slices.Clone(g.messages[:i+1]), Tools: g.tools, Thinking: g.thinking, MaxTokens: 8000})
		}
	}
	return all
}

func growingText() growing {
	return growing{name: "text", messages: []model.Message{
		model.System("You are terse."), model.User("a  b"), model.Assistant("Yes."), model.User("Why?\n"), model.Assistant("Because \"…\" <so>. "),
		user(model.Text("And"), model.Text("then?")), model.Assistant("日本"), model.User("?")}}
}

func growingTools() growing {
	return growing{name: "tools", tools: []model.Tool{weather[0], {Name: "clock"}}, messages: []model.Message{
		model.System("s"), model.User("Weather?"), assistant(model.Text("I look."), call("c1"), call("c2")),
		user(result("c1", model.Text("sun")), result("c2", model.JSON(`{"t":2.50}`))), model.Assistant("Sun."),
		model.User("Time?"), assistant(model.ToolCall{ID: "c3", Name: "clock"}), user(model.ToolResult{CallID: "c3", IsError: true, Parts: []model.Part{model.Text("stopped")}}),
		assistant(model.ToolCall{ID: "c4", Name: "clock", InvalidInput: `{"zo`}), user(result("c4", model.Text(" ")), model.Text("Well?")), model.Assistant("No idea. "), model.User("Bye")}}
}

func growingThoughts() growing {
	g := growingTools()
	g.name, g.thinking = "thinking", &model.ThinkingConfig{}
	g.messages = slices.Clone(g.messages)
	for i, m := range g.messages {
		if m.Role == model.RoleAssistant {
			thoughts := []model.Part{model.Thinking{Text: fmt.Sprint("hm ", i), Signature: fmt.Sprintf("c2ln%d", i), Provider: "bedrock"}}
			if i%3 == 0 {
				thoughts = append(thoughts, model.Thinking{Redacted: []byte{byte(i), 0xff}, Provider: "bedrock"}, model.Thinking{Text: "unsigned", Provider: "bedrock"})
			}
			g.messages[i] = assistant(append(thoughts, m.Parts...)...)
		}
	}
	return g
}

func growingFiles() growing {
	png := model.Image{MediaType: "image/png", Data: []byte("\x89PNG")}
	doc := func(name string) model.Document {
		return model.Document{Name: name, MediaType: "text/plain", Text: "t of " + name}
	}
	return growing{name: "files", tools: weather, messages: []model.Message{
		model.System("s"), user(model.Text("Look"), png, doc("a"), doc("a")), model.Assistant("I see."),
		user(model.Text("And"), doc("a (2)"), png), assistant(call("c1")),
		user(result("c1", model.Text("x"), png), model.Text("So"), doc("b_b")), model.Assistant("Yes"),
		user(model.Text("Last"), doc(strings.Repeat("x", 250))), model.Assistant("Ok"), // five documents, which is all that a request may hold
		model.User("Bye")}}
}

// growingPoints has four points of the caller's, all in the first turns.
func growingPoints() growing {
	cp, hour := model.CachePoint{}, model.CachePoint{TTL: time.Hour}
	tool := weather[0]
	tool.Cache = &hour
	g := growingTools()
	g.name, g.points, g.tools = "points", true, []model.Tool{tool, {Name: "clock"}}
	g.messages = slices.Clone(g.messages)
	g.messages[0] = system(model.Text("s"), hour)
	g.messages[1] = user(model.Text("Weather?"), cp)
	g.messages[3] = user(append(slices.Clone(g.messages[3].Parts), cp)...)
	return g
}

// TestPromptGrows checks that the prompt of each turn is a prefix of the next
// one's, at both doors, in one piece and as a stream, with and without
// Request.Cache.
func TestPromptGrows(t *testing.T) {
	text, tools, thoughts, files, points := growingText(), growingTools(), growingThoughts(), growingFiles(), growingPoints()
	all := []growing{text, tools, thoughts, files, points}
	none := bedrock.Format("")
	prompts := 0
	for _, row := range []struct {
		id    string
		doors bedrock.Format // beside Converse; empty: none
		talks []growing
	}{
		{claude37, bedrock.FormatAnthropic, all},
		{claude45, bedrock.FormatAnthropic, all},
		{claude47, bedrock.FormatAnthropic, all},
		{claude5, bedrock.FormatAnthropic, all},
		{nova1, none, []growing{text, tools, files, points}},
		{nova2, none, all},
		{llama, none, []growing{text, tools}},
		{mistral, none, []growing{text, tools}},
		{deepseekV3, none, []growing{text, tools, thoughts}},
		{gptOSS, bedrock.FormatOpenAI, []growing{text, tools, thoughts}},
		{qwen, bedrock.FormatOpenAI, []growing{text, tools, thoughts}},
		{kimi, none, []growing{text, tools}},
		{unknown, none, []growing{text, tools, files, points}},
		{"us.meta.llama3-3-70b-instruct-v1:0", bedrock.FormatLlama3, []growing{text}},
		{llama, bedrock.FormatLlama4, []growing{text}},
		{mistral7b, bedrock.FormatMistral, []growing{text}},
		{deepseekR1, bedrock.FormatDeepSeek, []growing{text}},
		{titan, bedrock.FormatTitan, []growing{text}},
	} {
		doors := []door{{op: "converse"}, {op: "converse-stream"}}
		if row.doors != none {
			doors = append(doors, door{"invoke", row.doors}, door{"invoke-with-response-stream", row.doors})
		}
		for _, g := range row.talks {
			for _, d := range doors {
				for _, cached := range []bool{false, true} {
					if d.format != "" && d.format != bedrock.FormatAnthropic && (cached || g.name == "files") {
						continue // these formats have neither
					}
					if d.format != "" && g.points && cached {
						continue // refused: a lifetime that is set automatically is shorter than one behind it
					}
					name := fmt.Sprintf("%s/%s/%s", row.id, d, g.name)
					if cached {
						name += ", cached"
					}
					t.Run(name, func(t *testing.T) {
						var before promptBytes
						for n, req := range g.prompts() {
							if cached {
								req.Cache = &model.CacheConfig{}
							}
							s := d.through(row.id, &req, nil)
							if s.body == nil {
								t.Fatalf("turn %d: nothing was sent: %v", n+1, s.err)
							}
							now := promptIn(t, d, s.body)
							if cached {
								now = now.withoutPoints()
							}
							if n > 0 {
								if broken := before.broken(now); broken != "" {
									t.Errorf("turn %d: %s", n+1, broken)
								}
								prompts++
							}
							before = now
						}
					})
				}
			}
		}
	}
	t.Logf("%d prompts", prompts)
	if prompts < 100 {
		t.Errorf("only %d prompts followed another", prompts)
	}
}

// TestPromptPrefixIsStrict checks that the check of TestPromptGrows can fail.
func TestPromptPrefixIsStrict(t *testing.T) {
	d := door{op: "converse"}
	body := func(tools, system, messages string) promptBytes {
		return promptIn(t, d, []byte(`{"messages":[`+messages+`],"system":[`+system+`],"toolConfig":{"tools":[`+tools+`]}}`))
	}
	first := body(`1`, `2`, `{"a":1}`)
	for _, row := range []struct {
		next promptBytes
		says string
	}{
		{body(`1`, `2`, `{"a":1},{"b":2}`), ""},
		{body(`1`, `2`, `{"a":1}`), "follow"},
		{body(`1`, `2`, `{"a":1.0},{"b":2}`), "at byte"},
		{body(`1`, `3`, `{"a":1},{"b":2}`), "system"},
		{body(`1,1`, `2`, `{"a":1},{"b":2}`), "tools"},
		{body(`1`, `2`, `{"a":1,"cachePoint":{}},{"b":2}`), "at byte"},
	} {
		if got := first.broken(row.next); !strings.Contains(got, row.says) || (got == "") != (row.says == "") {
			t.Errorf("broken = %q, want %q", got, row.says)
		}
	}
	pointed := body(`1,{"cachePoint":{"type":"default"}}`, `2`, `{"content":[{"text":"x"},{"cachePoint":{"type":"default","ttl":"1h"}}]}`)
	if got, want := pointed.withoutPoints(), body(`1`, `2`, `{"content":[{"text":"x"}]}`); string(got.tools) != string(want.tools) || string(got.messages) != string(want.messages) {
		t.Errorf("without points: %s %s", got.tools, got.messages)
	}
}
