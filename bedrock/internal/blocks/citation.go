package blocks

import (
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/internal/rawjson"
	"github.com/chatmodel-go/chatmodel/model"
)

// Citation decodes a citation. Everything in it may be missing, and nil is the
// empty one: a stream sends citations piece by piece.
func Citation(c *wire.Citation) model.Citation {
	var out model.Citation
	if c == nil {
		return out
	}
	out.Title, out.Source = deref(c.Title), deref(c.Source)
	for _, s := range c.SourceContent {
		if s.Text != nil {
			out.Quotes = append(out.Quotes, *s.Text)
		}
	}
	if c.Location != nil {
		out.Location = fromCitationLocation(c.Location)
	}
	return out
}

// EncodeCitation is the reverse of [Citation].
func EncodeCitation(c model.Citation) wire.Citation {
	out := wire.Citation{Title: optional(c.Title), Source: optional(c.Source), Location: toCitationLocation(c.Location)}
	for _, q := range c.Quotes { // each q is a variable of its own, so its address may be kept
		out.SourceContent = append(out.SourceContent, wire.CitedText{Text: &q})
	}
	return out
}

// fromCitationLocation decodes a location. One of a kind that is new to this
// version keeps its bytes, to go back as it came.
func fromCitationLocation(l *wire.CitationLocation) model.CitationLocation {
	switch {
	case l.DocumentChar != nil:
		return fromRange(model.LocationChar, l.DocumentChar)
	case l.DocumentPage != nil:
		return fromRange(model.LocationPage, l.DocumentPage)
	case l.DocumentChunk != nil:
		return fromRange(model.LocationChunk, l.DocumentChunk)
	case l.SearchResultLocation != nil:
		r := l.SearchResultLocation
		return model.CitationLocation{Kind: model.LocationSearchResult,
			Index: deref(r.SearchResultIndex), Start: deref(r.Start), End: deref(r.End)}
	case l.Web != nil:
		return model.CitationLocation{Kind: model.LocationWeb, URL: deref(l.Web.URL), Domain: deref(l.Web.Domain)}
	case l.Unknown != nil:
		return model.CitationLocation{Kind: model.LocationKind(l.Unknown.Name), Data: l.Unknown.Value}
	}
	return model.CitationLocation{}
}

// fromRange decodes a range of a document. Numbers that are missing are zero.
func fromRange(kind model.LocationKind, r *wire.DocumentRange) model.CitationLocation {
	return model.CitationLocation{Kind: kind, Index: deref(r.DocumentIndex), Start: deref(r.Start), End: deref(r.End)}
}

// toCitationLocation is the reverse of fromCitationLocation. A kind that is not
// known, with data that is not JSON, is left out: it would break the body.
func toCitationLocation(l model.CitationLocation) *wire.CitationLocation {
	r := &wire.DocumentRange{DocumentIndex: &l.Index, Start: &l.Start, End: &l.End}
	switch l.Kind {
	case "":
		return nil
	case model.LocationChar:
		return &wire.CitationLocation{DocumentChar: r}
	case model.LocationPage:
		return &wire.CitationLocation{DocumentPage: r}
	case model.LocationChunk:
		return &wire.CitationLocation{DocumentChunk: r}
	case model.LocationSearchResult:
		return &wire.CitationLocation{SearchResultLocation: &wire.SearchResultRange{
			SearchResultIndex: &l.Index, Start: &l.Start, End: &l.End}}
	case model.LocationWeb:
		return &wire.CitationLocation{Web: &wire.WebLocation{URL: optional(l.URL), Domain: optional(l.Domain)}}
	}
	if !rawjson.Valid(l.Data) { // it would be written as it is
		return nil
	}
	return &wire.CitationLocation{Unknown: &wire.Unknown{Name: string(l.Kind), Value: l.Data}}
}

// deref returns what p points to, zero for nil: the neutral form does not tell
// absent members from empty ones.
func deref[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

// optional returns nil for the empty string.
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
