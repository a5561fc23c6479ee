package plan_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/model"
)

const (
	yes = facts.SupportYes
	no  = facts.SupportNo
)

var user, assistant, system = model.UserParts, model.AssistantParts, model.SystemParts

func talk(m ...model.Message) model.Request { return model.Request{Messages: m} }

var (
	hi      = []model.Message{model.User("Hi")}
	okTool  = model.Tool{Name: "ok", InputSchema: json.RawMessage(`{"type":"object"}`)}
	png     = []byte("\x89PNG\r\n\x1a\n")
	picture = model.Image{MediaType: "image/png", Data: png}
)

func call(id string) model.ToolCall {
	return model.ToolCall{ID: id, Name: "ok", Input: json.RawMessage(`{"q":"x"}`)}
}

func result(id string, parts ...model.Part) model.ToolResult {
	return model.ToolResult{CallID: id, Parts: parts}
}

// called is a conversation with a call and a user's turn behind it.
func called(c model.ToolCall, parts ...model.Part) model.Request {
	r := talk(model.User("hi"), assistant(c), user(parts...))
	r.Tools = []model.Tool{okTool}
	return r
}

// claude is a model that thinks by budget, and caches.
func claude() *facts.Facts {
	f := &facts.Facts{ID: "anthropic.claude-sonnet-4-5-20250929-v1:0", Model: "Claude", Maker: "anthropic", Known: true}
	f.Turns = facts.Turns{System: yes, SystemBetween: no, AssistantFirst: yes, Prefill: yes, PrefillSpace: no, BlankStop: no, ResultsFirst: true, DocumentNeedsText: true}
	f.Tools = facts.Tools{Use: yes, Streaming: yes, Any: yes, Named: yes, ForcedThinking: no, ParallelSwitch: yes, Strict: yes, ResultStatus: yes}
	f.Output.Native = yes
	f.Thinking = facts.Thinking{Supported: yes, Default: facts.ThinkingDefaultOff, Style: facts.ThinkingStyleClaude, Adaptive: no, Budget: yes, BudgetMin: 1024,
		Disabled: yes, Efforts: []string{}, Replay: facts.Replay{Signed: yes, Unsigned: no, Redacted: yes}}
	f.Sampling = facts.Sampling{Temperature: yes, TopP: yes, TopK: yes, Both: no, WhileThinking: no, StopSequences: yes}
	f.Cache = facts.Cache{Points: yes, System: yes, Tools: yes, Messages: yes, AfterThinking: no, AfterDocument: no, Hour: yes, MaxPoints: 4}
	f.Input = facts.Media{Image: yes, Document: yes, Video: no, Audio: no}
	f.Results = facts.Media{Image: yes, Document: yes, Video: no}
	return f
}

// with changes facts.
func with(f *facts.Facts, change func(*facts.Facts)) *facts.Facts {
	change(f)
	return f
}

func noFacts() *facts.Facts { return &facts.Facts{} }

// A row is a request and what becomes of it.
type row struct {
	name   string
	facts  *facts.Facts
	format *plan.Format // nil: Converse
	in     plan.Input   // further input
	req    model.Request
	want   string   // of the plan, in the words of show
	says   []string // the findings, as in "dropped top_k"; refusals are "refused unsupported …"
}

func (r *row) check(t *testing.T) {
	t.Helper()
	in := r.in
	in.Facts, in.Format = r.facts, r.format
	if in.Facts == nil {
		in.Facts = claude()
	}
	if in.Format == nil {
		in.Format = plan.Converse()
	}
	if r.req.Messages == nil && !in.Prompt {
		r.req.Messages = hi
	}
	before, _ := json.Marshal(&r.req)
	findings := plan.Findings(&r.req, in)
	if after, _ := json.Marshal(&r.req); string(after) != string(before) {
		t.Errorf("the request was modified:\nfrom %s\n  to %s", before, after)
	}
	var says []string
	for _, f := range findings {
		says = append(says, word(f))
	}
	if !slices.Equal(says, r.says) {
		t.Errorf("findings:\n got %s\nwant %s\nin words: %v", strings.Join(says, "; "), strings.Join(r.says, "; "), findings)
	}
	p, err := plan.New(&r.req, in)
	if err != nil {
		if r.want != "" {
			t.Errorf("New: %v", err)
		}
		return
	}
	if got := show(p); got != r.want {
		t.Errorf("plan:\n got %s\nwant %s", got, r.want)
	}
}

func word(f plan.Finding) string {
	if f.Kind != "" {
		return "refused " + string(f.Kind) + " " + f.Field
	}
	return string(f.Action) + " " + f.Field
}

func check(t *testing.T, rows []row) {
	t.Helper()
	for i := range rows {
		t.Run(rows[i].name, func(t *testing.T) { rows[i].check(t) })
	}
}

// show writes a plan in a line: what stands in it, and nothing else.
func show(p *plan.Plan) string {
	var b strings.Builder
	say := func(format string, args ...any) {
		if b.Len() > 0 {
			b.WriteString(" ")
		}
		fmt.Fprintf(&b, format, args...)
	}
	if len(p.System) > 0 {
		say("system[%s]", showBlocks(p.System))
	}
	for _, t := range p.Turns {
		say("%s[%s]", t.Role, showBlocks(t.Blocks))
	}
	for _, t := range p.Tools {
		text := "tool(" + t.Name
		if s := string(t.Schema); s != "" && s != `{"type":"object"}` {
			text += " " + s
		}
		if t.Strict != nil {
			text += fmt.Sprintf(" strict=%t", *t.Strict)
		}
		say("%s", text+")"+showPoint(t.Cache))
	}
	if c := p.Choice; c.Mode != "" || c.Parallel != nil {
		text := "choice=" + string(c.Mode) + c.Name
		if c.Parallel != nil {
			text += fmt.Sprintf(",parallel=%t", *c.Parallel)
		}
		say("%s", text)
	}
	if p.Whole {
		say("whole")
	}
	if p.MaxTokens != 0 {
		say("max=%d", p.MaxTokens)
	}
	if p.Temperature != nil {
		say("t=%g", *p.Temperature)
	}
	if p.TopP != nil {
		say("p=%g", *p.TopP)
	}
	if p.TopK != 0 {
		say("%s=%d", p.TopKField, p.TopK)
	}
	if len(p.StopSequences) > 0 {
		say("stop=%q", p.StopSequences)
	}
	if t := p.Thinking; t.Type != "" || t.Effort != "" {
		text := "think(" + strings.TrimSpace(t.Type+" "+t.Effort)
		if t.Budget != 0 {
			text += fmt.Sprintf(" %d", t.Budget)
		}
		say("%s", text+")")
	}
	if p.Effort != "" {
		say("effort=%s", p.Effort)
	}
	if p.Output != nil {
		say("output(%s%s %s)", p.Output.Name, p.Output.Description, p.Output.Schema)
	}
	return b.String()
}

func showBlocks(blocks []plan.Block) string {
	var all []string
	for _, b := range blocks {
		all = append(all, showPart(b.Part)+showPoint(b.Cache))
	}
	return strings.Join(all, " ")
}

func showPoint(c plan.Point) string {
	if !c.Set {
		return ""
	}
	return "|" + c.TTL
}

func showPart(q model.Part) string {
	switch q := q.(type) {
	case model.Text:
		return fmt.Sprintf("%q", string(q))
	case model.CitedText:
		return fmt.Sprintf("cited(%q %d)", q.Text, len(q.Citations))
	case model.Thinking:
		return "thinking(" + q.Text + q.Signature + string(q.Redacted) + ")"
	case model.Image:
		return "image(" + q.MediaType + " " + string(q.Data[min(1, len(q.Data)):min(4, len(q.Data))]) + q.URI + ")"
	case model.Document:
		return "document(" + q.Name + " " + q.MediaType + " " + string(q.Data) + q.Text + strings.Join(q.Chunks, "+") + q.URI + ")"
	case model.Video:
		return "video(" + q.MediaType + ")"
	case model.Audio:
		return "audio(" + q.MediaType + ")"
	case model.ToolCall:
		return "call(" + q.ID + " " + q.Name + " " + string(q.Input) + q.InvalidInput + ")"
	case model.ToolResult:
		text := "result(" + q.CallID
		for _, inner := range q.Parts {
			text += " " + showPart(inner)
		}
		if q.IsError {
			text += " error"
		}
		return text + ")"
	case model.ServerToolCall:
		return "servercall(" + q.ID + ")"
	case model.ServerToolResult:
		return "serverresult(" + q.CallID + ")"
	case model.SearchResult:
		return "search(" + q.Source + ")"
	case model.Guard:
		return "guard(" + q.Text + ")"
	case model.Opaque:
		return "opaque(" + string(q.Data) + ")"
	case model.JSON:
		return "json(" + string(q) + ")"
	}
	return fmt.Sprintf("%T", q)
}
