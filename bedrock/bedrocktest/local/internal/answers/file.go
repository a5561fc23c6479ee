package answers

import (
	"io/fs"
	"os"
	"sync"
	"time"
)

// A File is a book on disk. It is safe for concurrent use.
type File struct {
	path      string
	cassettes fs.FS

	mu      sync.Mutex
	seen    stamp
	book    *Book
	problem error
}

// A stamp identifies the version of a file that was read.
type stamp struct {
	at   time.Time
	size int64
}

// Open reads a book. It fails if the book is invalid.
func Open(path string, cassettes fs.FS) (*File, error) {
	f := &File{path: path, cassettes: cassettes}
	_, _, err := f.Book()
	return f, err
}

// Book returns the book. It reads the file again if that has changed, and
// reports whether there is news: the book has changed, or the file is newly
// broken. While the file is broken, Book returns the last valid book, and the
// problem with every call.
func (f *File) Book() (b *Book, news bool, problem error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	info, err := os.Stat(f.path)
	now := stamp{}
	if err == nil {
		now = stamp{info.ModTime(), info.Size()}
	}
	if now == f.seen && (err == nil || f.problem != nil) {
		return f.book, false, f.problem
	}
	f.seen = now
	var data []byte
	if err == nil {
		data, err = os.ReadFile(f.path)
	}
	if err == nil {
		b, err = Parse(f.path, data, f.cassettes)
	}
	if f.problem = err; err == nil {
		f.book = b
	}
	return f.book, true, err
}
