// # Mapping
//
// This is what becomes of a request. What is dropped, moved or changed on the
// way is a [model.Warning] of the response that names the field; what is refused
// is a [model.Error] of kind [model.ErrInvalidRequest] or [model.ErrUnsupported],
// and nothing is sent. What is said of a family holds for the models that
// [FamilyOf] puts there; [Options.Family] replaces it. For a model of which
// nothing is known no family's rule holds; only Thinking and
// ToolChoice.Parallel are refused there, as they have no form that all models
// share.
//
// Messages:
//
//	neutral                        Converse
//	-------                        --------
//	RoleSystem                     system, in order; after the first turn: moved
//	RoleUser, RoleAssistant        messages; adjacent ones of one role are one
//	message without content        dropped, its neighbours become one; refused as
//	                               the last of the user's, and if none is left
//	blank text                     dropped, wherever it is
//	white space at the very end    of an answer to continue: removed for Claude
//	                               (changed)
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
//	                               redactedContent; dropped where the family does
//	                               not take it back, see below
//	Image, Video, Audio            image, video, audio: bytes or s3Location
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
//	  Audio                        refused
//	all four, no tools offered     text in words (changed); files stay files,
//	                               unknown blocks are dropped
//	CachePoint                     cachePoint, see below
//	Opaque of Bedrock              as it came; refused if it is not JSON
//	Opaque of others               dropped
//	Image, Audio and so on         in a system message: refused
//
// Turns with tools, by family:
//
//	claude             tool results come first in their turn (moved)
//	llama, mistral     text next to tool calls is dropped; text, files and
//	                   search results next to tool results go into the last of
//	                   them (moved)
//	writer             no status; of a failed result that is told (dropped)
//
// Thinking of the history that goes back. Dropped in all cases: what is
// incomplete, made by another provider, or empty.
//
//	claude             with a signature, or redacted
//	deepseek (not R1)  without a signature, or redacted
//	gpt-oss            without a signature, or redacted
//	openai             redacted
//	unknown            all of it
//	all others         none
//
// Tools:
//
//	neutral                        Converse
//	-------                        --------
//	Tool                           toolSpec; InputSchema byte for byte, empty: an
//	                               object without properties
//	  Name                         refused if longer than 64 or with anything but
//	                               letters, digits, _ and -
//	  ServerSide                   systemTool
//	  Cache                        a cachePoint after it
//	Tools                          refused: titan, DeepSeek R1, Llama 2, 3, and
//	                               3.2 with 1B and 3B
//	ToolsNone                      tools are not offered
//	ToolsAuto                      toolChoice auto
//	ToolsAny                       toolChoice any; refused: llama, cohere, ai21,
//	                               writer
//	ToolsNamed                     toolChoice tool; refused: as any, and mistral,
//	                               the first DeepSeek V3
//	any, named, while thinking     auto (changed): claude but for Opus 4.8 and
//	                               the fifth generation; deepseek
//	any, named, for tools that     auto (changed): nova
//	the service runs
//	Parallel: false                additional field tool_choice with
//	                               disable_parallel_tool_use: claude; refused: all
//	                               others
//	Parallel: true                 nothing, it is the default
//
// Sampling and limits, in inferenceConfig unless said otherwise:
//
//	neutral            Converse
//	-------            --------
//	MaxTokens          maxTokens; dropped: nova that thinks with effort high
//	StopSequences      stopSequences; blank ones: refused
//	Temperature        temperature; dropped: Claude since Opus 4.7, GPT-5; claude
//	                   that thinks, unless 1; nova that thinks with effort high
//	TopP               topP; dropped: as temperature, but for claude that thinks
//	                   from 0.95; Claude 4.1 to 4.6 next to a temperature
//	TopK               additional field top_k; cohere: k; nova:
//	                   inferenceConfig.topK; dropped: llama, titan, DeepSeek R1,
//	                   GPT-5, Claude since Opus 4.7, claude that thinks
//
// Thinking, in additional fields:
//
//	claude             thinking{type, budget_tokens}, output_config{effort}
//	  before 4.6       enabled with a budget of 1024 or more; adaptive: enabled
//	                   (changed); effort: dropped, but for Opus 4.5
//	  4.6              adaptive, or enabled with a budget
//	  after 4.6        adaptive; budget: dropped
//	  before 3.7       refused
//	Nova 2             reasoningConfig{type, maxReasoningEffort}: low, medium or
//	                   high, other efforts: refused; budget: dropped
//	deepseek, gpt-oss, reasoning_effort; budget: dropped; disabled: left out for
//	openai, kimi       deepseek, which then does not think, dropped for others
//	qwen               reasoning_config, likewise as for deepseek
//	DeepSeek R1        thinks; whatever is asked beyond that: dropped
//	unknown            refused, unless disabled
//	all others         refused, unless disabled
//
// Cache points. A request has at most four; more are dropped, the earliest of
// the messages first, then of the system prompt, then of the tools. One straight
// after another is dropped. Lifetimes are 5m and 1h, longer ones first in the
// order tools, system, messages; others are refused.
//
//	claude             straight after a document, a video or thinking: moved
//	                   before it, dropped if nothing is there
//	  before 4.5       1h: 5m (changed)
//	nova               among tools, and in turns with tool calls or results:
//	                   dropped; lifetimes: dropped (changed)
//	unknown, openai    as asked
//	all others         dropped
//	Request.Cache      points after tools, system prompt, the last turn and the
//	                   user's turn before it, as far as the four and the family
//	                   allow; beside the caller's points they live as these ask
//	                   for (changed)
//
// Output and what is Bedrock's own:
//
//	neutral                        Converse
//	-------                        --------
//	Output                         outputConfig.textFormat; additionalProperties:
//	                               false where the schema says nothing; refused:
//	                               nova
//	Extra.OutputEffort             outputConfig.effort
//	Extra.AdditionalFields         additionalModelRequestFields, byte for byte;
//	                               members named here win over those that follow
//	                               from neutral fields (dropped)
//	Extra.ResponseFieldPaths       additionalModelResponseFieldPaths
//	Extra.Guardrail                guardrailConfig; StreamMode in streams only
//	Extra.Latency                  performanceConfig
//	Extra.ServiceTier              serviceTier
//	Extra.Metadata                 requestMetadata
//	Extra.PromptVariables          promptVariables
//
// And of an answer. Nothing is left out of the message, but for streamed blocks
// of kinds that this version does not know (a warning) and events of such kinds.
//
//	Converse                       neutral
//	--------                       -------
//	text, citationsContent         Text, CitedText
//	reasoningContent               Thinking
//	toolUse                        ToolCall; of type server_tool_use or another
//	                               but tool_use: ServerToolCall
//	toolResult                     ServerToolResult
//	image, video, audio, document  Image, Video, Audio, Document; Opaque if they
//	                               hold no file
//	any other block                Opaque
//	input that is not JSON         InvalidInput
//	stopReason                     StopReason, renamed where that has other names
//	usage                          Usage, with cached tokens as input; nil if it
//	                               is missing
//	the rest                       ResponseExtra, raw
package bedrock
