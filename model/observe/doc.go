// Package observe reports the steps around the calls of a program: the steps of
// a chain, tool loops and runs of tools. A context carries the [Observer]:
//
//	ctx = observe.With(ctx, traces)
//	answer, err := chain.Invoke(ctx, question)
//
// Calls of models are not steps; [model.Middleware] sees those. This package is
// for code that traces or accounts, and for packages with steps of their own,
// which get the observer from [From].
//
// # Concurrency
//
// Everything here is safe for concurrent use, and an Observer must be.
package observe
