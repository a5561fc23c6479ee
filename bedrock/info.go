package bedrock

import (
	"strings"

	"github.com/chatmodel-go/chatmodel/model"
)

var _ model.InfoReporter = (*Model)(nil)

// Info returns the model's id as it was given, the base model's id as far as
// that or the options tell it, and as API "converse" or the name of the format
// that InvokeModel is used with. The model behind an application inference
// profile is known once a call has looked it up.
func (m *Model) Info() model.Info {
	info := model.Info{Provider: Provider, Model: m.id, API: "converse"}
	if base := m.known().base; strings.Contains(base, ".") { // maker.model; not the mere end of an ARN
		info.BaseModel = base
	}
	if d, ok := m.door.(*invokeDoor); ok {
		info.API = string(d.format)
	}
	return info
}
