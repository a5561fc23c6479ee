package wire

// Message is a turn of the conversation.
type Message struct {
	Content []ContentBlock
	Role    string // user, assistant, system
}

func (m *Message) fields(c *codec) {
	list(c, "content", &m.Content, (*ContentBlock).fields)
	c.text("role", &m.Role)
}

// ContentBlock is a part of a message. Exactly one field is set.
type ContentBlock struct {
	Audio            *Audio
	CachePoint       *CachePoint
	CitationsContent *CitationsContent
	Document         *Document
	GuardContent     *GuardContent
	Image            *Image
	ReasoningContent *ReasoningContent
	SearchResult     *SearchResult
	Text             *string
	ToolAddition     *ToolChange
	ToolRemoval      *ToolChange
	ToolResult       *ToolResult
	ToolUse          *ToolUse
	Video            *Video
	Unknown          *Unknown
}

func (b *ContentBlock) fields(c *codec) {
	if alone(c, "text") { // as most are
		c.optional("text", &b.Text)
		return
	}
	object(c, "audio", &b.Audio, (*Audio).fields)
	object(c, "cachePoint", &b.CachePoint, (*CachePoint).fields)
	object(c, "citationsContent", &b.CitationsContent, (*CitationsContent).fields)
	object(c, "document", &b.Document, (*Document).fields)
	object(c, "guardContent", &b.GuardContent, (*GuardContent).fields)
	object(c, "image", &b.Image, (*Image).fields)
	object(c, "reasoningContent", &b.ReasoningContent, (*ReasoningContent).fields)
	object(c, "searchResult", &b.SearchResult, (*SearchResult).fields)
	c.optional("text", &b.Text)
	object(c, "toolAddition", &b.ToolAddition, (*ToolChange).fields)
	object(c, "toolRemoval", &b.ToolRemoval, (*ToolChange).fields)
	object(c, "toolResult", &b.ToolResult, (*ToolResult).fields)
	object(c, "toolUse", &b.ToolUse, (*ToolUse).fields)
	object(c, "video", &b.Video, (*Video).fields)
	c.union(&b.Unknown)
}

// AppendContentBlock appends the JSON of b to dst. It is for a block that is kept
// as it came, apart from its message.
func AppendContentBlock(dst []byte, b *ContentBlock) []byte {
	return encode(dst, b, (*ContentBlock).fields)
}

// CachePoint ends a prefix of the prompt that is to be cached.
type CachePoint struct {
	TTL  string // empty, 5m or 1h
	Type string // default
}

func (p *CachePoint) fields(c *codec) {
	c.word("ttl", &p.TTL)
	c.text("type", &p.Type)
}

// ReasoningContent is what the model thought. Exactly one field is set.
type ReasoningContent struct {
	ReasoningText   *ReasoningText
	RedactedContent []byte
	Unknown         *Unknown
}

func (r *ReasoningContent) fields(c *codec) {
	object(c, "reasoningText", &r.ReasoningText, (*ReasoningText).fields)
	c.blob("redactedContent", &r.RedactedContent)
	c.union(&r.Unknown)
}

// ReasoningText is thinking in the clear. The signature proves to the model
// that the text is its own; not every model gives one.
type ReasoningText struct {
	Signature *string
	Text      string
}

func (r *ReasoningText) fields(c *codec) {
	c.optional("signature", &r.Signature)
	c.text("text", &r.Text)
}

// GuardContent is content that a guardrail must look at. Exactly one field is set.
type GuardContent struct {
	Image   *GuardImage
	Text    *GuardText
	Unknown *Unknown
}

func (g *GuardContent) fields(c *codec) {
	object(c, "image", &g.Image, (*GuardImage).fields)
	object(c, "text", &g.Text, (*GuardText).fields)
	c.union(&g.Unknown)
}

// GuardText is text for a guardrail.
type GuardText struct {
	Qualifiers []string // grounding_source, query, guard_content
	Text       string
}

func (g *GuardText) fields(c *codec) {
	c.words("qualifiers", &g.Qualifiers)
	c.text("text", &g.Text)
}

// GuardImage is an image for a guardrail.
type GuardImage struct {
	Format string // png, jpeg
	Source *BytesSource
}

func (g *GuardImage) fields(c *codec) {
	c.word("format", &g.Format)
	object(c, "source", &g.Source, (*BytesSource).fields)
}
