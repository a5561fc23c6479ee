// Package native holds the common part of the codecs of the models' own body
// formats. InvokeModel takes and returns these formats, where Converse has one
// format for all models.
//
// A format has a writer, which puts a plan into a [Body] and knows no rules, and
// a reader of answers: of a body, or of the chunks of one through a [Decoder],
// to an [Answer].
package native
