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
func (w *writer) file(name, format string, data []byte, uri, owner string) {
	w.Name(name)
	w.Open('{')
	w.TextIf("format", format)
	w.Name("source")
	w.Open('{')
	w.source(data, uri, owner)
	w.Close('}')
	w.Close('}')
}

// source writes where the bytes of a file are.
func (w *writer) source(data []byte, uri, owner string) {
	if uri == "" {
		w.Name("bytes")
		w.Base64("", data)
		return
	}
	w.Name("s3Location")
	w.Open('{')
	w.TextIf("bucketOwner", owner)
	w.Text("uri", uri)
	w.Close('}')
}

func (w *writer) document(p *model.Document) {
	w.Name("document")
	w.Open('{')
	w.citationsWanted(p.Citations)
	w.TextIf("context", p.Context)
	w.TextIf("format", formatOf(media.Document, p.MediaType))
	w.Text("name", p.Name)
	w.Name("source")
	w.Open('{')
	switch {
	case p.URI == "" && p.Text != "":
		w.Text("text", p.Text)
	case p.URI == "" && len(p.Chunks) > 0:
		w.Name("content")
		w.Open('[')
		for _, c := range p.Chunks {
			w.textObject(c)
		}
		w.Close(']')
	default:
		w.source(p.Data, p.URI, p.Owner)
	}
	w.Close('}')
	w.Close('}')
}
