// Package bedrocktest is an Amazon Bedrock Runtime for tests. It serves any
// [model.ChatModel], mostly a scripted one of package fake, as Converse,
// ConverseStream and CountTokens, so that a client cannot tell it from the
// service, except that it is strict, scriptable and fails on command.
//
//	s := bedrocktest.Start(t, fake.New(fake.Text("hello")), nil)
//	llm, err := bedrock.New(s.Client(), "us.anthropic.claude-sonnet-4-5-20250929-v1:0", nil)
//
// # Mental model
//
// A request is authenticated, recorded, struck by a [Fault] if one is due,
// judged by the [Rule]s of its model's family, and handed to the ChatModel in
// neutral form. What that answers goes back as the service would say it: cut
// to maxTokens and stop sequences, thinking signed, tokens and cache counted,
// events numbered, padded and framed. Nothing depends on chance: the same
// calls in the same order give the same bytes, but for dates and latencies.
//
// [Start] listens on the loopback interface, [StartTLS] does so with TLS and
// HTTP/2, and [InMemory] needs no socket and can be used inside a
// testing/synctest bubble. [Server.Client] and [Server.Config] know all that
// the AWS SDK needs, and nothing is read from the environment. [New] returns
// the bare handler. The command serve, in a folder of this package, is for
// clients in other languages.
//
// # Faults
//
// [Handler.Inject] queues faults for the next calls, [Options.Fault] chooses
// by call: HTTP errors, exceptions and damage at a frame, a body that ends at
// a byte in each of the ways in which a connection can die, stalls, events
// that nobody knows, blocks without beginning or end. [Fault.And] combines
// them.
//
// # Thinking
//
// Claude's thinking is signed by the server: a signature looks like the
// service's, and says of itself which model and text it is for. Thinking that
// comes back edited, without a signature or with a foreign one is refused.
// Redacted thinking is sealed in the same way, so what arrives is not the
// bytes of the script. Whatever signature a script gives is replaced, which
// makes second turns of any client work; with [Options.KeepSignatures] it is
// sent as it stands, and accepted back. Other families' thinking is not
// signed.
//
// # Tokens and the prompt cache
//
// A token is four bytes, begun, of each tool and each part: its names and
// values, without the JSON around them. An image counts as 1600 tokens, a
// video as 3000, audio as 1000, and a binary document by a sixteenth of its
// bytes. CountTokens, the rules, the cache and the usage of a model that tells
// none all go by this estimate. MaxTokens cuts an answer at four bytes a
// token.
//
// Prefixes that end at a cache point are remembered, for the lifetime that the
// point asks for, by model: tools, then system, then messages. A later prompt
// reads the longest of them that it begins with, up to 20 blocks before one of
// its own cache points, and writes from there to its further points; using a
// prefix prolongs its life. A prefix below the model's minimum is passed over
// in silence. Lifetimes go by [Options.Now]. Changing the thinking
// configuration invalidates what is cached of messages. If the ChatModel
// reports cache counters of its own, those are sent instead.
//
// # Rules that are enforced
//
// All are on unless [Options] turn them off. The texts and exceptions are the
// service's; where its own text is not known, the rule is marked with a star
// and the text follows the form of others. A family in brackets is whom the
// rule is for.
//
//	authentication *        SigV4 in form and date, or an API key; texts of the AWS front door
//	signature-v4 *          the signature itself, where the secret key is known
//	bearer-tls *            API keys come over TLS
//	unknown-member *        JSON members that do not exist
//	model-id                an id of a known provider, an ARN of Bedrock, or one of Options.Models
//	access                  Options.Denied
//	end-of-life             Options.Retired
//	inference-profile       newer Claude, Nova Premier: not by the bare id
//	count-tokens            Claude by its bare id only
//	max-tokens              at least 1
//	sampling-range          temperature and topP within 0..1
//	tool-name               letters, digits, _ and -
//	tool-name-length        at most 64
//	tool-list *             tools must not be empty
//	role *                  user, assistant or system
//	no-messages *           there must be messages
//	user-first              [all but Claude, Qwen, Kimi, DeepSeek, OpenAI] the user begins
//	alternate               [the same] user and assistant take turns
//	empty-content           a message has content
//	blank-text              texts are not empty; [Claude] nor white space, but before a cache point
//	tool-config             tool blocks need toolConfig
//	tool-support            models without tools, or without them in streams
//	tool-choice             [Llama, Mistral, Cohere, AI21, Writer] forced choices
//	tool-json               inputs and json results are objects
//	tool-result-count       no more results than calls
//	tool-results            every call has its result in the next message
//	tool-turn               [Llama, Mistral] results stand alone
//	unsupported-field       [Writer] toolResult.status
//	document-name           the letters of a document's name
//	document-unique         names differ, over the whole conversation
//	document-count          at most 5
//	document-size           at most 4.5 MB; not PDF for Claude 4, PDF and DOCX for Nova
//	document-text *         a document comes with a text
//	document-type           a known format
//	media-role *            no files from the assistant
//	image-count *           at most 20
//	image-size              at most 5 MB in base64
//	image-data              [Claude] the data begins as an image does
//	cache-support           [all but Claude, Nova] no cache points
//	cache-tools *           [Nova] none among tools
//	cache-points            at most 4
//	cache-document *        [Claude] none straight after a document or video
//	cache-ttl-order         longer lifetimes come first
//	max-tokens-limit        the model's own limit, where known
//	sampling                [newer Claude] no temperature or topP; not both
//	blank-stop              [Claude] stop sequences hold more than white space
//	prefill                 [newer Claude] the conversation ends with the user
//	trailing-space          [Claude] a prefill does not end with white space
//	forced-thinking         [Claude before 4.8] no forced tool while thinking
//	budget                  [Claude] a thinking budget of 1024 or more
//	budget-max-tokens       [Claude] and less than maxTokens
//	thinking-temperature    [Claude] 1, if any
//	reasoning-replay *      [DeepSeek R1] takes no thinking back
//	thinking-signature      [Claude] signatures are the server's
//	thinking-edited         [Claude] thinking comes back as it was
//	thinking-first          [Claude] and before the calls that it led to
//	context                 the prompt fits the model's context, where known
//
// # What is not enforced
//
// The pixels of images, the contents of documents, JSON Schemas, guardrails,
// prompt variables, service tiers and quotas; Claude's refusal of documents
// next to tool results; that a changed tool choice costs Nova part of its
// cache; which models take which media. The failures that are nobody's fault
// (throttling, models that are not ready, invalid tool sequences of Nova's)
// happen when a Fault says so.
package bedrocktest
