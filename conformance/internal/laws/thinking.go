package laws

import (
	"fmt"

	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/model"
)

// Thinking returns the faults of an answer's thinking. Each block names its
// provider, has one of the existing forms, and is complete in a complete
// answer. No thinking is in the answer's text.
func Thinking(o Observation) error {
	if o.Response == nil {
		return nil
	}
	var faults []string
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	for i, t := range o.Response.Thinking() {
		switch {
		case t.Provider == "":
			fault("thinking %d does not name its provider", i)
		case o.Provider != "" && t.Provider != o.Provider:
			fault("thinking %d is of provider %q, want %q", i, t.Provider, o.Provider)
		}
		if len(t.Redacted) > 0 && (t.Text != "" || t.Signature != "") {
			fault("thinking %d is redacted, and has a text or a signature", i)
		}
		if t.Incomplete && o.Err == nil {
			fault("thinking %d is incomplete in an answer that is complete", i)
		}
	}
	if o.Streamed || o.Events != nil {
		text := ""
		for _, b := range TallyOf(o.Events).blocks {
			text += model.Message{Parts: []model.Part{b.part()}}.Text()
		}
		if got := o.Response.Text(); got != text {
			fault("the answer's text is %s, the text events add up to %s", show.Text(got), show.Text(text))
		}
	}
	return broken("provenance", faults)
}
