package plan

import (
	"strconv"
	"strings"

	"github.com/chatmodel-go/chatmodel/model"
)

// at names an element of a list, as in "messages[2]".
func at(list string, i int) string { return list + "[" + strconv.Itoa(i) + "]" }

// A fieldNames holds the names of all parts of a request in one string. Most of
// them are never read, as only a part that is changed is named, so a name must
// cost nothing but a slice of it. Names are asked for in the order of the
// request.
type fieldNames struct {
	text string
	next int
}

// newFieldNames writes the names, in one buffer, whose room is usually enough for
// so many parts.
func newFieldNames(messages []model.Message, parts int) fieldNames {
	var text strings.Builder
	text.Grow(parts * len("messages[100].parts[0]"))
	var space [20]byte
	number := func(n int) { text.Write(strconv.AppendInt(space[:0], int64(n), 10)) }
	for i, m := range messages {
		for j := range m.Parts {
			text.WriteString(messagesOpen)
			number(i)
			text.WriteString(partsOpen)
			number(j)
			text.WriteByte(']')
		}
	}
	return fieldNames{text: text.String()}
}

const (
	messagesOpen = "messages["
	partsOpen    = "].parts["
)

// part returns the name of the next part, which is part j of message i.
func (f *fieldNames) part(i, j int) string {
	start := f.next
	f.next += len(messagesOpen) + digits(i) + len(partsOpen) + digits(j) + 1
	return f.text[start:f.next]
}

// message returns the name of the message i, whose parts come next.
func (f *fieldNames) message(i int, m *model.Message) string {
	if len(m.Parts) == 0 {
		return at("messages", i)
	}
	return f.text[f.next : f.next+len(messagesOpen)+digits(i)+1]
}

// digits returns how many digits a number has that is not negative.
func digits(n int) int {
	d := 1
	for ; n >= 10; n /= 10 {
		d++
	}
	return d
}
