package load_test

import (
	"context"
	"fmt"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/load"
)

// A request takes its prompt and what it may generate. On a clock that is
// moved by hand, one can see when the quota has room again.
func ExampleWorld_Arrive() {
	clock := load.NewManual(time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC))
	world, err := load.New(load.Options{Clock: clock, Spread: -1, Default: load.Model{Tokens: 6000, Burndown: 5}})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	first, _ := world.Arrive(ctx, load.Request{Model: "us.anthropic.claude-sonnet-4-6", Key: []byte("1"), Input: 1000, MaxTokens: 4096})

	second := load.Request{Model: "us.anthropic.claude-sonnet-4-6", Key: []byte("2"), Input: 1000, MaxTokens: 1000}
	_, err = world.Arrive(ctx, second)
	fmt.Println(err, err.(*load.Refusal).RetryAfter)

	first.Done(load.Usage{Input: 1000, Output: 200}) // 2000 of the 5096 tokens
	_, err = world.Arrive(ctx, second)
	fmt.Println(err)
	fmt.Println(world.Report().Total.RetriesPerSuccess)
	// Output:
	// load: ThrottlingException: Too many tokens, please wait before trying again. 10.96s
	// <nil>
	// 1
}

func ExampleReport_String() {
	clock := load.NewManual(time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC))
	world, err := load.New(load.Options{Seed: 1, Clock: clock, Spread: -1, Default: load.Model{Requests: 60}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for i := range 180 { // three a second, where one is allowed
		clock.Advance(time.Second / 3)
		a, err := world.Arrive(context.Background(), load.Request{Model: "us.amazon.nova-lite-v1:0", Key: fmt.Append(nil, i), Input: 50, MaxTokens: 100})
		if err == nil {
			a.Done(load.Usage{Input: 50, Output: 20})
		}
	}
	fmt.Print(world.Report())
	// Output:
	// seed 1, 59.7 s
	//
	//                      us.amazon.nova-lite-v1:0
	// attempts             180 (0 retries)
	// answered             119 (1.994 a second)
	// throttled            61 for requests, 0 for tokens (33.9%)
	// unavailable          0
	// failed, open         0, 0
	// retries per success  0.000
	// first token          p50 0.000 s, p90 0.000 s, p99 0.000 s, max 0.000 s
	// latency              p50 0.000 s, p90 0.000 s, p99 0.000 s, max 0.000 s
	// with retries         p50 0.000 s, p90 0.000 s, p99 0.000 s, max 0.000 s
	// tokens in            5950 (cache: 0 read, 0 written)
	// tokens out           2380 (39.9 a second)
	// quota                17850 reserved, 8330 burned
}
