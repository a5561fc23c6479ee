package otelmodel_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.opentelemetry.io/otel/codes"
	oteltrace "go.opentelemetry.io/otel/trace"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/otelmodel"
)

var used = &model.Usage{Known: true, InputTokens: 100, OutputTokens: 20, CacheReadTokens: 60, CacheWriteTokens: 30, ReasoningTokens: 8}

// TestCall: a span has what was asked and what the answer says of itself,
// whichever way it was asked for.
func TestCall(t *testing.T) {
	req := hello()
	req.MaxTokens, req.Temperature, req.TopP, req.TopK = 500, new(0.5), new(0.9), 40
	req.StopSequences = []string{"END", "STOP"}
	req.Thinking = &model.ThinkingConfig{Effort: "low"}
	req.Output = &model.OutputFormat{Schema: []byte(`{"type":"object"}`)}
	want := map[string]string{
		"gen_ai.operation.name": "chat", "gen_ai.provider.name": "aws.bedrock", "gen_ai.request.model": "us.claude",
		"gen_ai.request.max_tokens": "500", "gen_ai.request.temperature": "0.5", "gen_ai.request.top_p": "0.9", "gen_ai.request.top_k": "40",
		"gen_ai.request.stop_sequences": `["END","STOP"]`, "gen_ai.request.reasoning.level": "low", "gen_ai.output.type": "json",
		"gen_ai.response.id": "fake-1", "gen_ai.response.model": "us.claude", "gen_ai.response.finish_reasons": `["end_turn"]`,
		"gen_ai.usage.input_tokens": "100", "gen_ai.usage.output_tokens": "20", "gen_ai.usage.cache_read.input_tokens": "60",
		"gen_ai.usage.cache_write.input_tokens": "30", "gen_ai.usage.reasoning.output_tokens": "8", "error.type": "", "gen_ai.input.messages": "", "gen_ai.output.messages": "", "gen_ai.system": "",
	}
	for way, ask := range ways {
		b := record(t, otelmodel.Options{})
		if _, err := ask(t.Context(), model.Wrap(claude(fake.Text("Hello.").Usage(used)), b.t.Middleware()), req); err != nil {
			t.Fatal(err)
		}
		span := b.only(t)
		if span.Name() != "chat us.claude" || span.SpanKind() != oteltrace.SpanKindClient || span.Status().Code != codes.Unset {
			t.Errorf("%s: span %q of kind %v with status %v", way, span.Name(), span.SpanKind(), span.Status())
		}
		want["gen_ai.request.stream"] = map[string]string{"Stream": "true"}[way]
		has(t, way, attrs(span.Attributes()), want)
		if _, ok := attrs(span.Attributes())["gen_ai.response.time_to_first_chunk"]; ok != (way == "Stream") {
			t.Errorf("%s: time to first chunk: %t", way, ok)
		}
		if !strings.Contains(span.InstrumentationScope().SchemaURL, "024a4f944a1291fcb627c9c47da69e79868dd15e") {
			t.Errorf("schema = %q, want the pinned one", span.InstrumentationScope().SchemaURL)
		}
	}
}

// TestFailures: an answer that breaks off ends its span with an error of its
// kind, and what nobody told is not recorded as zero.
func TestFailures(t *testing.T) {
	for _, tt := range []struct {
		name string
		turn fake.Turn
		kind string
	}{
		{"throttled", fake.Fail(&model.Error{Kind: model.ErrThrottled, Message: "slow down"}), "throttled"},
		{"context overflow", fake.Fail(model.ErrContextOverflow), "context_overflow"},
		{"cut", fake.Text("one two three").CutAfter(2), "answer_truncated"},
		{"foreign", fake.Fail(errors.New("boom")), "unknown_error"},
	} {
		for way, ask := range ways {
			b := record(t, otelmodel.Options{})
			if _, err := ask(t.Context(), model.Wrap(claude(tt.turn), b.t.Middleware()), hello()); err == nil {
				t.Fatalf("%s: no error", tt.name)
			}
			span := b.only(t)
			if span.Status().Code != codes.Error || span.Status().Description == "" {
				t.Errorf("%s, %s: status = %v, want an error with a text", tt.name, way, span.Status())
			}
			has(t, tt.name+", "+way, attrs(span.Attributes()), map[string]string{
				"error.type": tt.kind, "gen_ai.response.finish_reasons": `["error"]`, "gen_ai.usage.input_tokens": "", "gen_ai.usage.output_tokens": ""})
		}
	}
}

// TestLeft: a stream that was left early says so, and is no error; one that is
// not ranged over has no span.
func TestLeft(t *testing.T) {
	b := record(t, otelmodel.Options{})
	m := model.Wrap(claude(fake.Text("one two three")), b.t.Middleware())
	m.Stream(t.Context(), hello())
	if n := len(b.spans.Started()); n != 0 {
		t.Fatalf("%d spans before a stream was ranged over", n)
	}
	for range m.Stream(t.Context(), hello()).Events() {
		break
	}
	span := b.only(t)
	has(t, "left", attrs(span.Attributes()), map[string]string{"chatmodel.stream.left": "true", "error.type": "", "chatmodel.usage.unknown": "true"})
	if span.Status().Code != codes.Unset {
		t.Errorf("status = %v, want none", span.Status())
	}
}

// TestTimes: a span is as long as the loop over its stream, and chunks are
// timed.
func TestTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := record(t, otelmodel.Options{})
		s := model.Wrap(claude(fake.Text("one two three").Usage(used).After(3*time.Second).Every(time.Second)), b.t.Middleware()).Stream(t.Context(), hello())
		time.Sleep(time.Hour) // not ranged over yet
		for range s.Events() {
		}
		span := b.only(t)
		// Three words, the end of the part, the end of the answer.
		if d := span.EndTime().Sub(span.StartTime()); d != 7*time.Second {
			t.Errorf("the span took %v, want 7s", d)
		}
		has(t, "times", attrs(span.Attributes()), map[string]string{"gen_ai.response.time_to_first_chunk": "3"})
		const who, whole = "name=chat,name=aws.bedrock,model=us.claude", "name=chat,name=aws.bedrock,model=us.claude,model=us.claude"
		got := b.metrics(t)
		for i := range got {
			got[i] = strings.TrimPrefix(got[i], "gen_ai.client.inference.")
		}
		slices.Sort(got)
		typed := strings.Replace(whole, "model=us.claude,model", "model=us.claude,model", 1)
		same(t, "metrics", got, []string{
			"duration{" + whole + "} 1",
			"operation.input_tokens{" + whole + "} 1 100",
			"operation.output_tokens{" + whole + "} 1 20",
			"time_per_output_chunk{" + who + "} 2",
			"time_to_first_chunk{" + who + "} 1",
			"usage.cache_read.input_tokens{" + typed + ",modality=unknown} 60",
			"usage.cache_write.input_tokens{" + typed + ",modality=unknown} 30",
			"usage.input_tokens{" + typed + ",modality=unknown} 100",
			"usage.output_tokens{" + typed + ",modality=unknown} 20",
			"usage.reasoning.output_tokens{" + typed + ",modality=unknown} 8",
		})
	})
}

// TestFailureMetrics: failed calls count, with their kind and without tokens.
func TestFailureMetrics(t *testing.T) {
	b := record(t, otelmodel.Options{})
	model.Wrap(claude(fake.Fail(model.ErrThrottled)), b.t.Middleware()).Generate(t.Context(), hello())
	all := strings.Join(b.metrics(t), "\n")
	for _, want := range []string{
		"gen_ai.client.inference.duration{type=throttled,", "gen_ai.client.inference.usage.input_tokens{name=chat,name=aws.bedrock,model=us.claude,modality=unknown} 0",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("metrics:\n%s\nwant %s", all, want)
		}
	}
}

// TestOlderConventions checks the conventions of version 1.41.
func TestOlderConventions(t *testing.T) {
	for name, set := range map[string]func(*testing.T) otelmodel.Options{
		"option": func(*testing.T) otelmodel.Options {
			return otelmodel.Options{Conventions: otelmodel.ConventionsV1_41}
		},
		"environment": func(t *testing.T) otelmodel.Options {
			t.Setenv("OTEL_SEMCONV_STABILITY_OPT_IN", "http, gen_ai_v1.41")
			return otelmodel.Options{}
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := record(t, set(t))
			req := hello()
			req.TopK = 40
			if _, err := model.Wrap(claude(fake.Text("Hello.").Usage(used)), b.t.Middleware()).Stream(t.Context(), req).Response(); err != nil {
				t.Fatal(err)
			}
			has(t, "span", attrs(b.only(t).Attributes()), map[string]string{
				"gen_ai.usage.cache_creation.input_tokens": "30", "gen_ai.usage.cache_write.input_tokens": "", "gen_ai.request.top_k": "40"})
			const who = "name=chat,name=aws.bedrock,model=us.claude"
			same(t, "metrics", b.metrics(t), []string{
				"gen_ai.client.operation.duration{" + who + ",model=us.claude} 1",
				"gen_ai.client.operation.time_to_first_chunk{" + who + "} 1",
				"gen_ai.client.token.usage{" + who + ",model=us.claude,type=input} 1 100",
				"gen_ai.client.token.usage{" + who + ",model=us.claude,type=output} 1 20",
			})
		})
	}
}

// TestEvents: warnings and failed attempts show on the span of the answer.
func TestEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := record(t, otelmodel.Options{})
		warned := fake.Text("Hello.").With(func(r *model.Response) {
			r.Warnings = []model.Warning{{Action: model.WarningDropped, Field: "top_k", Reason: "the model has none"}}
		})
		second := fake.NewWith(&fake.Options{Model: "second"}, warned)
		m := model.Wrap(claude(fake.Fail(model.ErrThrottled), fake.Fail(model.ErrUnavailable)), b.t.Middleware(),
			model.Fallback(second), model.Retry(&model.RetryOptions{MaxAttempts: 2}))
		if _, err := m.Stream(t.Context(), hello()).Response(); err != nil {
			t.Fatal(err)
		}
		span := b.only(t)
		has(t, "span", attrs(span.Attributes()), map[string]string{"gen_ai.request.model": "us.claude", "gen_ai.response.model": "second"})
		var got []string
		for _, ev := range span.Events() {
			a := attrs(ev.Attributes)
			got = append(got, strings.Join([]string{ev.Name, a["chatmodel.warning.action"], a["chatmodel.warning.field"], a["chatmodel.warning.reason"], a["gen_ai.request.model"], a["error.type"]}, "|"))
		}
		same(t, "events", got, []string{
			"chatmodel.warning|dropped|top_k|the model has none||",
			"chatmodel.attempt||||us.claude|unavailable",
		})
	})
	// Inside of a retry, every attempt is a span.
	synctest.Test(t, func(t *testing.T) {
		b := record(t, otelmodel.Options{})
		m := model.Wrap(claude(fake.Fail(model.ErrThrottled), fake.Text("Hello.")), model.Retry(nil), b.t.Middleware())
		if _, err := m.Generate(t.Context(), hello()); err != nil {
			t.Fatal(err)
		}
		if want := "chat us.claude\nchat us.claude !throttled\n"; b.tree() != want {
			t.Errorf("spans:\n%swant\n%s", b.tree(), want)
		}
	})
}

// TestPanic: a call that panics ends its span.
func TestPanic(t *testing.T) {
	b := record(t, otelmodel.Options{})
	m := model.Wrap(claude(fake.Func(func(context.Context, *model.Request) (*model.Response, error) { panic("boom") })), b.t.Middleware())
	func() {
		defer func() { recover() }()
		m.Generate(t.Context(), hello())
	}()
	if span := b.only(t); span.Status().Code != codes.Error {
		t.Errorf("status = %v, want an error", span.Status())
	}
}

func TestOptions(t *testing.T) {
	for _, o := range []otelmodel.Options{{MaxContent: -1}, {Conventions: "newest"}} {
		if _, err := otelmodel.New(&o); !errors.Is(err, model.ErrInvalidRequest) {
			t.Errorf("New(%+v) error = %v, want an invalid request", o, err)
		}
	}
	b := record(t, otelmodel.Options{})
	if _, err := b.t.Middleware()(nil).Generate(t.Context(), hello()); !errors.Is(err, model.ErrInvalidRequest) {
		t.Errorf("error around no model = %v", err)
	}
}
