package plan

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/media"
	"github.com/chatmodel-go/chatmodel/model"
)

// A fault says why a file cannot be sent.
type fault struct {
	kind   model.ErrorKind
	fact   string
	reason string
}

func unsupportedFile(fact, format string, args ...any) *fault {
	return &fault{model.ErrUnsupported, fact, fmt.Sprintf(format, args...)}
}

func invalidFile(format string, args ...any) *fault {
	return &fault{model.ErrInvalidRequest, "", fmt.Sprintf(format, args...)}
}

// file adds a file. One that cannot be sent is refused in the last turn of the
// user, which is about it; elsewhere a text stands for it.
func (p *planner) file(field string, role model.Role, last bool, q model.Part) {
	if role == model.RoleAssistant {
		p.change("", field, "files have no place in a turn of the assistant; a text stands for it")
		p.add(field, placeholder(q))
		return
	}
	sent, fault := p.readable(field, q)
	switch {
	case fault == nil:
		p.add(field, p.named(field, sent))
	case last:
		p.refuse(fault.kind, fault.fact, field, "%s", fault.reason)
	default:
		p.change(fault.fact, field, "%s; a text stands for it", fault.reason)
		p.add(field, placeholder(q))
	}
}

// resultFile is file for one that stands in a tool result. Where the model reads
// none there, it goes beside the result.
func (p *planner) resultFile(field string, last bool, q model.Part) (model.Part, fate) {
	sent, fault := p.readable(field, q)
	switch {
	case fault != nil && last:
		p.refuse(fault.kind, fault.fact, field, "%s", fault.reason)
		return nil, gone
	case fault != nil:
		p.change(fault.fact, field, "%s; a text stands for it", fault.reason)
		return placeholder(q), changed
	}
	named := p.named(field, sent)
	if p.insideResult(sent) {
		return named, changed
	}
	if p.format.ResultFiles {
		p.move("results", field, "%s reads no such file inside tool results; it is sent beside them", p.name())
	} else {
		p.move("", field, "the format has text alone in tool results; it is sent behind the results")
	}
	p.talk.beside = append(p.talk.beside, Block{Part: named, Field: field})
	return nil, gone
}

// insideResult reports whether a file may stand in a tool result.
func (p *planner) insideResult(q model.Part) bool {
	if !p.format.ResultFiles {
		return false
	}
	in := &p.facts.Results
	switch q.(type) {
	case model.Image:
		return !in.Image.No()
	case model.Document:
		return !in.Document.No()
	case model.Video:
		return !in.Video.No()
	}
	return false // nowhere is a place for audio
}

// placeholder names a file that is not sent.
func placeholder(q model.Part) model.Text {
	what, name := "", ""
	switch q := q.(type) {
	case model.Image:
		what, name = "image", q.MediaType
	case model.Document:
		what, name = "document", q.Name
	case model.Video:
		what, name = "video", q.MediaType
	case model.Audio:
		what, name = "audio", q.MediaType
	}
	if name == "" {
		return model.Text("(" + what + ")")
	}
	return model.Text("(" + what + ": " + name + ")")
}

// readable returns a file in the form that the format takes, or why there is
// none.
func (p *planner) readable(field string, q model.Part) (model.Part, *fault) {
	f, in := p.format, &p.facts.Input
	switch q := q.(type) {
	case model.Image:
		return p.image(q, in.Image)
	case model.Document:
		return p.document(field, q)
	case model.Video:
		if fault := p.reads("video", f.Video, in.Video); fault != nil {
			return nil, fault
		}
		to, fault := p.located(located{q.MediaType, q.Data, q.URI}, media.Video, "video", true)
		q.MediaType, q.Data, q.URI = to.mediaType, to.data, to.uri
		return q, fault
	case model.Audio:
		if fault := p.reads("audio", f.Audio, in.Audio); fault != nil {
			return nil, fault
		}
		to, fault := p.located(located{q.MediaType, q.Data, q.URI}, media.Audio, "audio", true)
		q.MediaType, q.Data, q.URI = to.mediaType, to.data, to.uri
		return q, fault
	}
	return nil, unsupportedFile("", "%s has no place for a part of type %T", f.Name, q)
}

// reads says why the format or the model takes no files of a kind.
func (p *planner) reads(kind string, format bool, model facts.Support) *fault {
	switch {
	case p.format.Text:
		return unsupportedFile("", "%s; it has no place for %ss", p.only(), kind)
	case !format && kind == "document":
		return unsupportedFile("", "%s has no place for documents; send the document's text as text", p.format.Name)
	case !format:
		return unsupportedFile("", "%s has no place for files of kind %s", p.format.Name, kind)
	case p.lacks("input."+kind, model):
		return unsupportedFile("input."+kind, "%s reads no files of kind %s", p.name(), kind)
	}
	return nil
}

func (p *planner) image(q model.Image, support facts.Support) (model.Part, *fault) {
	if fault := p.reads("image", p.format.Image, support); fault != nil {
		return nil, fault
	}
	to, fault := p.located(located{q.MediaType, q.Data, q.URI}, media.Image, "image", p.format.ImageURI)
	q.MediaType, q.Data, q.URI = to.mediaType, to.data, to.uri
	return q, fault
}

// A located is where a file is and what it is.
type located struct {
	mediaType string
	data      []byte
	uri       string
}

// located checks where a file is and what it is. A data: URL becomes data.
func (p *planner) located(file located, class media.Class, kind string, byURI bool) (located, *fault) {
	if strings.HasPrefix(file.uri, "data:") {
		t, data, err := dataURL(file.uri)
		if err != nil {
			return file, invalidFile("its data: URL %v", err)
		}
		if file.mediaType == "" {
			file.mediaType = t
		}
		file.data, file.uri = data, ""
	}
	switch {
	case file.uri == "":
	case !byURI:
		return file, unsupportedFile("", "InvokeModel takes files as data, not by URI")
	case !strings.HasPrefix(file.uri, "s3://"):
		return file, unsupportedFile("", "uri %q is not in S3; Bedrock reads s3://bucket/key, and other files must be given as data", shorten(file.uri))
	}
	if file.mediaType == "" {
		if file.mediaType = p.guess(&file, class); file.mediaType == "" {
			return file, unsupportedFile("", "the media type is empty, and %s none of %s", told(&file), class.Types())
		}
	}
	format, err := class.Format(file.mediaType)
	if err != nil {
		return file, unsupportedFile("", "%v", err)
	}
	file.mediaType = class.Type(format)
	return file, nil
}

// told says by what a media type could not be told.
func told(file *located) string {
	if file.uri != "" {
		return "the end of its uri is that of"
	}
	return "the data is"
}

// guess tells a media type by the first bytes of the data, or by the end of the
// address.
func (p *planner) guess(file *located, class media.Class) string {
	if file.uri == "" {
		if t := media.Sniff(file.data); t != "" {
			if _, err := class.Format(t); err == nil {
				return t
			}
		}
		return ""
	}
	return byExtension(file.uri, class)
}

// byExtension tells a media type by the end of a name.
func byExtension(name string, class media.Class) string {
	ext := strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))
	if ext == "jpg" {
		ext = "jpeg"
	}
	if ext == "" {
		return ""
	}
	format, err := class.Format(ext)
	if err != nil {
		return ""
	}
	return class.Type(format)
}

// dataURL reads a URL that holds its data itself. Nothing is fetched.
// https://www.rfc-editor.org/rfc/rfc2397
func dataURL(uri string) (mediaType string, data []byte, err error) {
	head, body, ok := strings.Cut(uri[len("data:"):], ",")
	if !ok {
		return "", nil, fmt.Errorf("has no comma before its data")
	}
	head, encoded := strings.CutSuffix(head, ";base64")
	if strings.Contains(body, "%") {
		if body, err = url.PathUnescape(body); err != nil {
			return "", nil, fmt.Errorf("holds a bad escape")
		}
	}
	data = []byte(body)
	if encoded {
		if data, err = base64.StdEncoding.DecodeString(body); err != nil {
			return "", nil, fmt.Errorf("is not base64")
		}
	}
	if len(data) == 0 {
		return "", nil, fmt.Errorf("holds no data")
	}
	return media.Base(head), data, nil
}

// shorten keeps long addresses out of errors.
func shorten(s string) string {
	if len(s) > 64 {
		return s[:64] + "…"
	}
	return s
}

// document returns a document in the form that the format takes.
func (p *planner) document(field string, q model.Document) (model.Part, *fault) {
	if fault := p.reads("document", p.format.Document, p.facts.Input.Document); fault != nil {
		return nil, fault
	}
	if !q.Citations && !p.format.TextDocuments {
		// Text and chunks are sources for citations alone; others are files.
		// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_DocumentSource.html
		switch {
		case q.Text != "":
			q.Data, q.Text = []byte(q.Text), ""
			q.MediaType = orPlain(q.MediaType)
		case len(q.Chunks) > 0:
			q.Data, q.Chunks = []byte(strings.Join(q.Chunks, "\n")), nil
			q.MediaType = orPlain(q.MediaType)
		}
	}
	if q.Text != "" || len(q.Chunks) > 0 {
		q.MediaType = orPlain(q.MediaType)
	}
	if q.MediaType == "" && q.URI == "" && media.Sniff(q.Data) == "" {
		if q.MediaType = byExtension(q.Name, media.Document); q.MediaType == "" && isText(q.Data) {
			q.MediaType = plainText
		}
	}
	if p.format.DocumentTypes != nil && strings.HasPrefix(media.Base(q.MediaType), "text/") {
		return p.textDocument(field, q)
	}
	to, fault := p.located(located{q.MediaType, q.Data, q.URI}, media.Document, "document", p.format.DocumentURI)
	if fault != nil {
		return nil, fault
	}
	q.MediaType, q.Data, q.URI = to.mediaType, to.data, to.uri
	switch {
	case p.format.DocumentTypes == nil || slices.Contains(p.format.DocumentTypes, q.MediaType):
		return q, nil
	case strings.HasPrefix(q.MediaType, "text/"):
		return p.textDocument(field, q)
	}
	return nil, unsupportedFile("", "media type %q is neither application/pdf nor text", q.MediaType)
}

// isText reports whether data reads as text: UTF-8 without control characters
// but those of white space.
func isText(data []byte) bool {
	return utf8.Valid(data) && bytes.IndexFunc(data, func(c rune) bool { return c < ' ' && !isSpace(byte(c)) && c != '\f' || c == 0x7f }) < 0
}

const plainText = "text/plain"

func orPlain(mediaType string) string {
	if mediaType == "" {
		return plainText
	}
	return mediaType
}

// textDocument returns a document of text for a format that has one type of it.
func (p *planner) textDocument(field string, q model.Document) (model.Part, *fault) {
	if strings.HasPrefix(q.URI, "data:") {
		_, data, err := dataURL(q.URI)
		if err != nil {
			return nil, invalidFile("its data: URL %v", err)
		}
		q.Data, q.URI = data, ""
	}
	switch {
	case q.URI != "":
		return nil, unsupportedFile("", "InvokeModel takes documents as data or text, not by URI")
	case !utf8.Valid(q.Data):
		return nil, invalidFile("is of media type %q, but its data is not UTF-8", q.MediaType)
	case media.Base(q.MediaType) != plainText:
		p.change("", field+".media_type", "the format has one type of text; %q is sent as text/plain", q.MediaType)
	}
	q.MediaType = plainText
	return q, nil
}
