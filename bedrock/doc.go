// Package bedrock talks to the models of Amazon Bedrock, through its Converse
// API, as [model.ChatModel].
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
// it is. What a model refuses that Converse documents for all is known by
// [Family]; a request is fitted to it, and each thing that had to be left out
// is a warning on the response. What cannot be expressed is an error, and
// nothing is sent.
//
// The SDK resolves the endpoint, signs, retries and classes failures. The
// bytes of requests and answers are written and read here: JSON documents stay
// as they are, blocks that this version does not know are kept, and a stream
// that was cut off is told from one that has ended.
//
// Settings that only Bedrock has, such as guardrails, are in [Extra]; what
// only Bedrock tells, such as traces, is in [ResponseExtra].
//
// # Credentials
//
// Everything about the connection comes through the client: its aws.Config, or
// its options. [Open] finds credentials as all programs of the SDK do: in
// variables, shared files, and the roles of containers and instances. It
// reads AWS_PROFILE, and AWS_BEARER_TOKEN_BEDROCK for an API key of Bedrock.
// For anything else make a client:
//
//	cfg, err := config.LoadDefaultConfig(ctx, config.WithSharedConfigProfile("work"))
//	llm, err := bedrock.New(bedrockruntime.NewFromConfig(cfg), modelID, nil)
//
// There are examples for a profile, for temporary credentials, and for a bearer
// token, which is sent over HTTPS only. A client without any credentials is
// refused by New; credentials that cannot be found are an error of the first
// call, of kind [model.ErrAuthentication].
//
// # Regions and endpoints
//
// The region is that of the configuration: AWS_REGION, the profile's, or
// config.WithRegion. Open says so if there is none. A client can be sent
// elsewhere by its BaseEndpoint, such as to a VPC endpoint or a local server,
// or by AWS_ENDPOINT_URL_BEDROCK_RUNTIME.
//
// The SDK's HTTP client has no limit on how long it waits for an answer, and a
// limit on the whole exchange would cut streams off. To notice a connection
// that has gone quiet, limit each read:
//
//	awshttp.NewBuildableClient().WithReadTimeout(time.Minute)
//
// # Streams
//
// [Model.Stream] follows the rules of [model.Stream]: nothing is sent before
// the stream is ranged over, frames are read on the goroutine that ranges, and
// leaving the loop closes the connection. There is nothing to close.
//
// Every frame's checksums are verified. An answer is complete when the service
// has said so (messageStop). The usage follows in a message of its own; a
// stream that ends cleanly just before it is complete, with a nil Usage. Every
// other end is an error of kind [model.ErrTruncated]: at the end of a frame or
// inside it, by an end, a reset or a length that was not kept. What had arrived
// is in [model.Error.Partial], without server tools' results and images whose
// block had not ended.
//
// An answer that was read to its end leaves its connection open for the next
// call.
//
// # Errors
//
// All errors are [*model.Error] with the request id, if there is one. The
// SDK's own, such as *types.ThrottlingException, is reached by errors.As, also
// when it came as an exception in the middle of a stream. No text holds
// credentials, signatures or tokens, not even where the service quotes them.
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
//	MissingAuthenticationToken, RequestExpired, 401
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
//	a timeout of the HTTP client                          ErrTimeout          yes
//	an answer that ends early                             ErrTruncated        yes
//	an answer that cannot be read, a wrong checksum       ErrMalformed        yes
//	no region, an empty model id                          ErrInvalidRequest   no
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
// [New] and [Open] reach a model over Converse, [NewInvoke] and [OpenInvoke] over
// InvokeModel, with the model's own body format. Requests, answers, errors,
// usage, warnings and streams are the same, so that a program moves from one to
// the other by its constructor alone. Which one:
//
//	any model that Converse has                           New
//	a policy that allows InvokeModel only                 NewInvoke
//	an imported model that Converse does not serve        NewInvoke, FormatOpenAI
//	  (Qwen 2.5, gpt-oss), or one without a template
//	a custom or provisioned model without Converse        NewInvoke, its format
//	Anthropic's own tools and betas as they come out,     NewInvoke, FormatAnthropic
//	  documents of chunks with cache points behind them
//	files in S3, Word, Excel, video                       New
//	prompts of Prompt management                          New
//	older Llama, Mistral, DeepSeek-R1, Titan              New; their formats are
//	                                                      prompts, for text alone
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
