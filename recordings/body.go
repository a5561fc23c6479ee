package recordings

import (
	"context"
	"io"
	"net/http"
	"sync"

	"github.com/chatmodel-go/chatmodel/internal/eventstream"
)

// A pieces function decides where to cut a body. It returns the length of the
// next read of the rest.
type pieces func(rest []byte) int

// whole returns all of the rest; the reader's buffer is the limit.
func whole(rest []byte) int { return len(rest) }

// ofSize cuts a body into pieces of n bytes.
func ofSize(n int) pieces {
	return func(rest []byte) int { return min(n, len(rest)) }
}

// byFrame cuts an event stream at its frames. Anything else is one piece.
func byFrame(rest []byte) int {
	if m, err := eventstream.Parse(rest); err == nil {
		return len(m.Raw)
	}
	return len(rest)
}

// A replayBody is a replayed response body that behaves like one from the
// network. It fails once the request's context is done or it has been closed,
// and it may arrive in pieces. go-vcr's own body does neither.
type replayBody struct {
	ctx  context.Context
	next pieces

	mu     sync.Mutex // Close may be called while another goroutine reads
	rest   []byte
	piece  int // bytes left in the current piece
	closed bool
}

func (b *replayBody) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return 0, http.ErrBodyReadAfterClose
	}
	if err := b.ctx.Err(); err != nil {
		return 0, err
	}
	if len(p) == 0 {
		return 0, nil
	}
	if len(b.rest) == 0 {
		return 0, io.EOF
	}
	if b.piece == 0 {
		b.piece = b.next(b.rest)
	}
	n := copy(p, b.rest[:b.piece])
	b.rest = b.rest[n:]
	b.piece -= n
	return n, nil
}

func (b *replayBody) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	b.rest = nil
	return nil
}
