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
	for _, q := range qualifiers {
		name := "amazon-bedrock-guardrails-" + guardTags[q] + "_" + g.Suffix
		text = "<" + name + ">" + text + "</" + name + ">"
	}
	return text
}

// guardsOf chooses the suffix where the format marks parts by tags. Without a
// guardrail there is nobody to look at them.
func guardsOf(s *scope, req *model.Request, guardrail bool) Guards {
	if s.format.GuardContent || !guardrail || s.facts.Guardrails.No() {
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
	if !found {
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
}

// part returns what is to be sent for content that a guardrail should look at.
func (g *guards) part(field string, q model.Guard) (model.Part, bool) {
	if q.Image == nil && blank(q.Text) {
		g.drop("", field, blankText)
		return nil, false
	}
	switch {
	case g.facts.Guardrails.No(): // a guardrail, if one is set, is refused
		return g.unguarded(field, q, "guardrails", "%s takes no guardrail, so it is sent as it is", g.name())
	case g.format.GuardContent:
		return g.guardContent(field, q)
	case g.Suffix == "":
		return g.unguarded(field, q, "", "no guardrail is set, so it is sent as plain text")
	case q.Image != nil:
		g.unsupported("", field, "InvokeModel has no tag for images that a guardrail should look at")
		return nil, false
	}
	for _, name := range q.Qualifiers {
		if guardTags[name] == "" {
			g.unsupported("", field+".qualifiers", "InvokeModel has no tag for %q", name)
			return nil, false
		}
	}
	return model.Text(g.text(q)), true
}

// unguarded returns the content without its mark. Nothing will look at it, and
// the warning says so.
func (g *guards) unguarded(field string, q model.Guard, fact, format string, args ...any) (model.Part, bool) {
	if q.Image == nil {
		g.change(fact, field, format, args...)
		return model.Text(q.Text), true
	}
	sent, fault := g.files.image(*q.Image, g.facts.Input.Image)
	if fault != nil {
		g.refuse(fault.kind, fault.fact, field, "%s", fault.reason)
		return nil, false
	}
	g.change(fact, field, format, args...)
	return sent, true
}

// guardContent checks an image that a guardrail should look at.
func (g *guards) guardContent(field string, q model.Guard) (model.Part, bool) {
	if q.Image == nil {
		return q, true
	}
	to, fault := locate(located{q.Image.MediaType, q.Image.Data, q.Image.URI}, media.Image, true)
	format, _ := media.Image.Format(to.mediaType)
	switch {
	case fault != nil:
		g.refuse(fault.kind, fault.fact, field, "%s", fault.reason)
	case to.uri != "":
		g.unsupported("", field, "an image for a guardrail must be given as data")
	case format != "png" && format != "jpeg":
		g.unsupported("", field, "an image for a guardrail is PNG or JPEG, not %s", to.mediaType)
	default:
		q.Image = &model.Image{MediaType: to.mediaType, Data: to.data}
		return q, true
	}
	return nil, false
}
