// Package structured holds the cases about answers with a schema.
package structured

import (
	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
)

// Cases returns the cases of the group in the order in which they run.
func Cases() []probe.Case {
	need := []probe.Capability{probe.StructuredOutput}
	return []probe.Case{
		{ID: "SCH-01", Name: "Schema", Check: outputSchema, Needs: need,
			Rule: "the schema of the output arrives unchanged"},
		{ID: "SCH-02", Name: "NameAndDescription", Check: outputName, Needs: need,
			Rule: "the name and the description of the output arrive with it, or a warning says that they do not"},
		{ID: "SCH-03", Name: "AnswerIsText", Check: outputIsText, Needs: need,
			Rule: "a structured answer is text: the JSON byte for byte as the model wrote it"},
		{ID: "SCH-04", Name: "CutByLimit", Check: outputCut, Needs: need,
			Rule: "a structured answer that a token limit cut off is an answer with that stop reason, not an error"},
		{ID: "SCH-05", Name: "WithTools", Check: outputWithTools, Needs: append([]probe.Capability{probe.Tools}, need...),
			Rule: "a request may have tools and an output schema; both arrive"},
		{ID: "SCH-06", Name: "NotAskedFor", Check: outputNotAskedFor,
			Rule: "a request without an output schema is sent without one"},
		{ID: "SCH-07", Name: "Refused", Check: outputRefused, Unless: probe.StructuredOutput,
			Rule: "a model without structured output refuses it with ErrUnsupported and sends nothing"},
	}
}
