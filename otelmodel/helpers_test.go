package otelmodel_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/otelmodel"
)

// A backend keeps what is recorded.
type backend struct {
	spans  *tracetest.SpanRecorder
	reader *metric.ManualReader
	t      *otelmodel.Instrumentation
}

func record(t testing.TB, o otelmodel.Options) *backend {
	t.Helper()
	b := &backend{spans: tracetest.NewSpanRecorder(), reader: metric.NewManualReader()}
	o.TracerProvider = trace.NewTracerProvider(trace.WithSpanProcessor(b.spans))
	o.MeterProvider = metric.NewMeterProvider(metric.WithReader(b.reader))
	var err error
	if b.t, err = otelmodel.New(&o); err != nil {
		t.Fatal(err)
	}
	return b
}

// attrs returns a span's attributes by name, as text.
func attrs(all []attribute.KeyValue) map[string]string {
	m := make(map[string]string)
	for _, kv := range all {
		m[string(kv.Key)] = kv.Value.String()
	}
	return m
}

// only returns the one span that ended.
func (b *backend) only(t testing.TB) trace.ReadOnlySpan {
	t.Helper()
	ended := b.spans.Ended()
	if len(ended) != 1 || len(b.spans.Started()) != 1 {
		t.Fatalf("%d spans began and %d ended, want one", len(b.spans.Started()), len(ended))
	}
	return ended[0]
}

// tree returns the names of the spans, indented by parent; children of one
// parent by name, those with an error last.
func (b *backend) tree() string {
	children := make(map[string][]trace.ReadOnlySpan)
	for _, s := range b.spans.Ended() {
		parent := ""
		if s.Parent().IsValid() {
			parent = s.Parent().SpanID().String()
		}
		children[parent] = append(children[parent], s)
	}
	var out strings.Builder
	var show func(parent, indent string)
	show = func(parent, indent string) {
		all := children[parent]
		slices.SortStableFunc(all, func(a, b trace.ReadOnlySpan) int {
			return cmp.Or(strings.Compare(a.Name(), b.Name()), cmp.Compare(failed(a), failed(b)))
		})
		for _, s := range all {
			fmt.Fprintf(&out, "%s%s", indent, s.Name())
			if s.Status().Code == codes.Error {
				fmt.Fprintf(&out, " !%s", attrs(s.Attributes())["error.type"])
			}
			out.WriteByte('\n')
			show(s.SpanContext().SpanID().String(), indent+"  ")
		}
	}
	show("", "")
	return out.String()
}

// metrics returns all points: "name{attributes} count sum" of histograms,
// "name{attributes} sum" of counters. Seconds are left out.
func (b *backend) metrics(t testing.TB) []string {
	t.Helper()
	var rm metricdata.ResourceMetrics
	if err := b.reader.Collect(context.Background(), &rm); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, sm := range rm.ScopeMetrics {
		for _, m := range sm.Metrics {
			switch d := m.Data.(type) {
			case metricdata.Histogram[float64]:
				for _, p := range d.DataPoints {
					all = append(all, fmt.Sprintf("%s{%s} %d", m.Name, labels(p.Attributes), p.Count))
				}
			case metricdata.Histogram[int64]:
				for _, p := range d.DataPoints {
					all = append(all, fmt.Sprintf("%s{%s} %d %d", m.Name, labels(p.Attributes), p.Count, p.Sum))
				}
			case metricdata.Sum[int64]:
				for _, p := range d.DataPoints {
					all = append(all, fmt.Sprintf("%s{%s} %d", m.Name, labels(p.Attributes), p.Value))
				}
			default:
				t.Errorf("%s has data of type %T", m.Name, d)
			}
		}
	}
	slices.Sort(all)
	return all
}

func labels(set attribute.Set) string {
	var all []string
	for _, kv := range set.ToSlice() {
		name := string(kv.Key)
		all = append(all, name[strings.LastIndexByte(name[:strings.LastIndexByte(name, '.')+1], '.')+1:]+"="+kv.Value.String())
	}
	return strings.Join(all, ",")
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n%s\nwant:\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// has checks attributes; those with an empty value must not be there.
func has(t *testing.T, what string, got map[string]string, want map[string]string) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(want)) {
		v, ok := got[name]
		switch {
		case want[name] == "" && ok:
			t.Errorf("%s: %s is %q, want none", what, name, v)
		case want[name] != "" && v != want[name]:
			t.Errorf("%s: %s = %q, want %q", what, name, v, want[name])
		}
	}
}

func claude(turns ...fake.Turn) *fake.Model {
	return fake.NewWith(&fake.Options{Provider: "bedrock", Model: "us.claude"}, turns...)
}

func hello() *model.Request {
	return &model.Request{Messages: []model.Message{model.User("Hi")}}
}

// ways are the two ways to ask.
var ways = map[string]func(context.Context, model.ChatModel, *model.Request) (*model.Response, error){
	"Generate": func(ctx context.Context, m model.ChatModel, req *model.Request) (*model.Response, error) {
		return m.Generate(ctx, req)
	},
	"Stream": func(ctx context.Context, m model.ChatModel, req *model.Request) (*model.Response, error) {
		return m.Stream(ctx, req).Response()
	},
}

// failed returns 1 for a span that ended with an error.
func failed(s trace.ReadOnlySpan) int {
	if s.Status().Code == codes.Error {
		return 1
	}
	return 0
}
