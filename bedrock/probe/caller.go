package probe

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	smithybearer "github.com/aws/smithy-go/auth/bearer"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
)

// A caller sends bodies as they are, and gives back what comes, whatever that
// is. The SDK's client cannot do that: it retries, reads streams its own way
// and refuses what it has no type for. The caller has its endpoint, credentials
// and HTTP client.
type caller struct {
	client   bedrockruntime.HTTPClient
	endpoint string
	region   string
	keys     aws.CredentialsProvider
	bearer   smithybearer.TokenProvider
	now      func() time.Time

	anonymous bool // calls without saying who
}

// newCaller takes what it needs from a client of the SDK.
func newCaller(ctx context.Context, client *bedrockruntime.Client, now func() time.Time) (*caller, error) {
	if client == nil {
		return nil, errors.New("the client is nil")
	}
	o := client.Options()
	c := &caller{client: o.HTTPClient, region: o.Region, keys: o.Credentials, bearer: o.BearerAuthTokenProvider, now: now}
	if own, ok := o.HTTPClient.(*http.Client); ok {
		still := *own
		still.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		c.client = &still
	}
	if c.bearer == nil && (c.keys == nil || aws.IsCredentialsProvider(c.keys, aws.AnonymousCredentials{})) {
		return nil, errors.New("there are no AWS credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile or AWS_BEARER_TOKEN_BEDROCK")
	}
	if o.BaseEndpoint != nil {
		c.endpoint = strings.TrimSuffix(*o.BaseEndpoint, "/")
		return c, nil
	}
	if o.Region == "" {
		return nil, errors.New("there is no AWS Region; set AWS_REGION, or give one")
	}
	e, err := o.EndpointResolverV2.ResolveEndpoint(ctx, bedrockruntime.EndpointParameters{Region: &o.Region, UseFIPS: aws.Bool(false), UseDualStack: aws.Bool(false)})
	if err != nil {
		return nil, fmt.Errorf("there is no endpoint in Region %q: %w", o.Region, err)
	}
	c.endpoint = strings.TrimSuffix(e.URI.String(), "/")
	return c, nil
}

// A reply is what came back over HTTP.
type reply struct {
	status    int
	header    http.Header
	body      []byte
	broken    error // why the body is not whole
	code      string
	message   string
	requestID string
}

// mostBody bounds the replies that are read.
const mostBody = 64 << 20

// send makes one call. The operation is the last word of its path. An error is
// one of sending: of credentials or of the connection.
func (c *caller) send(ctx context.Context, operation, modelID string, body []byte) (*reply, error) {
	address := c.endpoint + "/model/" + url.PathEscape(modelID) + "/" + operation
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("the endpoint %q is not a URL: %w", c.endpoint, err)
	}
	// The SDK escapes colons, which the signature covers.
	req.URL.RawPath = strings.ReplaceAll(req.URL.EscapedPath(), ":", "%3A")
	req.Header.Set("Content-Type", "application/json")
	if err := c.sign(ctx, req, body); err != nil {
		return nil, err
	}
	resp, err := c.client.Do(req)
	if err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, fmt.Errorf("the endpoint cannot be reached: %w", errors.Unwrap(err))
	}
	defer resp.Body.Close()
	r := &reply{status: resp.StatusCode, header: resp.Header, requestID: resp.Header.Get("X-Amzn-RequestId")}
	r.body, r.broken = io.ReadAll(io.LimitReader(resp.Body, mostBody))
	if r.status > 299 {
		said := wire.ParseError(r.body)
		r.code, r.message = wire.ErrorCode(resp.Header.Get("X-Amzn-ErrorType")), said.Message
	}
	return r, nil
}

// sign says who calls.
func (c *caller) sign(ctx context.Context, req *http.Request, body []byte) error {
	if c.anonymous {
		return nil
	}
	if c.bearer != nil {
		if req.URL.Scheme != "https" {
			return errors.New("a bearer token (AWS_BEARER_TOKEN_BEDROCK) is only sent over HTTPS")
		}
		t, err := c.bearer.RetrieveBearerToken(ctx)
		if err != nil {
			return fmt.Errorf("there is no bearer token: %w", err)
		}
		req.Header.Set("Authorization", "Bearer "+t.Value)
		return nil
	}
	keys, err := c.keys.Retrieve(ctx)
	if err != nil {
		return fmt.Errorf("there are no AWS credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile or AWS_BEARER_TOKEN_BEDROCK: %w", err)
	}
	sum := sha256.Sum256(body)
	region := c.region
	if region == "" {
		region = "us-east-1" // of an endpoint that has none
	}
	return v4.NewSigner().SignHTTP(ctx, keys, req, hex.EncodeToString(sum[:]), "bedrock", region, c.now())
}

// mostTries is how often a call is sent that the service has no time for.
const mostTries = 4

// patient sends a call until the service has time for it, or a few times.
func (c *caller) patient(ctx context.Context, operation, modelID string, body []byte) (*reply, error) {
	for try := 1; ; try++ {
		r, err := c.send(ctx, operation, modelID, body)
		if err != nil || !r.busy() || try == mostTries {
			return r, err
		}
		select {
		case <-time.After(r.wait(try)):
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// busy reports whether the same call may be answered later.
func (r *reply) busy() bool {
	switch r.status {
	case http.StatusTooManyRequests, http.StatusRequestTimeout, http.StatusInternalServerError,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// wait returns how long to wait before the next try: as long as the service
// says, else twice as long as before.
func (r *reply) wait(try int) time.Duration {
	if s, err := strconv.Atoi(r.header.Get("Retry-After")); err == nil && s > 0 && s <= 60 {
		return time.Duration(s) * time.Second
	}
	return time.Second << (try - 1)
}

// ok reports whether the call was answered.
func (r *reply) ok() bool { return r.status >= 200 && r.status <= 299 }
