package recordings

import (
	"embed"
	"io/fs"
)

//go:embed cassettes
var shipped embed.FS

// Cassettes returns the cassettes that come with this package, to be replayed
// with [Replay]. They are part of the program, so no file is needed to run it.
func Cassettes() fs.FS {
	sub, err := fs.Sub(shipped, "cassettes")
	if err != nil { // can't be: the folder is embedded above
		return shipped
	}
	return sub
}
