package account

import (
	"bytes"
	"cmp"
	"strings"

	"github.com/chatmodel-go/chatmodel/model"
)

// What is not text is guessed by kind.
const (
	perMessage = 8      // role and frame
	perImage   = 1_600  // what Claude's largest images of the older kind count
	perPage    = 2_000  // of a document that is not text
	pageBytes  = 50_000 // of such a document
	perVideo   = 10_000
	perAudio   = 2_000
)

// EstimatePrompt returns a guess at the tokens of the prompt in req: one for every
// bytesPerToken bytes of text, schemas and JSON, and a number for each image,
// page and recording. English text has about 4 bytes a token, code and other
// languages 2 to 3.
func EstimatePrompt(req *model.Request, bytesPerToken int) int {
	if req == nil {
		return 0
	}
	c := counter{perToken: bytesPerToken}
	for _, t := range req.Tools {
		c.bytes(len(t.Name) + len(t.Description) + len(t.InputSchema))
		c.tokens += perMessage
	}
	for _, m := range req.Messages {
		c.tokens += perMessage
		c.parts(m.Parts)
	}
	if req.Output != nil {
		c.bytes(len(req.Output.Name) + len(req.Output.Description) + len(req.Output.Schema))
	}
	return c.tokens
}

// A counter adds up the tokens of a prompt, at so many bytes of text a token.
type counter struct{ perToken, tokens int }

// bytes counts n bytes of text.
func (c *counter) bytes(n int) { c.tokens += (n + c.perToken - 1) / c.perToken }

func (c *counter) parts(parts []model.Part) {
	for _, p := range parts {
		c.part(p)
	}
}

// part counts a part: text by its length, and what is not text by its kind.
func (c *counter) part(p model.Part) {
	switch p := p.(type) {
	case model.Text:
		c.bytes(len(p))
	case model.JSON:
		c.bytes(len(p))
	case model.CitedText:
		c.bytes(len(p.Text))
		for i := range p.Citations {
			c.citation(&p.Citations[i])
		}
	case model.Thinking:
		c.bytes(len(p.Text) + len(p.Signature) + len(p.Redacted))
	case model.ToolCall:
		c.bytes(len(p.ID) + len(p.Name) + len(p.Input) + len(p.InvalidInput))
	case model.ServerToolCall:
		c.bytes(len(p.ID) + len(p.Name) + len(p.Input) + len(p.InvalidInput))
	case model.ToolResult:
		c.bytes(len(p.CallID))
		c.parts(p.Parts)
	case model.ServerToolResult:
		c.bytes(len(p.CallID))
		c.parts(p.Parts)
	case model.Image:
		c.tokens += perImage
	case model.Document:
		c.document(p)
	case model.Video:
		c.tokens += perVideo
	case model.Audio:
		c.tokens += perAudio
	case model.SearchResult:
		c.bytes(len(p.Title) + len(p.Source))
		for _, text := range p.Content {
			c.bytes(len(text))
		}
	case model.Guard:
		c.bytes(len(p.Text))
		if p.Image != nil {
			c.tokens += perImage
		}
	case model.Opaque:
		c.bytes(len(p.Data))
	}
}

// citation counts what a citation says of its source.
func (c *counter) citation(q *model.Citation) {
	c.bytes(len(q.Title) + len(q.Source) + len(q.Location.URL) + len(q.Location.Data))
	for _, quote := range q.Quotes {
		c.bytes(len(quote))
	}
}

// document counts a document: text by its length, other data by pages of a
// usual size. What lies behind an address is taken for ten pages.
func (c *counter) document(d model.Document) {
	c.bytes(len(d.Name) + len(d.Context) + len(d.Text))
	for _, chunk := range d.Chunks {
		c.bytes(len(chunk))
	}
	size := len(d.Data)
	text := isText(d.MediaType) || d.MediaType == "" && readsAsText(d.Data)
	if kind, data, ok := dataURL(d.URI); ok {
		size = len(data)
		if strings.HasSuffix(kind, ";base64") {
			size = size / 4 * 3
		}
		text = isText(cmp.Or(d.MediaType, kind, "text/plain"))
	} else if d.URI != "" {
		c.tokens += 10 * perPage
	}
	switch {
	case text:
		c.bytes(size)
	case size > 0:
		c.tokens += perPage * (1 + size/pageBytes)
	}
}

// isText reports whether a media type is one of text, such as text/plain.
func isText(mediaType string) bool {
	return len(mediaType) >= 5 && strings.EqualFold(mediaType[:5], "text/")
}

// readsAsText reports whether data without a media type is text, by a look at
// its beginning.
func readsAsText(data []byte) bool {
	const look = 512
	if len(data) > look {
		data = data[:look]
	}
	return !bytes.HasPrefix(data, []byte("%PDF")) && bytes.IndexFunc(data, func(c rune) bool { return c < '\t' }) < 0
}

// dataURL parts a data: URL at its comma.
func dataURL(uri string) (kind, data string, ok bool) {
	if len(uri) < 5 || !strings.EqualFold(uri[:5], "data:") {
		return "", "", false
	}
	return strings.Cut(uri[5:], ",")
}
