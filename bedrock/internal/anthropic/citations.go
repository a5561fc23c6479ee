package anthropic

import (
	"encoding/json"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/rawjson"
	"github.com/chatmodel-go/chatmodel/model"
)

// A citation is one on the wire: all kinds of location in one struct.
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

// The kinds of citation.
const (
	citeChar   = "char_location"
	citePage   = "page_location"
	citeBlock  = "content_block_location"
	citeSearch = "search_result_location"
	citeWeb    = "web_search_result_location"
)

// decodeCitation makes a citation neutral. What a web citation needs to be sent
// back, and what this version does not know, is kept whole in Location.Data.
func decodeCitation(raw json.RawMessage) (model.Citation, error) {
	var c citation
	if err := json.Unmarshal(raw, &c); err != nil {
		return model.Citation{}, err
	}
	out := model.Citation{Title: c.DocumentTitle, Source: c.Source}
	if out.Title == "" {
		out.Title = c.Title
	}
	if c.CitedText != "" {
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
	case citeWeb:
		out.Location = model.CitationLocation{Kind: model.LocationWeb, URL: c.URL, Data: clone(raw)}
	default:
		out.Location = model.CitationLocation{Kind: model.LocationKind(c.Type), Data: clone(raw)}
	}
	return out, nil
}

// citedText writes text and its citations, as far as the format has a place for
// them.
func (e *encoder) citedText(f *native.Fields, field string, p model.CitedText) {
	text(f, p.Text)
	var all [][]byte
	for _, c := range p.Citations {
		raw, ok := encodeCitation(c)
		if !ok {
			e.Warn(model.WarningDropped, field+".citations", "a citation of kind %q that is not of this format", c.Location.Kind)
			continue
		}
		all = append(all, raw)
	}
	f.List("citations", "", all)
}

// encodeCitation is the reverse of decodeCitation.
func encodeCitation(c model.Citation) ([]byte, bool) {
	l := c.Location
	var f native.Fields
	switch l.Kind {
	case model.LocationChar:
		f.Text("type", "", citeChar)
		documentRange(&f, c, "start_char_index", "end_char_index")
	case model.LocationPage:
		f.Text("type", "", citePage)
		documentRange(&f, c, "start_page_number", "end_page_number")
	case model.LocationChunk:
		f.Text("type", "", citeBlock)
		documentRange(&f, c, "start_block_index", "end_block_index")
	case model.LocationSearchResult:
		f.Text("type", "", citeSearch)
		f.Text("cited_text", "", strings.Join(c.Quotes, ""))
		f.Int("search_result_index", "", l.Index)
		f.Text("source", "", c.Source)
		f.Raw("title", "", orNull(c.Title))
		f.Int("start_block_index", "", l.Start)
		f.Int("end_block_index", "", l.End)
	default:
		var own citation
		if json.Unmarshal(l.Data, &own) != nil || own.Type == "" {
			return nil, false
		}
		return l.Data, true
	}
	return f.Append(nil), true
}

func documentRange(f *native.Fields, c model.Citation, start, end string) {
	f.Text("cited_text", "", strings.Join(c.Quotes, ""))
	f.Int("document_index", "", c.Location.Index)
	f.Raw("document_title", "", orNull(c.Title))
	f.Int(start, "", c.Location.Start)
	f.Int(end, "", c.Location.End)
}

// orNull writes a string that is required and may be null.
func orNull(s string) []byte {
	if s == "" {
		return []byte("null")
	}
	return rawjson.AppendString(nil, s)
}
