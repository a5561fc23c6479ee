package fake_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// failures records what assertions say.
type failures struct{ lines []string }

func (f *failures) Helper() {}
func (f *failures) Errorf(format string, args ...any) {
	f.lines = append(f.lines, fmt.Sprintf(format, args...))
}

var errBroken = errors.New("the line is broken")

// answers are turns whose answers have events of every kind.
var answers = map[string]fake.Turn{
	"text":     fake.Text("Hello, wörld"),
	"empty":    fake.Turn{},
	"thinking": fake.Thinking("let me see", "c2lnbmF0dXJl", model.Text("4")),
	"redacted": fake.Redacted([]byte("\xff\x00secret"), model.Text("4")),
	"calls":    fake.Reply(model.Text("looking"), fake.Call("a", `{"x":[1, 2.50]}`), fake.Call("b", ""), fake.Call("c", `{"x`)),
	"citation": fake.Reply(model.CitedText{Text: "so", Citations: []model.Citation{{Title: "T"}}}),
	"opaque":   fake.Reply(model.Opaque{Provider: "p", Kind: "k"}, model.Text("x")),
}

func TestGenerateIsCollectedStream(t *testing.T) {
	for name, turn := range answers {
		for size := range 20 {
			turn := turn.Pieces(size)
			want, err := fake.New(turn).Generate(t.Context(), hello())
			if err != nil {
				t.Fatalf("%s: Generate error = %v", name, err)
			}
			s := fake.New(turn).Stream(t.Context(), hello())
			if _, err := collect(s); err != nil {
				t.Fatalf("%s: stream error = %v", name, err)
			}
			got, err := s.Response()
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%s in pieces of %d: stream error = %v, response (-generate +stream)\n%s", name, size, err, diff)
			}
		}
	}
}

func TestBreakOffAtEveryEvent(t *testing.T) {
	for name, turn := range answers {
		all, err := collect(fake.New(turn.Pieces(2)).Stream(t.Context(), hello()))
		if err != nil {
			t.Fatal(err)
		}
		for n := range all {
			for _, end := range []struct {
				turn fake.Turn
				kind model.Kind
				err  error
			}{
				{turn.Pieces(2).CutAfter(n), model.ErrTruncated, nil},
				{turn.Pieces(2).FailAfter(n, errBroken), model.ErrUnknown, errBroken},
				{turn.Pieces(2).FailAfter(n, &model.Error{Kind: model.ErrThrottled}), model.ErrThrottled, nil},
			} {
				m := fake.New(end.turn)
				got, err := collect(m.Stream(t.Context(), hello()))
				if diff := cmp.Diff(all[:n], got, cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("%s broken off after %d: events (-want +got)\n%s", name, n, diff)
				}
				if !errors.Is(err, end.kind) || end.err != nil && !errors.Is(err, end.err) {
					t.Errorf("%s broken off after %d: error = %v, want %v", name, n, err, end.kind)
				}
				m.AssertDrained(t)
				resp, unary := fake.New(end.turn).Generate(t.Context(), hello())
				if resp != nil {
					t.Errorf("%s broken off after %d: Generate = %v, want nil", name, n, resp)
				}
				want, _ := errors.AsType[*model.Error](err)
				if want != nil {
					want.Op = "generate"
				}
				if !sameError(want, unary) {
					t.Errorf("%s broken off after %d: Generate error = %v, want the stream's, %v", name, n, unary, want)
				}
			}
		}
	}
}

// sameError reports whether two errors say the same and carry the same answer.
func sameError(a *model.Error, b error) bool {
	e, ok := b.(*model.Error)
	return ok && a != nil && a.Error() == e.Error() && cmp.Equal(a.Partial, e.Partial)
}

func TestFail(t *testing.T) {
	given := &model.Error{Kind: model.ErrThrottled, RetryAfter: time.Second, Code: "Slow"}
	m := fake.New(fake.Fail(given), fake.Fail(errBroken))
	_, err := m.Generate(t.Context(), hello())
	want := &model.Error{Kind: model.ErrThrottled, Provider: "fake", Op: "generate", Model: "fake", Code: "Slow", RetryAfter: time.Second}
	if diff := cmp.Diff(error(want), err); diff != "" {
		t.Errorf("error (-want +got)\n%s", diff)
	}
	if given.Op != "" {
		t.Errorf("the script's error was modified: %v", given)
	}
	_, err = collect(m.Stream(t.Context(), hello()))
	if !errors.Is(err, errBroken) || !errors.Is(err, model.ErrUnknown) {
		t.Errorf("error = %v, want %v of kind unknown", err, errBroken)
	}
}

func TestDelays(t *testing.T) {
	// a b c, done, finish: 5 events
	turn := fake.Text("abc").Pieces(1).After(time.Second).Every(100 * time.Millisecond)
	tests := []struct {
		name string
		turn fake.Turn
		want []time.Duration // of the events and of the end
	}{
		{"complete", turn, []time.Duration{1000, 1100, 1200, 1300, 1400, 1400}},
		{"cut", turn.CutAfter(2), []time.Duration{1000, 1100, 1200}},
		{"failing", turn.FailAfter(1, errBroken), []time.Duration{1000, 1100}},
		{"failing before anything", turn.FailAfter(0, errBroken), []time.Duration{1000}},
		{"failure", fake.Fail(errBroken).After(time.Second), []time.Duration{1000}},
	}
	for _, test := range tests {
		synctest.Test(t, func(t *testing.T) {
			m := fake.New(test.turn.Times(2))
			start := time.Now()
			var got []time.Duration
			for _, err := range m.Stream(t.Context(), hello()).Events() {
				if err == nil {
					got = append(got, time.Since(start)/time.Millisecond)
				}
			}
			got = append(got, time.Since(start)/time.Millisecond)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s: milliseconds (-want +got)\n%s", test.name, diff)
			}
			start = time.Now()
			m.Generate(t.Context(), hello())
			if got, want := time.Since(start)/time.Millisecond, test.want[len(test.want)-1]; got != want {
				t.Errorf("%s: Generate took %d ms, want %d", test.name, got, want)
			}
		})
	}
}

func TestContextEndsDelay(t *testing.T) {
	turn := fake.Text("abc").Pieces(1).After(time.Second).Every(time.Second)
	for n := range 6 { // during the wait for event n
		synctest.Test(t, func(t *testing.T) {
			cause := errors.New("the user left")
			ctx, cancel := context.WithCancelCause(t.Context())
			m := fake.New(turn)
			time.AfterFunc(time.Duration(n)*time.Second+time.Millisecond, func() { cancel(cause) })
			start := time.Now()
			got, err := collect(m.Stream(ctx, hello()))
			if n == 5 {
				if err != nil {
					t.Errorf("the context ended after the answer: error = %v", err)
				}
				return
			}
			if len(got) != n || !errors.Is(err, model.ErrCanceled) || !errors.Is(err, context.Canceled) || !errors.Is(err, cause) {
				t.Errorf("%d events, error = %v; want %d and the context's", len(got), err, n)
			}
			if d := time.Since(start); d != time.Duration(n)*time.Second+time.Millisecond {
				t.Errorf("the wait ended after %v", d)
			}
			if m.Open() != 0 {
				t.Errorf("Open = %d, want 0", m.Open())
			}
		})
	}
}

func TestDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := fake.New(fake.Text("x").After(time.Minute)).Generate(ctx, hello())
		if !errors.Is(err, model.ErrDeadline) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error = %v, want deadline exceeded", err)
		}
	})
}

func TestContextEndedBefore(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	m := fake.New(fake.Text("x"))
	if _, err := m.Generate(ctx, hello()); !errors.Is(err, model.ErrCanceled) {
		t.Errorf("Generate error = %v, want %v", err, model.ErrCanceled)
	}
	if _, err := collect(m.Stream(ctx, hello())); !errors.Is(err, model.ErrCanceled) {
		t.Errorf("Stream error = %v, want %v", err, model.ErrCanceled)
	}
	if _, err := m.CountTokens(ctx, hello()); !errors.Is(err, model.ErrCanceled) {
		t.Errorf("CountTokens error = %v, want %v", err, model.ErrCanceled)
	}
	m.AssertCalls(t, 0)
}

func TestOpen(t *testing.T) {
	m := fake.New(fake.Text("abc").Pieces(1).Always())
	for n := range 6 {
		seen := 0
		for range m.Stream(t.Context(), hello()).Events() {
			if m.Open() != 1 {
				t.Fatalf("Open = %d in the loop, want 1", m.Open())
			}
			if seen++; seen > n {
				break
			}
		}
		if m.Open() != 0 {
			t.Errorf("Open = %d after %d events, want 0", m.Open(), n)
		}
	}
	func() {
		defer func() { recover() }()
		for range m.Stream(t.Context(), hello()).Events() {
			panic("in the loop")
		}
	}()
	if m.Open() != 0 {
		t.Errorf("Open = %d after a panic, want 0", m.Open())
	}
	m.Stream(t.Context(), hello()) // never ranged over
	if m.Open() != 0 || m.Calls() != 7 {
		t.Errorf("Open, Calls = %d, %d; want 0, 7", m.Open(), m.Calls())
	}
}

func TestTurnOrder(t *testing.T) {
	m := fake.New(fake.Text("left out").Times(0), fake.Text("a"), fake.Text("b").Times(2), fake.Text("gone").Times(-1), fake.Text("c").Always())
	early := m.Stream(t.Context(), hello()) // goes out last
	var got []string
	for range 5 {
		resp, err := m.Generate(t.Context(), hello())
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, resp.Text())
	}
	resp, err := early.Response()
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, resp.RequestID)
	if want := []string{"a", "b", "b", "c", "c", "fake-6"}; !slices.Equal(got, want) {
		t.Errorf("answers = %q, want %q", got, want)
	}
	m.AssertDrained(t)
}

func TestFaults(t *testing.T) {
	refuse := func(*model.Request) error { return errBroken }
	tests := []struct {
		name  string
		turns []fake.Turn
		want  string
	}{
		{"no turn", nil, `call 1 does not fit the script: no turn is left for this request: user: "hello"`},
		{"not expected", []fake.Turn{fake.Text("x").Expect(refuse)}, `fake.Text("x") did not expect this request: the line is broken`},
		{"cut too late", []fake.Turn{fake.Text("x").CutAfter(3)}, `the answer cannot break off after 3 events: it has 3`},
		{"cut too early", []fake.Turn{fake.Text("x").CutAfter(-1)}, `the answer cannot break off after -1 events: it has 3`},
		{"split of something else", []fake.Turn{fake.Text("x").Split("y")}, `fake.Text("x"): Split(["y"]): no part of the answer is what the pieces add up to`},
		{"nil error", []fake.Turn{fake.Fail(nil)}, `Fail was given a nil error`},
		{"nil error after", []fake.Turn{fake.Text("x").FailAfter(1, nil)}, `FailAfter was given a nil error`},
		{"nil response", []fake.Turn{fake.Respond(nil)}, `the response is nil`},
		{"nil function", []fake.Turn{fake.Func(nil)}, `Func was given a nil function`},
		{"function returns nothing", []fake.Turn{fake.Func(func(context.Context, *model.Request) (*model.Response, error) { return nil, nil })}, `the response is nil`},
		{"nil part", []fake.Turn{fake.Reply(nil)}, `part 0 of the answer is nil`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := fake.New(test.turns...)
			_, err := model.Wrap(m, model.Retry(nil), model.Fallback(fake.New(fake.Text("hidden")))).Generate(t.Context(), hello())
			if !errors.Is(err, fake.ErrScript) || !errors.Is(err, model.ErrInvalidRequest) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error = %v, want ErrScript with %q", err, test.want)
			}
			if test.name == "not expected" && !errors.Is(err, errBroken) {
				t.Errorf("error = %v, want the check's own in it", err)
			}
			var f failures
			m.AssertDrained(&f)
			if len(f.lines) != 1 || !strings.Contains(f.lines[0], test.want) {
				t.Errorf("AssertDrained says %q, want %q", f.lines, test.want)
			}
		})
	}
}

func TestExhaustedShowsNoSecrets(t *testing.T) {
	req := &model.Request{
		Tools: []model.Tool{{Name: "weather"}, {Name: "time"}},
		Messages: []model.Message{
			model.System("be kind"), model.User("first"), model.Assistant("second"),
			model.UserParts(model.Text(strings.Repeat("é", 500)), model.Image{MediaType: "image/png", Data: []byte("BINARY")}),
			model.AssistantParts(model.Thinking{Text: "hm", Signature: "SIGNATURE"}, model.Thinking{Redacted: []byte("BINARY")}),
			model.User("last"),
		},
	}
	_, err := fake.New().Generate(t.Context(), req)
	got := fmt.Sprint(err)
	for _, want := range []string{"2 earlier messages", `user: "last"`, "tools weather, time", "é…", `"hm", signature of 9 bytes`} {
		if !strings.Contains(got, want) {
			t.Errorf("error = %s, want %q in it", got, want)
		}
	}
	for _, secret := range []string{"SIGNATURE", "BINARY", "QklOQVJZ"} {
		if strings.Contains(got, secret) {
			t.Errorf("error = %s, want it without %q", got, secret)
		}
	}
}

func TestAssertDrained(t *testing.T) {
	m := fake.New(fake.Text("a").Times(3), fake.Fail(errBroken), fake.Text("z").Always())
	m.Generate(t.Context(), hello())
	for range m.Stream(t.Context(), hello()).Events() {
		var f failures
		m.AssertDrained(&f)
		want := []string{
			`fake: after 2 calls the script still has: turn 1, fake.Text("a").Times(3), once; turn 2, fake.Fail(the line is broken), once`,
			`fake: 1 stream is still open`,
		}
		if diff := cmp.Diff(want, f.lines); diff != "" {
			t.Errorf("AssertDrained (-want +got)\n%s", diff)
		}
	}
	var f failures
	m.AssertCalls(&f, 3)
	if want := []string{"fake: got 2 calls, want 3"}; !slices.Equal(f.lines, want) {
		t.Errorf("AssertCalls says %q, want %q", f.lines, want)
	}
}

func TestInvalidRequest(t *testing.T) {
	m := fake.New(fake.Text("x"))
	for _, req := range []*model.Request{nil, {}, {Messages: []model.Message{{Role: "tool"}}}} {
		_, err := m.Generate(t.Context(), req)
		e, ok := errors.AsType[*model.Error](err)
		if !ok || e.Kind != model.ErrInvalidRequest || e.Provider != "fake" || e.Op != "generate" || errors.Is(err, fake.ErrScript) {
			t.Errorf("Generate error = %v, want an invalid request of fake's", err)
		}
		if _, err := collect(m.Stream(t.Context(), req)); !errors.Is(err, model.ErrInvalidRequest) {
			t.Errorf("Stream error = %v, want %v", err, model.ErrInvalidRequest)
		}
		if _, err := m.CountTokens(t.Context(), req); !errors.Is(err, model.ErrInvalidRequest) {
			t.Errorf("CountTokens error = %v, want %v", err, model.ErrInvalidRequest)
		}
	}
	m.AssertCalls(t, 0)
}

func TestNothingIsShared(t *testing.T) {
	parts := []model.Part{model.Thinking{Redacted: []byte("abc")}, model.ToolCall{ID: "1", Name: "n", Input: []byte(`{"a":1}`)}, model.JSON(`{"j":1}`)}
	usage := &model.Usage{CacheWrites: []model.CacheWrite{{Tokens: 1}}}
	turn := fake.Reply(parts...).Usage(usage).Always()
	scribble := func(all []model.Part) {
		for _, p := range all {
			switch p := p.(type) {
			case model.Thinking:
				copy(p.Redacted, "xxx")
			case model.ToolCall:
				copy(p.Input, "xxxxxxx")
			case model.JSON:
				copy(p, "xxxxxxx")
			}
		}
	}
	m := fake.New(turn)
	want, err := m.Generate(t.Context(), hello())
	if err != nil {
		t.Fatal(err)
	}
	want = want.Clone()
	scribble(parts)
	usage.CacheWrites[0].Tokens = 9
	for range 2 {
		got, err := m.Stream(t.Context(), hello()).Response()
		if err != nil {
			t.Fatal(err)
		}
		got.RequestID = want.RequestID
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("a later answer (-want +got)\n%s", diff)
		}
		scribble(got.Message.Parts)
		got.Usage.CacheWrites[0].Tokens = 9
	}
}

func TestRequestsAreCopies(t *testing.T) {
	m := fake.New(fake.Func(func(_ context.Context, req *model.Request) (*model.Response, error) {
		req.Messages[0].Parts[0] = model.Text("changed by the function")
		return &model.Response{Message: model.Assistant("x")}, nil
	}).Expect(func(req *model.Request) error {
		req.Messages[0].Parts[0] = model.Text("changed by the check")
		return nil
	}).Always())
	req := hello()
	s := m.Stream(t.Context(), req)
	req.Messages[0].Parts[0] = model.Text("changed by the caller")
	if _, err := s.Response(); err != nil {
		t.Fatal(err)
	}
	req = hello()
	if _, err := m.Generate(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(hello(), req); diff != "" {
		t.Errorf("the caller's request (-want +got)\n%s", diff)
	}
	req.Messages[0].Parts[0] = model.Text("changed by the caller")
	for _, r := range m.Requests() {
		r.Messages[0].Parts[0] = model.Text("changed by the test")
	}
	m.Request(0).Messages[0].Parts[0] = model.Text("changed by the test")
	for i := -2; i < 2; i++ {
		if diff := cmp.Diff(hello(), m.Request(i)); diff != "" {
			t.Errorf("Request(%d) (-want +got)\n%s", i, diff)
		}
	}
	if m.Request(2) != nil || m.Request(-3) != nil {
		t.Error("Request of a call that was not made is not nil")
	}
}

func TestTurnsAreImmutable(t *testing.T) {
	base := fake.Text("ab").Split("a", "b").With(func(*model.Response) {}).Expect(func(*model.Request) error { return nil })
	_ = base.Pieces(1).After(time.Hour).Times(5).CutAfter(1)
	one := base.With(func(r *model.Response) { r.RequestID = "one" })
	two := base.With(func(r *model.Response) { r.RequestID = "two" })
	for want, turn := range map[string]fake.Turn{"one": one, "two": two, "fake-1": base} {
		if resp, err := fake.New(turn).Generate(t.Context(), hello()); err != nil || resp.RequestID != want {
			t.Errorf("Generate = %v, %v; want request id %s", resp, err, want)
		}
	}
}

func TestConcurrentCalls(t *testing.T) {
	const n = 64
	var turns []fake.Turn
	for i := range n {
		turns = append(turns, fake.Text(fmt.Sprint(i+1)).Pieces(1))
	}
	m := fake.NewWith(&fake.Options{Cache: &fake.CacheOptions{}}, turns...)
	shared := &model.Request{Messages: []model.Message{model.User("hello")}, Cache: &model.CacheConfig{}}
	var wg sync.WaitGroup
	got := make([]string, n)
	for i := range n {
		wg.Go(func() {
			var resp *model.Response
			var err error
			if i%2 == 0 {
				resp, err = m.Generate(t.Context(), shared)
			} else {
				resp, err = m.Stream(t.Context(), shared).Response()
			}
			if err != nil {
				t.Errorf("call %d: %v", i, err)
				return
			}
			got[i] = resp.Text()
			if want := "fake-" + resp.Text(); resp.RequestID != want {
				t.Errorf("turn %s was handed to call %s", resp.Text(), resp.RequestID)
			}
			_ = m.Requests()
			_ = m.Open()
		})
	}
	wg.Wait()
	m.AssertDrained(t)
	m.AssertCalls(t, n)
	slices.Sort(got)
	if len(slices.Compact(got)) != n {
		t.Error("a turn was handed out twice")
	}
}
