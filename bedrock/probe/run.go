package probe

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/modelid"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/model"
)

// Options adjusts [Run] and [Score]. The zero value asks everything, by
// Converse, at no price.
type Options struct {
	// Format is that of the bodies, as in [bedrock.Options]; zero is Converse.
	Format bedrock.Format

	// BaseModel is the id of the model behind an id that does not name it.
	BaseModel string

	// Prices are what tokens cost. Without them nothing bounds the cost but the
	// length of the questions.
	Prices Prices

	// Budget is what the calls may cost, in the currency of Prices. Zero is no
	// bound. A question that could cost more than what is left is not asked.
	Budget float64

	// Only names the facts that are asked about, or groups of them, such as
	// "sampling" or "tools.any". None means all that a call can show.
	Only []string

	// Continue is the report of a run that was broken off. What it knows is not
	// asked again.
	Continue *Report

	// Progress, if not nil, is called after each question, on the goroutine of
	// the run.
	Progress func(Progress)

	// Now is the clock of the report; nil is time.Now.
	Now func() time.Time
}

// A Progress is how far a run has come.
type Progress struct {
	Done, Of int       // questions
	Findings []Finding // of the last question
	Cost     float64   // so far
	Report   *Report   // so far, to be kept for [Options.Continue]; it must not be changed
}

// A Refused is the error of a model that refuses even the plainest request, so
// that nothing can be learned about it.
type Refused struct {
	ModelID string
	Status  int
	Code    string
	Message string
}

// Error says what the service said.
func (e *Refused) Error() string {
	return fmt.Sprintf("the plainest request to %q is refused with %d %s: %s", e.ModelID, e.Status, e.Code, e.Message)
}

// A run asks the questions about one model.
type run struct {
	*caller
	options Options
	modelID string
	base    string // empty: the id does not name its model
	door    *door
	native  *door       // the model's own, where door is Converse; nil: not known
	table   facts.Facts // what is known
	facts   facts.Facts // the same, with what was seen
	salt    string      // makes prompts new

	thought  []model.Thinking // that answers held
	recalled bool             // it was asked for once more
	report   *Report
	cost     account
}

// Run asks a model everything that a call can show of it, and compares that
// with the table of package facts. The client brings the endpoint, the Region
// and the credentials; its retries are not used.
//
// The calls are made one after the other. Each differs in one thing from one
// that the model takes, so that a refusal is about that. The library's own
// rules have no part in it: nothing is left out, and nothing planned again.
//
// If the model refuses even the plainest request, the error is a [*Refused]. If
// ctx ends, or a call cannot be made, the report holds what was seen until
// then and is not complete, and the error says why. Without an error the report
// is complete, but for what the budget left out.
func Run(ctx context.Context, client *bedrockruntime.Client, modelID string, options *Options) (*Report, error) {
	r, err := newRun(ctx, client, modelID, options)
	if err != nil {
		return nil, fmt.Errorf("probe: %w", err)
	}
	if err := r.all(ctx); err != nil {
		r.report.Incomplete = err.Error()
		return r.report, fmt.Errorf("probe: %w", err)
	}
	return r.report, nil
}

func newRun(ctx context.Context, client *bedrockruntime.Client, modelID string, options *Options) (*run, error) {
	r := &run{modelID: modelID}
	if options != nil {
		r.options = *options
	}
	if r.options.Now == nil {
		r.options.Now = time.Now
	}
	if modelID == "" {
		return nil, errors.New("the model id is empty")
	}
	if err := checkOnly(r.options.Only); err != nil {
		return nil, err
	}
	if err := r.options.Prices.check(r.options.Budget); err != nil {
		return nil, err
	}
	var err error
	if r.caller, err = newCaller(ctx, client, time.Now); err != nil {
		return nil, err
	}
	r.base = modelid.Parse(modelID).Base
	if r.options.BaseModel != "" {
		r.base = modelid.Parse(r.options.BaseModel).Base
	}
	r.table = facts.Lookup(r.base)
	r.facts = facts.Lookup(r.base)
	if r.door, err = doorOf(r.options.Format, &r.table); err != nil {
		return nil, err
	}
	if r.door.format == bedrock.FormatConverse {
		r.native, _ = doorOf(bedrock.FormatAuto, &r.table) // none: the question is not asked
	}
	now := r.options.Now().UTC()
	r.salt = now.Format(time.RFC3339Nano)
	r.cost = account{prices: r.options.Prices, budget: r.options.Budget}
	r.report = &Report{Model: modelID, Base: r.base, Format: r.door.format, Endpoint: r.endpoint, Region: r.region,
		Began: now, Table: facts.Date(), Budget: r.options.Budget}
	if before := r.options.Continue; before != nil {
		if before.Model != modelID || before.Format != r.door.format || before.Endpoint != r.endpoint {
			return nil, fmt.Errorf("the report to be continued is of %s by %q at %s, not of this model, format and endpoint", before.Model, before.Format, before.Endpoint)
		}
		if err := r.resume(before); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// checkOnly refuses names that no fact has.
func checkOnly(only []string) error {
	for _, name := range only {
		if why, ok := hidden[name]; ok {
			return fmt.Errorf("no call shows the fact %q: %s", name, why)
		}
		if !slices.ContainsFunc(facts.Names(), func(n string) bool { return shown[n] != nil && covers(name, n) }) {
			return fmt.Errorf("there is no fact %q, and no group of that name", name)
		}
	}
	return nil
}

// covers reports whether a name is that of a fact or of a group that it is in.
func covers(name, fact string) bool { return name == fact || strings.HasPrefix(fact, name+".") }

// wanted reports whether a question is to be asked. What thinking is needed for
// has to be asked as well.
func (r *run) wanted(q *question) bool {
	if len(r.options.Only) == 0 {
		return true
	}
	return slices.ContainsFunc(q.facts, func(f string) bool {
		return slices.ContainsFunc(r.options.Only, func(name string) bool { return covers(name, f) })
	})
}

// questions returns all questions, in the order in which they are asked: what
// others rest on comes first.
func questions() []question {
	return slices.Concat(doors(), turnQuestions(), sampling(), tools(), output(), thinkingQuestions(), cache(), files(), limits())
}

// all asks the questions.
func (r *run) all(ctx context.Context) error {
	defer func() { r.report.Ended = r.options.Now().UTC() }()
	if err := r.hello(ctx); err != nil {
		return err
	}
	var asked []question
	for _, q := range questions() {
		if r.wanted(&q) {
			asked = append(asked, q)
		}
	}
	for i := range asked {
		before := len(r.report.Findings)
		if !r.known(&asked[i]) {
			if err := r.question(ctx, &asked[i]); err != nil {
				return err
			}
		}
		r.report.account(&r.cost)
		if r.options.Progress != nil {
			r.options.Progress(Progress{Done: i + 1, Of: len(asked), Findings: slices.Clone(r.report.Findings[before:]), Cost: r.cost.spent, Report: r.report})
		}
	}
	return nil
}

// hello makes the plainest request. It is made by a run that is continued, too:
// a model that has gone meanwhile must not be taken for one that refuses all.
func (r *run) hello(ctx context.Context) error {
	ask := &ask{Plan: r.talk()}
	if bound := r.bound(ask); !r.cost.affords(bound) {
		return fmt.Errorf("the budget of %g is too small: the plainest request may cost %.4f, and %.4f are spent", r.options.Budget, bound, r.cost.spent)
	}
	a, err := r.call(ctx, ask)
	if err != nil {
		return err
	}
	if !a.ok() {
		return &Refused{r.modelID, a.status, a.code, a.message}
	}
	fact := control
	if r.door.format != bedrock.FormatConverse {
		fact = "doors.invoke"
	}
	if q := (question{facts: []string{fact}, asks: "the plainest request"}); r.wanted(&q) && !r.known(&q) {
		r.find(&q, []sight{{fact: fact, value: "yes"}}, []*answer{a})
	}
	return nil
}

// question asks one question, as far as the budget goes.
func (r *run) question(ctx context.Context, q *question) error {
	if err := r.recall(ctx, q); err != nil {
		return err
	}
	if q.needs != nil {
		if why := q.needs(r); why != "" {
			r.leave(q, why)
			return nil
		}
	}
	var so []*answer
	for {
		ask := q.next(r, so)
		if ask == nil {
			break
		}
		if bound := r.bound(ask); !r.cost.affords(bound) {
			r.leave(q, fmt.Sprintf("it may cost %.4f, and %.4f of the budget are left", bound, r.cost.left()))
			return nil
		}
		a, err := r.call(ctx, ask)
		if err != nil {
			return err
		}
		so = append(so, a)
	}
	if len(so) == 0 {
		r.leave(q, "there is nothing to be asked")
		return nil
	}
	r.find(q, q.judge(r, so), so)
	return nil
}

// recall has the model think once more for a question that sends thinking back,
// if the run has none: it goes on from another one, or asks this alone.
func (r *run) recall(ctx context.Context, q *question) error {
	if !q.recalls || r.recalled || r.thought != nil || r.value("thinking.supported") != "yes" {
		return nil
	}
	r.recalled = true
	again := supported()
	k := again.next(r, nil)
	if !r.cost.affords(r.bound(k)) {
		return nil // the question then says what is missing
	}
	a, err := r.call(ctx, k)
	if err == nil {
		r.noteThinking(a)
	}
	return err
}

// call makes one call. A failure that would be that of all others ends the run.
func (r *run) call(ctx context.Context, k *ask) (*answer, error) {
	body, operation, modelID, d := r.body(k)
	reply, err := r.patient(ctx, operation, modelID, body)
	if err != nil {
		return nil, err
	}
	switch reply.code {
	case "UnrecognizedClientException", "ExpiredTokenException", "InvalidSignatureException", "IncompleteSignatureException",
		"MissingAuthenticationTokenException", "MissingAuthenticationToken":
		return nil, fmt.Errorf("the credentials are refused: %s", reply.code)
	}
	a := &answer{reply: reply}
	switch {
	case !reply.ok():
	case reply.broken != nil:
		return nil, fmt.Errorf("an answer broke off: %w", reply.broken)
	case k.count:
	case k.Stream:
		a = streamed(reply)
	default:
		if a, err = d.read(reply.body); err != nil {
			return nil, fmt.Errorf("an answer cannot be read: %w; is the endpoint that of Bedrock Runtime?", err)
		}
		a.reply = reply
	}
	r.cost.add(a, r.bound(k))
	return a, nil
}

// body writes an ask.
func (r *run) body(k *ask) (body []byte, operation, modelID string, d *door) {
	d, modelID = r.door, r.modelID
	if k.door != nil {
		d = k.door
	}
	if k.modelID != "" {
		modelID = k.modelID
	}
	if k.count {
		return appendCount(k.Plan), "count-tokens", modelID, d
	}
	p := *k.Plan
	if d.form.UserFirst && len(p.Turns) == 0 {
		p.Turns = []plan.Turn{user(hello)}
	}
	if p.Stream {
		return d.write(nil, &p), d.stream, modelID, d
	}
	return d.write(nil, &p), d.once, modelID, d
}

// value returns what a fact is after what was seen.
func (r *run) value(fact string) string { return valueOf(shown[fact](&r.facts)).text }

// tableValue returns what the table says of a fact.
func (r *run) tableValue(fact string) string { return valueOf(shown[fact](&r.table)).text }
