package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// prefixes are how the ids of each group begin.
var prefixes = map[string]string{
	"basics": "BAS", "streaming": "STR", "tools": "TOL", "thinking": "THK", "caching": "CAC", "multimodal": "MUL",
	"structured": "SCH", "errors": "ERR", "cancellation": "CAN", "concurrency": "CON", "serialisation": "SER", "recordings": "REC",
}

func TestCasesAreSound(t *testing.T) {
	all := AllCapabilities()
	all.HTTP = true // which the fake has nothing to do with
	identifier := regexp.MustCompile(`^[A-Z][A-Za-z0-9]+$`)
	count := map[string]int{}
	names := map[string]bool{}
	for _, c := range Cases() {
		count[c.Group]++
		if want := ID(fmt.Sprintf("%s-%02d", prefixes[c.Group], count[c.Group])); c.ID != want {
			t.Errorf("case %s/%s has the id %s, want %s", c.Group, c.Name, c.ID, want)
		}
		if key := c.Group + "/" + c.Name; names[key] || !identifier.MatchString(c.Name) {
			t.Errorf("%s is no name for a case, or not the only one of that name", key)
		}
		names[c.Group+"/"+c.Name] = true
		if c.Rule == "" || strings.HasSuffix(c.Rule, ".") || len(c.Rule) > 220 {
			t.Errorf("%s has the rule %q", c.ID, c.Rule)
		}
		if want := "conformance/internal/" + c.Group + "/"; !strings.HasPrefix(c.Where(), want) {
			t.Errorf("%s is at %s, want %s", c.ID, c.Where(), want)
		}
		for _, need := range append(slices.Clone(c.Needs), c.Unless) {
			if need != "" && !all.claim(need) {
				t.Errorf("%s needs %q, which is no capability", c.ID, need)
			}
		}
	}
	if n := len(Cases()); n < 100 {
		t.Errorf("%d cases, want at least 100", n)
	}
	t.Log(count)
}

// What a request can ask for has a case for those who claim it and one for
// those who don't.
func TestRefusalsAreChecked(t *testing.T) {
	refused := map[Capability]bool{}
	for _, c := range Cases() {
		refused[c.Unless] = true
	}
	for _, need := range []probe.Capability{probe.Tools, probe.ForcedTools, probe.ForcedToolsThink, probe.StructuredOutput, probe.StopSequences, probe.Thinking,
		probe.PromptCaching, probe.Images, probe.Documents, probe.Video, probe.Audio, probe.TokenCounting} {
		if !refused[Capability(need)] {
			t.Errorf("no case for models without %s", need)
		}
	}
}

func TestReportHasEveryCaseOnce(t *testing.T) {
	s := referenceSubject()
	report := Check(t.Context(), s)
	if err := report.Err(); err != nil {
		t.Fatal(err)
	}
	cases := Cases()
	if len(report.Results) != len(cases) {
		t.Fatalf("%d results, want %d", len(report.Results), len(cases))
	}
	for i, r := range report.Results {
		if r.ID != cases[i].ID || r.Rule != cases[i].Rule || r.Status == "" {
			t.Errorf("result %d is %s %q, want that of %s", i, r.ID, r.Status, cases[i].ID)
		}
		if (r.Status == Skipped || r.Status == Gap) && r.Reason == "" {
			t.Errorf("%s is %s without a reason", r.ID, r.Status)
		}
	}
	if report.Count(Passed) < 180 {
		t.Errorf("%d cases passed, want at least 180", report.Count(Passed))
	}
}

// results returns the results by id.
func resultsOf(r *Report) map[ID]Result {
	all := map[ID]Result{}
	for _, res := range r.Results {
		all[res.ID] = res
	}
	return all
}

func TestGaps(t *testing.T) {
	s := referenceSubject()
	s.New = func(_ *Env, script *fake.Model) (model.ChatModel, error) { // trims what is said
		return &wrapper{inner: reference(script), response: inAnswer(each(func(p model.Text) []model.Part {
			return keep(model.Text(strings.TrimSpace(string(p))))
		}))}, nil
	}
	s.Gaps = map[ID]string{
		"BAS-01": "it trims",          // fails, as declared
		"BAS-02": "it was odd once",   // passes
		"BAS-03": "",                  // no reason
		"BAS-16": "not claimed",       // does not apply
		"XYZ-01": "nobody knows this", // no case
	}
	report := Check(t.Context(), s)
	results := resultsOf(report)
	if got := results["BAS-01"]; got.Status != Gap || got.Reason != "it trims" {
		t.Errorf("a gap that fails = %s %q, want a gap with its reason", got.Status, got.Reason)
	}
	if got := results["BAS-02"]; got.Status != Failed || !strings.Contains(got.Failure.Error(), "take it off the list") {
		t.Errorf("a gap that passes = %s, want a failure that says so", got.Status)
	}
	want := []string{"gap BAS-03 has no reason", "gap BAS-16 is not needed: the subject claims stop sequences", "gap XYZ-01 is not the id of a case"}
	if !slices.Equal(report.Problems, want) {
		t.Errorf("Problems = %q, want %q", report.Problems, want)
	}
	if report.Err() == nil || !strings.Contains(report.Err().Error(), "XYZ-01") {
		t.Errorf("Err() = %v, want the unknown gap in it", report.Err())
	}
}

func TestSubjectsThatCheckNothing(t *testing.T) {
	for what, s := range map[string]Subject{
		"no name":   {New: referenceSubject().New},
		"no models": {Name: "x"},
		"no turns":  {Name: "x", Conversations: []Conversation{{Name: "c"}}},
	} {
		if Check(t.Context(), s).Err() == nil {
			t.Errorf("Check of a subject with %s finds nothing", what)
		}
	}
}

func TestCheckStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if report := Check(ctx, referenceSubject()); report.Err() == nil || len(report.Results) > 0 {
		t.Errorf("Check with a context that has ended = %d results, %v", len(report.Results), report.Err())
	}
}

// What a bubble finds at once must be found without one, too.
func TestWithoutBubble(t *testing.T) {
	leak := func(w *wrapper) {
		inner := w.inner
		w.stream = func(ctx context.Context, req *model.Request) *model.Stream { return leaking(ctx, inner, req) }
	}
	for _, tt := range []struct {
		name string
		id   ID
		wrap func(*wrapper)
		want string
	}{
		{"leak", "STR-23", leak, "goroutines behind"},
		{"hang", "CAN-03", func(w *wrapper) {
			w.generate = func(context.Context, *model.Request) (*model.Response, error) { select {} }
		}, "still ran after"},
		{"panic", "BAS-01", func(w *wrapper) {
			w.generate = func(context.Context, *model.Request) (*model.Response, error) { panic("at the disco") }
		}, "panicked: at the disco at conformance/meta_test.go"},
		{"buffering", "STR-11", func(w *wrapper) {
			inner := w.inner
			w.stream = func(ctx context.Context, req *model.Request) *model.Stream { return gathered(ctx, inner, req) }
		}, "still ran after"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := referenceSubject()
			s.Timeout = 300 * time.Millisecond
			if tt.name == "leak" {
				s.Timeout = 2 * time.Second
			}
			s.New = func(_ *Env, script *fake.Model) (model.ChatModel, error) {
				w := &wrapper{inner: reference(script)}
				tt.wrap(w)
				return w, nil
			}
			res := runner{subject: &s}.run(caseOf(t, tt.id))
			if res.Status != Failed || !strings.Contains(res.Failure.Error(), tt.want) {
				t.Errorf("%s = %s %v, want a failure with %q", tt.id, res.Status, res.Failure, tt.want)
			}
		})
	}
}

// And in a bubble it is found without waiting.
func TestInBubble(t *testing.T) {
	for _, tt := range []struct {
		name, want string
		id         ID
		wrap       func(*wrapper)
	}{
		{"hang", "the call hangs", "BAS-01", func(w *wrapper) {
			w.generate = func(context.Context, *model.Request) (*model.Response, error) { select {} }
		}},
		{"leak", "a goroutine was left behind", "BAS-01", func(w *wrapper) {
			w.generated = func(*model.Response) { go func() { select {} }() }
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := referenceSubject()
			s.New = func(_ *Env, script *fake.Model) (model.ChatModel, error) {
				w := &wrapper{inner: reference(script)}
				tt.wrap(w)
				return w, nil
			}
			res := runner{subject: &s, t: t}.run(caseOf(t, tt.id))
			if res.Status != Failed || !strings.Contains(res.Failure.Error(), tt.want) {
				t.Errorf("%s = %s %v, want a failure with %q", tt.id, res.Status, res.Failure, tt.want)
			}
		})
	}
}

func caseOf(t *testing.T, id ID) Case {
	t.Helper()
	for _, c := range Cases() {
		if c.ID == id {
			return c
		}
	}
	t.Fatalf("no case %s", id)
	return Case{}
}

// lineNumber is what moves whenever a case does.
var lineNumber = regexp.MustCompile(`\.go:\d+`)

// The text of a failure, to the byte.
func TestFailureText(t *testing.T) {
	s := referenceSubject()
	s.New = func(_ *Env, script *fake.Model) (model.ChatModel, error) {
		w := &wrapper{inner: reference(script)}
		w.request = inHistory(model.RoleAssistant, signatureOf(func(s string) string { return strings.TrimRight(s, "=") }))
		return w, nil
	}
	res := runner{subject: &s, t: t, name: "TestConformance/thinking/SignatureRoundTrip"}.run(caseOf(t, "THK-04"))
	got := lineNumber.ReplaceAllString(res.Failure.Error(), ".go:1")
	const want = `THK-04 thinking/SignatureRoundTrip
    the answer that Generate sent back
      got:  [thinking("Hm.", signature of 62 bytes sha256:dbf7c12e), text "Hello."]
      want: [thinking("Hm.", signature of 64 bytes sha256:e1c6e79a), text "Hello."]
      diff: signature of part 0: first difference at byte 62: got its end, want "=="
    the answer that Stream sent back
      got:  [thinking("Hm.", signature of 62 bytes sha256:dbf7c12e), text "Hello."]
      want: [thinking("Hm.", signature of 64 bytes sha256:e1c6e79a), text "Hello."]
      diff: signature of part 0: first difference at byte 62: got its end, want "=="
    (and others like it)
    rule:  a thinking block's text and signature are sent back byte for byte
    case:  conformance/internal/thinking/blocks.go:1
    again: go test -run 'TestConformance/thinking/SignatureRoundTrip$'`
	head, tail := func(s string) (string, string) {
		lines := strings.Split(s, "\n")
		return strings.Join(lines[:9], "\n"), strings.Join(lines[len(lines)-3:], "\n")
	}(got)
	wantLines := strings.Split(want, "\n")
	if wantHead := strings.Join(wantLines[:9], "\n"); head != wantHead {
		t.Errorf("the failure begins\n%s\nwant\n%s", head, wantHead)
	}
	if wantTail := strings.Join(wantLines[len(wantLines)-3:], "\n"); tail != wantTail {
		t.Errorf("the failure ends\n%s\nwant\n%s", tail, wantTail)
	}
	if n := strings.Count(got, "\n"); n > 24 {
		t.Errorf("the failure has %d lines, which is more than a screen", n)
	}
}

func TestSecretsAreNotShown(t *testing.T) {
	s := referenceSubject()
	s.Secrets = []string{"sk-not-for-you"}
	s.New = func(_ *Env, script *fake.Model) (model.ChatModel, error) {
		return &wrapper{inner: reference(script), generate: func(context.Context, *model.Request) (*model.Response, error) {
			return nil, &model.Error{Kind: model.ErrAuthentication, Message: "key sk-not-for-you is wrong"}
		}}, nil
	}
	for _, id := range []ID{"BAS-01", "ERR-19"} {
		res := runner{subject: &s, t: t}.run(caseOf(t, id))
		if res.Status != Failed {
			t.Errorf("%s = %s, want a failure", id, res.Status)
			continue
		}
		if text := res.Failure.Error(); strings.Contains(text, "sk-not-for-you") {
			t.Errorf("%s shows the secret: %s", id, text)
		}
	}
}

func TestReportFormats(t *testing.T) {
	report := &Report{Subject: "parrot", Problems: []string{"gap X is odd"}, Results: []Result{
		{ID: "BAS-01", Group: "basics", Name: "TextReply", Rule: "a|b", Status: Passed},
		{ID: "BAS-02", Group: "basics", Name: "EmptyReply", Rule: "r", Status: Gap, Reason: "later"},
		{ID: "STR-01", Group: "streaming", Name: "Grammar", Rule: "r", Status: Failed,
			Failure: &Failure{ID: "STR-01", Group: "streaming", Name: "Grammar", Symptoms: []string{"got 1, want 2"}, Rule: "r", Case: "x.go:1"}},
		{ID: "TOL-01", Group: "tools", Name: "Call", Rule: "r", Status: Skipped, Reason: "not claimed"},
	}}
	var text, data, table bytes.Buffer
	if err := errors.Join(report.WriteText(&text), report.WriteJSON(&data), report.WriteMarkdown(&table)); err != nil {
		t.Fatal(err)
	}
	const wantText = `PROBLEM gap X is odd
GAP  BAS-02 basics/EmptyReply: later
FAIL STR-01 streaming/Grammar
    got 1, want 2
    rule:  r
    case:  x.go:1
parrot: 1 passed, 1 failed, 1 gaps, 1 do not apply
`
	if got := text.String(); got != wantText {
		t.Errorf("WriteText wrote\n%s\nwant\n%s", got, wantText)
	}
	var back Report
	if err := json.Unmarshal(data.Bytes(), &back); err != nil || len(back.Results) != 4 || back.Results[2].Failure.Symptoms[0] != "got 1, want 2" {
		t.Errorf("WriteJSON wrote %s, which reads as %+v, %v", data.String(), back, err)
	}
	for _, want := range []string{"# Conformance of parrot", "## basics", `| BAS-01 TextReply | a\|b | passed |`, "**failed:** got 1, want 2", "gap: later", "skipped: not claimed"} {
		if !strings.Contains(table.String(), want) {
			t.Errorf("WriteMarkdown lacks %q:\n%s", want, table.String())
		}
	}
	if f := (*Failure)(nil); !errors.As(report.Err(), &f) || f.ID != "STR-01" {
		t.Errorf("Err() = %v, want a *Failure in it", report.Err())
	}
}

// One fault is reported once: what fails because of it says so.
func TestOneFailureAFault(t *testing.T) {
	s := referenceSubject()
	s.New = func(_ *Env, script *fake.Model) (model.ChatModel, error) { // loses the ids of calls
		return &wrapper{inner: reference(script), response: inAnswer(calls(func(c model.ToolCall) model.ToolCall { c.ID = ""; return c }))}, nil
	}
	report := Check(t.Context(), s)
	if n := report.Count(Failed); n < 4 {
		t.Fatalf("%d cases fail, want several", n)
	}
	results := resultsOf(report)
	if got := results["TOL-01"]; got.Status != Failed || got.CausedBy != "" {
		t.Errorf("TOL-01 = %s, caused by %q, want it to be the cause", got.Status, got.CausedBy)
	}
	for _, id := range []ID{"TOL-05", "TOL-11"} {
		if got := results[id]; got.Status != Failed || got.CausedBy != "TOL-01" || !strings.Contains(got.Failure.Error(), "fails as TOL-01 does") {
			t.Errorf("%s = %s, caused by %q: %v, want it caused by TOL-01", id, got.Status, got.CausedBy, got.Failure)
		}
	}
	if err := report.Err(); err == nil || strings.Contains(err.Error(), "TOL-05 ") {
		t.Errorf("Err() = %v, want the cause only", err)
	}
}
