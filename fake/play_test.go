package fake_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

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
				kind model.ErrorKind
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
