// Package answers chooses the answers of the local Bedrock. A [Book] is a
// document of rules and a script:
//
//   - The first rule that fits the request answers it.
//   - If none does, the script answers: its answers come in order, one a call.
//   - Without a script, or at its end, the otherwise of the book decides: the
//     user is echoed, tools are called, or the call is refused.
//
// A [Player] plays one book for one world: it counts how often rules were used
// and where the script is. A [File] is a book on disk that is read again when
// it has changed. While the file is broken, the previous book stays in use.
//
// The form of a book is written down in schema.json, for editors, which [Schema]
// returns.
package answers
