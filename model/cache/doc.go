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
// call goes through as if there were no cache if its key cannot be told: if
// the model does not say which one it is, or if a provider's own setting
// ([model.ProviderOptions]) cannot be read to the last bit, since it holds a
// function, a channel or a field that is not exported. [Options.OnBypass] hears
// of those.
//
// An answer is kept as the JSON of a [model.Response]. So one from the cache
// has no ProviderMetadata and no Attempts. Its Usage is what was told when it
// was made: put meters and budgets inside the cache, where the calls are that
// are made.
//
// What else answers depend on, such as options of the model itself, a guardrail
// that was changed, or time, the cache does not know: [Options.Salt] is for
// that.
//
// # Stores
//
// [NewMemory] keeps answers in the process, [NewDir] in files that only their
// owner may read, since they hold conversations. A store of one's own is a
// [Store].
//
// # Concurrency
//
// All is safe for concurrent use. Two calls of one key at once may both ask the
// model; a directory may be shared by processes.
package cache
