package plan_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/model"
)

// A generator makes requests, facts and formats of all kinds.
type generator struct{ *rand.Rand }

func pick[T any](g generator, all ...T) T { return all[g.IntN(len(all))] }

func (g generator) chance(percent int) bool { return g.IntN(100) < percent }

// facts are known or not at random, field by field.
func (g generator) facts() *facts.Facts {
	f := &facts.Facts{Model: "M", ID: pick(g, "", "anthropic.claude-opus-5", "openai.gpt-5.6-sol")}
	g.fill(reflect.ValueOf(f).Elem())
	f.Doors.Converse, f.Doors.Invoke = yes, yes
	f.Turns.ToolIDPattern = pick(g, "", "", `[a-zA-Z0-9_.:-]+`)
	f.Thinking.Style = facts.ThinkingStyle(g.IntN(7))
	f.Thinking.Default = facts.ThinkingDefault(g.IntN(4))
	f.Thinking.Efforts = pick(g, nil, []string{}, []string{"low", "high"}, []string{"none", "low", "medium", "high", "xhigh"})
	f.Cache.MaxPoints = pick(g, 0, 2, 4)
	f.Limits.MinOutput = pick(g, 0, 16)
	return f
}

func (g generator) fill(v reflect.Value) {
	for i := range v.NumField() {
		field := v.Field(i)
		switch {
		case field.Type() == reflect.TypeFor[facts.Support]():
			field.SetInt(int64(g.IntN(3)))
		case field.Kind() == reflect.Bool:
			field.SetBool(g.chance(50))
		case field.Kind() == reflect.Struct && field.Type() != reflect.TypeFor[time.Time]():
			g.fill(field)
		}
	}
}

func (g generator) format() *plan.Format {
	mark := func(s string) (string, bool) { return "<|", strings.Contains(s, "<|") }
	return pick(g, plan.Converse(), plan.Converse(), plan.Anthropic(4096), plan.OpenAI("max_tokens"), plan.Prompt("llama3", plan.Members{TopK: "k"}, g.chance(50), mark))
}

func (g generator) text() string { return pick(g, "a", "b\n", " ", "", "<|x", "c d ") }
func (g generator) id() string {
	return pick(g, "c1", "c1", "c2", "a b", "f.x:0", strings.Repeat("i", 70), "c1_2")
}

func (g generator) file() model.Part {
	data, uri := []byte(pick(g, string(png), "%PDF-1", "words", "\xff")), ""
	if g.chance(20) {
		data, uri = nil, pick(g, "s3://b/x.png", "s3://b/x", "data:image/png;base64,iVBORw==", "data:,", "https://a/x.png")
	}
	switch g.IntN(5) {
	case 0:
		return model.Video{MediaType: pick(g, "video/mp4", "video/none", ""), Data: data, URI: uri}
	case 1:
		return model.Audio{MediaType: pick(g, "audio/mp3", ""), Data: data, URI: uri}
	case 2:
		d := model.Document{Name: pick(g, "d", "d", "", "a.b"), MediaType: pick(g, "", "text/plain", "application/pdf", "text/csv"), Citations: g.chance(30)}
		switch g.IntN(3) {
		case 0:
			d.Text = "words"
		case 1:
			d.Chunks = []string{"a", "b"}
		default:
			d.Data, d.URI = data, uri
		}
		return d
	}
	return model.Image{MediaType: pick(g, "", "image/png", "image/jpg", "image/tiff"), Data: data, URI: uri}
}

func (g generator) opaque() model.Part {
	return model.Opaque{Provider: pick(g, "bedrock", "bedrock/anthropic", "other"), Kind: pick(g, "k", ""), Data: json.RawMessage(pick(g, `{"type":"k"}`, `1`))}
}

func (g generator) resultParts() []model.Part {
	var parts []model.Part
	for range g.IntN(4) {
		parts = append(parts, pick[model.Part](g, model.Text(g.text()), model.JSON(`{"a":1}`), model.JSON(`[1]`), g.file(), g.opaque(),
			model.SearchResult{Source: "s", Content: []string{"c"}}))
	}
	return parts
}

func (g generator) point() model.Part {
	return model.CachePoint{TTL: pick[time.Duration](g, 0, 0, 5*time.Minute, time.Hour)}
}

func (g generator) part(role model.Role) model.Part {
	text := model.Part(model.Text(g.text()))
	guard := model.Part(model.Guard{Text: "g", Qualifiers: pick(g, nil, []string{"query"}, []string{"odd"})})
	cited := model.CitedText{Text: g.text(), Citations: pick(g, nil, []model.Citation{{Title: "t", Location: model.CitationLocation{Kind: pick(g, model.LocationWeb, model.LocationChar, model.LocationSearchResult, "odd", "")}}})}
	input := json.RawMessage(pick(g, `{"a":1}`, `{"a":1}`, `[1]`, ``))
	switch role {
	case model.RoleSystem:
		return pick[model.Part](g, text, text, text, g.point(), guard, g.opaque(), cited)
	case model.RoleAssistant:
		return pick[model.Part](g, text, text, cited, g.point(), g.opaque(),
			model.Thinking{Text: g.text(), Signature: pick(g, "", "s"), Provider: pick(g, "", "bedrock", "other"), Model: pick(g, "", "anthropic.claude-opus-5", "anthropic.claude-sonnet-5", "openai.gpt-6"), Incomplete: g.chance(10)},
			model.Thinking{Redacted: []byte("r")}, g.file(),
			model.ToolCall{ID: g.id(), Name: pick(g, "ok", "a.b", "ä"), Input: input},
			model.ServerToolCall{ID: g.id(), Name: "s", Input: input},
			model.ServerToolResult{CallID: g.id(), Kind: pick(g, "nova_result", "web_search_tool_result"), Parts: []model.Part{model.JSON(`{"a":1}`)}})
	}
	return pick[model.Part](g, text, text, text, g.point(), g.file(), g.file(), guard, g.opaque(), cited, model.SearchResult{Source: "s", Content: []string{"c"}})
}

// request is a conversation in which most calls have results.
func (g generator) request() *model.Request {
	r := &model.Request{}
	for range 1 + g.IntN(6) {
		m := model.Message{Role: pick(g, model.RoleUser, model.RoleUser, model.RoleAssistant, model.RoleAssistant, model.RoleSystem)}
		for range g.IntN(4) {
			m.Parts = append(m.Parts, g.part(m.Role))
		}
		r.Messages = append(r.Messages, m)
		var results []model.Part
		for _, q := range m.Parts {
			if c, ok := q.(model.ToolCall); ok && g.chance(97) {
				results = append(results, model.ToolResult{CallID: c.ID, Parts: g.resultParts(), IsError: g.chance(20)})
			}
		}
		if len(results) > 0 {
			for range g.IntN(3) {
				results = append(results, g.part(model.RoleUser))
			}
			g.Shuffle(len(results), func(i, j int) { results[i], results[j] = results[j], results[i] })
			r.Messages = append(r.Messages, user(results...))
		}
	}
	r.Messages = append(r.Messages, user(model.Text("last"), g.part(model.RoleUser)))
	if g.chance(80) {
		r.Tools = []model.Tool{{Name: "ok", InputSchema: json.RawMessage(pick(g, `{"type":"object"}`, `{}`)), Cache: pick[*model.CachePoint](g, nil, &model.CachePoint{})}, {Name: "b"}}
		r.ToolChoice = pick(g, model.ToolChoice{}, model.ToolChoice{Mode: model.ToolsAny}, model.UseTool("b"), model.ToolChoice{Mode: model.ToolsNone})
	}
	if g.chance(30) {
		r.Cache = &model.CacheConfig{TTL: pick[time.Duration](g, 0, time.Hour)}
	}
	if g.chance(30) {
		r.Thinking = pick(g, &model.ThinkingConfig{}, &model.ThinkingConfig{Mode: model.ThinkingDisabled}, &model.ThinkingConfig{Effort: "high"}, &model.ThinkingConfig{Budget: 2000})
	}
	if g.chance(30) {
		r.Temperature, r.TopK, r.MaxTokens = new(0.5), 3, 9000
	}
	return r
}

func (g generator) input() plan.Input {
	in := plan.Input{Facts: g.facts(), Format: g.format(), Stream: g.chance(50), FillResults: g.chance(50)}
	if g.chance(20) {
		in.Settings.Guardrail = &plan.Guardrail{ID: "g", Version: "1"}
	}
	return in
}

// TestLaw checks that each part of a random request is in the plan or named in
// a finding, unless the plan is refused. It also checks what writers rely on.
func TestLaw(t *testing.T) {
	planned := 0
	for seed := range uint64(laws) {
		if checkLaw(t, seed) {
			planned++
		}
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	t.Logf("%d of %d were planned", planned, laws)
	if planned < laws/5 {
		t.Errorf("%d of %d were planned; the requests say nothing if most are refused", planned, laws)
	}
}

func FuzzNew(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, seed uint64) { checkLaw(t, seed) })
}

// checkLaw reports whether there is a plan.
func checkLaw(t *testing.T, seed uint64) bool {
	t.Helper()
	g := generator{rand.New(rand.NewPCG(seed, 0))}
	req, in := g.request(), g.input()
	if req.Validate() != nil {
		return false
	}
	before, _ := json.Marshal(req)
	p, err := plan.New(req, in)
	if after, _ := json.Marshal(req); string(before) != string(after) {
		t.Errorf("the request was modified:\nfrom %s\n  to %s", before, after)
	}
	findings := plan.Findings(req, in)
	if err != nil {
		if k := model.KindOf(err); k != model.ErrInvalidRequest && k != model.ErrUnsupported {
			t.Errorf("New: kind %q", k)
		}
		return false
	}
	if len(p.Warnings()) != len(findings) {
		t.Errorf("%d warnings, %d findings", len(p.Warnings()), len(findings))
	}
	fields := map[string]bool{}
	note := func(b plan.Block) { fields[b.Field], fields[b.Cache.Field] = true, true }
	for _, b := range p.System {
		note(b)
	}
	for _, turn := range p.Turns {
		for _, b := range turn.Blocks {
			note(b)
		}
	}
	for _, tool := range p.Tools {
		fields[tool.Cache.Field] = true
	}
	for _, f := range findings {
		fields[f.Field] = true
		if f.Reason == "" {
			t.Errorf("%s: no reason", f.Field)
		}
	}
	for i, m := range req.Messages {
		for j := range m.Parts {
			field := fmt.Sprintf("messages[%d].parts[%d]", i, j)
			if !fields[field] && !fields[field+".citations"] {
				t.Errorf("%s, %#v, is neither in the plan nor in a finding: %s %v", field, m.Parts[j], show(p), findings)
			}
		}
	}
	checkPlan(t, p, in)
	return true
}

var legalID = regexp.MustCompile(`^[a-zA-Z0-9_.:-]{1,64}$`)

// checkPlan checks what writers rely on.
func checkPlan(t *testing.T, p *plan.Plan, in plan.Input) {
	t.Helper()
	points, ids, documents := 0, map[string]bool{}, map[string]bool{}
	short := false
	point := func(c plan.Point) {
		if !c.Set {
			return
		}
		points++
		if c.TTL == "1h" && short {
			t.Errorf("an hour behind less: %s", show(p))
		}
		short = short || c.TTL != "1h"
	}
	for _, tool := range p.Tools {
		point(tool.Cache)
	}
	for _, b := range p.System {
		point(b.Cache)
	}
	var open []string
	for i, turn := range p.Turns {
		if len(turn.Blocks) == 0 {
			t.Errorf("turn %d is empty: %s", i, show(p))
		}
		if i > 0 && turn.Role != model.RoleSystem && p.Turns[i-1].Role == turn.Role {
			t.Errorf("turn %d is of the same role as the one before: %s", i, show(p))
		}
		if turn.Role == model.RoleAssistant && len(open) > 0 {
			t.Errorf("calls %v have no result: %s", open, show(p))
		}
		for j, b := range turn.Blocks {
			point(b.Cache)
			switch q := b.Part.(type) {
			case model.Text:
				if strings.TrimSpace(string(q)) == "" && !(b.Cache.Set && j > 0) {
					t.Errorf("blank text: %s", show(p))
				}
			case model.ToolCall:
				if !legalID.MatchString(q.ID) || ids[q.ID] || len(p.Tools) == 0 || len(q.Input) == 0 {
					t.Errorf("call %+v: %s", q, show(p))
				}
				ids[q.ID] = true
				open = append(open, q.ID)
			case model.ToolResult:
				at := -1
				for k, id := range open {
					if id == q.CallID {
						at = k
					}
				}
				if at < 0 || len(q.Parts) == 0 || q.IsError && !p.ResultStatus {
					t.Errorf("result %+v: %s", q, show(p))
				} else {
					open = append(open[:at], open[at+1:]...)
				}
				for _, inner := range q.Parts {
					checkFile(t, inner, documents, in)
				}
			default:
				checkFile(t, b.Part, documents, in)
			}
		}
	}
	if len(open) > 0 {
		t.Errorf("calls %v have no result at the end: %s", open, show(p))
	}
	limit := in.Facts.Cache.MaxPoints
	if limit == 0 {
		limit = 4
	}
	if points > limit {
		t.Errorf("%d cache points: %s", points, show(p))
	}
	if in.Format.Text {
		for _, turn := range p.Turns {
			for _, b := range turn.Blocks {
				if _, ok := b.Part.(model.Text); !ok {
					t.Errorf("a prompt holds %T", b.Part)
				}
			}
		}
	}
}

func checkFile(t *testing.T, q model.Part, documents map[string]bool, in plan.Input) {
	t.Helper()
	switch q := q.(type) {
	case model.CachePoint:
		t.Error("a cache point is a block")
	case model.Image:
		if !strings.HasPrefix(q.MediaType, "image/") || in.Facts.Input.Image.No() || !in.Format.Image {
			t.Errorf("image %q", q.MediaType)
		}
	case model.Document:
		if q.MediaType == "" || in.Facts.Input.Document.No() || in.Format.DocumentNames && (documents[q.Name] || q.Name == "") {
			t.Errorf("document %q %q", q.Name, q.MediaType)
		}
		documents[q.Name] = true
	case model.Video:
		if in.Facts.Input.Video.No() || !in.Format.Video {
			t.Error("video")
		}
	}
}

// TestPrefix checks that a conversation that grows keeps its beginning, since
// the cache depends on it.
func TestPrefix(t *testing.T) {
	compared := 0
	for seed := range uint64(laws) {
		g := generator{rand.New(rand.NewPCG(seed, 1))}
		req, in := g.request(), g.input()
		req.Cache, req.Tools = nil, []model.Tool{okTool}
		req.ToolChoice = model.ToolChoice{}
		for i, m := range req.Messages {
			for j, q := range m.Parts {
				if _, ok := q.(model.CachePoint); ok {
					req.Messages[i].Parts[j] = model.Text("point")
				}
			}
		}
		first, err := plan.New(req, in)
		if err != nil {
			continue
		}
		req.Messages = append(req.Messages, model.Assistant("answer"), model.User("more"))
		second, err := plan.New(req, in)
		if err != nil {
			t.Fatalf("seed %d: the conversation grew, and was refused: %v", seed, err)
		}
		compared++
		var a, b strings.Builder
		for _, turn := range first.Turns {
			fmt.Fprintf(&a, "%s[%s]", turn.Role, showBlocks(turn.Blocks))
		}
		for _, turn := range second.Turns {
			fmt.Fprintf(&b, "%s[%s]", turn.Role, showBlocks(turn.Blocks))
		}
		if !strings.HasPrefix(b.String(), a.String()) {
			t.Fatalf("seed %d: the conversation grew, and its beginning became\n%s\nfrom\n%s", seed, b.String(), a.String())
		}
	}
	if compared < laws/10 {
		t.Errorf("%d of %d were compared", compared, laws)
	}
}

// TestCost checks that a plan costs little. Most of a history must go through
// it unchanged.
func TestCost(t *testing.T) {
	req := &model.Request{Messages: []model.Message{model.User("hi")}, Tools: []model.Tool{okTool}}
	for i := range 400 {
		id := fmt.Sprintf("call-%d", i)
		req.Messages = append(req.Messages, assistant(model.Text("I look"), call(id)), user(result(id, model.Text("found"))))
	}
	in := plan.Input{Facts: claude(), Format: plan.Converse()}
	validate := testing.AllocsPerRun(5, func() { _ = req.Validate() })
	all := testing.AllocsPerRun(5, func() {
		if _, err := plan.New(req, in); err != nil {
			t.Fatal(err)
		}
	})
	// A pool that the collector, or the race detector, empties meanwhile costs
	// a few more; one allocation a turn would be 400.
	if own := all - validate; own > 60 {
		t.Errorf("%v allocations for 400 turns of tools, want at most 60", own)
	}
}

// laws is how many generated requests are looked at.
const laws = 4000
