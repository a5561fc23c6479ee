// Package serialisation holds the cases about conversations that are stored.
package serialisation

import (
	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
)

// Cases returns the cases of the group in the order in which they run.
func Cases() []probe.Case {
	return []probe.Case{
		{ID: "SER-01", Name: "AnswerJSON", Check: answerJSON,
			Rule: "an answer's JSON decodes to the answer and encodes to the same bytes"},
		{ID: "SER-02", Name: "HistoryJSON", Check: historyJSON,
			Rule: "a history that was stored as JSON is sent as if it had not been"},
		{ID: "SER-03", Name: "EveryPart", Check: everyPartJSON,
			Rule: "every kind of part survives JSON, every field of it"},
		{ID: "SER-04", Name: "UnknownParts", Check: unknownPartsJSON,
			Rule: "a part that this version does not know survives being read and written"},
		{ID: "SER-05", Name: "StoredDocuments", Check: storedDocuments,
			Rule: "documents that an earlier version wrote mean what they meant"},
		{ID: "SER-06", Name: "UsageJSON", Check: usageJSON,
			Rule: "a usage that is not there and a usage of zeros stay two things in JSON"},
		{ID: "SER-07", Name: "InputJSON", Check: inputJSON, Needs: []probe.Capability{probe.Tools},
			Rule: "a call's input survives JSON byte for byte, and is sent back as it came"},
		{ID: "SER-08", Name: "RequestJSON", Check: requestJSON,
			Rule: "a request survives JSON: what is sent of the copy is what is sent of the original"},
		{ID: "SER-09", Name: "CopiesApart", Check: copiesApart,
			Rule: "a copy of a message shares no memory with it: what is written into one does not show in the other"},
		{ID: "SER-10", Name: "BrokenDocuments", Check: brokenDocuments,
			Rule: "a document that is no message is an error, not a part of one"},
	}
}
