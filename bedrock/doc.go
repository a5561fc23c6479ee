// Package bedrock talks to the models of Amazon Bedrock, through Converse or
// InvokeModel, as [model.ChatModel].
//
// # Mental model
//
// A [Model] is a client of the AWS SDK and a model id. [Open] makes both from
// the environment; [New] takes a client of your own:
//
//	llm, err := bedrock.Open(ctx, "us.anthropic.claude-sonnet-4-5-20250929-v1:0", nil)
//	resp, err := llm.Generate(ctx, &model.Request{
//		Messages: []model.Message{model.User("Hello")},
//	})
//
// The id is that of a model, of an inference profile, or an ARN. It is sent as
// it is. A request goes three steps:
//
//	facts     what is known of the model, dated and with its source: package facts
//	plan      the one place where something is dropped, moved, changed or refused
//	writer    Converse's body or the model's own, see Options.Format
//
// Every change is a warning on the response. A request that cannot be expressed
// is an error, and nothing is sent. [Vet] reports both beforehand, without a
// network, each finding with the fact behind it; the command bedrock-vet does so
// for a file. MODELS.md shows the facts of all models, and [Options.Facts]
// replaces single ones. An unknown model behaves as its newest known sibling,
// and a warning says so.
//
// The service may still refuse a setting, such as a temperature. If its words
// are recognised, the call is planned and sent again without that setting: at
// most three times a call, never after the first event of a stream, and never
// for the caller's own content. A warning quotes the service, and the model
// remembers the refusal for an hour. [Options.NoAdaptation] switches that off.
//
// The SDK resolves the endpoint, signs, retries and classifies failures. This
// package writes and reads the bytes of requests and answers: JSON documents
// stay as they are, blocks that this version does not know are kept, and a
// stream that was cut off is never taken for a complete one.
//
// Settings that only Bedrock has, such as guardrails, are in [ProviderOptions].
// Results that only Bedrock has, such as traces, are in [ProviderMetadata].
//
// # Mapping
//
// This section shows how a request is sent. Everything that is dropped, moved or
// changed is a [model.Warning] of the response that names the field. Everything
// that is refused is a [model.Error] of kind [model.ErrInvalidRequest] or
// [model.ErrUnsupported], and nothing is sent. Statements about a model are those
// of package facts; [Options.Facts] changes them. An unknown model behaves as its
// newest known sibling. A model of an unknown maker is sent what the caller
// wrote, without anything that the library adds by itself, such as automatic
// cache points; only Thinking and ToolChoice.Parallel are refused there, because
// they have no form that all models share.
//
// If a model takes no named choice of tools, it is sent "any" with that one tool.
// If it takes neither, the choice is left to the model, with a warning.
//
// Parts of a history that a model or a format does not take:
//
//	part                            in an earlier turn                 in the last turn of the user
//	image, document, video, audio   a text that names it, warning      ErrUnsupported
//	tool call, tool result          as text, files kept, warning       the same (no tools are offered)
//	search result, citation         as text, warning                   as text, warning
//	guard content                   as text, warning                   the same; ErrUnsupported with a guardrail
//	thinking, unknown blocks,
//	tools that a service ran        of others: dropped, warning
//	system prompt                   first text of the user, warning
//	tools offered                   ErrUnsupported
//
// Names of tools in a history are labels, and ids of calls bind calls to results:
// what the service would refuse of them is made legal, and different, alike in
// call and result, with a warning. What becomes of one depends on it and those
// before it, so it stays the same as the conversation grows, and the cached
// prefix with it. Calls without an id or a name, as a broken stream brings them,
// get both. A call without a result, or a result without a call, is an error that
// names it; [Options.FillResults] fills it.
//
// Thinking says which model made it ([model.Thinking.Model]), as far as that is
// known. A sealed block goes back to that model, and to others that facts do not
// say to refuse it: never to another maker's, and never between a model that
// seals its thinking and one that shows it. One that names no model, as of older
// versions, is offered to every model. Package shorten cuts conversations
// that have grown too long.
//
// Messages:
//
//	neutral                        Converse
//	-------                        --------
//	RoleSystem                     system, in order; after the first turn: in its
//	                               place, as system where the model takes that,
//	                               else as the user's text (changed)
//	RoleUser, RoleAssistant        messages; adjacent ones of one role are one
//	message without content        dropped, its neighbours become one; refused as
//	                               the last of the user's, and if none is left
//	blank text                     dropped, wherever it is
//	white space at the very end    of an answer to continue: removed for Claude
//	                               (changed)
//	white space at a turn's ends   removed in prompts of InvokeModel (changed)
//
// Parts:
//
//	neutral                        Converse
//	-------                        --------
//	Text                           text
//	CitedText                      citationsContent; text if it has no citations
//	  citations of search results  dropped, the wire has no way back for them
//	  of the user or system        dropped
//	  unknown kind of location     as it came; dropped if its data is not JSON
//	Thinking                       reasoningContent: reasoningText, or
//	                               redactedContent; dropped where the model does
//	                               not take it back, see below
//	Image, Video, Audio            image, video, audio: bytes or s3Location
//	  more than a request holds    20 images, 5 documents: the oldest become texts
//	                               (changed); refused if the last turn has more
//	Document                       document: bytes, s3Location, text or content
//	  Name                         made legal and unique (changed): letters,
//	                               digits, single spaces, - _ ( ) [ ], at most
//	                               200; without an extension that is the format
//	  another media type, URI      refused; nothing is fetched for the caller
//	SearchResult                   searchResult
//	Guard                          guardContent; an image in S3: refused
//	ToolCall                       toolUse
//	ServerToolCall                 toolUse with its type
//	  input that is no object      {"invalid_input": "..."} (changed)
//	ToolResult, ServerToolResult   toolResult with status success or error
//	  JSON                         json; text if it is no object (changed)
//	  no content                   text "(no output)" (changed)
//	  files that the model does    beside it (moved)
//	  not read there, Audio
//	all four, no tools offered     text in words (changed); files stay files,
//	                               unknown blocks are dropped
//	CachePoint                     cachePoint, see below
//	Opaque of Bedrock              as it came; refused if it is not JSON
//	Opaque of others, or of        dropped
//	another maker's model
//	Image, Audio and so on         in a system message: refused
//
// The following depends on the model: MODELS.md lists the facts, and [Vet]
// applies them to a request.
//
// Turns with tools:
//
//	tool results                   first in their turn (moved)
//	text beside tool calls         dropped where it is refused
//	text, files beside results     into the last result where they are refused
//	                               beside it (moved)
//	the status of a result         left out where it is refused; for a failed
//	                               tool with a warning (dropped)
//
// Tools:
//
//	neutral                        Converse
//	-------                        --------
//	Tool                           toolSpec; InputSchema byte for byte; without a
//	                               type at its root: object (changed); another
//	                               type: refused; empty: no properties
//	  Name                         refused if longer than 64 or with anything but
//	                               letters, digits, _ and -
//	  Strict                       strict, every object closed (changed); dropped
//	                               where there are no strict tools
//	  ServerSide                   systemTool
//	  Cache                        a cachePoint after it
//	Tools                          refused where the model cannot use them; in a
//	                               stream, where it cannot there: one call, whose
//	                               parts come as events (changed)
//	ToolsNone                      tools are not offered
//	ToolsAuto                      toolChoice auto
//	ToolsAny                       toolChoice any, else auto (changed)
//	ToolsNamed                     toolChoice tool, else any with that tool alone,
//	                               else auto (changed)
//	any, named, while thinking     auto where they exclude each other (changed)
//	Parallel: false                additional field tool_choice with
//	                               disable_parallel_tool_use; refused where the
//	                               model has no such switch
//	Parallel: true                 nothing, it is the default
//
// Sampling and limits, in inferenceConfig unless said otherwise:
//
//	MaxTokens          maxTokens; raised to the model's least (changed)
//	StopSequences      stopSequences; refused where there are none
//	Temperature, TopP  dropped where they are refused: always, while thinking, at
//	                   high effort, or beside each other (TopP)
//	TopK               the additional field that the model has for it; dropped
//	                   where it has none
//
// Thinking, in additional fields: Claude's thinking and output_config, Nova's
// reasoningConfig, reasoning_effort, reasoning{effort} or reasoning_config.
//
//	Effort             in the model's own words; of another model's word the
//	                   nearest (changed); a word that no model has: refused
//	Budget             for Claude that takes one; dropped elsewhere
//	ThinkingAdaptive   for Claude that takes it; else a budget, or an effort
//	                   (changed), or nothing (dropped)
//	ThinkingDisabled   the model's own word; between_tools where Claude has no
//	                   other (changed); dropped, with a warning, where the model
//	                   cannot be kept from thinking
//	a model that       refused, unless thinking is disabled
//	cannot think
//
// Cache points. A request has at most four; more are dropped, the earliest of
// the messages first, then of the system prompt, then of the tools. One straight
// after another, or with nothing before it, is dropped. Lifetimes are 5m and 1h,
// longer ones first in the order tools, system, messages; others are refused.
//
//	CachePoint         dropped where the model has no prompt caching, and in
//	                   places where it takes none; moved before a document, a
//	                   video or thinking where it may not follow them
//	  1h               5m where there is no other lifetime (changed)
//	Request.Cache      for models that are known to take cache points: points
//	                   after the system prompt, the last turn, the tools and the
//	                   user's turn before, in this order, as far as the four and
//	                   the model allow; beside the caller's points they live as
//	                   these ask for (changed)
//
// Output and what is Bedrock's own:
//
//	Output                  outputConfig.textFormat, every object closed; what
//	                        native output refuses of a schema moves into its
//	                        descriptions (changed); refused where the model has no
//	                        structured output of its own
//
// and of [ProviderOptions]:
//
//	OutputEffort            outputConfig.effort
//	AdditionalFields        additionalModelRequestFields, byte for byte; members
//	                        named here win over those that follow from neutral
//	                        fields (dropped)
//	ResponseFieldPaths      additionalModelResponseFieldPaths
//	Guardrail               guardrailConfig; StreamMode in streams only
//	Latency                 performanceConfig
//	ServiceTier             serviceTier
//	Metadata                requestMetadata
//	PromptVariables         promptVariables
//
// And of an answer. Nothing is left out of the message, but for streamed blocks
// of kinds that this version does not know (a warning) and events of such kinds.
//
//	Converse                       neutral
//	--------                       -------
//	text, citationsContent         Text, CitedText
//	text between tags at the       Thinking without a signature, without the
//	beginning of a text, as        tags and the white space around them; the
//	<thinking> of Nova 1 and       tags are facts (Answers.ThinkingTags)
//	<think> of Kimi K2 Thinking
//	reasoningContent               Thinking
//	toolUse                        ToolCall; of type server_tool_use or another
//	                               but tool_use: ServerToolCall
//	toolResult                     ServerToolResult
//	image, video, audio, document  Image, Video, Audio, Document; Opaque if they
//	                               hold no file
//	any other block                Opaque
//	input that is not JSON         InvalidInput
//	stopReason                     StopReason, renamed where that has other names
//	usage                          Usage, with cached tokens as input, whether
//	                               inputTokens holds them or not: the total shows
//	                               it (a warning if no sum fits), else a fact
//	                               (Answers.CacheInInput); not Known if it is missing
//	the rest                       ProviderMetadata, raw
//
// # Credentials
//
// Everything about the connection comes through the client: its aws.Config, or
// its options. [Open] finds credentials as all programs of the SDK do: in
// variables, shared files, and the roles of containers and instances. It
// reads AWS_PROFILE, and AWS_BEARER_TOKEN_BEDROCK for an API key of Bedrock.
// Options.Profile and Options.Region replace what the environment says. For
// anything else make a client:
//
//	cfg, err := config.LoadDefaultConfig(ctx, config.WithRetryMaxAttempts(5))
//	llm, err := bedrock.New(bedrockruntime.NewFromConfig(cfg), modelID, nil)
//
// There are examples for a profile, for temporary credentials, and for a bearer
// token, which is sent over HTTPS only. A client without any credentials is
// refused by New; credentials that cannot be found are an error of the first
// call, of kind [model.ErrAuthentication].
//
// # Regions and endpoints
//
// The region is that of the configuration: Options.Region, AWS_REGION, the
// profile's, or config.WithRegion. Open returns an error if there is none, or if
// its name cannot be that of a region. A client's BaseEndpoint, or
// AWS_ENDPOINT_URL_BEDROCK_RUNTIME, sends requests elsewhere, such as to a VPC
// endpoint or a local server.
//
// No redirect is followed: it would take the credentials to wherever a response
// says. Where an HTTP client of the caller's own type follows one all the same,
// the answer is refused.
//
// The SDK's HTTP client has no limit on how long it waits for an answer, and a
// limit on the whole exchange would cut streams off. To notice a connection
// that has gone quiet, limit each read:
//
//	awshttp.NewBuildableClient().WithReadTimeout(time.Minute)
//
// A timeout of the HTTP client is [model.ErrTimeout], whatever kind it is. When
// the context ends, so does reading, even of a body that does not look at
// contexts.
//
// # Streams
//
// [Model.Stream] follows the rules of [model.Stream]: nothing is sent before
// the stream is ranged over, frames are read on the goroutine that ranges, and
// leaving the loop closes the connection. There is nothing to close.
//
// Every frame's checksums are verified. An answer is complete when the service
// has said so (messageStop). The usage follows in a message of its own, and is
// waited for up to two seconds, or half of what the context has left; a stream
// that ends cleanly just before it, or leaves it out, is complete with a Usage
// that is not Known. Every other end is an error of kind [model.ErrTruncated]: at the end of a frame or
// inside it, by an end, a reset or a wrong length. [model.Error.Partial] holds the
// part that had arrived, without server tools' results and images whose block
// had not ended.
//
// An answer that was read to its end leaves its connection open for the next
// call. A server that keeps the body open does not delay the caller: the last
// event comes when the answer is complete, and the loop ends 50 ms later, with
// the connection closed.
//
// A frame has 24 MiB at most, and a body that is read whole 32 MiB, compressed or
// not; what is longer is [model.ErrMalformed].
//
// # Errors
//
// All errors are [*model.Error] with the request id, if there is one. The
// SDK's own, such as *types.ThrottlingException, is reached by errors.As, also
// when it came as an exception in the middle of a stream. No text holds
// credentials, signatures or tokens, not even where the service quotes them.
// Nor does a [Model] show them, however it is printed or logged.
//
// The kind follows from the exception's name, however it arrives; for failures
// without a name, from the status:
//
//	exception or status                                   kind                retryable
//	ValidationException, ConflictException,               ErrInvalidRequest   no
//	SerializationException, other 4xx
//	  "input is too long", "prompt is too long", …        ErrContextOverflow  no
//	  "model identifier is invalid", "on-demand …"        ErrNotFound         no
//	  "doesn't support …"                                 ErrUnsupported      no
//	AccessDeniedException, OptInRequired, 403             ErrPermission       no
//	UnrecognizedClientException, ExpiredTokenException,   ErrAuthentication   no
//	InvalidSignatureException, IncompleteSignature,
//	MissingAuthenticationToken, RequestExpired,
//	RequestTimeTooSkewed, 401
//	ResourceNotFoundException,                            ErrNotFound         no
//	UnknownOperationException, 404
//	ModelTimeoutException, 408, 504                       ErrTimeout          yes
//	ThrottlingException, TooManyRequestsException, 429    ErrThrottled        yes
//	  "… per day"                                         ErrQuota            no
//	ServiceQuotaExceededException                         ErrQuota            no
//	ModelNotReadyException,                               ErrUnavailable      yes
//	ServiceUnavailableException, 502, 503, 529
//	InternalServerException, ModelErrorException,         ErrProvider         yes
//	ModelStreamErrorException, 424, other 5xx
//	any other exception in a stream                       ErrUnknown          no
//
// And for what goes wrong without the service saying so:
//
//	no connection, or none to an answer                   ErrTransport        yes
//	a timeout of the HTTP client, a request that it       ErrTimeout          yes
//	cancels by itself
//	an answer that ends early, whether it is a stream     ErrTruncated        yes
//	or JSON
//	an answer that cannot be read, a wrong checksum       ErrMalformed        yes
//	no region or no valid one, no such profile,           ErrInvalidRequest   no
//	an empty model id, a setting that cannot be sent
//	an answer to another request, as after a redirect     ErrInvalidRequest   no
//	no credentials, a bearer token without HTTPS          ErrAuthentication   no
//	the context was cancelled, or its deadline passed     ErrCanceled,        no
//	                                                      ErrDeadline
//
// The SDK retries a call that was throttled, that found the service
// unavailable or broken, or no connection: three attempts in all, unless the
// client's Retryer says otherwise. It does not retry streams once they have
// begun, nor ModelTimeoutException and ModelNotReadyException; [model.Retry]
// does, before the first event.
//
// # Converse or InvokeModel
//
// Options.Format chooses the door: Converse if it is empty, InvokeModel with the
// model's own body format otherwise. Requests, answers, errors, usage, warnings
// and streams are the same, so that a program moves from one to the other by that
// option alone. Which one:
//
//	any model that Converse has                           FormatConverse, the zero value
//	a policy that allows InvokeModel only                 FormatAuto
//	an imported model that Converse does not serve        FormatOpenAI
//	  (Qwen 2.5, gpt-oss), or one without a template
//	a custom or provisioned model without Converse        its format
//	Anthropic's own tools and betas as they come out,     FormatAnthropic
//	  documents of chunks with cache points behind them
//	files in S3, Word, Excel, video                       FormatConverse
//	prompts of Prompt management                          FormatConverse
//	older Llama, Mistral, DeepSeek-R1, Titan              FormatConverse; their own formats
//	                                                      are prompts, for text alone
//
// Three things differ by nature. FormatAnthropic requires a limit of tokens and
// has a default of its own, see there. A block that the package does not know
// is kept under the name of its format, "bedrock/anthropic", and not sent over
// Converse; signed thinking goes both ways. And FormatOpenAI joins the texts of
// an answer and takes no thinking back.
//
// # Concurrency
//
// A Model is safe for concurrent use, any number of streams included.
package bedrock
