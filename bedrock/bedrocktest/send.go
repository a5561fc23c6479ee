package bedrocktest

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"
)

// errOver says that nothing more can be sent: a fault has ended the body, or
// the client has left.
var errOver = errors.New("bedrocktest: the response is over")

// send writes bytes of the body and flushes them, with the fault of the call
// applied. What is cut off is not sent.
func (c *call) send(data []byte) error {
	if c.fault.cut == nil && c.fault.slow == nil { // the usual case
		return c.flush(data)
	}
	ends := false
	if cut := c.fault.cut; cut != nil {
		if c.sent+len(data) >= cut.at {
			data, ends = data[:max(cut.at-c.sent, 0)], true
		}
	}
	if err := c.trickle(data); err != nil {
		return err
	}
	if ends {
		c.breakOff(c.fault.cut.how)
		return errOver
	}
	return nil
}

// trickle sends the bytes at the speed of the fault.
func (c *call) trickle(data []byte) error {
	s := c.fault.slow
	for s != nil && len(data) > s.size {
		if err := c.flush(data[:s.size]); err != nil {
			return err
		}
		data = data[s.size:]
		if !c.sleep(s.every) {
			return errOver
		}
	}
	return c.flush(data)
}

func (c *call) flush(data []byte) error {
	c.sent += len(data)
	if len(data) > 0 {
		if _, err := c.w.Write(data); err != nil {
			return errOver
		}
	}
	if err := http.NewResponseController(c.w).Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return errOver
	}
	return nil
}

// breakOff ends the response early. It does not return if the connection must not
// be used any more.
func (c *call) breakOff(how Ending) {
	if how == Clean || how == ShortLength {
		return // net/http notices that the length is wrong, and closes the connection
	}
	if b, ok := c.w.(breaker); ok {
		b.breakOff(how)
		panic(http.ErrAbortHandler)
	}
	if how != ResetStream {
		drop(c.r, c.w, how)
	}
	panic(http.ErrAbortHandler) // closes an HTTP/1.1 connection, resets an HTTP/2 stream
}

// A breaker is a ResponseWriter without a connection that can act as if it
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
		conn = t.NetConn() // below TLS, which would say goodbye
	}
	t, ok := conn.(*net.TCPConn)
	switch {
	case ok && how == Reset:
		_ = t.SetLinger(0)
	case ok && t.CloseWrite() == nil:
		// Closing it while the client still sends would reset it, which may
		// overtake what is on its way to the client.
		select {
		case <-r.Context().Done():
		case <-time.After(time.Second):
		}
	}
	_ = conn.Close()
}

type connKey struct{}

// withConn makes a connection known to the requests that come over it.
func withConn(ctx context.Context, conn net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, conn)
}
