package blocks

import (
	"encoding/json"
	"fmt"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/media"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/ttl"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/model"
)

// The statuses of tool results. A status that is absent counts as success.
const (
	statusSuccess = "success"
	statusError   = "error"
)

// Encode returns the content block of a part. Servers write answers with it, so
// it knows no rules of a model: those are about requests. The error says what in
// the part has no place on the wire; it does not name the part, which only the
// caller can.
func Encode(p model.Part) (wire.ContentBlock, error) {
	switch p := p.(type) {
	case model.Text:
		return text(string(p)), nil
	case model.CitedText:
		return encodeCitedText(p), nil
	case model.Thinking:
		return wire.ContentBlock{ReasoningContent: encodeThinking(p)}, nil
	case model.ToolCall:
		return toolUse(p.ID, p.Name, "", p.Input, p.InvalidInput), nil
	case model.ServerToolCall:
		return toolUse(p.ID, p.Name, p.Kind, p.Input, p.InvalidInput), nil
	case model.ToolResult:
		return encodeResult(p.CallID, "", p.Parts, p.IsError)
	case model.ServerToolResult:
		return encodeResult(p.CallID, p.Kind, p.Parts, p.IsError)
	case model.CachePoint:
		return wire.ContentBlock{CachePoint: encodeCachePoint(p)}, nil
	case model.SearchResult:
		return wire.ContentBlock{SearchResult: encodeSearchResult(p)}, nil
	case model.Guard:
		g, err := encodeGuard(p)
		return wire.ContentBlock{GuardContent: g}, err
	case model.Audio:
		f, err := encodeFile(media.Audio, p.MediaType, p.Data, p.URI, p.Owner)
		return wire.ContentBlock{Audio: &wire.Audio{Format: f.format, Source: f.source}}, err
	case model.Image:
		i, err := encodeImage(p)
		return wire.ContentBlock{Image: i}, err
	case model.Document:
		d, err := encodeDocument(p)
		return wire.ContentBlock{Document: d}, err
	case model.Video:
		v, err := encodeVideo(p)
		return wire.ContentBlock{Video: v}, err
	case model.Opaque:
		return wire.ContentBlock{Unknown: &wire.Unknown{Name: p.Kind, Value: p.Data}}, nil
	}
	return wire.ContentBlock{}, fmt.Errorf("a part of type %T has no place in a message", p)
}

// text returns a block of text.
func text(s string) wire.ContentBlock { return wire.ContentBlock{Text: &s} }

// encodeCitedText returns text with its citations, in an empty list if there are
// none.
func encodeCitedText(p model.CitedText) wire.ContentBlock {
	// An empty list and not nil, so that both members are written in any case.
	c := &wire.CitationsContent{Content: []wire.CitedText{{Text: &p.Text}}, Citations: []wire.Citation{}}
	for _, citation := range p.Citations {
		c.Citations = append(c.Citations, EncodeCitation(citation))
	}
	return wire.ContentBlock{CitationsContent: c}
}

// encodeThinking returns redacted thinking if there is any: the two exclude each
// other on the wire.
func encodeThinking(p model.Thinking) *wire.ReasoningContent {
	if len(p.Redacted) > 0 {
		return &wire.ReasoningContent{RedactedContent: p.Redacted}
	}
	return &wire.ReasoningContent{ReasoningText: &wire.ReasoningText{Text: p.Text, Signature: optional(p.Signature)}}
}

// toolUse returns a call. The wire takes nothing but an object as its input: what
// a model wrote instead is kept as a member of one. The plan writes it in the
// same form.
func toolUse(id, name, kind string, input json.RawMessage, invalid string) wire.ContentBlock {
	t := &wire.ToolUse{ToolUseID: id, Name: name, Type: kind, Input: input}
	switch {
	case invalid != "": // a call that was cut off, or that the model wrote wrong
		t.Input = wrapped(invalid)
	case len(input) == 0: // a call without arguments
		t.Input = json.RawMessage("{}")
	case !IsObject(input):
		t.Input = wrapped(string(input))
	}
	return wire.ContentBlock{ToolUse: t}
}

// wrapped returns an object that holds raw as a string.
func wrapped(raw string) json.RawMessage {
	data, _ := json.Marshal(map[string]string{"invalid_input": raw})
	return data
}

// IsObject reports whether raw, which is valid JSON or empty, is an object.
func IsObject(raw json.RawMessage) bool {
	for _, c := range raw {
		switch c {
		case ' ', '\t', '\r', '\n':
		default:
			return c == '{'
		}
	}
	return false
}

// encodeResult returns the block of a result whose parts are neutral.
func encodeResult(id, kind string, parts []model.Part, isError bool) (wire.ContentBlock, error) {
	content := make([]wire.ToolResultContent, 0, len(parts))
	for i, p := range parts {
		c, err := encodeResultPart(p)
		if err != nil {
			return wire.ContentBlock{}, fmt.Errorf("parts[%d]: %w", i, err) // in neutral words, which the caller knows
		}
		content = append(content, c)
	}
	return result(id, kind, content, isError), nil
}

// result returns the block of a tool's result. The kind is that of a tool that
// the service ran, empty otherwise.
func result(id, kind string, content []wire.ToolResultContent, isError bool) wire.ContentBlock {
	t := &wire.ToolResult{ToolUseID: id, Type: kind, Status: statusSuccess, Content: content}
	if isError {
		t.Status = statusError
	}
	return wire.ContentBlock{ToolResult: t}
}

// encodeResultPart returns the piece of a tool result that a part is. The
// error says what has no place in one; it does not name the part.
func encodeResultPart(p model.Part) (wire.ToolResultContent, error) {
	switch p := p.(type) {
	case model.Text:
		s := string(p)
		return wire.ToolResultContent{Text: &s}, nil
	case model.JSON:
		if !IsObject(json.RawMessage(p)) { // which is all the member json takes
			s := string(p)
			return wire.ToolResultContent{Text: &s}, nil
		}
		return wire.ToolResultContent{JSON: json.RawMessage(p)}, nil
	case model.SearchResult:
		return wire.ToolResultContent{SearchResult: encodeSearchResult(p)}, nil
	case model.Image:
		i, err := encodeImage(p)
		return wire.ToolResultContent{Image: i}, err
	case model.Document:
		d, err := encodeDocument(p)
		return wire.ToolResultContent{Document: d}, err
	case model.Video:
		v, err := encodeVideo(p)
		return wire.ToolResultContent{Video: v}, err
	case model.Opaque:
		return wire.ToolResultContent{Unknown: &wire.Unknown{Name: p.Kind, Value: p.Data}}, nil
	}
	return wire.ToolResultContent{}, fmt.Errorf("a part of type %T has no place in a tool result", p)
}

// encodeCachePoint returns a cache point, its lifetime as in 5m or 1h.
func encodeCachePoint(p model.CachePoint) *wire.CachePoint {
	return &wire.CachePoint{Type: "default", TTL: ttl.Format(p.TTL)}
}

// encodeSearchResult returns a source for the model to cite.
func encodeSearchResult(p model.SearchResult) *wire.SearchResult {
	s := &wire.SearchResult{Source: p.Source, Title: p.Title, Content: make([]wire.SearchResultContent, 0, len(p.Content))}
	for _, text := range p.Content {
		s.Content = append(s.Content, wire.SearchResultContent{Text: text})
	}
	if p.Citations {
		s.Citations = &wire.CitationsConfig{Enabled: &p.Citations}
	}
	return s
}

// encodeGuard returns content for a guardrail. Its images have no place for a
// URI on the wire.
func encodeGuard(p model.Guard) (*wire.GuardContent, error) {
	if p.Image == nil {
		return &wire.GuardContent{Text: &wire.GuardText{Text: p.Text, Qualifiers: p.Qualifiers}}, nil
	}
	i, err := encodeImage(*p.Image)
	switch {
	case err != nil:
		return nil, err
	case i.Source.S3Location != nil:
		return nil, fmt.Errorf("an image for a guardrail must be given as data")
	}
	return &wire.GuardContent{Image: &wire.GuardImage{Format: i.Format, Source: &wire.BytesSource{Bytes: i.Source.Bytes}}}, nil
}

// fileParts is what images, videos and sounds have in common on the wire.
type fileParts struct {
	format string
	source *wire.MediaSource
}

// encodeFile returns the format and the source of a file of a known class.
func encodeFile(known media.Class, mediaType string, data []byte, uri, owner string) (f fileParts, err error) {
	if f.format, err = known.Format(mediaType); err != nil {
		return f, err
	}
	f.source, err = source(data, uri, owner)
	return f, err
}

// encodeImage returns an image. The wire requires a format, so that of an image
// without a media type is found from its bytes.
func encodeImage(p model.Image) (*wire.Image, error) {
	if p.MediaType == "" {
		if p.MediaType = SniffImage(p.Data); p.MediaType == "" {
			return nil, fmt.Errorf("the media type is empty, and the data does not show which it is of %s", media.Image.Types())
		}
	}
	f, err := encodeFile(media.Image, p.MediaType, p.Data, p.URI, p.Owner)
	return &wire.Image{Format: f.format, Source: f.source}, err
}

// encodeVideo returns a video. Its bytes do not say what it is reliably, so its
// media type is required.
func encodeVideo(p model.Video) (*wire.Video, error) {
	f, err := encodeFile(media.Video, p.MediaType, p.Data, p.URI, p.Owner)
	return &wire.Video{Format: f.format, Source: f.source}, err
}

// encodeDocument writes a document. Text and chunks are plain text, unless
// their media type says otherwise.
func encodeDocument(p model.Document) (*wire.Document, error) {
	if p.MediaType == "" && (p.Text != "" || len(p.Chunks) > 0) {
		p.MediaType = "text/plain"
	}
	name, err := media.Document.Format(p.MediaType)
	if err != nil {
		return nil, err
	}
	d := &wire.Document{Name: p.Name, Format: name, Context: optional(p.Context), Source: &wire.DocumentSource{}}
	if p.Citations {
		d.Citations = &wire.CitationsConfig{Enabled: &p.Citations}
	}
	switch {
	case p.URI != "": // the source is a union, so the first that is set is written
		d.Source.S3Location, err = location(p.URI, p.Owner)
	case p.Text != "":
		d.Source.Text = &p.Text
	case len(p.Chunks) > 0:
		for _, c := range p.Chunks {
			d.Source.Content = append(d.Source.Content, wire.DocumentContent{Text: &c})
		}
	default:
		d.Source.Bytes = p.Data
	}
	return d, err
}
