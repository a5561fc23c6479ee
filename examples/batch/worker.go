package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/batch"
	"github.com/chatmodel-go/chatmodel/bedrock/batch/batchtest"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/budget"
	"github.com/chatmodel-go/chatmodel/runnable"
)

// A review is a text of a customer, from which the model finds a verdict.
type (
	review  struct{ Text string }
	verdict struct {
		Mood string `json:"mood" jsonschema:"happy, angry or neither"`
	}
)

// records is the number of reviews.
const records = 10_000

func reviews() iter.Seq2[batch.Item[review], error] {
	texts := []string{"It works, I love it.", "It broke after a day!", "It is blue.", "The best one so far, love it."}
	return func(yield func(batch.Item[review], error) bool) {
		for i := range records {
			item := batch.Item[review]{ID: fmt.Sprintf("review-%d", i), Value: review{fmt.Sprintf("No. %d: %s", i, texts[i%len(texts)])}}
			if !yield(item, nil) {
				return
			}
		}
	}
}

// judge returns the chain around a model.
func judge(m model.ChatModel) (runnable.Runnable[review, verdict], error) {
	prompt, err := runnable.NewPrompt[review](runnable.System("Judge the mood of reviews."), runnable.User("{{.Text}}"))
	if err != nil {
		return nil, err
	}
	ask, err := runnable.Structured[verdict](m, nil)
	return runnable.Pipe(prompt.With(&model.Request{MaxTokens: 100}), ask), err
}

// work runs the batch to its end, from wherever an earlier process left it.
func work(ctx context.Context, out io.Writer, addresses string) error {
	control, store, _ := strings.Cut(addresses, " ")
	client, err := batch.New(batchtest.JobsAt(control), batchtest.S3At(store), batch.Options{
		Model:  "anthropic.claude-3-haiku-20240307-v1:0",
		Folder: batchtest.Folder("batches"),
		Role:   batchtest.Role,
		Poll:   50 * time.Millisecond,
	})
	if err != nil {
		return err
	}
	chain, err := batch.NewChain(client, judge)
	if err != nil {
		return err
	}
	b, err := chain.Submit(ctx, "reviews", reviews())
	if err != nil {
		return err
	}
	for {
		for p, err := range b.Watch(ctx) {
			if err != nil {
				return err
			}
			p.Left = 0 // so that each run prints the same text
			fmt.Fprintln(out, p)
		}
		n, err := b.Resend(ctx, nil)
		if e, ok := errors.AsType[*model.Error](err); ok && e.Code == batch.CodeTooFew {
			break // too few for a job; Generate would run these
		}
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
		fmt.Fprintf(out, "%d records were sent again\n", n)
	}
	return table(ctx, out, chain, b)
}

// table prints the outcome.
func table(ctx context.Context, out io.Writer, chain *batch.Chain[review, verdict], b *batch.Batch) error {
	moods := map[string]int{}
	for o, err := range chain.Outcomes(ctx, b, reviews()) {
		switch {
		case err != nil:
			return err
		case o.Err != nil:
			moods["no verdict"]++
		default:
			moods[o.Value.Mood]++
		}
	}
	results := b.Results(ctx, nil)
	rounds := map[int]int{}
	for r, err := range results.All() {
		if err != nil {
			return err
		}
		rounds[r.Round]++
	}
	a := results.Account()
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	row := func(name string, value any) { fmt.Fprintf(w, "%s\t%v\t\n", name, value) }
	for _, mood := range []string{"happy", "angry", "neither", "no verdict"} {
		row(mood, moods[mood])
	}
	row("answered", a.Answered)
	row("failed", a.Failed)
	row("missing", a.Missing)
	row("answered at the second time", rounds[1])
	row("unused lines of output", a.Doubled+a.Strange)
	row("input tokens", a.JobUsage.InputTokens)
	row("output tokens", a.JobUsage.OutputTokens)
	row("cost, at $0.25 and $1.25 a million by call", fmt.Sprintf("$%.2f", a.Cost(budget.Prices{Input: 0.25, Output: 1.25}).Units()))
	return w.Flush()
}
