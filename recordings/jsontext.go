package recordings

import "bytes"

const (
	maxPathDepth = 64 // containers whose names a path has; deeper ones share it
	maxPathKey   = 40 // bytes of a key that a path shows
)

// A jsonWalker goes through the strings of JSON texts. It is lenient: a text
// that is cut, several texts in a row and what only begins like JSON are walked
// through as well.
type jsonWalker struct {
	path []byte // of the value being walked through, such as "content[].text"
	open []container
}

// A container is an object or an array that has not ended.
type container struct {
	array bool
	path  int // length of the path to it
}

// A jsonString is a string of a JSON text.
type jsonString struct {
	raw     []byte // without its quotes
	escaped bool   // raw has escapes
	key     bool   // it names a member
}

// isJSON reports whether a text begins as a JSON object, array or string does.
func isJSON(b []byte) bool {
	b = bytes.TrimLeft(b, " \t\r\n")
	return len(b) > 0 && (b[0] == '{' || b[0] == '[' || b[0] == '"')
}

// walk calls visit for every string of b, keys included; w.path is where it
// stands. It reports whether no escape was found outside of a string, as is so
// in JSON. It stops when visit returns false.
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

// stringAt returns the string whose opening quote is b[i], and where its
// closing quote is. A string that does not end goes to the end of the text.
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

// name sets the path to the member that a key names.
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

// pathAt returns the path of what stands at an offset of a JSON text.
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
