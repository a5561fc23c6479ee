package bedrock_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/internal/outside"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/recordings"
)

// expected is what the independent account beside a recording says of one
// answer.
type expected struct {
	Operation         string          `json:"operation"`
	ModelID           string          `json:"model_id"`
	Status            int             `json:"status"`
	Blocks            []expectedBlock `json:"blocks"`
	TextDeltas        []string        `json:"text_deltas"`
	ReasoningDeltas   []string        `json:"reasoning_deltas"`
	StopReason        string          `json:"stop_reason"`
	LatencyMS         int64           `json:"latency_ms"`
	InputTokens       int             `json:"input_tokens"`
	Usage             *expectedUsage  `json:"usage"`
	Trace             json.RawMessage `json:"trace"`
	Additional        json.RawMessage `json:"additionalModelResponseFields"`
	PerformanceConfig *struct {
		Latency string `json:"latency"`
	} `json:"performanceConfig"`
	ServiceTier *struct {
		Type string `json:"type"`
	} `json:"serviceTier"`
	Error *struct {
		Message string `json:"message"`
	} `json:"error"`

	tagged bool // thinking stood in tags in the text; deltas are compared joined
}

// inTags is thinking at the beginning of a text, as Nova's first generation and
// kimi-k2-thinking write it.
var inTags = regexp.MustCompile(`(?s)^\s*<think(?:ing)?>(.*?)</think(?:ing)?>\s*(.*)$`)

// UnmarshalJSON reads an account. Accounts say what stood on the wire; we take
// thinking in tags out of the text.
func (e *expected) UnmarshalJSON(data []byte) error {
	type plain expected
	if err := json.Unmarshal(data, (*plain)(e)); err != nil {
		return err
	}
	if !strings.Contains(e.ModelID, "amazon.nova-lite") && !strings.Contains(e.ModelID, "amazon.nova-micro") &&
		!strings.Contains(e.ModelID, "amazon.nova-pro") && !strings.Contains(e.ModelID, "kimi-k2-thinking") {
		return nil
	}
	var blocks []expectedBlock
	for _, b := range e.Blocks {
		m := inTags.FindStringSubmatch(b.Text)
		if b.Type != "text" || m == nil {
			blocks = append(blocks, b)
			continue
		}
		e.tagged = true
		blocks = append(blocks, expectedBlock{Type: "reasoning", Text: m[1]})
		if m[2] != "" {
			b.Text = m[2]
			blocks = append(blocks, b)
		}
	}
	e.Blocks = blocks
	if e.tagged {
		if m := inTags.FindStringSubmatch(strings.Join(e.TextDeltas, "")); m != nil {
			e.ReasoningDeltas, e.TextDeltas = append(e.ReasoningDeltas, m[1]), []string{m[2]}
		}
	}
	return nil
}

// deltas returns deltas as they are compared with the account's.
func (e *expected) deltas(all []string) []string {
	if e.tagged {
		return nonEmpty([]string{strings.Join(all, "")})
	}
	return nonEmpty(all)
}

type expectedUsage struct {
	Input        int `json:"input"`
	Output       int `json:"output"`
	Total        int `json:"total"`
	CacheRead    int `json:"cache_read"`
	CacheWrite   int `json:"cache_write"`
	CacheDetails []struct {
		InputTokens int    `json:"inputTokens"`
		TTL         string `json:"ttl"`
	} `json:"cache_details"`
}

type expectedBlock struct {
	Type      string          `json:"type"`
	Text      string          `json:"text"`
	Signature string          `json:"signature"`
	Data      string          `json:"data"`
	ID        string          `json:"id"`
	Name      string          `json:"name"`
	Input     json.RawMessage `json:"input"`
	ToolType  string          `json:"tool_type"`
	Citations json.RawMessage `json:"citations"`
	Raw       json.RawMessage `json:"raw"`
}

// recorded is one conversation of the real service.
type recorded struct {
	name     string
	cassette *recordings.Cassette
	expected []expected
}

// recordedConversations loads them. Without them the tests that need it
// are skipped, by name.
func recordedConversations(t *testing.T) []recorded {
	t.Helper()
	var all []recorded
	for _, found := range outside.First(t) {
		r := recorded{name: found.Name}
		var err error
		if r.cassette, err = recordings.Load(found.FS(), r.name); err != nil {
			t.Fatal(err)
		}
		data, err := found.Account()
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, &r.expected); err != nil {
			t.Fatalf("%s: %v", r.name, err)
		}
		if len(r.expected) != len(r.cassette.Exchanges) {
			t.Fatalf("%s: %d exchanges, %d expectations", r.name, len(r.cassette.Exchanges), len(r.expected))
		}
		all = append(all, r)
	}
	return all
}

// line puts a block of the account in a line of text.
func (b expectedBlock) line(t *testing.T) string {
	t.Helper()
	switch b.Type {
	case "text":
		return fmt.Sprintf("text %q", b.Text)
	case "reasoning":
		return fmt.Sprintf("reasoning %q %s", b.Text, b.Signature)
	case "redacted_reasoning":
		return "redacted " + b.Data
	case "tool_call":
		kind := "tool_call"
		if b.ToolType == "server_tool_use" {
			kind = "server_tool_call"
		}
		return fmt.Sprintf("%s %s %s %s", kind, b.ID, b.Name, canonical(t, b.Input))
	case "citations":
		return fmt.Sprintf("citations %q %s", b.Text, canonical(t, b.Citations))
	case "other":
		return b.serverResult(t)
	}
	t.Fatalf("the account has a block of type %q, which this test does not know", b.Type)
	return ""
}

// serverResult is for the one kind of block that the account gives raw: the
// events of a tool result that the service made.
func (b expectedBlock) serverResult(t *testing.T) string {
	t.Helper()
	var raw struct {
		Start struct {
			ToolResult struct{ ToolUseID, Status, Type string }
		}
		Other []struct {
			ToolResult []struct{ JSON json.RawMessage }
		}
	}
	if err := json.Unmarshal(b.Raw, &raw); err != nil || len(raw.Other) != 1 || len(raw.Other[0].ToolResult) != 1 {
		t.Fatalf("the account has a raw block that this test does not know: %s", b.Raw)
	}
	r := raw.Start.ToolResult
	return fmt.Sprintf("server_tool_result %s %s %v %s", r.ToolUseID, r.Type, r.Status == "error", canonical(t, raw.Other[0].ToolResult[0].JSON))
}

// describe puts a part in the same line of text.
func describe(t *testing.T, p model.Part) string {
	t.Helper()
	switch p := p.(type) {
	case model.Text:
		return fmt.Sprintf("text %q", string(p))
	case model.Thinking:
		if p.Redacted != nil {
			return "redacted " + base64.StdEncoding.EncodeToString(p.Redacted)
		}
		return fmt.Sprintf("reasoning %q %s", p.Text, p.Signature)
	case model.ToolCall:
		return fmt.Sprintf("tool_call %s %s %s", p.ID, p.Name, canonical(t, p.Input))
	case model.ServerToolCall:
		return fmt.Sprintf("server_tool_call %s %s %s", p.ID, p.Name, canonical(t, p.Input))
	case model.ServerToolResult:
		return fmt.Sprintf("server_tool_result %s %s %v %s", p.CallID, p.Kind, p.IsError, canonical(t, json.RawMessage(p.Parts[0].(model.JSON))))
	case model.CitedText:
		return fmt.Sprintf("citations %q %s", p.Text, canonical(t, citationsOnWire(t, p.Citations)))
	}
	return fmt.Sprintf("%T %v", p, p)
}

// citationsOnWire writes citations as the service does.
func citationsOnWire(t *testing.T, citations []model.Citation) json.RawMessage {
	t.Helper()
	type object = map[string]any
	names := map[model.LocationKind]string{
		model.LocationChar: "documentChar", model.LocationPage: "documentPage", model.LocationChunk: "documentChunk",
	}
	all := []object{}
	for _, c := range citations {
		o := object{}
		if c.Title != "" {
			o["title"] = c.Title
		}
		if c.Source != "" {
			o["source"] = c.Source
		}
		if c.Quotes != nil {
			quotes := []object{}
			for _, q := range c.Quotes {
				quotes = append(quotes, object{"text": q})
			}
			o["sourceContent"] = quotes
		}
		switch l := c.Location; l.Kind {
		case "":
		case model.LocationChar, model.LocationPage, model.LocationChunk:
			o["location"] = object{names[l.Kind]: object{"documentIndex": l.Index, "start": l.Start, "end": l.End}}
		case model.LocationSearchResult:
			o["location"] = object{"searchResultLocation": object{"searchResultIndex": l.Index, "start": l.Start, "end": l.End}}
		case model.LocationWeb:
			o["location"] = object{"web": object{"url": l.URL, "domain": l.Domain}}
		default:
			o["location"] = object{string(l.Kind): l.Data}
		}
		all = append(all, o)
	}
	data, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// canonical sorts the keys of a JSON value. Numbers keep their spelling: they
// are part of what is tested.
func canonical(t *testing.T, raw json.RawMessage) string {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%q is not JSON: %v", raw, err)
	}
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
