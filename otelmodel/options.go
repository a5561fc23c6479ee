package otelmodel

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"github.com/chatmodel-go/chatmodel/model"
)

// Options configure an [Instrumentation]. The zero value is a good choice.
type Options struct {
	// TracerProvider and MeterProvider receive spans and metrics. Nil means the
	// global ones of OpenTelemetry, even if the program sets them later.
	TracerProvider trace.TracerProvider
	MeterProvider  metric.MeterProvider

	// CaptureContent records the content of messages. Nil means that the
	// environment variable OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT
	// decides; if it is not set, no content is recorded.
	CaptureContent *bool

	// MaxContent limits each attribute with content, in bytes. A longer one
	// loses its oldest messages, then the ends of texts. Zero means 32768.
	MaxContent int

	// Redact, if not nil, returns the text to record in place of a text of a
	// message, an instruction, or a tool's argument or result. It may be called
	// concurrently.
	Redact func(ctx context.Context, text string) string

	// Conventions selects the names. Empty means that the environment variable
	// OTEL_SEMCONV_STABILITY_OPT_IN decides; if it is not set,
	// [ConventionsLatest].
	Conventions Conventions

	// LangSmith adds the attributes that LangSmith maps to its own fields.
	LangSmith bool
}

// Conventions is a version of the names of attributes and metrics.
type Conventions string

// The conventions.
const (
	ConventionsLatest Conventions = "gen_ai_latest_experimental" // as pinned in names.go
	ConventionsV1_41  Conventions = "gen_ai_v1.41"               // of the general conventions, version 1.41
)

// settled returns the options with their defaults and the environment filled
// in.
func (o *Options) settled() (Options, error) {
	var s Options
	if o != nil {
		s = *o
	}
	if s.CaptureContent == nil {
		value := os.Getenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT")
		s.CaptureContent = new(slices.Contains([]string{"TRUE", "1", "SPAN_ONLY", "SPAN_AND_EVENT"}, strings.ToUpper(strings.TrimSpace(value))))
	}
	if s.MaxContent < 0 {
		return s, invalid("MaxContent is %d; it must not be negative", s.MaxContent)
	}
	if s.MaxContent == 0 {
		s.MaxContent = 32 << 10
	}
	switch s.Conventions {
	case ConventionsLatest, ConventionsV1_41:
	case "":
		s.Conventions = ConventionsLatest
		for opt := range strings.SplitSeq(os.Getenv("OTEL_SEMCONV_STABILITY_OPT_IN"), ",") {
			if c := Conventions(strings.TrimSpace(opt)); c == ConventionsLatest || c == ConventionsV1_41 {
				s.Conventions = c
				break
			}
		}
	default:
		return s, invalid("Conventions is %q; it must be %q or %q", s.Conventions, ConventionsLatest, ConventionsV1_41)
	}
	return s, nil
}

func invalid(format string, args ...any) error {
	return &model.Error{Kind: model.ErrInvalidRequest, Op: "instrument", Message: fmt.Sprintf(format, args...)}
}
