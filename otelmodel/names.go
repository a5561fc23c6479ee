package otelmodel

import "go.opentelemetry.io/otel/attribute"

// The names of the conventions for generative AI, all of which are in
// development: https://github.com/open-telemetry/semantic-conventions-genai at
// commit 024a4f944a1291fcb627c9c47da69e79868dd15e, files
// docs/gen-ai/client-inference.md, model/gen-ai/metrics.yaml and
// model/gen-ai/token-metrics.yaml.
const (
	scope     = "github.com/chatmodel-go/chatmodel/otelmodel"
	schemaURL = "https://github.com/open-telemetry/semantic-conventions-genai/tree/024a4f944a1291fcb627c9c47da69e79868dd15e"
)

// Operations.
const (
	opChat        = "chat"
	opExecuteTool = "execute_tool"
	opInvokeAgent = "invoke_agent"
)

// Attributes.
const (
	operationName   = attribute.Key("gen_ai.operation.name")
	providerName    = attribute.Key("gen_ai.provider.name")
	errorType       = attribute.Key("error.type")
	outputType      = attribute.Key("gen_ai.output.type")
	requestModel    = attribute.Key("gen_ai.request.model")
	requestMax      = attribute.Key("gen_ai.request.max_tokens")
	requestTemp     = attribute.Key("gen_ai.request.temperature")
	requestTopP     = attribute.Key("gen_ai.request.top_p")
	requestTopK     = attribute.Key("gen_ai.request.top_k")
	requestStops    = attribute.Key("gen_ai.request.stop_sequences")
	requestStream   = attribute.Key("gen_ai.request.stream")
	requestEffort   = attribute.Key("gen_ai.request.reasoning.level")
	responseID      = attribute.Key("gen_ai.response.id")
	responseModel   = attribute.Key("gen_ai.response.model")
	finishReasons   = attribute.Key("gen_ai.response.finish_reasons")
	firstChunk      = attribute.Key("gen_ai.response.time_to_first_chunk")
	usageInput      = attribute.Key("gen_ai.usage.input_tokens")
	usageOutput     = attribute.Key("gen_ai.usage.output_tokens")
	usageCacheRead  = attribute.Key("gen_ai.usage.cache_read.input_tokens")
	usageCacheWrite = attribute.Key("gen_ai.usage.cache_write.input_tokens")
	usageReasoning  = attribute.Key("gen_ai.usage.reasoning.output_tokens")
	tokenModality   = attribute.Key("gen_ai.token.modality")

	agentName       = attribute.Key("gen_ai.agent.name")
	toolName        = attribute.Key("gen_ai.tool.name")
	toolType        = attribute.Key("gen_ai.tool.type")
	toolDescription = attribute.Key("gen_ai.tool.description")
	toolCallID      = attribute.Key("gen_ai.tool.call.id")

	systemInstructions = attribute.Key("gen_ai.system_instructions")
	inputMessages      = attribute.Key("gen_ai.input.messages")
	outputMessages     = attribute.Key("gen_ai.output.messages")
	toolDefinitions    = attribute.Key("gen_ai.tool.definitions")
	toolArguments      = attribute.Key("gen_ai.tool.call.arguments")
	toolResult         = attribute.Key("gen_ai.tool.call.result")
)

// Metrics.
const (
	metricDuration      = "gen_ai.client.inference.duration"
	metricFirstChunk    = "gen_ai.client.inference.time_to_first_chunk"
	metricChunk         = "gen_ai.client.inference.time_per_output_chunk"
	metricInput         = "gen_ai.client.inference.usage.input_tokens"
	metricOutput        = "gen_ai.client.inference.usage.output_tokens"
	metricCacheRead     = "gen_ai.client.inference.usage.cache_read.input_tokens"
	metricCacheWrite    = "gen_ai.client.inference.usage.cache_write.input_tokens"
	metricReasoning     = "gen_ai.client.inference.usage.reasoning.output_tokens"
	metricCallInput     = "gen_ai.client.inference.operation.input_tokens"
	metricCallOutput    = "gen_ai.client.inference.operation.output_tokens"
	metricAgentDuration = "gen_ai.invoke_agent.duration"
	metricAgentCalls    = "gen_ai.invoke_agent.inference_calls"
	metricAgentTools    = "gen_ai.invoke_agent.tool_calls"
	metricToolDuration  = "gen_ai.execute_tool.duration"
)

// The boundaries of histograms.
var (
	callSeconds  = []float64{0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92}
	agentSeconds = []float64{0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 102.4, 204.8, 409.6}
	callTokens   = []float64{1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864}
	agentCalls   = []float64{1, 2, 4, 8, 16, 32, 64, 128}
)

// Names of this package, for values that the conventions have no name for.
const (
	streamLeft    = attribute.Key("chatmodel.stream.left")
	baseModel     = attribute.Key("chatmodel.base_model")
	usageUnknown  = attribute.Key("chatmodel.usage.unknown")
	eventWarning  = "chatmodel.warning"
	warningAction = attribute.Key("chatmodel.warning.action")
	warningField  = attribute.Key("chatmodel.warning.field")
	warningReason = attribute.Key("chatmodel.warning.reason")
	eventAttempt  = "chatmodel.attempt"
	attemptWait   = attribute.Key("chatmodel.attempt.wait")
)

// The names that differ in version 1.41 of the general conventions:
// https://github.com/open-telemetry/semantic-conventions/blob/v1.41.0/docs/gen-ai/gen-ai-spans.md
const usageCacheCreation = attribute.Key("gen_ai.usage.cache_creation.input_tokens")

// Names that LangSmith maps to its own fields:
// https://docs.langchain.com/langsmith/trace-with-opentelemetry
const (
	langsmithKind    = attribute.Key("langsmith.span.kind") // llm, tool, chain
	genAISystem      = attribute.Key("gen_ai.system")
	genAIPrompt      = attribute.Key("gen_ai.prompt")
	genAICompletion  = attribute.Key("gen_ai.completion")
	langsmithBase    = attribute.Key("langsmith.metadata.base_model")
	langsmithIsLeft  = attribute.Key("langsmith.metadata.stream_left")
	langsmithPromptN = "gen_ai.prompt."
	langsmithAnswerN = "gen_ai.completion."
)
