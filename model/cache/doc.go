// Package cache remembers answers, for tests and batch work: the same request
// to the same model is answered again without asking.
//
// # Mental model
//
//	answers, err := cache.NewDir("testdata/answers")
//	llm = model.Wrap(llm, cache.New(answers, nil))
//
// The key of an answer is the whole request, settings of the provider's own
// included, with the provider, the model and the interface it is asked by
// ([model.InfoOf]). Two requests that differ in anything have two answers. An
// answer that was asked for by Generate is also one to Stream, where it plays
// as a stream ([model.Replay]), and the other way round.
//
// # What is not cached
//
// Errors, answers that broke off, and streams that were left are not kept. A
// call bypasses the cache if its key cannot be made: the model does not report
// its identity, or a provider's setting ([model.ProviderOptions]) cannot be read
// completely, because it holds a function, a channel or an unexported field.
// [Options.OnBypass] is called for such calls.
//
// An answer is kept as the JSON of a [model.Response], so a cached answer has no
// ProviderMetadata and no Attempts. Its Usage is that of the call that made it.
// Put meters and budgets inside the cache, so that they see only real calls.
//
// The cache does not know what else answers depend on, such as options of the
// model itself, a guardrail that was changed, or time. [Options.Salt] is for
// that.
//
// # Stores
//
// [NewMemory] keeps answers in the process, [NewDir] in files that only their
// owner may read, because they hold conversations. Any other store implements
// [Store].
//
// # Concurrency
//
// Everything is safe for concurrent use. Concurrent calls with the same key may
// each ask the model. Processes may share a directory.
package cache
