// Package recordings holds the cases about conversations without a script. The
// laws apply to them too.
package recordings

import (
	"github.com/chatmodel-go/chatmodel/conformance/internal/laws"
	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
)

// Cases returns the cases of the group in the order in which they run.
func Cases() []probe.Case {
	cases := []probe.Case{
		{ID: "REC-01", Name: "Outcome", Check: conversationOutcome,
			Rule: "every call of a conversation is answered, or fails with the expected kind of error"},
		{ID: "REC-02", Name: "Grammar", Check: conversationLaw(laws.Events),
			Rule: "every stream has, for every part, events and then one EventPartDone; after the last part it has one EventFinish, and nothing after that"},
		{ID: "REC-03", Name: "Conservation", Check: conversationLaw(laws.Pieces),
			Rule: "the pieces of every stream add up to its parts, and the parts are the answer"},
		{ID: "REC-04", Name: "Accounting", Check: conversationLaw(laws.Usage),
			Rule: "every usage counts the whole prompt, and its splits add up"},
		{ID: "REC-05", Name: "Provenance", Check: conversationLaw(laws.Thinking),
			Rule: "all thinking names its provider and is complete"},
		{ID: "REC-06", Name: "JSON", Check: conversationJSON,
			Rule: "every answer survives JSON"},
		{ID: "REC-07", Name: "StopReason", Check: conversationStops,
			Rule: "every answer has a stop reason, and that of an answer with tool calls is that it waits for results"},
		{ID: "REC-08", Name: "RequestUnchanged", Check: conversationRequests,
			Rule: "no call changes its request"},
		{ID: "REC-09", Name: "FirstTextArrives", Check: conversationText,
			Rule: "Text yields the text of the stream"},
	}
	for i := range cases {
		cases[i].Recorded = true
	}
	return cases
}
