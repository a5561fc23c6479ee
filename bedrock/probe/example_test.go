package probe_test

import (
	"context"
	"fmt"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/bedrock/probe"
)

// A service that has changed since the table was written: the model no longer
// takes a temperature. The report says so, and has the row that sets it right.
func ExampleRun() {
	s := bedrocktest.InMemory(behind(), &bedrocktest.Options{Traits: map[string]any{"NoTemperature": true}})
	report, err := probe.Run(context.Background(), s.Client(), "us.anthropic.claude-opus-4-6-v1", &probe.Options{
		Only:   []string{"sampling.temperature", "sampling.top_p", "tools.any"},
		Prices: probe.Prices{Input: 5, Output: 25},
		Budget: 0.05,
		Now:    day,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range report.Findings {
		fmt.Printf("%-20s %-7s table %q, seen %q\n", f.Fact, f.Verdict, f.Table, f.Seen)
	}
	fmt.Println("within the budget:", report.Cost > 0 && report.Cost <= report.Budget)
	fmt.Print(report.Row())
	// Output:
	// sampling.temperature differs table "yes", seen "no"
	// sampling.top_p       agrees  table "yes", seen "yes"
	// tools.any            agrees  table "yes", seen "yes"
	// within the budget: true
	// {"anthropic.claude-opus-4-6-v1", probe, "2026-11-26", "asked with bedrock-probe, in us-east-1 by Converse", set{
	// 	// was yes: probe, 2026-08-22
	// 	"sampling.temperature": no,
	// }},
}

// An emulator that lets a request pass that the service refuses.
func ExampleScore() {
	emulator := bedrocktest.InMemory(behind(), &bedrocktest.Options{Off: []bedrocktest.Rule{"blank-stop"}})
	report, err := probe.Score(context.Background(), emulator.Client(), "us.anthropic.claude-sonnet-4-5-20250929-v1:0", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("as the service:", report.Score.Perfect())
	for _, lapse := range report.Score.Passed {
		fmt.Println(lapse.Rule+",", lapse.About)
		fmt.Println("\tthe service:", lapse.Want)
		fmt.Println("\tthe endpoint:", lapse.Got)
	}
	// Output:
	// as the service: false
	// blank-stop, a stop sequence of a line break
	// 	the service: 400 ValidationException The model returned the following errors: stop_sequences: each stop sequence must contain non-whitespace
	// 	the endpoint: an answer
}
