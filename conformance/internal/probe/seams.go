package probe

import (
	"encoding/json"
	"fmt"

	"github.com/chatmodel-go/chatmodel/conformance/internal/laws"
	"github.com/chatmodel-go/chatmodel/model"
)

// Seams let the suite's own tests insert faults that no model can have, because
// package model enforces the rule. Otherwise they change nothing.
type Seams struct {
	Stream    func(laws.Stream) laws.Stream
	Marshal   func(any) ([]byte, error)
	Unmarshal func([]byte, any) error
	Sprint    func(any) string
	Sum       func(a, b model.Usage) model.Usage
	Clone     func(model.Message) model.Message
}

// settled returns s with the functions of package model for those that are not
// set.
func (s Seams) settled() Seams {
	if s.Stream == nil {
		s.Stream = func(s laws.Stream) laws.Stream { return s }
	}
	if s.Marshal == nil {
		s.Marshal = json.Marshal
	}
	if s.Unmarshal == nil {
		s.Unmarshal = json.Unmarshal
	}
	if s.Sprint == nil {
		s.Sprint = func(v any) string { return fmt.Sprint(v) + fmt.Sprintf("%+v %s %q", v, v, v) }
	}
	if s.Clone == nil {
		s.Clone = model.Message.Clone
	}
	if s.Sum == nil {
		s.Sum = model.Usage.Add
	}
	return s
}
