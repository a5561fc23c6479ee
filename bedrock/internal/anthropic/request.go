package anthropic

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
	"github.com/chatmodel-go/chatmodel/model"
)

// This file reads requests, for servers that speak the format. The client only
// writes them.

// A requestBody holds the members of a request that have a neutral place. Lists
// whose elements are of several types stay raw.
type requestBody struct {
	MaxTokens     int               `json:"max_tokens"`
	System        json.RawMessage   `json:"system"`
	Messages      []bodyMessage     `json:"messages"`
	Tools         []json.RawMessage `json:"tools"`
	ToolChoice    *bodyChoice       `json:"tool_choice"`
	Temperature   *float64          `json:"temperature"`
	TopP          *float64          `json:"top_p"`
	TopK          int               `json:"top_k"`
	StopSequences []string          `json:"stop_sequences"`
	Thinking      *bodyThinking     `json:"thinking"`
	OutputConfig  *bodyOutput       `json:"output_config"`
	Guardrail     *bodyGuardrail    `json:"amazon-bedrock-guardrailConfig"`
}

// A bodyMessage is a message: its content is a text or a list of blocks.
type bodyMessage struct {
	Role    model.Role      `json:"role"`
	Content json.RawMessage `json:"content"`
}

// A bodyChoice is the choice among the tools.
type bodyChoice struct {
	Type    string `json:"type"`
	Name    string `json:"name"`
	OneOnly *bool  `json:"disable_parallel_tool_use"`
}

// A bodyThinking asks for thinking.
type bodyThinking struct {
	Type   model.ThinkingMode `json:"type"`
	Budget int                `json:"budget_tokens"`
}

// A bodyOutput is how hard to work and the form of the answer.
type bodyOutput struct {
	Effort string `json:"effort"`
	Format *struct {
		Schema json.RawMessage `json:"schema"`
	} `json:"format"`
}

// A bodyGuardrail is the part of a guardrail's settings that is in the body.
type bodyGuardrail struct {
	StreamMode string `json:"streamProcessingMode"`
}

// A Received is a request body in neutral form, and what has no neutral place.
type Received struct {
	Request    *model.Request
	Additional json.RawMessage // members of the body that are not in Request
	Effort     string          // of the answer, where no thinking is asked for
	StreamMode string          // of a guardrail
}

// ParseRequest is the reverse of [Append], for servers. It is lenient: what
// it does not know becomes an opaque part or an additional member.
func ParseRequest(body []byte) (*Received, error) {
	var b requestBody
	if err := json.Unmarshal(body, &b); err != nil {
		return nil, err
	}
	req := &model.Request{MaxTokens: b.MaxTokens, Temperature: b.Temperature, TopP: b.TopP, TopK: b.TopK, StopSequences: b.StopSequences}
	r := &Received{Request: req}
	// The system prompt is a member of the body here and a message in the neutral
	// form, before all others. Errors name their place as Anthropic's own do.
	if system, err := contentParts(b.System); err != nil {
		return nil, fmt.Errorf("system: %w", err)
	} else if len(system) > 0 {
		req.Messages = append(req.Messages, model.Message{Role: model.RoleSystem, Parts: system})
	}
	for i, m := range b.Messages {
		parts, err := contentParts(m.Content)
		if err != nil {
			return nil, fmt.Errorf("messages.%d.%w", i, err)
		}
		req.Messages = append(req.Messages, model.Message{Role: m.Role, Parts: parts})
	}
	own, err := r.tools(b.Tools)
	if err != nil {
		return nil, err
	}
	r.settings(&b) // before additional, which asks whether thinking was understood
	r.Additional = additional(body, own, req.Thinking != nil)
	return r, nil
}

// additional collects the members of a body that have no neutral place, so that
// a server sees all that was sent. Tools of the provider are among them, while
// the caller's are not. Thinking has a neutral place only in the modes that the
// neutral form knows, which thinks reports.
func additional(body []byte, tools [][]byte, thinks bool) json.RawMessage {
	members, _ := native.Members(body) // known to be an object
	var others []native.Field
	for _, m := range members {
		switch m.Name {
		// Members with a neutral place, and the version, which says nothing.
		case "anthropic_version", "max_tokens", "system", "messages", "tool_choice", "temperature", "top_p", "top_k", "stop_sequences",
			"output_config", "amazon-bedrock-guardrailConfig":
		case "thinking":
			if !thinks {
				others = append(others, m)
			}
		case "tools":
			if len(tools) > 0 {
				others = append(others, native.Field{Name: "tools", Value: slices.Concat([]byte{'['}, bytes.Join(tools, []byte{','}), []byte{']'})})
			}
		default:
			others = append(others, m)
		}
	}
	if len(others) == 0 {
		return nil
	}
	return native.Object(others)
}

// settings reads the members that are not messages or tools.
func (r *Received) settings(b *requestBody) {
	req := r.Request
	if c := b.ToolChoice; c != nil {
		req.ToolChoice = c.neutral()
	}
	if t := b.Thinking; t != nil {
		switch t.Type {
		case model.ThinkingEnabled, model.ThinkingAdaptive, model.ThinkingDisabled: // others are words of a model's own
			req.Thinking = &model.ThinkingConfig{Mode: t.Type, Budget: t.Budget}
		}
	}
	if o := b.OutputConfig; o != nil {
		// One effort serves for thinking and for the answer.
		if req.Thinking != nil && req.Thinking.Mode != model.ThinkingDisabled {
			req.Thinking.Effort = o.Effort
		} else {
			r.Effort = o.Effort
		}
		if o.Format != nil {
			req.Output = &model.OutputFormat{Schema: o.Format.Schema}
		}
	}
	if g := b.Guardrail; g != nil {
		// The body's words for what Converse calls sync and async.
		r.StreamMode = map[string]string{"SYNCHRONOUS": "sync", "ASYNCHRONOUS": "async"}[g.StreamMode]
	}
}

// neutral returns the choice. The modes auto, any and none have the neutral
// names.
func (c *bodyChoice) neutral() model.ToolChoice {
	choice := model.ToolChoice{Mode: model.ToolMode(c.Type), Name: c.Name}
	if c.Type == "tool" {
		choice.Mode = model.ToolsNamed
	}
	if c.OneOnly != nil {
		choice.Parallel = new(!*c.OneOnly)
	}
	return choice
}

// tools takes the caller's own tools into the request, and returns those of the
// provider, which have a type and members of their own.
func (r *Received) tools(list []json.RawMessage) (own [][]byte, err error) {
	for i, raw := range list {
		var t struct {
			Type         string          `json:"type"`
			Name         string          `json:"name"`
			Description  string          `json:"description"`
			InputSchema  json.RawMessage `json:"input_schema"`
			Strict       *bool           `json:"strict"`
			CacheControl *bodyCache      `json:"cache_control"`
		}
		if err := json.Unmarshal(raw, &t); err != nil {
			return nil, fmt.Errorf("tools.%d: %w", i, err)
		}
		if t.Type != "" && t.Type != "custom" { // custom is the caller's own, said in words
			own = append(own, raw)
			continue
		}
		r.Request.Tools = append(r.Request.Tools, model.Tool{Name: t.Name, Description: t.Description,
			InputSchema: t.InputSchema, Strict: t.Strict, Cache: t.CacheControl.point()})
	}
	return own, nil
}

// A bodyCache is the member that stands for a cache point.
type bodyCache struct {
	TTL string `json:"ttl"`
}

// point returns the cache point, nil if there is none. A lifetime that cannot be
// read counts as none: rules for it are the server's.
func (c *bodyCache) point() *model.CachePoint {
	if c == nil {
		return nil
	}
	ttl, _ := time.ParseDuration(c.TTL)
	return &model.CachePoint{TTL: ttl}
}

// contentParts reads content: a text, or a list of blocks. A cache point, which
// is a member here, becomes a part behind its block.
func contentParts(raw json.RawMessage) ([]model.Part, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return []model.Part{model.Text(text)}, nil
	}
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, fmt.Errorf("content: %w", err)
	}
	var parts []model.Part
	for i, block := range list {
		p, err := requestPart(block)
		if err != nil {
			return nil, fmt.Errorf("content.%d: %w", i, err)
		}
		parts = append(parts, p)
		var c struct {
			CacheControl *bodyCache `json:"cache_control"`
		}
		if json.Unmarshal(block, &c) == nil && c.CacheControl != nil {
			parts = append(parts, *c.CacheControl.point())
		}
	}
	return parts, nil
}

// A requestBlock holds the members of the blocks that only requests have. The
// others are read as those of an answer are.
type requestBlock struct {
	Type      string `json:"type"`
	ToolUseID string `json:"tool_use_id"`
	IsError   bool   `json:"is_error"`
	Title     string `json:"title"`
	Context   string `json:"context"`
	Citations struct {
		Enabled bool `json:"enabled"`
	} `json:"citations"`
	Source  json.RawMessage `json:"source"` // an object; the text of a search result
	Content json.RawMessage `json:"content"`
}

// A requestSource is where the contents of an image or a document are.
type requestSource struct {
	Type      string          `json:"type"`
	MediaType string          `json:"media_type"`
	Data      string          `json:"data"`
	Content   json.RawMessage `json:"content"`
}

// requestPart reads a block of a request.
func requestPart(raw json.RawMessage) (model.Part, error) {
	kind, err := typeOf(raw)
	if err != nil {
		return nil, err
	}
	switch kind {
	case "image", "document", "search_result", "tool_result":
	default: // a block that answers have, too, when it goes back
		return decodeBlock(raw)
	}
	var b requestBlock
	if err := json.Unmarshal(raw, &b); err != nil {
		return nil, err
	}
	switch kind {
	case "tool_result":
		parts, err := contentParts(b.Content)
		return model.ToolResult{CallID: b.ToolUseID, Parts: parts, IsError: b.IsError}, err
	case "search_result":
		chunks, err := contentTexts(b.Content)
		var source string
		_ = json.Unmarshal(b.Source, &source) // what is not a text is no source
		return model.SearchResult{Source: source, Title: b.Title, Content: chunks, Citations: b.Citations.Enabled}, err
	}
	var s requestSource
	if err := json.Unmarshal(b.Source, &s); err != nil {
		return nil, fmt.Errorf("source: %w", err)
	}
	if kind == "image" {
		data, err := base64.StdEncoding.DecodeString(s.Data)
		return model.Image{MediaType: s.MediaType, Data: data}, err
	}
	return b.document(&s)
}

// document returns a document by the kind of its source.
func (b *requestBlock) document(s *requestSource) (model.Part, error) {
	d := model.Document{Name: b.Title, Context: b.Context, Citations: b.Citations.Enabled}
	var err error
	switch s.Type {
	case "text":
		d.Text = s.Data
	case "content":
		d.Chunks, err = contentTexts(s.Content)
	default: // base64; a source by URL has no data, and neither has the document
		d.MediaType = s.MediaType
		d.Data, err = base64.StdEncoding.DecodeString(s.Data)
	}
	return d, err
}

// contentTexts reads the texts of a list of blocks, such as chunks.
func contentTexts(raw json.RawMessage) ([]string, error) {
	parts, err := contentParts(raw)
	var texts []string
	for _, p := range parts {
		if t, ok := p.(model.Text); ok {
			texts = append(texts, string(t))
		}
	}
	return texts, err
}
