package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/chatmodel-go/chatmodel/internal/rawjson"
)

// The JSON forms of the parts. Member names are part of the format: they are
// never changed, only added to.

type textJSON struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

type citedTextJSON struct {
	Type      string     `json:"type"`
	Text      string     `json:"text"`
	Citations []Citation `json:"citations"`
}

type thinkingJSON struct {
	Type       string `json:"type"`
	Text       string `json:"text,omitempty"`
	Signature  string `json:"signature,omitempty"`
	Redacted   []byte `json:"redacted,omitempty"`
	Provider   string `json:"provider,omitempty"`
	Model      string `json:"model,omitempty"`
	Incomplete bool   `json:"incomplete,omitempty"`
}

// mediaJSON is the form of images, videos and audio.
type mediaJSON struct {
	Type      string `json:"type,omitempty"`
	MediaType string `json:"media_type,omitempty"`
	Data      []byte `json:"data,omitempty"`
	URI       string `json:"uri,omitempty"`
	Owner     string `json:"owner,omitempty"`
}

type documentJSON struct {
	Type      string   `json:"type"`
	Name      string   `json:"name,omitempty"`
	MediaType string   `json:"media_type,omitempty"`
	Data      []byte   `json:"data,omitempty"`
	URI       string   `json:"uri,omitempty"`
	Owner     string   `json:"owner,omitempty"`
	Text      string   `json:"text,omitempty"`
	Chunks    []string `json:"chunks,omitempty"`
	Context   string   `json:"context,omitempty"`
	Citations bool     `json:"citations,omitempty"`
}

// toolCallJSON is the form of calls, those of the provider's own tools
// included. InputText is the input as it was written, where Input cannot show
// that.
type toolCallJSON struct {
	Type         string          `json:"type"`
	ID           string          `json:"id"`
	Name         string          `json:"name"`
	Kind         string          `json:"kind,omitempty"`
	Input        json.RawMessage `json:"input,omitempty"`
	InputText    string          `json:"input_text,omitempty"`
	InvalidInput string          `json:"invalid_input,omitempty"`
}

// toolResultJSON is the form of results, those of the provider's own tools
// included.
type toolResultJSON struct {
	Type    string          `json:"type"`
	CallID  string          `json:"call_id"`
	Kind    string          `json:"kind,omitempty"`
	Parts   json.RawMessage `json:"parts"`
	IsError bool            `json:"is_error,omitempty"`
}

// jsonJSON is the form of [JSON]. ValueText is the value as it was written,
// where Value cannot show that.
type jsonJSON struct {
	Type      string          `json:"type"`
	Value     json.RawMessage `json:"value"`
	ValueText string          `json:"value_text,omitempty"`
}

type cachePointJSON struct {
	Type string `json:"type"`
	TTL  string `json:"ttl,omitempty"`
}

type searchResultJSON struct {
	Type      string   `json:"type"`
	Source    string   `json:"source"`
	Title     string   `json:"title"`
	Content   []string `json:"content"`
	Citations bool     `json:"citations,omitempty"`
}

type guardJSON struct {
	Type       string     `json:"type"`
	Text       string     `json:"text,omitempty"`
	Qualifiers []string   `json:"qualifiers,omitempty"`
	Image      *mediaJSON `json:"image,omitempty"`
}

// opaqueJSON is the form of [Opaque]. DataText is the data as it was written,
// where Data cannot show that.
type opaqueJSON struct {
	Type     string          `json:"type"`
	Provider string          `json:"provider"`
	Kind     string          `json:"kind"`
	Data     json.RawMessage `json:"data,omitempty"`
	DataText string          `json:"data_text,omitempty"`
	Model    string          `json:"model,omitempty"`
}

// encodePart returns what encoding/json makes a part's JSON of. Texts and results
// are written by hand, by appendPart.
func encodePart(p Part, depth int) (any, error) {
	kind := p.kind()
	switch p := p.(type) {
	case CitedText:
		return citedTextJSON{kind, cut(p.Text), p.Citations}, nil
	case Thinking:
		return thinkingJSON{kind, cut(p.Text), cut(p.Signature), p.Redacted, p.Provider, p.Model, p.Incomplete}, nil
	case Image:
		return mediaJSON{kind, p.MediaType, p.Data, p.URI, p.Owner}, nil
	case Video:
		return mediaJSON{kind, p.MediaType, p.Data, p.URI, p.Owner}, nil
	case Audio:
		return mediaJSON{kind, p.MediaType, p.Data, p.URI, p.Owner}, nil
	case Document:
		return documentJSON{kind, p.Name, p.MediaType, p.Data, p.URI, p.Owner, p.Text, p.Chunks, p.Context, p.Citations}, nil
	case ToolCall:
		return encodeCall(toolCallJSON{Type: kind, ID: p.ID, Name: p.Name, InvalidInput: p.InvalidInput}, p.Input)
	case ServerToolCall:
		return encodeCall(toolCallJSON{Type: kind, ID: p.ID, Name: p.Name, Kind: p.Kind, InvalidInput: p.InvalidInput}, p.Input)
	case ServerToolResult:
		return encodeResult(toolResultJSON{Type: kind, CallID: p.CallID, Kind: p.Kind, IsError: p.IsError}, p.Parts, depth)
	case JSON:
		x := exactly(json.RawMessage(p))
		return jsonJSON{kind, x.Value, x.Text}, nil
	case CachePoint:
		return cachePointJSON{kind, formatTTL(p.TTL)}, nil
	case SearchResult:
		return searchResultJSON{kind, p.Source, p.Title, p.Content, p.Citations}, nil
	case Guard:
		return encodeGuard(p), nil
	case Opaque:
		x := exactly(p.Data)
		return opaqueJSON{kind, p.Provider, p.Kind, x.Value, x.Text, p.Model}, nil
	}
	return nil, fmt.Errorf("a %s has no JSON form", kind) // a kind that was forgotten here
}

// encodeCall adds a call's input. Input that is not JSON, which only a caller
// can have put there, is written as the invalid input that it is.
func encodeCall(v toolCallJSON, input json.RawMessage) (any, error) {
	if len(input) > 0 && !rawjson.Valid(input) {
		if v.InvalidInput != "" {
			return nil, fmt.Errorf("the input of tool call %q is not JSON; keep such text in InvalidInput alone", v.ID)
		}
		v.InvalidInput, input = string(input), nil
	}
	x := exactly(input)
	v.Input, v.InputText = x.Value, x.Text
	v.InvalidInput = cut(v.InvalidInput)
	return v, nil
}

// encodeResult adds the parts of the result of a provider's tool.
func encodeResult(v toolResultJSON, parts []Part, depth int) (any, error) {
	if depth == maxNesting {
		return nil, errNested
	}
	var err error
	v.Parts, err = marshalParts(parts, depth+1)
	return v, err
}

// encodeGuard returns what encoding/json makes guard content of.
func encodeGuard(p Guard) guardJSON {
	v := guardJSON{Type: p.kind(), Text: p.Text, Qualifiers: p.Qualifiers}
	if p.Image != nil {
		v.Image = &mediaJSON{"", p.Image.MediaType, p.Image.Data, p.Image.URI, p.Image.Owner}
	}
	return v
}

// partDecoders holds the kinds that this version knows, but for results,
// whose decoder would refer back to it.
var partDecoders = map[string]func([]byte) (Part, error){
	Text("").kind():    decoder(func(v textJSON) (Part, error) { return Text(v.Text), nil }),
	CitedText{}.kind(): decoder(decodeCitedText),
	Thinking{}.kind(): decoder(func(v thinkingJSON) (Part, error) {
		return Thinking{v.Text, v.Signature, v.Redacted, v.Provider, v.Model, v.Incomplete}, nil
	}),
	Image{}.kind(): decoder(func(v mediaJSON) (Part, error) {
		return Image{v.MediaType, v.Data, v.URI, v.Owner}, nil
	}),
	Video{}.kind(): decoder(func(v mediaJSON) (Part, error) {
		return Video{v.MediaType, v.Data, v.URI, v.Owner}, nil
	}),
	Audio{}.kind(): decoder(func(v mediaJSON) (Part, error) {
		return Audio{v.MediaType, v.Data, v.URI, v.Owner}, nil
	}),
	Document{}.kind(): decoder(func(v documentJSON) (Part, error) {
		return Document{v.Name, v.MediaType, v.Data, v.URI, v.Owner, v.Text, v.Chunks, v.Context, v.Citations}, nil
	}),
	ToolCall{}.kind(): decoder(func(v toolCallJSON) (Part, error) {
		return ToolCall{v.ID, v.Name, v.input(), v.InvalidInput}, nil
	}),
	ServerToolCall{}.kind(): decoder(func(v toolCallJSON) (Part, error) {
		return ServerToolCall{v.ID, v.Name, v.Kind, v.input(), v.InvalidInput}, nil
	}),
	CachePoint{}.kind(): decoder(func(v cachePointJSON) (Part, error) {
		ttl, err := parseTTL(v.TTL)
		return CachePoint{ttl}, err
	}),
	JSON{}.kind(): decoder(func(v jsonJSON) (Part, error) {
		if v.Value == nil {
			return JSON("null"), nil // as it would be written
		}
		return JSON(exact{v.Value, v.ValueText}.restore()), nil
	}),
	SearchResult{}.kind(): decoder(func(v searchResultJSON) (Part, error) {
		return SearchResult{v.Source, v.Title, v.Content, v.Citations}, nil
	}),
	Guard{}.kind():  decoder(decodeGuard),
	Opaque{}.kind(): decoder(decodeOpaque),
}

// decoder returns a function that reads a V and makes a part of it.
func decoder[V any](part func(V) (Part, error)) func([]byte) (Part, error) {
	return func(data []byte) (Part, error) {
		var v V
		if err := json.Unmarshal(data, &v); err != nil {
			return nil, err
		}
		return part(v)
	}
}

// input returns the input as it was written.
func (v toolCallJSON) input() json.RawMessage { return exact{v.Input, v.InputText}.restore() }

// decodeCitedText takes the space out of what providers say of a location, as
// encoding/json does when it writes that. A part is then the same however its
// JSON was indented.
func decodeCitedText(v citedTextJSON) (Part, error) {
	for i := range v.Citations {
		at := &v.Citations[i].Location
		at.Data = compact(at.Data)
	}
	return CitedText{v.Text, v.Citations}, nil
}

// decodeOpaque refuses a block without a provider.
func decodeOpaque(v opaqueJSON) (Part, error) {
	if v.Provider == "" { // would be taken for a later version's part when it is written
		return nil, errors.New("the provider is missing")
	}
	return Opaque{v.Provider, v.Kind, exact{v.Data, v.DataText}.restore(), v.Model}, nil
}

// decodeGuard reads guard content, whose image is a part without a type.
func decodeGuard(v guardJSON) (Part, error) {
	p := Guard{Text: v.Text, Qualifiers: v.Qualifiers}
	if m := v.Image; m != nil {
		p.Image = &Image{m.MediaType, m.Data, m.URI, m.Owner}
	}
	return p, nil
}

// decodeResult reads a tool result, whose parts are parts again.
func decodeResult(data []byte, depth int) (Part, error) {
	if depth == maxNesting {
		return nil, errNested
	}
	var v toolResultJSON
	if err := json.Unmarshal(data, &v); err != nil {
		return nil, err
	}
	var all []json.RawMessage
	if len(v.Parts) > 0 {
		if err := json.Unmarshal(v.Parts, &all); err != nil {
			return nil, err
		}
	}
	parts, err := unmarshalParts(all, depth+1)
	if err != nil {
		return nil, err
	}
	if v.Type == (ServerToolResult{}).kind() {
		return ServerToolResult{v.CallID, v.Kind, parts, v.IsError}, nil
	}
	return ToolResult{v.CallID, parts, v.IsError}, nil
}

// appendText appends a string as encoding/json writes it, without escaping <, >
// and &.
func appendText[T ~string | ~[]byte](b []byte, s T) []byte {
	if all, ok := rawjson.AppendASCII(b, s); ok {
		return all
	}
	text := string(s)
	if utf8.ValidString(text) && !strings.Contains(text, "\u2028") && !strings.Contains(text, "\u2029") {
		return rawjson.AppendString(b, text)
	}
	data, err := marshal(text)
	if err != nil {
		panic(err) // strings have a JSON form
	}
	return append(b, data...)
}

// appendCut is appendText for a text that may have been cut off within a
// character.
func appendCut(b []byte, s string) []byte {
	if all, ok := rawjson.AppendASCII(b, s); ok {
		return all
	}
	return appendText(b, cut(s))
}

// appendCall appends a call whose input is JSON or missing.
func appendCall(b []byte, p ToolCall) []byte {
	b = appendText(append(b, `{"type":"tool_call","id":`...), p.ID)
	b = appendText(append(b, `,"name":`...), p.Name)
	return append(appendExact(b, "input", p.Input), '}')
}

// appendResult writes a result by hand, as appendCall does a call.
func appendResult(b []byte, p ToolResult, depth int) ([]byte, error) {
	if depth == maxNesting {
		return nil, errNested
	}
	b = appendText(append(b, `{"type":"tool_result","call_id":`...), p.CallID)
	b, err := appendParts(append(b, `,"parts":`...), p.Parts, depth+1)
	if err != nil {
		return nil, err
	}
	if p.IsError {
		b = append(b, `,"is_error":true`...)
	}
	return append(b, '}'), nil
}

// appendExact appends the members of an exact value that is JSON or missing.
func appendExact(b []byte, name string, raw []byte) []byte {
	if len(raw) == 0 {
		return b
	}
	b = append(append(append(b, `,"`...), name...), `":`...)
	start := len(b)
	b = rawjson.AppendCompact(b, raw)
	isCompact := len(b)-start == len(raw)
	if isCompact && !isEscaped(raw) || !utf8.Valid(raw) {
		return b
	}
	b = append(append(append(b, `,"`...), name...), `_text":`...)
	return appendText(b, raw)
}

// sizeOf returns about how long the JSON of parts is, so that most messages are
// written into one piece of memory. Depth is how many results are around them.
func sizeOf(parts []Part, depth int) int {
	n := 32 * len(parts)
	for _, p := range parts {
		switch p := p.(type) {
		case Text:
			n += len(p) + len(p)/32
		case JSON:
			n += exactSize(p)
		case ToolCall:
			n += 24 + len(p.ID) + len(p.Name) + exactSize(p.Input)
		case ToolResult:
			if depth < maxNesting {
				n += 32 + len(p.CallID) + sizeOf(p.Parts, depth+1)
			}
		default:
			n += 96
		}
	}
	return n
}

// exactSize returns about how long what appendExact writes is. With a blank
// between tokens, or just in a text, the value is written twice.
func exactSize(raw []byte) int {
	if bytes.IndexByte(raw, ' ') < 0 {
		return 16 + len(raw)
	}
	return 32 + 2*len(raw) + len(raw)/4
}
