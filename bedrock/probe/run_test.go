package probe_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/parser"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/bedrock/probe"
)

func day() time.Time { return time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC) }

func ask(t *testing.T, s *bedrocktest.Server, model string, o *probe.Options) *probe.Report {
	t.Helper()
	r, err := probe.Run(t.Context(), s.Client(), model, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestFormats runs the probe over InvokeModel, in each format.
func TestFormats(t *testing.T) {
	for _, row := range []struct {
		model  string
		format bedrock.Format
		facts  int // at least so many agree
		wrong  traits
		fact   string
	}{
		{sonnet45, bedrock.FormatAnthropic, 45, traits{"NoTopK": true}, "sampling.top_k"},
		{sonnet45, bedrock.FormatAuto, 45, traits{"NoChoiceAny": true}, "tools.any"},
		{opus48, bedrock.FormatAnthropic, 40, traits{"NoTemperature": false}, "sampling.temperature"},
		{gptOSS, bedrock.FormatOpenAI, 10, traits{"NoTopP": true}, "sampling.top_p"},
		{llama, bedrock.FormatLlama3, 5, traits{"NoTemperature": true}, "sampling.temperature"},
		{"mistral.mistral-7b-instruct-v0:2", bedrock.FormatMistral, 5, traits{"NoTopP": true}, "sampling.top_p"},
		{"amazon.titan-text-express-v1", bedrock.FormatTitan, 2, traits{"NoTopP": true}, "sampling.top_p"},
	} {
		t.Run(string(row.format)+" "+row.model, func(t *testing.T) {
			right := ask(t, bedrocktest.InMemory(behind(), nil), row.model, &probe.Options{Format: row.format})
			wrong := ask(t, bedrocktest.InMemory(behind(), &bedrocktest.Options{Traits: row.wrong}), row.model, &probe.Options{Format: row.format})
			if n := len(right.Of(probe.Agrees)); n < row.facts {
				t.Errorf("%d facts agree, want %d", n, row.facts)
			}
			for _, f := range right.Of(probe.Differs) {
				t.Logf("the tables disagree: %s %s, seen %s: %s", f.Fact, f.Table, f.Seen, f.Said)
			}
			changes := probe.Diff(right, wrong)
			if len(changes) != 1 || changes[0].Name != row.fact {
				t.Errorf("changes: %v, want %s alone", changes, row.fact)
			}
		})
	}
}

// TestRefused checks the error for models and servers about which nothing can
// be learned.
func TestRefused(t *testing.T) {
	s := bedrocktest.InMemory(behind(), &bedrocktest.Options{Denied: []string{opus5}})
	for _, row := range []struct{ model, text string }{
		{opus5, "403 AccessDeniedException: You don't have access"},
		{"nobody.knows-it", "400 ValidationException: The provided model identifier is invalid."},
	} {
		r, err := probe.Run(t.Context(), s.Client(), row.model, nil)
		e, ok := errors.AsType[*probe.Refused](err)
		if !ok || e.ModelID != row.model || !strings.Contains(err.Error(), row.text) {
			t.Errorf("%s: %v, want %q", row.model, err, row.text)
		}
		if r == nil || r.Incomplete == "" || len(r.Findings) > 0 {
			t.Errorf("%s: the report is %+v", row.model, r)
		}
	}
	other := s.Client(func(o *bedrockruntime.Options) {
		o.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: bedrocktest.AccessKeyID, SecretAccessKey: "another"}, nil
		})
	})
	if _, err := probe.Run(t.Context(), other, sonnet45, nil); err == nil || !strings.Contains(err.Error(), "credentials are refused: InvalidSignatureException") {
		t.Errorf("a wrong key: %v", err)
	}
}

// TestArguments checks the errors for arguments that make no sense.
func TestArguments(t *testing.T) {
	s := bedrocktest.InMemory(behind(), nil)
	nobody := func(o *bedrockruntime.Options) { o.Credentials = nil }
	before := ask(t, s, sonnet45, &probe.Options{Only: []string{"sampling.both"}})
	for _, row := range []struct {
		name    string
		client  *bedrockruntime.Client
		model   string
		options *probe.Options
		text    string
	}{
		{"no client", nil, sonnet45, nil, "the client is nil"},
		{"no model", s.Client(), "", nil, "the model id is empty"},
		{"no credentials", s.Client(nobody), sonnet45, nil, "there are no AWS credentials"},
		{"no Region", bedrockruntime.New(bedrockruntime.Options{Credentials: aws.AnonymousCredentials{}}), sonnet45, nil, "there are no AWS credentials"},
		{"no such fact", s.Client(), sonnet45, &probe.Options{Only: []string{"sampling.heat"}}, `no fact "sampling.heat"`},
		{"a fact that no call shows", s.Client(), sonnet45, &probe.Options{Only: []string{"limits.context"}}, "costs a whole context"},
		{"no such format", s.Client(), sonnet45, &probe.Options{Format: "harmony"}, `no format "harmony"`},
		{"no format known", s.Client(), nova1, &probe.Options{Format: bedrock.FormatAuto}, "no format"},
		{"a budget without prices", s.Client(), sonnet45, &probe.Options{Budget: 1}, "without prices"},
		{"a negative price", s.Client(), sonnet45, &probe.Options{Prices: probe.Prices{Input: -1}}, "-1"},
		{"too little", s.Client(), sonnet45, &probe.Options{Prices: probe.Prices{Input: 3, Output: 15}, Budget: 1e-6}, "too small"},
		{"another model's report", s.Client(), opus48, &probe.Options{Continue: before}, "is of " + sonnet45},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := probe.Run(t.Context(), row.client, row.model, row.options)
			if err == nil || !strings.HasPrefix(err.Error(), "probe: ") || !strings.Contains(err.Error(), row.text) {
				t.Errorf("%v, want %q", err, row.text)
			}
		})
	}
}

// TestBudget checks that the calls stay within the budget, and that the report
// says what was left out for it.
func TestBudget(t *testing.T) {
	prices := probe.Prices{Input: 3, Output: 15}
	whole := ask(t, bedrocktest.InMemory(behind(), nil), sonnet45, &probe.Options{Prices: prices})
	if whole.Cost <= 0 || whole.Calls < 80 {
		t.Fatalf("%d calls cost %g", whole.Calls, whole.Cost)
	}
	for _, budget := range []float64{0.01, 0.03, 0.2} {
		r := ask(t, bedrocktest.InMemory(behind(), nil), sonnet45, &probe.Options{Prices: prices, Budget: budget})
		left := slices.ContainsFunc(r.Of(probe.Left), func(f probe.Finding) bool { return strings.Contains(f.Said, "of the budget are left") })
		if r.Cost > budget || !left {
			t.Errorf("with %g, %g are spent; something left out: %v", budget, r.Cost, left)
		}
		t.Logf("with %g, %d calls and %.4f spent, %d facts seen", budget, r.Calls, r.Cost, len(r.Findings)-len(r.Of(probe.Left)))
	}
}

// TestContinue breaks a run off after some calls, again and again, and goes on.
// Nothing may be asked twice but the plainest request and what thinking needs,
// and the findings must be those of one run.
func TestContinue(t *testing.T) {
	s := bedrocktest.InMemory(behind(), nil)
	whole := ask(t, s, sonnet45, &probe.Options{Now: day})
	var report *probe.Report
	runs := 0
	for {
		ctx, cancel := context.WithCancelCause(t.Context())
		n := 0
		client := bedrocktest.InMemory(behind(), &bedrocktest.Options{Logged: func(bedrocktest.Call) {
			if n++; n == 20 {
				cancel(errors.New("somebody pressed a key"))
			}
		}}).Client()
		var err error
		report, err = probe.Run(ctx, client, sonnet45, &probe.Options{Now: day, Continue: report})
		cancel(nil)
		runs++
		if err == nil {
			break
		}
		if runs > 20 || report == nil || !strings.Contains(report.Incomplete, "pressed a key") {
			t.Fatalf("run %d: %v, %+v", runs, err, report)
		}
		var b bytes.Buffer
		if err := report.WriteJSON(&b); err != nil {
			t.Fatal(err)
		}
		if report, err = probe.ReadReport(&b); err != nil {
			t.Fatal(err)
		}
	}
	if runs < 4 {
		t.Errorf("%d runs", runs)
	}
	seen := func(r *probe.Report) map[string]string {
		all := map[string]string{}
		for _, f := range r.Findings {
			if f.Verdict != probe.Left {
				all[f.Fact] = string(f.Verdict) + " " + f.Seen
			}
		}
		return all
	}
	if d := cmp.Diff(seen(whole), seen(report)); d != "" {
		t.Errorf("findings (-one run +many):\n%s", d)
	}
	if len(report.Findings) != len(whole.Findings) {
		t.Errorf("%d findings, want %d", len(report.Findings), len(whole.Findings))
	}
}

// TestOnly checks runs that are limited to groups and single facts.
func TestOnly(t *testing.T) {
	r := ask(t, bedrocktest.InMemory(behind(), nil), sonnet45, &probe.Options{Only: []string{"cache", "thinking.replay.signed"}})
	for _, f := range r.Findings {
		if !strings.HasPrefix(f.Fact, "cache.") && f.Fact != "answers.cache_in_input" && f.Fact != "thinking.replay.signed" {
			t.Errorf("%s was asked", f.Fact)
		}
		if f.Verdict != probe.Agrees {
			t.Errorf("%s: %s %s", f.Fact, f.Verdict, f.Said)
		}
	}
	if len(r.Findings) < 12 || r.Calls > 20 {
		t.Errorf("%d findings by %d calls", len(r.Findings), r.Calls)
	}
}

// TestBusy checks that a busy service is asked again after as long as it says,
// and that its failures are not taken for refusals.
func TestBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := 0
		s := bedrocktest.InMemory(behind(), &bedrocktest.Options{Fault: func(c bedrocktest.Call) bedrocktest.Fault {
			n++
			switch {
			case n == 2:
				return bedrocktest.Fail(bedrocktest.Exception{Code: "ThrottlingException", RetryAfter: 7 * time.Second})
			case strings.Contains(string(c.Body), `"topP"`):
				return bedrocktest.Fail(bedrocktest.Exception{Code: "ServiceUnavailableException"})
			}
			return bedrocktest.Fault{}
		}})
		begin := time.Now()
		r := ask(t, s, sonnet45, &probe.Options{Only: []string{"sampling.temperature", "sampling.top_p"}})
		if took := time.Since(begin); took < 14*time.Second || took > 15*time.Second { // 7, and 1, 2 and 4
			t.Errorf("took %v", took)
		}
		temperature, topP := finding(t, r, "sampling.temperature"), finding(t, r, "sampling.top_p")
		if temperature.Verdict != probe.Agrees || topP.Verdict != probe.Unclear || !strings.Contains(topP.Said, "503") {
			t.Errorf("%+v\n%+v", temperature, topP)
		}
	})
}

func finding(t *testing.T, r *probe.Report, fact string) probe.Finding {
	t.Helper()
	i := slices.IndexFunc(r.Findings, func(f probe.Finding) bool { return f.Fact == fact })
	if i < 0 {
		t.Fatalf("there is no finding on %s", fact)
	}
	return r.Findings[i]
}

// TestForeignWords checks that a refusal for another reason does not count as a
// difference.
func TestForeignWords(t *testing.T) {
	s := bedrocktest.InMemory(behind(), &bedrocktest.Options{Fault: func(c bedrocktest.Call) bedrocktest.Fault {
		if strings.Contains(string(c.Body), `"topP"`) {
			return bedrocktest.Fail(bedrocktest.Exception{Code: "ValidationException", Message: "This model doesn't support the stopSequences field. Remove stopSequences and try again."})
		}
		return bedrocktest.Fault{}
	}})
	r := ask(t, s, sonnet45, &probe.Options{Only: []string{"sampling.top_p"}})
	if f := finding(t, r, "sampling.top_p"); f.Verdict != probe.Unclear || !strings.HasPrefix(f.Said, "refused for another reason, sampling.stop_sequences: This model") {
		t.Errorf("%+v", f)
	}
}

// TestNotTheService runs against endpoints that are something else.
func TestNotTheService(t *testing.T) {
	for _, row := range []struct {
		name  string
		fault bedrocktest.Fault
		text  string
	}{
		{"a page", bedrocktest.Respond(200, "text/html", "<html>"), "is the endpoint that of Bedrock Runtime?"},
		{"nothing", bedrocktest.Respond(200, "application/json", "{}"), "it holds no message"},
		{"cut", bedrocktest.Cut(20, bedrocktest.Finished), "an answer broke off"},
	} {
		s := bedrocktest.InMemory(behind(), &bedrocktest.Options{Fault: func(bedrocktest.Call) bedrocktest.Fault { return row.fault }})
		if _, err := probe.Run(t.Context(), s.Client(), sonnet45, nil); err == nil || !strings.Contains(err.Error(), row.text) {
			t.Errorf("%s: %v, want %q", row.name, err, row.text)
		}
	}
	gone := bedrockruntime.New(bedrockruntime.Options{BaseEndpoint: aws.String("http://127.0.0.1:1"), Region: "us-east-1",
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "a", SecretAccessKey: "b"}, nil
		}), HTTPClient: http.DefaultClient})
	if _, err := probe.Run(t.Context(), gone, sonnet45, nil); err == nil || !strings.Contains(err.Error(), "cannot be reached") {
		t.Errorf("nobody: %v", err)
	}
}

// TestRow parses the row as Go, and checks its lines.
func TestRow(t *testing.T) {
	s := bedrocktest.InMemory(behind(), &bedrocktest.Options{Traits: traits{"NoTemperature": true, "MaxOutput": 32_000, "Thinking.None": true, "Media": []string{"image"}}})
	r := ask(t, s, "us.anthropic.claude-opus-4-6-v1", &probe.Options{Now: day})
	row := r.Row()
	if _, err := parser.ParseExpr("[]row{\n" + row + "}"); err != nil {
		t.Fatalf("%v in\n%s", err, row)
	}
	for _, want := range []string{
		`{"anthropic.claude-opus-4-6-v1", probe, "2026-11-26", "asked with bedrock-probe, in us-east-1 by Converse", set{`,
		"\t// was yes: probe, 2026-08-22\n\t\"sampling.temperature\": no,\n",
		"\t// was 128000: documentation, 2026-10-27\n\t\"limits.max_output\": 32_000,\n",
		`"thinking.supported": `, `"input.document": `, "\n}},\n",
	} {
		if !strings.Contains(row, want) {
			t.Errorf("the row has no %q:\n%s", want, row)
		}
	}
	if right := (&probe.Report{Model: "x"}).Row(); right != "" {
		t.Errorf("a row for nothing: %q", right)
	}
}

// TestDiff compares reports of a model that has changed.
func TestDiff(t *testing.T) {
	before := ask(t, bedrocktest.InMemory(behind(), nil), sonnet45, nil)
	after := ask(t, bedrocktest.InMemory(behind(), &bedrocktest.Options{Traits: traits{"NoTemperature": true}}), sonnet45, nil)
	if got := fmt.Sprint(probe.Diff(before, after)); got != "[sampling.temperature: yes, then no]" {
		t.Errorf("changes: %s", got)
	}
	if got := probe.Diff(before, before); got != nil {
		t.Errorf("changes of nothing: %v", got)
	}
	right := &probe.Report{Model: "x", Score: score(t, sonnet45, nil)}
	lax := &probe.Report{Model: "x", Score: score(t, sonnet45, &bedrocktest.Options{Off: []bedrocktest.Rule{"blank-stop"}})}
	if got := fmt.Sprint(probe.Diff(right, lax)); got != "[blank-stop, a stop sequence of a line break: as the service, then passed]" {
		t.Errorf("changes of a score: %s", got)
	}
}
