package prompt

import (
	"crypto/sha256"
	"encoding/json"
	"slices"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/internal/promptcache"
	"github.com/chatmodel-go/chatmodel/model"
)

// Segments returns the prompt of a request in the order in which the model
// reads it: tools, system, messages. It computes prefixes only if a cache point
// ends one.
func Segments(req *model.Request) []promptcache.Segment {
	n := len(req.Tools)
	for _, m := range req.Messages {
		n += len(m.Parts)
	}
	p := reader{cached: HasPoint(req), segments: make([]promptcache.Segment, 0, n)}
	for _, t := range req.Tools {
		p.tool(t)
	}
	for i, m := range req.Messages {
		if i == 0 || m.Role != model.RoleSystem && req.Messages[i-1].Role == model.RoleSystem {
			p.section(req, m.Role)
		}
		p.message(m)
	}
	return p.segments
}

// HasPoint reports whether a request has a cache point.
func HasPoint(req *model.Request) bool {
	if slices.ContainsFunc(req.Tools, func(t model.Tool) bool { return t.Cache != nil }) {
		return true
	}
	isPoint := func(p model.Part) bool {
		_, ok := p.(model.CachePoint)
		return ok
	}
	return slices.ContainsFunc(req.Messages, func(m model.Message) bool { return slices.ContainsFunc(m.Parts, isPoint) })
}

// A reader collects segments.
type reader struct {
	cached   bool // whether prefixes are needed
	segments []promptcache.Segment
	salt     string // further input to the following prefixes, besides their contents
}

// section marks the beginning of the messages. Their cached prefixes depend on
// the thinking that the request asks for; the prefixes before them do not.
func (p *reader) section(req *model.Request, role model.Role) {
	if role == model.RoleSystem || !p.cached {
		return
	}
	thinking, _ := json.Marshal(req.Thinking)
	p.salt = string(thinking)
	for _, x := range req.ProviderOptions {
		if x, ok := x.(*bedrock.ProviderOptions); ok {
			p.salt += string(x.AdditionalFields)
		}
	}
}

func (p *reader) tool(t model.Tool) {
	point := t.Cache
	t.Cache = nil
	if n := Tokens(toolSize(t)); p.cached {
		p.add("tool", t, n)
	} else {
		p.segments = append(p.segments, promptcache.Segment{Tokens: n})
	}
	if point != nil {
		p.point(point.TTL)
	}
}

func (p *reader) message(m model.Message) {
	for _, part := range m.Parts {
		if point, ok := part.(model.CachePoint); ok {
			p.point(point.TTL)
			continue
		}
		n := Tokens(partSize(part))
		if !p.cached {
			p.segments = append(p.segments, promptcache.Segment{Tokens: n})
			continue
		}
		p.add("part", model.Message{Role: m.Role, Parts: []model.Part{part}}, n)
	}
}

// add adds a segment with the hash of everything up to its end.
func (p *reader) add(kind string, value any, tokens int) {
	h := sha256.New()
	if n := len(p.segments); n > 0 {
		h.Write(p.segments[n-1].Prefix[:])
	}
	h.Write([]byte(kind + "\x00" + p.salt + "\x00"))
	// A part without a JSON form counts as an empty one here.
	_ = json.NewEncoder(h).Encode(value)
	s := promptcache.Segment{Tokens: tokens}
	h.Sum(s.Prefix[:0])
	p.segments = append(p.segments, s)
}

func (p *reader) point(ttl time.Duration) {
	if n := len(p.segments); n > 0 {
		p.segments[n-1].Point, p.segments[n-1].TTL = true, ttl
	}
}
