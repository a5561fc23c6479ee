package bedrock

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/smithy-go"
	smithyauth "github.com/aws/smithy-go/auth"
	"github.com/aws/smithy-go/encoding/httpbinding"
	"github.com/aws/smithy-go/middleware"
	"github.com/aws/smithy-go/traits"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/aws/smithy-go/transport/http/protocol/restjson1"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/direct"
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
	path string // the model id as it stands in a path; empty: to be escaped

	stream bool   // leave the response's body open, for the caller to read
	data   []byte // the read body, otherwise; before that, memory for it
	resp   http.Header

	whole   context.Context // of the call
	ctx     context.Context // of the requests
	cancel  context.CancelFunc
	expired atomic.Bool // cancelled by within
	reader  *answerBody // of the last response
	unhook  func() bool // stops whole from closing it

	secrets secrets
}

// options returns the call's options that put the exchange in place.
func (x *exchange) options(o *bedrockruntime.Options) {
	x.ClientProtocol = o.Protocol
	if x.ClientProtocol == nil {
		x.ClientProtocol = restjson1.New(nil)
	}
	o.Protocol = x
	o.HTTPClient = sender{o.HTTPClient, &x.secrets}
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
// goroutines on the response's body, out of the stack. It is no error if the
// SDK has none, or under another name.
func withoutEventStream(stack *middleware.Stack) error {
	_, _ = stack.Deserialize.Remove("OperationEventStreamDeserializer")
	return nil
}

// SerializeRequest lets the SDK write method, path and headers, and gives it
// our body for a payload.
func (x *exchange) SerializeRequest(ctx context.Context, op *smithy.OperationSchema, in smithy.Serializable, req *smithyhttp.Request) error {
	body := bytes.NewReader(x.body)
	if !x.address(op, in, req) {
		if err := x.ClientProtocol.SerializeRequest(ctx, op, payload{in, body}, req); err != nil {
			return err
		}
	}
	if req.GetStream() != io.Reader(body) { // none yet, or that of a protocol that knows no payloads
		ours, err := req.SetStream(body)
		if err != nil {
			return fmt.Errorf("set the request's body: %w", err)
		}
		*req = *ours
	}
	req.Header.Set("Content-Type", "application/json")
	return nil
}

// address writes method and path, by the SDK's own schema and escapes, for the
// operations that have nothing else outside their bodies. The SDK's protocol
// would write a body as well, which is a good part of what a short call takes. A
// client's own protocol does what it likes: address reports whether it has
// written anything.
func (x *exchange) address(op *smithy.OperationSchema, in smithy.Serializable, req *smithyhttp.Request) bool {
	at, ok := smithy.SchemaTrait[*traits.HTTP](op.Schema)
	_, own := x.ClientProtocol.(*restjson1.Protocol)
	id := addressee(in)
	if !ok || !own || id == "" {
		return false
	}
	before, after, ok := strings.Cut(at.URI, "{modelId}")
	if !ok || strings.ContainsAny(after, "{?") {
		return false
	}
	escaped := x.path
	if escaped == "" {
		escaped = httpbinding.EscapePath(id, true)
	}
	req.Method = at.Method
	req.URL.Path, req.URL.RawPath = before+id+after, before+escaped+after
	return true
}

// addressee returns the model id in the input of an operation that has nothing
// else outside its body. Others have none.
func addressee(in smithy.Serializable) string {
	switch in := in.(type) {
	case *bedrockruntime.ConverseInput:
		return deref(in.ModelId)
	case *bedrockruntime.ConverseStreamInput:
		return deref(in.ModelId)
	case *bedrockruntime.CountTokensInput:
		return deref(in.ModelId)
	}
	return ""
}

// A payload is an input whose body is given. The protocol sends that, as it
// would send a file, in place of one that it writes itself; setting it
// afterwards would copy the whole request once more.
type payload struct {
	smithy.Serializable
	body io.Reader
}

func (p payload) GetPayloadStream() io.Reader { return p.body }

// DeserializeResponse takes the body of a successful response over. Others are
// left to the SDK, without what the request was signed with.
func (x *exchange) DeserializeResponse(ctx context.Context, op *smithy.OperationSchema, types *smithy.TypeRegistry, resp *smithyhttp.Response, out smithy.Deserializable) error {
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		body := x.take(resp.Body, maxRefusal, io.EOF)
		defer body.Close()
		data, _ := x.readAll(nil, body, resp.ContentLength) // if that fails, the status says enough
		resp.Body = io.NopCloser(bytes.NewReader(x.secrets.hideBody(data)))
		return x.ClientProtocol.DeserializeResponse(ctx, op, types, resp, out)
	}
	x.resp = resp.Header
	if x.stream {
		// Frames have limits of their own, and there may be any number of them.
		resp.Body = x.take(resp.Body, math.MaxInt64-1, nil)
		return nil
	}
	body := x.take(resp.Body, maxBody, errTooLong)
	resp.Body = body
	data, err := x.readAll(x.data, body, resp.ContentLength)
	x.data = data
	return err
}

// A sender is the HTTP client of an exchange. It notes what must not be in the
// text of an error, follows no redirect, and shows request bodies as plain
// readers.
//
// The SDK's request body is an io.WriterTo that fails once it is closed, and
// the SDK closes it as soon as the response's headers are there. net/http may
// then still be looking for its end, takes the failure for a broken upload
// and closes the connection, in the middle of the response.
type sender struct {
	client  bedrockruntime.HTTPClient
	secrets *secrets
}

func (s sender) Do(req *http.Request) (*http.Response, error) {
	s.secrets.note(req.Header)
	if req.Body != nil && req.Body != http.NoBody {
		// The request is the SDK's copy for this one attempt.
		req.Body = struct {
			io.Reader
			io.Closer
		}{req.Body, req.Body}
	}
	resp, err := direct.Do(s.client, req)
	if err != nil || resp == nil {
		return resp, s.secrets.conceal(err)
	}
	resp.Header = s.secrets.hideHeader(resp.Header)
	return resp, nil
}
