package bedrock_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/aws/smithy-go/transport/http/protocol/restjson1"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// A marking protocol is one of the caller's own that leaves its mark on requests
// and answers.
type marking struct {
	smithyhttp.ClientProtocol
	write func(next func(smithy.Serializable) error, in smithy.Serializable, req *smithyhttp.Request) error
}

func (p marking) SerializeRequest(ctx context.Context, op *smithy.OperationSchema, in smithy.Serializable, req *smithyhttp.Request) error {
	req.Header.Set("X-Mark", "written")
	next := func(in smithy.Serializable) error { return p.ClientProtocol.SerializeRequest(ctx, op, in, req) }
	if p.write == nil {
		return next(in)
	}
	return p.write(next, in, req)
}

func (p marking) DeserializeResponse(ctx context.Context, op *smithy.OperationSchema, types *smithy.TypeRegistry, resp *smithyhttp.Response, out smithy.Deserializable) error {
	err := p.ClientProtocol.DeserializeResponse(ctx, op, types, resp, out)
	return fmt.Errorf("marked: %w", err)
}

// belated is a failure that is a timeout, of a protocol.
type belated struct{}

func (belated) Error() string { return "no form in time" }
func (belated) Timeout() bool { return true }

// remodelled are clients that have a protocol, or steps, of the caller's own.
func remodelled() map[string]func(*bedrockruntime.Options) {
	mark := func(write func(next func(smithy.Serializable) error, in smithy.Serializable, req *smithyhttp.Request) error) func(*bedrockruntime.Options) {
		return func(o *bedrockruntime.Options) { o.Protocol = marking{o.Protocol, write} }
	}
	return map[string]func(*bedrockruntime.Options){
		"as usual":                   func(*bedrockruntime.Options) {},
		"no protocol":                func(o *bedrockruntime.Options) { o.Protocol = nil },
		"the SDK's protocol again":   func(o *bedrockruntime.Options) { o.Protocol = restjson1.New(nil) },
		"a protocol of the caller's": mark(nil),
		"a protocol that knows no payloads": mark(func(next func(smithy.Serializable) error, in smithy.Serializable, req *smithyhttp.Request) error {
			if err := next(in); err != nil {
				return err
			}
			changed, err := req.SetStream(strings.NewReader(`{"own":1}`))
			*req = *changed
			return err
		}),
		"a protocol that fails": mark(func(func(smithy.Serializable) error, smithy.Serializable, *smithyhttp.Request) error {
			return errors.New("no form")
		}),
		"a protocol that is slow": mark(func(func(smithy.Serializable) error, smithy.Serializable, *smithyhttp.Request) error {
			return belated{}
		}),
		"a step that takes the body": func(o *bedrockruntime.Options) {
			o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
				return stack.Build.Add(middleware.BuildMiddlewareFunc("bodiless", func(ctx context.Context, in middleware.BuildInput, next middleware.BuildHandler) (middleware.BuildOutput, middleware.Metadata, error) {
					in.Request.(*smithyhttp.Request).ContentLength = 0
					req, err := in.Request.(*smithyhttp.Request).SetStream(nil)
					if err != nil {
						return middleware.BuildOutput{}, middleware.Metadata{}, err
					}
					in.Request = req
					return next.HandleBuild(ctx, in)
				}), middleware.After)
			})
		},
		"a step that takes the SDK's reader of streams": func(o *bedrockruntime.Options) {
			o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
				_, _ = stack.Deserialize.Remove("OperationEventStreamDeserializer")
				return nil
			})
		},
		"a step that fails": func(o *bedrockruntime.Options) {
			o.APIOptions = append(o.APIOptions, func(*middleware.Stack) error { return errors.New("no steps") })
		},
		"a client that returns nothing": func(o *bedrockruntime.Options) {
			o.HTTPClient = roundTrip(func(*http.Request) (*http.Response, error) { return nil, nil })
		},
	}
}

// TestGoldensProtocols keeps what clients send, and what becomes of the answer
// and of a refusal, that have a protocol or steps of the caller's own.
func TestGoldensProtocols(t *testing.T) {
	var blocks []block
	all := remodelled()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		b := block{name: name}
		for _, d := range allDoors {
			for _, status := range []int{200, 400} {
				sent := "nothing"
				client := bedrockruntime.New(bedrockruntime.Options{Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", ""),
					AuthSchemePreference: []string{"sigv4"}, Retryer: aws.NopRetryer{}, HTTPClient: roundTrip(func(r *http.Request) (*http.Response, error) {
						sent = fmt.Sprintf("%s %s, marked %q, %s, %s", r.Method, r.URL.EscapedPath(), r.Header.Get("X-Mark"), r.Header.Get("Content-Type"), bodyOf(r))
						contentType, answer := d.answer()
						if status != 200 {
							contentType, answer = "application/json", []byte(`{"message":"Words."}`)
						}
						return respond(status, bytes.NewReader(answer), "Content-Type", contentType)(r)
					})}, all[name])
				m, err := bedrock.New(client, claude, &bedrock.Options{Format: d.format})
				if err != nil {
					t.Fatal(err)
				}
				resp, err := d.ask(t.Context(), m, hello)
				b.text += fmt.Sprintf("  %s: sent %s; %s\n", d, sent, became(resp, err))
			}
		}
		blocks = append(blocks, b)
	}
	checkGoldens(t, "protocols", blocks)
}

// bodyOf tells what the body of a request is to an HTTP client.
func bodyOf(r *http.Request) string {
	switch r.Body {
	case nil:
		return "no body"
	case http.NoBody:
		return "an empty body"
	}
	_, writes := r.Body.(io.WriterTo)
	data, err := io.ReadAll(r.Body)
	return fmt.Sprintf("%d claimed, writes itself %t, read with %v: %s", r.ContentLength, writes, err, data)
}

// TestGoldensStatuses keeps what becomes of answers of every status, with a body
// that would be right, one that explains, one that is none, and none at all.
func TestGoldensStatuses(t *testing.T) {
	var blocks []block
	for _, d := range allDoors {
		b := block{name: d.String()}
		for _, status := range []int{199, 200, 201, 204, 206, 299, 300, 301, 304, 307, 399, 400, 419, 499, 529, 599, 600} {
			contentType, right := d.answer()
			for what, body := range map[string][]byte{"an answer": right, "words": []byte(`{"message":"Words."}`), "HTML": []byte("<html>"), "nothing": nil} {
				m := newModel(t, claude, respond(status, bytes.NewReader(body), "Content-Type", contentType), &bedrock.Options{Format: d.format})
				resp, err := d.ask(t.Context(), m, hello)
				b.text += fmt.Sprintf("  %d %s: %s\n", status, what, became(resp, err))
			}
		}
		lines := splitLines(b.text)
		slices.Sort(lines)
		b.text = strings.Join(lines, "\n") + "\n"
		blocks = append(blocks, b)
	}
	checkGoldens(t, "statuses", blocks)
}

// signings are texts of refused signatures, some with the canonical request that
// holds what must not be shown.
var signings = []string{
	"One. Two.", "One.\nTwo.", "One\nTwo. Three.", "One", "One.", "\nTwo", ". Two", ". ", "One. ", "The Canonical String is this. Two.", "the canonical request is\nthis",
}

// waits are values of Retry-After.
var waits = []string{
	"", "0", "-0", "1", "2", "-1", "0.5", "1.5", " 3", "1e3", "1e9", "1e10", "1e400", "-1e400", "NaN", "Inf", "+Inf", "-Inf", "0x10", "x",
	"Sat, 01 Jan 2000 00:00:30 GMT", "Fri, 31 Dec 1999 23:59:59 GMT", "Saturday, 01-Jan-00 00:01:00 GMT", "Sat Jan  1 00:02:00 2000", "Sat, 01 Jan 2000",
}

// TestGoldensRefusals keeps how long refusals say to wait, how much of their
// words is shown, and how long a refusal may be.
func TestGoldensRefusals(t *testing.T) {
	told := func(status int, code, text, wait string) string {
		body, _ := json.Marshal(map[string]string{"message": text})
		m := newModel(t, claude, respond(status, bytes.NewReader(body), "X-Amzn-ErrorType", code, "Retry-After", wait, "Content-Type", "application/json"), nil)
		_, err := m.Generate(context.Background(), hello)
		e, ok := errors.AsType[*model.Error](err)
		if !ok {
			return fmt.Sprintf("%T", err)
		}
		return fmt.Sprintf("%s, after %v: %s", strings.TrimPrefix(e.Kind.Error(), "model: "), e.RetryAfter, visible.Replace(e.Message))
	}
	wait, sign, long := block{name: "waits"}, block{name: "signatures"}, block{name: "lengths"}
	synctest.Test(t, func(*testing.T) { // whose clock starts with the year 2000
		for _, w := range waits {
			wait.text += fmt.Sprintf("  %q: %s\n", w, told(429, "ThrottlingException", "Words.", w))
		}
	})
	for _, text := range signings {
		for _, code := range []string{"InvalidSignatureException", "ExpiredTokenException", "ValidationException", "AccessDeniedException", ""} {
			sign.text += fmt.Sprintf("  %s %q: %s\n", code, text, told(403, code, text, ""))
		}
	}
	for _, text := range []string{"You don't have access to the model.", "DON'T HAVE ACCESS TO THE MODEL"} {
		for _, code := range []string{"AccessDeniedException", "ValidationException", "ResourceNotFoundException"} {
			first := told(403, code, text, "")
			_, first, _ = strings.Cut(first, ": ")
			sign.text += fmt.Sprintf("  %s %q: %s\n  and again: %s\n", code, text, first, told(403, code, first, ""))
		}
	}
	if !full() {
		checkSample(t, "refusals", []block{wait, sign})
		return
	}
	const most = 1 << 20 // of a refusal's body that is read
	for _, row := range []struct{ length, behind int }{{most - 2, 0}, {most - 1, 0}, {most, 0}, {most, 1}, {most, 2}, {most - 1, 1}, {most - 1, 2}, {most + 1, 0}, {most + 2, 0}, {most, most}} {
		body := `{"message":"Words.","x":"` + strings.Repeat("x", row.length-27) + `"}` + strings.Repeat(" ", row.behind)
		for _, claimed := range []int64{-1, int64(len(body))} {
			m := newModel(t, claude, roundTrip(func(r *http.Request) (*http.Response, error) {
				resp, err := respond(400, strings.NewReader(body), "X-Amzn-ErrorType", "ValidationException", "Content-Type", "application/json")(r)
				resp.ContentLength = claimed
				return resp, err
			}), nil)
			_, err := m.Generate(t.Context(), hello)
			long.text += fmt.Sprintf("  %d bytes and %d behind, %d claimed: %s\n", len(body)-row.behind, row.behind, claimed, became(nil, err))
		}
	}
	checkGoldens(t, "refusals", []block{wait, sign, long})
}

// TestGoldensAttempts keeps which bodies are open when the SDK tries again, and
// what is read of a body behind its end.
func TestGoldensAttempts(t *testing.T) {
	reset := failing{fmt.Errorf("read: %w", syscall.ECONNRESET)}
	busy := []string{"X-Amzn-ErrorType", "ServiceUnavailableException", "Content-Type", "application/json"}
	var blocks []block
	for _, d := range allDoors {
		b := block{name: d.String()}
		contentType, answer := d.answer()
		right := []string{"Content-Type", contentType, "X-Amzn-Requestid", "rid-2"}
		half := func() io.Reader { return io.MultiReader(bytes.NewReader(answer[:len(answer)/2]), reset) }
		for _, row := range []struct {
			name string
			do   []roundTrip
		}{
			{"refused, answered", []roundTrip{respond(503, strings.NewReader(`{"message":"Words."}`), busy...), respond(200, bytes.NewReader(answer), right...)}},
			{"refused, refused, answered", []roundTrip{respond(503, strings.NewReader(`{"message":"Words."}`), busy...), respond(503, half(), busy...), respond(200, bytes.NewReader(answer), right...)}},
			{"broken, answered", []roundTrip{respond(200, half(), "Content-Type", contentType), respond(200, bytes.NewReader(answer), right...)}},
			{"broken for good", []roundTrip{respond(200, half(), "Content-Type", contentType), respond(200, half(), "Content-Type", contentType), respond(200, half(), "Content-Type", contentType)}},
			{"broken, refused", []roundTrip{respond(200, half(), "Content-Type", contentType), respond(503, strings.NewReader(`{"message":"Words."}`), busy...), respond(400, strings.NewReader(`{"message":"Words."}`))}},
		} {
			var bodies []*watched
			client := bedrockruntime.New(bedrockruntime.Options{Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", ""), AuthSchemePreference: []string{"sigv4"},
				Retryer: retry.NewStandard(func(o *retry.StandardOptions) {
					o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
				}),
				HTTPClient: roundTrip(func(r *http.Request) (*http.Response, error) {
					for i, w := range bodies {
						b.text += fmt.Sprintf("  %s: at attempt %d, body %d is closed %t\n", row.name, len(bodies), i, w.closed > 0)
					}
					resp, err := row.do[min(len(bodies), len(row.do)-1)](r)
					w := &watched{body: resp.Body}
					resp.Body, bodies = w, append(bodies, w)
					return resp, err
				})})
			m, err := bedrock.New(client, claude, &bedrock.Options{Format: d.format})
			if err != nil {
				t.Fatal(err)
			}
			resp, err := d.ask(t.Context(), m, hello)
			b.text += fmt.Sprintf("  %s: %s\n", row.name, became(resp, err))
			for i, w := range bodies {
				b.text += fmt.Sprintf("  %s: body %d is read %d times behind its end, closed %d times\n", row.name, i, w.behind, w.closed)
			}
		}
		blocks = append(blocks, b)
	}
	checkGoldens(t, "attempts", blocks)
}

// A watched body notes what is done with it.
type watched struct {
	body           io.Reader
	ended          bool
	behind, closed int
}

func (w *watched) Read(p []byte) (int, error) {
	if w.ended {
		w.behind++
	}
	n, err := w.body.Read(p)
	w.ended = w.ended || err != nil
	return n, err
}

func (w *watched) Close() error {
	w.closed++
	return nil
}

// TestGoldensEnded keeps what calls return whose context ends: before them,
// while they wait for an answer, and while they read it.
func TestGoldensEnded(t *testing.T) {
	var blocks []block
	for _, d := range allDoors {
		b := block{name: d.String()}
		contentType, answer := d.answer()
		for _, how := range []string{"cancelled", "cancelled for a reason", "out of time"} {
			for _, when := range []string{"before", "while it waits", "while it reads"} {
				synctest.Test(t, func(t *testing.T) {
					ctx, end := context.WithCancelCause(t.Context())
					defer end(nil)
					over := func() { end(nil) }
					switch how {
					case "cancelled for a reason":
						over = func() { end(errors.New("the user left")) }
					case "out of time":
						late, cancel := context.WithTimeout(ctx, time.Second)
						defer cancel()
						ctx, over = late, func() { time.Sleep(2 * time.Second) }
					}
					if when == "before" {
						over()
					}
					m := newModel(t, claude, roundTrip(func(r *http.Request) (*http.Response, error) {
						if when == "while it waits" {
							over()
							<-r.Context().Done()
							return nil, r.Context().Err()
						}
						body := io.MultiReader(bytes.NewReader(answer[:len(answer)/2]), readFunc(func([]byte) (int, error) {
							over()
							<-r.Context().Done()
							return 0, r.Context().Err()
						}))
						return respond(200, body, "Content-Type", contentType)(r)
					}), &bedrock.Options{Format: d.format})
					resp, err := d.ask(ctx, m, hello)
					b.text += fmt.Sprintf("  %s %s: %s", how, when, became(resp, err))
					if e, ok := errors.AsType[*model.Error](err); ok {
						b.text += fmt.Sprintf("; labelled %q %q %q: %v", e.Provider, e.Op, e.Model, err)
					}
					b.text += "\n"
				})
			}
		}
		blocks = append(blocks, b)
	}
	checkGoldens(t, "ended", blocks)
}

type readFunc func(p []byte) (int, error)

func (f readFunc) Read(p []byte) (int, error) { return f(p) }
