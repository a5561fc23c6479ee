package bedrock

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/smithy-go"
	smithyauth "github.com/aws/smithy-go/auth"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/aws/smithy-go/transport/http/protocol/restjson1"
)

// An exchange is one HTTP exchange made by the SDK with our own bytes in both
// directions. The SDK resolves the endpoint, signs, retries and classes
// failures; the body of the request is ours, and so is that of a response
// with a status below 300.
//
// Why not the SDK's own serialisation: it re-keys JSON documents, writes maps
// in random order, has no place for content blocks that it does not know and
// drops them from answers. Why not its event streams: their reader takes a
// broken stream for a complete one, races when two streams share a client,
// and leaks goroutines when one is not closed.
//
// The seam is Options.Protocol, set for the one call: an exchange is the
// client's protocol with serialisation and deserialisation of bodies
// replaced.
type exchange struct {
	smithyhttp.ClientProtocol
	body []byte

	stream bool          // leave the response's body open, for the caller to read
	reader io.ReadCloser // the open body, for a stream
	data   []byte        // the read body, otherwise
	resp   http.Header

	secrets [2]string // what the request was signed with, as sent; see hide
}

// options returns the call's options that put the exchange in place.
func (x *exchange) options(o *bedrockruntime.Options) {
	x.ClientProtocol = o.Protocol
	if x.ClientProtocol == nil {
		x.ClientProtocol = restjson1.New(nil)
	}
	o.Protocol = x
	o.HTTPClient = sender{o.HTTPClient, x}
	if o.BearerAuthTokenProvider == nil {
		// A client may prefer bearer tokens, as by AWS_AUTH_SCHEME_PREFERENCE,
		// and have none. The SDK would choose them all the same, and panic.
		o.AuthSchemes = slices.DeleteFunc(slices.Clone(o.AuthSchemes), func(s smithyhttp.AuthScheme) bool {
			return s.SchemeID() == smithyauth.SchemeIDHTTPBearer
		})
	}
	if x.stream {
		// A capped slice, so that the client's own is never appended to.
		n := len(o.APIOptions)
		o.APIOptions = append(o.APIOptions[:n:n], withoutEventStream)
	}
}

// withoutEventStream takes the SDK's event-stream reader, which starts three
// goroutines on the response's body, out of the stack.
func withoutEventStream(stack *middleware.Stack) error {
	const id = "OperationEventStreamDeserializer"
	if _, ok := stack.Deserialize.Get(id); !ok {
		return nil // the SDK has none, or under another name
	}
	_, err := stack.Deserialize.Remove(id)
	return err
}

// SerializeRequest lets the SDK write method, path and headers, and gives it
// our body for a payload.
func (x *exchange) SerializeRequest(ctx context.Context, op *smithy.OperationSchema, in smithy.Serializable, req *smithyhttp.Request) error {
	body := bytes.NewReader(x.body)
	if err := x.ClientProtocol.SerializeRequest(ctx, op, payload{in, body}, req); err != nil {
		return err
	}
	if req.GetStream() != io.Reader(body) { // a protocol that knows no payloads
		ours, err := req.SetStream(body)
		if err != nil {
			return fmt.Errorf("set the request's body: %w", err)
		}
		*req = *ours
	}
	req.Header.Set("Content-Type", "application/json")
	return nil
}

// A payload is an input whose body is given. The protocol sends that, as it
// would send a file, in place of one that it writes itself; setting it
// afterwards would copy the whole request once more.
type payload struct {
	smithy.Serializable
	body io.Reader
}

func (p payload) GetPayloadStream() io.Reader { return p.body }

// DeserializeResponse takes the body of a successful response over, and leaves
// all others to the SDK.
func (x *exchange) DeserializeResponse(ctx context.Context, op *smithy.OperationSchema, types *smithy.TypeRegistry, resp *smithyhttp.Response, out smithy.Deserializable) error {
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		if x.stream { // the SDK leaves closing the body of a stream to its reader
			defer resp.Body.Close()
		}
		return x.ClientProtocol.DeserializeResponse(ctx, op, types, resp, out)
	}
	x.resp = resp.Header
	if x.stream {
		x.reader = resp.Body
		return nil
	}
	data := bytes.NewBuffer(make([]byte, 0, bodySize(resp.ContentLength)))
	if _, err := data.ReadFrom(resp.Body); err != nil {
		return &bodyError{err}
	}
	x.data = data.Bytes()
	return nil
}

// bodySize is how much room to make for a body before it is read. A length
// that is only claimed claims no more than that of a usual answer; reading a
// body to its end needs a little more than its length.
func bodySize(claimed int64) int64 {
	const usual = 16 << 10
	if claimed < 0 {
		return bytes.MinRead
	}
	return min(claimed, usual) + bytes.MinRead
}

// A bodyError is a response whose body could not be read to its end.
type bodyError struct{ err error }

func (e *bodyError) Error() string { return "read the response's body: " + e.err.Error() }
func (e *bodyError) Unwrap() error { return e.err }

// A sender is the HTTP client of an exchange. It shows request bodies as plain
// readers, and notes what must not be in the text of an error.
//
// The SDK's request body is an io.WriterTo that fails once it is closed, and
// the SDK closes it as soon as the response's headers are there. net/http may
// then still be looking for its end, takes the failure for a broken upload
// and closes the connection, in the middle of the response.
type sender struct {
	client bedrockruntime.HTTPClient
	x      *exchange
}

func (s sender) Do(req *http.Request) (*http.Response, error) {
	s.x.note(req.Header)
	if req.Body != nil && req.Body != http.NoBody {
		// The request is the SDK's copy for this one attempt.
		req.Body = struct {
			io.Reader
			io.Closer
		}{req.Body, req.Body}
	}
	return s.client.Do(req)
}

// note keeps the request's secrets: the bearer token, or the signature and the
// session token of temporary credentials.
func (x *exchange) note(h http.Header) {
	authorization := h.Get("Authorization")
	x.secrets = [2]string{h.Get("X-Amz-Security-Token")}
	if token, ok := strings.CutPrefix(authorization, "Bearer "); ok {
		x.secrets[1] = token
	} else if _, signature, ok := strings.Cut(authorization, "Signature="); ok {
		x.secrets[1] = signature
	}
}

// hide takes the request's secrets out of a text. Whoever refuses a request
// may quote it, the service included.
func (x *exchange) hide(text string) string {
	for _, secret := range x.secrets {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "[hidden]")
		}
	}
	return text
}
