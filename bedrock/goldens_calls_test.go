package bedrock_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	controlplane "github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/types"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/auth/bearer"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/aws/smithy-go/transport/http/protocol/restjson1"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// allDoors are the operations, and models that answer them.
var allDoors = []door{{op: "converse"}, {op: "converse-stream"}, {op: "count-tokens"}, {"invoke", bedrock.FormatAnthropic}, {"invoke-with-response-stream", bedrock.FormatAnthropic}}

// ask makes a call at a door.
func (d door) ask(ctx context.Context, m *bedrock.Model, req *model.Request) (resp *model.Response, err error) {
	switch {
	case d.op == "count-tokens":
		_, err = m.CountTokens(ctx, req)
	case d.stream():
		resp, err = m.Stream(ctx, req).Response()
	default:
		resp, err = m.Generate(ctx, req)
	}
	return resp, err
}

// became tells in a line what became of a call.
func became(resp *model.Response, err error) string {
	text := "answered"
	if err != nil {
		e, ok := errors.AsType[*model.Error](err)
		if !ok {
			return fmt.Sprintf("%T", err)
		}
		text = fmt.Sprintf("%s %q %d, request %q: %s; caused by %s", strings.TrimPrefix(e.Kind.Error(), "model: "), e.Code, e.Status, e.RequestID, ownWords(e.Message), causes(e.Err))
	}
	if resp != nil {
		text += fmt.Sprintf(" %q, usage known %t", resp.Text(), resp.Usage != nil && resp.Usage.Known)
		for _, w := range resp.Warnings {
			text += "; warned " + w.String()
		}
	}
	return visible.Replace(text)
}

// causes names the types of an error and of those in it, with the texts of the
// innermost ones and the members of exceptions.
func causes(err error) string {
	if err == nil {
		return "nothing"
	}
	if e, ok := errors.AsType[smithy.APIError](err); ok {
		return fmt.Sprintf("%T of %s, %s", e, e.ErrorCode(), ownWords(fmt.Sprintf("%q", e.ErrorMessage())))
	}
	inner := errors.Unwrap(err)
	if inner == nil {
		return fmt.Sprintf("%T %s", err, ownWords(fmt.Sprintf("%q", err)))
	}
	return fmt.Sprintf("%T, ", err) + causes(inner)
}

// original tells what the model behind the service has said, as exceptions of
// models hold it.
func original(err error) string {
	text := ""
	if e, ok := errors.AsType[*types.ModelStreamErrorException](err); ok {
		text = fmt.Sprintf(", originally %d %q", aws.ToInt32(e.OriginalStatusCode), aws.ToString(e.OriginalMessage))
	}
	if e, ok := errors.AsType[*types.ModelErrorException](err); ok {
		text = fmt.Sprintf(", originally %d of %q", aws.ToInt32(e.OriginalStatusCode), aws.ToString(e.ResourceName))
	}
	return text
}

// A foreign protocol is one of the caller's own, of a type that nobody knows.
type foreign struct{ smithyhttp.ClientProtocol }

// unexpected clients, by how they are made.
func unexpectedClients() map[string]func(*bedrockruntime.Options) {
	secret := strings.Repeat("Zm9v", 12)
	broken := func(err error) aws.CredentialsProvider {
		return aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return aws.Credentials{}, err })
	}
	elsewhere := func(change func(answered *http.Request)) func(o *bedrockruntime.Options) {
		return func(o *bedrockruntime.Options) {
			inner := o.HTTPClient
			o.HTTPClient = roundTrip(func(r *http.Request) (*http.Response, error) {
				resp, err := inner.Do(r)
				resp.Request = r.Clone(r.Context())
				change(resp.Request)
				return resp, err
			})
		}
	}
	return map[string]func(*bedrockruntime.Options){
		"as usual":       func(*bedrockruntime.Options) {},
		"no region":      func(o *bedrockruntime.Options) { o.Region = "" },
		"no keys":        func(o *bedrockruntime.Options) { o.Credentials = credentials.NewStaticCredentialsProvider("", "", "") },
		"keys that fail": func(o *bedrockruntime.Options) { o.Credentials = broken(errors.New("the vault is sealed")) },
		"keys that cannot be read": func(o *bedrockruntime.Options) {
			o.Credentials = broken(fmt.Errorf("parse %s: %w", secret, errors.New("no such profile")))
		},
		"a bearer token over HTTP": func(o *bedrockruntime.Options) {
			o.BaseEndpoint = aws.String("http://localhost:1")
			o.BearerAuthTokenProvider = bearer.StaticTokenProvider{Token: bearer.Token{Value: secret}}
			o.AuthSchemePreference = []string{"httpBearerAuth"}
		},
		"a bearer token": func(o *bedrockruntime.Options) {
			o.BearerAuthTokenProvider = bearer.StaticTokenProvider{Token: bearer.Token{Value: secret}}
			o.AuthSchemePreference = []string{"httpBearerAuth"}
		},
		"a preferred scheme that is not there": func(o *bedrockruntime.Options) { o.AuthSchemePreference = []string{"httpBearerAuth"} },
		"a protocol of the caller's":           func(o *bedrockruntime.Options) { o.Protocol = foreign{restjson1.New(nil)} },
		"a client that sends elsewhere":        elsewhere(func(r *http.Request) { r.URL.Host = "elsewhere.example" }),
		"a redirect that was followed": elsewhere(func(r *http.Request) {
			r.URL, r.Response = &url.URL{Scheme: "https", Host: "elsewhere.example", Path: "/"}, &http.Response{StatusCode: 302}
		}),
		"a redirect to the same":  elsewhere(func(r *http.Request) { r.Response = &http.Response{StatusCode: 307} }),
		"a copy of the request":   elsewhere(func(*http.Request) {}),
		"a request without a URL": elsewhere(func(r *http.Request) { r.URL = nil }),
		"an http.Client": func(o *bedrockruntime.Options) {
			inner := o.HTTPClient
			o.HTTPClient = &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) { return inner.Do(r) })}
		},
		"an http.Client that is redirected": func(o *bedrockruntime.Options) {
			o.HTTPClient = &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
				return respond(307, strings.NewReader("Elsewhere."), "Location", "https://elsewhere.example/")(r)
			})}
		},
		"an http.Client whose transport sends elsewhere": func(o *bedrockruntime.Options) {
			inner := o.HTTPClient
			o.HTTPClient = &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
				resp, err := inner.Do(r)
				resp.Request = r.Clone(r.Context())
				resp.Request.URL.Host = "elsewhere.example"
				return resp, err
			})}
		},
		"nobody who answers": func(o *bedrockruntime.Options) {
			o.HTTPClient = roundTrip(func(*http.Request) (*http.Response, error) { return nil, errors.New("unplugged " + secret) })
		},
	}
}

// TestGoldensClients keeps what is sent by clients that are made in unusual
// ways, and what becomes of it.
func TestGoldensClients(t *testing.T) {
	var blocks []block
	all := unexpectedClients()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		b := block{name: name}
		for _, d := range allDoors {
			sent := "nothing"
			client := roundTrip(func(r *http.Request) (*http.Response, error) {
				body, err := io.ReadAll(r.Body)
				if err != nil {
					return nil, err
				}
				scheme, _, _ := strings.Cut(r.Header.Get("Authorization"), " ")
				sent = fmt.Sprintf("%s %s%s, %s, signed by %s, %d bytes, %d claimed, another way to its body %t", r.Method, r.URL.Host, r.URL.EscapedPath(), r.Header.Get("Content-Type"), scheme, len(body), r.ContentLength, r.GetBody != nil)
				contentType, answer := d.answer()
				return respond(200, bytes.NewReader(answer), "Content-Type", contentType)(r)
			})
			options := bedrockruntime.Options{Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", ""),
				AuthSchemePreference: []string{"sigv4"}, HTTPClient: client, Retryer: aws.NopRetryer{}}
			all[name](&options)
			m, err := bedrock.New(bedrockruntime.New(options), "a b/ü:1", &bedrock.Options{Format: d.format, BaseModel: claude})
			if err != nil {
				t.Fatal(err)
			}
			resp, err := d.ask(t.Context(), m, hello)
			b.text += fmt.Sprintf("  %s: sent %s; %s\n", d, sent, became(resp, err))
		}
		blocks = append(blocks, b)
	}
	checkGoldens(t, "clients", blocks)
}

// A fitful body gives its bytes in an unusual way.
type fitful struct {
	rest []byte
	read func(f *fitful, p []byte) (int, error)
	turn bool
}

func (f *fitful) Read(p []byte) (int, error) { return f.read(f, p) }

func (f *fitful) some(p []byte, most int) int {
	n := copy(p[:min(len(p), most)], f.rest)
	f.rest = f.rest[n:]
	return n
}

// TestGoldensBodies keeps what becomes of answers whose bodies arrive in
// unusual ways, with unusual headers, or are too long.
func TestGoldensBodies(t *testing.T) {
	withoutRace(t)
	ways := map[string]func(f *fitful, p []byte) (int, error){
		"byte by byte": func(f *fitful, p []byte) (int, error) {
			if len(f.rest) == 0 {
				return 0, io.EOF
			}
			return f.some(p, 1), nil
		},
		"the end with the last bytes": func(f *fitful, p []byte) (int, error) {
			if n := f.some(p, 1<<20); len(f.rest) > 0 {
				return n, nil
			} else {
				return n, io.EOF
			}
		},
		"nothing between the bytes": func(f *fitful, p []byte) (int, error) {
			if len(f.rest) == 0 {
				return 0, io.EOF
			}
			f.turn = !f.turn
			if f.turn {
				return 0, nil
			}
			return f.some(p, 10), nil
		},
		"more than there is room for": func(f *fitful, p []byte) (int, error) { return len(p) + 1, nil },
		"less than nothing":           func(f *fitful, p []byte) (int, error) { return -1, nil },
		"as much as there is room for, endlessly": func(f *fitful, p []byte) (int, error) {
			if n := f.some(p, 1<<20); n > 0 {
				return n, nil
			}
			for i := range p {
				p[i] = ' '
			}
			return len(p), nil
		},
		"an error with the last bytes": func(f *fitful, p []byte) (int, error) {
			if n := f.some(p, 1<<20); len(f.rest) > 0 {
				return n, nil
			} else {
				return n, errors.New("unplugged")
			}
		},
	}
	var blocks []block
	for i, name := range slices.Sorted(maps.Keys(ways)) {
		if !inSample(i) {
			continue
		}
		b := block{name: name}
		for _, d := range allDoors {
			for _, row := range []struct {
				status  int
				claimed int64
				headers []string
			}{{200, -1, nil}, {200, 0, nil}, {200, 1 << 40, nil}, {400, -1, []string{"X-Amzn-ErrorType", "ValidationException"}}, {200, -2, []string{"Content-Type", "text/html; charset=utf-8"}}, {200, -2, []string{"Content-Type", "text;;"}}} {
				contentType, answer := d.answer()
				if row.status != 200 {
					answer = []byte(`{"message":"Words."}`)
				}
				opened, closed := 0, 0
				m := newModel(t, claude, roundTrip(func(r *http.Request) (*http.Response, error) {
					opened++
					resp, err := respond(row.status, &fitful{rest: answer, read: ways[name]}, append([]string{"Content-Type", contentType}, row.headers...)...)(r)
					resp.Body = &counted{resp.Body, &closed}
					if resp.ContentLength = row.claimed; row.claimed == 0 {
						resp.ContentLength = int64(len(answer))
					}
					return resp, err
				}), &bedrock.Options{Format: d.format})
				resp, err := d.ask(t.Context(), m, hello)
				b.text += fmt.Sprintf("  %s, status %d, %d claimed %s: %d bodies, %d closed; %s\n", d, row.status, row.claimed, strings.Join(row.headers[min(len(row.headers), 1):], ""), opened, closed, became(resp, err))
			}
		}
		blocks = append(blocks, b)
	}
	checkSample(t, "bodies", blocks)
}

// A counted body counts how often it is closed.
type counted struct {
	io.ReadCloser
	closed *int
}

func (c *counted) Close() error {
	*c.closed++
	return c.ReadCloser.Close()
}

// TestGoldensLearned keeps what calls do when the service refuses one setting
// after the other: what is sent, how often, what is said about it, and what the
// next calls have learned.
func TestGoldensLearned(t *testing.T) {
	temperature := [2]string{`"temperature"`, "`temperature` is deprecated for this model."}
	topP := [2]string{`"topP"`, "`top_p` is deprecated for this model."}
	prefill := [2]string{"assistant", "This model does not support assistant message prefill. The conversation must end with a user message."}
	effort := model.Request{Messages: hello.Messages, Thinking: &model.ThinkingConfig{Effort: "high"}}
	sampled := model.Request{Messages: hello.Messages, Temperature: new(0.5), TopP: new(0.5), TopK: 5, StopSequences: []string{"a"}}
	filled := model.Request{Messages: []model.Message{model.User("a"), model.Assistant("b")}, Temperature: new(0.5)}
	pictured := model.Request{Messages: []model.Message{model.UserParts(model.Text("a"), model.Image{MediaType: "image/png", Data: []byte("\x89PNG")})}, Temperature: new(0.5)}
	unread := func(context.Context) (*controlplane.GetInferenceProfileOutput, error) {
		return nil, errors.New("no such host")
	}
	var blocks []block
	for _, row := range []struct {
		name, id string
		req      model.Request
		refusals [][2]string
		options  *bedrock.Options
	}{
		{"one wish", tomorrow, sampled, [][2]string{temperature}, nil},
		{"two wishes", tomorrow, sampled, [][2]string{temperature, topP}, nil},
		{"all wishes", tomorrow, sampled, [][2]string{temperature, topP, {`"top_k"`, "`top_k` is deprecated for this model."}, {`"stopSequences"`, "This model doesn't support the stopSequences field. Remove stopSequences and try again."}}, nil},
		{"all of it", tomorrow, sampled, [][2]string{temperature, topP, {`Hello`, "`top_k` is deprecated for this model."}}, nil},
		{"the same again", tomorrow, sampled, [][2]string{{`Hello`, temperature[1]}}, nil},
		{"a wish, and something else", tomorrow, sampled, [][2]string{temperature, {`Hello`, "Input is too long for requested model."}}, nil},
		{"neither effort", "openai.gpt-7", effort, [][2]string{{`"reasoning"`, "Unknown parameter: 'reasoning'."}, {`"reasoning_effort"`, "Unknown parameter: 'reasoning_effort'."}}, nil},
		{"no other form", tomorrow, filled, [][2]string{temperature, prefill}, nil},
		{"no other form at once", tomorrow, filled, [][2]string{prefill}, nil},
		{"a file", tomorrow, pictured, [][2]string{temperature, {`image`, "This model doesn't support the image content block that you provided. Update the content block and try again."}}, nil},
		{"a file at once", claude, pictured, [][2]string{{`image`, "This model doesn't support the image field for user messages"}}, nil},
		{"a profile that cannot be read", profileARN, sampled, [][2]string{temperature, topP}, &bedrock.Options{Profiles: &profiles{answers: []func(context.Context) (*controlplane.GetInferenceProfileOutput, error){unread}}}},
		{"a profile", profileARN, sampled, [][2]string{temperature}, &bedrock.Options{Profiles: &profiles{answers: []func(context.Context) (*controlplane.GetInferenceProfileOutput, error){found("arn:aws:bedrock:us-east-1::foundation-model/" + tomorrow)}}}},
		{"a profile of a model that takes no such request", profileARN, model.Request{Messages: []model.Message{model.UserParts(model.Video{URI: "s3://b/k", MediaType: "video/mp4"})}}, nil, &bedrock.Options{Profiles: &profiles{answers: []func(context.Context) (*controlplane.GetInferenceProfileOutput, error){found("arn:aws:bedrock:us-east-1::foundation-model/" + sonnet45)}}}},
		{"a profile, asked for nothing", profileARN, model.Request{}, nil, &bedrock.Options{Profiles: &profiles{answers: []func(context.Context) (*controlplane.GetInferenceProfileOutput, error){found("arn:aws:bedrock:us-east-1::foundation-model/" + sonnet45)}}}},
		{"not at all", tomorrow, sampled, [][2]string{temperature}, &bedrock.Options{NoAdaptation: true}},
	} {
		b := block{name: row.name}
		for _, first := range []bool{false, true} {
			service := &picky{status: 400, refusals: row.refusals}
			options := bedrock.Options{}
			if row.options != nil {
				options = *row.options
			}
			m := newModel(t, row.id, roundTrip(service.do), &options)
			for call := range 3 {
				stream := first != (call == 1)
				prepared, before := &row.req, row.req.Clone()
				var resp *model.Response
				var err error
				if stream { // the caller may change the request once the call is made
					s := m.Stream(t.Context(), before)
					before.Temperature, before.Messages = new(0.125), nil
					resp, err = s.Response()
				} else {
					resp, err = m.Generate(t.Context(), prepared)
				}
				b.text += fmt.Sprintf("  call %d, stream %t: %s\n", call, stream, became(resp, err))
				for _, body := range service.bodies {
					b.text += "    " + visible.Replace(body) + "\n"
				}
				service.bodies = nil
			}
		}
		blocks = append(blocks, b)
	}
	checkGoldens(t, "learned", blocks)
}
