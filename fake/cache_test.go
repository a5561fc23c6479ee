package fake_test

import (
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/google/go-cmp/cmp"
)

// tens makes every tool and every part of a message count ten tokens.
func tens([]byte) int { return 10 }

func cached(o *fake.CacheOptions) *fake.Model {
	return fake.NewWith(&fake.Options{Cache: o, Tokens: tens}, fake.Text("x").Always())
}

// usage makes a call and returns what the answer says of its prompt.
func usage(t *testing.T, m *fake.Model, req *model.Request) model.Usage {
	t.Helper()
	resp, err := m.Generate(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	u := *resp.Usage
	u.OutputTokens = 0
	return u
}

func writes(ttl time.Duration, tokens int) []model.CacheWrite {
	return []model.CacheWrite{{TTL: ttl, Tokens: tokens}}
}

const (
	short = 5 * time.Minute
	long  = time.Hour
)

// prompt returns a request of one tool, one system text and the given texts
// by user and assistant in turn, with a cache point after each of the three.
func prompt(tool, system string, texts ...string) *model.Request {
	req := &model.Request{
		Tools:    []model.Tool{{Name: tool, Cache: &model.CachePoint{}}},
		Messages: []model.Message{model.SystemParts(model.Text(system), model.CachePoint{})},
	}
	for i, text := range texts {
		m := model.User(text)
		if i%2 == 1 {
			m = model.Assistant(text)
		}
		if i == len(texts)-1 {
			m.Parts = append(m.Parts, model.CachePoint{})
		}
		req.Messages = append(req.Messages, m)
	}
	return req
}

func TestCacheWritesThenReads(t *testing.T) {
	steps := []struct {
		name string
		req  *model.Request
		want model.Usage
	}{
		{"first", prompt("t", "s", "a"), model.Usage{Known: true, InputTokens: 30, CacheWriteTokens: 30, CacheWrites: writes(short, 30)}},
		{"again", prompt("t", "s", "a"), model.Usage{Known: true, InputTokens: 30, CacheReadTokens: 30}},
		{"longer", prompt("t", "s", "a", "b", "c"), model.Usage{Known: true, InputTokens: 50, CacheReadTokens: 30, CacheWriteTokens: 20, CacheWrites: writes(short, 20)}},
		{"longer still", prompt("t", "s", "a", "b", "c", "d", "e"), model.Usage{Known: true, InputTokens: 70, CacheReadTokens: 50, CacheWriteTokens: 20, CacheWrites: writes(short, 20)}},
		{"another conversation", prompt("t", "s", "z"), model.Usage{Known: true, InputTokens: 30, CacheReadTokens: 20, CacheWriteTokens: 10, CacheWrites: writes(short, 10)}},
		{"another system text", prompt("t", "r", "a"), model.Usage{Known: true, InputTokens: 30, CacheReadTokens: 10, CacheWriteTokens: 20, CacheWrites: writes(short, 20)}},
		{"another tool", prompt("u", "s", "a"), model.Usage{Known: true, InputTokens: 30, CacheWriteTokens: 30, CacheWrites: writes(short, 30)}},
		{"no cache points", &model.Request{Tools: []model.Tool{{Name: "t"}}, Messages: []model.Message{model.System("s"), model.User("a")}}, model.Usage{Known: true, InputTokens: 30}},
		{"points end early", &model.Request{Tools: []model.Tool{{Name: "t", Cache: &model.CachePoint{}}}, Messages: []model.Message{model.System("s"), model.User("a")}}, model.Usage{Known: true, InputTokens: 30, CacheReadTokens: 10}},
		{"same text by somebody else", &model.Request{Messages: []model.Message{model.SystemParts(model.Text("v"), model.CachePoint{}), model.User("q")}}, model.Usage{Known: true, InputTokens: 20, CacheWriteTokens: 10, CacheWrites: writes(short, 10)}},
		{"same text by the user", &model.Request{Messages: []model.Message{model.UserParts(model.Text("v"), model.CachePoint{})}}, model.Usage{Known: true, InputTokens: 10, CacheWriteTokens: 10, CacheWrites: writes(short, 10)}},
		{"the caller's own point goes first", &model.Request{Messages: []model.Message{model.UserParts(model.Text("own"), model.CachePoint{TTL: long})}, Cache: &model.CacheConfig{}}, model.Usage{Known: true, InputTokens: 10, CacheWriteTokens: 10, CacheWrites: writes(long, 10)}},
		{"automatic points", &model.Request{Tools: []model.Tool{{Name: "t"}}, Messages: []model.Message{model.User("n"), model.System("s")}, Cache: &model.CacheConfig{}}, model.Usage{Known: true, InputTokens: 30, CacheReadTokens: 20, CacheWriteTokens: 10, CacheWrites: writes(short, 10)}},
	}
	m := cached(&fake.CacheOptions{})
	for _, step := range steps {
		if diff := cmp.Diff(step.want, usage(t, m, step.req)); diff != "" {
			t.Errorf("%s: usage (-want +got)\n%s", step.name, diff)
		}
	}
	if caps, _ := model.CapabilitiesOf(m); !caps.PromptCaching {
		t.Error("the model does not claim prompt caching")
	}
}

func TestCacheLifetime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := cached(&fake.CacheOptions{})
		req := prompt("t", "s", "a")
		req.Tools[0].Cache.TTL = long
		all := []model.CacheWrite{{TTL: long, Tokens: 10}, {TTL: short, Tokens: 20}}
		steps := []struct {
			after time.Duration
			want  model.Usage
		}{
			{0, model.Usage{Known: true, InputTokens: 30, CacheWriteTokens: 30, CacheWrites: all}},
			{short - 1, model.Usage{Known: true, InputTokens: 30, CacheReadTokens: 30}},
			{short - 1, model.Usage{Known: true, InputTokens: 30, CacheReadTokens: 30}}, // it was prolonged
			{short, model.Usage{Known: true, InputTokens: 30, CacheReadTokens: 10, CacheWriteTokens: 20, CacheWrites: writes(short, 20)}},
			{long, model.Usage{Known: true, InputTokens: 30, CacheWriteTokens: 30, CacheWrites: all}},
		}
		for i, step := range steps {
			time.Sleep(step.after)
			if diff := cmp.Diff(step.want, usage(t, m, req)); diff != "" {
				t.Errorf("step %d: usage (-want +got)\n%s", i, diff)
			}
		}
	})
}

func TestCacheOptions(t *testing.T) {
	m := cached(&fake.CacheOptions{MinTokens: 25, TTL: time.Minute})
	want := model.Usage{Known: true, InputTokens: 30, CacheWriteTokens: 30, CacheWrites: writes(time.Minute, 30)}
	if diff := cmp.Diff(want, usage(t, m, prompt("t", "s", "a"))); diff != "" {
		t.Errorf("usage (-want +got)\n%s", diff)
	}
	exact := cached(&fake.CacheOptions{MinTokens: 20})
	usage(t, exact, prompt("t", "s", "a"))
	if got := usage(t, exact, prompt("t", "s", "b")).CacheReadTokens; got != 20 {
		t.Errorf("a prefix of just enough tokens: %d were read, want 20", got)
	}
	// Only the whole prompt was long enough to be written.
	if diff := cmp.Diff(want, usage(t, m, prompt("t", "s", "b"))); diff != "" {
		t.Errorf("usage of another question (-want +got)\n%s", diff)
	}
}

func TestFailedCallsWriteNothing(t *testing.T) {
	m := fake.NewWith(&fake.Options{Cache: &fake.CacheOptions{}, Tokens: tens}, fake.Fail(model.ErrThrottled), fake.Text("x").Always())
	m.Generate(t.Context(), prompt("t", "s", "a"))
	if got := usage(t, m, prompt("t", "s", "a")); got.CacheReadTokens != 0 {
		t.Errorf("the call after a failure reads %d tokens, want 0", got.CacheReadTokens)
	}
}

// FuzzCacheLaw checks the law of model.Usage on random prompts. Each prompt
// must at once read what it has just written.
func FuzzCacheLaw(f *testing.F) {
	for seed := range uint64(50) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		r := rand.New(rand.NewPCG(seed, 0))
		m := fake.NewWith(&fake.Options{Cache: &fake.CacheOptions{MinTokens: r.IntN(40)}}, fake.Text("x").Always())
		for range 8 {
			req := &model.Request{Messages: []model.Message{model.User("q")}}
			for range r.IntN(6) {
				msg := model.UserParts(model.Text([]string{"a", "bb", "a long text"}[r.IntN(3)]))
				msg.Role = []model.Role{model.RoleSystem, model.RoleUser, model.RoleAssistant}[r.IntN(3)]
				if r.IntN(2) == 0 {
					msg.Parts = append(msg.Parts, model.CachePoint{TTL: []time.Duration{0, long}[r.IntN(2)]})
				}
				req.Messages = append(req.Messages, msg)
			}
			if r.IntN(3) == 0 {
				req.Cache = &model.CacheConfig{}
			}
			first, second := usage(t, m, req), usage(t, m, req)
			for _, u := range []model.Usage{first, second} {
				sum := 0
				for _, w := range u.CacheWrites {
					sum += w.Tokens
				}
				if u.UncachedTokens() < 0 || u.CacheReadTokens < 0 || sum != u.CacheWriteTokens {
					t.Errorf("usage %+v breaks the law", u)
				}
			}
			want := model.Usage{Known: true, InputTokens: first.InputTokens, CacheReadTokens: first.CacheReadTokens + first.CacheWriteTokens}
			if diff := cmp.Diff(want, second); diff != "" {
				t.Errorf("the second of two calls, after %+v (-want +got)\n%s", first, diff)
			}
			if n, err := m.CountTokens(t.Context(), req); n != first.InputTokens || err != nil {
				t.Errorf("CountTokens = %d, %v; want %d", n, err, first.InputTokens)
			}
		}
	})
}
