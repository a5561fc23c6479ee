package bedrock

import "github.com/chatmodel-go/chatmodel/bedrock/facts"

// Believe makes a model go by facts as if they stood in the table.
func (m *Model) Believe(f facts.Facts) { m.asked = &subject{base: m.asked.base, facts: f} }
