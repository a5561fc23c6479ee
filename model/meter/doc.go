// Package meter counts what models were asked and what it took: calls and
// tokens by model, step and tool, over a program or a run of it.
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
// no middleware of its own is needed. The context also makes both meters see
// steps and tools, which package runnable tells of:
//
//	run := meter.New()
//	answer, err := chain.Invoke(run.Context(ctx), question)
//	for _, line := range run.Lines() { … }
//
// For steps in the table of a program, whatever it runs, use its own Context at
// the outset.
//
// # What is counted
//
// Generate and streams alike; a stream counts when the loop is left. Inside a
// [model.Retry] each attempt is a call, outside of it only the last one is, and
// the attempts before it are counted as retries; so it is with [model.Fallback].
// A call whose usage nobody tells counts as one of unknown usage, and its
// tokens as none: see [Line.Unknown].
//
// # Concurrency
//
// A Meter is safe for concurrent use.
package meter
