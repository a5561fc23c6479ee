package probe

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// Scores are how near an endpoint comes to the service.
type Scores struct {
	Rules   int     `json:"rules"`   // rules that the model has, and that were tried
	Bodies  int     `json:"bodies"`  // that were sent
	Streams int     `json:"streams"` // that were read
	Passed  []Lapse `json:"passed,omitempty"`
	Refused []Lapse `json:"refused,omitempty"`
	Other   []Lapse `json:"other,omitempty"` // refused in another way than the service does
	Faults  []Fault `json:"faults,omitempty"`
}

// A Lapse is a request that an endpoint does not treat as the service does.
type Lapse struct {
	Rule  string `json:"rule,omitempty"` // of package bedrocktest, which is broken
	About string `json:"about"`          // the request, in words
	Want  string `json:"want"`           // what the service says
	Got   string `json:"got"`            // what the endpoint says
}

// Perfect reports whether nothing was found.
func (s *Scores) Perfect() bool {
	return len(s.Passed)+len(s.Refused)+len(s.Other)+len(s.Faults) == 0
}

// Score finds out how near an endpoint comes to Amazon Bedrock: an emulator, a
// gateway, a proxy. It sends requests that break one rule each, and reports
// which of them the endpoint lets pass; requests that the service takes, and
// which of them it refuses; and it reads streams frame by frame. What the
// service does is taken from package bedrocktest, whose rules say where their
// texts were seen. Options and errors are those of [Run]; Only and Continue are
// not used.
func Score(ctx context.Context, client *bedrockruntime.Client, modelID string, options *Options) (*Report, error) {
	var o Options
	if options != nil {
		o = *options
	}
	o.Only, o.Continue, o.Format = nil, nil, ""
	r, err := newRun(ctx, client, modelID, &o)
	if err != nil {
		return nil, fmt.Errorf("probe: %w", err)
	}
	s := scorer{run: r, oracle: bedrocktest.New(fake.New(), nil), scores: &Scores{}}
	r.report.Score = s.scores
	if err := s.all(ctx); err != nil {
		r.report.Incomplete = err.Error()
		return r.report, fmt.Errorf("probe: %w", err)
	}
	return r.report, nil
}

// A scorer compares an endpoint with the test server's rules.
type scorer struct {
	*run
	oracle *bedrocktest.Handler
	scores *Scores
	tried  []string // rules
	done   int
}

func (s *scorer) all(ctx context.Context) error {
	defer func() {
		s.report.Ended = s.options.Now().UTC()
		s.scores.Rules = len(s.tried)
		s.report.account(&s.cost)
	}()
	if err := s.hello(ctx); err != nil {
		return err
	}
	if err := s.unsigned(ctx); err != nil {
		return err
	}
	all := slices.Concat(bodies(), rightBodies())
	for i := range all {
		if err := s.body(ctx, &all[i]); err != nil {
			return err
		}
		s.progress(len(all))
	}
	return s.streams(ctx)
}

func (s *scorer) progress(of int) {
	s.done++
	s.report.account(&s.cost)
	if s.options.Progress != nil {
		s.options.Progress(Progress{Done: s.done, Of: of, Cost: s.cost.spent, Report: s.report})
	}
}

// operations are the names of the API for the ends of paths.
var operations = map[string]string{"converse": "Converse", "converse-stream": "ConverseStream", "count-tokens": "CountTokens", "invoke": "InvokeModel",
	"invoke-with-response-stream": "InvokeModelWithResponseStream"}

// body sends a body, and compares what becomes of it with what the rules say.
func (s *scorer) body(ctx context.Context, b *body) error {
	operation, modelID := b.operation, b.model
	if operation == "" {
		operation = "converse"
	}
	switch {
	case modelID == "":
		modelID = s.modelID
	case modelID == bareID && s.base != "":
		modelID = s.base
	}
	broken, err := s.oracle.Vet(operations[operation], modelID, []byte(b.text))
	if err != nil {
		return err
	}
	breaks := slices.ContainsFunc(broken, func(v bedrocktest.Violation) bool { return string(v.Rule) == b.rule })
	if b.rule == "" && len(broken) > 0 || b.rule != "" && !breaks {
		return nil // this model has other rules
	}
	if bound := s.boundOf(b.text); !s.cost.affords(bound) {
		return fmt.Errorf("the budget of %g is spent: %.4f, and the next call may cost %.4f", s.options.Budget, s.cost.spent, bound)
	}
	reply, err := s.patient(ctx, operation, modelID, []byte(b.text))
	if err != nil {
		return err
	}
	s.scores.Bodies++
	s.count(reply, s.boundOf(b.text))
	got := fmt.Sprintf("%d %s %s", reply.status, reply.code, reply.message)
	if b.rule == "" {
		if !reply.ok() {
			s.scores.Refused = append(s.scores.Refused, Lapse{About: b.about, Want: "an answer", Got: got})
		}
		return nil
	}
	if !slices.Contains(s.tried, b.rule) {
		s.tried = append(s.tried, b.rule)
	}
	first := broken[0]
	for _, v := range broken {
		if string(v.Rule) == b.rule {
			first = v
		}
	}
	lapse := Lapse{Rule: b.rule, About: b.about, Got: got, Want: fmt.Sprintf("%d %s %s", first.Exception.Status, first.Exception.Code, first.Exception.Message)}
	switch {
	case reply.ok():
		lapse.Got = "an answer"
		s.scores.Passed = append(s.scores.Passed, lapse)
	case !slices.ContainsFunc(broken, func(v bedrocktest.Violation) bool {
		return v.Exception.Status == reply.status && v.Exception.Code == reply.code
	}):
		s.scores.Other = append(s.scores.Other, lapse)
	}
	return nil
}

// unsigned calls without saying who calls.
func (s *scorer) unsigned(ctx context.Context) error {
	const rule = "authentication"
	nobody := *s.caller
	nobody.anonymous = true
	reply, err := nobody.patient(ctx, "converse", s.modelID, []byte(talk(of(said1))))
	if err != nil {
		return err
	}
	s.scores.Bodies++
	s.tried = append(s.tried, rule)
	lapse := Lapse{Rule: rule, About: "a request without a signature", Want: "403 MissingAuthenticationTokenException", Got: fmt.Sprintf("%d %s %s", reply.status, reply.code, reply.message)}
	switch {
	case reply.ok():
		s.count(reply, 0)
		lapse.Got = "an answer"
		s.scores.Passed = append(s.scores.Passed, lapse)
	case reply.status != 403 && reply.status != 401:
		s.scores.Other = append(s.scores.Other, lapse)
	}
	return nil
}

// streams reads a stream of text, one of calls, and one in the model's own
// format.
func (s *scorer) streams(ctx context.Context) error {
	long := s.talk(user(model.Text("Count from 1 to 20.")))
	long.MaxTokens, long.Stream = room, true
	calls := s.armed()
	calls.MaxTokens, calls.Stream = room, true
	if s.table.Tools.Any.Yes() {
		calls.Choice = plan.Choice{Mode: model.ToolsAny}
	}
	native := s.talk()
	native.Stream = true
	for _, k := range []struct {
		about string
		ask   *ask
		skip  bool
	}{
		{"a text", &ask{Plan: long}, false},
		{"calls", &ask{Plan: calls}, false},
		{"the model's own format", &ask{Plan: native, door: s.native}, s.native == nil},
	} {
		if k.skip {
			continue
		}
		body, operation, modelID, _ := s.run.body(k.ask)
		if broken, err := s.oracle.Vet(operations[operation], modelID, body); err != nil || len(broken) > 0 {
			continue // this model does not have it
		}
		bound := s.bound(k.ask)
		if !s.cost.affords(bound) {
			return fmt.Errorf("the budget of %g is spent: %.4f, and the next call may cost %.4f", s.options.Budget, s.cost.spent, bound)
		}
		reply, err := s.patient(ctx, operation, modelID, body)
		if err != nil {
			return err
		}
		if !reply.ok() {
			s.scores.Refused = append(s.scores.Refused, Lapse{About: "a stream: " + k.about, Want: "an answer", Got: fmt.Sprintf("%d %s %s", reply.status, reply.code, reply.message)})
			continue
		}
		s.scores.Streams++
		s.cost.add(streamed(reply), bound)
		for _, f := range watchStream(reply, k.ask.door != nil) {
			f.Stream = k.about
			s.scores.Faults = append(s.scores.Faults, f)
		}
	}
	return nil
}

// boundOf is more than a body can cost that is answered with few tokens.
func (s *scorer) boundOf(text string) float64 {
	return (float64(len(text)+hiddenPrompt+pictureTokens)*writing*s.options.Prices.Input + 2048*s.options.Prices.Output) / 1e6
}

// count counts what a reply costs.
func (s *scorer) count(r *reply, bound float64) {
	a := &answer{reply: r}
	if r.ok() {
		if read, err := readConverse(r.body); err == nil {
			a.usage, a.parts = read.usage, read.parts
		}
	}
	s.cost.add(a, bound)
}
