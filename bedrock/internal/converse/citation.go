package converse

import (
	"encoding/json"

	"github.com/chatmodel-go/chatmodel/model"
)

// citedText writes text of the model with the places that it took it from.
func (w *writer) citedText(p *model.CitedText) {
	w.Name("citationsContent")
	w.Open('{')
	w.Name("citations")
	w.Open('[')
	for i := range p.Citations {
		w.citation(&p.Citations[i])
	}
	w.Close(']')
	if p.Text != "" || len(p.Citations) == 0 { // otherwise it came without content
		w.Name("content")
		w.Open('[')
		w.textObject(p.Text)
		w.Close(']')
	}
	w.Close('}')
}

func (w *writer) citation(c *model.Citation) {
	w.Open('{')
	w.location(&c.Location)
	w.TextIf("source", c.Source)
	if c.Quotes != nil {
		w.Name("sourceContent")
		w.Open('[')
		for _, q := range c.Quotes {
			w.textObject(q)
		}
		w.Close(']')
	}
	w.TextIf("title", c.Title)
	w.Close('}')
}

func (w *writer) location(l *model.CitationLocation) {
	switch l.Kind {
	case "":
		return
	case model.LocationChar:
		w.span("documentChar", l)
	case model.LocationPage:
		w.span("documentPage", l)
	case model.LocationChunk:
		w.span("documentChunk", l)
	case model.LocationSearchResult:
		w.Name("location")
		w.Open('{')
		w.Name("searchResultLocation")
		w.Open('{')
		w.number("end", l.End)
		w.number("searchResultIndex", l.Index)
		w.number("start", l.Start)
		w.Close('}')
		w.Close('}')
	case model.LocationWeb:
		w.Name("location")
		w.Open('{')
		w.Name("web")
		w.Open('{')
		w.TextIf("domain", l.Domain)
		w.TextIf("url", l.URL)
		w.Close('}')
		w.Close('}')
	default:
		if !json.Valid(l.Data) {
			return
		}
		w.Name("location")
		w.Open('{')
		w.Name(string(l.Kind))
		w.Raw(l.Data)
		w.Close('}')
	}
}

// span writes a range of a document.
func (w *writer) span(kind string, l *model.CitationLocation) {
	w.Name("location")
	w.Open('{')
	w.Name(kind)
	w.Open('{')
	w.number("documentIndex", l.Index)
	w.number("end", l.End)
	w.number("start", l.Start)
	w.Close('}')
	w.Close('}')
}

func (w *writer) number(name string, n int) {
	w.Name(name)
	w.Int(n)
}
