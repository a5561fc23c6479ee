package bedrocktest

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/internal/rules"
	"github.com/chatmodel-go/chatmodel/internal/promptcache"
)

// A call is one HTTP exchange being answered.
type call struct {
	*Handler
	w        http.ResponseWriter
	r        *http.Request
	start    time.Time
	rand     *rand.Rand // the same for the same number of call
	record   *record
	played   *rules.Model // what plays the model
	fault    Fault
	body     []byte
	segments []promptcache.Segment // of the prompt
	format   format                // of the answer; nil for Converse
	written  bool                  // the header was sent
	sent     int                   // bytes of the body
}

func newCall(h *Handler, number int, w http.ResponseWriter, r *http.Request) *call {
	c := &call{Handler: h, w: w, r: r, start: time.Now(),
		rand: rand.New(rand.NewPCG(uint64(number), 0x62656472_6f636b21))}
	c.record = &record{Call: Call{Number: number, At: c.start, Method: r.Method, Path: r.URL.EscapedPath(), Proto: r.Proto,
		Header: withoutSecrets(r.Header), RequestID: c.uuid()}}
	return c
}

// answer takes the call from its path to its last byte.
func (c *call) answer() {
	op, modelID, ok := route(c.r)
	body, tooLong := c.read()
	switch {
	case !ok:
		c.refuse(&Exception{Code: "UnknownOperationException"})
		return
	case tooLong != nil:
		c.refuse(tooLong)
		return
	}
	c.body = body
	c.record.note(func(r *Call) { r.Operation, r.ModelID, r.Body = op.name, modelID, body })
	c.played = c.table.Load().Model(modelID)
	if c.mistake != nil {
		c.refuse(c.mistake)
		return
	}
	if e := c.authenticate(); e != nil {
		c.refuse(e)
		return
	}
	if e := op.serve(c); e != nil {
		c.refuse(e)
	}
}

// read reads the whole body. A connection whose request was not read to its
// end cannot be used again.
func (c *call) read() ([]byte, *Exception) {
	body, err := io.ReadAll(http.MaxBytesReader(c.w, c.r.Body, c.options.MaxBody))
	var tooLong *http.MaxBytesError
	switch {
	case errors.As(err, &tooLong):
		return nil, &Exception{Code: "RequestEntityTooLargeException"}
	case err != nil:
		return nil, &Exception{Code: "SerializationException", Message: "The request body could not be read."}
	}
	return body, nil
}

// faulted takes the call's fault, once the request is known to be one, and
// reports whether the fault is all of the answer.
func (c *call) faulted() bool {
	c.fault = c.Handler.fault(c.record)
	switch f := &c.fault; {
	case !c.sleep(f.delay):
		return true
	case f.refuse != nil:
		c.refuse(f.refuse)
		return true
	case f.body != nil:
		c.header(f.body.status, f.body.contentType)
		c.send([]byte(f.body.text))
		return true
	}
	return false
}

// header sends the status and the headers that the service sends.
func (c *call) header(status int, contentType string) {
	if c.written {
		return
	}
	c.written = true
	h := c.w.Header()
	h["x-amzn-RequestId"] = []string{c.record.RequestID}
	if contentType != "" {
		h.Set("Content-Type", contentType)
	}
	h.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	c.record.note(func(r *Call) { r.Status = status })
	if c.fault.cut != nil && c.fault.cut.how == ShortLength {
		h.Set("Content-Length", strconv.Itoa(c.fault.cut.at+1000))
	}
	c.w.WriteHeader(status)
}

// refuse answers with an exception. The type is in a header, with the suffix
// that the service puts there.
func (c *call) refuse(e *Exception) {
	s := e.settled()
	c.record.note(func(r *Call) { r.Exception = &s })
	if c.written {
		return
	}
	h := c.w.Header()
	h["x-amzn-ErrorType"] = []string{s.Code + ":http://internal.amazon.com/coral/com.amazon.bedrock/"}
	if s.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int((s.RetryAfter+time.Second-1)/time.Second)))
	}
	body := s.appendBody(nil)
	if c.fault.cut == nil {
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
	c.header(s.Status, "application/json")
	c.send(body)
}

// sleep waits, and reports false if the client has left meanwhile. A negative
// duration waits until it has.
func (c *call) sleep(d time.Duration) bool {
	ctx := c.r.Context()
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

func (c *call) context() context.Context { return c.r.Context() }

// uuid returns a random UUID, as request ids are.
func (c *call) uuid() string {
	var b [16]byte
	for i := range b {
		b[i] = byte(c.rand.Uint32())
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	s := hex.EncodeToString(b[:])
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}

const idLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// toolUseID returns an id in the form of Claude's.
func (c *call) toolUseID() string {
	b := []byte("tooluse_")
	for range 22 {
		b = append(b, idLetters[c.rand.IntN(len(idLetters))])
	}
	return string(b)
}
