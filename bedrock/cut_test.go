package bedrock_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/recordings"
)

// everyKind is a stream with every kind of block. Beside each frame stands
// what has arrived of the answer once it is there. Results of the service's
// own tools and images are handed on whole, when their block stops.
var everyKind = []struct{ event, payload, arrived string }{
	{"messageStart", `{"p":"abcd","role":"assistant"}`, ``},
	{"contentBlockDelta", `{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"Let me "}},"p":"abc"}`, `thinking… "Let me " ""`},
	{"contentBlockDelta", `{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"see."}},"p":"abc"}`, `thinking… "Let me see." ""`},
	{"contentBlockDelta", `{"contentBlockIndex":0,"delta":{"reasoningContent":{"signature":"c2ln"}},"p":"abc"}`, `thinking… "Let me see." "c2ln"`},
	{"contentBlockStop", `{"contentBlockIndex":0,"p":"abc"}`, `thinking "Let me see." "c2ln"`},
	{"contentBlockDelta", `{"contentBlockIndex":1,"delta":{"reasoningContent":{"redactedContent":"AQI="}},"p":"abc"}`, `+ redacted… 0102`},
	{"contentBlockStop", `{"contentBlockIndex":1,"p":"abc"}`, `+ redacted 0102`},
	{"contentBlockDelta", `{"contentBlockIndex":2,"delta":{"text":"Gru\u00fc"},"p":"abc"}`, `+ text "Gruü"`},
	{"contentBlockDelta", `{"contentBlockIndex":2,"delta":{"text":"ezi \"du\""},"p":"abc"}`, `+ text "Gruüezi \"du\""`},
	{"contentBlockStop", `{"contentBlockIndex":2,"p":"abc"}`, `+ text "Gruüezi \"du\""`},
	{"contentBlockDelta", `{"contentBlockIndex":3,"delta":{"citation":{"location":{"documentChar":{"documentIndex":0,"end":9,"start":1}},"title":"policy"}},"p":"a"}`, `+ cited "" [policy]`},
	{"contentBlockDelta", `{"contentBlockIndex":3,"delta":{"text":"As said."},"p":"abc"}`, `+ cited "As said." [policy]`},
	{"contentBlockStop", `{"contentBlockIndex":3,"p":"abc"}`, `+ cited "As said." [policy]`},
	{"contentBlockStart", `{"contentBlockIndex":4,"p":"a","start":{"toolUse":{"name":"nova_grounding","toolUseId":"s1","type":"server_tool_use"}}}`, `+ server call s1 nova_grounding `},
	{"contentBlockDelta", `{"contentBlockIndex":4,"delta":{"toolUse":{"input":"{\"q\":1}"}},"p":"abc"}`, `+ server call s1 nova_grounding {"q":1}`},
	{"contentBlockStop", `{"contentBlockIndex":4,"p":"abc"}`, `+ server call s1 nova_grounding {"q":1}`},
	{"contentBlockStart", `{"contentBlockIndex":5,"p":"a","start":{"toolResult":{"status":"success","toolUseId":"s1","type":"nova_grounding_result"}}}`, `=`},
	{"contentBlockDelta", `{"contentBlockIndex":5,"delta":{"toolResult":[{"json":{"found":7.0}}]},"p":"abc"}`, `=`},
	{"contentBlockStop", `{"contentBlockIndex":5,"p":"abc"}`, `+ server result s1 {"found":7.0}`},
	{"contentBlockStart", `{"contentBlockIndex":6,"p":"a","start":{"image":{"format":"png"}}}`, `=`},
	{"contentBlockDelta", `{"contentBlockIndex":6,"delta":{"image":{"source":{"bytes":"iVBO"}}},"p":"abc"}`, `=`},
	{"contentBlockStop", `{"contentBlockIndex":6,"p":"abc"}`, `+ image image/png 89504e`},
	{"contentBlockStart", `{"contentBlockIndex":7,"p":"a","start":{"toolUse":{"name":"add","toolUseId":"t1"}}}`, `+ call t1 add `},
	{"contentBlockDelta", `{"contentBlockIndex":7,"delta":{"toolUse":{"input":""}},"p":"abc"}`, `+ call t1 add `},
	{"contentBlockDelta", `{"contentBlockIndex":7,"delta":{"toolUse":{"input":"{\"n\":9007199254740993"}},"p":"abc"}`, `+ call t1 add !{"n":9007199254740993`},
	{"contentBlockDelta", `{"contentBlockIndex":7,"delta":{"toolUse":{"input":"}"}},"p":"abc"}`, `+ call t1 add {"n":9007199254740993}`},
	{"contentBlockStop", `{"contentBlockIndex":7,"p":"abc"}`, `+ call t1 add {"n":9007199254740993}`},
	{"messageStop", `{"p":"abc","stopReason":"tool_use"}`, `=`},
	{"metadata", `{"metrics":{"latencyMs":7},"p":"ab","usage":{"inputTokens":3,"outputTokens":4,"serverToolUsage":{},"totalTokens":7}}`, `=`},
}

// A cutStream is a whole stream and what is known of its beginnings.
type cutStream struct {
	body    []byte
	ends    []int    // where each frame ends
	arrived []string // what has arrived with each frame; nil if that is not known
	stop    int      // where messageStop ends
}

// generated puts the frames of everyKind together.
func generated() cutStream {
	var s cutStream
	var done, last string // blocks that have stopped, and the open one
	for _, f := range everyKind {
		s.body = append(s.body, event(f.event, f.payload)...)
		s.ends = append(s.ends, len(s.body))
		switch {
		case f.arrived == "=":
		case strings.HasPrefix(f.arrived, "+ "):
			last = done + "\n" + f.arrived[2:]
		default:
			last = f.arrived
		}
		s.arrived = append(s.arrived, last)
		switch f.event {
		case "contentBlockStop":
			done = last
		case "messageStop":
			s.stop = len(s.body)
		}
	}
	return s
}

// at returns what has arrived with the first n bytes.
func (s cutStream) at(n int) string {
	arrived := ""
	for i, end := range s.ends {
		if end <= n {
			arrived = s.arrived[i]
		}
	}
	return arrived
}

// shown puts an answer in words.
func shown(resp *model.Response) string {
	if resp == nil {
		return ""
	}
	var all []string
	for _, p := range resp.Message.Parts {
		all = append(all, shownPart(p))
	}
	return strings.Join(all, "\n")
}

func shownPart(p model.Part) string {
	dots := func(t model.Thinking) string {
		if t.Incomplete {
			return "…"
		}
		return ""
	}
	switch p := p.(type) {
	case model.Text:
		return fmt.Sprintf("text %q", string(p))
	case model.Thinking:
		if p.Redacted != nil {
			return fmt.Sprintf("redacted%s %x", dots(p), p.Redacted)
		}
		return fmt.Sprintf("thinking%s %q %q", dots(p), p.Text, p.Signature)
	case model.CitedText:
		titles := []string{}
		for _, c := range p.Citations {
			titles = append(titles, c.Title)
		}
		return fmt.Sprintf("cited %q %v", p.Text, titles)
	case model.ToolCall:
		if p.InvalidInput != "" {
			return fmt.Sprintf("call %s %s !%s", p.ID, p.Name, p.InvalidInput)
		}
		return fmt.Sprintf("call %s %s %s", p.ID, p.Name, p.Input)
	case model.ServerToolCall:
		return fmt.Sprintf("server call %s %s %s", p.ID, p.Name, p.Input)
	case model.ServerToolResult:
		return fmt.Sprintf("server result %s %s", p.CallID, p.Parts[0].(model.JSON))
	case model.Image:
		return fmt.Sprintf("image %s %x", p.MediaType, p.Data)
	}
	return fmt.Sprintf("%T", p)
}

// played is what a consumer saw of a stream.
type played struct {
	finished int // how often
	after    int // events after the finish or an error
	err      error
	resp     *model.Response
}

func play1(m *bedrock.Model) played {
	var p played
	s := m.Stream(context.Background(), hello)
	for ev, err := range s.Events() {
		if p.finished > 0 || p.err != nil {
			p.after++
		}
		if err != nil {
			p.err = err
		} else if ev.Kind == model.EventFinish {
			p.finished++
		}
	}
	resp, err := s.Response()
	p.resp = resp
	if err != p.err {
		p.err = errors.Join(p.err, fmt.Errorf("Response returns another error: %w", err))
	}
	return p
}

// incomplete says what is wrong with a stream that was cut at byte n, nothing
// if all is well. If exact, all that was sent had time to arrive.
func (s cutStream) incomplete(p played, n int, exact bool, kind model.ErrorKind) error {
	e, ok := errors.AsType[*model.Error](p.err)
	switch {
	case p.finished != 0:
		return fmt.Errorf("finished")
	case p.after != 0:
		return fmt.Errorf("%d events after the error", p.after)
	case !ok:
		return fmt.Errorf("error = %v, want a *model.Error", p.err)
	case e.Kind != kind:
		return fmt.Errorf("kind = %v, want %v: %v", e.Kind, kind, e)
	case e.RequestID != "rid-1" || e.Provider != "bedrock" || e.Op != "stream" || e.Model != claude:
		return fmt.Errorf("labels of %v", e)
	case !model.Retryable(p.err):
		return fmt.Errorf("not retryable: %v", e)
	case shown(p.resp) != shown(e.Partial):
		return fmt.Errorf("Response has %q, the error %q", shown(p.resp), shown(e.Partial))
	}
	if s.arrived == nil {
		return nil
	}
	got, want := shown(e.Partial), s.at(n)
	for !exact && got != want && n > 0 {
		n--
		want = s.at(n)
	}
	if got != want {
		return fmt.Errorf("partial = %s\nwant %s", got, want)
	}
	return nil
}

// complete says what is wrong with a stream that was not cut.
func (s cutStream) complete(p played, usage bool) error {
	switch {
	case p.err != nil:
		return p.err
	case p.finished != 1 || p.after != 0:
		return fmt.Errorf("finished %d times, %d events after that", p.finished, p.after)
	case p.resp.Usage.Known != usage:
		return fmt.Errorf("usage = %v, want usage: %v", p.resp.Usage, usage)
	case s.arrived != nil && shown(p.resp) != s.at(len(s.body)):
		return fmt.Errorf("answer = %s\nwant %s", shown(p.resp), s.at(len(s.body)))
	}
	return nil
}

// check holds an in-memory stream cut at byte n against the rules. Clean says
// that the body ends like one that is whole.
func (s cutStream) check(p played, n int, clean bool) error {
	switch {
	case n == len(s.body):
		return s.complete(p, true)
	case n == s.stop && clean:
		// The one place where a clean end does not cut the answer: all of it
		// is there, only the usage was still to come.
		return s.complete(p, false)
	}
	return s.incomplete(p, n, true, model.ErrTruncated)
}

// memoryCuts are the ways a body in memory can end.
var memoryCuts = []struct {
	name  string
	clean bool
	body  func(b []byte) io.Reader
}{
	{"end", true, func(b []byte) io.Reader { return bytes.NewReader(b) }},
	{"end with the last bytes", true, func(b []byte) io.Reader { return iotest.DataErrReader(bytes.NewReader(b)) }},
	{"end, byte by byte", true, func(b []byte) io.Reader { return iotest.OneByteReader(bytes.NewReader(b)) }},
	{"unexpected end", false, func(b []byte) io.Reader {
		return io.MultiReader(bytes.NewReader(b), iotest.ErrReader(io.ErrUnexpectedEOF))
	}},
	{"reset", false, func(b []byte) io.Reader {
		return io.MultiReader(bytes.NewReader(b), iotest.ErrReader(errors.New("connection reset by peer")))
	}},
	{"reset with the last bytes", false, func(b []byte) io.Reader {
		return iotest.DataErrReader(io.MultiReader(bytes.NewReader(b), iotest.ErrReader(errors.New("connection reset by peer"))))
	}},
}

// TestCutInMemory cuts a stream at every byte, in every way that a reader can
// end; without CHATMODEL_FULL=1 at every byte in one of these ways, and in all
// of them where a frame ends. A cut stream must never pass as complete.
func TestCutInMemory(t *testing.T) {
	s := generated()
	for i, way := range memoryCuts {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			for n := range len(s.body) + 1 {
				if !oneOf(len(memoryCuts), n+i) && !slices.Contains(s.ends, n) {
					continue
				}
				p := play1(newModel(t, claude, streamOf(way.body(s.body[:n])), nil))
				if n == len(s.body) && !way.clean {
					// The answer was complete before the end went wrong.
					if err := s.complete(p, true); err != nil {
						t.Errorf("whole: %v", err)
					}
					continue
				}
				if err := s.check(p, n, way.clean); err != nil {
					t.Errorf("cut at byte %d: %v", n, err)
				}
			}
		})
	}
}

// TestCutRecordings cuts the recorded streams of the real service at every
// byte; without CHATMODEL_FULL=1 at some, and where messageStop ends.
func TestCutRecordings(t *testing.T) {
	count, step := 0, 1
	if !full() {
		step = 97
	}
	for _, r := range recordedConversations(t) {
		for i, x := range r.cassette.Exchanges {
			if _, op := operation(t, x.URL); op != "converse-stream" || x.Status != 200 {
				continue
			}
			count++
			t.Run(fmt.Sprintf("%s %d", r.name, i), func(t *testing.T) {
				t.Parallel()
				s := cutStream{body: x.ResponseBody, stop: endOfMessageStop(t, x)}
				for n := range len(s.body) + 1 {
					if n%step != 0 && n != s.stop && n != len(s.body) {
						continue
					}
					for _, way := range []int{0, 3} {
						p := play1(newModel(t, claude, streamOf(memoryCuts[way].body(s.body[:n])), nil))
						if err := s.check(p, n, memoryCuts[way].clean); err != nil {
							t.Fatalf("cut at byte %d by %s: %v", n, memoryCuts[way].name, err)
						}
					}
				}
			})
		}
	}
	if count == 0 {
		t.Error("the recordings hold no stream")
	}
}

// endOfMessageStop finds the end of the frame before the last, by the lengths
// alone.
func endOfMessageStop(t *testing.T, x recordings.Exchange) int {
	t.Helper()
	body := x.ResponseBody
	at, before := 0, 0
	for at < len(body) {
		before = at
		at += int(body[at])<<24 | int(body[at+1])<<16 | int(body[at+2])<<8 | int(body[at+3])
	}
	if !bytes.Contains(body[before:], []byte("metadata")) {
		t.Fatalf("the last frame is not of type metadata: %q", body[before:])
	}
	return before
}

// sample returns offsets that real connections are cut at: around each end of
// a frame, and some in between.
func (s cutStream) sample() []int {
	step := 61
	if testing.Short() {
		step = 997
	}
	take := map[int]bool{0: true}
	for _, end := range s.ends {
		take[end-1], take[end], take[end+1] = true, true, true
	}
	for n := 1; n < len(s.body); n += step {
		take[n] = true
	}
	var all []int
	for n := range len(s.body) {
		if take[n] {
			all = append(all, n)
		}
	}
	return all
}

// connectionCuts are the ways an HTTP/1.1 connection can end. Each writes
// the answer's head and its first n bytes.
var connectionCuts = []struct {
	name  string
	clean bool   // the end looks like that of a whole body
	exact bool   // all that was sent arrives
	says  string // what the errors of most offsets say
	serve func(c *net.TCPConn, body []byte, n int)
}{
	{"terminating chunk", true, true, "ended before", func(c *net.TCPConn, body []byte, n int) {
		io.WriteString(c, chunkedHead+chunk(body[:n])+"0\r\n\r\n")
	}},
	{"end of connection without length", true, true, "ended before", func(c *net.TCPConn, body []byte, n int) {
		io.WriteString(c, head("200 OK", "Content-Type: "+eventStream, "Connection: close")+string(body[:n]))
	}},
	{"FIN between chunks", false, true, "ended before", func(c *net.TCPConn, body []byte, n int) {
		io.WriteString(c, chunkedHead+chunk(body[:n]))
	}},
	{"FIN inside a chunk", false, true, "ended before", func(c *net.TCPConn, body []byte, n int) {
		io.WriteString(c, fmt.Sprintf("%s%x\r\n%s", chunkedHead, len(body), body[:n]))
	}},
	{"short of Content-Length", false, true, "ended before", func(c *net.TCPConn, body []byte, n int) {
		io.WriteString(c, head("200 OK", "Content-Type: "+eventStream, "Connection: close", fmt.Sprintf("Content-Length: %d", len(body)))+string(body[:n]))
	}},
	{"RST", false, false, "connection reset by peer", func(c *net.TCPConn, body []byte, n int) {
		io.WriteString(c, chunkedHead+chunk(body[:n]))
		c.SetLinger(0)
	}},
}

var chunkedHead = head("200 OK", "Content-Type: "+eventStream, "Transfer-Encoding: chunked", "Connection: close")

func chunk(b []byte) string {
	if len(b) == 0 {
		return "" // an empty chunk is the end
	}
	return fmt.Sprintf("%x\r\n%s\r\n", len(b), b)
}

// TestCutConnections cuts real HTTP/1.1 connections.
func TestCutConnections(t *testing.T) {
	s := generated()
	for _, way := range connectionCuts {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			cut := make(chan int, 1)
			m := at(t, rawServer(t, func(c *net.TCPConn) { way.serve(c, s.body, <-cut) }), plainClient(t))
			said := 0
			for _, n := range s.sample() {
				cut <- n
				p := play1(m)
				if p.err != nil && strings.Contains(p.err.Error(), way.says) {
					said++
				}
				var err error
				switch {
				case way.clean && n == s.stop:
					err = s.complete(p, false)
				case !way.exact && p.err != nil && noAnswer(p.err):
					// The reset overtook the head of the answer.
				default:
					err = s.incomplete(p, n, way.exact, model.ErrTruncated)
				}
				if err != nil {
					t.Errorf("cut at byte %d: %v", n, err)
				}
			}
			if all := len(s.sample()); said < all/2 {
				t.Errorf("%d of %d errors say %q", said, all, way.says)
			}
		})
	}
}

func noAnswer(err error) bool {
	e, ok := errors.AsType[*model.Error](err)
	return ok && e.Kind == model.ErrTransport && e.Status == 0 && e.Partial == nil
}

// TestCutHTTP2 cuts streams of HTTP/2: by RST_STREAM and by closing the
// connection beneath them.
func TestCutHTTP2(t *testing.T) {
	s := generated()
	ways := []struct {
		name string
		cut  func(r *http.Request)
	}{
		{"RST_STREAM", func(*http.Request) { panic(http.ErrAbortHandler) }},
		{"connection", func(r *http.Request) {
			r.Context().Value(connKey{}).(net.Conn).Close()
			<-r.Context().Done()
			panic(http.ErrAbortHandler)
		}},
		{"end of stream", nil},
	}
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			cut := make(chan int, 1)
			srv := h2Server(t, func(w http.ResponseWriter, r *http.Request) {
				if r.ProtoMajor != 2 {
					t.Errorf("protocol %s, want HTTP/2", r.Proto)
				}
				io.Copy(io.Discard, r.Body)
				w.Header().Set("Content-Type", eventStream)
				w.Header().Set("X-Amzn-RequestId", "rid-1")
				w.Write(s.body[:<-cut])
				http.NewResponseController(w).Flush()
				if way.cut != nil {
					way.cut(r)
				}
			})
			m := at(t, srv.URL, srv.Client())
			for _, n := range s.sample() {
				cut <- n
				p := play1(m)
				var err error
				switch {
				case way.cut == nil && n == s.stop:
					err = s.complete(p, false)
				case way.cut != nil && p.err != nil && noAnswer(p.err):
					// The cut overtook the head of the answer.
				default:
					err = s.incomplete(p, n, way.cut == nil, model.ErrTruncated)
				}
				if err != nil {
					t.Errorf("cut at byte %d: %v", n, err)
				}
			}
		})
	}
}

type connKey struct{}

// h2Server is a TLS server that speaks HTTP/2. The request's context holds
// the TCP connection.
func h2Server(t testing.TB, handler http.HandlerFunc) *httptest.Server {
	srv := httptest.NewUnstartedServer(handler)
	srv.EnableHTTP2 = true
	srv.Config.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		type netConn interface{ NetConn() net.Conn }
		return context.WithValue(ctx, connKey{}, c.(netConn).NetConn())
	}
	srv.StartTLS()
	t.Cleanup(srv.Close)
	return srv
}

// TestBitFlips flips one bit in every byte of a stream. No such stream may be
// complete, and none may say anything that the whole one does not. Without
// CHATMODEL_FULL=1 some bytes keep their bits.
func TestBitFlips(t *testing.T) {
	s := generated()
	step := 7
	if full() {
		step = 1
	}
	for n := 0; n < len(s.body); n += step {
		body := bytes.Clone(s.body)
		body[n] ^= 1 << (n % 8)
		p := play1(newModel(t, claude, streamOf(bytes.NewReader(body)), nil))
		// What came before the broken frame is right, and so arrives.
		if err := s.incomplete(p, n, true, model.ErrMalformed); err != nil {
			t.Errorf("bit %d of byte %d: %v", n%8, n, err)
		}
	}
}
