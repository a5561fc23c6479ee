package converse

import (
	"github.com/chatmodel-go/chatmodel/internal/rawjson"
	"github.com/chatmodel-go/chatmodel/model"
)

// citedText writes text of the model with the places that it took it from.
func (c *content) citedText(p *model.CitedText) {
	c.Name("citationsContent")
	c.Open('{')
	c.Name("citations")
	c.Open('[')
	for i := range p.Citations {
		c.citation(&p.Citations[i])
	}
	c.Close(']')
	if p.Text != "" || len(p.Citations) == 0 { // otherwise it came without content
		c.Name("content")
		c.Open('[')
		c.textObject(p.Text)
		c.Close(']')
	}
	c.Close('}')
}

func (c *content) citation(q *model.Citation) {
	c.Open('{')
	c.location(&q.Location)
	c.TextIf("source", q.Source)
	if q.Quotes != nil {
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
	case model.LocationSearchResult:
		c.Name("location")
		c.Open('{')
		c.Name("searchResultLocation")
		c.Open('{')
		c.number("end", l.End)
		c.number("searchResultIndex", l.Index)
		c.number("start", l.Start)
		c.Close('}')
		c.Close('}')
	case model.LocationWeb:
		c.Name("location")
		c.Open('{')
		c.Name("web")
		c.Open('{')
		c.TextIf("domain", l.Domain)
		c.TextIf("url", l.URL)
		c.Close('}')
		c.Close('}')
	default: // a kind that is new to this version goes back as it came
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

// span writes a range of a document.
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

func (c *content) number(name string, n int) {
	c.Name(name)
	c.Int(n)
}
