package plan

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/media"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan/internal/names"
	"github.com/chatmodel-go/chatmodel/internal/rawjson"
	"github.com/chatmodel-go/chatmodel/model"
)

// A fault says why a file cannot be sent. It is not noted at once, since it is a
// refusal in one place and a warning in another; see inTurn.
type fault struct {
	kind   model.ErrorKind
	fact   string
	reason string
}

// unsupportedFile returns the fault of a file that the format or the model cannot
// take.
func unsupportedFile(fact, format string, args ...any) *fault {
	return &fault{model.ErrUnsupported, fact, fmt.Sprintf(format, args...)}
}

// invalidFile returns the fault of a file that nobody can take.
func invalidFile(format string, args ...any) *fault {
	return &fault{model.ErrInvalidRequest, "", fmt.Sprintf(format, args...)}
}

// files decides what is sent for images, documents, videos and audio.
type files struct {
	*scope
	names names.Unique // of documents
}

// inTurn returns what is sent for a file in a turn, nil if it is refused. One that
// cannot be sent is refused in the last turn of the user, which is probably about
// it. Elsewhere a text is sent in its place: a conversation must not end because
// it goes on with another model.
func (f *files) inTurn(field string, role model.Role, last bool, q model.Part) model.Part {
	if role == model.RoleAssistant { // such as an image that the model made; the service refuses it back
		f.change("", field, "files have no place in a turn of the assistant; a text is sent in its place")
		return placeholder(q)
	}
	sent, fault := f.read(field, q)
	switch {
	case fault == nil:
		return f.named(field, sent)
	case last:
		f.refuse(fault.kind, fault.fact, field, "%s", fault.reason)
		return nil
	}
	f.change(fault.fact, field, "%s; a text is sent in its place", fault.reason)
	return placeholder(q)
}

// inResult is inTurn for a file in a tool result. Where the model reads none
// there, it goes beside the result.
func (f *files) inResult(field string, last bool, q model.Part) (model.Part, fate) {
	sent, fault := f.read(field, q)
	switch {
	case fault != nil && last:
		f.refuse(fault.kind, fault.fact, field, "%s", fault.reason)
		return nil, gone
	case fault != nil:
		f.change(fault.fact, field, "%s; a text is sent in its place", fault.reason)
		return placeholder(q), changed
	}
	named := f.named(field, sent) // beside the result a document needs a legal name, too
	if f.readsInside(sent) {
		return named, changed
	}
	if f.format.ResultFiles {
		f.move("results", field, "%s reads no such file inside tool results; it is sent beside them", f.name())
	} else {
		f.move("", field, "the format has only text in tool results; it is sent after the results")
	}
	return named, beside
}

// placeholder returns the text that stands for a file that is not sent.
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

// read returns a file in the form that the format takes, or the fault for which
// there is none.
func (f *files) read(field string, q model.Part) (model.Part, *fault) {
	in := &f.facts.Input
	switch q := q.(type) {
	case model.Image:
		return f.image(field, q)
	case model.Document:
		return f.document(field, q)
	case model.Video:
		if fault := f.reads("video", f.format.Video, in.Video); fault != nil {
			return nil, fault
		}
		to, fault := f.locate(field, located{q.MediaType, q.Data, q.URI}, media.Video, true)
		q.MediaType, q.Data, q.URI = to.mediaType, to.data, to.uri
		return q, fault
	case model.Audio:
		if fault := f.reads("audio", f.format.Audio, in.Audio); fault != nil {
			return nil, fault
		}
		to, fault := f.locate(field, located{q.MediaType, q.Data, q.URI}, media.Audio, true)
		q.MediaType, q.Data, q.URI = to.mediaType, to.data, to.uri
		return q, fault
	}
	return nil, unsupportedFile("", "%s has no place for a part of type %T", f.format.Name, q)
}

// reads returns the fault of all files of a kind, nil if the format and the model
// take them.
func (f *files) reads(kind string, format bool, model facts.Support) *fault {
	switch {
	case f.format.Text:
		return unsupportedFile("", "%s; it has no place for %ss", f.only(), kind)
	case !format && kind == "document":
		return unsupportedFile("", "%s has no place for documents; send the document's text as text", f.format.Name)
	case !format:
		return unsupportedFile("", "%s has no place for files of kind %s", f.format.Name, kind)
	case f.lacks("input."+kind, model):
		return unsupportedFile("input."+kind, "%s reads no files of kind %s", f.name(), kind)
	}
	return nil
}

// image returns an image in the form that the format takes.
func (f *files) image(field string, q model.Image) (model.Part, *fault) {
	if fault := f.reads("image", f.format.Image, f.facts.Input.Image); fault != nil {
		return nil, fault
	}
	to, fault := f.locate(field, located{q.MediaType, q.Data, q.URI}, media.Image, f.format.ImageURI)
	q.MediaType, q.Data, q.URI = to.mediaType, to.data, to.uri
	if fault == nil {
		fault = f.tooBig(&q)
	}
	return q, fault
}

// tooBig returns the fault of an image that is longer or larger than the model
// reads.
func (f *files) tooBig(q *model.Image) *fault {
	limits := &f.facts.Limits
	if n := rawjson.Base64Len(q.Data); limits.ImageBytes > 0 && n > limits.ImageBytes {
		return unsupportedFile("limits.image_bytes", "%s reads images of at most %d bytes in base64, and this one has %d; make it smaller", f.name(), limits.ImageBytes, n)
	}
	if limits.ImagePixels > 0 {
		if w, h := media.Pixels(q.Data); max(w, h) > limits.ImagePixels {
			return unsupportedFile("limits.image_pixels", "%s reads images of at most %d pixels a side, and this one has %d by %d; make it smaller", f.name(), limits.ImagePixels, w, h)
		}
	}
	return nil
}

// tooLong returns the fault of a document that is longer than the service takes.
func (f *files) tooLong(q *model.Document) *fault {
	limits := &f.facts.Limits
	if !f.format.DocumentNames || limits.DocumentBytes == 0 || len(q.Data) <= limits.DocumentBytes || slices.Contains(limits.LargeDocuments, q.MediaType) {
		return nil
	}
	return unsupportedFile("limits.document_bytes", "%s takes documents of type %s with at most %d bytes for %s, and this one has %d; send less of it", f.format.Name, q.MediaType, limits.DocumentBytes, f.name(), len(q.Data))
}

// A located is where a file is and what it is.
type located struct {
	mediaType string
	data      []byte
	uri       string
}

// locate checks where a file is, whether the model reads files there, and what
// it is. The bytes count more than the media type, since the service holds the
// two against each other.
func (f *files) locate(field string, file located, class media.Class, byURI bool) (located, *fault) {
	to, fault := locate(file, class, byURI)
	if fault != nil {
		return to, fault
	}
	if to.uri != "" && f.lacks("input.s3", f.facts.Input.S3) {
		return to, unsupportedFile("input.s3", "%s reads no files in S3; they must be given as data", f.name())
	}
	if format, err := class.Format(file.mediaType); file.mediaType != "" && (err != nil || class.Type(format) != to.mediaType) {
		f.change("", field+".media_type", "%q is not that of the data, which is sent as %s", shorten(file.mediaType), to.mediaType)
	}
	return to, nil
}

// locate checks where a file is and what it is. A data: URL becomes data, without
// a fetch. No other URL but those of S3 is taken, and none is fetched: a URL in a
// request may come from a stranger.
func locate(file located, class media.Class, byURI bool) (located, *fault) {
	if media.IsDataURL(file.uri) {
		t, data, err := media.DataURL(file.uri)
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
	if seen := sniff(file.data, class); seen != "" {
		file.mediaType = seen
	} else if file.mediaType == "" {
		if file.mediaType = class.ByExtension(file.uri); file.mediaType == "" {
			return file, unsupportedFile("", "the media type is empty, and %s does not show which it is of %s", told(&file), class.Types())
		}
	}
	format, err := class.Format(file.mediaType)
	if err != nil {
		return file, unsupportedFile("", "%v", err)
	}
	file.mediaType = class.Type(format)
	return file, nil
}

// sniff finds a media type by the first bytes of data. It is empty if that
// fails, or if the type is of another class.
func sniff(data []byte, class media.Class) string {
	if t := media.Sniff(data); t != "" {
		if _, err := class.Format(t); err == nil {
			return t
		}
	}
	return ""
}

// told returns the words for where a media type was looked for.
func told(file *located) string {
	if file.uri != "" {
		return "the end of the uri"
	}
	return "the data"
}

// shorten keeps long addresses out of errors; an error holds no contents.
func shorten(s string) string {
	if len(s) > 64 {
		return s[:64] + "…"
	}
	return s
}

// document returns a document in the form that the format takes.
func (f *files) document(field string, q model.Document) (model.Part, *fault) {
	if fault := f.reads("document", f.format.Document, f.facts.Input.Document); fault != nil {
		return nil, fault
	}
	if !q.Citations && !f.format.TextDocuments {
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
	// The signature of the bytes counts more than a name. A name counts more than
	// that the bytes read as text, since those of a CSV file do so, too.
	if q.MediaType == "" && q.URI == "" && media.Sniff(q.Data) == "" {
		if q.MediaType = media.Document.ByExtension(q.Name); q.MediaType == "" && isText(q.Data) {
			q.MediaType = plainText
		}
	}
	if f.format.DocumentTypes != nil && strings.HasPrefix(media.Base(q.MediaType), "text/") && media.Sniff(q.Data) == "" {
		return f.textDocument(field, q)
	}
	to, fault := f.locate(field, located{q.MediaType, q.Data, q.URI}, media.Document, f.format.DocumentURI)
	if fault != nil {
		return nil, fault
	}
	q.MediaType, q.Data, q.URI = to.mediaType, to.data, to.uri
	if fault := f.tooLong(&q); fault != nil {
		return nil, fault
	}
	switch {
	case f.format.DocumentTypes == nil || slices.Contains(f.format.DocumentTypes, q.MediaType):
		return q, nil
	case strings.HasPrefix(q.MediaType, "text/"):
		return f.textDocument(field, q)
	}
	return nil, unsupportedFile("", "media type %q is neither application/pdf nor text", q.MediaType)
}

// isText reports whether data reads as text: UTF-8 without control characters
// but those of white space.
func isText(data []byte) bool {
	return utf8.Valid(data) && bytes.IndexFunc(data, func(c rune) bool { return c < ' ' && !strings.ContainsRune(white+"\f", c) || c == 0x7f }) < 0
}

const plainText = "text/plain"

// orPlain returns a media type, that of plain text if there is none.
func orPlain(mediaType string) string {
	if mediaType == "" {
		return plainText
	}
	return mediaType
}

// textDocument returns a document of text for a format that has one type of it.
// The words are what the model reads, so CSV or HTML goes as plain text.
func (f *files) textDocument(field string, q model.Document) (model.Part, *fault) {
	if media.IsDataURL(q.URI) {
		_, data, err := media.DataURL(q.URI)
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
		f.change("", field+".media_type", "the format has one type of text; %q is sent as text/plain", q.MediaType)
	}
	q.MediaType = plainText
	return q, nil
}

// named makes the name of a document legal and different from those before it,
// as the service wants it. What a document is called depends on it and the
// documents before it in the request, so that a conversation keeps its names,
// and with them its cached prefix, as it grows.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_DocumentBlock.html
func (f *files) named(field string, q model.Part) model.Part {
	d, ok := q.(model.Document)
	if !ok || !f.format.DocumentNames {
		return q
	}
	format, _ := media.Document.Format(d.MediaType) // it has been found legal
	legal := f.names.Give(names.Document(d.Name, format))
	if legal != d.Name {
		f.change("", field+".name", "%q is sent as %q: names need letters, digits, single spaces, -, _, (), [] and must differ", d.Name, legal)
	}
	d.Name = legal
	return d
}
