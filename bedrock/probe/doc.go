// Package probe finds out what a live model on Amazon Bedrock takes, refuses
// and does, and compares that with what package facts has of it. The command
// bedrock-probe is its front door.
//
//	report, err := probe.Run(ctx, client, "us.anthropic.claude-opus-5", &probe.Options{
//		Prices: probe.Prices{Input: 5, Output: 25}, Budget: 0.2,
//	})
//	fmt.Print(report.Row())
//
// # Mental model
//
// A run is a list of questions. Each is an experiment: a request that differs in
// one thing from one that the model takes. If it is answered, the model takes
// that thing. If it is refused, it does not, unless the service's words are known
// to mean something else. A fact that an answer does not show is [Unclear], and
// does not count as a difference: an answer without thinking does not prove that
// there was none. Questions that rest on others wait for them, so that a model
// without tools does not differ in ten facts.
//
// The requests go out as they are. The library's rules do not apply: nothing is
// dropped, changed or planned again, and no retry hides a refusal. Only a busy
// service is asked again.
//
// # Cost
//
// Prompts and answers are a few tokens long, and what is refused costs nothing.
// Before each call the most that it can cost is worked out from [Prices]: every
// byte a token, and the answer as long as it may be. A call that might exceed the
// budget is not made, and the report says so. The most expensive questions are
// those about the longest answer and about thinking with a budget.
//
// # Reports
//
// A [Report] is JSON, Markdown or a page of HTML. [Report.Row] is the row for
// the table of facts, [Diff] compares two reports, and Options.Continue goes on
// from one that was broken off.
//
// # Emulators
//
// [Score] asks an endpoint in the place of the service: which requests it lets
// pass that the service refuses, by the names of package bedrocktest's rules;
// which it refuses that the service takes; and what is wrong with its streams:
// frames that are cut or damaged, and events out of order.
package probe
