package recordings

import (
	"slices"
	"strings"
)

// A strand is what the events of a stream have at one path.
type strand struct {
	path   string
	pieces []strandPiece
	base64 bool // as long as every piece is
}

type strandPiece struct{ block, text, plain string }

func (n *naive) nextEvent(text string) {
	n.block = ""
	n.inEvent(text)
}

func (n *naive) inEvent(text string) {
	block := ""
	for _, m := range rx(`ndex": *([0-9]{0,31})`).FindAllStringSubmatch(text, -1) {
		if len(block) < maxBlock {
			block += m[1] + ","
		}
	}
	if block != "" {
		n.block = block
	}
}

func (n *naive) piece(path, text string) {
	if text == "" || wholeJSON(text) || path == ".p" && strings.HasPrefix("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", text) {
		return
	}
	var s *strand
	for _, other := range n.strands {
		if other.path == path {
			s = other
		}
	}
	if s == nil {
		s = &strand{path: path, base64: true}
		n.strands = append(n.strands, s)
	}
	p := strandPiece{block: n.block, text: ends(text)}
	trimmed := strings.TrimRight(text, "=")
	s.base64 = s.base64 && len(trimmed)%4 != 1 && rx(`^[A-Za-z0-9+/_-]*$`).MatchString(trimmed)
	if s.base64 {
		head, tail, long := strings.Cut(ends(text), "\n")
		p.plain = string(appendBase64(nil, []byte(head)))
		if wholeJSON(p.plain) {
			p.plain = ""
			if strings.HasSuffix(path, ".bytes") {
				return
			}
		}
		if long {
			p.plain += "\n" + string(appendBase64(nil, []byte(tail)))
		}
	}
	s.pieces = append(s.pieces, p)
}

// ends returns the two ends of a long text.
func ends(text string) string {
	if len(text) <= maxPiece {
		return text
	}
	return text[:pieceEnd] + "\n" + text[(len(text)-pieceEnd)&^3:]
}

// spelt returns what the pieces spell: all of them, and those of each block if
// blocks are interleaved.
func (s *strand) spelt() []string {
	if len(s.pieces) < 2 {
		return nil
	}
	var texts []string
	spell := func(of func(strandPiece) bool) {
		text, plain := "", ""
		for _, p := range s.pieces {
			if of(p) {
				text, plain = text+p.text, plain+p.plain
			}
		}
		if texts = append(texts, text); s.base64 {
			texts = append(texts, plain)
		}
	}
	spell(func(strandPiece) bool { return true })
	var blocks []string
	interleaved := false
	for i, p := range s.pieces {
		known := slices.Contains(blocks, p.block)
		if known && s.pieces[i-1].block != p.block {
			interleaved = true
		}
		if !known {
			blocks = append(blocks, p.block)
		}
	}
	if interleaved {
		for _, block := range blocks {
			spell(func(p strandPiece) bool { return p.block == block })
		}
	}
	return texts
}

func (n *naive) flush(depth int) {
	for _, s := range n.strands {
		for _, text := range s.spelt() {
			n.strands = nil
			if i := strings.LastIndexByte(s.path, '.'); i >= 0 {
				n.beside(s.path[i+1:], text)
			}
			n.deeper("", 0, text, depth)
			if depth < maxDepth {
				n.flush(depth + 1)
			}
		}
	}
}
