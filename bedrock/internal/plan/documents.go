package plan

import (
	"path"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/media"
	"github.com/chatmodel-go/chatmodel/model"
)

// maxDocumentName is the service's limit, in characters.
const maxDocumentName = 200

// named makes the name of a document legal and different from those before it,
// as the service wants it. What a document is called depends on it and the
// documents before it in the request, so that a conversation keeps its names,
// and with them its cached prefix, as it grows.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_DocumentBlock.html
func (p *planner) named(field string, q model.Part) model.Part {
	d, ok := q.(model.Document)
	if !ok || !p.format.DocumentNames {
		return q
	}
	format, _ := media.Document.Format(d.MediaType) // it has been found legal
	legal := p.documents.give(legalDocumentName(d.Name, format))
	if legal != d.Name {
		p.change("", field+".name", "%q is sent as %q: names need letters, digits, single spaces, -, _, (), [] and must differ", d.Name, legal)
	}
	d.Name = legal
	return d
}

// legalDocumentName replaces what the service refuses. An extension that repeats
// the format goes.
func legalDocumentName(name, format string) string {
	if ext := path.Ext(name); strings.EqualFold(ext, "."+format) {
		name = strings.TrimSuffix(name, ext)
	}
	var b strings.Builder
	for _, c := range name {
		switch {
		case isNameRune(c), strings.ContainsRune("()[]", c):
			b.WriteRune(c)
		case strings.ContainsRune(" \t\r\n", c):
			b.WriteByte(' ')
		default:
			b.WriteByte('-')
		}
	}
	legal := strings.Join(strings.Fields(b.String()), " ")
	if strings.Trim(legal, "- ") == "" {
		legal = "document"
	}
	return strings.TrimSpace(cut(legal, maxDocumentName))
}
