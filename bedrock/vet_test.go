package bedrock_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/model"
)

// vetted writes findings without their reasons: the calls unless both, what
// would be done, the field and the fact.
func vetted(r *bedrock.VetReport) []string {
	all := []string{}
	for _, f := range r.Findings {
		line := ""
		if len(f.Calls) == 1 {
			line = f.Calls[0] + ": "
		}
		line += strings.TrimSpace(string(f.Action)+" "+string(f.Kind)) + " " + f.Field
		if f.Fact != "" {
			line += " by " + f.Fact
		}
		all = append(all, line)
	}
	return all
}

func TestVet(t *testing.T) {
	guard := &bedrock.Guardrail{ID: "g", Version: "1", StreamMode: "sync\x01"}
	for _, row := range []struct {
		name    string
		model   string
		options *bedrock.Options
		req     model.Request
		door    string
		sibling bool
		refused bool
		want    []string
	}{
		{name: "as it is", model: claude45, req: talk(model.User("Hi")), door: "converse"},
		{name: "dropped", model: claude47, req: with(talk(model.User("Hi")), func(r *model.Request) { r.Temperature = new(0.5) }), door: "converse",
			want: []string{"dropped temperature by sampling.temperature"}},
		{name: "every problem, not the first", model: claude47, req: with(withWeather(model.User("Hi")), func(r *model.Request) {
			r.Temperature, r.TopP, r.StopSequences = new(0.5), new(0.5), []string{"a", " "}
			r.Messages = append(r.Messages, model.Assistant("So"))
		}), door: "converse", refused: true, want: []string{
			"unsupported messages[1] by turns.prefill",
			"dropped temperature by sampling.temperature",
			"dropped top_p by sampling.top_p",
			"invalid request stop_sequences[1]",
		}},
		{name: "in streams only", model: llama, req: withWeather(model.User("Hi")), door: "converse",
			want: []string{"stream: changed stream by tools.streaming"}},
		{name: "over InvokeModel", model: claude45, options: &bedrock.Options{Format: bedrock.FormatAuto},
			req: talk(user(model.Text("x"), model.Video{MediaType: "video/mp4", Data: []byte("x")})), door: "invoke anthropic", refused: true,
			want: []string{"unsupported messages[0].parts[1]"}},
		{name: "a sibling's facts", model: "us.anthropic.claude-opus-99", req: talk(model.User("Hi")), door: "converse", sibling: true,
			want: []string{"changed model"}},
		{name: "a model behind an ARN", model: profileARN, options: &bedrock.Options{BaseModel: claude47},
			req: with(talk(model.User("Hi")), func(r *model.Request) { r.TopK = 3 }), door: "converse",
			want: []string{"dropped top_k by sampling.top_k"}},
		{name: "settings", model: claude45, req: with(extra(bedrock.ProviderOptions{Guardrail: guard}), func(r *model.Request) { r.Messages = hi }), door: "converse", refused: true,
			want: []string{"invalid request provider_options.guardrail.stream_mode"}},
		{name: "no request", model: claude45, door: "converse", refused: true, want: []string{"invalid request "}},
	} {
		t.Run(row.name, func(t *testing.T) {
			req := &row.req
			if row.name == "no request" {
				req = nil
			}
			before := req.Clone()
			r, err := bedrock.Vet(row.model, req, row.options)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(append([]string{}, row.want...), vetted(r)); diff != "" {
				t.Errorf("findings (-want +got):\n%s\n%s", diff, r)
			}
			if r.ModelID != row.model || r.Door != row.door || (r.Sibling != "") != row.sibling || r.Refused() != row.refused {
				t.Errorf("report on %s by %s, sibling %q, refused %t", r.ModelID, r.Door, r.Sibling, r.Refused())
			}
			for _, f := range r.Findings {
				if f.Reason == "" || f.Advice == "" || len(f.Calls) == 0 || (f.Kind == "") == (f.Action == "") {
					t.Errorf("finding %+v: it wants a reason, advice, a call, and to be a change or a refusal", f)
				}
				if f.Fact != "" && (f.Source == nil || f.Source.Name != f.Fact || f.Source.Text == "" || f.Source.Date.IsZero()) {
					t.Errorf("finding %+v: source %+v, want one of that fact with a date", f, f.Source)
				}
			}
			if diff := cmp.Diff(before, req); diff != "" {
				t.Errorf("the request was modified (-before +after):\n%s", diff)
			}
		})
	}
}

// TestVetOverridden checks that the caller is named as the source of what the
// caller has set.
func TestVetOverridden(t *testing.T) {
	req := talk(model.User("Hi"))
	req.TopP = new(0.5)
	r, err := bedrock.Vet(claude45, &req, &bedrock.Options{Facts: func(f *facts.Facts) { f.Sampling.TopP = facts.SupportNo }})
	if err != nil || len(r.Findings) != 1 || r.Findings[0].Source == nil {
		t.Fatalf("Vet = %v, %v, want one finding with a source", r, err)
	}
	want := facts.Source{Name: "sampling.top_p", Value: "no", Grade: facts.GradeOverride, Text: "set by the caller", Before: "yes"}
	if *r.Findings[0].Source != want {
		t.Errorf("source = %+v, want %+v", *r.Findings[0].Source, want)
	}
}

// TestVetJSON writes a report for programs.
func TestVetJSON(t *testing.T) {
	req := talk(model.User("Hi"))
	req.Temperature = new(0.5)
	r, err := bedrock.Vet(claude47, &req, nil)
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		ModelID  string `json:"model_id"`
		Door     string
		Refused  *bool
		Findings []struct {
			Calls                               []string
			Action, Kind, Field, Reason, Advice string
			Fact                                string
			Source                              map[string]any
		}
	}
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if got.ModelID != claude47 || got.Door != "converse" || got.Refused == nil || *got.Refused || len(got.Findings) != 1 {
		t.Fatalf("JSON = %s", data)
	}
	f := got.Findings[0]
	if fmt.Sprint(f.Calls) != "[generate stream]" || f.Action != "dropped" || f.Kind != "" || f.Field != "temperature" || f.Fact != "sampling.temperature" || f.Reason == "" || f.Advice == "" {
		t.Errorf("finding in JSON = %s", data)
	}
	if date, err := time.Parse(time.RFC3339, fmt.Sprint(f.Source["date"])); err != nil || date.IsZero() || f.Source["grade"] == nil || f.Source["text"] == nil {
		t.Errorf("source in JSON = %v", f.Source)
	}
	sent, err := bedrock.Vet(claude45, new(talk(model.User("Hi"))), nil)
	if err != nil {
		t.Fatal(err)
	}
	if data, err := json.Marshal(sent); err != nil || string(data) != `{"model_id":"`+claude45+`","door":"converse","findings":[],"refused":false}` {
		t.Errorf("JSON of nothing found = %s, %v", data, err)
	}
}

// TestVetArguments: wrong arguments are errors, not findings.
func TestVetArguments(t *testing.T) {
	req := talk(model.User("Hi"))
	for name, call := range map[string]func() (*bedrock.VetReport, error){
		"no id": func() (*bedrock.VetReport, error) { return bedrock.Vet("", &req, nil) },
		"no format": func() (*bedrock.VetReport, error) {
			return bedrock.Vet(claude45, &req, &bedrock.Options{Format: "harmony"})
		},
		"unknown format": func() (*bedrock.VetReport, error) {
			return bedrock.Vet(profileARN, &req, &bedrock.Options{Format: bedrock.FormatAuto})
		},
	} {
		if r, err := call(); r != nil || !errors.Is(err, model.ErrInvalidRequest) {
			t.Errorf("%s: Vet = %v, %v, want an invalid request", name, r, err)
		}
	}
}

// TestVetIsWhatHappens compares the report with the warnings and errors of the
// calls themselves, for every row of the mapping tests.
func TestVetIsWhatHappens(t *testing.T) {
	for _, g := range mappingGroups() {
		for _, c := range g.cases {
			for _, id := range c.models {
				r, err := bedrock.Vet(id, c.req, nil)
				if err != nil {
					t.Fatal(err)
				}
				unary, streamed := callBoth(t, id, c.req)
				for _, o := range []outcome{unary, streamed} {
					var warns []string
					refused := false
					for _, f := range r.Findings {
						if !strings.Contains(fmt.Sprint(f.Calls), o.op) {
							continue
						}
						refused = refused || f.Kind != ""
						warns = append(warns, fmt.Sprintf("%s %s: %s", f.Action, f.Field, f.Reason))
					}
					if refused != (o.err != nil) {
						t.Errorf("%s, %s, %s: refused %t, the call: %v", g.name, c.name, o.op, refused, o.err)
					}
					if refused {
						continue
					}
					var got []string
					for _, w := range o.resp.Warnings {
						got = append(got, fmt.Sprintf("%s %s: %s", w.Action, w.Field, w.Reason))
					}
					if diff := cmp.Diff(sorted(got), sorted(warns)); diff != "" {
						t.Errorf("%s, %s, %s (-call +report):\n%s", g.name, c.name, o.op, diff)
					}
				}
			}
		}
	}
}

func ExampleVet() {
	req := &model.Request{
		Messages:    []model.Message{model.User("Hello")},
		Temperature: new(0.2),
	}
	report, err := bedrock.Vet("us.anthropic.claude-opus-4-7", req, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range report.Findings {
		fmt.Println(f.Action, f.Field)
		fmt.Println(f.Fact, "=", f.Source.Value, "by", f.Source.Grade)
	}
	fmt.Println("refused:", report.Refused())
	// Output:
	// dropped temperature
	// sampling.temperature = no by probe
	// refused: false
}
