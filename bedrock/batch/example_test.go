package batch_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/batch"
	"github.com/chatmodel-go/chatmodel/bedrock/batch/batchtest"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/runnable"
)

// A cleanup is what a *testing.T is in a test.
type cleanup []func()

func (c *cleanup) Cleanup(f func()) { *c = append(*c, f) }

func (c *cleanup) run() {
	for _, f := range *c {
		f()
	}
}

// loud answers in capitals.
func loud() model.ChatModel {
	return fake.New(fake.Func(func(_ context.Context, req *model.Request) (*model.Response, error) {
		text := strings.ToUpper(req.Messages[0].Text())
		return &model.Response{Message: model.Assistant(text), StopReason: model.StopEndTurn}, nil
	}).Always())
}

func Example() {
	var t cleanup // a *testing.T, in a test
	defer t.run()
	service := batchtest.Start(&t, loud(), nil)
	client, err := batch.New(service.Jobs(), service.S3(), batch.Options{
		Model: "anthropic.claude-3-haiku-20240307-v1:0", Folder: batchtest.Folder("batches"), Role: batchtest.Role, Poll: 1,
	})
	if err != nil {
		log.Fatal(err)
	}
	inputs := func(yield func(batch.Input, error) bool) {
		for i := range 1000 {
			req := &model.Request{Messages: []model.Message{model.User(fmt.Sprintf("line %d", i))}, MaxTokens: 100}
			if !yield(batch.Input{ID: fmt.Sprintf("order-%d", i), Request: req}, nil) {
				return
			}
		}
	}
	ctx := context.Background()
	b, err := client.Submit(ctx, "shout", inputs)
	if err != nil {
		log.Fatal(err)
	}
	if err := b.Wait(ctx); err != nil {
		log.Fatal(err)
	}
	results := b.Results(ctx, nil)
	for r, err := range results.All() {
		if err != nil {
			log.Fatal(err)
		}
		if r.Number == 512 {
			fmt.Println(r.ID, r.Response.Text())
		}
	}
	fmt.Println(results.Account())
	// Output:
	// order-512 LINE 512
	// 1000 records: 1000 answered, 0 failed, 0 missing, 0 refused; 0 doubled
}

// A chain that was tried with a model runs with a batch in its place.
func ExampleNewChain() {
	var t cleanup
	defer t.run()
	service := batchtest.Start(&t, loud(), nil)
	client, err := batch.New(service.Jobs(), service.S3(), batch.Options{
		Model: "anthropic.claude-3-haiku-20240307-v1:0", Folder: batchtest.Folder("batches"), Role: batchtest.Role, Poll: 1,
	})
	if err != nil {
		log.Fatal(err)
	}
	type order struct{ Thing string }
	prompt := runnable.Must(runnable.NewPrompt[order](runnable.User("where is my {{.Thing}}?")))
	chain, err := batch.NewChain(client, func(m model.ChatModel) (runnable.Runnable[order, string], error) {
		return runnable.Pipe3(prompt, runnable.Model(m), runnable.Text()), nil
	})
	if err != nil {
		log.Fatal(err)
	}
	items := func(yield func(batch.Item[order], error) bool) {
		for i := range 100 {
			if !yield(batch.Item[order]{ID: fmt.Sprint(i), Value: order{fmt.Sprintf("parcel %d", i)}}, nil) {
				return
			}
		}
	}
	for out, err := range chain.Run(context.Background(), "questions", items) {
		if err != nil {
			log.Fatal(err)
		}
		if out.ID == "42" {
			fmt.Println(out.Input.Thing, "-", out.Value, out.Err)
		}
	}
	// Output:
	// parcel 42 - WHERE IS MY PARCEL 42? <nil>
}

// What failed is sent again: by a job, or by calls if they are too few for one.
func ExampleBatch_Resend() {
	var t cleanup
	defer t.run()
	service := batchtest.Start(&t, loud(), nil)
	service.Inject(batchtest.Faults{Lose: func(record string) bool { return record == "R0000000007" }})
	client, err := batch.New(service.Jobs(), service.S3(), batch.Options{
		Model: "anthropic.claude-3-haiku-20240307-v1:0", Folder: batchtest.Folder("batches"), Role: batchtest.Role, Poll: 1,
	})
	if err != nil {
		log.Fatal(err)
	}
	inputs := func(yield func(batch.Input, error) bool) {
		for i := range 100 {
			req := &model.Request{Messages: []model.Message{model.User(fmt.Sprint("line ", i))}, MaxTokens: 100}
			if !yield(batch.Input{ID: fmt.Sprint(i), Request: req}, nil) {
				return
			}
		}
	}
	ctx := context.Background()
	b, err := client.Submit(ctx, "again", inputs)
	if err == nil {
		err = b.Wait(ctx)
	}
	if err != nil {
		log.Fatal(err)
	}
	n, err := b.Resend(ctx, nil)
	if e, ok := errors.AsType[*model.Error](err); ok && e.Code == batch.CodeTooFew {
		n, err = b.Generate(ctx, loud(), inputs, nil) // mostly behind a rate limit, of package model/limit
	}
	fmt.Println(n, err)
	for r, err := range b.Results(ctx, nil).All() {
		if err != nil {
			log.Fatal(err)
		}
		if r.Number == 7 {
			fmt.Println(r.Response.Text(), "in round", r.Round)
		}
	}
	// Output:
	// 1 <nil>
	// LINE 7 in round 1
}
