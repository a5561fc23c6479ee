package bedrock

import (
	"strings"

	"github.com/chatmodel-go/chatmodel/model"
)

var _ model.InfoReporter = (*Model)(nil)

// Info returns the model's id as given, the base model's id if known, and the
// API in use: "converse", or "invoke" and the format. The
// model behind an application inference profile is known once a call has looked
// it up.
func (m *Model) Info() model.Info {
	info := model.Info{Provider: Provider, Model: m.id, API: m.api()}
	if base := m.known().base; strings.Contains(base, ".") { // maker.model; not the mere end of an ARN
		info.BaseModel = base
	}
	return info
}
