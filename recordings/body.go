package recordings

import (
	"context"
	"io"
	"net/http"
	"sync"

	"github.com/chatmodel-go/chatmodel/internal/eventstream"
)

// A pieces function says where a body may be cut: it returns the length of the
// next read, given what is left.
type pieces func(rest []byte) int

// whole is the piece that is as long as the reader's buffer.
func whole(rest []byte) int { return len(rest) }

// ofSize cuts a body into pieces of n bytes.
func ofSize(n int) pieces {
	return func(rest []byte) int { return min(n, len(rest)) }
}

// byFrame cuts an event stream at its frames. What is no frame is one piece.
func byFrame(rest []byte) int {
	if m, err := eventstream.Parse(rest); err == nil {
		return len(m.Raw)
	}
	return len(rest)
}

// A replayBody is a replayed response body that behaves as one from the network
// does: it fails once the request's context is done or it has been closed, and
// it may arrive in pieces. go-vcr's own body does neither.
type replayBody struct {
	ctx  context.Context
	next pieces

	mu     sync.Mutex // Close may be called while another goroutine reads
	rest   []byte
	piece  int // bytes left of the current piece
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
