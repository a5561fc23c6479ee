package batch_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/batch"
	"github.com/chatmodel-go/chatmodel/bedrock/batch/batchtest"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

const claude = "anthropic.claude-3-haiku-20240307-v1:0"

// echo answers with the request's last text, backwards.
func echo() *fake.Model {
	return fake.New(fake.Func(func(_ context.Context, req *model.Request) (*model.Response, error) {
		text := req.Messages[len(req.Messages)-1].Text()
		return &model.Response{Message: model.Assistant(backwards(text)), StopReason: model.StopEndTurn,
			Usage: &model.Usage{Known: true, InputTokens: 10, OutputTokens: 3}}, nil
	}).Always())
}

func backwards(s string) string {
	r := []rune(s)
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
	return string(r)
}

func options() batch.Options {
	return batch.Options{Model: claude, Folder: batchtest.Folder("batches"), Role: batchtest.Role, Poll: time.Millisecond,
		Retry: &model.RetryOptions{MaxAttempts: 4, MinDelay: time.Millisecond, MaxDelay: time.Millisecond}}
}

func client(t *testing.T, s *batchtest.Server, o batch.Options) *batch.Client {
	t.Helper()
	o.TempDir = t.TempDir()
	c, err := batch.New(s.Jobs(), s.S3(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		left, err := os.ReadDir(o.TempDir)
		if err != nil || len(left) > 0 {
			t.Errorf("files are left behind: %v, %v", left, err)
		}
	})
	return c
}

// inputs are n requests, each with a text and an id of its own.
func inputs(n int) batch.Inputs {
	return func(yield func(batch.Input, error) bool) {
		for i := range n {
			req := &model.Request{Messages: []model.Message{model.User(textOf(i))}, MaxTokens: 64}
			if !yield(batch.Input{ID: idOf(i), Request: req}, nil) {
				return
			}
		}
	}
}

func idOf(i int) string   { return fmt.Sprintf("order/%d ü", i) }
func textOf(i int) string { return fmt.Sprintf("text \"%d\" of\nmany", i) }

func submit(t *testing.T, c *batch.Client, name string, in batch.Inputs) *batch.Batch {
	t.Helper()
	b, err := c.Submit(t.Context(), name, in)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func wait(t *testing.T, b *batch.Batch) {
	t.Helper()
	if err := b.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// all returns the results by input, and holds the order and that there is one of
// each.
func all(t *testing.T, b *batch.Batch, n int) ([]batch.Result, batch.Account) {
	t.Helper()
	results := b.Results(t.Context(), nil)
	var got []batch.Result
	for r, err := range results.All() {
		if err != nil {
			t.Fatal(err)
		}
		if r.Number != int64(len(got)) || r.ID != idOf(len(got)) {
			t.Fatalf("result %d is of input %d, %q", len(got), r.Number, r.ID)
		}
		if (r.Response == nil) == (r.Err == nil) {
			t.Fatalf("result %d has both or none: %v, %v", r.Number, r.Response, r.Err)
		}
		if r.Response != nil && r.Response.Text() != backwards(textOf(len(got))) {
			t.Fatalf("result %d is %q, the answer to another request", r.Number, r.Response.Text())
		}
		got = append(got, r)
	}
	if len(got) != n {
		t.Fatalf("there are %d results of %d", len(got), n)
	}
	return got, results.Account()
}

func TestBothForms(t *testing.T) {
	for _, form := range []batch.Form{batch.FormConverse, batch.FormNative} {
		t.Run(string(form), func(t *testing.T) {
			s := batchtest.Start(t, echo(), &batchtest.Options{Step: 60})
			o := options()
			o.Form = form
			b := submit(t, client(t, s, o), "both", inputs(150))
			wait(t, b)
			_, account := all(t, b, 150)
			want := "150 records: 150 answered, 0 failed, 0 missing, 0 refused; 0 doubled"
			if account.String() != want {
				t.Errorf("account: %s", account)
			}
			if u := account.JobUsage; u.InputTokens != 150*10 || u.OutputTokens != 150*3 || account.Unknown != 0 {
				t.Errorf("usage: %+v", u)
			}
			if told := account.Told; told.Total != 150 || told.Succeeded != 150 || told.OutputTokens != 450 {
				t.Errorf("the service's numbers: %+v", told)
			}
			job := b.Jobs()[0]
			if job.Form != form || job.Status != batch.StatusCompleted || job.Records != 150 || job.Done != 150 ||
				job.Name != "both-0-000" || job.Input != "s3://batchtest/batches/both/0/input/000/" || !strings.HasPrefix(job.ARN, "arn:aws:bedrock:") {
				t.Errorf("job: %+v", job)
			}
		})
	}
}

// number is the number of a record with an id of ours.
func number(record string) (n int) {
	fmt.Sscanf(record, "R%d", &n)
	return n
}
