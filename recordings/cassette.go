package recordings

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"
)

const (
	cassetteExt = ".yaml"
	viewExt     = ".txt"
)

// An Exchange is one request and its response. Bodies are whole: a cassette
// knows neither when the bytes arrived nor how a connection died.
type Exchange struct {
	Method         string      // POST if empty
	URL            string      // absolute; required
	RequestHeader  http.Header // Accept and Content-Type, nothing else
	RequestBody    []byte
	Status         int         // 200 if zero
	ResponseHeader http.Header // Content-Type, Retry-After, X-Amzn-Errortype, X-Amzn-Requestid and InvokeModel's X-Amzn-Bedrock-…, nothing else
	ResponseBody   []byte      // an event stream as its bytes
}

// clone returns a copy that shares no memory with e.
func (e Exchange) clone() Exchange {
	e.RequestHeader = e.RequestHeader.Clone()
	e.RequestBody = bytes.Clone(e.RequestBody)
	e.ResponseHeader = e.ResponseHeader.Clone()
	e.ResponseBody = bytes.Clone(e.ResponseBody)
	return e
}

// A Cassette is a recorded conversation and where it came from. It is a value
// read from a file; changing it changes no file.
type Cassette struct {
	Origin    Origin // zero if the file names none
	Exchanges []Exchange
}

// Load reads the cassette name, without its extension, from fsys. It is for
// programs that inspect a recording; to replay one, use [Open] or [Replay]. A
// cassette that names no origin is not an error here.
func Load(fsys fs.FS, name string) (*Cassette, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	data, err := fs.ReadFile(fsys, name+cassetteExt)
	if err != nil {
		return nil, fmt.Errorf("recordings: load %s: %w", name, err)
	}
	return parse(name+cassetteExt, data)
}

// Transcribe writes the cassette name into the folder dir, which is made if
// need be, from exchanges that somebody wrote down from documentation. The
// origin's kind always becomes [Transcribed]: a response that no service ever
// sent can't be a captured recording. The file passes the same checks as a
// recording: it is read back and compared, and it is not written if it holds
// something that looks like a secret ([*Leak]) or a header that cassettes don't
// keep.
func Transcribe(dir, name string, origin Origin, exchanges ...Exchange) error {
	if len(exchanges) == 0 {
		return fmt.Errorf("recordings: transcribe %s: no exchange given", name)
	}
	origin = origin.clone()
	origin.Kind = Transcribed
	c := cassette.New(name)
	for i, e := range exchanges {
		interaction, err := newInteraction(e)
		if err != nil {
			return fmt.Errorf("recordings: transcribe %s: exchange %d: %w", name, i, err)
		}
		c.AddInteraction(interaction)
	}
	w := &fileWriter{dir: dir, name: name, origin: origin}
	c.MarshalFunc = w.marshal
	if err := c.SaveWithFS(w); err != nil {
		return fmt.Errorf("recordings: transcribe %s: %w", name, err)
	}
	return nil
}

func newInteraction(e Exchange) (*cassette.Interaction, error) {
	e = e.clone()
	u, err := url.Parse(e.URL)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("url %q is not absolute", e.URL)
	}
	if e.Method == "" {
		e.Method = http.MethodPost
	}
	if e.Status == 0 {
		e.Status = http.StatusOK
	}
	return &cassette.Interaction{
		Request: cassette.Request{
			Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
			Host: u.Host, URL: e.URL, Method: e.Method,
			Headers: e.RequestHeader, Body: string(e.RequestBody), ContentLength: int64(len(e.RequestBody)),
		},
		Response: cassette.Response{
			Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
			Code: e.Status, Status: fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status)),
			Headers: e.ResponseHeader, Body: string(e.ResponseBody), ContentLength: contentLength(e.ResponseHeader, e.ResponseBody),
		},
	}, nil
}

// contentLength is the length of a body as HTTP gives it: a stream has none.
func contentLength(h http.Header, body []byte) int64 {
	if isEventStream(h, body) {
		return -1
	}
	return int64(len(body))
}

// exchangesOf copies what a cassette holds.
func exchangesOf(c *cassette.Cassette) []Exchange {
	exchanges := make([]Exchange, len(c.Interactions))
	for i, in := range c.Interactions {
		exchanges[i] = Exchange{
			Method:         in.Request.Method,
			URL:            in.Request.URL,
			RequestHeader:  in.Request.Headers.Clone(),
			RequestBody:    []byte(in.Request.Body),
			Status:         in.Response.Code,
			ResponseHeader: in.Response.Headers.Clone(),
			ResponseBody:   []byte(in.Response.Body),
		}
	}
	return exchanges
}

// checkName refuses names that are no path in an fs.FS, or that a module can't
// ship.
func checkName(name string) error {
	switch {
	case name == "" || name == "." || !fs.ValidPath(name):
		return fmt.Errorf("recordings: cassette name %q is not a slash-separated path inside a folder", name)
	case strings.HasSuffix(name, cassetteExt):
		return fmt.Errorf("recordings: cassette name %q must come without %s", name, cassetteExt)
	case strings.ContainsAny(name, "\"'*<>?`|\\:") || slices.ContainsFunc([]rune(name), isControl):
		return fmt.Errorf("recordings: cassette name %q has a character that files of a module can't have", name)
	}
	return nil
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

//go:embed cassettes
var shipped embed.FS

// Cassettes returns the cassettes that come with this package, to be replayed
// with [Replay]. They are part of the program, so no file is needed to run it.
func Cassettes() fs.FS {
	sub, err := fs.Sub(shipped, "cassettes")
	if err != nil { // can't be: the folder is embedded above
		return shipped
	}
	return sub
}
