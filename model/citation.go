package model

import (
	"encoding/json"
	"slices"
)

// A Citation says where the text of a [CitedText] comes from.
type Citation struct {
	Title    string           `json:"title,omitempty"`  // of the document or page
	Source   string           `json:"source,omitempty"` // where that was found
	Quotes   []string         `json:"quotes,omitempty"` // the cited passages
	Location CitationLocation `json:"location,omitzero"`
}

// A CitationLocation is a place in a source. The zero value says nothing.
type CitationLocation struct {
	Kind LocationKind `json:"kind,omitempty"`

	// Index is the number of the document or search result, from 0, in the
	// order in which the request holds them.
	Index int `json:"index,omitempty"`

	// Start and End bound the passage: [Start, End) in characters, pages,
	// chunks or content blocks, as Kind says.
	Start int `json:"start,omitempty"`
	End   int `json:"end,omitempty"`

	URL    string `json:"url,omitempty"`    // of a web page
	Domain string `json:"domain,omitempty"` // of a web page

	// Data is the location as the provider gave it, for a Kind that this
	// version does not know.
	Data json.RawMessage `json:"data,omitempty"`
}

// A LocationKind says what a [CitationLocation] counts.
type LocationKind string

// The kinds of location. Others pass through with the provider's name.
const (
	LocationChar         LocationKind = "char"          // characters of a document
	LocationPage         LocationKind = "page"          // pages of a document
	LocationChunk        LocationKind = "chunk"         // chunks of a document
	LocationSearchResult LocationKind = "search_result" // content blocks of a search result
	LocationWeb          LocationKind = "web"           // a web page
)

// cloneCitations returns a copy that shares nothing with cs.
func cloneCitations(cs []Citation) []Citation {
	c := slices.Clone(cs)
	for i := range c {
		c[i].Quotes = slices.Clone(c[i].Quotes)
		c[i].Location.Data = slices.Clone(c[i].Location.Data)
	}
	return c
}
