package bedrocktest

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"slices"
	"sync"
	"time"
)

// bodies are the request bodies that are arriving. Their total size is bounded.
// When a body needs room and there is none, the one that has been arriving for
// the longest time is given up. So clients that send half a body and wait
// cannot block the others.
type bodies struct {
	most     int64 // the limit of one body, in bytes
	sum      int64 // the limit of all of them together, in bytes
	patience time.Duration

	mu       sync.Mutex
	held     int64
	arriving []*arrival    // the oldest first
	freed    chan struct{} // closed when room is made; nil: nobody waits
}

// An arrival is a body that is being read.
type arrival struct {
	control *http.ResponseController
	held    int64
	givenUp bool
}

// firstPiece is the size of the first buffer, whatever length the client
// announces.
const firstPiece = 4096

// expect sets the deadline for the body. It holds even if the call is refused
// before the body is read, because net/http then reads and discards the rest.
func (b *bodies) expect(control *http.ResponseController) {
	if b.patience > 0 {
		_ = control.SetReadDeadline(time.Now().Add(b.patience)) // a server without deadlines has none to miss
	}
}

// read reads the whole body, and then removes the deadline.
func (b *bodies) read(control *http.ResponseController, r *http.Request) ([]byte, *Exception) {
	if r.ContentLength > b.most {
		return nil, &Exception{Code: "RequestEntityTooLargeException"}
	}
	if whole, ok := r.Body.(*wholeBody); ok && int64(len(whole.data)) <= b.most {
		return whole.data, nil
	}
	a := b.begin(control)
	defer b.end(a)
	var body []byte
	for {
		if len(body) == cap(body) {
			size := b.next(int64(len(body)), r.ContentLength)
			if e := b.take(r.Context(), a, size-int64(len(body))); e != nil {
				return nil, e
			}
			body = append(make([]byte, 0, size), body...)
		}
		n, err := r.Body.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		switch {
		case int64(len(body)) > b.most:
			return nil, &Exception{Code: "RequestEntityTooLargeException"}
		case err == nil:
		case err == io.EOF:
			if b.patience > 0 {
				_ = control.SetReadDeadline(time.Time{})
			}
			return body, nil
		default:
			return nil, b.broken(a, err)
		}
	}
}

// next returns the size that a full buffer grows to: twice its size, but not
// more than the announced length and a byte for the end.
func (b *bodies) next(full, announced int64) int64 {
	size := min(max(2*full, firstPiece), b.most+1)
	if announced >= full {
		size = min(size, announced+1)
	}
	return size
}

func (b *bodies) begin(control *http.ResponseController) *arrival {
	b.mu.Lock()
	defer b.mu.Unlock()
	a := &arrival{control: control}
	b.arriving = append(b.arriving, a)
	return a
}

// end releases the room of a body. A body that has arrived whole no longer
// counts here: it belongs to its call, and calls are limited by number.
func (b *bodies) end(a *arrival) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.held -= a.held
	if i := slices.Index(b.arriving, a); i >= 0 {
		b.arriving = slices.Delete(b.arriving, i, i+1)
	}
	if b.freed != nil {
		close(b.freed)
		b.freed = nil
	}
}

// take reserves room for n more bytes of a body. If there is none, it gives up
// the oldest body and waits until that has stopped.
func (b *bodies) take(ctx context.Context, a *arrival, n int64) *Exception {
	for {
		oldest, freed := b.tryTake(a, n)
		switch {
		case a.givenUp:
			return crowded()
		case freed == nil:
			return nil
		case oldest != nil:
			_ = oldest.control.SetReadDeadline(time.Now())
		}
		select {
		case <-freed:
		case <-ctx.Done():
			return crowded()
		}
	}
}

// tryTake reserves the room and returns nothing, or returns a channel that is
// closed when there is more room. In that case it also gives up the oldest
// body, if there is one, and returns it.
func (b *bodies) tryTake(a *arrival, n int64) (oldest *arrival, freed <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if a.givenUp {
		return nil, nil
	}
	if b.held+n <= b.sum {
		b.held += n
		a.held += n
		return nil, nil
	}
	if len(b.arriving) > 0 {
		oldest = b.arriving[0]
		oldest.givenUp = true
		b.arriving = b.arriving[1:]
	}
	if b.freed == nil {
		b.freed = make(chan struct{})
	}
	return oldest, b.freed
}

// broken returns the exception for a body that did not arrive whole.
func (b *bodies) broken(a *arrival, err error) *Exception {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case a.givenUp:
		return crowded()
	case errors.Is(err, os.ErrDeadlineExceeded):
		return &Exception{Code: "RequestTimeoutException"}
	}
	return &Exception{Code: "SerializationException", Message: "The request body could not be read."}
}

func crowded() *Exception {
	return &Exception{Code: "ServiceUnavailableException", Message: "Too many connections, please wait before trying again."}
}
