package local

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/chatmodel-go/chatmodel/recordings"
)

// An Upstream is a Bedrock that answers in place of the local one, with the
// caller's own credentials.
type Upstream struct {
	// Endpoint is its URL, such as
	// "https://bedrock-runtime.us-west-2.amazonaws.com". Required.
	Endpoint string

	// Region is the region that requests are signed for, such as "us-west-2".
	// Required.
	Region string

	// Credentials sign the requests. Required.
	Credentials aws.CredentialsProvider

	// APIKey is the key that clients must send, as "Authorization: Bearer KEY"
	// or in the header X-Bedrock-Local-Key, because every request spends the
	// caller's money. It needs 16 bytes or more.
	APIKey string
}

// keyHeader is the header in which clients that sign requests send the API key.
const keyHeader = "X-Bedrock-Local-Key"

func (u *Upstream) check() error {
	at, err := url.Parse(u.Endpoint)
	switch {
	case err != nil || at.Host == "" || at.Scheme != "https" && at.Scheme != "http" || at.User != nil || strings.Trim(at.Path, "/") != "" || at.RawQuery != "":
		return errors.New("local: Upstream.Endpoint should have the form https://bedrock-runtime.us-west-2.amazonaws.com")
	case at.Scheme == "http" && !thisMachine(at.Host):
		return errors.New("local: Upstream.Endpoint is an http URL of another machine; use https")
	case u.Region == "":
		return errors.New("local: Upstream.Region is empty; give one such as us-west-2")
	case u.Credentials == nil:
		return errors.New("local: Upstream.Credentials is nil; give the credentials to sign with")
	case len(u.APIKey) < 16:
		return errors.New("local: Upstream.APIKey has fewer than 16 bytes; give a longer one")
	}
	return nil
}

// admit refuses requests without the API key.
func (u *Upstream) admit(r *http.Request) *problem {
	if u == nil {
		return nil
	}
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	for _, key := range []string{token, r.Header.Get(keyHeader)} {
		if hmac.Equal([]byte(key), []byte(u.APIKey)) {
			return nil
		}
	}
	return &problem{status: http.StatusForbidden, Field: "header Authorization", Message: "Authentication failed: Please make sure your API Key is valid."}
}

// A recorder forwards a world's calls and records them, in one cassette after
// the other.
type recorder struct {
	world *world

	mu    sync.Mutex
	tape  *recordings.Tape // nil until the first call
	name  string           // of the cassette
	count int              // the number of cassettes so far
}

// open returns the tape of the cassette that is being recorded.
func (c *recorder) open() (*recordings.Tape, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.tape != nil {
		return c.tape, nil
	}
	name := c.world.name
	if c.count > 0 {
		name += fmt.Sprintf("-%d", c.count+1)
	}
	o := c.world.server.options
	program := &program{name: name}
	tape := recordings.Open(program, name, &recordings.Options{Dir: o.Record, Record: true, Secrets: []string{o.Upstream.APIKey}})
	if tape == nil || program.err != nil {
		return nil, program.err
	}
	c.tape, c.name, c.count = tape, name, c.count+1
	return tape, nil
}

// answer signs a call anew and forwards it. The call is answered whole even if
// its client leaves, because a recording with a gap cannot be kept.
func (c *recorder) answer(r *http.Request, body []byte) (*http.Response, error) {
	tape, err := c.open()
	if err != nil {
		return nil, err
	}
	u := c.world.server.options.Upstream
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), time.Hour)
	defer cancel() // a tape returns when the whole answer has arrived
	out, err := outgoing(r.WithContext(ctx), strings.TrimSuffix(u.Endpoint, "/"), body)
	if err != nil {
		return nil, err
	}
	credentials, err := u.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, errors.New("there are no credentials to sign with")
	}
	hash := sha256.Sum256(body)
	if err := v4.NewSigner().SignHTTP(ctx, credentials, out, hex.EncodeToString(hash[:]), "bedrock", u.Region, time.Now()); err != nil {
		return nil, errors.New("the request cannot be signed")
	}
	return tape.RoundTrip(out)
}

// A recording describes a recording in progress.
type recording struct {
	Name      string `json:"name"` // of the cassette; empty if there is none
	Exchanges int    `json:"exchanges"`
	Kind      string `json:"kind"` // captured, or local if the upstream is on this machine; empty until the first answer
}

func (c *recorder) info() recording {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.tape == nil {
		return recording{}
	}
	return recording{c.name, len(c.tape.Requests()), string(c.tape.Origin().Kind)}
}

// write ends the cassette and writes it. The next call begins a new one.
func (c *recorder) write() (recording, error) {
	info := c.info()
	c.mu.Lock()
	tape := c.tape
	c.tape = nil
	c.mu.Unlock()
	if tape == nil {
		return info, nil
	}
	return info, tape.Close()
}

func getRecording(s *Server, w *world, _ *http.Request) (any, *problem) {
	if w.recorder == nil {
		return nil, notRecording
	}
	return w.recorder.info(), nil
}

func postRecording(s *Server, w *world, _ *http.Request) (any, *problem) {
	if w.recorder == nil {
		return nil, notRecording
	}
	info, err := w.recorder.write()
	if err != nil {
		return nil, &problem{status: http.StatusConflict, Field: "recording", Message: err.Error()}
	}
	return info, nil
}

var notRecording = &problem{status: http.StatusConflict, Field: "path", Message: "nothing is recorded here"}

// A program takes the place of a test in package recordings.
type program struct {
	name string
	err  error
}

func (p *program) Helper()                           {}
func (p *program) Name() string                      { return p.name }
func (p *program) Logf(string, ...any)               {}
func (p *program) Errorf(format string, args ...any) { p.err = fmt.Errorf(format, args...) }
func (p *program) Fatalf(format string, args ...any) { p.err = fmt.Errorf(format, args...) }
func (p *program) Failed() bool                      { return p.err != nil }
func (p *program) Cleanup(func())                    {}
