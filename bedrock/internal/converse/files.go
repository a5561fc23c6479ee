package converse

import (
	"github.com/chatmodel-go/chatmodel/bedrock/internal/media"
	"github.com/chatmodel-go/chatmodel/model"
)

// The formats of files that a plan holds are known to the wire.
func imageFormat(mediaType string) string { return formatOf(media.Image, mediaType) }
func videoFormat(mediaType string) string { return formatOf(media.Video, mediaType) }
func audioFormat(mediaType string) string { return formatOf(media.Audio, mediaType) }

func formatOf(class media.Class, mediaType string) string {
	name, _ := class.Format(mediaType)
	return name
}

// file writes a file of which nothing is told but its format.
func (c *content) file(name, format string, data []byte, uri, owner string) {
	c.Name(name)
	c.Open('{')
	c.TextIf("format", format)
	c.Name("source")
	c.Open('{')
	c.source(data, uri, owner)
	c.Close('}')
	c.Close('}')
}

// source writes where the bytes of a file are.
func (c *content) source(data []byte, uri, owner string) {
	if uri == "" {
		c.Name("bytes")
		c.Base64("", data)
		return
	}
	c.Name("s3Location")
	c.Open('{')
	c.TextIf("bucketOwner", owner)
	c.Text("uri", uri)
	c.Close('}')
}

func (c *content) document(p *model.Document) {
	c.Name("document")
	c.Open('{')
	c.citationsWanted(p.Citations)
	c.TextIf("context", p.Context)
	c.TextIf("format", formatOf(media.Document, p.MediaType))
	c.Text("name", p.Name)
	c.Name("source")
	c.Open('{')
	switch {
	case p.URI == "" && p.Text != "": // with citations wanted; other text is sent as a file
		c.Text("text", p.Text)
	case p.URI == "" && len(p.Chunks) > 0:
		c.Name("content")
		c.Open('[')
		for _, text := range p.Chunks {
			c.textObject(text)
		}
		c.Close(']')
	default:
		c.source(p.Data, p.URI, p.Owner)
	}
	c.Close('}')
	c.Close('}')
}
