package laws

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/chatmodel-go/chatmodel/conformance/internal/prompt"
	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/model"
)

// A placed part is a part with its place in the request.
type placed struct {
	part  model.Part // nil for a message without parts
	role  model.Role
	field string
}

// placedParts returns the parts of the system messages, or of all others.
func placedParts(req *model.Request, role model.Role) []placed {
	var all []placed
	for i, m := range req.Messages {
		if (m.Role == model.RoleSystem) != (role == model.RoleSystem) {
			continue
		}
		if len(m.Parts) == 0 {
			all = append(all, placed{nil, m.Role, fmt.Sprintf("messages[%d]", i)})
		}
		for j, p := range m.Parts {
			all = append(all, placed{prompt.Part(p), m.Role, fmt.Sprintf("messages[%d].parts[%d]", i, j)})
		}
	}
	return all
}

// messages looks for each requested part among the parts that were sent, after
// the place of the one before it. The sent parts that are left over were added.
func (c *Conserved) messages(role model.Role) {
	asked, sent := placedParts(c.asked, role), placedParts(c.sent, role)
	used := make([]bool, len(sent))
	find := func(a placed, from int) int {
		for i := from; i < len(sent); i++ {
			if !used[i] && sent[i].role == a.role && samePart(a.part, sent[i].part) {
				return i
			}
		}
		return -1
	}
	at := 0
	for _, a := range asked {
		if c.told(a.field) { // a warning names it, so it may be anywhere
			if i := find(a, 0); i >= 0 {
				used[i] = true
			}
			continue
		}
		i := find(a, at)
		switch {
		case i >= 0:
			used[i], at = true, i+1
		case a.part == nil:
			c.fault("%s, which has no parts, was left out without a warning", a.field)
		default:
			c.fault("%s, %s, was not sent, or not in its place, without a warning", a.field, show.Shorten(show.Part(a.part)))
		}
	}
	for i, s := range sent {
		if !used[i] && s.part != nil && !c.excused(s) {
			c.fault("%s was sent, which was not asked for, without a warning", show.Shorten(show.Part(s.part)))
		}
	}
}

// excused reports whether a sent part that was not requested is allowed:
// something was reworded or moved, or cache points were placed for
// Request.Cache.
func (c *Conserved) excused(s placed) bool {
	if _, ok := s.part.(model.CachePoint); ok && c.asked.Cache != nil {
		return true
	}
	return slices.ContainsFunc(c.Warnings, func(w model.Warning) bool {
		return strings.HasPrefix(w.Field, "messages") && (w.Action != model.WarningDropped || insidePart(w.Field))
	})
}

// insidePart reports whether a field is inside a part of a message. If only a
// field of a part is dropped, the rest of the part was requested.
func insidePart(field string) bool {
	_, rest, _ := strings.Cut(field, ".parts[")
	return strings.ContainsRune(rest, '.')
}

// samePart reports whether a part arrived: unchanged, or with fields set that a
// provider finds out by itself.
func samePart(asked, sent model.Part) bool {
	if reflect.DeepEqual(asked, sent) {
		return true
	}
	switch a := asked.(type) {
	case model.Image:
		s, ok := sent.(model.Image)
		return ok && a.MediaType == "" && a.URI == s.URI && a.Owner == s.Owner && bytes.Equal(a.Data, s.Data)
	case model.Audio:
		s, ok := sent.(model.Audio)
		return ok && a.URI == s.URI && a.Owner == s.Owner && bytes.Equal(a.Data, s.Data) && isMP3(a.MediaType) && isMP3(s.MediaType)
	case model.Document: // the type of a text is known
		s, ok := sent.(model.Document)
		if !ok || a.MediaType != "text/plain" || a.Text == "" && len(a.Chunks) == 0 {
			return false
		}
		s.MediaType = a.MediaType
		return reflect.DeepEqual(a, s)
	case model.Guard:
		s, ok := sent.(model.Guard)
		if !ok || a.Text != s.Text || len(a.Qualifiers)+len(s.Qualifiers) > 0 && !slices.Equal(a.Qualifiers, s.Qualifiers) {
			return false
		}
		if a.Image == nil || s.Image == nil {
			return a.Image == s.Image
		}
		return samePart(*a.Image, *s.Image)
	case model.Opaque:
		s, ok := sent.(model.Opaque)
		return ok && a.Kind == s.Kind && bytes.Equal(a.Data, s.Data)
	case model.ToolResult:
		s, ok := sent.(model.ToolResult)
		return ok && a.CallID == s.CallID && a.IsError == s.IsError && slices.EqualFunc(a.Parts, s.Parts, samePart)
	case model.ServerToolResult:
		s, ok := sent.(model.ServerToolResult)
		return ok && a.CallID == s.CallID && a.Kind == s.Kind && a.IsError == s.IsError && slices.EqualFunc(a.Parts, s.Parts, samePart)
	}
	return false
}

// isMP3 reports whether a media type is one of the two names of MP3.
func isMP3(mediaType string) bool { return mediaType == "audio/mp3" || mediaType == "audio/mpeg" }

// ToldAny reports whether a warning is about anything below a name.
func (c Conserved) ToldAny(prefix string) bool {
	return slices.ContainsFunc(c.Warnings, func(w model.Warning) bool { return strings.HasPrefix(w.Field, prefix) })
}
