package bedrocktest_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/types"
	"github.com/aws/smithy-go/auth/bearer"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
)

// sdkHello is a request through the AWS SDK.
func sdkHello(modelID string) *bedrockruntime.ConverseInput {
	return &bedrockruntime.ConverseInput{ModelId: &modelID, Messages: []types.Message{{
		Role: types.ConversationRoleUser, Content: []types.ContentBlock{&types.ContentBlockMemberText{Value: "hello"}}}}}
}

// TestClientNeedsNoEnvironment checks that the server's clients ignore the
// environment, here one whose AWS and proxy settings are all wrong.
func TestClientNeedsNoEnvironment(t *testing.T) {
	for name, value := range map[string]string{
		"AWS_BEARER_TOKEN_BEDROCK":         "token",
		"AWS_REGION":                       "nowhere-1",
		"AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "http://127.0.0.1:1",
		"AWS_ENDPOINT_URL":                 "http://127.0.0.1:1",
		"AWS_ACCESS_KEY_ID":                "somebody",
		"AWS_SECRET_ACCESS_KEY":            "else",
		"AWS_SESSION_TOKEN":                "again",
		"HTTP_PROXY":                       "http://127.0.0.1:1",
		"AWS_MAX_ATTEMPTS":                 "1",
		"AWS_AUTH_SCHEME_PREFERENCE":       "httpBearerAuth",
		"AWS_PROFILE":                      "no-such-profile",
		"AWS_CA_BUNDLE":                    "/no/such/file",
	} {
		t.Setenv(name, value)
	}
	for name, s := range map[string]*bedrocktest.Server{
		"http":   bedrocktest.Start(t, always("ok"), nil),
		"tls":    bedrocktest.StartTLS(t, always("ok"), nil),
		"memory": bedrocktest.InMemory(always("ok"), nil),
	} {
		if _, err := s.Client().Converse(t.Context(), sdkHello(sonnet45)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := s.Calls()[0].Header.Get("Authorization"); !strings.Contains(got, "Credential="+bedrocktest.AccessKeyID+"/") || !strings.HasSuffix(got, "Signature=REDACTED") {
			t.Errorf("%s: recorded authorization %q", name, got)
		}
	}
}

// signed returns a request signed by the SDK's own signer.
func signed(t *testing.T, s *bedrocktest.Server, secret, service, region string, at time.Time, body string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/model/"+strings.ReplaceAll(sonnet45, ":", "%3A")+"/converse", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	creds := aws.Credentials{AccessKeyID: bedrocktest.AccessKeyID, SecretAccessKey: secret}
	if err := v4.NewSigner().SignHTTP(context.Background(), creds, req, sha256Hex(body), service, region, at); err != nil {
		t.Fatal(err)
	}
	return req
}

func TestAuthentication(t *testing.T) {
	body := conversation(hello)
	now := time.Now()
	good := func(t *testing.T, s *bedrocktest.Server) *http.Request {
		return signed(t, s, bedrocktest.SecretAccessKey, "bedrock", "us-east-1", now, body)
	}
	header := func(name, value string) func(*testing.T, *bedrocktest.Server) *http.Request {
		return func(t *testing.T, s *bedrocktest.Server) *http.Request {
			req := good(t, s)
			req.Header.Set(name, value)
			if value == "" {
				req.Header.Del(name)
			}
			return req
		}
	}
	replace := func(old, new string) func(*testing.T, *bedrocktest.Server) *http.Request {
		return func(t *testing.T, s *bedrocktest.Server) *http.Request {
			req := good(t, s)
			v := req.Header.Get("Authorization")
			if !strings.Contains(v, old) {
				t.Fatalf("%q is not in %q", old, v)
			}
			req.Header.Set("Authorization", strings.Replace(v, old, new, 1))
			return req
		}
	}
	day := now.UTC().Format("20060102")
	for _, row := range []struct {
		name      string
		request   func(*testing.T, *bedrocktest.Server) *http.Request
		options   *bedrocktest.Options
		status    int
		errorType string
		message   string // how it begins
	}{
		{"signed", good, nil, 200, "", ""},
		{"any key", replace(bedrocktest.AccessKeyID, "ASIASOMEBODY"), nil, 200, "", ""},
		{"unsigned", header("Authorization", ""), nil, 403, "MissingAuthenticationTokenException", "Missing Authentication Token"},
		{"basic", header("Authorization", "Basic eDp5"), nil, 403, "IncompleteSignatureException", "Authorization header does not name"},
		{"no signature", replace(", Signature=", ", Sig="), nil, 403, "IncompleteSignatureException", "Authorization header requires 'Signature' parameter."},
		{"no credential", replace("Credential=", "Cred="), nil, 403, "IncompleteSignatureException", "Authorization header requires 'Credential' parameter."},
		{"short scope", replace("/bedrock/aws4_request", ""), nil, 403, "IncompleteSignatureException", "Credential must have at least 5"},
		{"no date", header("X-Amz-Date", ""), nil, 403, "IncompleteSignatureException", "Authorization header requires existence of either a 'X-Amz-Date'"},
		{"odd date", header("X-Amz-Date", "yesterday"), nil, 403, "InvalidSignatureException", "Date must be in ISO-8601"},
		{"other day", replace("/"+day+"/", "/20200101/"), nil, 403, "InvalidSignatureException", "Date in Credential scope does not match"},
		{"service", replace("/bedrock/", "/bedrock-runtime/"), nil, 403, "InvalidSignatureException", "Credential should be scoped to correct service: 'bedrock'."},
		{"terminator", replace("/aws4_request", "/aws5_request"), nil, 403, "InvalidSignatureException", "Credential should be scoped with a valid terminator: 'aws4_request'."},
		{"host not signed", replace("host;", ""), nil, 403, "InvalidSignatureException", "'Host' or ':authority' must be"},
		{"wrong secret", func(t *testing.T, s *bedrocktest.Server) *http.Request {
			return signed(t, s, "guess", "bedrock", "us-east-1", now, body)
		}, nil, 403, "InvalidSignatureException", "The request signature we calculated does not match the signature you provided."},
		{"wrong secret, not checked", func(t *testing.T, s *bedrocktest.Server) *http.Request {
			return signed(t, s, "guess", "bedrock", "us-east-1", now, body)
		}, &bedrocktest.Options{Off: []bedrocktest.Rule{"signature-v4"}}, 200, "", ""},
		{"body exchanged", func(t *testing.T, s *bedrocktest.Server) *http.Request {
			req := good(t, s)
			other, _ := http.NewRequest("POST", s.URL, strings.NewReader(strings.Replace(body, "hello", "adieu", 1)))
			req.Body, req.GetBody = other.Body, other.GetBody
			return req
		}, nil, 403, "InvalidSignatureException", "The request signature we calculated"},
		{"expired", func(t *testing.T, s *bedrocktest.Server) *http.Request {
			return signed(t, s, bedrocktest.SecretAccessKey, "bedrock", "us-east-1", now.Add(-6*time.Minute), body)
		}, nil, 403, "InvalidSignatureException", "Signature "},
		{"from the future", func(t *testing.T, s *bedrocktest.Server) *http.Request {
			return signed(t, s, bedrocktest.SecretAccessKey, "bedrock", "us-east-1", now.Add(6*time.Minute), body)
		}, nil, 403, "InvalidSignatureException", "Signature "},
		{"unknown key", good, &bedrocktest.Options{Credentials: map[string]string{"a": "b"}}, 403, "UnrecognizedClientException", "The security token included in the request is invalid."},
		{"own credentials", good, &bedrocktest.Options{Credentials: map[string]string{bedrocktest.AccessKeyID: bedrocktest.SecretAccessKey}}, 200, "", ""},
		{"lenient is about other rules", header("Authorization", ""), &bedrocktest.Options{Lenient: true}, 403, "MissingAuthenticationTokenException", "Missing Authentication Token"},
		{"not asked for", header("Authorization", ""), &bedrocktest.Options{Off: []bedrocktest.Rule{"authentication"}}, 200, "", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := bedrocktest.InMemory(always("ok"), row.options)
			resp, err := s.HTTPClient().Do(row.request(t, s))
			if err != nil {
				t.Fatal(err)
			}
			got := read(t, resp)
			if got.status != row.status {
				t.Fatalf("status %d, want %d: %s", got.status, row.status, got.body)
			}
			if row.status == 200 {
				return
			}
			errorType, message := got.failure(t)
			if !strings.HasPrefix(errorType, row.errorType+":") || !strings.HasPrefix(message, row.message) {
				t.Errorf("%s %q, want %s %q", errorType, message, row.errorType, row.message)
			}
			if strings.Contains(string(got.body), bedrocktest.AccessKeyID) {
				t.Errorf("the body shows the credential: %s", got.body)
			}
		})
	}
}

func TestBearer(t *testing.T) {
	withToken := func(token string) func(*bedrockruntime.Options) {
		return func(o *bedrockruntime.Options) {
			o.BearerAuthTokenProvider = bearer.StaticTokenProvider{Token: bearer.Token{Value: token}}
			o.AuthSchemePreference = []string{"httpBearerAuth"}
		}
	}
	s := bedrocktest.StartTLS(t, always("ok"), &bedrocktest.Options{BearerTokens: []string{"key"}})
	if _, err := s.Client(withToken("key")).Converse(t.Context(), sdkHello(sonnet45)); err != nil {
		t.Error(err)
	}
	if got := s.Calls()[0].Header.Get("Authorization"); got != "Bearer REDACTED" {
		t.Errorf("recorded authorization %q", got)
	}
	_, err := s.Client(withToken("other")).Converse(t.Context(), sdkHello(sonnet45))
	if denied, ok := asType[*types.AccessDeniedException](err); !ok || *denied.Message != "Authentication failed: Please make sure your API Key is valid." {
		t.Errorf("a wrong key gives %v", err)
	}

	for _, row := range []struct {
		name   string
		off    []bedrocktest.Rule
		status int
	}{{"refused without TLS", nil, 403}, {"not checked", []bedrocktest.Rule{"bearer-tls"}, 200}} {
		t.Run(row.name, func(t *testing.T) {
			s := bedrocktest.Start(t, always("ok"), &bedrocktest.Options{Off: row.off})
			req, err := http.NewRequest("POST", s.URL+"/model/"+sonnet45+"/converse", strings.NewReader(conversation(hello)))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", "Bearer key")
			resp, err := s.HTTPClient().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			if got := read(t, resp); got.status != row.status {
				t.Errorf("status %d, %s", got.status, got.body)
			}
		})
	}
}
