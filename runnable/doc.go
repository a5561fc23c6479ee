// Package runnable chains prompts, models, tools and your own functions into
// typed steps that can be invoked, batched and streamed.
//
// # Mental model
//
// A step is a [Runnable]: one method that makes an O of an I. Functions combine
// steps, and the result is a step again:
//
//	type Translation struct{ InputLanguage, OutputLanguage, Input string }
//
//	prompt, err := runnable.NewPrompt[Translation](
//		runnable.System("You are a helpful assistant that translates {{.InputLanguage}} to {{.OutputLanguage}}."),
//		runnable.User("{{.Input}}"),
//	)
//	translate := runnable.Pipe3(prompt, runnable.Model(llm), runnable.Text())
//
//	german, err := translate.Invoke(ctx, Translation{"English", "German", "I love programming."})
//
// The compiler knows that translate makes a string of a Translation, and that
// only a step that takes a [*model.Request] may follow the prompt. A step of
// your own is a function ([Func]) or any type with an Invoke method. There is
// nothing else to a step: no registry, no configuration to pass through, and
// between steps neither reflection nor goroutines.
//
// Steps are built once and used for all calls, also concurrently. They do not
// change once built: all that differs between calls is in the input and the
// context.
//
// # Streams
//
// [Stream] runs any chain and lets the events of its models out as they
// happen, however deep in the chain they are. Steps need not know of it:
//
//	run := runnable.Stream(ctx, translate, in)
//	for text, err := range run.Text() { … }
//	german, err := run.Result()
//
// [Run.Events] labels each event with the step it comes from; [Named] gives
// steps their names, and [Quiet] hides those that are not for the reader. Steps
// and tools report how far they are by [Progress]. [Partials] reads structured
// answers while they arrive. The rules are those of [model.Stream]: a run is
// lazy and single use, leaving the loop ends it, and an error comes last.
//
// A step in the middle waits until the step before it has returned, since it
// takes a value and not a stream of pieces. Only the answers of models are
// streamed.
//
// # Structured answers and tools
//
// [Structured] gives a T on any model: it asks in the best way that the model
// and the schema allow, down to the schema in the prompt. For a schema that is
// known only at run time there is [StructuredSchema], for an answer after tools
// [StructuredLoop].
//
// [ToolLoop] runs tools until the model answers. Its options limit it, change
// its steps, and decide on each call before it is run; a call that waits for
// somebody's approval becomes a [LoopState], which is JSON, and
// [ResumeToolLoop] goes on from there. Whatever ends a loop, the conversation
// so far is not lost: it is in the [ToolLoopError].
//
// # Errors
//
// An error says which step failed, as in "translate/model: throttled", and
// unwraps to the cause; see [StepError]. The kinds of package model go
// through: errors.Is(err, model.ErrThrottled), model.Retryable(err). An answer
// that is not as asked for is an [*OutputError] with the raw text, a tool loop
// that did not end a [*ToolLoopError] with the history so far. [LoopErrors] finds
// all of them where several loops ran at the same time.
//
// # Concurrency
//
// [Parallel], [Join], [Map], [Batch] and [ToolSet] run steps at the same time.
// They always wait for the steps that they started: no goroutine outlives a
// call. They pass events to the goroutine that ranges over the run, which is
// the only one that runs the loop. A function that starts goroutines of its own
// must not let two of them send events at once. If it does, sending returns an
// error. A panic in a branch is repeated on the goroutine that called the step;
// see [PanicError].
//
// # For those who know LangChain
//
//	LCEL                            here
//	prompt | llm | parser           Pipe3(prompt, Model(llm), Text())
//	RunnableSequence                Pipe, Pipe3, Pipe4; longer ones are pipes of pipes
//	RunnableParallel, {"a": x}      Parallel for outputs of one type, Join for two types
//	RunnablePassthrough             Passthrough
//	RunnablePassthrough.assign      Assign, whose function puts both into a struct
//	itemgetter, pick                a Func that returns the field
//	RunnableLambda                  Func
//	RunnableBranch, routing         Branch, whose function is an ordinary switch
//	RunnableEach, .map()            Map
//	.invoke, .ainvoke               Invoke; put it into a goroutine to go on meanwhile
//	.batch, max_concurrency         Batch, whose last argument is the limit
//	.batch(return_exceptions=True)  Batch always; for the first error and no more, Map
//	.batch_as_completed             not here: report early results from within the step, by Progress
//	.stream, .astream               Stream and Run.Text
//	.astream_events, astream_log    Stream and Run.Events
//	.transform, RunnableGenerator   not here: a step takes values; range over Run.Text instead
//	.bind(stop=…), model kwargs     Prompt.With, or a Func that changes a clone of the request
//	.bind_tools                     Prompt.With and ToolSet.Definitions; ToolLoop does it itself
//	.with_config(run_name=…)        Named
//	.with_config(tags, metadata)    not here: names make the path; put values into the context
//	.with_retry                     Retry for steps, model.Retry for models
//	.with_fallbacks                 Fallback for steps, model.Fallback for models
//	.with_structured_output         Structured; include_raw=True is StructuredRaw; a dict as schema StructuredSchema
//	.with_listeners, callbacks      not here: events show what models do; wrap a step to observe the rest
//	.with_types, .get_graph         not here: the types are Go's, and the chain is code
//	configurable_fields             not here: build a second chain, or choose in a Branch
//	StrOutputParser                 Text
//	JsonOutputParser, Pydantic…     JSON, or Structured for a schema; while streaming Partials
//	OutputFixingParser              StructuredOptions.Repairs; or Retry whose If is errors.Is(err, model.ErrOutput)
//	response.response_metadata checks  Complete, before Text
//	ChatPromptTemplate              NewPrompt with System, User and Assistant
//	prompt.partial                  a field that the caller fills, or text put together before
//	MessagesPlaceholder             History
//	FewShotChatMessagePromptTemplate  Each over a field, or User and Assistant in a row
//	example selectors               a step before the prompt that fills the field
//	images in prompts               Field
//	RunnableWithMessageHistory      not here: History takes the messages, storing them is the caller's
//	@tool, StructuredTool           NewTool; for a schema as data ToolOf
//	ToolRuntime, InjectedToolCallId CallOf
//	content_and_artifact            ToolOutput; artifacts are in Conversation.Artifacts
//	get_stream_writer, dispatch_custom_event  Progress
//	HumanInTheLoopMiddleware, interrupt  ToolLoopOptions.Before, Hold and ResumeToolLoop
//	ToolCallLimitMiddleware         ToolLoopOptions.MaxCalls, MaxSteps, MaxTokens, MaxTime
//	langchain-mcp-adapters          module mcptools
//	ToolNode                        ToolSet
//	AgentExecutor, create_react_agent  ToolLoop
//	timeouts                        Timeout
//	LangGraph                       not here: loops and state are Go code in a Func
package runnable
