package model

import "strings"

// Pieces put a text together that comes bit by bit. A long piece is kept as it
// is, short ones are copied into chunks that are filled and never grown, and
// all are joined once, so that a text is copied once or twice. The zero value
// is the empty text.
type pieces struct {
	full  []string // what stands before the last chunk
	size  int      // of full, in bytes
	chunk strings.Builder

	joined bool // before
}

const (
	firstChunk = 64
	lastChunk  = 4 << 10 // chunks double up to this
	longPiece  = 1 << 10 // is not copied into a chunk
)

func (p *pieces) add(s string) {
	if p.chunk.Cap()-p.chunk.Len() < len(s) {
		next := max(firstChunk, min(2*p.chunk.Cap(), lastChunk))
		p.close()
		if len(s) >= longPiece {
			p.keep(s)
			return
		}
		p.chunk.Grow(max(next, len(s)))
	}
	p.chunk.WriteString(s)
}

// close ends the chunk.
func (p *pieces) close() {
	if p.chunk.Len() > 0 {
		p.keep(p.chunk.String())
		p.chunk.Reset()
	}
}

func (p *pieces) keep(s string) {
	p.full = append(p.full, s)
	p.size += len(s)
}

// join returns the text so far. What is added later does not change it.
func (p *pieces) join() string {
	if len(p.full) == 0 {
		return p.chunk.String()
	}
	p.close()
	full, room := p.full, p.size
	if p.joined { // somebody looks at it while it grows; that must not take a copy each time
		room *= 2
	}
	p.full, p.size, p.joined = nil, 0, true
	p.chunk.Grow(room)
	for _, s := range full {
		p.chunk.WriteString(s)
	}
	return p.chunk.String()
}
