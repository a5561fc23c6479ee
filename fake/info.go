package fake

import (
	"slices"

	"github.com/chatmodel-go/chatmodel/model"
)

var (
	_ model.InfoReporter  = (*Model)(nil)
	_ model.LimitReporter = (*Model)(nil)
)

// Info returns the names that the fake was given; see [Options].
func (m *Model) Info() model.Info {
	return model.Info{Provider: m.options.Provider, Model: m.options.Model, BaseModel: m.options.Model}
}

// Limits returns the limits that the fake was given; see [Options.Limits].
func (m *Model) Limits() model.Limits { return cloneLimits(*m.options.Limits) }

func cloneLimits(l model.Limits) model.Limits {
	for _, list := range []*[]string{&l.ImageTypes, &l.DocumentTypes, &l.VideoTypes, &l.AudioTypes, &l.Efforts} {
		*list = slices.Clone(*list)
	}
	return l
}
