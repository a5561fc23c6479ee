package bedrocktest

import (
	"encoding/hex"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

// A call is one HTTP exchange. It passes through stages, each with a type of
// its own: an inquiry reads and judges the request, a question is a request
// that was accepted, a voice puts the answer into the form of the model's
// answers, and a reply sends it.
type call struct {
	inquiry
	reply
	start  time.Time
	rand   *rand.Rand // seeded with the number of the call
	body   []byte
	format format // of the answer; nil for Converse
}

func newCall(h *Handler, number int, w http.ResponseWriter, r *http.Request) *call {
	c := &call{start: time.Now(), rand: rand.New(rand.NewPCG(uint64(number), 0x62656472_6f636b21))}
	c.inquiry = inquiry{Handler: h, headers: r.Header}
	c.reply = reply{w: w, r: r, record: &record{Call: Call{Number: number, At: c.start, Method: r.Method, Path: r.URL.EscapedPath(),
		Proto: r.Proto, Header: r.Header, RequestID: uuid(c.rand)}}}
	return c
}

// answer answers the call. The caller is checked before the body is read.
func (c *call) answer() {
	e := c.serve()
	if e == nil {
		return
	}
	if c.body == nil && c.r.ContentLength != 0 && c.r.ProtoMajor == 1 {
		c.w.Header().Set("Connection", "close") // or net/http waits for the body before it answers
	}
	c.refuse(e)
}

func (c *call) serve() *Exception {
	control := http.NewResponseController(c.w)
	c.bodies.expect(control)
	op, modelID, ok := route(c.r)
	if !ok {
		return &Exception{Code: "UnknownOperationException"}
	}
	c.record.note(func(r *Call) { r.Operation, r.ModelID = op.name, modelID })
	c.modelID, c.played = modelID, c.Handler.played(modelID)
	if c.mistake != nil {
		return c.mistake
	}
	caller, e := c.identify(c.r)
	if e != nil {
		return e
	}
	if c.body, e = c.bodies.read(control, c.r); e != nil {
		return e
	}
	c.record.note(func(r *Call) { r.Body = c.body })
	if e := caller.verify(c.r, c.body); e != nil {
		return e
	}
	if !c.enter() {
		return crowded()
	}
	defer c.leave()
	return op.serve(c)
}

// faulted records the request, takes the call's fault, and reports whether the
// fault has answered the call.
func (c *call) faulted() bool {
	c.noted()
	c.fault = c.Handler.fault(c.record)
	switch f := &c.fault; {
	case !c.sleep(f.delay):
		return true
	case f.refuse != nil:
		c.refuse(f.refuse)
		return true
	case f.body != nil:
		c.header(f.body.status, f.body.contentType)
		_ = c.send([]byte(f.body.text)) // the client has left
		return true
	}
	return false
}

// noted records the neutral form of the request.
func (c *call) noted() {
	c.record.note(func(r *Call) { r.Request, r.Tokens = c.request, c.tokens })
}

// failed answers a call whose model failed before it said anything.
func (c *call) failed(err error) *Exception {
	switch kind := model.KindOf(err); {
	case c.context().Err() != nil:
		return nil // nobody listens
	case kind == model.ErrTruncated:
		c.header(200, "application/json")
		_ = c.send([]byte(`{"metrics":{"latencyMs":1},"output":{"message":{"content":[{"te`))
		return nil
	case kind == model.ErrTransport:
		c.breakOff(Finished)
	}
	return exceptionOf(err)
}

// uuid returns a random UUID, as request ids are.
func uuid(r *rand.Rand) string {
	var b [16]byte
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	s := hex.EncodeToString(b[:])
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}
