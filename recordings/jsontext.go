package recordings

import "bytes"

const (
	maxPathDepth = 64 // the depth to which a path has names; deeper values share it
	maxPathKey   = 40 // bytes of a key that a path shows
)

// A jsonWalker visits the strings of JSON texts. It is lenient: it also walks
// through a text that is cut off, several texts in a row, and a text that only
// begins like JSON.
type jsonWalker struct {
	path []byte // the path of the current value, such as "content[].text"
	open []container
}

// A container is an open object or array.
type container struct {
	array bool
	path  int // the length of the path to it
}

// A jsonString is a string of a JSON text.
type jsonString struct {
	raw     []byte // without its quotes
	escaped bool   // raw has escapes
	key     bool   // the string is the name of a member
}

// isJSON reports whether a text begins like a JSON object, array or string.
func isJSON(b []byte) bool {
	b = b[spaces.run(b, len(b)):]
	return len(b) > 0 && (b[0] == '{' || b[0] == '[' || b[0] == '"')
}

// walk calls visit for every string of b, including keys; w.path is the
// string's path. It reports whether there is no escape outside strings, as in
// valid JSON. It stops when visit returns false.
func (w *jsonWalker) walk(b []byte, visit func(s jsonString, start int) bool) (clean bool) {
	base, depth := len(w.path), len(w.open)
	defer func() { w.path, w.open = w.path[:base], w.open[:depth] }()
	clean, wantsKey := true, false
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '{', '[':
			w.push(b[i] == '[')
			wantsKey = b[i] == '{'
		case '}', ']':
			w.pop(depth)
			wantsKey = false
		case ',':
			wantsKey = len(w.open) > depth && !w.open[len(w.open)-1].array
		case '\\':
			clean = false
		case '"':
			s, end := stringAt(b, i)
			s.key = wantsKey
			if wantsKey {
				w.name(s)
			}
			if !visit(s, i+1) {
				return clean
			}
			wantsKey = false
			i = end
		}
	}
	return clean
}

// stringAt returns the string whose opening quote is b[i], and the index of its
// closing quote. A string without one ends at the end of the text.
func stringAt(b []byte, i int) (s jsonString, end int) {
	rest := b[i+1:]
	n := 0
	for {
		next := bytes.IndexByte(rest[n:], '"')
		if next < 0 {
			s.raw = rest
			s.escaped = bytes.IndexByte(rest, '\\') >= 0
			return s, len(b)
		}
		n += next
		slashes := 0
		for slashes < n && rest[n-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			break
		}
		n++
	}
	s.raw = rest[:n]
	s.escaped = bytes.IndexByte(s.raw, '\\') >= 0
	return s, i + 1 + n
}

func (w *jsonWalker) push(array bool) {
	w.open = append(w.open, container{array: array, path: len(w.path)})
	if array && len(w.open) <= maxPathDepth {
		w.path = append(w.path, "[]"...)
	}
}

func (w *jsonWalker) pop(depth int) {
	if len(w.open) > depth {
		w.path = w.path[:w.open[len(w.open)-1].path]
		w.open = w.open[:len(w.open)-1]
	}
}

// name sets the path to that of the member with a key.
func (w *jsonWalker) name(key jsonString) {
	w.path = w.path[:w.open[len(w.open)-1].path]
	if len(w.open) > maxPathDepth {
		return
	}
	w.path = append(w.path, '.')
	if key.escaped || len(key.raw) > maxPathKey || bytes.IndexByte(key.raw, '.') >= 0 {
		w.path = append(w.path, "(key)"...)
		return
	}
	w.path = append(w.path, key.raw...)
}

// pathAt returns the path of the value at an offset of a JSON text.
func pathAt(b []byte, offset int) string {
	var w jsonWalker
	path := ""
	w.walk(b, func(s jsonString, start int) bool {
		if start > offset {
			return false
		}
		path = string(w.path)
		return true
	})
	return path
}
