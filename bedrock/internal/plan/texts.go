package plan

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/modelid"
	"github.com/chatmodel-go/chatmodel/internal/rawjson"
	"github.com/chatmodel-go/chatmodel/model"
)

// provider is who makes thinking, whichever way it comes: what Converse returned
// may go back through InvokeModel.
const provider = "bedrock"

// blankText is why text that says nothing is dropped.
const blankText = "blank text, which Bedrock refuses"

// blank reports whether a text says nothing. The service refuses an empty text,
// and Claude one of white space: "text content blocks must contain non-whitespace
// text".
func blank(s string) bool { return strings.TrimSpace(s) == "" }

// texts decides what is sent for what is said in words, and for blocks that this
// version does not know.
type texts struct {
	*scope
	guards guards
}

// said returns what is to be sent for text, cited text, guard content or an
// unknown block; ok is false if nothing is.
func (t *texts) said(field string, role model.Role, last bool, q model.Part) (sent model.Part, ok bool) {
	switch s := q.(type) {
	case model.Text:
		if blank(string(s)) {
			t.drop("", field, blankText)
			return nil, false
		}
	case model.CitedText:
		return t.cited(field, role, s)
	case model.Guard:
		sent = t.guards.part(field, role, last, s)
		return sent, sent != nil
	case model.Opaque:
		return q, t.opaque(field, role, s)
	}
	return q, true
}

// opaque reports whether a block that this version does not know goes back to
// the format that it came from. Its data must be JSON: it is written as it is,
// and anything else could close the body and begin another one.
func (t *texts) opaque(field string, role model.Role, q model.Opaque) bool {
	switch {
	case t.format.Text:
		t.drop("", field, "%s", t.only())
		return false
	case q.Provider != t.format.Opaque || q.Kind == "" && !t.format.ObjectOpaque:
		t.drop("", field, "a block of kind %q that is not of this format", q.Kind)
		return false
	case t.foreign(q.Model):
		t.drop("", field, "a block of kind %q that another model made, %s", q.Kind, q.Model)
		return false
	case role == model.RoleAssistant && !t.format.ObjectOpaque && isFile(q.Kind):
		t.drop("", field, "a file from the model without its contents; Bedrock takes no files from the assistant")
		return false
	case !t.format.ObjectOpaque && t.unread(&t.facts.Input, q.Kind):
		t.drop("input."+q.Kind, field, "%s reads no files of kind %s", t.name(), q.Kind)
		return false
	case t.format.ObjectOpaque && (!isObject(q.Data) || !json.Valid(q.Data)):
		t.invalid(field+".data", "is not a JSON object")
		return false
	case !json.Valid(q.Data):
		t.invalid(field+".data", "is not JSON")
		return false
	}
	return true
}

// foreign reports whether a model is known to be another one than the one that
// is asked. Nothing says that a model takes the unknown blocks of its siblings,
// and one that is refused ends the conversation.
func (t *texts) foreign(id string) bool {
	made, asked := modelid.Parse(id), modelid.Parse(t.facts.ID)
	return made.Maker != "" && asked.Maker != "" && made.Base != asked.Base
}

// isFile reports whether a block of Converse is a file. It is opaque if it came
// without its contents, as one that the service would not show.
func isFile(kind string) bool {
	switch kind {
	case "image", "document", "video", "audio":
		return true
	}
	return false
}

// cited returns cited text without what cannot be sent back. Without citations it
// is plain text, which every model takes.
func (t *texts) cited(field string, role model.Role, q model.CitedText) (model.Part, bool) {
	kept := q.Citations
	switch {
	case len(kept) == 0:
	case role != model.RoleAssistant:
		t.drop("", field+".citations", "only a model's own text can have citations")
		kept = nil
	case !t.format.Citations:
		t.drop("", field+".citations", "%s has no place for citations", t.format.Name)
		kept = nil
	default:
		kept = t.citations(field, kept)
	}
	switch {
	case q.Text == "" && len(kept) > 0:
	case blank(q.Text):
		t.drop("", field, blankText)
		return nil, false
	case len(kept) == 0:
		return model.Text(q.Text), true
	}
	q.Citations = kept
	return q, true
}

// citations returns those that the format takes back. The caller's list stays as
// it is.
func (t *texts) citations(field string, all []model.Citation) []model.Citation {
	kept, copied := all, false
	for i := range all { // the list is copied with the first that does not go back
		why := t.refusedCitation(&all[i])
		if why == "" {
			if copied {
				kept = append(kept, all[i])
			}
			continue
		}
		if !copied {
			kept, copied = append(make([]model.Citation, 0, len(all)), all[:i]...), true
		}
		t.drop("", field+".citations", "%s", why)
	}
	for i := range kept {
		if data := kept[i].Location.Data; !t.format.OwnCitations && len(data) > 0 && !json.Valid(data) {
			t.drop("", fmt.Sprintf("%s.citations[%d].location", field, i), "its data is not JSON")
		}
	}
	return kept
}

// refusedCitation says why a citation does not go back, and is empty if it does.
func (t *texts) refusedCitation(c *model.Citation) string {
	l := &c.Location
	switch l.Kind {
	case "":
		if t.format.OwnCitations {
			return "a citation without a location, which is not of this format"
		}
	case model.LocationChar, model.LocationPage, model.LocationChunk:
	case model.LocationSearchResult:
		if !t.format.SearchCitations {
			return "Bedrock does not take citations of search results back"
		}
	case model.LocationWeb:
		if t.format.OwnCitations && !typed(l.Data) {
			return "a citation of kind \"web\" that is not of this format"
		}
	default: // as it came; one in Anthropic's own form names its kind inside
		anthropic := typed(l.Data)
		if anthropic && !t.format.OwnCitations {
			anthropic = text(rawjson.Member(l.Data, "type")) == string(l.Kind)
		}
		if anthropic != t.format.OwnCitations {
			return fmt.Sprintf("a citation of kind %q that is not of this format", l.Kind)
		}
	}
	return ""
}

// typed reports whether JSON is an object with a type.
func typed(raw []byte) bool {
	return isObject(raw) && json.Valid(raw) && text(rawjson.Member(raw, "type")) != ""
}
