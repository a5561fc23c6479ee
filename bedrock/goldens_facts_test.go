package bedrock_test

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/model"
)

// TestGoldensFacts keeps what each fact decides. It sends some requests to a
// model whose facts are set, one at a time, to each other value, and keeps the
// lines of the outcome that differ from those without the change.
func TestGoldensFacts(t *testing.T) {
	withoutRace(t)
	var blocks []block
	requests := factRequests()
	for _, d := range factDoors() {
		before := make([]outcomeOf, len(requests))
		for i := range requests {
			before[i] = d.outcome(&requests[i].req, nil)
		}
		for n, v := range factValues() {
			if !oneOf(24, n) {
				continue
			}
			b := block{name: v.name + ", " + d.name}
			for i := range requests {
				if !requests[i].about[v.group] {
					continue
				}
				if after := d.outcome(&requests[i].req, v.set); after != before[i] {
					b.text += "--- " + requests[i].name + "\n" + before[i].diff(after)
				}
			}
			if b.text != "" {
				blocks = append(blocks, b)
			}
		}
	}
	slices.SortStableFunc(blocks, func(a, b block) int { return strings.Compare(a.name, b.name) })
	checkSample(t, "facts", blocks)
}

// A factDoor is a model whose facts are changed, and a way to it.
type factDoor struct {
	name, model string
	door        door
}

func factDoors() []factDoor {
	return []factDoor{
		{"Claude by Converse", claude45, door{op: "converse"}},
		{"Claude by InvokeModel", claude45, door{"invoke", bedrock.FormatAnthropic}},
		{"Nova by Converse", nova2, door{op: "converse"}},
		{"GPT by InvokeModel", gptOSS, door{"invoke", bedrock.FormatOpenAI}},
		{"Llama by InvokeModel", llama33, door{"invoke", bedrock.FormatLlama3}},
		{"a model that is not known", unknown, door{op: "converse"}},
	}
}

// An outcomeOf is what becomes of a request: what Vet finds, with the facts that
// decide, and the body, empty if none is sent.
type outcomeOf struct{ findings, body string }

// outcome puts a request to the model.
func (d factDoor) outcome(req *model.Request, set func(*facts.Facts)) outcomeOf {
	options := &bedrock.Options{Facts: set, FillResults: true}
	sent := d.door.through(d.model, req, options)
	options.Format = d.door.format
	return outcomeOf{findings(d.model, req, options), string(sent.body)}
}

// diff returns the lines in which two outcomes differ. A body where none was
// before is a digest.
func (o outcomeOf) diff(after outcomeOf) string {
	text := lineDiff(o.findings, after.findings)
	if o.body != "" && after.body != "" {
		lines := func(body string) string { return (&layout{wide: 90, long: 100}).text([]byte(body), "") }
		return text + lineDiff(lines(o.body), lines(after.body))
	}
	if o.body != "" {
		text += "-sent\n"
	}
	if after.body != "" {
		text += fmt.Sprintf("+sent: %d bytes, SHA-256 %.4x\n", len(after.body), sha256.Sum256([]byte(after.body)))
	}
	return text
}

// findings lists what Vet says of a request, a line each.
func findings(modelID string, req *model.Request, options *bedrock.Options) string {
	report, err := bedrock.Vet(modelID, req, options)
	if err != nil {
		return fmt.Sprintf("cannot be vetted: %v\n", err)
	}
	var b strings.Builder
	for _, f := range report.Findings {
		fmt.Fprintf(&b, "%s %s: %s", cmp.Or(string(f.Action), strings.TrimPrefix(f.Kind.Error(), "model: ")), f.Field, visible.Replace(f.Reason))
		if f.Fact != "" {
			b.WriteString(" [" + f.Fact + "]")
		}
		if len(f.Calls) == 1 {
			b.WriteString(" by " + f.Calls[0])
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// A factValue is a fact and a value for it.
type factValue struct {
	name  string
	group string // the first word of the name
	set   func(*facts.Facts)
}

// factValues are all facts, each with values of all kinds.
func factValues() []factValue {
	var all []factValue
	var visit func(t reflect.Type, path string, index []int)
	visit = func(t reflect.Type, path string, index []int) {
		for i := range t.NumField() {
			field := t.Field(i)
			at := append(slices.Clone(index), i)
			name := path + field.Name
			switch {
			case !field.IsExported() || field.Type == reflect.TypeFor[time.Time]():
			case field.Type.Kind() == reflect.Struct:
				visit(field.Type, name+".", at)
			default:
				group, _, _ := strings.Cut(name, ".")
				for _, v := range valuesOf(name, field.Type) {
					all = append(all, factValue{fmt.Sprintf("%s = %s", name, shownValue(v)), group, func(f *facts.Facts) {
						reflect.ValueOf(f).Elem().FieldByIndex(at).Set(reflect.ValueOf(v).Convert(field.Type))
					}})
				}
			}
		}
	}
	visit(reflect.TypeFor[facts.Facts](), "", nil)
	for _, elsewhere := range [][]string{nil, {"Responses"}, {"Responses", "mantle"}} {
		all = append(all, factValue{fmt.Sprintf("Doors.Elsewhere = %q alone", elsewhere), "Doors", func(f *facts.Facts) {
			f.Doors.Converse, f.Doors.Invoke, f.Doors.Elsewhere = facts.SupportNo, facts.SupportNo, elsewhere
		}})
	}
	return all
}

func shownValue(v any) string {
	if list, ok := v.([]string); ok {
		return fmt.Sprintf("%#v", list) // an empty one is not none
	}
	return fmt.Sprintf("%v", v)
}

// valuesOf returns values for a fact. Those without a rule, such as the name of a
// Region, have none.
func valuesOf(name string, t reflect.Type) (all []any) {
	if special, ok := specialValues[name]; ok {
		return special
	}
	switch t.Kind() {
	case reflect.Int8:
		for n := range map[string]int{"Support": 3, "ThinkingDefault": 4, "ThinkingStyle": 7}[t.Name()] {
			all = append(all, reflect.ValueOf(int8(n)).Convert(t).Interface())
		}
	case reflect.Bool:
		all = []any{false, true}
	case reflect.Int:
		all = []any{0, 1, 3}
	}
	return all
}

var specialValues = map[string][]any{
	"Model":                      {"", "Model X"},
	"Sibling":                    {"", "acme.sibling-v1:0"},
	"Doors.Elsewhere":            {[]string{}, []string{"Responses"}, []string{"Responses", "mantle"}},
	"Turns.ToolIDPattern":        {"", "[a-zA-Z0-9]{9}"},
	"Output.Schema.Keywords":     {[]string{}, []string{"minLength", "format"}},
	"Output.Schema.Optional":     {-1, 0, 1, 2},
	"Thinking.BudgetMin":         {0, 500, 9000},
	"Thinking.DisabledEffortMax": {"", "low", "max"},
	"Thinking.Efforts":           {[]string(nil), []string{}, []string{"low"}, []string{"none", "minimal", "high"}, []string{"none", "high"}, []string{"max"}},
	"Thinking.EffortDefault":     {"", "high"},
	"Thinking.EffortAsk":         {"", "low", "high"},
	"Thinking.HighWithout":       {[]string(nil), []string{"temperature", "topP", "topK", "maxTokens"}, []string{"top_p", "top_k", "max_tokens"}},
	"Thinking.DisplayDefault":    {"", "omitted"},
	"Sampling.TopPMin":           {0.0, 0.9, 0.95},
	"Sampling.TopKField":         {"", "k", "inferenceConfig.topK"},
	"Sampling.TemperatureMax":    {0.0, 0.25},
	"Limits.MinOutput":           {0, 16, 40},
	"Cache.MaxPoints":            {0, 1, 2},
}

// A factRequest asks for what facts decide on.
type factRequest struct {
	name  string
	about map[string]bool // the groups of facts that it is about
	req   model.Request
}

func factRequests() (all []factRequest) {
	var about map[string]bool
	of := func(groups ...string) {
		about = map[string]bool{}
		for _, g := range groups {
			about[g] = true
		}
	}
	add := func(name string, req model.Request) {
		if req.Messages == nil {
			req.Messages = hi
		}
		all = append(all, factRequest{name, about, req})
	}
	schema := json.RawMessage(`{"type":"object","properties":{"a":{"type":["string","null"],"minLength":1},"b":{"type":"array","items":{"$ref":"#"}}}}`)
	weatherOf := func(strict *bool) model.Tool {
		return model.Tool{Name: "weather", InputSchema: weather[0].InputSchema, Strict: strict}
	}
	tools := []model.Tool{weatherOf(new(true)), {Name: "clock", Strict: new(true)}, {Name: "plain"}}
	sampled := model.Request{MaxTokens: 16, Temperature: new(0.5), TopP: new(0.9), TopK: 5}
	of("Doors", "Model", "Sibling", "Sampling", "Limits")
	add("sampling", sampled)
	of("Sampling", "Turns", "Sibling")
	add("stop sequences", model.Request{StopSequences: []string{"a", " ", "b"}})
	add("one of each", model.Request{Temperature: new(1.0), TopP: new(0.96), StopSequences: []string{"a"}})
	of("Thinking")
	sampled.MaxTokens = 20000
	for _, c := range []model.ThinkingConfig{{}, {Mode: model.ThinkingEnabled}, {Mode: model.ThinkingAdaptive}, {Mode: model.ThinkingDisabled}, {Budget: 3000}, {Mode: model.ThinkingAdaptive, Budget: 3000, Effort: "low"}, {Effort: "high"}, {Effort: "minimal"}, {Effort: "none"}, {Effort: "heroic"}} {
		add(fmt.Sprintf("thinking %+v", c), with(sampled, func(r *model.Request) {
			r.Thinking = &c
			if c.Mode == model.ThinkingDisabled {
				r.ProviderOptions = []model.ProviderOptions{&bedrock.ProviderOptions{OutputEffort: "high"}}
			}
		}))
	}
	of("Tools", "Model", "Sibling", "Doors")
	add("tools", model.Request{Tools: tools})
	add("any of a tool", model.Request{Tools: tools[:1], ToolChoice: model.ToolChoice{Mode: model.ToolsAny}})
	add("any of tools, one at a time, while thinking", model.Request{Tools: tools, ToolChoice: model.ToolChoice{Mode: model.ToolsAny, Parallel: new(false)}, Thinking: &model.ThinkingConfig{Mode: model.ThinkingEnabled}})
	add("one of tools", model.Request{Tools: tools, ToolChoice: model.ToolChoice{Mode: model.ToolsNamed, Name: "clock"}})
	of("Tools")
	add("none of tools", model.Request{Tools: tools, ToolChoice: model.ToolChoice{Mode: model.ToolsNone}})
	add("a tool of the service", model.Request{Tools: []model.Tool{{Name: "nova_grounding", ServerSide: true}}, ToolChoice: model.ToolChoice{Mode: model.ToolsAny}})
	of("Output", "Tools", "Sibling")
	add("a schema", model.Request{Output: &model.OutputFormat{Name: "n", Description: "d", Schema: schema}, Tools: []model.Tool{{Name: "f", InputSchema: schema, Strict: new(true)}}})
	png, pdf := model.Image{MediaType: "image/png", Data: pngData}, model.Document{Name: "d", MediaType: "application/pdf", Data: pdfData}
	video, there := model.Video{MediaType: "video/mp4", Data: []byte("....ftypmp42")}, model.Image{URI: "s3://b/k.png"}
	sound := model.Audio{MediaType: "audio/mpeg", Data: []byte("ID3")}
	a := model.Text("a")
	of("Input", "Turns", "Sibling")
	add("a document alone", talk(user(pdf)))
	of("Input", "Sibling")
	add("files", talk(user(a, png, pdf, video)))
	add("files of the past", talk(user(a, png, pdf, video, sound, there), model.Assistant("b"), user(a)))
	add("a file elsewhere", talk(user(a, there)))
	add("sound", talk(user(a, sound)))
	opaque := func(kind string) model.Part {
		return model.Opaque{Provider: "bedrock", Kind: kind, Data: json.RawMessage(`{"a":1}`)}
	}
	of("Input", "Results", "Tools")
	add("files in results", withWeather(user(a), assistant(call("c1")), user(result("c1", a, png, pdf, video, there, opaque("image"), opaque("news")), png, opaque("document"))))
	of("Tools", "Turns", "Cache")
	add("text beside calls and results", withWeather(user(a), assistant(a, model.CachePoint{}, call("c.1")), user(a, model.CachePoint{}, model.ToolResult{CallID: "c.1", IsError: true, Parts: []model.Part{a}}, model.CachePoint{}, model.SearchResult{Source: "s", Content: []string{"c"}}, model.CachePoint{TTL: time.Hour})))
	add("a call of the past, and no tools", talk(user(a), assistant(call("c1")), user(result("c1", a)), model.Assistant("b"), user(a)))
	add("tools of the service in the past", withWeather(user(a), assistant(model.ServerToolCall{ID: "s.1", Name: "search", Kind: "server_tool_use"}, model.ServerToolResult{CallID: "s.1", Kind: "web_search_tool_result", Parts: []model.Part{model.JSON(`1`)}, IsError: true}, a), user(a)))
	of("Turns", "Sibling")
	add("the system, late", talk(system(a), user(a), system(model.Text("late")), model.Assistant("b"), user(a)))
	add("the assistant at both ends", talk(model.Assistant("b"), user(a), model.Assistant("c ")))
	signed := model.Thinking{Text: "t", Signature: "s", Provider: bedrock.Provider, Model: claude37}
	of("Thinking", "Sibling")
	add("thinking of the past", talk(user(a), assistant(signed, model.Thinking{Redacted: []byte("r"), Provider: bedrock.Provider, Model: nova2}, model.Thinking{Text: "open", Provider: bedrock.Provider}, a), user(a)))
	add("a thought that is missing", with(withWeather(user(a), assistant(call("c1")), user(result("c1", a))), think(model.ThinkingConfig{Mode: model.ThinkingEnabled, Budget: 2000})))
	cached := weatherOf(nil)
	cached.Cache = &model.CachePoint{TTL: time.Hour}
	point, hour := model.CachePoint{}, model.CachePoint{TTL: time.Hour}
	of("Cache")
	add("cache points", model.Request{Tools: []model.Tool{cached}, Messages: []model.Message{system(a, hour), user(a, pdf, point), assistant(signed, point, a, call("c1"), point), user(result("c1", a), point)}})
	add("cache points behind spaces", talk(user(a, pdf, model.Text(" "), point)))
	add("a cache point first of all", model.Request{Tools: []model.Tool{weatherOf(nil)}, Messages: []model.Message{system(point, a), user(point, a)}})
	add("automatic cache points", model.Request{Tools: []model.Tool{weatherOf(nil)}, Messages: []model.Message{system(a), user(a), assistant(call("c1")), user(result("c1", a)), model.Assistant("b"), user(a, pdf)}, Cache: &model.CacheConfig{TTL: time.Hour}})
	guarded := []model.Part{model.Guard{Text: "g"}, model.Guard{Image: &png}}
	of("Guardrails", "Input")
	add("guard content", talk(user(guarded...)))
	add("guard content, guarded", with(talk(user(guarded[0])), func(r *model.Request) {
		r.ProviderOptions = []model.ProviderOptions{&bedrock.ProviderOptions{Guardrail: &bedrock.Guardrail{ID: "g", Version: "1"}}}
	}))
	of("Thinking")
	fields := []string{`{"thinking":{"type":"enabled","budget_tokens":2000},"output_config":{"effort":"low"},"reasoning_config":"high","reasoning_effort":"high","reasoning":{"effort":"high"},"reasoningConfig":{"type":"enabled","maxReasoningEffort":"high"}}`,
		`{"thinking":{"type":"disabled"},"reasoning_config":"none","reasoning_effort":"none","reasoning":{"effort":"none"},"reasoningConfig":{"type":"disabled"},"top_k":1,"k":2}`}
	for i, f := range fields {
		add(fmt.Sprintf("the model's own fields %d", i), with(sampled, func(r *model.Request) {
			r.Thinking = &model.ThinkingConfig{Effort: "medium"}
			r.Tools, r.ToolChoice = tools[2:], model.ToolChoice{Mode: model.ToolsAny}
			r.ProviderOptions = []model.ProviderOptions{&bedrock.ProviderOptions{AdditionalFields: json.RawMessage(f)}}
		}))
	}
	return all
}

// TestGoldensFindings keeps all findings about requests of every kind, by the
// fact that decides.
func TestGoldensFindings(t *testing.T) {
	withoutRace(t)
	number := regexp.MustCompile(`\[\d+\]`)
	said := map[string]map[string]bool{}
	groups := append(requestKinds(), mappingGroups()...)
	for _, g := range groups {
		for _, c := range g.cases {
			for _, id := range c.models {
				for _, format := range append(formatsOf(id, c.options), bedrock.FormatConverse) {
					options := bedrock.Options{}
					if c.options != nil {
						options = *c.options
					}
					options.Format = format
					report, err := bedrock.Vet(id, c.req, &options)
					if err != nil {
						continue
					}
					for _, f := range report.Findings {
						fact := f.Fact
						if fact == "" {
							fact = "no fact"
						}
						if said[fact] == nil {
							said[fact] = map[string]bool{}
						}
						said[fact][visible.Replace(fmt.Sprintf("%s %s: %s", cmp.Or(string(f.Action), strings.TrimPrefix(f.Kind.Error(), "model: ")), number.ReplaceAllString(f.Field, "[n]"), f.Reason))] = true
					}
				}
			}
		}
	}
	var blocks []block
	for _, fact := range slices.Sorted(maps.Keys(said)) {
		if fact != "no fact" { // those are in the goldens of the requests
			blocks = append(blocks, block{fact, "  " + strings.Join(slices.Sorted(maps.Keys(said[fact])), "\n  ") + "\n"})
		}
	}
	checkGoldens(t, "findings", blocks)
}
