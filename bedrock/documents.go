package bedrock

import (
	"fmt"
	"path"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/model"
)

// maxDocumentName is the service's limit, in characters.
const maxDocumentName = 200

// nameDocument makes the name of a document legal and different from those
// before it, as the service wants it. What a document is called depends on it
// and the documents before it in the request, so that a conversation keeps its
// names, and with them its cached prefix, as it grows. Nil does nothing.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_DocumentBlock.html
func (e *encoder) nameDocument(field string, d *wire.Document) {
	if d == nil {
		return
	}
	legal := unique(legalName(d.Name, d.Format), e.names)
	if legal != d.Name {
		e.warn(model.WarningChanged, field+".name", "%q is sent as %q: names need letters, digits, single spaces, -, _, (), [] and must differ", d.Name, legal)
	}
	d.Name = legal
	if e.names == nil {
		e.names = make(map[string]bool)
	}
	e.names[legal] = true
}

// legalName replaces what the service refuses. An extension that repeats the
// format goes.
func legalName(name, format string) string {
	if ext := path.Ext(name); strings.EqualFold(ext, "."+format) {
		name = strings.TrimSuffix(name, ext)
	}
	var b strings.Builder
	for _, c := range name {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.ContainsRune("-_()[]", c):
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
	return cutName(legal, maxDocumentName)
}

func unique(name string, taken map[string]bool) string {
	if !taken[name] {
		return name
	}
	for n := 2; ; n++ {
		suffix := fmt.Sprintf(" (%d)", n)
		if numbered := cutName(name, maxDocumentName-len(suffix)) + suffix; !taken[numbered] {
			return numbered
		}
	}
}

func cutName(name string, limit int) string {
	if len(name) > limit {
		name = strings.TrimSpace(name[:limit])
	}
	return name
}
