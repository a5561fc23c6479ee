package bedrock_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/smithy-go/auth/bearer"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

const (
	secretKey    = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	sessionToken = "IQoJb3JpZ2luX2VjEXAMPLETOKEN"
	bearerToken  = "bedrock-api-key-QmVhcmVyRVhBTVBMRQ=="
)

// TestNoSecretsInErrors quotes the refused request in the refusal, as the
// service does when a signature does not match. No form of the error may show
// what the request was signed with, or its body.
func TestNoSecretsInErrors(t *testing.T) {
	quotes := []struct {
		name, errorType string
		message         func(r *http.Request, body string) string
		want            string // a part of the text that stays
	}{
		{"canonical request", "InvalidSignatureException", canonicalRequest, "does not match the signature you provided"},
		{"canonical request, by message alone", "", canonicalRequest, "does not match the signature you provided"},
		{"canonical request, in one sentence", "SignatureDoesNotMatch", func(r *http.Request, body string) string {
			_, rest, _ := strings.Cut(canonicalRequest(r, body), "details.")
			return "Mismatch" + rest
		}, "Mismatch"},
		{"authorization", "IncompleteSignatureException", func(r *http.Request, _ string) string {
			return "'" + strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ") + "' not a valid key=value pair (missing equal-sign) in Authorization header: '" + r.Header.Get("Authorization") + "'."
		}, "not a valid key=value pair"},
		{"headers of an unknown exception", "GatewayException", func(r *http.Request, _ string) string {
			return fmt.Sprintf("blocked: %v", r.Header)
		}, "blocked"},
	}
	signers := map[string]func(*bedrockruntime.Options){
		"temporary credentials": func(o *bedrockruntime.Options) {
			o.Credentials = credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", secretKey, sessionToken)
		},
		"bearer token": func(o *bedrockruntime.Options) {
			o.BearerAuthTokenProvider = bearer.StaticTokenProvider{Token: bearer.Token{Value: bearerToken}}
			o.AuthSchemePreference = []string{"httpBearerAuth"}
		},
	}
	for signed, signer := range signers {
		for _, tt := range quotes {
			for _, op := range operations {
				t.Run(signed+"/"+tt.name+"/"+op.path, func(t *testing.T) {
					var signature string
					srv := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						body, _ := io.ReadAll(r.Body)
						_, signature, _ = strings.Cut(r.Header.Get("Authorization"), "Signature=")
						if tt.errorType != "" {
							w.Header().Set("X-Amzn-ErrorType", tt.errorType)
						}
						w.WriteHeader(http.StatusForbidden)
						fmt.Fprintf(w, `{"message":%q}`, tt.message(r, string(body)))
					}))
					t.Cleanup(srv.Close)
					options := bedrockruntime.Options{Region: "us-east-1", BaseEndpoint: &srv.URL, HTTPClient: srv.Client(), Retryer: aws.NopRetryer{}}
					signer(&options)
					m, err := bedrock.New(bedrockruntime.New(options), claude, nil)
					if err != nil {
						t.Fatal(err)
					}
					err = op.call(t, m)
					e := asError(t, err)
					if e.Status != http.StatusForbidden {
						t.Fatalf("error = %v, want the server's", err)
					}
					wrapped := fmt.Errorf("asking: %w", err)
					for _, text := range []string{err.Error(), fmt.Sprintf("%v %+v %s %q", err, err, err, err), fmt.Sprintf("%v %+v", wrapped, wrapped), e.Message} {
						if !strings.Contains(text, tt.want) {
							t.Errorf("text = %s, want it to say %q", text, tt.want)
						}
						for what, secret := range map[string]string{"secret key": secretKey, "session token": sessionToken, "bearer token": bearerToken, "signature": signature, "request": "Hello"} {
							if secret != "" && strings.Contains(text, secret) {
								t.Errorf("the text shows the %s: %s", what, text)
							}
						}
					}
				})
			}
		}
	}
}

// canonicalRequest is the service's text when a signature does not match.
func canonicalRequest(r *http.Request, body string) string {
	return "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\n\nThe Canonical String for this request should have been\n'POST\n" +
		r.URL.EscapedPath() + "\n\nhost:bedrock-runtime.us-east-1.amazonaws.com\nx-amz-security-token:" + r.Header.Get("X-Amz-Security-Token") + "\nauthorization:" + r.Header.Get("Authorization") + "\n\n" + body + "'\n"
}

// TestCredentialsFail uses a provider of credentials that fails with a text of
// its own.
func TestCredentialsFail(t *testing.T) {
	failing := func(o *bedrockruntime.Options) {
		o.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{}, fmt.Errorf("the vault is sealed")
		})
	}
	client := bedrockruntime.New(bedrockruntime.Options{Region: "us-east-1", AuthSchemePreference: []string{"sigv4"}, HTTPClient: respond(500, nil)}, failing)
	m, err := bedrock.New(client, claude, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, op := range operations {
		err := op.call(t, m)
		e := asError(t, err)
		if e.Kind != model.ErrAuthentication || e.Op != labels[op.path] || model.Retryable(err) || !strings.Contains(err.Error(), "the vault is sealed") {
			t.Errorf("%s: %v, want an authentication error that says why", op.path, err)
		}
	}
}
