package wire

// MediaSource is where an image, a video or audio comes from. Exactly one field
// is set.
type MediaSource struct {
	Bytes      []byte
	S3Location *S3Location
	Unknown    *Unknown
}

func (s *MediaSource) fields(c *codec) {
	c.blob("bytes", &s.Bytes)
	object(c, "s3Location", &s.S3Location, (*S3Location).fields)
	c.union(&s.Unknown)
}

// BytesSource is a source that can only be bytes, a union of one member so far.
// Exactly one field is set.
type BytesSource struct {
	Bytes   []byte
	Unknown *Unknown
}

func (s *BytesSource) fields(c *codec) {
	c.blob("bytes", &s.Bytes)
	c.union(&s.Unknown)
}

// S3Location is an object in Amazon S3.
type S3Location struct {
	BucketOwner *string
	URI         string
}

func (s *S3Location) fields(c *codec) {
	c.optional("bucketOwner", &s.BucketOwner)
	c.text("uri", &s.URI)
}

// MediaError says why the model gave no picture or sound. It stands in place of
// the source, so a block that has it is not a file.
type MediaError struct{ Message *string }

func (e *MediaError) fields(c *codec) { c.optional("message", &e.Message) }

// Image is a picture.
type Image struct {
	Error  *MediaError // in answers
	Format string      // png, jpeg, gif, webp
	Source *MediaSource
}

func (i *Image) fields(c *codec) {
	object(c, "error", &i.Error, (*MediaError).fields)
	c.word("format", &i.Format)
	object(c, "source", &i.Source, (*MediaSource).fields)
}

// Audio is a piece of sound.
type Audio struct {
	Error  *MediaError // in answers
	Format string
	Source *MediaSource
}

func (a *Audio) fields(c *codec) {
	object(c, "error", &a.Error, (*MediaError).fields)
	c.word("format", &a.Format)
	object(c, "source", &a.Source, (*MediaSource).fields)
}

// Video is a film.
type Video struct {
	Format string
	Source *MediaSource
}

func (v *Video) fields(c *codec) {
	c.word("format", &v.Format)
	object(c, "source", &v.Source, (*MediaSource).fields)
}

// Document is a file for the model to read.
type Document struct {
	Citations *CitationsConfig
	Context   *string
	Format    string // pdf, csv, doc, docx, xls, xlsx, html, txt, md
	Name      string
	Source    *DocumentSource
}

func (d *Document) fields(c *codec) {
	object(c, "citations", &d.Citations, (*CitationsConfig).fields)
	c.optional("context", &d.Context)
	c.word("format", &d.Format)
	c.text("name", &d.Name)
	object(c, "source", &d.Source, (*DocumentSource).fields)
}

// DocumentSource is where a document comes from. Exactly one field is set.
type DocumentSource struct {
	Bytes      []byte
	Content    []DocumentContent
	S3Location *S3Location
	Text       *string
	Unknown    *Unknown
}

func (s *DocumentSource) fields(c *codec) {
	c.blob("bytes", &s.Bytes)
	list(c, "content", &s.Content, (*DocumentContent).fields)
	object(c, "s3Location", &s.S3Location, (*S3Location).fields)
	c.optional("text", &s.Text)
	c.union(&s.Unknown)
}

// DocumentContent is a chunk of a document. Exactly one field is set.
type DocumentContent struct {
	Text    *string
	Unknown *Unknown
}

func (d *DocumentContent) fields(c *codec) {
	c.optional("text", &d.Text)
	c.union(&d.Unknown)
}

// SearchResult is something found by the caller, for the model to cite.
type SearchResult struct {
	Citations *CitationsConfig
	Content   []SearchResultContent
	Source    string
	Title     string
}

func (s *SearchResult) fields(c *codec) {
	object(c, "citations", &s.Citations, (*CitationsConfig).fields)
	list(c, "content", &s.Content, (*SearchResultContent).fields)
	c.text("source", &s.Source)
	c.text("title", &s.Title)
}

// SearchResultContent is a passage of a search result.
type SearchResultContent struct{ Text string }

func (s *SearchResultContent) fields(c *codec) { c.text("text", &s.Text) }
