package bedrocktest_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/internal/eventstream"
	"github.com/chatmodel-go/chatmodel/model"
)

// transports are the ways to reach a server.
var transports = map[string]func(*testing.T, model.ChatModel, *bedrocktest.Options) *bedrocktest.Server{
	"http": func(t *testing.T, m model.ChatModel, o *bedrocktest.Options) *bedrocktest.Server {
		return bedrocktest.Start(t, m, o)
	},
	"http2": func(t *testing.T, m model.ChatModel, o *bedrocktest.Options) *bedrocktest.Server {
		return bedrocktest.StartTLS(t, m, o)
	},
	"memory": func(t *testing.T, m model.ChatModel, o *bedrocktest.Options) *bedrocktest.Server {
		return bedrocktest.InMemory(m, o)
	},
}

// TestErrorsThenSuccess checks that the SDK's retries get past failures that do
// not last.
func TestErrorsThenSuccess(t *testing.T) {
	s := bedrocktest.InMemory(always("ok"), nil)
	s.Inject(bedrocktest.Throttle().Times(2))
	begun := time.Now()
	if _, err := s.Client().Converse(t.Context(), sdkHello(sonnet45)); err != nil {
		t.Error(err)
	}
	var attempts []string
	for _, c := range s.Calls() {
		attempts = append(attempts, c.Header.Get("Amz-Sdk-Request"))
	}
	if diff := cmp.Diff([]string{"attempt=1; max=3", "attempt=2; max=3", "attempt=3; max=3"}, attempts); diff != "" {
		t.Errorf("attempts after %v (-want +got):\n%s", time.Since(begun), diff)
	}
}

func TestHTTPErrors(t *testing.T) {
	for _, row := range []struct {
		fault   bedrocktest.Fault
		status  int
		code    string
		message string
	}{
		{bedrocktest.Throttle(), 429, "ThrottlingException", "Too many requests, please wait before trying again."},
		{bedrocktest.Fail(bedrocktest.Exception{}), 500, "InternalServerException", "The system encountered an unexpected error during processing. Try your request again."},
		{bedrocktest.Fail(bedrocktest.Exception{Code: "ThrottlingException", Message: "Too many tokens per day, please wait before trying again."}), 429, "ThrottlingException", "Too many tokens per day, please wait before trying again."},
		{bedrocktest.Fail(bedrocktest.Exception{Code: "ServiceUnavailableException"}), 503, "ServiceUnavailableException", "Bedrock is unable to process your request."},
		{bedrocktest.Fail(bedrocktest.Exception{Code: "ModelNotReadyException"}), 429, "ModelNotReadyException", "Model is not ready for inference. Wait and try your request again."},
		{bedrocktest.Fail(bedrocktest.Exception{Code: "ModelTimeoutException"}), 408, "ModelTimeoutException", "Model has timed out in processing the request. Try your request again."},
		{bedrocktest.Fail(bedrocktest.Exception{Code: "ExpiredTokenException"}), 403, "ExpiredTokenException", "The security token included in the request is expired"},
		{bedrocktest.Fail(bedrocktest.Exception{Code: "NewException", Status: 418, Message: "short and stout"}), 418, "NewException", "short and stout"},
	} {
		for _, operation := range []string{"converse", "converse-stream", "count-tokens"} {
			t.Run(row.code+"/"+operation, func(t *testing.T) {
				s := memory(always("ok"), nil)
				s.Inject(row.fault)
				a := post(t, s, sonnet45, operation, conversation(hello))
				if errorType, message := a.failure(t); a.status != row.status || !strings.HasPrefix(errorType, row.code+":") || message != row.message {
					t.Errorf("%d %s %q", a.status, errorType, message)
				}
				if got := s.Calls()[0].Exception; got == nil || got.Code != row.code || got.Status != row.status {
					t.Errorf("recorded %+v", got)
				}
			})
		}
	}
}

func TestFaultQueue(t *testing.T) {
	s := memory(always("ok"), &bedrocktest.Options{Fault: func(c bedrocktest.Call) bedrocktest.Fault {
		if c.ModelID == novaMicro && c.Request.Messages[0].Text() == "hello" {
			return bedrocktest.Fail(bedrocktest.Exception{Code: "ModelNotReadyException"})
		}
		return bedrocktest.Fault{}
	}})
	s.Inject(bedrocktest.Throttle().Times(2), bedrocktest.Throttle().Times(0), bedrocktest.Fault{}, bedrocktest.Fail(bedrocktest.Exception{Code: "ServiceUnavailableException"}))
	var got []int
	for range 6 {
		got = append(got, ask(t, s, sonnet45, conversation(hello)).status)
	}
	got = append(got, ask(t, s, novaMicro, conversation(hello)).status)
	if diff := cmp.Diff([]int{429, 429, 200, 503, 200, 200, 429}, got); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
}

// words is an answer of 8 frames: messageStart, four words, the end of the
// block, messageStop and metadata.
func words() *fake.Model { return fake.New(fake.Text("a b c d").Usage(nil).Always()) }

func TestStreamFaults(t *testing.T) {
	start := `messageStart {"role":"assistant"}`
	word := func(s string) string { return `contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"` + s + `"}}` }
	for _, row := range []struct {
		name  string
		fault bedrocktest.Fault
		want  []string
	}{
		{"exception at 0", bedrocktest.ExceptionAt(0, bedrocktest.Exception{Code: "ThrottlingException"}), []string{
			`exception throttlingException {"message":"Too many requests, please wait before trying again."}`}},
		{"exception at 2", bedrocktest.ExceptionAt(2, bedrocktest.Exception{Code: "ModelStreamErrorException", Message: "m", OriginalStatus: 529, OriginalMessage: "Overloaded"}), []string{
			start, word("a"), `exception modelStreamErrorException {"message":"m","originalMessage":"Overloaded","originalStatusCode":529}`}},
		{"error frame", bedrocktest.ErrorFrameAt(1, "InternalFailure", "oops"), []string{start, `error InternalFailure `}},
		{"unknown event", bedrocktest.EventAt(1, "hologram", `{"z":1}`).And(bedrocktest.ExceptionAt(2, bedrocktest.Exception{})), []string{
			start, `hologram {"z":1}`, word("a"),
			`exception internalServerException {"message":"The system encountered an unexpected error during processing. Try your request again."}`}},
		{"no stops", bedrocktest.DropStops().And(bedrocktest.ErrorFrameAt(6, "x", "")), []string{
			start, word("a"), word(" b"), word(" c"), word(" d"), `messageStop {"stopReason":"end_turn"}`, `error x `}},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := memory(words(), nil)
			s.Inject(row.fault)
			if diff := cmp.Diff(row.want, stream(t, s, sonnet45, conversation(hello))); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
		})
	}
}

func TestShapeFaults(t *testing.T) {
	turn := fake.Reply(model.Text("a b"), model.ToolCall{ID: "t", Name: "f", Input: []byte(`{"a":1}`)}).Pieces(4).Usage(&model.Usage{Known: true})
	start := `contentBlockStart {"contentBlockIndex":1,"start":{"toolUse":{"name":"f","toolUseId":"t","type":"tool_use"}}}`
	for _, row := range []struct {
		name  string
		fault bedrocktest.Fault
		want  []string
	}{
		{"no starts", bedrocktest.DropStarts(), []string{
			`contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"a b"}}`,
			`contentBlockStop {"contentBlockIndex":0}`,
			`contentBlockDelta {"contentBlockIndex":1,"delta":{"toolUse":{"input":""}}}`,
			`contentBlockDelta {"contentBlockIndex":1,"delta":{"toolUse":{"input":"{\"a\""}}}`,
			`contentBlockDelta {"contentBlockIndex":1,"delta":{"toolUse":{"input":":1}"}}}`,
			`contentBlockStop {"contentBlockIndex":1}`}},
		{"interleaved", bedrocktest.Interleave(), []string{
			`contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"a b"}}`,
			start,
			`contentBlockStop {"contentBlockIndex":0}`,
			`contentBlockDelta {"contentBlockIndex":1,"delta":{"toolUse":{"input":""}}}`,
			`contentBlockDelta {"contentBlockIndex":1,"delta":{"toolUse":{"input":"{\"a\""}}}`,
			`contentBlockDelta {"contentBlockIndex":1,"delta":{"toolUse":{"input":":1}"}}}`,
			`contentBlockStop {"contentBlockIndex":1}`}},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := memory(fake.New(turn), nil)
			s.Inject(row.fault)
			got := stream(t, s, sonnet45, conversation(hello))
			if diff := cmp.Diff(row.want, got[1:len(got)-2]); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
		})
	}
}

// TestFlips checks that the SDK notices damaged frames.
func TestFlips(t *testing.T) {
	for name, fault := range map[string]func(int) bedrocktest.Fault{
		"prelude": bedrocktest.FlipPrelude, "message": bedrocktest.FlipMessage, "payload": bedrocktest.FlipPayload} {
		t.Run(name, func(t *testing.T) {
			s := memory(words(), nil)
			s.Inject(fault(2))
			out, err := s.Client().ConverseStream(t.Context(), sdkStream(sdkHello(sonnet45)), ownProtocol)
			if err != nil {
				t.Fatal(err)
			}
			got := collect(out.GetStream())
			if err := out.GetStream().Err(); err == nil || !strings.Contains(err.Error(), "checksum mismatch") || got.text[0] != "a" {
				t.Errorf("the SDK says %v after %q", err, got.text[0])
			}

			s.Inject(fault(2))
			a := post(t, s, sonnet45, "converse-stream", conversation(hello))
			d := eventstream.NewDecoder(strings.NewReader(string(a.body)))
			for range 2 {
				if _, err := d.Next(); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := d.Next(); !errors.Is(err, eventstream.ErrChecksum) {
				t.Errorf("the third frame gives %v", err)
			}
		})
	}
}

// TestCuts ends bodies at byte n in every way, with a raw client watching.
func TestCuts(t *testing.T) {
	endings := map[string]bedrocktest.Ending{
		"clean": bedrocktest.Clean, "finished": bedrocktest.Finished, "reset": bedrocktest.Reset,
		"short": bedrocktest.ShortLength, "reset stream": bedrocktest.ResetStream}
	// How a read ends. A star is some error: HTTP/2 clients tell them apart by
	// which of their goroutines was first to see it.
	want := map[string]map[string]string{
		"http":   {"clean": "", "finished": "unexpected EOF", "reset": "connection reset", "short": "unexpected EOF", "reset stream": "unexpected EOF"},
		"memory": {"clean": "", "finished": "unexpected EOF", "reset": "connection reset", "short": "unexpected EOF", "reset stream": "stream error"},
		"http2":  {"clean": "", "finished": "unexpected EOF", "reset": "*", "short": "*", "reset stream": "stream error"},
	}
	for transport, start := range transports {
		whole := len(post(t, start(t, words(), unsigned(nil)), novaMicro, "converse-stream", conversation(hello)).body)
		for name, how := range endings {
			for _, n := range []int{0, 1, 150, whole - 1, whole} {
				t.Run(transport+"/"+name, func(t *testing.T) {
					s := start(t, words(), unsigned(nil))
					s.Inject(bedrocktest.Cut(n, how))
					resp, err := s.HTTPClient().Post(s.URL+"/model/"+novaMicro+"/converse-stream", "application/json", strings.NewReader(conversation(hello)))
					var data []byte
					if err == nil {
						data, err = io.ReadAll(resp.Body)
						resp.Body.Close()
					}
					w := want[transport][name]
					switch {
					case w == "" && err != nil, w != "" && err == nil:
						t.Errorf("cut at %d: %v, want %q", n, err, w)
					case w != "" && w != "*" && n > 1 && !strings.Contains(err.Error(), w):
						t.Errorf("cut at %d: %v, want %q", n, err, w)
					}
					// A reset may overtake what was sent before it.
					if len(data) > n || len(data) < n && how != bedrocktest.Reset && !(transport == "http2" && w != "") && n > 1 {
						t.Errorf("read %d bytes, want %d", len(data), n)
					}
					if how == bedrocktest.Reset && transport != "http2" && n > 1 && !errors.Is(err, syscall.ECONNRESET) {
						t.Errorf("cut at %d: %v is no reset", n, err)
					}
				})
			}
		}
	}
}

// TestCutUnary cuts the body of Converse.
func TestCutUnary(t *testing.T) {
	s := bedrocktest.Start(t, words(), nil)
	s.Inject(bedrocktest.Cut(20, bedrocktest.Finished))
	if _, err := s.Client().Converse(t.Context(), sdkHello(sonnet45)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("the SDK says %v", err)
	}
}

// TestForeignBodies sends answers that are not the service's.
func TestForeignBodies(t *testing.T) {
	s := bedrocktest.InMemory(words(), nil)
	m, err := bedrock.New(s.Client(), sonnet45, nil)
	if err != nil {
		t.Fatal(err)
	}
	req := &model.Request{Messages: []model.Message{model.User("hi")}}
	s.Inject(bedrocktest.Respond(200, "text/html", "<html>"))
	if _, err := m.Stream(t.Context(), req).Response(); !errors.Is(err, model.ErrMalformed) {
		t.Errorf("HTML for a stream: %v", err)
	}
	s.Inject(bedrocktest.Respond(200, "application/vnd.amazon.eventstream", ""))
	if _, err := m.Stream(t.Context(), req).Response(); !errors.Is(err, model.ErrTruncated) {
		t.Errorf("nothing for a stream: %v", err)
	}
	s.Inject(bedrocktest.Respond(200, "application/json", ""))
	if _, err := m.Generate(t.Context(), req); !errors.Is(err, model.ErrTruncated) {
		t.Errorf("nothing for an answer: %v", err)
	}
	s.Inject(bedrocktest.Respond(502, "text/html", "<html>Bad Gateway").Times(3))
	if _, err := m.Generate(t.Context(), req); !errors.Is(err, model.ErrUnavailable) {
		t.Errorf("a proxy's error: %v", err)
	}
}

// TestTime checks faults that take time, on synctest's clock.
func TestTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bedrocktest.InMemory(words(), nil)
		m, err := bedrock.New(s.Client(), sonnet45, nil)
		if err != nil {
			t.Fatal(err)
		}
		req := &model.Request{Messages: []model.Message{model.User("hi")}}
		for _, row := range []struct {
			name  string
			fault bedrocktest.Fault
			want  []time.Duration // when the words arrive
		}{
			{"at once", bedrocktest.Fault{}, []time.Duration{0, 0, 0, 0}},
			{"delay", bedrocktest.Delay(time.Minute), []time.Duration{time.Minute, time.Minute, time.Minute, time.Minute}},
			{"stall", bedrocktest.StallAt(3, time.Hour), []time.Duration{0, 0, time.Hour, time.Hour}},
		} {
			s.Inject(row.fault)
			begun := time.Now()
			var got []time.Duration
			for _, err := range m.Stream(t.Context(), req).Text() {
				if err != nil {
					t.Fatalf("%s: %v", row.name, err)
				}
				got = append(got, time.Since(begun))
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("%s: words at (-want +got):\n%s", row.name, diff)
			}
		}

		s.Inject(bedrocktest.Slow(10, time.Second))
		begun := time.Now()
		if _, err := m.Stream(t.Context(), req).Response(); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begun); took < 80*time.Second || took > 200*time.Second {
			t.Errorf("about a thousand bytes, ten a second, took %v", took)
		}

		s.Inject(bedrocktest.StallAt(3, -1))
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := m.Stream(ctx, req).Response(); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a stall without end: %v", err)
		}
		synctest.Wait()
		if n := s.Serving(); n != 0 {
			t.Errorf("%d calls are still being served", n)
		}

		s.Inject(bedrocktest.Delay(-1))
		ctx, cancel = context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := m.Generate(ctx, req); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("an answer that never begins: %v", err)
		}
	})
}

// TestLeaving leaves a stream early, over every transport.
func TestLeaving(t *testing.T) {
	for name, start := range transports {
		t.Run(name, func(t *testing.T) {
			left := make(chan struct{})
			endless := fake.New(fake.Func(func(ctx context.Context, _ *model.Request) (*model.Response, error) {
				context.AfterFunc(ctx, func() { close(left) })
				return &model.Response{Message: model.Assistant(strings.Repeat("word ", 100_000))}, nil
			}).Usage(nil))
			s := start(t, endless, nil)
			m, err := bedrock.New(s.Client(), sonnet45, nil)
			if err != nil {
				t.Fatal(err)
			}
			for range m.Stream(t.Context(), &model.Request{Messages: []model.Message{model.User("hi")}}).Text() {
				break
			}
			<-left
			for s.Serving() > 0 {
				time.Sleep(time.Millisecond) // the handler is on its way out
			}
			if call := s.Calls()[0]; call.Frames > 90_000 {
				t.Errorf("%d frames were sent to a client that has left", call.Frames)
			}
		})
	}
}

// failing fails with err, in a stream after a word.
type failing struct{ err error }

func (f failing) Generate(context.Context, *model.Request) (*model.Response, error) {
	return nil, f.err
}
func (f failing) Stream(ctx context.Context, _ *model.Request) *model.Stream {
	return model.NewStream(ctx, model.StreamInfo{}, func(_ context.Context, emit func(model.Event) bool) error {
		emit(model.Event{Kind: model.EventText, Text: "a"})
		return f.err
	})
}

// TestModelFailures checks what becomes of an error of the model behind the
// server.
func TestModelFailures(t *testing.T) {
	for _, row := range []struct {
		name   string
		err    error
		status int
		code   string
		text   string
		frame  string
	}{
		{"exception", &bedrocktest.Exception{Code: "ModelNotReadyException"}, 429, "ModelNotReadyException", "Model is not ready for inference. Wait and try your request again.", "modelStreamErrorException"},
		{"throttled", &model.Error{Kind: model.ErrThrottled}, 429, "ThrottlingException", "Too many requests, please wait before trying again.", "throttlingException"},
		{"overflow", &model.Error{Kind: model.ErrContextOverflow}, 400, "ValidationException", "Input is too long for requested model.", "validationException"},
		{"quota", &model.Error{Kind: model.ErrQuota}, 429, "ThrottlingException", "Too many tokens per day, please wait before trying again.", "throttlingException"},
		{"with a code", &model.Error{Kind: model.ErrProvider, Code: "ServiceUnavailableException", Message: "later"}, 503, "ServiceUnavailableException", "later", "serviceUnavailableException"},
		{"plain", errors.New("script broke"), 500, "InternalServerException", "script broke", "internalServerException"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := memory(failing{row.err}, nil)
			a := ask(t, s, sonnet45, conversation(hello))
			if errorType, message := a.failure(t); a.status != row.status || !strings.HasPrefix(errorType, row.code+":") || message != row.text {
				t.Errorf("%d %s %q", a.status, errorType, message)
			}
			got := stream(t, s, sonnet45, conversation(hello))
			if len(got) != 3 || !strings.HasPrefix(got[2], "exception "+row.frame+" {\"message\":"+quote(row.text)) {
				t.Errorf("stream %q", got)
			}
		})
	}
	t.Run("retry after", func(t *testing.T) {
		for _, err := range []error{&model.Error{Kind: model.ErrThrottled, RetryAfter: 1500 * time.Millisecond}, &bedrocktest.Exception{Code: "ThrottlingException", RetryAfter: 2 * time.Second}} {
			if got := ask(t, memory(failing{err}, nil), sonnet45, conversation(hello)).header.Get("Retry-After"); got != "2" {
				t.Errorf("%v: Retry-After %q", err, got)
			}
		}
	})
	t.Run("truncated", func(t *testing.T) {
		s := memory(failing{&model.Error{Kind: model.ErrTruncated}}, nil)
		if got := stream(t, s, sonnet45, conversation(hello)); len(got) != 2 {
			t.Errorf("stream %q", got)
		}
	})
	t.Run("connection lost", func(t *testing.T) {
		s := bedrocktest.Start(t, failing{&model.Error{Kind: model.ErrTransport}}, unsigned(nil))
		resp, err := s.HTTPClient().Post(s.URL+"/model/"+novaMicro+"/converse-stream", "application/json", strings.NewReader(conversation(hello)))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		if _, err := io.ReadAll(resp.Body); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("read ends with %v", err)
		}
		unary, err := s.HTTPClient().Post(s.URL+"/model/"+novaMicro+"/converse", "application/json", strings.NewReader(conversation(hello)))
		if err == nil {
			unary.Body.Close()
			t.Errorf("an answer of status %d over a connection that was lost", unary.StatusCode)
		}
	})
	t.Run("script at its end", func(t *testing.T) {
		a := ask(t, memory(fake.New(), nil), sonnet45, conversation(hello))
		if _, message := a.failure(t); a.status != 400 || !strings.Contains(message, "no turn is left") {
			t.Errorf("%d %q", a.status, message)
		}
	})
}

// TestExceptionsThroughSDK checks that the SDK recognizes each exception in the
// middle of a stream.
func TestExceptionsThroughSDK(t *testing.T) {
	for _, code := range []string{"ThrottlingException", "ModelStreamErrorException", "InternalServerException", "ValidationException", "ServiceUnavailableException"} {
		s := bedrocktest.InMemory(words(), nil)
		s.Inject(bedrocktest.ExceptionAt(3, bedrocktest.Exception{Code: code, Message: "m"}))
		out, err := s.Client().ConverseStream(t.Context(), sdkStream(sdkHello(sonnet45)), ownProtocol)
		if err != nil {
			t.Fatal(err)
		}
		got := collect(out.GetStream())
		if api, ok := asType[smithy.APIError](out.GetStream().Err()); !ok || api.ErrorCode() != code || api.ErrorMessage() != "m" || got.text[0] != "a b" {
			t.Errorf("%s: the SDK says %v after %q", code, out.GetStream().Err(), got.text[0])
		}
	}
	s := bedrocktest.InMemory(words(), nil)
	s.Inject(bedrocktest.Fail(bedrocktest.Exception{Code: "ModelErrorException", OriginalStatus: 529}))
	_, err := s.Client().Converse(t.Context(), sdkHello(sonnet45))
	if e, ok := asType[*types.ModelErrorException](err); !ok || *e.OriginalStatusCode != 529 {
		t.Errorf("the SDK says %v", err)
	}
}

func TestServerLimits(t *testing.T) {
	t.Run("body", func(t *testing.T) {
		s := memory(words(), &bedrocktest.Options{MaxBody: 100})
		if a := ask(t, s, sonnet45, conversation(user(text(strings.Repeat("x", 100))))); a.status != http.StatusRequestEntityTooLarge {
			t.Errorf("status %d, %s", a.status, a.body)
		}
	})
	t.Run("calls", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := memory(fake.New(fake.Text("x").After(time.Minute).Always()), &bedrocktest.Options{MaxCalls: 2})
			statuses := make(chan int)
			for range 3 {
				go func() { statuses <- ask(t, s, sonnet45, conversation(hello)).status }()
			}
			first := <-statuses
			second, third := <-statuses, <-statuses
			if first != 503 || second != 200 || third != 200 {
				t.Errorf("statuses %d %d %d", first, second, third)
			}
		})
	})
	t.Run("kept calls", func(t *testing.T) {
		s := memory(always("x"), &bedrocktest.Options{Keep: 2})
		for range 5 {
			ask(t, s, sonnet45, conversation(hello))
		}
		if calls := s.Calls(); len(calls) != 2 || calls[1].Number != 5 {
			t.Errorf("kept %d calls", len(calls))
		}
	})
}
