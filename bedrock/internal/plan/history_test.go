package plan_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/model"
)

func named(name string) model.ToolCall {
	c := call("c1")
	c.Name = name
	return c
}

// calledBy is what calls become of two ids.
func calledBy(id, sent string) string {
	return `user["hi"] assistant[call(` + sent + ` ok {"q":"x"})] user[result(` + sent + ` "x")] tool(ok)`
}

// TestNames checks names and ids of calls, and how results find their calls.
func TestNames(t *testing.T) {
	x := model.Text("x")
	long := strings.Repeat("i", 70)
	idChanged := []string{"changed messages[1].parts[0].id", "changed messages[2].parts[0].call_id"}
	pair := func(calls []model.Part, results ...model.Part) model.Request {
		r := talk(model.User("hi"), assistant(calls...), user(results...))
		r.Tools = []model.Tool{okTool}
		return r
	}
	kimi := with(noFacts(), func(f *facts.Facts) { f.Turns.ToolIDPattern = `[a-zA-Z0-9_.:-]+` })
	check(t, []row{
		{name: "legal", req: called(call("c-1_X"), result("c-1_X", x)), want: calledBy("", "c-1_X")},
		{name: "illegal letters", req: called(call("call_1|fc_2"), result("call_1|fc_2", x)), want: calledBy("", "call_1_fc_2_263664fa"), says: idChanged},
		{name: "too long", req: called(call(long), result(long, x)), want: calledBy("", strings.Repeat("i", 55)+"_07d2ee6e"), says: idChanged},
		{name: "a model's own letters", facts: kimi, req: called(call("functions.f:0"), result("functions.f:0", x)), want: calledBy("", "functions.f:0")},
		{
			name: "a name with a dot", req: called(named("a.b"), result("c1", x)), says: []string{"changed messages[1].parts[0].name"},
			want: `user["hi"] assistant[call(c1 a_b {"q":"x"})] user[result(c1 "x")] tool(ok)`,
		},
		{
			name: "a name of 65 letters", req: called(named(strings.Repeat("n", 65)), result("c1", x)), says: []string{"changed messages[1].parts[0].name"},
			want: `user["hi"] assistant[call(c1 ` + strings.Repeat("n", 64) + ` {"q":"x"})] user[result(c1 "x")] tool(ok)`,
		},
		{
			name: "a name of no ASCII letter", req: called(named("ä"), result("c1", x)), says: []string{"changed messages[1].parts[0].name"},
			want: `user["hi"] assistant[call(c1 _ {"q":"x"})] user[result(c1 "x")] tool(ok)`,
		},
		{
			name: "two calls of one id", req: pair([]model.Part{call("c"), call("c")}, result("c", x), result("c", model.Text("y"))),
			want: `user["hi"] assistant[call(c ok {"q":"x"}) call(c_2 ok {"q":"x"})] user[result(c "x") result(c_2 "y")] tool(ok)`,
			says: []string{"changed messages[1].parts[1].id", "changed messages[2].parts[1].call_id"},
		},
		{
			name: "three calls of one id", req: pair([]model.Part{call("c"), call("c"), call("c")}, result("c", x), result("c", x), result("c", x)),
			want: `user["hi"] assistant[call(c ok {"q":"x"}) call(c_2 ok {"q":"x"}) call(c_3 ok {"q":"x"})] user[result(c "x") result(c_2 "x") result(c_3 "x")] tool(ok)`,
			says: []string{"changed messages[1].parts[1].id", "changed messages[1].parts[2].id", "changed messages[2].parts[1].call_id", "changed messages[2].parts[2].call_id"},
		},
		{
			name: "two results of one call", req: pair([]model.Part{call("c")}, result("c", x), result("c", model.Text("y"))),
			want: `user["hi"] assistant[call(c ok {"q":"x"})] user[result(c "x" "y")] tool(ok)`, says: []string{"moved messages[2].parts[1]"},
		},
		{
			name: "an id of an earlier turn", req: func() model.Request {
				r := called(call("c"), result("c", x))
				r.Messages = append(r.Messages, assistant(call("c")), user(result("c", x)))
				return r
			}(),
			want: `user["hi"] assistant[call(c ok {"q":"x"})] user[result(c "x")] assistant[call(c_2 ok {"q":"x"})] user[result(c_2 "x")] tool(ok)`,
			says: []string{"changed messages[3].parts[0].id", "changed messages[4].parts[0].call_id"},
		},
		{name: "a call without a result", req: pair([]model.Part{call("c")}, x), says: []string{"refused invalid request messages[1].parts[0]"}},
		{name: "a call at the end", req: func() model.Request {
			r := talk(model.User("hi"), assistant(call("c")))
			r.Tools = []model.Tool{okTool}
			return r
		}(), says: []string{"refused invalid request messages[1].parts[0]"}},
		{
			name: "a call without a result, filled", in: plan.Input{FillResults: true}, req: pair([]model.Part{call("c")}, x),
			want: `user["hi"] assistant[call(c ok {"q":"x"})] user[result(c "(no result)" error) "x"] tool(ok)`,
			says: []string{"changed messages[1].parts[0]", "moved messages[1].parts[0]"},
		},
		{
			name: "a call at the end, filled", in: plan.Input{FillResults: true}, req: func() model.Request {
				r := talk(model.User("hi"), assistant(call("c")))
				r.Tools = []model.Tool{okTool}
				return r
			}(),
			want: `user["hi"] assistant[call(c ok {"q":"x"})] user[result(c "(no result)" error)] tool(ok)`, says: []string{"changed messages[1].parts[0]"},
		},
		{name: "a result without a call", req: called(call("c"), result("c", x), result("d", x)), says: []string{"refused invalid request messages[2].parts[1]"}},
		{
			name: "a result without a call, filled", in: plan.Input{FillResults: true}, req: called(call("c"), result("c", x), result("d", model.Text("y"))),
			want: `user["hi"] assistant[call(c ok {"q":"x"})] user[result(c "x") "(tool result: y)"] tool(ok)`, says: []string{"changed messages[2].parts[1]"},
		},
		{
			name: "no tools", req: talk(model.User("hi"), assistant(call("a b")), user(result("a b", x, model.JSON(`{"n":1}`), picture))),
			want: `user["hi"] assistant["(tool call: ok {\"q\":\"x\"})"] user["(tool result: x\n{\"n\":1})" image(image/png PNG)]`,
			says: []string{"changed messages[1].parts[0]", "changed messages[2].parts[0]"},
		},
		{
			name: "an input that is no object", req: called(model.ToolCall{ID: "c1", Name: "ok", InvalidInput: `{"a`}, result("c1", x)),
			want: `user["hi"] assistant[call(c1 ok {"invalid_input":"{\"a"})] user[result(c1 "x")] tool(ok)`, says: []string{"changed messages[1].parts[0].input"},
		},
		{
			name: "any input for OpenAI", format: plan.OpenAI("max_tokens"), facts: noFacts(), req: called(model.ToolCall{ID: "c1", Name: "ok", InvalidInput: `{"a`}, result("c1", x)),
			want: `user["hi"] assistant[call(c1 ok {"a)] user[result(c1 "x")] tool(ok)`,
		},
	})
}

// TestIDsStay checks that what an id becomes does not change as the
// conversation grows.
func TestIDsStay(t *testing.T) {
	r := model.Request{Messages: []model.Message{model.User("hi")}, Tools: []model.Tool{okTool}}
	last := ""
	for _, id := range []string{"c", "c", "c_2", "a b", "c", "a_b_806c5cd3", "c_2"} {
		r.Messages = append(r.Messages, assistant(call(id)), user(result(id, model.Text("x"))))
		p, err := plan.New(&r, plan.Input{Facts: claude(), Format: plan.Converse()})
		if err != nil {
			t.Fatal(err)
		}
		p.Tools = nil
		now := show(p)
		if !strings.HasPrefix(now, last) {
			t.Errorf("with %q the history became\n%s\nfrom\n%s", id, now, last)
		}
		last = now
	}
}

// TestPlaces checks where system messages, results, texts and cache points go.
func TestPlaces(t *testing.T) {
	x, cp := model.Text("x"), model.CachePoint{}
	late := talk(model.System("s"), model.User("u"), model.Assistant("a"), model.System("late"), model.User("v"))
	prefilled := talk(model.User("u"), model.Assistant("a "))
	noText := with(noFacts(), func(f *facts.Facts) { f.Tools.TextWithResult, f.Tools.TextWithCall, f.Results.Image = no, no, no })
	check(t, []row{
		{name: "a late system message", req: late, want: `system["s"] user["u"] assistant["a"] user["late" "v"]`, says: []string{"changed messages[3]"}},
		{name: "a late system message where it may stand", facts: with(claude(), func(f *facts.Facts) { f.Turns.SystemBetween = yes }), req: late, want: `system["s"] user["u"] assistant["a"] system["late"] user["v"]`},
		{name: "a late system message for OpenAI", format: plan.OpenAI("max_tokens"), facts: noFacts(), req: late, want: `system["s"] user["u"] assistant["a"] system["late"] user["v"]`},
		{
			name: "a late system message before results", req: func() model.Request {
				r := called(call("c"), result("c", x))
				r.Messages = append(r.Messages[:2:2], model.System("late"), r.Messages[2])
				return r
			}(),
			want: `user["hi"] assistant[call(c ok {"q":"x"})] user[result(c "x") "late"] tool(ok)`, says: []string{"changed messages[2]", "moved messages[3].parts[0]"},
		},
		{name: "no system prompt", facts: with(claude(), func(f *facts.Facts) { f.Turns.System = no }), req: talk(model.System("s"), model.User("u")), want: `user["s" "u"]`, says: []string{"changed messages[0]"}},
		{name: "the assistant first", req: talk(model.Assistant("a"), model.User("u")), want: `assistant["a"] user["u"]`},
		{name: "the assistant first, where it cannot", facts: with(claude(), func(f *facts.Facts) { f.Turns.AssistantFirst = no }), req: talk(model.Assistant("a"), model.User("u")), want: `user["(the assistant begins)"] assistant["a"] user["u"]`, says: []string{"changed messages[0]"}},
		{name: "prefill", req: prefilled, want: `user["u"] assistant["a"]`, says: []string{"changed messages[1].parts[0]"}},
		{name: "prefill where there is none", facts: with(claude(), func(f *facts.Facts) { f.Turns.Prefill = no }), req: prefilled, says: []string{"refused unsupported messages[1]"}},
		{
			name: "results first", req: called(call("c"), x, result("c", x), model.Text("y")),
			want: `user["hi"] assistant[call(c ok {"q":"x"})] user[result(c "x") "x" "y"] tool(ok)`, says: []string{"moved messages[2].parts[1]"},
		},
		{
			name: "results first, and what a point covers", req: called(call("c"), x, result("c", x), cp, model.Text("y")),
			want: `user["hi"] assistant[call(c ok {"q":"x"})] user[result(c "x") "x"| "y"] tool(ok)`, says: []string{"moved messages[2].parts[1]"},
		},
		{
			name: "text into the result", facts: noText, req: called(call("c"), result("c", x), model.Text("y"), picture),
			want: `user["hi"] assistant[call(c ok {"q":"x"})] user[result(c "x" "y") image(image/png PNG)] tool(ok)`, says: []string{"moved messages[2].parts[1]"},
		},
		{
			name: "an image out of the result", facts: noText, req: called(call("c"), result("c", x, picture)),
			want: `user["hi"] assistant[call(c ok {"q":"x"})] user[result(c "x") image(image/png PNG)] tool(ok)`, says: []string{"moved messages[2].parts[0].parts[1]"},
		},
		{
			name: "an image alone out of the result", format: plan.OpenAI("max_tokens"), facts: noFacts(), req: called(call("c"), result("c", picture)),
			want: `user["hi"] assistant[call(c ok {"q":"x"})] user[result(c "(no output)") image(image/png PNG)] tool(ok)`,
			says: []string{"moved messages[2].parts[0].parts[0]", "changed messages[2].parts[0]"},
		},
		{
			name: "text beside calls", facts: noText, req: func() model.Request {
				r := talk(model.User("hi"), assistant(x, call("c")), user(result("c", x)))
				r.Tools = []model.Tool{okTool}
				return r
			}(),
			want: `user["hi"] assistant[call(c ok {"q":"x"})] user[result(c "x")] tool(ok)`, says: []string{"dropped messages[1].parts[0]"},
		},
		{name: "adjacent turns of one role", req: talk(model.User("a"), model.User("b"), assistant(), model.User("c")), want: `user["a" "b" "c"]`, says: []string{"dropped messages[2]"}},
		{name: "a blank last turn", req: talk(model.User("a"), model.Assistant("b"), model.User(" ")), says: []string{"dropped messages[2].parts[0]", "refused invalid request messages[2]"}},

		{name: "a first cache point", req: talk(user(cp, x)), want: `user["x"]`, says: []string{"dropped messages[0].parts[0]"}},
		{name: "a first cache point behind a system prompt", req: talk(model.System("s"), user(cp, x)), want: `system["s"|] user["x"]`, says: []string{"moved messages[1].parts[0]"}},
		{name: "a first cache point of a later turn", req: talk(model.User("u"), model.Assistant("a"), user(cp, x)), want: `user["u"] assistant["a"|] user["x"]`, says: []string{"moved messages[2].parts[0]"}},
		{name: "a system prompt that begins with one", req: talk(system(cp, x), model.User("u")), want: `system["x"] user["u"]`, says: []string{"dropped messages[0].parts[0]"}},
		{name: "left first by blank text", req: talk(user(model.Text(" "), cp, x)), want: `user["x"]`, says: []string{"dropped messages[0].parts[0]", "dropped messages[0].parts[1]"}},
		{
			name: "left first by unsigned thinking", req: talk(model.User("u"), assistant(model.Thinking{Text: "t"}, cp, x), model.User("v")), want: `user["u"|] assistant["x"] user["v"]`,
			says: []string{"dropped messages[1].parts[0]", "moved messages[1].parts[1]"},
		},
		{name: "white space between a document and a point", req: talk(user(model.Document{Name: "d", MediaType: "text/plain", Data: []byte("t")}, model.Text("\n"), cp, x)), want: `user[document(d text/plain t) "\n"| "x"]`},
		{name: "straight after a document", req: talk(user(x, model.Document{Name: "d", MediaType: "text/plain", Data: []byte("t")}, cp)), want: `user["x"| document(d text/plain t)]`, says: []string{"moved messages[0].parts[2]"}},
		{name: "straight after a document in Anthropic's format", format: plan.Anthropic(4096), req: talk(user(x, model.Document{Name: "d", MediaType: "text/plain", Data: []byte("t")}, cp)), want: `user["x" document(d text/plain t)|] max=4096`},
	})
}

// TestOtherModels checks what becomes of parts that a model or format has no
// place for.
func TestOtherModels(t *testing.T) {
	x := model.Text("x")
	video := model.Video{MediaType: "video/mp4", Data: []byte("v")}
	blind := with(noFacts(), func(f *facts.Facts) {
		f.Model, f.Input = "Blind", facts.Media{Image: no, Document: no, Video: no, Audio: no}
	})
	sealed := func(made string) model.Request {
		return talk(model.User("u"), assistant(model.Thinking{Redacted: []byte("r"), Model: made}, x), model.User("v"))
	}
	known := func(id string) *facts.Facts {
		f := facts.Lookup(id)
		return &f
	}
	bound := with(claude(), func(f *facts.Facts) { f.Thinking.Bound.Model = true })
	prompt := plan.Prompt("llama3", plan.Members{Messages: "prompt"}, false, func(s string) (string, bool) { return "<|", strings.Contains(s, "<|") })
	const kept = `user["u"] assistant[thinking(r) "x"] user["v"]`
	const gone = `user["u"] assistant["x"] user["v"]`
	dropped := []string{"dropped messages[1].parts[0]"}
	web := model.Citation{Title: "T", Location: model.CitationLocation{Kind: model.LocationWeb, URL: "u"}}
	check(t, []row{
		{name: "an image of an earlier turn", facts: blind, req: talk(user(x, picture), model.Assistant("a"), model.User("v")), want: `user["x" "(image: image/png)"] assistant["a"] user["v"]`, says: []string{"changed messages[0].parts[1]"}},
		{name: "an image of the last turn", facts: blind, req: talk(user(x, picture)), says: []string{"refused unsupported messages[0].parts[1]"}},
		{name: "an image before a prefill", facts: blind, req: talk(user(x, picture), model.Assistant("a")), says: []string{"refused unsupported messages[0].parts[1]"}},
		{name: "an image in an earlier result", facts: blind, req: func() model.Request {
			r := called(call("c"), result("c", picture))
			r.Messages = append(r.Messages, model.Assistant("a"), model.User("v"))
			return r
		}(), want: `user["hi"] assistant[call(c ok {"q":"x"})] user[result(c "(image: image/png)")] assistant["a"] user["v"] tool(ok)`, says: []string{"changed messages[2].parts[0].parts[0]"}},
		{name: "a video of an earlier turn for Claude", req: talk(user(x, video), model.Assistant("a"), model.User("v")), want: `user["x" "(video: video/mp4)"] assistant["a"] user["v"]`, says: []string{"changed messages[0].parts[1]"}},
		{name: "an image of the assistant's", req: talk(model.User("u"), assistant(x, picture), model.User("v")), want: `user["u"] assistant["x" "(image: image/png)"] user["v"]`, says: []string{"changed messages[1].parts[1]"}},
		{name: "no tools", facts: with(noFacts(), func(f *facts.Facts) { f.Tools.Use = no }), req: called(call("c"), result("c", x)), says: []string{"refused unsupported tools"}},

		{name: "an image in its address", req: talk(user(x, model.Image{URI: "DATA:image/png;base64,iVBORw0KGgo"})), want: `user["x" image(image/png PNG)]`},
		{
			name: "white space before a point that is dropped", facts: with(claude(), func(f *facts.Facts) { f.Cache.AfterDocument, f.Cache.Points = no, no }),
			req: talk(user(model.Document{Name: "d", MediaType: "application/pdf", Data: []byte("d")}, model.Text("\n"), model.CachePoint{}, x)), want: `user[document(d application/pdf d) "x"]`,
			says: []string{"dropped messages[0].parts[2]", "dropped messages[0].parts[1]"},
		},
		{name: "its own thinking", facts: bound, req: sealed("anthropic.claude-sonnet-4-5-20250929-v1:0"), want: kept},
		{name: "thinking of nobody known", facts: bound, req: sealed(""), want: kept},
		{name: "a sibling's thinking", facts: bound, req: sealed("anthropic.claude-opus-5"), want: gone, says: dropped},
		{name: "a sibling's thinking, not bound", req: sealed("anthropic.claude-opus-5"), want: kept},
		{name: "another maker's thinking", req: sealed("openai.gpt-5.6-sol"), want: gone, says: dropped},
		{name: "another generation's thinking", facts: with(claude(), func(f *facts.Facts) { f.Thinking.Bound.Generation = true }), req: sealed("anthropic.claude-sonnet-5"), want: gone, says: dropped},
		{name: "redacted by a model that seals nothing", facts: known("openai.gpt-5.6-sol"), req: sealed("openai.gpt-oss-120b-1:0"), want: gone, says: dropped},
		{name: "redacted by a model not known that seals nothing", facts: known("openai.gpt-6-astra"), req: sealed("openai.gpt-oss-240b-1:0"), want: gone, says: dropped},
		{name: "sealed, for a model that seals nothing", facts: known("openai.gpt-oss-120b-1:0"), req: sealed("openai.gpt-5.6-sol"), want: gone, says: dropped},
		{name: "redacted among models that seal nothing", facts: known("openai.gpt-oss-120b-1:0"), req: sealed("openai.gpt-oss-20b-1:0"), want: kept},
		{name: "sealed among models that seal", facts: known("openai.gpt-6-astra"), req: sealed("openai.gpt-5.6-sol"), want: kept},
		{name: "unsigned thinking", req: talk(model.User("u"), assistant(model.Thinking{Text: "t"}, x), model.User("v")), want: gone, says: dropped},
		{name: "another provider's thinking", req: talk(model.User("u"), assistant(model.Thinking{Text: "t", Signature: "s", Provider: "other"}, x), model.User("v")), want: gone, says: dropped},
		{name: "unsigned thinking where it may", facts: noFacts(), req: talk(model.User("u"), assistant(model.Thinking{Text: "t", Model: "openai.gpt-oss-120b-1:0"}, x), model.User("v")), want: `user["u"] assistant[thinking(t) "x"] user["v"]`},
		{name: "another provider's block", req: talk(model.User("u"), assistant(model.Opaque{Provider: "other", Kind: "k", Data: json.RawMessage(`{}`)}, x), model.User("v")), want: gone, says: dropped},

		{
			name: "citations of Anthropic's format", facts: noFacts(), req: talk(model.User("u"), assistant(model.CitedText{Text: "t", Citations: []model.Citation{web,
				{Location: model.CitationLocation{Kind: "new_location", Data: json.RawMessage(`{"type":"new_location"}`)}},
				{Location: model.CitationLocation{Kind: "newer", Data: json.RawMessage(`{"type":"t"}`)}}}}), model.User("v")),
			want: `user["u"] assistant[cited("t" 2)] user["v"]`, says: []string{"dropped messages[1].parts[0].citations"},
		},
		{name: "white space at the ends of a prompt's turns", format: prompt, req: talk(user(model.Text(" u "), model.Text("w\n")), model.Assistant(" a "), model.User("v")), want: `user["u " "w"] assistant[" a"] user["v"]`,
			says: []string{"changed messages[0].parts[0]", "changed messages[0].parts[1]", "changed messages[1].parts[0]"}},
		{name: "citations without text", facts: noFacts(), req: talk(model.User("u"), assistant(x, model.CitedText{Citations: []model.Citation{web}}), model.User("v")), want: `user["u"] assistant["x" cited("" 1)] user["v"]`},
		{
			name: "citations in Anthropic's format", format: plan.Anthropic(1), req: talk(model.User("u"), assistant(model.CitedText{Text: "t", Citations: []model.Citation{web, {Location: model.CitationLocation{Kind: model.LocationSearchResult}}}}), model.User("v")),
			want: `user["u"] assistant[cited("t" 1)] user["v"] max=1`, says: []string{"dropped messages[1].parts[0].citations"},
		},
		{name: "a search result as text", format: plan.OpenAI("m"), facts: noFacts(), req: talk(user(model.SearchResult{Source: "s", Title: "t", Content: []string{"c"}})), want: `user["(search result: t s\nc)"]`, says: []string{"changed messages[0].parts[0]"}},
		{name: "guard content without a guardrail", format: plan.OpenAI("m"), facts: noFacts(), req: talk(user(model.Guard{Text: "g"})), want: `user["g"]`, says: []string{"changed messages[0].parts[0]"}},
		{
			name: "guard content in tags", format: plan.OpenAI("m"), facts: noFacts(), req: talk(user(model.Guard{Text: "g", Qualifiers: []string{"query"}})), in: plan.Input{Settings: plan.Settings{Guardrail: &plan.Guardrail{ID: "i", Version: "1"}}},
			want: `user["<amazon-bedrock-guardrails-query_055dfab33474ced7c75b>g</amazon-bedrock-guardrails-query_055dfab33474ced7c75b>"]`,
		},
		{name: "guard content where no guardrail works", facts: with(noFacts(), func(f *facts.Facts) { f.Guardrails = no }), req: talk(user(model.Guard{Text: "g"})), want: `user["g"]`, says: []string{"changed messages[0].parts[0]"}},
		{
			name: "a guardrail where none works", facts: with(noFacts(), func(f *facts.Facts) { f.Guardrails = no }), req: talk(model.User("u")), in: plan.Input{Settings: plan.Settings{Guardrail: &plan.Guardrail{ID: "i", Version: "1"}}},
			says: []string{"refused unsupported provider_options.guardrail"},
		},

		{
			name: "a prompt", format: prompt, facts: noFacts(), req: talk(model.System("s"), model.User("u"), assistant(call("c"), model.Thinking{Text: "t"}), user(result("c", x))),
			want: `system["s"] user["u"] assistant["(tool call: ok {\"q\":\"x\"})"] user["(tool result: x)"]`,
			says: []string{"changed messages[2].parts[0]", "dropped messages[2].parts[1]", "changed messages[3].parts[0]"},
		},
		{name: "a control token", format: prompt, facts: noFacts(), req: talk(model.User("a<|b")), says: []string{"refused invalid request messages[0]"}},
		{
			name: "a control token in an answer", format: prompt, facts: noFacts(), req: talk(model.User("u"), model.Assistant("a<|b"), model.User("v")),
			want: `user["u"] assistant["ab"] user["v"]`, says: []string{"changed messages[1].parts[0]"},
		},
		{name: "tools in a prompt", format: prompt, facts: noFacts(), req: model.Request{Tools: []model.Tool{okTool}}, says: []string{"refused unsupported tools"}},
	})
}

// TestServerTools checks the calls and results of tools that the service runs.
func TestServerTools(t *testing.T) {
	history := func(kind string, parts ...model.Part) model.Request {
		r := talk(model.User("u"), assistant(model.ServerToolCall{ID: "s1", Name: "search", Input: json.RawMessage(`{}`)}, model.ServerToolResult{CallID: "s1", Kind: kind, Parts: parts}, model.Text("x")), model.User("v"))
		r.Tools = []model.Tool{okTool}
		return r
	}
	j := model.JSON(`{"a":1}`)
	check(t, []row{
		{name: "on Converse", facts: noFacts(), req: history("nova_result", j), want: `user["u"] assistant[servercall(s1) serverresult(s1) "x"] user["v"] tool(ok)`},
		{name: "of this format", format: plan.Anthropic(1), req: history("web_search_tool_result", j), want: `user["u"] assistant[servercall(s1) serverresult(s1) "x"] user["v"] tool(ok) max=1`},
		{name: "of another format", format: plan.Anthropic(1), req: history("nova_result", j), want: `user["u"] assistant["x"] user["v"] tool(ok) max=1`, says: []string{"dropped messages[1].parts[1]", "dropped messages[1].parts[0]"}},
		{name: "for a model without", facts: with(noFacts(), func(f *facts.Facts) { f.Tools.Server = no }), req: history("nova_result", j), want: `user["u"] assistant["x"] user["v"] tool(ok)`, says: []string{"dropped messages[1].parts[0]", "dropped messages[1].parts[1]"}},
		{
			name: "as text", format: plan.OpenAI("m"), facts: noFacts(), req: history("nova_result", j), want: `user["u"] assistant["(tool call: search {})" "(tool result: {\"a\":1})" "x"] user["v"] tool(ok)`,
			says: []string{"changed messages[1].parts[0]", "changed messages[1].parts[1]"},
		},
	})
}
