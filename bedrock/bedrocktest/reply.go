package bedrocktest

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"
	"time"
)

// errOver reports that nothing more can be sent: a fault has ended the body, or
// the client has left.
var errOver = errors.New("bedrocktest: the response is over")

// A reply sends the answer and applies the call's fault.
type reply struct {
	w       http.ResponseWriter
	r       *http.Request
	record  *record
	fault   Fault
	written bool // the header was sent
	sent    int  // bytes of the body
}

func (r *reply) context() context.Context { return r.r.Context() }

// header sends the status and the headers that the service sends.
func (r *reply) header(status int, contentType string) {
	if r.written {
		return
	}
	r.written = true
	h := r.w.Header()
	h["x-amzn-RequestId"] = []string{r.record.RequestID}
	if contentType != "" {
		h.Set("Content-Type", contentType)
	}
	h.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	r.record.note(func(c *Call) { c.Status = status })
	if r.fault.cut != nil && r.fault.cut.how == ShortLength {
		h.Set("Content-Length", strconv.Itoa(r.fault.cut.at+1000))
	}
	r.w.WriteHeader(status)
}

// refuse answers with an exception. Its type goes into a header, with the
// suffix that the service appends.
func (r *reply) refuse(e *Exception) {
	s := e.settled()
	r.record.note(func(c *Call) { c.Exception = &s })
	if r.written {
		return
	}
	h := r.w.Header()
	h["x-amzn-ErrorType"] = []string{s.Code + ":http://internal.amazon.com/coral/com.amazon.bedrock/"}
	if s.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int((s.RetryAfter+time.Second-1)/time.Second)))
	}
	body := s.appendBody(nil)
	if r.fault.cut == nil {
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
	r.header(s.Status, "application/json")
	r.send(body)
}

// send writes bytes of the body and flushes them. It applies the call's fault.
func (r *reply) send(data []byte) error {
	if r.fault.cut == nil && r.fault.slow == nil { // the usual case
		return r.flush(data)
	}
	ends := false
	if cut := r.fault.cut; cut != nil {
		if r.sent+len(data) >= cut.at {
			data, ends = data[:max(cut.at-r.sent, 0)], true
		}
	}
	if err := r.trickle(data); err != nil {
		return err
	}
	if ends {
		r.breakOff(r.fault.cut.how)
		return errOver
	}
	return nil
}

// trickle sends the bytes at the speed of the fault.
func (r *reply) trickle(data []byte) error {
	s := r.fault.slow
	for s != nil && len(data) > s.size {
		if err := r.flush(data[:s.size]); err != nil {
			return err
		}
		data = data[s.size:]
		if !r.sleep(s.every) {
			return errOver
		}
	}
	return r.flush(data)
}

func (r *reply) flush(data []byte) error {
	r.sent += len(data)
	if len(data) > 0 {
		if _, err := r.w.Write(data); err != nil {
			return errOver
		}
	}
	if err := http.NewResponseController(r.w).Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return errOver
	}
	return nil
}

// sleep waits, and reports false if the client has left meanwhile. A negative
// duration waits until the client leaves.
func (r *reply) sleep(d time.Duration) bool {
	ctx := r.context()
	if d == 0 {
		return ctx.Err() == nil
	}
	var timer <-chan time.Time
	if d > 0 {
		t := time.NewTimer(d)
		defer t.Stop()
		timer = t.C
	}
	select {
	case <-timer:
		return true
	case <-ctx.Done():
		return false
	}
}

// breakOff ends the response early. It panics with http.ErrAbortHandler if the
// connection must not be used again.
func (r *reply) breakOff(how Ending) {
	if how == Clean || how == ShortLength {
		return // net/http notices that the length is wrong, and closes the connection
	}
	if b, ok := r.w.(breaker); ok {
		b.breakOff(how)
		panic(http.ErrAbortHandler)
	}
	if how != ResetStream {
		drop(r.r, r.w, how)
	}
	panic(http.ErrAbortHandler) // closes an HTTP/1.1 connection, resets an HTTP/2 stream
}

// A breaker is a ResponseWriter that has no connection but can act as if it
// lost one.
type breaker interface{ breakOff(Ending) }

// drop closes the connection below a response.
func drop(r *http.Request, w http.ResponseWriter, how Ending) {
	conn, ok := r.Context().Value(connKey{}).(net.Conn)
	if !ok {
		hijacked, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		conn = hijacked
	}
	if t, ok := conn.(interface{ NetConn() net.Conn }); ok {
		conn = t.NetConn() // below TLS, which would send a close_notify first
	}
	t, ok := conn.(*net.TCPConn)
	switch {
	case ok && how == Reset:
		_ = t.SetLinger(0)
	case ok && t.CloseWrite() == nil:
		// Closing the connection while the client still sends would reset it.
		// The reset may overtake bytes that are on their way to the client.
		select {
		case <-r.Context().Done():
		case <-time.After(time.Second):
		}
	}
	_ = conn.Close()
}

type connKey struct{}

// withConn makes a connection available to the requests that arrive on it.
func withConn(ctx context.Context, conn net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, conn)
}
