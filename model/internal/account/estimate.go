package account

import "github.com/chatmodel-go/chatmodel/model"

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

type counter struct{ perToken, tokens int }

// bytes counts n bytes of text.
func (c *counter) bytes(n int) { c.tokens += (n + c.perToken - 1) / c.perToken }

func (c *counter) parts(parts []model.Part) {
	for _, p := range parts {
		c.part(p)
	}
}

func (c *counter) part(p model.Part) {
	switch p := p.(type) {
	case model.Text:
		c.bytes(len(p))
	case model.JSON:
		c.bytes(len(p))
	case model.CitedText:
		c.bytes(len(p.Text))
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

func (c *counter) document(d model.Document) {
	c.bytes(len(d.Name) + len(d.Context) + len(d.Text))
	for _, chunk := range d.Chunks {
		c.bytes(len(chunk))
	}
	switch {
	case d.URI != "":
		c.tokens += 10 * perPage
	case isText(d.MediaType):
		c.bytes(len(d.Data))
	case len(d.Data) > 0:
		c.tokens += perPage * (1 + len(d.Data)/pageBytes)
	}
}

func isText(mediaType string) bool {
	return len(mediaType) >= 5 && mediaType[:5] == "text/"
}
