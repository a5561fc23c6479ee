package wire

// CitationsConfig turns citations on or off.
type CitationsConfig struct{ Enabled *bool }

func (s *CitationsConfig) fields(c *codec) { c.flag("enabled", &s.Enabled) }

// CitationsContent is text of the model with the places that it took it from.
// The service sends one piece of text; the list is the protocol's.
type CitationsContent struct {
	Citations []Citation
	Content   []CitedText
}

func (s *CitationsContent) fields(c *codec) {
	list(c, "citations", &s.Citations, (*Citation).fields)
	list(c, "content", &s.Content, (*CitedText).fields)
}

// CitedText is a piece of text in a citation, or with citations. Exactly one
// field is set.
type CitedText struct {
	Text    *string
	Unknown *Unknown
}

func (s *CitedText) fields(c *codec) {
	c.optional("text", &s.Text)
	c.union(&s.Unknown)
}

// Citation is a place that the model took text from.
type Citation struct {
	Location      *CitationLocation
	Source        *string
	SourceContent []CitedText
	Title         *string
}

func (s *Citation) fields(c *codec) {
	object(c, "location", &s.Location, (*CitationLocation).fields)
	c.optional("source", &s.Source)
	list(c, "sourceContent", &s.SourceContent, (*CitedText).fields)
	c.optional("title", &s.Title)
}

// CitationLocation is where the cited text stands. Exactly one field is set.
type CitationLocation struct {
	DocumentChar         *DocumentRange // in characters
	DocumentChunk        *DocumentRange // in chunks of the source
	DocumentPage         *DocumentRange // in pages
	SearchResultLocation *SearchResultRange
	Web                  *WebLocation
	Unknown              *Unknown
}

func (l *CitationLocation) fields(c *codec) {
	object(c, "documentChar", &l.DocumentChar, (*DocumentRange).fields)
	object(c, "documentChunk", &l.DocumentChunk, (*DocumentRange).fields)
	object(c, "documentPage", &l.DocumentPage, (*DocumentRange).fields)
	object(c, "searchResultLocation", &l.SearchResultLocation, (*SearchResultRange).fields)
	object(c, "web", &l.Web, (*WebLocation).fields)
	c.union(&l.Unknown)
}

// DocumentRange is a range of one of the documents of the request. Zero is the
// first document and the first place, so what is absent is nil.
type DocumentRange struct {
	DocumentIndex *int
	End           *int
	Start         *int
}

func (r *DocumentRange) fields(c *codec) {
	c.whole("documentIndex", &r.DocumentIndex)
	c.whole("end", &r.End)
	c.whole("start", &r.Start)
}

// SearchResultRange is a range of passages of one of the search results of the
// request.
type SearchResultRange struct {
	End               *int
	SearchResultIndex *int
	Start             *int
}

func (r *SearchResultRange) fields(c *codec) {
	c.whole("end", &r.End)
	c.whole("searchResultIndex", &r.SearchResultIndex)
	c.whole("start", &r.Start)
}

// WebLocation is a web page.
type WebLocation struct {
	Domain *string
	URL    *string
}

func (w *WebLocation) fields(c *codec) {
	c.optional("domain", &w.Domain)
	c.optional("url", &w.URL)
}
