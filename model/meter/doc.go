// Package meter counts calls and tokens by model, step and tool, over a program
// or a single run.
//
// # Mental model
//
// A [Meter] is a table. Its middleware adds each call to the line of its
// model, and of the step and the tool that it was made in:
//
//	total := meter.New()
//	llm = model.Wrap(llm, total.Middleware())
//
// To count a run as well, make a meter for it and give its context to the run;
// it needs no middleware of its own. The context also lets both meters see
// steps and tools, which package runnable reports:
//
//	run := meter.New()
//	answer, err := chain.Invoke(run.Context(ctx), question)
//	for _, line := range run.Lines() { … }
//
// To count steps in a program's own meter, pass that meter's Context to
// everything the program runs.
//
// # What is counted
//
// Generate and streams alike; a stream counts when the loop is left. Inside a
// [model.Retry] each attempt is a call, outside of it only the last one is, and
// the attempts before it are counted as retries; so it is with [model.Fallback].
// A call of unknown usage counts in [Line.Unknown] and adds no tokens.
//
// # Concurrency
//
// A Meter is safe for concurrent use.
package meter
