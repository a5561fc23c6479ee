package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/trace"
)

// A treePrinter collects spans and prints them as a tree at its Shutdown.
type treePrinter struct {
	out io.Writer

	mu    sync.Mutex
	spans []trace.ReadOnlySpan
}

// ExportSpans collects spans.
func (p *treePrinter) ExportSpans(_ context.Context, spans []trace.ReadOnlySpan) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.spans = append(p.spans, spans...)
	return nil
}

// Shutdown prints the collected spans.
func (p *treePrinter) Shutdown(context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	children := make(map[string][]trace.ReadOnlySpan)
	for _, s := range p.spans {
		parent := ""
		if s.Parent().IsValid() {
			parent = s.Parent().SpanID().String()
		}
		children[parent] = append(children[parent], s)
	}
	p.print(children, "", "")
	return nil
}

// print prints the spans below a parent, ordered by their start. It orders
// spans of concurrent calls by their arguments.
func (p *treePrinter) print(children map[string][]trace.ReadOnlySpan, parent, indent string) {
	all := children[parent]
	slices.SortFunc(all, func(a, b trace.ReadOnlySpan) int { return a.StartTime().Compare(b.StartTime()) })
	for i, s := range all { // the order of two concurrent tools is random
		if i > 0 && s.Name() == all[i-1].Name() && strings.HasPrefix(s.Name(), "execute_tool") {
			slices.SortFunc(all[i-1:i+1], func(a, b trace.ReadOnlySpan) int { return cmp.Compare(callID(a), callID(b)) })
		}
	}
	for _, s := range all {
		fmt.Fprintf(p.out, "%s%s (%s)%s\n", indent, s.Name(), s.SpanKind(), status(s))
		for _, a := range s.Attributes() {
			fmt.Fprintf(p.out, "%s    %s = %s\n", indent, a.Key, shown(a.Value))
		}
		for _, ev := range s.Events() {
			fmt.Fprintf(p.out, "%s    event %s\n", indent, ev.Name)
		}
		p.print(children, s.SpanContext().SpanID().String(), indent+"  ")
	}
}

func callID(s trace.ReadOnlySpan) string {
	for _, a := range s.Attributes() {
		if a.Key == "gen_ai.tool.call.id" {
			return a.Value.AsString()
		}
	}
	return ""
}

func status(s trace.ReadOnlySpan) string {
	if s.Status().Code != codes.Error {
		return ""
	}
	return " ERROR: " + s.Status().Description
}

// shown returns a value in at most 70 characters.
func shown(v attribute.Value) string {
	text := []rune(v.String())
	if len(text) > 70 {
		return string(text[:70]) + "…"
	}
	return string(text)
}
