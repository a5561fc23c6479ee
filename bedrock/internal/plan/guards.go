package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/media"
	"github.com/chatmodel-go/chatmodel/model"
)

// Guards marks the parts of a prompt that a guardrail should look at, by tags
// with a suffix, in formats without a place for guard content.
// https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-tagging.html
//
// The suffix keeps text in the tags from closing them. It is made from all the
// marked text: whoever wanted to write the suffix into the text would have to
// find a text that holds its own digest. So the body stays a function of the
// request, and its cached prefix with it.
type Guards struct {
	Suffix string // empty: nothing is marked
}

// guardTags are the tags by qualifier.
var guardTags = map[string]string{
	"grounding_source": "groundingSource",
	"query":            "query",
	"guard_content":    "guardContent",
}

// text returns the text of a marked part, in its tags.
func (g Guards) text(part model.Guard) string {
	qualifiers := part.Qualifiers
	if len(qualifiers) == 0 {
		qualifiers = []string{"guard_content"}
	}
	text := part.Text
	for _, q := range qualifiers { // tags are nested: each looks at the same text
		name := "amazon-bedrock-guardrails-" + guardTags[q] + "_" + g.Suffix
		text = "<" + name + ">" + text + "</" + name + ">"
	}
	return text
}

// guardsOf chooses the suffix where the format marks parts by tags. Without a
// guardrail there is nobody to look at them.
func guardsOf(s *scope, req *model.Request, guardrail bool) Guards {
	if s.format.GuardContent || !guardrail {
		return Guards{}
	}
	digest, found := sha256.New(), false
	for _, m := range req.Messages {
		for _, q := range m.Parts {
			if q, ok := q.(model.Guard); ok {
				found = true
				fmt.Fprintf(digest, "%d %s", len(q.Text), q.Text) // with its length, so that texts cannot be parted otherwise
			}
		}
	}
	if !found { // no tags are needed, and the body needs no suffix
		return Guards{}
	}
	return Guards{Suffix: hex.EncodeToString(digest.Sum(nil))[:20]} // the service takes 20 characters
}

// guards decides what is sent for content that a guardrail should look at. Content
// that the caller has marked is never sent unmarked where a guardrail is set: it
// is refused if there is no mark for it.
type guards struct {
	Guards
	*scope
	files *files
	set   bool // there is a guardrail
}

// part returns what is to be sent for content that a guardrail should look at,
// nil for nothing.
func (g *guards) part(field string, role model.Role, last bool, q model.Guard) model.Part {
	if q.Image == nil && blank(q.Text) {
		g.drop("", field, blankText)
		return nil
	}
	switch {
	case g.facts.Guardrails.No(): // a guardrail, if one is set, is refused
		g.change("guardrails", field, "%s takes no guardrail, so it is sent as it is", g.name())
		return g.unguarded(field, role, last, q)
	case g.format.GuardContent && (g.set || g.taken(role, q)):
		return g.guardContent(field, q)
	case g.Suffix == "":
		as := "as plain text"
		if q.Image != nil {
			as = "like other images"
		}
		g.change("", field, "no guardrail is set, so it is sent %s", as)
		return g.unguarded(field, role, last, q)
	case q.Image != nil:
		g.unsupported("", field, "InvokeModel has no tag for images that a guardrail should look at")
		return nil
	}
	for _, name := range q.Qualifiers {
		if guardTags[name] == "" {
			g.unsupported("", field+".qualifiers", "InvokeModel has no tag for %q", name)
			return nil
		}
	}
	return model.Text(g.text(q))
}

// unguarded returns the content alone: a text, or an image like any other, nil if
// that is refused.
func (g *guards) unguarded(field string, role model.Role, last bool, q model.Guard) model.Part {
	if q.Image == nil {
		return model.Text(q.Text)
	}
	return g.files.inTurn(field, role, last, *q.Image)
}

// taken reports whether content for a guardrail that is not set goes out as
// such. What the model or the service would not take so is sent without the mark.
func (g *guards) taken(role model.Role, q model.Guard) bool {
	if q.Image == nil {
		return !g.facts.Tools.TextWithResult.No()
	}
	_, fault := guardImage(*q.Image)
	return fault == nil && role != model.RoleAssistant && !g.facts.Input.Image.No()
}

// guardContent checks an image that a guardrail should look at. It returns nil if
// it is refused.
func (g *guards) guardContent(field string, q model.Guard) model.Part {
	if q.Image == nil {
		return q
	}
	image, fault := guardImage(*q.Image)
	if fault != nil {
		g.refuse(fault.kind, fault.fact, field, "%s", fault.reason)
		return nil
	}
	q.Image = &image
	return q
}

// guardImage returns an image in the form that guardrails take.
func guardImage(q model.Image) (model.Image, *fault) {
	to, fault := locate(located{q.MediaType, q.Data, q.URI}, media.Image, true)
	format, _ := media.Image.Format(to.mediaType)
	switch {
	case fault != nil:
	case to.uri != "":
		fault = unsupportedFile("", "an image for a guardrail must be given as data")
	case format != "png" && format != "jpeg":
		fault = unsupportedFile("", "an image for a guardrail is PNG or JPEG, not %s", to.mediaType)
	}
	return model.Image{MediaType: to.mediaType, Data: to.data}, fault
}
