// Package refusal recognises what the service says when it refuses part of a
// request, and which fact about the model that teaches.
//
// The service gives one exception for all wrong requests and says in words what
// is wrong. [Read] knows the words that it uses for wishes that the plan can do
// without for other models: sampling, effort, a choice, a schema for the answer,
// an automatic cache point. What it recognises is a [Lesson]: the name of a fact
// and how to change it, so that the same request, planned again, leaves the wish
// out. A text that is not recognised is nobody's lesson: the error goes back to
// the caller as it is.
//
// Patterns match whole texts, but for the prefixes that the service puts before
// a model's own words. A refusal may quote what the user wrote, and a user's
// words must not teach anything.
package refusal
