package fake

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/chatmodel-go/chatmodel/internal/promptcache"
	"github.com/chatmodel-go/chatmodel/internal/rawjson"
	"github.com/chatmodel-go/chatmodel/model"
)

// segments returns the prompt in the order in which providers read it: tools,
// system messages, the others.
func (m *Model) segments(req *model.Request) ([]promptcache.Segment, error) {
	p := prompt{tokens: m.options.Tokens, byBytes: m.byBytes, cached: m.cache != nil}
	p.segments = make([]promptcache.Segment, 0, len(req.Tools)+len(req.Messages)) // most messages are one part
	for _, t := range req.Tools {
		p.tool(t)
	}
	p.automatic(req.Cache)
	for _, system := range []bool{true, false} {
		for _, msg := range req.Messages {
			if (msg.Role == model.RoleSystem) == system {
				p.message(msg)
			}
		}
		p.automatic(req.Cache)
	}
	return p.segments, p.err
}

// A prompt collects segments.
type prompt struct {
	tokens   func([]byte) int
	byBytes  bool // tokens are counted by nothing but the length
	cached   bool // somebody asks for prefixes
	segments []promptcache.Segment
	err      error
}

func (p *prompt) tool(t model.Tool) {
	point := t.Cache
	t.Cache = nil
	data, err := json.Marshal(t)
	p.add("tool", data, err)
	if point != nil {
		p.point(point.TTL)
	}
}

func (p *prompt) message(msg model.Message) {
	for _, part := range msg.Parts {
		if point, ok := part.(model.CachePoint); ok {
			p.point(point.TTL)
			continue
		}
		if p.byBytes && !p.cached {
			if n, ok := plainTokens(part); ok {
				p.segments = append(p.segments, promptcache.Segment{Tokens: n})
				continue
			}
		}
		data, err := partJSON(part)
		p.add(string(msg.Role), data, err)
	}
}

// plainTextBytes is the length of an empty text's JSON. That of a text whose
// bytes stand for themselves is so much longer than the text.
const plainTextBytes = len(`{"type":"text","text":""}`)

// plainTokens returns the tokens of a text that stands in JSON as it is. Most
// texts do, so that a long conversation is counted without being written.
func plainTokens(part model.Part) (n int, ok bool) {
	text, ok := part.(model.Text)
	if !ok || !plain(string(text)) {
		return 0, false
	}
	return tokensOf(plainTextBytes + len(text)), true
}

// plain reports whether encoding/json writes a text as it is. It looks for single
// bytes, which takes next to no time.
func plain(text string) bool {
	has := func(c byte) bool { return strings.IndexByte(text, c) >= 0 }
	if rawjson.PlainLen(text) < len(text) || has('<') || has('>') || has('&') {
		return false
	}
	separated := has("\u2028"[0]) && (strings.Contains(text, "\u2028") || strings.Contains(text, "\u2029"))
	return !separated && utf8.ValidString(text)
}

func (p *prompt) automatic(c *model.CacheConfig) {
	if c != nil {
		p.point(c.TTL)
	}
}

func (p *prompt) add(role string, data []byte, err error) {
	if err != nil {
		p.err = &model.Error{Kind: model.ErrInvalidRequest, Message: "the request has no JSON form: " + err.Error()}
		return
	}
	if !p.cached {
		p.segments = append(p.segments, promptcache.Segment{Tokens: p.tokens(data)})
		return
	}
	var before promptcache.Sum
	if n := len(p.segments); n > 0 {
		before = p.segments[n-1].Prefix
	}
	text := append(append(before[:], role...), 0)
	p.segments = append(p.segments, promptcache.Segment{Tokens: p.tokens(data), Prefix: sha256.Sum256(append(text, data...))})
}

// point puts a cache point after what has been read of the prompt. Where two
// meet, the first one counts: it is the caller's own.
func (p *prompt) point(ttl time.Duration) {
	if n := len(p.segments); n > 0 && !p.segments[n-1].Point {
		p.segments[n-1].Point, p.segments[n-1].TTL = true, ttl
	}
}

// partJSON returns the JSON of a part, as it stands in a message.
func partJSON(part model.Part) ([]byte, error) {
	msg := model.Message{Parts: []model.Part{part}}
	if settled(part) {
		if data, err := msg.MarshalJSON(); err == nil && !escapes(data) {
			return onlyPart(data), nil
		}
	}
	data, err := json.Marshal(msg)
	if err != nil {
		return nil, err
	}
	return onlyPart(data), nil
}

// onlyPart returns the part of a message that has one, in its JSON.
func onlyPart(message []byte) []byte {
	list := rawjson.Member(message, "parts")
	return list[1 : len(list)-1]
}

// settled reports whether nothing in a part is JSON that somebody else wrote, with
// spaces that encoding/json takes out. Going once more through a file of megabytes
// takes longer than writing it.
func settled(part model.Part) bool {
	switch part := part.(type) {
	case model.Text, model.Image, model.Video, model.Audio, model.Document:
		return true
	case model.ToolResult:
		return !slices.ContainsFunc(part.Parts, func(p model.Part) bool { return !settled(p) })
	}
	return false
}

// escapes reports whether encoding/json writes an escape for a character of JSON.
func escapes(data []byte) bool {
	has := func(c byte) bool { return bytes.IndexByte(data, c) >= 0 }
	return has('<') || has('>') || has('&') || has("\u2028"[0])
}

// usage estimates the tokens of a call, and moves the cache.
func (m *Model) usage(prompt []promptcache.Segment, resp *model.Response) (*model.Usage, error) {
	var u model.Usage
	if m.cache != nil {
		u = m.cache.Use("", m.options.Cache.rules(), prompt, time.Now())
	}
	u.Known, u.InputTokens = true, promptcache.Tokens(prompt)
	for _, part := range resp.Message.Parts {
		if m.byBytes {
			if n, ok := plainTokens(part); ok {
				u.OutputTokens += n
				continue
			}
		}
		data, err := partJSON(part)
		if err != nil {
			return nil, scriptErrorf("the answer has no JSON form: %v", err)
		}
		u.OutputTokens += m.options.Tokens(data)
	}
	return &u, nil
}
