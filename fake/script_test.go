package fake_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/google/go-cmp/cmp"
)

// failures records what assertions say.
type failures struct{ lines []string }

func (f *failures) Helper() {}
func (f *failures) Errorf(format string, args ...any) {
	f.lines = append(f.lines, fmt.Sprintf(format, args...))
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
		{"pointer as a part", []fake.Turn{fake.Reply(&model.ToolCall{Name: "n"})}, `part 0 of the answer is a *model.ToolCall; parts are values, not pointers`},
		{"part without a JSON form", []fake.Turn{fake.Reply(model.Opaque{Kind: "k"})}, `the answer has no JSON form`},
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

func TestFuncKeepsItsResponse(t *testing.T) {
	kept := &model.Response{Message: model.AssistantParts(model.ToolCall{Name: "n"})}
	m := fake.New(fake.Func(func(context.Context, *model.Request) (*model.Response, error) { return kept, nil }).Always())
	for _, want := range []string{"call_1_1", "call_2_1"} {
		if resp, err := m.Generate(t.Context(), hello()); err != nil || resp.ToolCalls()[0].ID != want {
			t.Errorf("Generate = %v, %v; want the call %s", resp, err, want)
		}
	}
	if kept.StopReason != "" || kept.ToolCalls()[0].ID != "" {
		t.Errorf("the function's response was modified: %v", kept)
	}
}

func TestTurnsAreImmutable(t *testing.T) {
	nothing := func(*model.Response) {}
	pieces := []string{"a", "b"}
	base := fake.Text("ab").Split(pieces...).With(nothing).With(nothing).With(nil).With(nothing).Expect(nil) // three, so that appending has room
	pieces[0] = "changed"
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
