package wire

// DeltaKind is what a delta brings.
type DeltaKind uint8

// The kinds of delta.
const (
	DeltaNone               DeltaKind = iota // the event has no delta
	DeltaText                                // Text
	DeltaToolInput                           // Text, a piece of the JSON of the input
	DeltaReasoningText                       // Text
	DeltaReasoningSignature                  // Text
	DeltaRedactedContent                     // Redacted
	DeltaCitation                            // Citation
	DeltaToolResult                          // ToolResult
	DeltaImage                               // Image
	DeltaUnknown                             // Unknown
)

// A Delta is what a BlockDelta event adds to its content block.
type Delta struct {
	Kind       DeltaKind
	Text       string
	Redacted   []byte
	Citation   *Citation
	ToolResult []ToolResultContent
	Image      *ImageDelta
	Unknown    *Unknown
}

// ImageDelta is a piece of an image.
type ImageDelta struct {
	Error  *MediaError
	Source *MediaSource
}

func (d *ImageDelta) fields(c *codec) {
	object(c, "error", &d.Error, (*MediaError).fields)
	object(c, "source", &d.Source, (*MediaSource).fields)
}

// member is the member delta. Delta itself is flat, so that a text costs no
// allocation but its own; the form of the wire is deltaUnion. The fast path
// writes into the flat form directly.
func (d *Delta) member(c *codec) {
	var u *deltaUnion
	if c.writing && d.Kind != DeltaNone {
		u = d.union()
	}
	object(c, "delta", &u, (*deltaUnion).fields)
	if !c.writing && u != nil {
		*d = u.flat()
	}
}

// deltaUnion is a delta as on the wire. Exactly one field is set.
type deltaUnion struct {
	citation   *Citation
	image      *ImageDelta
	reasoning  *reasoningDelta
	text       *string
	toolResult []ToolResultContent
	toolUse    *toolUseDelta
	unknown    *Unknown
}

func (u *deltaUnion) fields(c *codec) {
	object(c, "citation", &u.citation, (*Citation).fields)
	object(c, "image", &u.image, (*ImageDelta).fields)
	object(c, "reasoningContent", &u.reasoning, (*reasoningDelta).fields)
	c.optional("text", &u.text)
	list(c, "toolResult", &u.toolResult, (*ToolResultContent).fields)
	object(c, "toolUse", &u.toolUse, (*toolUseDelta).fields)
	c.union(&u.unknown)
}

// toolUseDelta is a piece of the input of a call: a piece of JSON as a string,
// which may be cut anywhere and may be empty.
type toolUseDelta struct{ input string }

func (t *toolUseDelta) fields(c *codec) { c.text("input", &t.input) }

// reasoningDelta is a piece of thinking. Exactly one field is set.
type reasoningDelta struct {
	redacted  []byte
	signature *string
	text      *string
	unknown   *Unknown
}

func (r *reasoningDelta) fields(c *codec) {
	c.blob("redactedContent", &r.redacted)
	c.optional("signature", &r.signature)
	c.optional("text", &r.text)
	c.union(&r.unknown)
}

// flat returns the delta of a union. One that is empty has no delta.
func (u *deltaUnion) flat() Delta {
	switch {
	case u.text != nil:
		return Delta{Kind: DeltaText, Text: *u.text}
	case u.toolUse != nil:
		return Delta{Kind: DeltaToolInput, Text: u.toolUse.input}
	case u.reasoning != nil:
		return u.reasoning.flat()
	case u.citation != nil:
		return Delta{Kind: DeltaCitation, Citation: u.citation}
	case u.toolResult != nil:
		return Delta{Kind: DeltaToolResult, ToolResult: u.toolResult}
	case u.image != nil:
		return Delta{Kind: DeltaImage, Image: u.image}
	case u.unknown != nil:
		return Delta{Kind: DeltaUnknown, Unknown: u.unknown}
	}
	return Delta{}
}

// flat returns the delta of a piece of thinking.
func (r *reasoningDelta) flat() Delta {
	switch {
	case r.text != nil:
		return Delta{Kind: DeltaReasoningText, Text: *r.text}
	case r.signature != nil:
		return Delta{Kind: DeltaReasoningSignature, Text: *r.signature}
	case r.redacted != nil:
		return Delta{Kind: DeltaRedactedContent, Redacted: r.redacted}
	}
	// Thinking of an unknown kind is an unknown delta as a whole.
	return Delta{Kind: DeltaUnknown, Unknown: &Unknown{
		Name:  "reasoningContent",
		Value: encode(nil, r, (*reasoningDelta).fields),
	}}
}

// union is the reverse of flat.
func (d *Delta) union() *deltaUnion {
	switch d.Kind {
	case DeltaText:
		return &deltaUnion{text: &d.Text}
	case DeltaToolInput:
		return &deltaUnion{toolUse: &toolUseDelta{d.Text}}
	case DeltaReasoningText:
		return &deltaUnion{reasoning: &reasoningDelta{text: &d.Text}}
	case DeltaReasoningSignature:
		return &deltaUnion{reasoning: &reasoningDelta{signature: &d.Text}}
	case DeltaRedactedContent:
		return &deltaUnion{reasoning: &reasoningDelta{redacted: d.Redacted}}
	case DeltaCitation:
		return &deltaUnion{citation: d.Citation}
	case DeltaToolResult:
		return &deltaUnion{toolResult: d.ToolResult}
	case DeltaImage:
		return &deltaUnion{image: d.Image}
	}
	return &deltaUnion{unknown: d.Unknown}
}
