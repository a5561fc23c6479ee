package bedrocktest

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
)

var documentChecks = []check{
	{RuleDocumentName, (*inspection).documentName},
	{RuleDocumentUnique, (*inspection).documentUnique},
	{RuleDocumentCount, (*inspection).documentCount},
	{RuleDocumentSize, (*inspection).documentSize},
	{RuleDocumentText, (*inspection).documentText},
	{RuleDocumentType, (*inspection).documentType},
	{RuleMediaRole, (*inspection).mediaRole},
	{RuleImageCount, (*inspection).imageCount},
	{RuleImageSize, (*inspection).imageSize},
	{RuleImageData, (*inspection).imageData},
}

const (
	maxDocuments    = 5
	maxDocumentSize = 4_718_592 // 4.5 MB
	maxImages       = 20
	maxImageSize    = 5_242_880 // in base64
	maxNameLength   = 200
)

var (
	documentFormats = []string{"pdf", "csv", "doc", "docx", "xls", "xlsx", "html", "txt", "md"}
	documentLetters = regexp.MustCompile(`^[\pL\pN_\s\-()\[\]]+$`)
	documentSpaces  = regexp.MustCompile(`\s\s`)
)

// documents returns the documents of the conversation, those in tool results
// included.
func (i *inspection) documents() []*wire.Document {
	var all []*wire.Document
	i.eachFile(func(_ string, d *wire.Document, _ *wire.Image) {
		if d != nil {
			all = append(all, d)
		}
	})
	return all
}

// eachFile calls f with every document and image, and where it stands.
func (i *inspection) eachFile(f func(at string, d *wire.Document, img *wire.Image)) {
	for n, m := range i.Messages {
		for k, b := range m.Content {
			at := fmt.Sprintf("messages.%d.content.%d", n, k)
			if b.Document != nil || b.Image != nil {
				f(at, b.Document, b.Image)
			}
			if b.ToolResult == nil {
				continue
			}
			for l, r := range b.ToolResult.Content {
				if r.Document != nil || r.Image != nil {
					f(fmt.Sprintf("%s.tool_result.content.%d", at, l), r.Document, r.Image)
				}
			}
		}
	}
}

func (i *inspection) documentName() *Exception {
	for _, d := range i.documents() {
		if !documentLetters.MatchString(d.Name) || documentSpaces.MatchString(d.Name) || len(d.Name) > maxNameLength {
			return validation("The document file name can only contain alphanumeric characters, whitespace characters, hyphens, parentheses, and square brackets. " +
				"The name can't contain more than one consecutive whitespace character.")
		}
	}
	return nil
}

func (i *inspection) documentUnique() *Exception {
	seen := map[string]bool{}
	for _, d := range i.documents() {
		if seen[d.Name] {
			return validation("Messages can't contain duplicate document names. Rename the document and retry your request.")
		}
		seen[d.Name] = true
	}
	return nil
}

func (i *inspection) documentCount() *Exception {
	if len(i.documents()) <= maxDocuments {
		return nil
	}
	return validation(fmt.Sprintf("You can't include more than %d documents in a request. Reduce the number of documents and retry your request.", maxDocuments))
}

func (i *inspection) documentSize() *Exception {
	for _, d := range i.documents() {
		if d.Source != nil && len(d.Source.Bytes) > maxDocumentSize && !i.takesLarge(d.Format) {
			return validation("The maximum document size is 4.5 MB. Reduce the size of your document and retry your request.")
		}
	}
	return nil
}

// takesLarge reports whether the model has no limit of its own for a format.
func (i *inspection) takesLarge(format string) bool {
	switch i.traits.family {
	case "claude":
		return format == "pdf" && !strings.HasPrefix(baseModel(i.record.ModelID), "anthropic.claude-3")
	case "nova":
		return format == "pdf" || format == "docx"
	}
	return false
}

// documentText wants a text next to a document. A tool result may hold a
// document alone.
func (i *inspection) documentText() *Exception {
	for n, m := range i.Messages {
		document, text := false, false
		for _, b := range m.Content {
			document = document || b.Document != nil
			text = text || b.Text != nil || b.GuardContent != nil
		}
		if document && !text {
			return validation(fmt.Sprintf("The content field in the Message object at messages.%d has a document but no text. Add a text block to the content field and try again.", n))
		}
	}
	return nil
}

func (i *inspection) documentType() *Exception {
	for _, d := range i.documents() {
		if d.Format != "" && !slices.Contains(documentFormats, d.Format) {
			return validation("Unsupported MIME type: application/octet-stream. Retry your request with a supported file type: xlsx, txt, pdf, csv, md, doc, html, xls, docx")
		}
	}
	return nil
}

func (i *inspection) mediaRole() *Exception {
	for n, m := range i.Messages {
		for k, b := range m.Content {
			if m.Role == "assistant" && (b.Image != nil || b.Document != nil || b.Video != nil || b.Audio != nil) {
				return validation(fmt.Sprintf("The ContentBlock object at messages.%d.content.%d is not supported for the assistant role. Remove it and try again.", n, k))
			}
		}
	}
	return nil
}

func (i *inspection) imageCount() *Exception {
	n := 0
	i.eachFile(func(_ string, _ *wire.Document, img *wire.Image) {
		if img != nil {
			n++
		}
	})
	if n <= maxImages {
		return nil
	}
	return validation(fmt.Sprintf("You can't include more than %d images in a request. Reduce the number of images and retry your request.", maxImages))
}

func (i *inspection) imageSize() (e *Exception) {
	i.eachFile(func(at string, _ *wire.Document, img *wire.Image) {
		if img == nil || img.Source == nil || e != nil {
			return
		}
		if n := base64.StdEncoding.EncodedLen(len(img.Source.Bytes)); n > maxImageSize {
			e = modelError(fmt.Sprintf("%s.image.source.base64: image exceeds 5 MB maximum: %d bytes > %d bytes", at, n, maxImageSize))
		}
	})
	return e
}

// imageData looks at the first bytes of what Claude is to see.
func (i *inspection) imageData() (e *Exception) {
	i.eachFile(func(_ string, _ *wire.Document, img *wire.Image) {
		if img == nil || img.Source == nil || img.Source.S3Location != nil || i.traits.family != "claude" {
			return
		}
		if !strings.HasPrefix(http.DetectContentType(img.Source.Bytes), "image/") {
			e = modelError("Could not process image")
		}
	})
	return e
}
