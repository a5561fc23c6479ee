package conformance

import (
	"slices"

	"github.com/chatmodel-go/chatmodel/conformance/internal/basics"
	"github.com/chatmodel-go/chatmodel/conformance/internal/caching"
	"github.com/chatmodel-go/chatmodel/conformance/internal/cancellation"
	"github.com/chatmodel-go/chatmodel/conformance/internal/concurrency"
	"github.com/chatmodel-go/chatmodel/conformance/internal/errors"
	"github.com/chatmodel-go/chatmodel/conformance/internal/multimodal"
	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/recordings"
	"github.com/chatmodel-go/chatmodel/conformance/internal/serialisation"
	"github.com/chatmodel-go/chatmodel/conformance/internal/streaming"
	"github.com/chatmodel-go/chatmodel/conformance/internal/structured"
	"github.com/chatmodel-go/chatmodel/conformance/internal/thinking"
	"github.com/chatmodel-go/chatmodel/conformance/internal/tools"
)

// groups lists the groups in the order in which they run: from what all else
// rests on to what rests on all else.
var groups = []struct {
	name  string
	cases func() []probe.Case
}{
	{"basics", basics.Cases},
	{"streaming", streaming.Cases},
	{"tools", tools.Cases},
	{"thinking", thinking.Cases},
	{"caching", caching.Cases},
	{"multimodal", multimodal.Cases},
	{"structured", structured.Cases},
	{"errors", errors.Cases},
	{"cancellation", cancellation.Cases},
	{"concurrency", concurrency.Cases},
	{"serialisation", serialisation.Cases},
	{"recordings", recordings.Cases},
}

// rests returns the ids of the cases that a case rests on: where one of them
// fails, the case most likely fails for the same reason.
func (c *Case) rests() []ID {
	if c.recorded {
		return []ID{"REC-01"}
	}
	on := []ID{"BAS-01"}
	switch c.Group {
	case "caching":
		if slices.Contains(c.Needs, Capability(probe.Usage)) {
			on = append(on, "BAS-23", "CAC-13")
		} else {
			on = append(on, "CAC-01")
		}
	case "cancellation":
		on = append(on, "CAN-01", "CAN-03")
	case "errors":
		on = append(on, "ERR-01", "ERR-12")
	case "multimodal":
		on = append(on, "MUL-01", "MUL-05")
	case "streaming":
		on = append(on, "STR-01", "STR-02", "STR-27")
	case "structured":
		on = append(on, "SCH-01")
	case "thinking":
		on = append(on, "THK-01", "THK-02", "THK-04")
	case "tools":
		on = append(on, "TOL-01", "TOL-11", "TOL-12")
	}
	if slices.Contains(c.Needs, Capability(probe.Tools)) && c.Group != "tools" {
		on = append(on, "TOL-01", "TOL-11", "TOL-12", "TOL-23")
	}
	if slices.Contains(c.Needs, Capability(probe.SignedThinking)) && c.Group != "thinking" {
		on = append(on, "THK-01", "THK-02", "THK-04")
	}
	if slices.Contains(on, c.ID) { // of its like, only those before it
		on = on[:slices.Index(on, c.ID)]
	}
	return on
}
