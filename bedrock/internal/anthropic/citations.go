package anthropic

import (
	"encoding/json"

	"github.com/chatmodel-go/chatmodel/model"
)

// A citation is one on the wire: all kinds of location in one struct. Their
// names do not clash, so that one pass of the JSON decoder reads any of them.
type citation struct {
	Type          string `json:"type"`
	CitedText     string `json:"cited_text"`
	Title         string `json:"title"`
	DocumentTitle string `json:"document_title"`
	Source        string `json:"source"`
	URL           string `json:"url"`

	DocumentIndex     int `json:"document_index"`
	SearchResultIndex int `json:"search_result_index"`
	StartChar         int `json:"start_char_index"`
	EndChar           int `json:"end_char_index"`
	StartPage         int `json:"start_page_number"`
	EndPage           int `json:"end_page_number"`
	StartBlock        int `json:"start_block_index"`
	EndBlock          int `json:"end_block_index"`
}

// The kinds of citation. Converse has its own names for them, which the neutral
// kinds follow.
const (
	citeChar   = "char_location"
	citePage   = "page_location"
	citeBlock  = "content_block_location"
	citeSearch = "search_result_location"
	citeWeb    = "web_search_result_location"
)

// decodeCitation makes a citation neutral. A web citation has more than the
// neutral form holds, and so may one of a kind that this version does not know.
// Such a citation is kept whole in Location.Data, to be sent back as it came.
func decodeCitation(raw json.RawMessage) (model.Citation, error) {
	var c citation
	if err := json.Unmarshal(raw, &c); err != nil {
		return model.Citation{}, err
	}
	out := model.Citation{Title: c.DocumentTitle, Source: c.Source}
	if out.Title == "" { // search results and web pages have a title, not a document_title
		out.Title = c.Title
	}
	if c.CitedText != "" { // one passage; Converse has a list
		out.Quotes = []string{c.CitedText}
	}
	switch c.Type {
	case citeChar:
		out.Location = model.CitationLocation{Kind: model.LocationChar, Index: c.DocumentIndex, Start: c.StartChar, End: c.EndChar}
	case citePage:
		out.Location = model.CitationLocation{Kind: model.LocationPage, Index: c.DocumentIndex, Start: c.StartPage, End: c.EndPage}
	case citeBlock:
		out.Location = model.CitationLocation{Kind: model.LocationChunk, Index: c.DocumentIndex, Start: c.StartBlock, End: c.EndBlock}
	case citeSearch:
		out.Location = model.CitationLocation{Kind: model.LocationSearchResult, Index: c.SearchResultIndex, Start: c.StartBlock, End: c.EndBlock}
	case citeWeb: // encrypted_index among its members
		out.Location = model.CitationLocation{Kind: model.LocationWeb, URL: c.URL, Data: clone(raw)}
	default:
		out.Location = model.CitationLocation{Kind: model.LocationKind(c.Type), Data: clone(raw)}
	}
	return out, nil
}
