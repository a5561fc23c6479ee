package fake

import (
	"crypto/sha256"
	"encoding/json"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

// A prefixSum stands for the whole prompt up to a place.
type prefixSum [sha256.Size]byte

// A segment is the smallest piece of a prompt that a cache can tell apart: a
// tool, or a part of a message.
type segment struct {
	tokens int
	prefix prefixSum // of the prompt up to the segment's end

	point bool          // a cache point stands after the segment
	ttl   time.Duration // of the point; zero means the default
}

// segments returns the prompt in the order in which providers read it: tools,
// system messages, the others.
func (m *Model) segments(req *model.Request) ([]segment, error) {
	p := prompt{tokens: m.options.Tokens}
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

func total(segments []segment) int {
	n := 0
	for _, s := range segments {
		n += s.tokens
	}
	return n
}

// A prompt collects segments.
type prompt struct {
	tokens   func([]byte) int
	segments []segment
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
		data, err := partJSON(part)
		p.add(string(msg.Role), data, err)
	}
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
	var before prefixSum
	if n := len(p.segments); n > 0 {
		before = p.segments[n-1].prefix
	}
	text := append(append(before[:], role...), 0)
	p.segments = append(p.segments, segment{tokens: p.tokens(data), prefix: sha256.Sum256(append(text, data...))})
}

// point puts a cache point after what has been read of the prompt. Where two
// meet, the first one counts: it is the caller's own.
func (p *prompt) point(ttl time.Duration) {
	if n := len(p.segments); n > 0 && !p.segments[n-1].point {
		p.segments[n-1].point, p.segments[n-1].ttl = true, ttl
	}
}

// partJSON returns the JSON of a part, as it stands in a message.
func partJSON(part model.Part) ([]byte, error) {
	data, err := json.Marshal(model.Message{Parts: []model.Part{part}})
	if err != nil {
		return nil, err
	}
	var v struct {
		Parts []json.RawMessage `json:"parts"`
	}
	if err := json.Unmarshal(data, &v); err != nil {
		return nil, err
	}
	return v.Parts[0], nil
}

// usage estimates the tokens of a call, and moves the cache.
func (m *Model) usage(prompt []segment, resp *model.Response) (*model.Usage, error) {
	var u model.Usage
	if m.cache != nil {
		u = m.cache.use(prompt, time.Now())
	}
	u.Known, u.InputTokens = true, total(prompt)
	for _, part := range resp.Message.Parts {
		data, err := partJSON(part)
		if err != nil {
			return nil, scriptErrorf("the answer has no JSON form: %v", err)
		}
		u.OutputTokens += m.options.Tokens(data)
	}
	return &u, nil
}
