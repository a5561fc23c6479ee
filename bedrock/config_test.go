package bedrock_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/smithy-go/auth/bearer"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// isolate makes the SDK's default configuration depend on the test alone: no
// file and no metadata service of the machine. TestMain clears the variables.
func isolate(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(dir, "config"))
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(dir, "credentials"))
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	t.Setenv("HOME", dir)
	return dir
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestNewRefuses(t *testing.T) {
	usable := newClient(nil)
	tests := []struct {
		name   string
		client *bedrockruntime.Client
		id     string
		kind   model.ErrorKind
		says   string
	}{
		{"no client", nil, claude, model.ErrInvalidRequest, "the client is nil"},
		{"empty id", usable, "", model.ErrInvalidRequest, "the model id is empty"},
		{"blank id", usable, " \n", model.ErrInvalidRequest, "the model id is empty"},
		{"id with a line break", usable, claude + "\n", model.ErrInvalidRequest, "control character"},
		{"id with a bell", usable, "a\ab", model.ErrInvalidRequest, "control character"},
		{"id that is no UTF-8", usable, "a\xffb", model.ErrInvalidRequest, "control character"},
		{"malformed region", bedrockruntime.New(bedrockruntime.Options{Region: "us west", Credentials: credentials.NewStaticCredentialsProvider("AKID", "x", "")}), claude, model.ErrInvalidRequest, "is not an AWS region"},
		{"malformed endpoint", bedrockruntime.New(bedrockruntime.Options{Region: "us-east-1", BaseEndpoint: aws.String("localhost"), Credentials: credentials.NewStaticCredentialsProvider("AKID", "x", "")}), claude, model.ErrInvalidRequest, "the endpoint is not a URL"},
		{"no credentials", bedrockruntime.New(bedrockruntime.Options{Region: "us-east-1"}), claude, model.ErrAuthentication, "no credentials"},
		{"anonymous", bedrockruntime.New(bedrockruntime.Options{Region: "us-east-1", Credentials: aws.AnonymousCredentials{}}), claude, model.ErrAuthentication, "no credentials"},
		{"anonymous, cached", bedrockruntime.New(bedrockruntime.Options{Region: "us-east-1", Credentials: aws.NewCredentialsCache(aws.AnonymousCredentials{})}), claude, model.ErrAuthentication, "no credentials"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, err := bedrock.New(tt.client, tt.id, nil)
			e := asError(t, err)
			if m != nil || e.Kind != tt.kind || e.Op != "open" || e.Provider != "bedrock" || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("New = %v, %v; want %v that says %q", m, err, tt.kind, tt.says)
			}
		})
	}
}

// TestCallRefused makes calls with clients whose fault shows only in use.
func TestCallRefused(t *testing.T) {
	static := credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", "")
	token := bearer.StaticTokenProvider{Token: bearer.Token{Value: bearerToken}}
	tests := []struct {
		name    string
		options bedrockruntime.Options
		kind    model.ErrorKind
		says    string
	}{
		{"no region", bedrockruntime.Options{Credentials: static}, model.ErrInvalidRequest, "AWS_REGION"},
		{"bearer token over HTTP", bedrockruntime.Options{Region: "us-east-1", BaseEndpoint: aws.String("http://localhost:1"),
			BearerAuthTokenProvider: token, AuthSchemePreference: []string{"httpBearerAuth"}}, model.ErrAuthentication, "HTTPS"},
		{"empty keys", bedrockruntime.Options{Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("", "", "")}, model.ErrAuthentication, "static credentials are empty"},
	}
	for _, tt := range tests {
		for _, op := range operations {
			t.Run(tt.name+"/"+op.path, func(t *testing.T) {
				sent := 0
				tt.options.HTTPClient = roundTrip(func(r *http.Request) (*http.Response, error) {
					sent++
					return respond(403, strings.NewReader(`{"message":"no"}`))(r)
				})
				m, err := bedrock.New(bedrockruntime.New(tt.options), claude, nil)
				if err != nil {
					t.Fatal(err)
				}
				err = op.call(t, m)
				e := asError(t, err)
				if e.Kind != tt.kind || e.Op != labels[op.path] || model.Retryable(err) || !strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), bearerToken) {
					t.Errorf("error = %v, want %v that says %q", err, tt.kind, tt.says)
				}
				if tt.says != "" && sent != 0 {
					t.Errorf("%d requests were sent", sent)
				}
			})
		}
	}
}

// TestPreferredSchemeIsMissing: a client may prefer bearer tokens and have
// none. Its credentials sign, then.
func TestPreferredSchemeIsMissing(t *testing.T) {
	for _, op := range operations {
		rec := &recorder{}
		srv := httptest.NewServer(rec)
		t.Cleanup(srv.Close)
		m, err := bedrock.New(bedrockruntime.New(bedrockruntime.Options{
			Region: "us-east-1", BaseEndpoint: &srv.URL, HTTPClient: plainClient(t),
			Credentials:          credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", ""),
			AuthSchemePreference: []string{"httpBearerAuth"},
		}), claude, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := op.call(t, m); err != nil || !strings.HasPrefix(rec.requests[0].authorization, "AWS4-HMAC-SHA256 ") {
			t.Errorf("%s: %v, signed with %q", op.path, err, rec.requests[0].authorization)
		}
	}
}

// TestSigned checks what a server sees of each way to sign.
func TestSigned(t *testing.T) {
	tests := []struct {
		name          string
		options       bedrockruntime.Options
		authorization string // its beginning
		token         string
	}{
		{"static credentials", bedrockruntime.Options{Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", secretKey, "")},
			"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/", ""},
		{"temporary credentials", bedrockruntime.Options{Credentials: credentials.NewStaticCredentialsProvider("ASIAEXAMPLE", secretKey, sessionToken)},
			"AWS4-HMAC-SHA256 Credential=ASIAEXAMPLE/", sessionToken},
		{"bearer token", bedrockruntime.Options{BearerAuthTokenProvider: bearer.StaticTokenProvider{Token: bearer.Token{Value: bearerToken}}},
			"Bearer " + bearerToken, ""},
	}
	for _, tt := range tests {
		for _, op := range operations {
			t.Run(tt.name+"/"+op.path, func(t *testing.T) {
				rec := &recorder{}
				srv := httptest.NewTLSServer(rec)
				t.Cleanup(srv.Close)
				tt.options.Region, tt.options.BaseEndpoint, tt.options.HTTPClient = "eu-central-1", &srv.URL, srv.Client()
				m, err := bedrock.New(bedrockruntime.New(tt.options), claude, nil)
				if err != nil {
					t.Fatal(err)
				}
				if err := op.call(t, m); err != nil {
					t.Fatal(err)
				}
				got := rec.requests[0]
				if !strings.HasPrefix(got.authorization, tt.authorization) || got.token != tt.token {
					t.Errorf("authorization %q with token %q, want %q… with %q", got.authorization, got.token, tt.authorization, tt.token)
				}
				if !strings.HasPrefix(got.authorization, "Bearer") && !strings.Contains(got.authorization, "/eu-central-1/bedrock/aws4_request") {
					t.Errorf("authorization %q, want the scope of the region and of bedrock", got.authorization)
				}
			})
		}
	}
}

// TestOpenProfile opens a model with a named profile of the shared files.
func TestOpenProfile(t *testing.T) {
	rec := &recorder{}
	srv := httptest.NewServer(rec)
	t.Cleanup(srv.Close)
	dir := isolate(t)
	write(t, dir, "config", "[default]\nregion = us-east-1\n[profile work]\nregion = eu-west-3\nendpoint_url = "+srv.URL+"\n")
	write(t, dir, "credentials", "[default]\naws_access_key_id = AKIDDEFAULT\naws_secret_access_key = x\n[work]\naws_access_key_id = AKIDWORK\naws_secret_access_key = x\naws_session_token = "+sessionToken+"\n")
	t.Setenv("AWS_PROFILE", "work")
	m, err := bedrock.Open(t.Context(), claude, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(rec.requests) != 0 {
		t.Errorf("Open sent %d requests", len(rec.requests))
	}
	if _, err := m.Generate(t.Context(), hello); err != nil {
		t.Fatal(err)
	}
	got := rec.requests[0]
	if !strings.HasPrefix(got.authorization, "AWS4-HMAC-SHA256 Credential=AKIDWORK/") || !strings.Contains(got.authorization, "/eu-west-3/bedrock/") || got.token != sessionToken {
		t.Errorf("authorization %q with token %q, want those of the profile", got.authorization, got.token)
	}
}

// TestOpenEnvironment opens a model with nothing but environment variables.
func TestOpenEnvironment(t *testing.T) {
	rec := &recorder{}
	srv := httptest.NewServer(rec)
	t.Cleanup(srv.Close)
	isolate(t)
	t.Setenv("AWS_REGION", "eu-west-1")
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDENV")
	t.Setenv("AWS_SECRET_ACCESS_KEY", secretKey)
	t.Setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", srv.URL)
	m, err := bedrock.Open(t.Context(), claude, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Stream(t.Context(), hello).Response(); err != nil {
		t.Fatal(err)
	}
	if got := rec.requests[0].authorization; !strings.HasPrefix(got, "AWS4-HMAC-SHA256 Credential=AKIDENV/") || !strings.Contains(got, "/eu-west-1/bedrock/") {
		t.Errorf("authorization %q, want that of the environment", got)
	}
}

// TestOpenBearerToken: a bearer token in the environment goes over HTTPS and
// not over HTTP.
func TestOpenBearerToken(t *testing.T) {
	rec := &recorder{}
	srv := httptest.NewTLSServer(rec)
	t.Cleanup(srv.Close)
	isolate(t)
	t.Setenv("AWS_REGION", "eu-west-1")
	t.Setenv("AWS_BEARER_TOKEN_BEDROCK", bearerToken)

	cfg, err := config.LoadDefaultConfig(t.Context(), config.WithHTTPClient(srv.Client()), config.WithBaseEndpoint(srv.URL))
	if err != nil {
		t.Fatal(err)
	}
	m, err := bedrock.New(bedrockruntime.NewFromConfig(cfg), claude, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Generate(t.Context(), hello); err != nil {
		t.Fatal(err)
	}
	if got := rec.requests[0].authorization; got != "Bearer "+bearerToken {
		t.Errorf("authorization %q, want the bearer token", got)
	}

	t.Setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "http://localhost:1")
	m, err = bedrock.Open(t.Context(), claude, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = m.Generate(t.Context(), hello)
	if !errors.Is(err, model.ErrAuthentication) || !strings.Contains(err.Error(), "HTTPS") || strings.Contains(err.Error(), bearerToken) {
		t.Errorf("over HTTP: %v, want an error that asks for HTTPS", err)
	}
}

func TestOpenRefuses(t *testing.T) {
	tests := []struct {
		name, id string
		env      map[string]string
		config   string
		kind     model.ErrorKind
		says     string
	}{
		{"no region", claude, map[string]string{"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": secretKey}, "", model.ErrInvalidRequest, "AWS_REGION"},
		{"empty id", "", map[string]string{"AWS_REGION": "us-east-1"}, "", model.ErrInvalidRequest, "model id is empty"},
		{"unknown profile", claude, map[string]string{"AWS_PROFILE": "nobody"}, "", model.ErrInvalidRequest, `profile "nobody" is not in the shared configuration files; add it`},
		{"region of two words", claude, map[string]string{"AWS_REGION": "us west"}, "", model.ErrInvalidRequest, `"us west" is not an AWS region; set one such as us-east-1`},
		{"region with a line break", claude, map[string]string{"AWS_REGION": "us-east-1\n"}, "", model.ErrInvalidRequest, "is not an AWS region"},
		{"region that is a host", claude, map[string]string{"AWS_REGION": "example.com/"}, "", model.ErrInvalidRequest, "is not an AWS region"},
		{"endpoint without scheme", claude, map[string]string{"AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": "localhost:8080"}, "", model.ErrInvalidRequest, "the endpoint is not a URL"},
		{"endpoint with a password", claude, map[string]string{"AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": "ftp://me:" + secretKey + "@host"}, "", model.ErrInvalidRequest, "the endpoint is not a URL"},
		{"wrong variable", claude, map[string]string{"AWS_REGION": "us-east-1", "AWS_RETRY_MODE": "often"}, "", model.ErrInvalidRequest, "often"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			isolate(t)
			for name, value := range tt.env {
				t.Setenv(name, value)
			}
			m, err := bedrock.Open(t.Context(), tt.id, nil)
			e := asError(t, err)
			if m != nil || e.Kind != tt.kind || e.Op != "open" || !strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), secretKey) {
				t.Errorf("Open = %v, %v; want %v that says %q", m, err, tt.kind, tt.says)
			}
		})
	}
}

// TestOpenWithoutCredentials: that there are none is known when they are
// looked for, with the first call.
func TestOpenWithoutCredentials(t *testing.T) {
	isolate(t)
	t.Setenv("AWS_REGION", "us-east-1")
	t.Setenv("AWS_ENDPOINT_URL", "http://localhost:1")
	m, err := bedrock.Open(context.Background(), claude, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, op := range operations {
		err := op.call(t, m)
		if e := asError(t, err); e.Kind != model.ErrAuthentication || e.Op != labels[op.path] || !strings.Contains(err.Error(), "AWS_ACCESS_KEY_ID") {
			t.Errorf("%s: %v, want an authentication error that names what to set", op.path, err)
		}
	}
}

// TestModelNotEnabled: the service says that a model is not open to the
// account, and the error says what to do about it.
func TestModelNotEnabled(t *testing.T) {
	for _, op := range operations {
		m := newModel(t, claude, roundTrip(func(r *http.Request) (*http.Response, error) {
			resp, err := respond(403, strings.NewReader(`{"message":"You don't have access to the model with the specified model ID."}`))(r)
			resp.Header.Set("X-Amzn-ErrorType", "AccessDeniedException")
			return resp, err
		}), nil)
		err := op.call(t, m)
		e := asError(t, err)
		if e.Kind != model.ErrPermission || !strings.HasPrefix(e.Message, "You don't have access to the model with the specified model ID. Enable the model for this account and region under Model access") {
			t.Errorf("%s: error = %v, want one that says what to do", op.path, err)
		}
	}
}
