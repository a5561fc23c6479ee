package rules

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/chatmodel-go/chatmodel/model"
)

// fileRules are about documents, images, video and audio.
var fileRules = []*Rule{
	{ID: "document-name", About: "the name of a document consists of permitted characters", Texts: []*Text{textDocumentName}, check: checkDocumentName},
	{ID: "document-unique", About: "no two documents of the conversation have the same name", Texts: []*Text{textDocumentUnique}, check: checkDocumentUnique},
	{ID: "document-count", About: "there are at most 5 documents", Texts: []*Text{textDocumentCount}, check: checkDocumentCount},
	{ID: "document-size", About: "a document has at most 4.5 MB, except PDF for Claude 4, and PDF and DOCX for Nova", Texts: []*Text{textDocumentSize}, check: checkDocumentSize},
	{ID: "document-text", About: "a message with a document has a text", Texts: []*Text{textDocumentText}, check: checkDocumentText},
	{ID: "document-type", About: "the format of a document is a known one", Texts: []*Text{textDocumentType}, check: checkDocumentType},
	{ID: "document-source", About: "text and chunks are sources of documents with citations only", Texts: []*Text{textDocumentSource}, check: checkDocumentSource},
	{ID: "media-role", About: "the assistant's messages contain no files", Texts: []*Text{textMediaRole}, check: checkMediaRole},
	{ID: "media-support", About: "the model takes files of this kind, in messages and in tool results", Whom: "see the table", Texts: []*Text{textBlock}, check: checkMediaSupport},
	{ID: "media-source", About: "the model can read files from S3", Whom: "Claude; Nova in tool results; others without video", Texts: []*Text{textField}, check: checkMediaSource},
	{ID: "image-count", About: "there are at most 20 images", Texts: []*Text{textImageCount}, check: checkImageCount},
	{ID: "image-type", About: "the format of an image is png, jpeg, gif or webp", Texts: []*Text{textImageType, textImageMedia, textSanitize}, check: checkImageType},
	{ID: "image-size", About: "an image has at most 5 MB in base64", Whom: "Claude", Texts: []*Text{textImageSize}, check: checkImageSize},
	{ID: "image-data", About: "the first bytes of an image are those of an image format", Whom: "Claude", Texts: []*Text{textImageData}, check: checkImageData},
	{ID: "image-match", About: "the first bytes of an image are those of its format", Whom: "Claude", Texts: []*Text{textImageMatch}, check: checkImageMatch},
	{ID: "image-pixels", About: "a side of an image has at most 8000 pixels", Whom: "Claude", Texts: []*Text{textImagePixels}, check: checkImagePixels},
}

var (
	textDocumentName = &Text{Form: "The document file name can only contain alphanumeric characters, whitespace characters, hyphens, parentheses, and square brackets. " +
		"The name can't contain more than one consecutive whitespace character. Check that the file name conforms to these restrictions and retry your request.", Source: sourceText}
	textDocumentUnique = &Text{Form: "Messages can't contain duplicate document names. Rename the document and retry your request.", Source: sourceText}
	textDocumentCount  = &Text{Form: "You can't include more than %d documents in a request. Reduce the number of documents and retry your request.", Source: sourceText}
	textDocumentSize   = &Text{Form: "The maximum document size is 4.5 MB. Reduce the size of your document and retry your request.", Source: sourceText}
	textDocumentText   = &Text{Form: "A text block must be included when using documents. Add a text block and retry your request.", Source: sourceText}
	textDocumentType   = &Text{Form: "Unsupported MIME type: application/octet-stream. Retry your request with a supported file type: xlsx, txt, pdf, csv, md, doc, html, xls, docx", Source: sourceText}
	textDocumentSource = &Text{Form: "The source of the document at messages.%d.content.%d must be bytes or s3Location. Update the source and try again."}
	textMediaRole      = &Text{Form: "The ContentBlock object at messages.%d.content.%d is not supported for the assistant role. Remove it and try again."}
	textImageCount     = &Text{Form: "You can't include more than %d images in a request. Reduce the number of images and retry your request."}
	textImageSize      = &Text{Form: "%s.image.source.%s: image exceeds 5 MB maximum: %d bytes > %d bytes", Model: true, Source: "a probe of Converse of 2026-09-10; " + sourceText}
	textImageType      = &Text{Form: "1 validation error detected: Value at '%s' failed to satisfy constraint: Member must satisfy enum value set: [png, jpeg, gif, webp]",
		Source: "a probe of 2026-09 that quotes it up to the constraint"}
	textImageMedia = &Text{Form: "%s.image.source.base64.media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'", Model: true, Source: sourceText}
	textSanitize   = &Text{Form: "Failed to sanitize image: Invalid or unsupported image format", Model: true, Source: sourceText}
	textImageData  = &Text{Form: "Could not process image", Model: true, Source: sourceText}
	textImageMatch = &Text{Form: "%s.image.source.base64: The image was specified using the %s media type, but the image appears to be a %s image", Model: true,
		Source: "a report of 2026-07 on Bedrock, and one of 2026-06 that names the place"}
	textImagePixels = &Text{Form: "%s.image.source.base64.data: At least one of the image dimensions exceed max allowed size: %d pixels", Model: true,
		Source: "reports of 2025 and 2026 on Anthropic's own API; AWS: API restrictions"}
)

const (
	maxDocuments    = 5
	maxDocumentSize = 4_718_592 // 4.5 MB
	maxImages       = 20
	maxImageSize    = 5_242_880 // in base64
	maxImageSide    = 8000
	maxNameLength   = 200
)

const (
	typePDF  = "application/pdf"
	typeDOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
)

var (
	documentTypes = []string{typePDF, "text/csv", "application/msword", typeDOCX, "application/vnd.ms-excel",
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "text/html", "text/plain", "text/markdown"}
	documentLetters = compiled(`^[\pL\pN_\s\-()\[\]]+$`)
	documentSpaces  = compiled(`\s\s`)
)

// A file is a part with a file, and its place.
type file struct {
	part     model.Part
	turn     *turn
	block    *block
	place    string // as Claude names it
	member   string // its place, as the service names it
	inResult bool
}

// files returns the files of the conversation, including those in tool results.
// Every rule about files asks for them, and most conversations have none.
func files(in *Input) []file {
	if in.media == nil {
		all := findFiles(in)
		in.media = &all
	}
	return *in.media
}

func findFiles(in *Input) (all []file) {
	turns := in.conversation()
	for n := range turns {
		t := &turns[n]
		for k := range t.blocks {
			b := &t.blocks[k]
			if kindOf(b.part) != 0 {
				all = append(all, file{part: b.part, turn: t, block: b, place: at(t, b), member: memberOf(t, b)})
			}
			result, _ := b.part.(model.ToolResult)
			for l, p := range result.Parts {
				if kindOf(p) != 0 {
					all = append(all, file{part: p, turn: t, block: b, place: fmt.Sprintf("%s.tool_result.content.%d", at(t, b), l),
						member: fmt.Sprintf("%s.toolResult.content.%d.member", memberOf(t, b), l+1), inResult: true})
				}
			}
		}
	}
	return all
}

// memberOf names the place of a block as the service does, which counts from 1.
func memberOf(t *turn, b *block) string {
	return fmt.Sprintf("messages.%d.member.content.%d.member", t.at+1, b.at+1)
}

// kindOf returns the kind of a part's file, or zero if it is not a file.
func kindOf(p model.Part) Media {
	switch p := p.(type) {
	case model.Image:
		return Images
	case model.Document:
		return Documents
	case model.Video:
		return Videos
	case model.Audio:
		return Audios
	case model.Opaque:
		return map[string]Media{"image": Images, "document": Documents, "video": Videos, "audio": Audios}[p.Kind]
	}
	return 0
}

var kindNames = map[Media]string{Images: "image", Documents: "document", Videos: "video", Audios: "audio"}

// documents returns the documents that the service judges. In Anthropic's own
// bodies there are none: the model judges those.
func documents(in *Input) (all []model.Document) {
	if in.claudeBody() {
		return nil
	}
	for _, f := range files(in) {
		if d, ok := f.part.(model.Document); ok {
			all = append(all, d)
		}
	}
	return all
}

func checkDocumentName(in *Input) *Refusal {
	for _, d := range documents(in) {
		if !documentLetters().MatchString(d.Name) || documentSpaces().MatchString(d.Name) || utf8.RuneCountInString(d.Name) > maxNameLength {
			return in.refuse(textDocumentName)
		}
	}
	return nil
}

func checkDocumentUnique(in *Input) *Refusal {
	var names []string
	for _, d := range documents(in) {
		names = append(names, d.Name)
	}
	if _, ok := repeated(names); ok {
		return in.refuse(textDocumentUnique)
	}
	return nil
}

func checkDocumentCount(in *Input) *Refusal {
	if len(documents(in)) <= maxDocuments {
		return nil
	}
	return in.refuse(textDocumentCount, maxDocuments)
}

func checkDocumentSize(in *Input) *Refusal {
	for _, d := range documents(in) {
		if len(d.Data) > maxDocumentSize && !takesLarge(in, d.MediaType) {
			return in.refuse(textDocumentSize)
		}
	}
	return nil
}

// takesLarge reports whether the model has no limit of its own for a format.
func takesLarge(in *Input, mediaType string) bool {
	id := &in.Model.ID
	switch {
	case in.Model.IsClaude():
		return mediaType == typePDF && atLeast(id, 4, 0)
	case id.Maker == "amazon":
		return mediaType == typePDF || mediaType == typeDOCX
	}
	return false
}

// checkDocumentText requires a text beside a document. A tool result may
// contain a document alone.
func checkDocumentText(in *Input) *Refusal {
	if in.Door == Invoke {
		return nil
	}
	for _, t := range in.conversation() {
		document, text := false, false
		for _, b := range t.blocks {
			switch b.part.(type) {
			case model.Document:
				document = true
			case model.Text, model.Guard:
				text = true
			}
		}
		if document && !text {
			return in.refuse(textDocumentText)
		}
	}
	return nil
}

func checkDocumentType(in *Input) *Refusal {
	for _, d := range documents(in) {
		if d.MediaType != "" && d.MediaType != "application/" && !slices.Contains(documentTypes, d.MediaType) {
			return in.refuse(textDocumentType)
		}
	}
	return nil
}

// checkDocumentSource refuses texts as the source of documents, unless they are
// to be cited.
func checkDocumentSource(in *Input) *Refusal {
	if in.Door == Invoke {
		return nil
	}
	for _, f := range files(in) {
		if d, ok := f.part.(model.Document); ok && !d.Citations && (d.Text != "" || d.Chunks != nil) {
			return in.refuse(textDocumentSource, f.turn.at, f.block.at)
		}
	}
	return nil
}

func checkMediaRole(in *Input) *Refusal {
	for _, f := range files(in) {
		if f.turn.role == model.RoleAssistant && !f.inResult {
			return in.refuse(textMediaRole, f.turn.at, f.block.at)
		}
	}
	return nil
}

func checkMediaSupport(in *Input) *Refusal {
	for _, f := range files(in) {
		takes := in.Model.Media
		if f.inResult && in.Model.ResultMedia != 0 {
			takes = in.Model.ResultMedia
		}
		if kind := kindOf(f.part); !takes.allows(kind) {
			return in.refuse(textBlock, kindNames[kind])
		}
	}
	return nil
}

// checkMediaSource refuses files in S3 if the model cannot read them from
// there.
func checkMediaSource(in *Input) *Refusal {
	for _, f := range files(in) {
		if uriOf(f.part) == "" {
			continue
		}
		if in.Model.IsClaude() || in.Model.ID.Maker == "amazon" && f.inResult {
			return in.unsupported("s3Location")
		}
	}
	return nil
}

func uriOf(p model.Part) string {
	switch p := p.(type) {
	case model.Image:
		return p.URI
	case model.Document:
		return p.URI
	case model.Video:
		return p.URI
	case model.Audio:
		return p.URI
	}
	return ""
}

// images calls f with every image that has data.
func images(in *Input, f func(place string, img model.Image) *Refusal) *Refusal {
	for _, file := range files(in) {
		img, ok := file.part.(model.Image)
		if !ok || img.URI != "" {
			continue
		}
		if r := f(file.place, img); r != nil {
			return r
		}
	}
	return nil
}

func checkImageCount(in *Input) *Refusal {
	n := 0
	for _, f := range files(in) {
		if kindOf(f.part) == Images {
			n++
		}
	}
	if n <= maxImages || in.claudeBody() { // Anthropic's own limit is 100
		return nil
	}
	return in.refuse(textImageCount, maxImages)
}

var imageTypes = []string{"image/png", "image/jpeg", "image/gif", "image/webp"}

func checkImageType(in *Input) *Refusal {
	for _, f := range files(in) {
		img, ok := f.part.(model.Image)
		switch {
		case !ok || slices.Contains(imageTypes, img.MediaType):
		case in.claudeBody():
			return in.refuse(textImageMedia, f.place)
		case in.Door == Invoke && in.Format == FormatOpenAI:
			return in.refuse(textSanitize)
		default:
			return in.refuse(textImageType, f.member+".image.format")
		}
	}
	return nil
}

// claudeImages is images, if the model is Claude.
func claudeImages(in *Input, f func(place string, img model.Image) *Refusal) *Refusal {
	if !in.Model.IsClaude() {
		return nil
	}
	return images(in, f)
}

func checkImageSize(in *Input) *Refusal {
	return claudeImages(in, func(place string, img model.Image) *Refusal {
		member := "bytes"
		if in.Door == Invoke {
			member = "base64"
		}
		if n := base64.StdEncoding.EncodedLen(len(img.Data)); n > maxImageSize {
			return in.refuse(textImageSize, place, member, n, maxImageSize)
		}
		return nil
	})
}

// checkImageData looks at the first bytes of images.
func checkImageData(in *Input) *Refusal {
	return claudeImages(in, func(_ string, img model.Image) *Refusal {
		if strings.HasPrefix(http.DetectContentType(img.Data), "image/") {
			return nil
		}
		return in.refuse(textImageData)
	})
}

// checkImageMatch compares the first bytes of images with their media types.
func checkImageMatch(in *Input) *Refusal {
	return claudeImages(in, func(place string, img model.Image) *Refusal {
		seen := http.DetectContentType(img.Data)
		if slices.Contains(imageTypes, img.MediaType) && strings.HasPrefix(seen, "image/") && seen != img.MediaType {
			return in.refuse(textImageMatch, place, img.MediaType, seen)
		}
		return nil
	})
}

// checkImagePixels reads the size of images, except those in WebP.
func checkImagePixels(in *Input) *Refusal {
	return claudeImages(in, func(place string, img model.Image) *Refusal {
		if c, _, err := image.DecodeConfig(bytes.NewReader(img.Data)); err == nil && max(c.Width, c.Height) > maxImageSide {
			return in.refuse(textImagePixels, place, maxImageSide)
		}
		return nil
	})
}
