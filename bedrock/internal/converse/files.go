package converse

import (
	"github.com/chatmodel-go/chatmodel/bedrock/internal/media"
	"github.com/chatmodel-go/chatmodel/model"
)

// imageFormat, videoFormat and audioFormat return the wire's name of a media
// type. The plan has refused media types that the wire has no name for.
func imageFormat(mediaType string) string { return formatOf(media.Image, mediaType) }
func videoFormat(mediaType string) string { return formatOf(media.Video, mediaType) }
func audioFormat(mediaType string) string { return formatOf(media.Audio, mediaType) }

// formatOf returns the wire's name of a media type in its class, and nothing for
// one that is empty: TextIf then leaves the member out.
func formatOf(class media.Class, mediaType string) string {
	name, _ := class.Format(mediaType)
	return name
}

// file writes an image, a video or a sound, which have a format and a source and
// no name.
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

// source writes the bytes of a file, or where the service finds them, which is
// S3 only. The owner is needed for a bucket of another account.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_S3Location.html
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

// document writes a document. Its name is one that the service accepts, legal
// and unlike those of all other documents in the request: the plan sees to it.
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
	case p.URI == "" && p.Text != "":
		// A source of text or of chunks is taken with citations alone; the plan
		// turns the text of other documents into the bytes of a file.
		// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_DocumentSource.html
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
