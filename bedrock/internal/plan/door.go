package plan

import (
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
)

// sibling warns that the facts of another model stand in for those of one that is
// not known, so that a wrong guess can be traced.
func sibling(s *scope) {
	if s.facts.Sibling != "" {
		s.change("", "model", "%s is not known to this version, which treats it as its newest sibling, %s", s.facts.ID, s.facts.Sibling)
	}
}

// door refuses a model that is not served here. Which model answers a prompt of
// Prompt management is not known before the call.
func door(s *scope, prompt bool) {
	doors := &s.facts.Doors
	switch {
	case prompt: // nothing is known of its model
	case s.format.Invoke && s.lacks("doors.invoke", doors.Invoke):
		s.unsupported("doors.invoke", "model", "%s is not served by InvokeModel%s", s.name(), elsewhere(s, doors.Converse, "Converse"))
	case !s.format.Invoke && s.lacks("doors.converse", doors.Converse):
		s.unsupported("doors.converse", "model", "%s is not served by Converse%s", s.name(), elsewhere(s, doors.Invoke, "InvokeModel, by Options.Format"))
	}
}

// elsewhere returns the end of an error text that names the doors which do serve
// the model, the other one of this library first.
func elsewhere(s *scope, other facts.Support, name string) string {
	var names []string
	if other.Yes() {
		names = append(names, name)
	}
	names = append(names, s.facts.Doors.Elsewhere...)
	n := len(names)
	switch n {
	case 0:
		return ""
	case 1:
		return "; it is served by " + names[0]
	}
	return "; it is served by " + strings.Join(names[:n-1], ", ") + " and " + names[n-1]
}

// whole reports whether the answer to a stream cannot come in pieces. The caller
// gets one all the same, as events of one call: a stream that is refused for some
// models would make every program ask which model it has.
func whole(s *scope, stream, tools bool) bool {
	switch {
	case !stream:
		return false
	case !s.format.Invoke && s.facts.Doors.ConverseStream.No():
		s.change("doors.converse_stream", "stream", "%s does not stream; the answer comes in one piece", s.name())
		return true
	case tools && s.facts.Tools.Streaming.No():
		s.change("tools.streaming", "stream", "%s does not use tools in streams; the answer comes in one piece", s.name())
		return true
	}
	return false
}
