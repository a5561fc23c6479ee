package rawjson

import (
	"encoding/base64"
	"strconv"
)

// A Writer writes one JSON value into one buffer, from front to back. It puts
// the commas. Its caller sees to it that names and values alternate and that what
// is opened is closed. The zero value is ready; its buffer may have content.
//
// It is for bodies that are known member by member: nothing is reflected on, no
// value is copied before it is written, and bytes that are JSON stay as they are.
type Writer struct {
	Buf   []byte
	comma bool // something stands before in the same object or list
}

// Open begins an object ('{') or a list ('[').
func (w *Writer) Open(c byte) {
	w.next()
	w.Buf = append(w.Buf, c)
	w.comma = false
}

// Close ends an object ('}') or a list (']').
func (w *Writer) Close(c byte) {
	w.Buf = append(w.Buf, c)
	w.comma = true
}

// Name writes the name of a member.
func (w *Writer) Name(name string) {
	buf := w.Buf
	if w.comma {
		buf = append(buf, ',')
	}
	if isWord(name) { // as nearly all are
		buf = append(append(append(buf, '"'), name...), '"', ':')
	} else {
		buf = append(AppendString(buf, name), ':')
	}
	w.Buf, w.comma = buf, false
}

// isWord reports whether a name is of ASCII letters.
func isWord(name string) bool {
	for i := range len(name) {
		if c := name[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return true
}

// String writes a string.
func (w *Writer) String(s string) {
	w.next()
	w.Buf = AppendString(w.Buf, s)
	w.comma = true
}

// StringOf writes bytes as a string. It spares the copy that String would need.
func (w *Writer) StringOf(s []byte) {
	w.next()
	w.Buf = AppendString(w.Buf, s)
	w.comma = true
}

// Raw writes a value that is JSON already, byte for byte.
func (w *Writer) Raw(value []byte) {
	w.next()
	w.Buf = append(w.Buf, value...)
	w.comma = true
}

// Literal is Raw for a constant.
func (w *Writer) Literal(value string) {
	w.next()
	w.Buf = append(w.Buf, value...)
	w.comma = true
}

// Int writes a number.
func (w *Writer) Int(n int) {
	w.next()
	w.Buf = strconv.AppendInt(w.Buf, int64(n), 10)
	w.comma = true
}

// Float writes a number, as [AppendFloat] does.
func (w *Writer) Float(f float64) {
	w.next()
	w.Buf = AppendFloat(w.Buf, f)
	w.comma = true
}

// Bool writes true or false.
func (w *Writer) Bool(b bool) {
	w.next()
	w.Buf = strconv.AppendBool(w.Buf, b)
	w.comma = true
}

// Base64 writes data as a string in base64, behind a prefix that needs no
// escapes.
func (w *Writer) Base64(prefix string, data []byte) {
	w.next()
	w.Buf = append(append(w.Buf, '"'), prefix...)
	w.Buf = append(base64.StdEncoding.AppendEncode(w.Buf, data), '"')
	w.comma = true
}

// Text writes a member that is a string.
func (w *Writer) Text(name, value string) {
	w.Name(name)
	w.String(value)
}

// TextIf is Text unless the value is empty.
func (w *Writer) TextIf(name, value string) {
	if value != "" {
		w.Text(name, value)
	}
}

// Texts writes a member that is a list of strings, unless it is empty.
func (w *Writer) Texts(name string, values []string) {
	if len(values) == 0 {
		return
	}
	w.Name(name)
	w.Open('[')
	for _, v := range values {
		w.String(v)
	}
	w.Close(']')
}

// Inner writes the members of a JSON object, without its braces, into the
// object that is open. The object must be valid; its white space stays.
func (w *Writer) Inner(object []byte) {
	i, j := SkipSpace(object, 0)+1, len(object)-1
	for object[j] != '}' {
		j--
	}
	if SkipSpace(object[:j], i) == j {
		return
	}
	w.next()
	w.Buf = append(w.Buf, object[i:j]...)
	w.comma = true
}

// A Mark is a place in what has been written.
type Mark struct {
	length int
	comma  bool
}

// Mark returns the present place.
func (w *Writer) Mark() Mark { return Mark{len(w.Buf), w.comma} }

// Rewind takes back everything written since the mark was taken. Whether a member
// has anything in it is often known only when it has been written.
func (w *Writer) Rewind(m Mark) { w.Buf, w.comma = w.Buf[:m.length], m.comma }

// next puts the comma before a value or a name, if one is needed.
func (w *Writer) next() {
	if w.comma {
		w.Buf = append(w.Buf, ',')
	}
}

// Base64Len returns the length of data in base64.
func Base64Len(data []byte) int { return base64.StdEncoding.EncodedLen(len(data)) }
