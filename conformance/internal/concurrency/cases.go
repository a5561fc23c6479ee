// Package concurrency holds the cases about concurrent calls.
package concurrency

import (
	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
)

// Cases returns the cases of the group in the order in which they run.
func Cases() []probe.Case {
	return []probe.Case{
		{ID: "CON-01", Name: "Generate", Check: concurrentGenerate,
			Rule: "Generate may be called concurrently; every call gets its own answer"},
		{ID: "CON-02", Name: "Stream", Check: concurrentStream,
			Rule: "Stream may be called concurrently; every stream yields its own answer"},
		{ID: "CON-03", Name: "SharedRequest", Check: sharedRequest,
			Rule: "one request may be used for many concurrent calls"},
		{ID: "CON-04", Name: "InterleavedStreams", Check: interleavedStreams,
			Rule: "streams that are read in turns share nothing"},
		{ID: "CON-05", Name: "Reentrant", Check: reentrant,
			Rule: "a model may be called within the loop over one of its streams"},
		{ID: "CON-06", Name: "SettingsApart", Check: settingsApart,
			Rule: "the settings of one call never appear in another"},
		{ID: "CON-07", Name: "RangedLater", Check: rangedLater,
			Rule: "streams may be made in one order and ranged over in another; each answers its own request"},
	}
}
