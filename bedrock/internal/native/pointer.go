package native

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/chatmodel-go/chatmodel/internal/jsonpointer"
	"github.com/chatmodel-go/chatmodel/internal/rawjson"
)

// Select returns an object of the fields that JSON Pointers lead to, nested as
// they are in their source; of several sources the first that has a field
// counts. Fields that are nowhere are left out. Nil means that there is none.
// https://www.rfc-editor.org/rfc/rfc6901
func Select(paths []string, sources []json.RawMessage) json.RawMessage {
	root := node{}
	for _, path := range paths {
		steps, ok := parsePointer(path)
		if !ok {
			continue
		}
		for _, source := range sources {
			if value := lookUp(source, steps); value != nil {
				root.put(steps, value)
				break
			}
		}
	}
	if len(root.names) == 0 {
		return nil
	}
	return root.append(nil)
}

// parsePointer returns the names on the way of a pointer. One without a leading
// slash is none; the pointer to the whole is not a field.
func parsePointer(path string) ([]string, bool) {
	if !strings.HasPrefix(path, "/") {
		return nil, false
	}
	return slices.Collect(jsonpointer.Names(path)), true
}

// lookUp follows a pointer and returns nil if it leads nowhere.
func lookUp(value json.RawMessage, steps []string) json.RawMessage {
	for _, step := range steps {
		if len(value) == 0 {
			return nil
		}
		switch value[0] {
		case '{':
			value = Member(value, step)
		case '[':
			value = element(value, step)
		default:
			return nil
		}
	}
	return value
}

// element returns the element of a list by its number in words.
func element(list json.RawMessage, step string) json.RawMessage {
	want, err := strconv.Atoi(step)
	if err != nil || !rawjson.Valid(list) {
		return nil
	}
	n := 0
	for value, i, ok := rawjson.NextElement(list, 1); ok; value, i, ok = rawjson.NextElement(list, i) {
		if n == want {
			return value
		}
		n++
	}
	return nil
}

// A node is an object of selected fields, or one of them. Names are kept in the
// order of the paths, so that equal paths give equal bytes.
type node struct {
	names []string
	nodes map[string]*node
	value json.RawMessage
}

// put adds a field at the end of a way.
func (n *node) put(steps []string, value json.RawMessage) {
	for _, s := range steps {
		if n.nodes == nil {
			n.nodes = map[string]*node{}
		}
		if n.nodes[s] == nil {
			n.nodes[s] = &node{}
			n.names = append(n.names, s)
		}
		n = n.nodes[s]
	}
	n.value = value
}

// append appends the JSON of the node.
func (n *node) append(dst []byte) []byte {
	if n.value != nil {
		return append(dst, n.value...)
	}
	w := rawjson.Writer{Buf: dst}
	w.Open('{')
	for _, name := range n.names {
		w.Name(name)
		w.Raw(n.nodes[name].append(nil))
	}
	w.Close('}')
	return w.Buf
}
