package bedrock_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	controlplane "github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/auth/bearer"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// The canaries: each credential is one, with characters that are escaped
// somewhere. None of them may be seen in anything that is printed.
const (
	canaryKeyID   = "ASIACANARYKEYID00001"
	canarySecret  = "canary/secret+key/0000000000000000000000="
	canaryToken   = "canary/session+token/IQoJb3JpZ2luX2Vj=="
	canaryBearer  = "canary-bearer+token/QmVhcmVy=="
	canaryCookie  = "session=canary-cookie"
	canaryAnother = "canary-api-key"
)

// A signer brings the credentials of one kind.
var signers = map[string]func(*bedrockruntime.Options){
	"temporary credentials": func(o *bedrockruntime.Options) {
		o.Credentials = credentials.NewStaticCredentialsProvider(canaryKeyID, canarySecret, canaryToken)
		o.AuthSchemePreference = []string{"sigv4"}
	},
	"bearer token": func(o *bedrockruntime.Options) {
		o.BearerAuthTokenProvider = bearer.StaticTokenProvider{Token: bearer.Token{Value: canaryBearer}}
		o.AuthSchemePreference = []string{"httpBearerAuth"}
	},
}

// quoteOf returns the parts of a request that sign it.
func quoteOf(r *http.Request) string {
	return "Authorization: " + r.Header.Get("Authorization") + " token " + r.Header.Get("X-Amz-Security-Token") +
		" " + r.Header.Get("Cookie") + " " + r.Header.Get("X-Api-Key")
}

// spellings are the ways in which somebody may write what he quotes.
var spellings = map[string]func(string) string{
	"as it is":     func(s string) string { return s },
	"query escape": url.QueryEscape,
	"path escape":  url.PathEscape,
	"small escape": func(s string) string {
		return strings.NewReplacer("%2F", "%2f", "%2B", "%2b", "%3D", "%3d").Replace(url.QueryEscape(s))
	},
}

// numbered writes a text as JSON with nothing but escapes by number.
func numbered(s string) string {
	var b strings.Builder
	for _, r := range s {
		fmt.Fprintf(&b, `\u%04x`, r)
	}
	return `"` + b.String() + `"`
}

// betrayals are all the places where the other side can put a text that this
// side may show.
var betrayals = map[string]func(req *http.Request, quote string) (*http.Response, error){
	"transport": func(_ *http.Request, q string) (*http.Response, error) { return nil, errors.New("blocked: " + q) },
	"transport, wrapped": func(_ *http.Request, q string) (*http.Response, error) {
		return nil, fmt.Errorf("blocked: %w", &url.Error{Op: "Post", URL: "http://x", Err: errors.New(q)})
	},
	"transport, timeout": func(_ *http.Request, q string) (*http.Response, error) { return nil, quoting{q} },
	"message": func(_ *http.Request, q string) (*http.Response, error) {
		return refuse(403, `{"message":`+inQuotes(q)+`}`, "X-Amzn-Errortype", "InvalidSignatureException"), nil
	},
	"message in escapes": func(_ *http.Request, q string) (*http.Response, error) {
		return refuse(400, `{"message":`+numbered(q)+`}`, "X-Amzn-Errortype", "ValidationException"), nil
	},
	"code": func(_ *http.Request, q string) (*http.Response, error) {
		return refuse(400, `{"code":`+inQuotes(q)+`,"__type":`+inQuotes(q)+`}`), nil
	},
	"members": func(_ *http.Request, q string) (*http.Response, error) {
		return refuse(424, `{"message":"m","originalMessage":`+inQuotes(q)+`,"resourceName":`+numbered(q)+`}`, "X-Amzn-Errortype", "ModelErrorException"), nil
	},
	"html": func(_ *http.Request, q string) (*http.Response, error) {
		return refuse(502, "<html>"+q+"</html>", "Content-Type", "text/html"), nil
	},
	"error type": func(_ *http.Request, q string) (*http.Response, error) {
		return refuse(400, `{"message":"m"}`, "X-Amzn-Errortype", q), nil
	},
	"request id": func(_ *http.Request, q string) (*http.Response, error) {
		return refuse(400, `{"message":"m"}`, "X-Amzn-Requestid", q), nil
	},
	"retry after": func(_ *http.Request, q string) (*http.Response, error) {
		return refuse(429, `{"message":"m"}`, "Retry-After", q), nil
	},
	"redirect": func(_ *http.Request, q string) (*http.Response, error) {
		return refuse(302, q, "Location", "https://example.com/?"+q), nil
	},
	"media type": func(_ *http.Request, q string) (*http.Response, error) {
		return refuse(200, q, "Content-Type", "text/"+strings.Map(tokenRune, q), "X-Amzn-Requestid", q), nil
	},
	"body": func(_ *http.Request, q string) (*http.Response, error) {
		return refuse(200, `{"message":`+inQuotes(q)+`,"usage":`+inQuotes(q)+`}`, "Content-Type", "application/json", "X-Amzn-Requestid", q), nil
	},
	"body that is no JSON": func(_ *http.Request, q string) (*http.Response, error) {
		return refuse(200, q, "Content-Type", eventStream), nil
	},
	"model's error": func(_ *http.Request, q string) (*http.Response, error) {
		return refuse(200, `{"type":"error","error":{"type":`+inQuotes(q)+`,"message":`+numbered(q)+`}}`), nil
	},
	"model's error in a chunk": func(_ *http.Request, q string) (*http.Response, error) {
		return refuse(200, string(chunks(`{"type":"error","error":{"type":`+inQuotes(q)+`,"message":`+inQuotes(q)+`}}`)), "Content-Type", eventStream), nil
	},
	"exception": func(_ *http.Request, q string) (*http.Response, error) {
		return refuse(200, string(exception("validationException", `{"message":`+inQuotes(q)+`}`)), "Content-Type", eventStream), nil
	},
	"exception in escapes": func(_ *http.Request, q string) (*http.Response, error) {
		return refuse(200, string(exception("modelStreamErrorException", `{"message":`+numbered(q)+`,"originalMessage":`+numbered(q)+`}`)), "Content-Type", eventStream), nil
	},
	"exception's type": func(_ *http.Request, q string) (*http.Response, error) {
		return refuse(200, string(exception(q, `{}`)), "Content-Type", eventStream), nil
	},
	"error frame": func(_ *http.Request, q string) (*http.Response, error) {
		return refuse(200, string(errorFrame(q, q)), "Content-Type", eventStream), nil
	},
	"event type": func(_ *http.Request, q string) (*http.Response, error) {
		return refuse(200, string(event(q, `{`))+string(event("contentBlockDelta", inQuotes(q))), "Content-Type", eventStream), nil
	},
	"broken body": func(_ *http.Request, q string) (*http.Response, error) {
		resp := refuse(200, "", "Content-Type", eventStream)
		resp.Body = io.NopCloser(errorReader{errors.New(q)})
		return resp, nil
	},
	"stranger": func(_ *http.Request, q string) (*http.Response, error) {
		resp := refuse(200, "")
		resp.Request = &http.Request{URL: &url.URL{Scheme: "https", Host: q, Path: q}}
		return resp, nil
	},
}

type quoting struct{ text string }

func (q quoting) Error() string { return q.text }
func (q quoting) Timeout() bool { return true }

func inQuotes(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

// tokenRune keeps what a media type may hold.
func tokenRune(r rune) rune {
	if strings.ContainsRune(" :/=,;", r) {
		return -1
	}
	return r
}

func refuse(status int, body string, headers ...string) *http.Response {
	resp := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: -1}
	for i := 0; i < len(headers); i += 2 {
		resp.Header[headers[i]] = []string{headers[i+1]}
	}
	return resp
}

// TestNoErrorShowsACanary takes every path that can end in an error, with every
// operation and kind of credentials, and searches everything that can be
// printed of the error.
func TestNoErrorShowsACanary(t *testing.T) {
	walked := 0
	for signed, sign := range signers {
		for place, betray := range betrayals {
			for spelt, spell := range spellings {
				var sent []string // what the requests were signed with
				client := roundTrip(func(r *http.Request) (*http.Response, error) {
					r.Header.Set("Cookie", canaryCookie)
					r.Header.Set("X-Api-Key", canaryAnother)
					_, signature, _ := strings.Cut(r.Header.Get("Authorization"), "Signature=")
					sent = append(sent, signature)
					return betray(r, spell(quoteOf(r)))
				})
				// A middleware of the caller's adds a key before the request is
				// signed and sent.
				options := bedrockruntime.Options{Region: "us-east-1", HTTPClient: client, Retryer: aws.NopRetryer{}}
				sign(&options)
				for _, door := range []string{"converse", "invoke"} {
					m, err := bedrock.New(bedrockruntime.New(options), claude, nil)
					if door == "invoke" {
						m, err = bedrock.NewInvoke(bedrockruntime.New(options), claude, "", nil)
					}
					if err != nil {
						t.Fatal(err)
					}
					for _, op := range operations {
						sent = sent[:0]
						err := op.call(t, m)
						if err == nil {
							continue // an answer like another, to this operation
						}
						walked++
						for what, text := range shownOf(err) {
							for _, canary := range append([]string{canaryKeyID, canarySecret, canaryToken, canaryBearer}, sent...) {
								if canary != "" && holds(text, canary) {
									t.Errorf("%s, %s in %s, %s %s: %s shows %q: %s", signed, spelt, place, door, op.path, what, canary, text)
								}
							}
						}
					}
				}
			}
		}
	}
	if want := 900; walked < want {
		t.Errorf("%d errors were looked at, want %d or more", walked, want)
	}
}

// holds reports whether a text holds a canary in any spelling.
func holds(text, canary string) bool {
	for _, spell := range spellings {
		if strings.Contains(text, spell(canary)) {
			return true
		}
	}
	// In a media type, what does not fit was left out.
	return len(canary) > 30 && strings.Contains(text, strings.Map(tokenRune, canary))
}

// shownOf returns everything that can be printed of an error.
func shownOf(err error) map[string]string {
	all := map[string]string{}
	for _, verb := range []string{"%v", "%+v", "%s", "%q", "%#v", "%x", "%d"} {
		all[verb] = fmt.Sprintf(verb, err)
		all["wrapped "+verb] = fmt.Sprintf(verb, fmt.Errorf("asking: %w", err))
	}
	delete(all, "%x")
	delete(all, "wrapped %x")
	var walk func(err error, path string)
	walk = func(err error, path string) {
		all[path] = err.Error()
		switch e := err.(type) {
		case *model.Error:
			all[path+" fields"] = fmt.Sprint(e.Code, e.Message, e.RequestID, e.RetryAfter)
		case smithy.APIError:
			all[path+" of the SDK"] = e.ErrorCode() + e.ErrorMessage()
		}
		switch e := err.(type) {
		case interface{ Unwrap() error }:
			if inner := e.Unwrap(); inner != nil {
				walk(inner, path+" >")
			}
		case interface{ Unwrap() []error }:
			for _, inner := range e.Unwrap() {
				walk(inner, path+" >")
			}
		}
	}
	walk(err, "error")
	if e, ok := errors.AsType[smithy.APIError](err); ok {
		all["SDK's error"] = e.Error() + fmt.Sprintf("%+v", e)
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Error("failed", "err", err)
	slog.New(slog.NewTextHandler(&log, nil)).Error("failed", "err", err)
	all["log"] = log.String()
	return all
}

// TestConfigurationShowsNoCanary: nor do the errors of Open, and of credentials
// that cannot be read.
func TestConfigurationShowsNoCanary(t *testing.T) {
	for name, file := range map[string]string{
		"no section":        "aws_secret_access_key = " + canarySecret + "\n",
		"no value":          "[default]\naws_secret_access_key " + canarySecret + "\n",
		"half":              "[default]\naws_secret_access_key = " + canarySecret + "\n",
		"other half":        "[default]\naws_access_key_id = " + canaryKeyID + "\n",
		"process":           "[default]\ncredential_process = echo '{\"Version\":1,\"AccessKeyId\":\"" + canaryKeyID + "\",\"SecretAccessKey\":\"" + canarySecret + "\"'\n",
		"process, version":  "[default]\ncredential_process = echo '{\"Version\":3,\"AccessKeyId\":\"" + canaryKeyID + "\",\"SecretAccessKey\":\"" + canarySecret + "\"}'\n",
		"process, stderr":   "[default]\ncredential_process = sh -c 'echo " + canarySecret + " >&2; exit 1'\n",
		"source and secret": "[default]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = x\naws_secret_access_key = " + canarySecret + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			dir := isolate(t)
			if err := os.WriteFile(filepath.Join(dir, "credentials"), []byte(file), 0o600); err != nil {
				t.Fatal(err)
			}
			t.Setenv("AWS_REGION", "us-east-1")
			t.Setenv("AWS_ENDPOINT_URL", "http://localhost:1")
			m, err := bedrock.Open(t.Context(), claude, nil)
			if err == nil {
				_, err = m.Generate(t.Context(), hello)
			}
			if err == nil {
				t.Fatal("no error")
			}
			for what, text := range shownOf(err) {
				for _, canary := range []string{canaryKeyID, canarySecret} {
					if holds(text, canary) {
						t.Errorf("%s shows %q: %s", what, canary, text)
					}
				}
			}
		})
	}
}

// TestNothingPrintedShowsACanary prints everything that holds credentials, in
// every way, also inside a program's own struct.
func TestNothingPrintedShowsACanary(t *testing.T) {
	type holder struct {
		M     model.ChatModel
		m     model.ChatModel
		value any
	}
	for signed, sign := range signers {
		options := bedrockruntime.Options{Region: "us-east-1"}
		sign(&options)
		client := bedrockruntime.New(options)
		profiles := controlplane.New(controlplane.Options{Region: "us-east-1", Credentials: options.Credentials})
		for id, options := range map[string]*bedrock.Options{claude: nil, profileARN: {Profiles: profiles}} {
			converse, err := bedrock.New(client, id, options)
			if err != nil {
				t.Fatal(err)
			}
			invoke, err := bedrock.NewInvoke(client, id, bedrock.FormatAnthropic, options)
			if err != nil {
				t.Fatal(err)
			}
			failed := converse.Stream(t.Context(), nil)
			things := []any{converse, *converse, invoke, holder{converse, converse, *converse}, &holder{invoke, invoke, invoke}, []model.ChatModel{converse},
				map[string]any{"m": invoke}, converse.Stream(t.Context(), hello), failed, model.Wrap(converse), struct{ o any }{converse}}
			if options != nil {
				things = append(things, options, *options, []any{options})
			}
			for i, thing := range things {
				verbs := "v +v #v s q d x X t T p b o O e g c U"
				if i >= 11 { // options hold what the caller put there, which shows by verbs that make no sense
					verbs = "v +v #v s q d x X T p b o"
				}
				for what, text := range printed(thing, verbs) {
					for _, canary := range []string{canaryKeyID, canarySecret, canaryToken, canaryBearer} {
						if strings.Contains(text, canary) || strings.Contains(text, fmt.Sprintf("%x", canary)) || strings.Contains(text, fmt.Sprintf("%X", canary)) {
							t.Errorf("%s, %s: thing %d, a %T, by %s shows %q: %.300s", signed, id, i, thing, what, canary, text)
						}
					}
				}
			}
			// What is shown is of use.
			for verb, want := range map[string]string{"%v": "bedrock " + id + " (converse)", "%s": "bedrock " + id + " (converse)", "%d": "bedrock " + id + " (converse)",
				"%q": `"bedrock ` + id + ` (converse)"`, "%#v": `bedrock.Model{ID: "` + id + `", API: "converse"}`, "%x": fmt.Sprintf("%x", "bedrock "+id+" (converse)")} {
				if got := fmt.Sprintf(verb, converse); got != want {
					t.Errorf("%s = %s, want %s", verb, got, want)
				}
			}
			if got, want := fmt.Sprint(invoke), "bedrock "+id+" (invoke anthropic)"; got != want {
				t.Errorf("over InvokeModel = %s, want %s", got, want)
			}
			if got, err := json.Marshal(converse); err != nil || string(got) != `{"provider":"bedrock","model":"`+id+`","api":"converse"}` {
				t.Errorf("JSON = %s, %v", got, err)
			}
			var log bytes.Buffer
			slog.New(slog.NewTextHandler(&log, nil)).Info("asked", "of", converse)
			if want := "of.provider=bedrock of.model=" + id + " of.api=converse"; !strings.Contains(log.String(), want) {
				t.Errorf("log = %s, want %s in it", log.String(), want)
			}
		}
	}
}

// printed returns a thing in all ways to print it.
func printed(thing any, verbs string) map[string]string {
	all := map[string]string{}
	for _, verb := range strings.Split(verbs, " ") {
		all["%"+verb] = fmt.Sprintf("%"+verb, thing)
	}
	data, err := json.Marshal(thing)
	all["JSON"] = string(data) + fmt.Sprint(err)
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("m", "thing", thing)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("m", "thing", thing)
	all["slog"] = log.String()
	func() {
		defer func() { all["panic"] = fmt.Sprint(recover()) }()
		panic(thing)
	}()
	return all
}
