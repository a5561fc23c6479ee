package bedrock

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/internal/eventstream"
	"github.com/chatmodel-go/chatmodel/internal/rawjson"
)

const (
	// maxBody is the longest body that is read whole, in bytes, after it has been
	// decompressed. The service's own limit for bodies is 25,000,000 bytes.
	// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html
	maxBody = 32 << 20

	// maxRefusal is how much of the body of a refusal is read.
	maxRefusal = 1 << 20

	// lateMetadata is how long what is said about an answer is waited for
	// when the answer itself is complete. The service says it at once.
	lateMetadata = 2 * time.Second

	// A body that has not ended with its answer is read on for that long and
	// that far, so that its connection can be used again. Usually the end is on
	// its way, in a packet of its own; a connection that is closed instead
	// costs the next call a TLS handshake, which takes longer than this.
	drainTime  = 50 * time.Millisecond
	drainBytes = 64 << 10

	// Before a body is read, there is room for this much of it, and for a little
	// more.
	usualBody = 16 << 10
	spareBody = 512
)

// errTooLong is the error of a body that is longer than maxBody.
var errTooLong = fmt.Errorf("the body is longer than %d bytes: %w", maxBody, eventstream.ErrTooLong)

// errClosed is the error of reading a body that was closed meanwhile.
var errClosed = errors.New("the body was closed")

// An answerBody is the body of a response. Reading it ends at a limit, and when
// it is closed, also by another goroutine. It may be closed several times.
type answerBody struct {
	body   io.ReadCloser
	left   int64 // how much may be read
	limit  error // for what is longer
	failed error // what every further Read returns

	closed   atomic.Bool
	once     sync.Once
	closeErr error
}

// Read reads up to the limit. After an error it returns that error for ever.
func (b *answerBody) Read(p []byte) (int, error) {
	switch {
	case b.failed != nil:
		return 0, b.failed
	case b.closed.Load(): // whatever the client's own body makes of that
		return 0, errClosed
	}
	if int64(len(p)) > b.left+1 { // one more, to tell a long body from one that just fits
		p = p[:b.left+1]
	}
	n, err := b.body.Read(p)
	if n < 0 || n > len(p) {
		n, err = 0, errors.New("reader returned an impossible count")
	}
	if b.left -= int64(n); b.left < 0 {
		n, err = n-1, b.limit
	}
	b.failed = err
	return n, err
}

// Close closes the body once. When it returns, the body is closed, whoever has
// closed it.
func (b *answerBody) Close() error {
	b.once.Do(func() {
		b.closed.Store(true)
		b.closeErr = b.body.Close()
	})
	return b.closeErr
}

// begin returns the context of an exchange's requests. End must be called when
// the exchange is over.
//
// When ctx ends, so does reading: by the HTTP client, and because the body is
// closed, should the client not look at contexts while it reads.
func (x *exchange) begin(ctx context.Context) (requests context.Context, end func()) {
	x.whole = ctx
	x.ctx, x.cancel = context.WithCancel(ctx)
	return x.ctx, x.end
}

// end frees everything that the exchange holds.
func (x *exchange) end() {
	x.release()
	x.cancel()
}

// release closes the body of the last attempt.
func (x *exchange) release() {
	if x.reader == nil {
		return
	}
	x.unhook()
	x.reader.Close() // waits for the hook, if that is closing it
}

// take makes a response's body the one to read, up to a limit.
func (x *exchange) take(body io.ReadCloser, most int64, limit error) *answerBody {
	x.release()
	b := &answerBody{body: body, left: most, limit: limit}
	x.reader = b
	x.unhook = context.AfterFunc(x.whole, func() { b.Close() })
	return b
}

// within has reading end after d, unless stop is called before.
func (x *exchange) within(d time.Duration) (stop func() bool) {
	b := x.reader
	return time.AfterFunc(d, func() {
		x.expired.Store(true)
		x.cancel()
		b.Close()
	}).Stop
}

// drain reads what is left of the body when the answer is complete, which is
// the end that goes with it, so that the connection can be used again. Where
// the end does not come at once, the connection is given up: nobody waits for
// the next call's sake, and no goroutine is left to do so.
func (x *exchange) drain() {
	stop := x.within(drainTime)
	defer stop()
	var some [512]byte
	for n := 0; n < drainBytes; {
		got, err := x.reader.Read(some[:])
		if n += got; err != nil || x.ctx.Err() != nil {
			return
		}
	}
}

// metadataTime is how long to wait for what is said about a complete answer:
// half of what the context has left, so that the answer itself is in time.
func metadataTime(ctx context.Context) time.Duration {
	d := lateMetadata
	if at, ok := ctx.Deadline(); ok {
		d = min(d, time.Until(at)/2)
	}
	return d
}

// A room is memory for reading one answer after the other, which saves a short
// call much of what it would allocate. A room belongs to one call at a time, and
// no answer shares its memory.
type room struct {
	body  []byte
	space wire.Space
}

// keep keeps the memory of a body, unless that is more than usual.
func (r *room) keep(body []byte) {
	if cap(body) <= usualBody+spareBody {
		r.body = body[:0]
	}
}

// readAll reads a body of a claimed length to its end, into data if there is
// room. Where no length is claimed, JSON that is complete is all there is to wait
// for, as with drain.
func (x *exchange) readAll(data []byte, body io.Reader, claimed int64) ([]byte, error) {
	if n := bodySize(claimed); cap(data) < n {
		data = make([]byte, 0, n)
	}
	data = data[:0]
	looks := 16 // at whether the JSON is complete; more would not be cheap
	complete := false
	for {
		if len(data) == cap(data) {
			data = append(data, 0)[:len(data)]
		}
		n, err := body.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		switch {
		case err == io.EOF, complete && (err != nil || x.ctx.Err() != nil): // however its end was waited for
			return data, nil
		case err != nil:
			return data, &bodyError{err}
		case x.ctx.Err() != nil:
			return data, &bodyError{x.ctx.Err()}
		case claimed < 0 && !complete && looks > 0 && bytes.HasSuffix(bytes.TrimRight(data[max(0, len(data)-8):], " \r\n"), []byte("}")):
			looks--
			if complete = rawjson.Valid(data); complete {
				defer x.within(drainTime)()
			}
		}
	}
}

// bodySize is how much room to make for a body before it is read. A length
// that is only claimed claims no more than that of a usual answer; reading a
// body to its end needs a little more than its length.
func bodySize(claimed int64) int {
	if claimed < 0 {
		return spareBody
	}
	return int(min(claimed, usualBody)) + spareBody
}

// A bodyError is a response whose body could not be read to its end.
type bodyError struct{ err error }

func (e *bodyError) Error() string { return "read the response's body: " + e.err.Error() }
func (e *bodyError) Unwrap() error { return e.err }
