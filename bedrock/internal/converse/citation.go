package converse

import (
	"github.com/chatmodel-go/chatmodel/internal/rawjson"
	"github.com/chatmodel-go/chatmodel/model"
)

// citedText writes an answer's text with its sources, as a turn of the
// assistant that goes back. The order is that of the alphabet, so the citations
// precede the text that they belong to; in a stream they do so, too.
func (c *content) citedText(p *model.CitedText) {
	c.Name("citationsContent")
	c.Open('{')
	c.Name("citations")
	c.Open('[')
	for i := range p.Citations {
		c.citation(&p.Citations[i])
	}
	c.Close(']')
	// A block that came with citations alone goes back with citations alone, since
	// the service refuses blank text. A plan has no block without both.
	if p.Text != "" || len(p.Citations) == 0 {
		c.Name("content")
		c.Open('[')
		c.textObject(p.Text)
		c.Close(']')
	}
	c.Close('}')
}

// citation writes one citation. All of its members are optional on the wire, so
// an empty one is written as {}. It keeps its place in the list.
func (c *content) citation(q *model.Citation) {
	c.Open('{')
	c.location(&q.Location)
	c.TextIf("source", q.Source)
	if q.Quotes != nil { // an empty list that came is not the same as none
		c.Name("sourceContent")
		c.Open('[')
		for _, text := range q.Quotes {
			c.textObject(text)
		}
		c.Close(']')
	}
	c.TextIf("title", q.Title)
	c.Close('}')
}

// location writes where a citation points to. Converse has one member for each
// kind, and the ranges of documents share their members.
func (c *content) location(l *model.CitationLocation) {
	switch l.Kind {
	case "":
		return
	case model.LocationChar:
		c.span("documentChar", l)
	case model.LocationPage:
		c.span("documentPage", l)
	case model.LocationChunk:
		c.span("documentChunk", l)
	case model.LocationWeb:
		c.Name("location")
		c.Open('{')
		c.Name("web")
		c.Open('{')
		c.TextIf("domain", l.Domain)
		c.TextIf("url", l.URL)
		c.Close('}')
		c.Close('}')
	default:
		// A kind that is new to this version goes back as it came. The data may be
		// the caller's, and JSON that is broken here would break the whole body.
		if !rawjson.Valid(l.Data) {
			return
		}
		c.Name("location")
		c.Open('{')
		c.Name(string(l.Kind))
		c.Raw(l.Data)
		c.Close('}')
	}
}

// span writes a range of a document. All three numbers are written even if they
// are zero: the first character of the first document is a place, too.
func (c *content) span(kind string, l *model.CitationLocation) {
	c.Name("location")
	c.Open('{')
	c.Name(kind)
	c.Open('{')
	c.number("documentIndex", l.Index)
	c.number("end", l.End)
	c.number("start", l.Start)
	c.Close('}')
	c.Close('}')
}

// number writes a member that is an integer.
func (c *content) number(name string, n int) {
	c.Name(name)
	c.Int(n)
}
