// Package observe tells who watches a program of the steps around its calls:
// the steps of a chain, the loops of a model that calls tools, the tools'
// runs. An [Observer] rides in a context:
//
//	ctx = observe.With(ctx, traces)
//	answer, err := chain.Invoke(ctx, question)
//
// Calls of models are not steps; [model.Middleware] sees them. This package is
// for writers of traces and accounts, and of packages with steps of their own,
// who ask [From] for the observer.
//
// # Concurrency
//
// Everything here is safe for concurrent use, and an Observer must be.
package observe
