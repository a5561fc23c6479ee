package bedrocktest

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"

	"github.com/chatmodel-go/chatmodel/model"
)

// A Server is a [Handler] that clients can call, over a socket or in memory. It
// stops at the end of its test.
type Server struct {
	*Handler

	// URL is the endpoint, such as "http://127.0.0.1:40123".
	URL string

	client *http.Client
}

// TB is the part of a test that [Start] needs.
//
// Deprecated: its interface needs no name.
//
//go:fix inline
type TB = interface{ Cleanup(func()) }

// Start serves m over HTTP on a free port of the loopback interface. It speaks
// HTTP/1.1, and HTTP/2 without encryption for clients that insist on it, such
// as the AWS SDK for JavaScript. The argument t is usually a *testing.T.
// Options may be nil. [New] describes how m's answers are sent.
func Start(t interface{ Cleanup(func()) }, m model.ChatModel, options *Options) *Server {
	return New(m, options).listen(t, (*httptest.Server).Start)
}

// StartTLS serves m over HTTPS, with HTTP/2 for clients that can. Here the
// server also accepts bearer tokens. Only [Server.HTTPClient] knows the
// certificate.
func StartTLS(t interface{ Cleanup(func()) }, m model.ChatModel, options *Options) *Server {
	return New(m, options).listen(t, (*httptest.Server).StartTLS)
}

// clientBuffer is the size of each buffer of a client's connection, in bytes.
// It is small because a test may have thousands of streams open, and the
// loopback interface is fast.
const clientBuffer = 1024

func (h *Handler) listen(t interface{ Cleanup(func()) }, start func(*httptest.Server)) *Server {
	ts := httptest.NewUnstartedServer(nil)
	ts.Config = h.HTTPServer()
	ts.EnableHTTP2 = true
	start(ts)
	transport := ts.Client().Transport.(*http.Transport) // httptest's transport knows the certificate
	transport.ReadBufferSize, transport.WriteBufferSize = clientBuffer, clientBuffer
	t.Cleanup(func() {
		ts.CloseClientConnections() // stalled calls would wait for their clients
		ts.Close()
	})
	return &Server{Handler: h, URL: ts.URL, client: &http.Client{Transport: plainBody{transport}}}
}

// InMemory serves m without a socket: a request calls the handler on a new
// goroutine, and the body of the response is a pipe. It works in a
// testing/synctest bubble. A write waits until the client has read it; a client
// that leaves ends the request's context.
func InMemory(m model.ChatModel, options *Options) *Server {
	s := &Server{Handler: New(m, options), URL: "https://bedrock-runtime." + Region + ".amazonaws.com"}
	s.client = &http.Client{Transport: s.Transport()}
	return s
}

// HTTPServer returns a server for the handler, to be started by the caller. It
// speaks HTTP/1.1 and HTTP/2, both with and without TLS, and lets faults break
// connections.
func (h *Handler) HTTPServer() *http.Server {
	var p http.Protocols
	p.SetHTTP1(true)
	p.SetHTTP2(true)
	p.SetUnencryptedHTTP2(true)
	return &http.Server{Handler: h, ConnContext: withConn, Protocols: &p, ReadHeaderTimeout: time.Minute, IdleTimeout: 5 * time.Minute}
}

// HTTPClient returns a client that reaches the server. It trusts the server's
// certificate and does not use a proxy.
func (s *Server) HTTPClient() *http.Client { return s.client }

// Config returns a complete configuration for the AWS SDK's clients:
// credentials, region, endpoint, HTTP client, and retries that do not wait and
// are not rate limited. Nothing is read from the environment.
func (s *Server) Config() aws.Config {
	return aws.Config{
		Region:       Region,
		Credentials:  aws.CredentialsProviderFunc(staticCredentials),
		BaseEndpoint: aws.String(s.URL),
		HTTPClient:   s.client,
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) {
				o.RateLimiter = ratelimit.None
				o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
			})
		},
		AuthSchemePreference: []string{"sigv4"},
	}
}

func staticCredentials(context.Context) (aws.Credentials, error) {
	return aws.Credentials{AccessKeyID: AccessKeyID, SecretAccessKey: SecretAccessKey, Source: "bedrocktest"}, nil
}

// Client returns a client of the AWS SDK for the server, for use with
// bedrock.New. Its options are those of [Server.Config], changed by the given
// functions.
func (s *Server) Client(options ...func(*bedrockruntime.Options)) *bedrockruntime.Client {
	own := func(o *bedrockruntime.Options) {
		// Otherwise a token in the environment would take precedence.
		o.BearerAuthTokenProvider = nil
		o.AuthSchemePreference = []string{"sigv4"}
	}
	return bedrockruntime.NewFromConfig(s.Config(), append([]func(*bedrockruntime.Options){own}, options...)...)
}

// plainBody hides all methods of request bodies except Read and Close. The AWS
// SDK closes a request's body as soon as the response has headers. If net/http
// is still reading the body with WriteTo at that time, it takes this for a
// broken upload and closes the connection in the middle of the response.
type plainBody struct{ http.RoundTripper }

func (t plainBody) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil && r.Body != http.NoBody {
		plain := *r
		plain.Body = struct {
			io.Reader
			io.Closer
		}{r.Body, r.Body}
		r = &plain
	}
	return t.RoundTripper.RoundTrip(r)
}
