package cache_test

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/cache"
)

func hello() *model.Request {
	return &model.Request{Messages: []model.Message{model.User("Hi")}}
}

// A setting is a provider's own.
type setting struct {
	Name  string
	Level *float64
	More  map[string]any
}

func (setting) OptionsFor() string                     { return "p" }
func (s setting) CloneOptions() model.ProviderOptions  { return s }
func (opaque) OptionsFor() string                      { return "p" }
func (o opaque) CloneOptions() model.ProviderOptions   { return o }
func (callback) OptionsFor() string                    { return "p" }
func (c callback) CloneOptions() model.ProviderOptions { return c }

// These cannot be read.
type opaque struct{ hidden int }
type callback struct{ F func() }

// TestHits: the second time nothing is asked, whichever way, and what comes is
// what came.
func TestHits(t *testing.T) {
	turn := fake.Reply(model.Thinking{Text: "hm", Signature: "sig"}, model.Text("Hello there."), fake.Call("f", `{"a":1}`)).
		Usage(&model.Usage{Known: true, InputTokens: 3, OutputTokens: 4, CacheReadTokens: 1}).With(func(r *model.Response) {
		r.Warnings = []model.Warning{{Action: model.WarningDropped, Field: "f", Reason: "r"}}
	})
	ways := map[string]func(model.ChatModel) (*model.Response, error){
		"Generate": func(m model.ChatModel) (*model.Response, error) { return m.Generate(t.Context(), hello()) },
		"Stream":   func(m model.ChatModel) (*model.Response, error) { return m.Stream(t.Context(), hello()).Response() },
	}
	dir, err := cache.NewDir(filepath.Join(t.TempDir(), "a", "b"))
	if err != nil {
		t.Fatal(err)
	}
	for first, ask := range ways {
		for second, again := range ways {
			for name, store := range map[string]cache.Store{"memory": cache.NewMemory(), "dir": dir} {
				hits := 0
				inner := fake.New(turn)
				llm := model.Wrap(inner, cache.New(store, &cache.Options{Salt: first + second, OnHit: func(context.Context, *model.Request) { hits++ }}))
				want, err := ask(llm)
				if err != nil {
					t.Fatal(err)
				}
				got, err := again(llm)
				if err != nil {
					t.Fatal(err)
				}
				if d := cmp.Diff(want, got); d != "" || inner.Calls() != 1 || hits != 1 {
					t.Errorf("%s, %s then %s: %d calls, %d hits, answer (-want +got)\n%s", name, first, second, inner.Calls(), hits, d)
				}
			}
		}
	}
}

// TestStreamFromCache: the events are those of a stream.
func TestStreamFromCache(t *testing.T) {
	llm := model.Wrap(fake.New(fake.Text("Hello there.")), cache.New(cache.NewMemory(), nil))
	for range 2 {
		text := ""
		for piece, err := range llm.Stream(t.Context(), hello()).Text() {
			if err != nil {
				t.Fatal(err)
			}
			text += piece
		}
		if text != "Hello there." {
			t.Errorf("text = %q", text)
		}
	}
}

// TestKeys: whatever differs between two calls makes them two.
func TestKeys(t *testing.T) {
	differ := map[string]func(*model.Request){
		"messages": func(r *model.Request) { r.Messages = append(r.Messages, model.Assistant("x"), model.User("y")) },
		"part":     func(r *model.Request) { r.Messages[0].Parts[0] = model.Text("Hi!") },
		"tools":    func(r *model.Request) { r.Tools = []model.Tool{{Name: "f"}} },
		"tool schema": func(r *model.Request) {
			r.Tools = []model.Tool{{Name: "f", InputSchema: json.RawMessage(`{"type":"object"}`)}}
		},
		"tool choice": func(r *model.Request) {
			r.Tools, r.ToolChoice = []model.Tool{{Name: "f"}}, model.ToolChoice{Mode: model.ToolsAny}
		},
		"max tokens":     func(r *model.Request) { r.MaxTokens = 5 },
		"temperature 0":  func(r *model.Request) { r.Temperature = new(0.0) },
		"temperature 1":  func(r *model.Request) { r.Temperature = new(1.0) },
		"top p":          func(r *model.Request) { r.TopP = new(0.5) },
		"top k":          func(r *model.Request) { r.TopK = 5 },
		"stop sequences": func(r *model.Request) { r.StopSequences = []string{"x"} },
		"thinking":       func(r *model.Request) { r.Thinking = &model.ThinkingConfig{Effort: "low"} },
		"output":         func(r *model.Request) { r.Output = &model.OutputFormat{Schema: json.RawMessage(`{"type":"object"}`)} },
		"cache":          func(r *model.Request) { r.Cache = &model.CacheConfig{} },
		"options":        func(r *model.Request) { r.ProviderOptions = []model.ProviderOptions{setting{Name: "a"}} },
		"options' field": func(r *model.Request) { r.ProviderOptions = []model.ProviderOptions{setting{Name: "b"}} },
		"options' level": func(r *model.Request) {
			r.ProviderOptions = []model.ProviderOptions{setting{Name: "b", Level: new(0.5)}}
		},
		"options' map": func(r *model.Request) {
			r.ProviderOptions = []model.ProviderOptions{setting{More: map[string]any{"x": 1}}}
		},
		"options' map 2": func(r *model.Request) {
			r.ProviderOptions = []model.ProviderOptions{setting{More: map[string]any{"x": "1"}}}
		},
		"pointer": func(r *model.Request) { r.ProviderOptions = []model.ProviderOptions{&setting{Name: "a"}} },
	}
	if n := reflect.TypeFor[model.Request]().NumField(); n != 12 {
		t.Errorf("model.Request has %d fields, this test knows 12", n)
	}
	store := cache.NewMemory()
	asked := 0
	llm := model.Wrap(fake.New(fake.Func(func(context.Context, *model.Request) (*model.Response, error) {
		asked++
		return &model.Response{Message: model.Assistant("x")}, nil
	}).Always()), cache.New(store, nil))
	for range 2 {
		if _, err := llm.Generate(t.Context(), hello()); err != nil {
			t.Fatal(err)
		}
		for name, edit := range differ {
			req := hello()
			edit(req)
			if _, err := llm.Generate(t.Context(), req); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if want := 1 + len(differ); asked != want || store.Len() != want {
		t.Errorf("%d calls and %d answers, want %d of both: one for each request", asked, store.Len(), want)
	}

	// The order of a map is not a difference.
	many := map[string]any{"a": 1, "b": 2, "c": 3, "d": []string{"x"}, "e": nil}
	for range 20 {
		req := hello()
		req.ProviderOptions = []model.ProviderOptions{setting{More: many}}
		llm.Generate(t.Context(), req)
	}
	if want := 2 + len(differ); asked != want {
		t.Errorf("%d calls, want %d: a map is the same each time", asked, want)
	}
}

// TestModels: another model, provider, interface or salt is another key.
func TestModels(t *testing.T) {
	store := cache.NewMemory()
	for i, m := range []struct {
		model.Info
		salt string
	}{
		{model.Info{Provider: "p", Model: "m"}, ""},
		{model.Info{Provider: "p", Model: "n"}, ""},
		{model.Info{Provider: "q", Model: "m"}, ""},
		{model.Info{Provider: "p", Model: "m", API: "converse"}, ""},
		{model.Info{Provider: "p", Model: "m"}, "v2"},
		{model.Info{Provider: "pm", Model: "", API: ""}, ""}, // does not say which one it is
	} {
		var why error
		llm := model.Wrap(told{fake.New(fake.Text("x").Always()), m.Info}, cache.New(store, &cache.Options{Salt: m.salt,
			OnBypass: func(_ context.Context, _ *model.Request, err error) { why = err }}))
		if _, err := llm.Generate(t.Context(), hello()); err != nil {
			t.Fatal(err)
		}
		if want := min(i+1, 5); store.Len() != want || (why != nil) != (m.Model == "") {
			t.Errorf("%+v: %d answers, want %d; bypassed: %v", m, store.Len(), want, why)
		}
	}
}

type told struct {
	model.ChatModel
	info model.Info
}

func (t told) Info() model.Info { return t.info }

// TestNotCached: what is no answer, or has no key, is asked for each time.
func TestNotCached(t *testing.T) {
	for name, tt := range map[string]struct {
		turn    fake.Turn
		options model.ProviderOptions
		why     string
	}{
		"error":              {turn: fake.Fail(model.ErrThrottled)},
		"cut":                {turn: fake.Text("one two three").CutAfter(2)},
		"unexported field":   {fake.Text("x"), opaque{1}, "provider_options[0]: the field hidden of cache_test.opaque is not exported"},
		"function":           {fake.Text("x"), callback{func() {}}, "provider_options[0]: a func() cannot be read"},
		"function in a map":  {fake.Text("x"), setting{More: map[string]any{"a": []any{func() {}}}}, "a func() cannot be read"},
		"channel":            {fake.Text("x"), setting{More: map[string]any{"a": make(chan int)}}, "a chan int cannot be read"},
		"circle of pointers": {fake.Text("x"), circle(), "nested more than"},
	} {
		store := cache.NewMemory()
		var why error
		inner := fake.New(tt.turn.Always())
		llm := model.Wrap(inner, cache.New(store, &cache.Options{OnBypass: func(_ context.Context, _ *model.Request, err error) { why = err }}))
		for range 2 {
			req := hello()
			if tt.options != nil {
				req.ProviderOptions = []model.ProviderOptions{tt.options}
			}
			llm.Generate(t.Context(), req)
			llm.Stream(t.Context(), req).Response()
		}
		if inner.Calls() != 4 || store.Len() != 0 {
			t.Errorf("%s: %d calls of 4, %d answers kept", name, inner.Calls(), store.Len())
		}
		if (why == nil) != (tt.why == "") || why != nil && !strings.Contains(why.Error(), tt.why) {
			t.Errorf("%s: bypassed: %v, want %q", name, why, tt.why)
		}
	}

	store := cache.NewMemory()
	llm := model.Wrap(fake.New(fake.Text("one two").Always()), cache.New(store, nil))
	for range llm.Stream(t.Context(), hello()).Events() {
		break
	}
	if store.Len() != 0 {
		t.Error("a stream that was left is kept")
	}
}

func circle() setting {
	s := setting{More: map[string]any{}}
	s.More["self"] = &s
	return s
}

// A broken store fails in every way.
type broken struct{ value string }

func (b broken) Get(context.Context, string) ([]byte, bool, error) {
	if b.value == "" {
		return nil, false, errors.New("disk on fire")
	}
	return []byte(b.value), true, nil
}
func (broken) Put(context.Context, string, []byte) error { return errors.New("disk full") }

func TestStoreFails(t *testing.T) {
	for _, store := range []broken{{}, {"{"}, {`{"message":7}`}} {
		var heard []error
		llm := model.Wrap(fake.New(fake.Text("x").Always()), cache.New(store, &cache.Options{OnError: func(_ context.Context, err error) { heard = append(heard, err) }}))
		resp, err := llm.Generate(t.Context(), hello())
		if err != nil || resp.Text() != "x" || len(heard) != 2 {
			t.Errorf("store %q: %v, %v, heard %v; want the model's answer and two failures", store.value, resp, err, heard)
		}
	}
	inner := fake.New()
	if _, err := model.Wrap(inner, cache.New(nil, nil)).Generate(t.Context(), hello()); !errors.Is(err, model.ErrInvalidRequest) || inner.Calls() != 0 {
		t.Errorf("without a store: %v after %d calls, want an invalid request and none", err, inner.Calls())
	}
	if _, err := model.Wrap(inner, cache.New(cache.NewMemory(), nil)).Generate(t.Context(), nil); !errors.Is(err, model.ErrInvalidRequest) {
		t.Errorf("without a request: %v, want an invalid request", err)
	}
}

// TestDir: files are their owner's alone, whole at all times, and keys no paths.
func TestDir(t *testing.T) {
	root := filepath.Join(t.TempDir(), "answers")
	dir, err := cache.NewDir(root)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	values := []string{strings.Repeat("a", 100_000), strings.Repeat("b", 50_000)}
	for _, v := range values {
		wg.Go(func() {
			for range 50 {
				if err := dir.Put(t.Context(), "0af", []byte(v)); err != nil {
					t.Error(err)
				}
				if got, found, err := dir.Get(t.Context(), "0af"); err != nil || !found || string(got) != values[0] && string(got) != values[1] {
					t.Errorf("read %d bytes, %t, %v, want a whole value", len(got), found, err)
				}
			}
		})
	}
	wg.Wait()
	entries, err := os.ReadDir(root)
	if err != nil || len(entries) != 1 {
		t.Fatalf("the directory holds %v, %v, want one file", entries, err)
	}
	for name, want := range map[string]fs.FileMode{root: 0o700 | fs.ModeDir, filepath.Join(root, "0af.json"): 0o600} {
		if info, err := os.Stat(name); err != nil || info.Mode() != want {
			t.Errorf("%s has mode %v, %v, want %v", name, info.Mode(), err, want)
		}
	}
	for _, key := range []string{"", "../x", "a/b", "XYZ"} {
		if err := dir.Put(t.Context(), key, nil); err == nil {
			t.Errorf("Put of the key %q succeeded", key)
		}
		if _, _, err := dir.Get(t.Context(), key); err == nil {
			t.Errorf("Get of the key %q succeeded", key)
		}
	}
	for _, path := range []string{"", filepath.Join(root, "0af.json", "below")} {
		if _, err := cache.NewDir(path); err == nil {
			t.Errorf("NewDir(%q) succeeded", path)
		}
	}
}
