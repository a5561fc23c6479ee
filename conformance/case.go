package conformance

import (
	"fmt"
	"path"
	"reflect"
	"runtime"
	"slices"
	"strings"
)

// An ID names a case for ever, such as "THK-06". Gaps are declared by it.
type ID string

// A Case is one rule that every model keeps, and the check that shows it.
type Case struct {
	ID    ID
	Group string // the file and the subtest it is in, such as "thinking"
	Name  string // of its subtest, such as "SignatureRoundTrip"
	Rule  string // in words

	// Needs lists what a subject must claim for the case to apply.
	Needs []Capability

	// Unless, if not empty, is a capability that the case is about the lack
	// of: it applies to subjects that do not claim it.
	Unless Capability

	check    func(*probe)
	recorded bool // the case runs on recorded and live conversations, not on a script
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
		if slices.Contains(c.Needs, capUsage) {
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
	if slices.Contains(c.Needs, capTools) && c.Group != "tools" {
		on = append(on, "TOL-01", "TOL-11", "TOL-12", "TOL-23")
	}
	if slices.Contains(c.Needs, capSignedThinking) && c.Group != "thinking" {
		on = append(on, "THK-01", "THK-02", "THK-04")
	}
	if slices.Contains(on, c.ID) { // of its like, only those before it
		on = on[:slices.Index(on, c.ID)]
	}
	return on
}

// Where returns the file and line of the case's check.
func (c Case) Where() string {
	f := runtime.FuncForPC(reflect.ValueOf(c.check).Pointer())
	if f == nil {
		return ""
	}
	file, line := f.FileLine(f.Entry())
	return fmt.Sprintf("conformance/%s:%d", path.Base(strings.ReplaceAll(file, `\`, "/")), line)
}

// Cases returns all cases in the order in which they run. The caller may
// change the result.
func Cases() []Case {
	var all []Case
	for _, g := range groups {
		for _, c := range g.cases() {
			c.Group = g.name
			all = append(all, c)
		}
	}
	return all
}

// groups lists the groups in the order in which they run: from what all else
// rests on to what rests on all else.
var groups = []struct {
	name  string
	about string
	cases func() []Case
}{
	{"basics", "what a call sends and what it returns", basicsCases},
	{"streaming", "how an answer arrives in pieces", streamingCases},
	{"tools", "calls, results and schemas", toolsCases},
	{"thinking", "reasoning that must come back as it went", thinkingCases},
	{"caching", "cache points and honest token counts", cachingCases},
	{"multimodal", "images, documents, video and audio", multimodalCases},
	{"structured", "answers of a given schema", structuredCases},
	{"errors", "failures that callers can act on", errorsCases},
	{"cancellation", "contexts that end", cancellationCases},
	{"concurrency", "calls at the same time", concurrencyCases},
	{"serialisation", "conversations that are stored", serialisationCases},
	{"recordings", "the laws, over conversations that no script made", recordingsCases},
}

// applies returns why a case does not apply to a subject, empty if it does.
func (c *Case) applies(s *Subject) string {
	switch {
	case c.recorded && len(s.Conversations) == 0:
		return "the subject has no conversations"
	case !c.recorded && s.New == nil:
		return "the subject plays no script"
	case c.Unless != "" && s.Capabilities.claims(c.Unless):
		return "the subject claims " + string(c.Unless)
	}
	missing := slices.DeleteFunc(slices.Clone(c.Needs), s.Capabilities.claims)
	if len(missing) == 0 {
		return ""
	}
	words := make([]string, len(missing))
	for i, m := range missing {
		words[i] = string(m)
	}
	return "the subject does not claim " + strings.Join(words, ", ")
}
