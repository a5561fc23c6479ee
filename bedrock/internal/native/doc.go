// Package native is what the codecs of the models' own body formats have in
// common: those that InvokeModel takes and gives, where Converse has one format
// for all models.
//
// A [Codec] is one format. It is a pure function in each direction: of a neutral
// request and an [Input] to a body and warnings, and of a body, or of the chunks
// of one, to an [Answer]. What it must know of the model comes as [Rules], whose
// zero value forbids nothing.
//
// The rules of the project hold in every codec: what is dropped, moved or
// changed is a warning, what cannot be expressed is an error and no body, and
// JSON documents go through byte for byte. [Report] and [Fields] are there to
// make that easy.
package native
