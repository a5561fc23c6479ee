// Package otelmodel records what models, tools and chains do as OpenTelemetry
// traces and metrics. It is a module of its own, so that programs without
// OpenTelemetry do not depend on it.
//
// # Mental model
//
// An [Instrumentation] makes spans. Its middleware makes one for every call of
// a model; its context makes one for every named step, tool loop and tool of
// package runnable:
//
//	telemetry, err := otelmodel.New(nil) // the global providers of OpenTelemetry
//	llm = model.Wrap(llm, telemetry.Middleware())
//
//	ctx = telemetry.Context(ctx)
//	conversation, err := agent.Invoke(ctx, request)
//
// which is recorded as
//
//	invoke_agent trip
//	├─ chat us.anthropic.claude-sonnet-4-5
//	├─ execute_tool weather
//	│  └─ chat … (a tool that asks a model)
//	└─ chat us.anthropic.claude-sonnet-4-5
//
// The context carries the parent span, so it is right across goroutines, too.
// [Step] puts the context around one step of a chain, for programs that want to
// trace just that.
//
// # Calls
//
// A span begins when a call goes out; for a stream that is when it is ranged
// over, and it ends when the loop is left. It holds the settings of the request
// and the metadata of the answer. A failure ends it with an error: error.type
// is the kind of failure, such as "throttled" or "answer_truncated", as listed
// at [model.ErrorKind] with underscores. A stream that was left early is no
// error: it has the attribute chatmodel.stream.left. Warnings are span events
// "chatmodel.warning"; failed attempts of [model.Retry] and [model.Fallback]
// inside the middleware are events "chatmodel.attempt". With the middleware
// inside of these, each attempt has a span of its own. Tokens that the provider
// did not report are not recorded.
//
// # Conventions
//
// Names follow the OpenTelemetry conventions for generative AI, all of which
// are in development: they change. By default they are those of the repository
// semantic-conventions-genai at the commit named in names.go. With
// OTEL_SEMCONV_STABILITY_OPT_IN listing "gen_ai_v1.41", or by
// [Options.Conventions], they are those of version 1.41, the last that the
// general conventions had; "gen_ai_latest_experimental" asks for the default.
//
// # Content
//
// The content of messages is not recorded unless it is asked for, by
// [Options.CaptureContent] or
// OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT (true, SPAN_ONLY or
// SPAN_AND_EVENT). Even then no signatures of thinking, no redacted thinking
// and no bytes of files are; [Options.MaxContent] bounds the size and
// [Options.Redact] changes the texts.
//
// # LangSmith
//
// LangSmith takes traces by OTLP over HTTP. With [Options.LangSmith] spans also
// have the attributes that it maps to its own fields. See examples/tracing.
//
// # Cost
//
// Where no provider is set, calls and streams go through untouched: nothing is
// allocated. With one, a stream's events are looked at and not copied; nothing
// is allocated for an event.
//
// # Concurrency
//
// An Instrumentation is safe for concurrent use.
package otelmodel
