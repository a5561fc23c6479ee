// Package refusal recognises the service's refusals of part of a request, and
// the fact about the model that each teaches.
//
// The service gives one exception for all wrong requests and says in words what
// is wrong. [Read] knows the words that it uses for wishes that the plan can do
// without for other models: sampling, effort, a choice, a schema for the
// answer, an automatic cache point. It returns a [Lesson]: the name of a fact
// and how to change it, so that the same request, planned again, leaves the
// wish out. A text that is not recognised teaches nothing: the error is
// returned to the caller unchanged.
//
// Patterns match whole texts, but for the prefixes that the service puts before
// a model's own words. A refusal may quote the user, and a user's words must
// not teach anything.
package refusal
