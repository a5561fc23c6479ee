package native

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/internal/rawjson"
)

// A Body is a request's body in the making: an object with the members that
// follow from a plan, and those that the caller gives beside them. Of a name
// that both have, the caller's value is written, at its usual place.
type Body struct {
	rawjson.Writer
	given []Field // what the caller gives and has not been written yet
}

// NewBody returns a body that is appended to dst.
func NewBody(dst []byte, p *plan.Plan) *Body {
	b := &Body{}
	b.Buf = slices.Grow(dst, p.Size())
	if len(p.Additional) > 0 {
		b.given, _ = Members(p.Additional) // an object, or the plan had refused it
	}
	b.Open('{')
	return b
}

// Member begins a member and reports whether its value is still to be written.
// If the caller gives a member of that name, Member writes the caller's value and
// returns false. Either way the member stands in its usual place, so that a
// cached prefix does not depend on who sets it.
func (b *Body) Member(name string) bool {
	value := b.take(name)
	b.Name(name)
	if value != nil {
		b.Raw(value)
	}
	return value == nil
}

// Text writes a member that is a string, even an empty one.
func (b *Body) Text(name, value string) {
	if b.Member(name) {
		b.String(value)
	}
}

// Int writes a member that is an integer, unless it is zero: no format has a
// setting for which zero is a value.
func (b *Body) Int(name string, n int) {
	if n != 0 && b.Member(name) {
		b.Writer.Int(n)
	}
}

// Float writes a member that is a number, unless it is nil.
func (b *Body) Float(name string, f *float64) {
	if f != nil && b.Member(name) {
		b.Writer.Float(*f)
	}
}

// Texts writes a list of strings, unless it is empty.
func (b *Body) Texts(name string, values []string) {
	if len(values) == 0 || !b.Member(name) {
		return
	}
	b.Open('[')
	for _, v := range values {
		b.String(v)
	}
	b.Close(']')
}

// List writes a list to which the caller may add elements. Those are written
// behind the plan's. A value of the caller's that is no list is written in place
// of all, for the service to refuse.
func (b *Body) List(name string, elements func()) {
	added := bytes.TrimSpace(b.take(name))
	b.Name(name)
	if len(added) > 0 && added[0] != '[' {
		b.Raw(added)
		return
	}
	b.Open('[')
	elements()
	if len(added) > 0 {
		for value, at, ok := rawjson.NextElement(added, 1); ok; value, at, ok = rawjson.NextElement(added, at) {
			b.Raw(value)
		}
	}
	b.Close(']')
}

// Object writes an object to which the caller may add members. Those that it
// gives win. The inner body writes into the same buffer, which goes back and
// forth between the two: neither may be used while the other is.
func (b *Body) Object(name string, members func(inner *Body)) {
	added := b.take(name)
	b.Name(name)
	given, err := Members(added)
	if added != nil && err != nil {
		b.Raw(added)
		return
	}
	inner := Body{Writer: b.Writer, given: given}
	inner.Open('{')
	members(&inner)
	inner.end()
	b.Writer = inner.Writer
}

// Guardrail writes the guardrail's settings that go into the body. Its id, its
// version and its trace go into headers.
// https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-tagging.html
func (b *Body) Guardrail(p *plan.Plan) {
	g := p.Settings.Guardrail
	if g == nil {
		return
	}
	mode := ""
	if p.Stream && !p.Whole { // it says how a stream is processed
		mode = g.StreamMode
	}
	if p.Guards.Suffix == "" && mode == "" || !b.Member("amazon-bedrock-guardrailConfig") {
		return
	}
	b.Open('{')
	b.TextIf("tagSuffix", p.Guards.Suffix)
	switch mode { // Converse's words, and the body's
	case "sync":
		mode = "SYNCHRONOUS"
	case "async":
		mode = "ASYNCHRONOUS"
	}
	b.TextIf("streamProcessingMode", mode)
	b.Close('}')
}

// Bytes ends the body and returns it.
func (b *Body) Bytes() []byte {
	b.end()
	return b.Buf
}

// end writes the caller's members that no other has made way for, in their order,
// and closes the object.
func (b *Body) end() {
	for _, f := range b.given {
		b.Name(f.Name)
		b.Raw(f.Value)
	}
	b.given = nil
	b.Close('}')
}

// take returns the caller's value of a member, nil if there is none, and strikes
// it off the list, so that it is not written twice. A null says nothing to a
// model, so it makes way for the value that follows from the plan.
func (b *Body) take(name string) json.RawMessage {
	for i, f := range b.given {
		if f.Name == name {
			b.given = slices.Delete(b.given, i, i+1)
			if string(f.Value) == "null" {
				return nil
			}
			return f.Value
		}
	}
	return nil
}
