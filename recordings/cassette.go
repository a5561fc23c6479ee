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
// does not record when the bytes arrived or how a connection ended.
type Exchange struct {
	Method         string      // POST if empty
	URL            string      // absolute; required
	RequestHeader  http.Header // only Accept and Content-Type
	RequestBody    []byte
	Status         int         // 200 if zero
	ResponseHeader http.Header // only Content-Type, Retry-After, X-Amzn-Errortype, X-Amzn-Requestid and InvokeModel's X-Amzn-Bedrock-…
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

// A Cassette is a recorded conversation and its origin. It is a value read from
// a file; changing it changes no file.
type Cassette struct {
	Origin    Origin // zero if the file names none
	Exchanges []Exchange
}

// Load reads the cassette name, without its extension, from fsys. It is for
// programs that inspect a recording; to replay one, use [Open] or [Replay].
// Load accepts a cassette without an origin.
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

// Transcribe writes the cassette name into the folder dir, from exchanges that
// were written down from documentation. It makes the folder if necessary. The
// origin's kind always becomes [Transcribed]: a response that no service ever
// sent cannot be a captured recording.
//
// The file passes the same checks as a recording: it is read back and compared.
// It is not written if it contains something that looks like a secret ([*Leak])
// or a header that cassettes do not keep.
func Transcribe(dir, name string, origin Origin, exchanges ...Exchange) error {
	if len(exchanges) == 0 {
		return fmt.Errorf("recordings: transcribe %s: there is no exchange", name)
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

// contentLength returns the length of a body as HTTP reports it: a stream has
// none.
func contentLength(h http.Header, body []byte) int64 {
	if isEventStream(h, body) {
		return -1
	}
	return int64(len(body))
}

// exchangesOf returns a copy of the exchanges of a cassette.
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

// checkName refuses names that are not a path in an fs.FS, or that a module
// cannot contain.
func checkName(name string) error {
	switch {
	case name == "" || name == "." || !fs.ValidPath(name):
		return fmt.Errorf("recordings: cassette name %q is not a slash-separated path inside a folder", name)
	case strings.HasSuffix(name, cassetteExt):
		return fmt.Errorf("recordings: cassette name %q must not end in %s", name, cassetteExt)
	case strings.ContainsAny(name, "\"'*<>?`|\\:") || slices.ContainsFunc([]rune(name), isControl):
		return fmt.Errorf("recordings: cassette name %q has a character that file names in a module must not have", name)
	}
	return nil
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

//go:embed cassettes
var shipped embed.FS

// Cassettes returns the cassettes of this package, for [Replay]. They are
// embedded, so a program needs no files to replay them.
func Cassettes() fs.FS {
	sub, err := fs.Sub(shipped, "cassettes")
	if err != nil { // cannot happen: the folder is embedded above
		return shipped
	}
	return sub
}
