package model

import (
	"encoding/json"
	"slices"
	"time"
)

// A Part is a piece of a [Message]. The set is sealed; it is
//
//   - [Text], [CitedText]: what is said
//   - [Thinking]: how the model got there
//   - [Image], [Document], [Video], [Audio], [SearchResult]: what it looks at
//   - [ToolCall], [ToolResult]: tools that the caller runs
//   - [ServerToolCall], [ServerToolResult]: tools that the provider runs
//   - [JSON]: a value inside a tool result
//   - [CachePoint]: the end of a prefix to cache
//   - [Guard]: content for a guardrail to look at
//   - [Opaque]: anything this version does not know
//
// All of them are values, never pointers. A switch over parts needs a default:
// later versions may add kinds.
type Part interface {
	clone() Part
	kind() string // the "type" of its JSON
}

// Text is plain text.
type Text string

// CitedText is text that the model backs by citations.
type CitedText struct {
	Text      string
	Citations []Citation
}

// Thinking is a block of a model's reasoning. Four forms exist: text with a
// signature, a signature alone, text alone, and redacted bytes. Whatever the
// form, send it back as it came: providers refuse a block that was edited.
type Thinking struct {
	Text string

	// Signature is the provider's seal on the block. It is opaque; it is kept
	// and sent back byte for byte.
	Signature string

	// Redacted is reasoning that the provider shows in encrypted form only.
	// If set, Text and Signature are empty.
	Redacted []byte

	// Provider names who produced (and so who may receive) the block.
	// Empty means unknown: it is offered to any provider.
	Provider string

	// Model is the id of the model that produced the block, without a geography
	// such as "us.". Sealed blocks are tied to it, or to its maker. Empty means
	// unknown: the block is offered to any model of the provider.
	Model string

	// Incomplete marks a block whose end was not seen because the stream
	// broke off. It is never sent back.
	Incomplete bool
}

// An Image is a picture. Exactly one of Data and URI is set.
type Image struct {
	// MediaType is a MIME type such as "image/png". If empty, providers
	// recognise PNG, JPEG, GIF and WebP by the first bytes of Data.
	MediaType string
	Data      []byte
	URI       string // where the provider finds it, such as "s3://bucket/key"; never fetched by this library
	Owner     string // the account that owns what URI names; empty: the caller's own
}

// A Document is a file to read. Exactly one of Data, URI, Text and Chunks is
// set.
type Document struct {
	// Name is shown to the model. Providers restrict it; the bedrock package
	// makes names legal and unique, and says so in a warning.
	Name      string
	MediaType string   // such as "application/pdf" or "text/plain"
	Data      []byte   // the file
	URI       string   // where the provider finds it; never fetched by this library
	Owner     string   // the account that owns what URI names; empty: the caller's own
	Text      string   // the file, when it is text
	Chunks    []string // the file, cut into chunks that citations refer to
	Context   string   // what the model should know about the document
	Citations bool     // ask for citations into the document
}

// A Video is a film. Exactly one of Data and URI is set.
type Video struct {
	MediaType string // such as "video/mp4"
	Data      []byte
	URI       string // where the provider finds it; never fetched by this library
	Owner     string // the account that owns what URI names; empty: the caller's own
}

// Audio is sound. Exactly one of Data and URI is set.
type Audio struct {
	MediaType string // such as "audio/mp3"
	Data      []byte
	URI       string // where the provider finds it; never fetched by this library
	Owner     string // the account that owns what URI names; empty: the caller's own
}

// A ToolCall asks the caller to run a tool and to answer with a [ToolResult]
// of the same ID.
type ToolCall struct {
	ID   string
	Name string

	// Input is the tool's argument, a JSON value exactly as the model wrote
	// it: numbers keep their digits and keys their order. Empty stands for {}.
	Input json.RawMessage

	// InvalidInput is the text of an argument that is not valid JSON, usually
	// of a call that was cut off. Input is then nil.
	InvalidInput string
}

// A ToolResult answers a [ToolCall]. It rides in a user message; results to
// all calls of one turn go into one message.
type ToolResult struct {
	CallID  string
	Parts   []Part // Text, JSON, Image, Document, Video, Audio, SearchResult or Opaque
	IsError bool   // the tool failed; Parts tell the model how
}

// A ServerToolCall is a call that the provider runs itself. It is kept for
// the history and never offered to the caller to run.
type ServerToolCall struct {
	ID           string
	Name         string
	Kind         string // the provider's name for the kind of call
	Input        json.RawMessage
	InvalidInput string // as in ToolCall
}

// A ServerToolResult is the outcome of a [ServerToolCall].
type ServerToolResult struct {
	CallID  string
	Kind    string // the provider's name for the kind of result
	Parts   []Part
	IsError bool
}

// JSON is a JSON value inside a tool result, kept byte for byte.
type JSON json.RawMessage

// A CachePoint ends a prefix of the prompt that the provider should cache.
type CachePoint struct {
	// TTL is how long the prefix should live. Zero means the provider's
	// default. Providers offer few values, usually 5 minutes and 1 hour.
	TTL time.Duration
}

// A SearchResult is something found, for the model to use and cite.
type SearchResult struct {
	Source    string // where it was found, such as a URL
	Title     string
	Content   []string
	Citations bool // ask for citations into it
}

// Guard is content that a guardrail should look at. Where a conversation
// holds any, guardrails look at nothing else.
type Guard struct {
	Text       string
	Qualifiers []string // such as "grounding_source", "query", "guard_content"
	Image      *Image   // instead of Text
}

// Opaque is a block that this version of the library does not know. It is
// kept as it came and sent back to its own provider only.
//
// With an empty Provider it is a part of a later version's JSON, and Data is
// that whole JSON object.
type Opaque struct {
	Provider string
	Kind     string // the provider's name for the kind of block
	Data     json.RawMessage

	// Model is the id of the model that produced the block, as in
	// [Thinking.Model]. Empty means unknown: the block is offered to any model
	// of the provider. A provider may drop it for other models, with a warning.
	Model string
}

// known reports whether p is of one of the package's types. The compiler takes
// nil, pointers to them and types that embed one for parts, too.
func known(p Part) bool {
	switch p.(type) {
	case Text, CitedText, Thinking, Image, Document, Video, Audio, SearchResult, ToolCall, ToolResult,
		ServerToolCall, ServerToolResult, JSON, CachePoint, Guard, Opaque:
		return true
	}
	return false
}

func (p Text) kind() string             { return "text" }
func (p CitedText) kind() string        { return "cited_text" }
func (p Thinking) kind() string         { return "thinking" }
func (p Image) kind() string            { return "image" }
func (p Document) kind() string         { return "document" }
func (p Video) kind() string            { return "video" }
func (p Audio) kind() string            { return "audio" }
func (p ToolCall) kind() string         { return "tool_call" }
func (p ToolResult) kind() string       { return "tool_result" }
func (p ServerToolCall) kind() string   { return "server_tool_call" }
func (p ServerToolResult) kind() string { return "server_tool_result" }
func (p JSON) kind() string             { return "json" }
func (p CachePoint) kind() string       { return "cache_point" }
func (p SearchResult) kind() string     { return "search_result" }
func (p Guard) kind() string            { return "guard" }
func (p Opaque) kind() string           { return "opaque" }

func (p Text) clone() Part       { return p }
func (p CachePoint) clone() Part { return p }

func (p CitedText) clone() Part {
	p.Citations = cloneCitations(p.Citations)
	return p
}

func (p Thinking) clone() Part {
	p.Redacted = slices.Clone(p.Redacted)
	return p
}

func (p Image) clone() Part {
	p.Data = slices.Clone(p.Data)
	return p
}

func (p Document) clone() Part {
	p.Data = slices.Clone(p.Data)
	p.Chunks = slices.Clone(p.Chunks)
	return p
}

func (p Video) clone() Part {
	p.Data = slices.Clone(p.Data)
	return p
}

func (p Audio) clone() Part {
	p.Data = slices.Clone(p.Data)
	return p
}

func (p ToolCall) clone() Part {
	p.Input = slices.Clone(p.Input)
	return p
}

func (p ToolResult) clone() Part {
	p.Parts = cloneParts(p.Parts)
	return p
}

func (p ServerToolCall) clone() Part {
	p.Input = slices.Clone(p.Input)
	return p
}

func (p ServerToolResult) clone() Part {
	p.Parts = cloneParts(p.Parts)
	return p
}

func (p JSON) clone() Part { return slices.Clone(p) }

func (p SearchResult) clone() Part {
	p.Content = slices.Clone(p.Content)
	return p
}

func (p Guard) clone() Part {
	p.Qualifiers = slices.Clone(p.Qualifiers)
	if p.Image != nil {
		img := p.Image.clone().(Image)
		p.Image = &img
	}
	return p
}

func (p Opaque) clone() Part {
	p.Data = slices.Clone(p.Data)
	return p
}
