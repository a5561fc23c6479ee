package jsonpointer

import (
	"iter"
	"strings"
)

// Escape returns a name as a token of a pointer.
func Escape(name string) string {
	return strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
}

// Unescape returns the name that a token stands for.
func Unescape(token string) string {
	return strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
}

// Names returns the names that a pointer leads through. The slash that a
// pointer begins with may be missing; the empty pointer, which leads to the
// whole document, has no names.
func Names(pointer string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if pointer == "" {
			return
		}
		for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
			if !yield(Unescape(token)) {
				return
			}
		}
	}
}
