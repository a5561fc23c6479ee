package answers

import _ "embed" // schema.json

//go:embed schema.json
var schema []byte

// Schema returns the JSON Schema of books, for editors. It is a copy.
func Schema() []byte { return append([]byte(nil), schema...) }
