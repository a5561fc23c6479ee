// Package answers chooses what the local Bedrock says. A [Book] is a document
// of rules and a script:
//
//   - The first rule that fits the request answers it.
//   - If none does, the script answers: its answers come in order, one a call.
//   - If there is none or it is at its end, what the book says under otherwise
//     happens: the user is echoed, tools are called, or the call is refused.
//
// A [Player] plays one book for one world: it counts how often rules were used
// and where the script is. A [File] is a book on disk that is read again when it
// has changed, and stays what it was while what is on disk is broken.
//
// The form of a book is written down in schema.json, for editors, which [Schema]
// returns.
package answers
