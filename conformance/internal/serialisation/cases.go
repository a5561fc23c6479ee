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
			Rule: "a history that was stored as JSON is sent like the original"},
		{ID: "SER-03", Name: "EveryPart", Check: everyPartJSON,
			Rule: "every kind of part survives JSON with every field"},
		{ID: "SER-04", Name: "UnknownParts", Check: unknownPartsJSON,
			Rule: "a part that this version does not know survives decoding and encoding"},
		{ID: "SER-05", Name: "StoredDocuments", Check: storedDocuments,
			Rule: "documents of earlier versions keep their meaning"},
		{ID: "SER-06", Name: "UsageJSON", Check: usageJSON,
			Rule: "an unknown usage and a usage of zeros stay different in JSON"},
		{ID: "SER-07", Name: "InputJSON", Check: inputJSON, Needs: []probe.Capability{probe.Tools},
			Rule: "a call's input survives JSON byte for byte, and is sent back unchanged"},
		{ID: "SER-08", Name: "RequestJSON", Check: requestJSON,
			Rule: "a request survives JSON: the copy is sent like the original"},
		{ID: "SER-09", Name: "CopiesApart", Check: copiesApart,
			Rule: "a copy of a message shares no memory with it: writing to one does not change the other"},
		{ID: "SER-10", Name: "BrokenDocuments", Check: brokenDocuments,
			Rule: "a document that is not a message is an error, not a part of a message"},
	}
}
