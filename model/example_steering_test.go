package model_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// A middleware for both ways to ask is one function. For a stream, next
// returns when the loop has read the answer, or has been left.
func ExampleAround() {
	count := model.Around(func(ctx context.Context, req *model.Request, next model.Next) (*model.Response, error) {
		resp, err := next(ctx, req)
		if err != nil {
			fmt.Println("\nfailed:", model.KindOf(err))
			return nil, err
		}
		fmt.Println("\nread:", len(resp.Text()), "bytes")
		return resp, nil
	})
	llm := model.Wrap(fake.New(fake.Text("Hello there.").Always()), count)

	req := &model.Request{Messages: []model.Message{model.User("Hi!")}}
	for text := range llm.Stream(context.Background(), req).Text() {
		fmt.Print(text)
	}
	for text := range llm.Stream(context.Background(), req).Text() {
		fmt.Print(text)
		break // one word is enough
	}
	// Output:
	// Hello there.
	// read: 12 bytes
	// Hello
	// failed: model: stopped by its consumer
}

// What is known of a model can be asked through any middleware.
func ExampleInfoOf() {
	llm := model.Wrap(fake.NewWith(&fake.Options{Provider: "bedrock", Model: "us.anthropic.claude"}), model.Retry(nil))
	info, ok := model.InfoOf(llm)
	fmt.Println(info.Provider, info.Model, ok)
	// Output: bedrock us.anthropic.claude true
}

// A chain of fallbacks has the limits that all of its models share.
func ExampleLimitsOf() {
	large := fake.NewWith(&fake.Options{Limits: &model.Limits{Context: 1_000_000, MaxOutput: 64_000, ImageTypes: []string{"image/png", "image/gif"}}})
	small := fake.NewWith(&fake.Options{Limits: &model.Limits{Context: 200_000, MaxOutput: 64_000, ImageTypes: []string{"image/png"}}})
	limits, _ := model.LimitsOf(model.Wrap(large, model.Fallback(small)))
	fmt.Println(limits.Context, limits.MaxOutput, limits.ImageTypes)
	// Output: 200000 64000 [image/png]
}

// A program that would rather have no answer than one to something else than
// it asked says which warnings it cannot live with.
func ExampleStrict() {
	warned := fake.Text("Hello.").With(func(resp *model.Response) {
		resp.Warnings = []model.Warning{{Action: model.WarningDropped, Field: "top_k", Reason: "the model has none"}}
	})
	llm := model.Wrap(fake.New(warned), model.Strict(func(w model.Warning) bool { return w.Action == model.WarningDropped }))
	_, err := llm.Generate(context.Background(), &model.Request{Messages: []model.Message{model.User("Hi!")}, TopK: 5})
	fmt.Println(errors.Is(err, model.ErrUnsupported), err)
	// Output: true fake: check warnings fake: unsupported: dropped top_k: the model has none (request id fake-1)
}

// An answer tells which models failed before it, and a hook hears of it when
// it happens.
func ExampleFallbackWith() {
	first := fake.NewWith(&fake.Options{Model: "first"}, fake.Fail(model.ErrThrottled))
	second := fake.NewWith(&fake.Options{Model: "second"}, fake.Text("Hello."))
	llm := model.Wrap(first, model.FallbackWith(&model.FallbackOptions{
		OnFallback: func(_ context.Context, failed model.Attempt) { fmt.Println("falling back:", failed) },
	}, second))
	resp, err := llm.Generate(context.Background(), &model.Request{Messages: []model.Message{model.User("Hi!")}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(resp.Model, "answered after", len(resp.Attempts), "failure of", resp.Attempts[0].Model)
	// Output:
	// falling back: fake: generate first: throttled: model: throttled
	// second answered after 1 failure of first
}
