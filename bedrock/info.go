package bedrock

import (
	"strings"

	"github.com/chatmodel-go/chatmodel/model"
)

var _ model.InfoReporter = (*Model)(nil)

// Info returns the model's id as it was given, the base model's id as far as
// that or the options tell it, and as API "converse" or the name of the format
// that InvokeModel is used with. The model behind an application inference
// profile is not looked up for this.
func (m *Model) Info() model.Info {
	info := model.Info{Provider: Provider, Model: m.id, API: "converse"}
	if strings.Contains(m.base, ".") { // maker.model; not the mere end of an ARN
		info.BaseModel = m.base
	}
	if m.native != nil {
		info.API = string(m.format)
	}
	return info
}
