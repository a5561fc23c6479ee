// Package otelmodel records calls of models, tools and chains as OpenTelemetry
// traces and metrics. It is a module of its own, so that programs without
// OpenTelemetry do not depend on it.
//
// # Mental model
//
// An [Instrumentation] makes spans. Its middleware makes one for every call of
// a model. Its context makes one for every named step, tool loop and tool of
// package runnable:
//
//	telemetry, err := otelmodel.New(nil) // the global providers of OpenTelemetry
//	llm = model.Wrap(llm, telemetry.Middleware())
//
//	ctx = telemetry.Context(ctx)
//	conversation, err := agent.Invoke(ctx, request)
//
// The spans of this program are
//
//	invoke_agent trip
//	├─ chat us.anthropic.claude-sonnet-4-5
//	├─ execute_tool weather
//	│  └─ chat … (a tool that calls a model)
//	└─ chat us.anthropic.claude-sonnet-4-5
//
// The context carries the parent span, so parents are right across goroutines.
// [Step] records only one step of a chain: it puts the context around that
// step.
//
// # Calls
//
// A span begins when a call is sent. For a stream it begins when the program
// ranges over it, and it ends when the loop does. It has the settings of the
// request and the metadata of the answer. A failure ends the span with an
// error. Its error.type is the kind of the failure, such as "throttled" or
// "answer_truncated": the kinds of [model.ErrorKind] with underscores. Leaving
// a stream early is not an error; the span then has the attribute
// chatmodel.stream.left.
//
// Warnings are span events "chatmodel.warning". If [model.Retry] and
// [model.Fallback] are inside the middleware, their failed attempts are events
// "chatmodel.attempt". If the middleware is inside them, each attempt has a
// span of its own. Tokens that the provider did not report are not recorded.
//
// # Conventions
//
// Names follow the OpenTelemetry conventions for generative AI. All of these
// are in development, so they change. The default are those of the repository
// semantic-conventions-genai at the commit named in names.go. With
// "gen_ai_v1.41" in OTEL_SEMCONV_STABILITY_OPT_IN or in [Options.Conventions],
// they are those of version 1.41, the last version of the general conventions
// that had them. "gen_ai_latest_experimental" selects the default.
//
// # Content
//
// The content of messages is recorded only if [Options.CaptureContent] or
// OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT (true, SPAN_ONLY or
// SPAN_AND_EVENT) asks for it. Signatures of thinking, redacted thinking and
// the bytes of files are never recorded. [Options.MaxContent] limits the size,
// and [Options.Redact] changes the texts.
//
// # LangSmith
//
// LangSmith accepts traces by OTLP over HTTP. With [Options.LangSmith] spans
// also have the attributes that it maps to its own fields. See
// examples/tracing.
//
// # Cost
//
// Without a provider, calls and streams pass through unchanged, and nothing is
// allocated. With one, a stream's events are read and not copied; nothing is
// allocated for an event.
//
// # Concurrency
//
// An Instrumentation is safe for concurrent use.
package otelmodel
