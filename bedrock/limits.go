package bedrock

import (
	"slices"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/media"
	"github.com/chatmodel-go/chatmodel/model"
)

var _ model.LimitReporter = (*Model)(nil)

// Limits returns the known limits of the model, and the files and efforts that
// it takes by the API in use. Zero and empty fields mean none or not known. The
// model behind an application inference profile is known once a call has looked
// it up.
func (m *Model) Limits() model.Limits {
	f := &m.known().facts
	form := m.door.form(f)
	types := func(s facts.Support, has bool, class media.Class) []string {
		if !s.Yes() || !has {
			return nil
		}
		return class.All()
	}
	l := model.Limits{
		Context:       f.Limits.Context,
		MaxOutput:     f.Limits.MaxOutput,
		ImageTypes:    types(f.Input.Image, form.Image, media.Image),
		DocumentTypes: types(f.Input.Document, form.Document, media.Document),
		VideoTypes:    types(f.Input.Video, form.Video, media.Video),
		AudioTypes:    types(f.Input.Audio, form.Audio, media.Audio),
		Efforts:       slices.Clone(f.Thinking.Efforts),
	}
	if l.DocumentTypes != nil && form.DocumentTypes != nil {
		l.DocumentTypes = slices.Clone(form.DocumentTypes)
	}
	return l
}
