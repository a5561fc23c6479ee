package bedrock_test

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/types"
	"github.com/google/go-cmp/cmp"
)

// TestAddressAsTheSDK compares the method, address and headers of each
// operation with what the SDK itself sends for the same model id. Signature and
// time may differ.
func TestAddressAsTheSDK(t *testing.T) {
	type head struct {
		method, host, path, rawPath, query, contentType, accept, agent string
		headers                                                        int
	}
	var last head
	transport := roundTrip(func(req *http.Request) (*http.Response, error) {
		_, _ = io.Copy(io.Discard, req.Body)
		last = head{req.Method, req.URL.Host, req.URL.Path, req.URL.RawPath, req.URL.RawQuery,
			req.Header.Get("Content-Type"), req.Header.Get("Accept"), req.Header.Get("User-Agent"), len(req.Header)}
		contentType, answer := whole(req.URL.Path)
		return respond(200, bytes.NewReader([]byte(answer)), "Content-Type", contentType)(req)
	})
	for _, id := range []string{
		claude,
		"arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0",
		"arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abc%2Fdef", "a b+c?d#e&f=g", "ümlaut/…", "{modelId}", "..", "./..//x",
	} {
		client, m := newClient(transport), newModel(t, id, transport, nil)
		in := &bedrockruntime.ConverseInput{ModelId: aws.String(id), Messages: sdkMessages}
		raw := map[string]func() error{
			"converse": func() error {
				_, err := client.Converse(t.Context(), in)
				return err
			},
			"converse-stream": func() error {
				out, err := client.ConverseStream(t.Context(), &bedrockruntime.ConverseStreamInput{ModelId: in.ModelId, Messages: in.Messages})
				if err != nil {
					return err
				}
				return out.GetStream().Close()
			},
			"count-tokens": func() error {
				_, err := client.CountTokens(t.Context(), &bedrockruntime.CountTokensInput{ModelId: in.ModelId,
					Input: &types.CountTokensInputMemberConverse{Value: types.ConverseTokensRequest{Messages: in.Messages}}})
				return err
			},
		}
		for _, op := range operations {
			if op.path == "count-tokens" && id != claude {
				continue // which takes ids of base models alone, as claude is
			}
			if err := op.call(t, m); err != nil {
				t.Fatalf("%s of %q: %v", op.path, id, err)
			}
			ours := last
			if err := raw[op.path](); err != nil {
				t.Fatalf("%s of %q by the SDK: %v", op.path, id, err)
			}
			if diff := cmp.Diff(last, ours, cmp.AllowUnexported(head{})); diff != "" {
				t.Errorf("%s of %q (-SDK +ours):\n%s", op.path, id, diff)
			}
		}
	}
}
