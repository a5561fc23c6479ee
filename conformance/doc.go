// Package conformance checks chat models: one's own provider, somebody
// else's, one with a live service behind it. It knows what package model asks
// of every [model.ChatModel], one case a rule, and says of a broken one which
// rule it breaks and how that shows.
//
//	func TestConformance(t *testing.T) {
//		conformance.Test(t, conformance.Subject{
//			Name:         "parrot",
//			Provider:     "parrot",
//			Capabilities: conformance.Capabilities{Sampling: true},
//			New: func(env *conformance.Env, script *fake.Model) (model.ChatModel, error) {
//				server := httptest.NewServer(cage(script))
//				env.Cleanup(server.Close)
//				return Parrot{server.URL, server.Client()}, nil
//			},
//		})
//	}
//
// # Mental model
//
// A case plays both ends. It writes a script of package fake: what the
// provider will answer, in which pieces, where it breaks off. The subject's
// New puts the script behind the model: a local server, or a RoundTripper,
// that decodes what the model sends into a [model.Request], asks the script
// with it, and encodes what the script gives. Then the case calls the model
// and looks at both ends: at the answer, and at what the provider was asked,
// which the script remembers.
//
//	case ── calls ──► your model ── your wire ──► your test server ── asks ──► script
//
// So a provider needs one thing beside itself: a test server that speaks its
// wire, driven by any ChatModel. The example of this package, in the file
// example_test.go, is a whole provider, its server and its run through the
// suite.
//
// What New's server does with the script:
//
//   - It asks the script as the model asked: by Stream for a stream, by
//     Generate for a call, with r.Context(), once a request.
//   - Events become pieces on the wire as they come, flushed one by one, with
//     their indices if the wire has such. Text may be cut within a character;
//     a wire of JSON strings holds the rest of the character back until the
//     next piece brings it.
//   - An error of the script of kind [model.ErrTruncated] breaks the
//     connection: panic(http.ErrAbortHandler). Other errors become the error
//     that the real provider sends for their kind, in the middle of a stream
//     the one that it sends there.
//   - An error that is not the model's fault, such as a body that can't be
//     read, should fail loudly.
//
// If nothing of that uses sockets, set [Subject.InMemory]. [Test] then runs
// every check in a testing/synctest bubble, where an hour's pause takes no
// time and a hang or a goroutine left behind is certain to be found. Without,
// checks take the time they take, goroutines are counted, and a check that
// hangs is given up after [Subject.Timeout]; a second is enough while a
// provider is being written. Pieces that are not flushed show as hangs.
//
// # Claims, refusals, gaps
//
// [Capabilities] says what the model can do. A case whose needs are not
// claimed does not apply; a claimed capability that fails is a failure. To
// claim nothing is no way out: what a request can ask for must then be
// refused, with [model.ErrUnsupported] and before anything is sent, and there
// are cases for that. Guard content, search results and tools that the
// provider runs have no such case yet.
//
// What fails and is known to is declared in [Subject.Gaps], by the case's id,
// with a reason. A gap that passes fails, so the list can only shrink.
//
// # Running
//
// [Test] makes a subtest a case, named by group and case:
//
//	go test -run 'TestConformance/thinking'
//	go test -run 'TestConformance/thinking/SignatureRoundTrip$'
//
// [Check] does the same without a test and returns a [Report], to be written
// as text, JSON or Markdown. Both keep going after a failure. A failure says
// what was seen and what was wanted, the rule, the line of the case, and how
// to run it again; signatures, files and credentials ([Subject.Secrets]) are
// never shown.
//
// Run it with -race as well. The suite has no false alarms that are known, and
// it can miss faults: it is tested with hundreds of models that are broken on
// purpose, each of which it finds, and with odd ones that keep all rules, in
// which it finds nothing.
//
// # Recordings and live models
//
// Answers that no script decides are held against [Laws]: [Grammar] of
// events, [Conservation] of what they say, [Accounting] of tokens,
// [Provenance] of thinking. [Subject.Conversations] takes recorded calls, or
// those to a live service; [Observe] and the laws are there for anybody's
// streams.
//
// # Concurrency
//
// Test and Check may run concurrently. A Subject is not modified, and its
// functions are called concurrently.
//
// # Rules
//
// This list is made from the table of cases. "needs" is what a subject must
// claim for the case to apply; "without" is what it must not.
//
// # Rules: basics
//
//  1. BAS-01 TextReply: the text of an answer arrives byte for byte, white
//     space at its ends included.
//  2. BAS-02 EmptyReply: an answer without content is an answer: no parts, no
//     error, its stop reason kept.
//  3. BAS-03 PartOrder: the parts of an answer keep their order and stay
//     apart. Needs tools.
//  4. BAS-04 AssistantRole: an answer's message has the role assistant, ready
//     to be appended to the history.
//  5. BAS-05 StopReasons: every stop reason that the provider can tell
//     arrives as it is, and is an answer, not an error.
//  6. BAS-06 UnknownStopReason: a stop reason that this library has no name
//     for passes through as the provider spells it. Needs unknown stop
//     reasons.
//  7. BAS-07 SystemMessage: a system message reaches the provider as one,
//     whole, and never as the user's words.
//  8. BAS-08 SystemMessagesInOrder: several system messages all arrive, in
//     order; one that has to be moved is told in Warnings.
//  9. BAS-09 RolesAndOrder: the turns of a conversation keep their order,
//     roles and words.
//  10. BAS-10 AdjacentTurns: two messages of one role in a row are allowed,
//     and all of both arrives.
//  11. BAS-11 Temperature: a temperature arrives as it was asked for, 0 as
//     well, and none if none was. Needs sampling.
//  12. BAS-12 TopP: a top_p arrives as it was asked for, 0 as well, and none
//     if none was. Needs sampling.
//  13. BAS-13 TopK: a top_k arrives as it was asked for. Needs top k.
//  14. BAS-14 MaxTokens: a limit of tokens arrives as it was asked for.
//  15. BAS-15 StopSequences: stop sequences arrive byte for byte, all of them,
//     in order. Needs stop sequences.
//  16. BAS-16 StopSequencesRefused: a model without stop sequences refuses a
//     request for them with ErrUnsupported and sends nothing. Without stop
//     sequences.
//  17. BAS-17 NothingInvented: what a request leaves to the provider is left
//     to the provider, or told in Warnings.
//  18. BAS-18 SilentWhenFaithful: a request that is expressed as it was asked
//     has no warnings.
//  19. BAS-19 UnsupportedIsTold: sampling that the provider can't express is
//     an error of kind ErrUnsupported or a warning, never dropped in silence.
//  20. BAS-20 ModelNamed: every answer names the model that was asked, the
//     same both ways.
//  21. BAS-21 RequestID: an answer carries the provider's id of the call,
//     another one for every call. Needs request ids.
//  22. BAS-22 Latency: an answer carries how long the provider says it took.
//     Needs latency.
//  23. BAS-23 UsageExact: an answer's usage is what the provider counted.
//     Needs usage.
//  24. BAS-24 UsageUnknown: where the provider told nothing the usage is there
//     and not Known, never zeros that count. Needs usage that is not told.
//  25. BAS-25 RequestUnchanged: a call does not modify the request, nor
//     anything it points to.
//  26. BAS-26 RequestNotKeptByGenerate: once Generate has returned, the
//     request is its caller's: a changed one is sent as changed.
//  27. BAS-27 RequestNotKeptByStream: once Stream has returned, the request is
//     its caller's: what is changed before the stream is ranged over is not
//     sent.
//  28. BAS-28 ResponseOwned: an answer belongs to its receiver: changing it
//     changes no other answer.
//  29. BAS-29 SameRequestSameWire: equal requests are sent equal, the order of
//     tools and schemas included, or caches miss. Needs tools.
//  30. BAS-30 Unicode: texts are not normalised, escaped or trimmed in either
//     direction.
//  31. BAS-31 NilRequest: a nil request is an error of kind ErrInvalidRequest,
//     not a panic.
//  32. BAS-32 InvalidRequests: a request that no provider could accept is an
//     error of kind ErrInvalidRequest, and nothing is sent.
//  33. BAS-33 InvalidNamesTheField: the error of an invalid request names the
//     field that is wrong.
//  34. BAS-34 CapabilitiesAgree: what a model reports of its capabilities is
//     what is claimed for it.
//  35. BAS-35 CountTokens: a model that can count tokens counts them without
//     answering, more for more, and refuses an invalid request. Needs token
//     counting.
//  36. BAS-36 CountTokensRefused: a model that can't count tokens says so by
//     ErrUnsupported, and sends nothing. Without token counting.
//  37. BAS-37 ForeignSettings: settings of another provider in
//     Request.ProviderOptions are passed over.
//  38. BAS-38 ForeignBlocks: an opaque block of another provider is not sent,
//     and that is told in Warnings.
//  39. BAS-39 SecondCallFresh: a call sends its own conversation: nothing of
//     an earlier call is in it.
//  40. BAS-40 Citations: cited text arrives with its citations, each with
//     title, quotes and place, both ways. Needs citations.
//  41. BAS-41 CitationsRoundTrip: cited text is sent back with its citations,
//     or what is left out is told in Warnings; its text always. Needs
//     citations.
//
// # Rules: streaming
//
//  42. STR-01 Grammar: a stream is, for every part, events and then one
//     EventPartDone; after the last part one EventFinish, and nothing after
//     it.
//  43. STR-02 Conservation: the pieces of every part add up to the part, and
//     the parts are the answer.
//  44. STR-03 GenerateEquivalence: collecting a stream gives what Generate
//     gives for the same answer, in every field.
//  45. STR-04 OneByte: an answer that arrives a byte at a time, cut within
//     characters, is the same answer.
//  46. STR-05 OnePiece: an answer whose parts arrive whole is the same answer.
//  47. STR-06 RandomPieces: however an answer is cut into pieces, it is the
//     same answer.
//  48. STR-07 EmptyPieces: empty pieces add nothing.
//  49. STR-08 LargePiece: a piece may be large: it arrives whole.
//  50. STR-09 ManyPieces: pieces may be many: none of thousands is lost,
//     doubled or moved.
//  51. STR-10 PiecesArriveOneByOne: a stream hands on pieces as they come, not
//     the answer at once.
//  52. STR-11 Incremental: a piece is handed on when it arrives, not when the
//     next one does.
//  53. STR-12 InterleavedParts: events of several parts may interleave; each
//     goes to the part of its index. Needs tools.
//  54. STR-13 SparseIndices: indices may have gaps; the parts keep their
//     order.
//  55. STR-14 NoPartEnds: parts whose end the provider does not tell are
//     complete when the answer is.
//  56. STR-15 Lazy: a stream that is never ranged over sends nothing and opens
//     nothing.
//  57. STR-16 SecondRange: a second range over a stream yields one error of
//     kind ErrStreamUsed and asks nobody again.
//  58. STR-17 TextOnly: Text yields the answer's text, all of it and nothing
//     else.
//  59. STR-18 TextError: Text yields what had arrived, and at last the error.
//  60. STR-19 ResponseAlone: Response asks for the answer if nobody has, once,
//     and then keeps it.
//  61. STR-20 ResponseAfterLoop: after the loop, Response returns the answer
//     of the finish event, asking nobody again.
//  62. STR-21 FinishOnce: there is one finish event, it is the last one, and
//     it holds the complete answer.
//  63. STR-22 BreakReleases: leaving the loop after any event releases the
//     connection.
//  64. STR-23 BreakLeavesNothing: leaving the loop leaves no goroutine behind.
//  65. STR-24 BreakStopsWaiting: leaving the loop does not wait for what is
//     still to come.
//  66. STR-25 BreakIsStopped: after a loop that was left early, Response
//     returns what had arrived and an error of kind ErrStopped.
//  67. STR-26 PanicReleases: a panic in the loop goes on to the caller, and
//     the connection is released.
//  68. STR-27 TruncatedAnywhere: an answer that ends before it is complete is
//     an error of kind ErrTruncated or ErrTransport, wherever it ends.
//  69. STR-28 TruncatedKeepsPieces: what had arrived of a truncated answer is
//     handed on, and is in Error.Partial.
//  70. STR-29 TruncatedCall: a tool call that was cut off is not complete: its
//     text is in InvalidInput, and its input is never made up. Needs tools.
//  71. STR-30 TruncatedHasNoUsage: a truncated answer has neither a usage nor
//     a stop reason that nobody told.
//  72. STR-31 TruncatedGenerate: Generate fails, too, if the answer ends
//     before it is complete.
//  73. STR-32 StopReasonAndUsage: what is told at the very end of a stream,
//     stop reason and usage, is in the answer. Needs usage.
//  74. STR-33 WarningsInStream: a stream warns of the same as Generate.
//  75. STR-34 ResponseWithinLoop: within the loop, Response returns the part
//     so far and an error of kind ErrStreamUsed.
//  76. STR-35 LongWaits: a pause of the provider is no error.
//  77. STR-36 AdjacentTexts: two parts of text in a row stay two parts.
//
// # Rules: tools
//
//  78. TOL-01 Call: a tool call arrives with its id, its name and its input.
//     Needs tools.
//  79. TOL-02 NoArguments: the input of a call without arguments is the empty
//     object or none, both ways: neither null nor an empty string. Needs
//     tools.
//  80. TOL-03 InputPieces: input that arrives in pieces, cut within JSON
//     tokens, is the same input. Needs tools.
//  81. TOL-04 InputByteForByte: a call's input is kept as the model wrote it:
//     digits of numbers, order of keys, escapes. Needs tools.
//  82. TOL-05 ParallelCalls: several calls in one answer arrive each with its
//     own id, name and input, in order. Needs tools, parallel tools.
//  83. TOL-06 SameToolTwice: two equal calls of one tool are two calls. Needs
//     tools, parallel tools.
//  84. TOL-07 TextAndCall: text before a call is kept beside it. Needs tools.
//  85. TOL-08 StopIsToolUse: an answer that waits for tool results says so by
//     its stop reason. Needs tools.
//  86. TOL-09 InvalidInput: input that is not JSON is kept in InvalidInput,
//     and the answer is complete. Needs tools.
//  87. TOL-10 InvalidInputInHistory: a call with invalid input in the history
//     does not make the conversation impossible, and its text is not lost in
//     silence. Needs tools.
//  88. TOL-11 CallRoundTrip: a call goes back to the provider as it came: id,
//     name, input byte for byte. Needs tools.
//  89. TOL-12 ResultRoundTrip: a result reaches the provider under the id of
//     its call, with all its parts in order. Needs tools.
//  90. TOL-13 ParallelResults: the results of all calls of a turn arrive in
//     one turn, in order, each under its own id. Needs tools, parallel tools.
//  91. TOL-14 ErrorResult: that a tool failed reaches the provider, or is told
//     in Warnings; a result that did not fail is no error. Needs tools.
//  92. TOL-15 EmptyResult: a result without content is allowed; it arrives,
//     and what stands in for the content is told in Warnings. Needs tools.
//  93. TOL-16 JSONResult: a JSON result is sent byte for byte. Needs tools.
//  94. TOL-17 ChoiceAuto: a choice left to the model arrives as that, the
//     tools with it. Needs tools.
//  95. TOL-18 ChoiceAny: tool choice any arrives as any. Needs tools, forced
//     tools.
//  96. TOL-19 ChoiceNamed: tool choice of one tool arrives with that tool's
//     name, the other tools with it. Needs tools, forced tools.
//  97. TOL-20 ChoiceNone: tool choice none keeps the model from calling: it
//     arrives as none, or without tools. Needs tools.
//  98. TOL-21 OneAtATime: a wish for one call at a time arrives, or is an
//     error of kind ErrUnsupported, or is told in Warnings. Needs tools.
//  99. TOL-22 SchemaByteForByte: a tool's schema is sent byte for byte. Needs
//     tools.
//  100. TOL-23 ToolsInOrder: tools arrive in order, each with its name and
//     description. Needs tools.
//  101. TOL-24 NoSchema: a tool without a schema is one without arguments.
//     Needs tools.
//  102. TOL-25 Strict: a wish for strictness arrives as it was asked for, or is
//     told in Warnings or refused; none if none was. Needs tools.
//  103. TOL-26 ServerTools: a call that the provider runs is kept, and not
//     offered to the caller to run. Needs server tools.
//  104. TOL-27 LongLoop: over a loop of many turns every call and every result
//     arrives, once, under its id. Needs tools.
//  105. TOL-28 DistinctIDs: calls have ids, and different calls different ones.
//     Needs tools, parallel tools.
//  106. TOL-29 ToolsRefused: a model without tools refuses them with
//     ErrUnsupported and sends nothing. Without tools.
//  107. TOL-30 ForcedToolsRefused: a model that can't be made to call a tool
//     says so by ErrUnsupported or in Warnings. Needs tools. Without forced
//     tools.
//  108. TOL-31 ForcedWhileThinking: a model that can be made to call a tool
//     while it thinks is asked for both. Needs tools, forced tools, forced
//     tools while thinking, thinking.
//  109. TOL-32 ForcedWhileThinkingRefused: a model that can't be made to call a
//     tool while it thinks says so by ErrUnsupported or in Warnings. Needs
//     tools, forced tools, thinking. Without forced tools while thinking.
//
// # Rules: thinking
//
//  110. THK-01 ApartFromText: thinking never shows in an answer's text, nor
//     text in its thinking. Needs signed thinking.
//  111. THK-02 Signature: a signature arrives byte for byte, both ways. Needs
//     signed thinking.
//  112. THK-03 SignatureInPieces: a signature that arrives in pieces is their
//     sum. Needs signed thinking.
//  113. THK-04 SignatureRoundTrip: a thinking block's text and signature are
//     sent back byte for byte. Needs signed thinking.
//  114. THK-05 TextRoundTrip: the text of signed thinking is sent back byte for
//     byte, white space and escapes included. Needs signed thinking.
//  115. THK-06 SignatureOnly: a block with a signature and no text is kept, and
//     sent back. Needs signed thinking.
//  116. THK-07 TwoBlocks: two blocks of thinking stay two, each with its own
//     signature, in order. Needs signed thinking.
//  117. THK-08 ThinkingBeforeCall: in a tool loop, thinking is sent back in
//     front of the call it led to. Needs tools, signed thinking.
//  118. THK-09 InterleavedThinking: thinking between calls keeps its place.
//     Needs tools, parallel tools, signed thinking.
//  119. THK-10 ThinkingAfterText: thinking that comes after text stays after
//     it. Needs signed thinking.
//  120. THK-11 LongLoop: over many turns every signature goes back with its own
//     block, every time. Needs tools, signed thinking.
//  121. THK-12 StreamThenGenerate: thinking that came by Stream goes back by
//     Generate, and the other way round. Needs signed thinking.
//  122. THK-13 LongThinking: long thinking and a long signature survive whole.
//     Needs signed thinking.
//  123. THK-14 Unsigned: thinking without a signature arrives as that, and gets
//     none. Needs unsigned thinking.
//  124. THK-15 UnsignedRoundTrip: unsigned thinking is sent back as it is, or
//     left out with a warning; never with a signature. Needs unsigned
//     thinking.
//  125. THK-16 Redacted: redacted thinking arrives byte for byte, whatever the
//     bytes, both ways. Needs redacted thinking.
//  126. THK-17 RedactedRoundTrip: redacted thinking is sent back byte for byte.
//     Needs redacted thinking.
//  127. THK-18 RedactedBlocksApart: several redacted blocks stay several, in
//     order. Needs redacted thinking.
//  128. THK-19 RedactedAmongSigned: redacted and signed blocks keep their
//     order. Needs redacted thinking, signed thinking.
//  129. THK-20 NotPrinted: printing an answer shows neither signatures nor
//     redacted bytes. Needs signed thinking.
//  130. THK-21 ProviderNamed: thinking names the provider that made it, the
//     same both ways. Needs signed thinking.
//  131. THK-22 ForeignThinking: thinking of another provider is not sent as
//     this one's, and that is told in Warnings. Needs signed thinking.
//  132. THK-23 IncompleteNotSent: a block that was cut off is never sent back,
//     and that is told in Warnings. Needs signed thinking.
//  133. THK-24 CutOffIsIncomplete: thinking whose end was not seen is marked as
//     incomplete; what was complete before it is not. Needs signed thinking.
//  134. THK-25 StoredRoundTrip: thinking that was stored as JSON goes back byte
//     for byte as if it had not been. Needs signed thinking.
//  135. THK-26 TagsAreText: text that looks like a tag of thinking is text.
//  136. THK-27 Budget: a thinking budget arrives as it was asked for, or is
//     told in Warnings. Needs thinking.
//  137. THK-28 Effort: a thinking effort arrives as it was asked for, or is
//     told in Warnings. Needs thinking.
//  138. THK-29 Disabled: thinking that is switched off arrives switched off, or
//     is told in Warnings; never switched on. Needs thinking.
//  139. THK-30 NotAskedFor: a request that says nothing of thinking is sent
//     without a word of it.
//  140. THK-31 ThinkingRefused: a model that can't think refuses to with
//     ErrUnsupported and sends nothing; switched off is no wish. Without
//     thinking.
//  141. THK-32 UserDoesNotThink: sending thinking back changes nothing about
//     the turns around it. Needs signed thinking.
//
// # Rules: caching
//
//  142. CAC-01 PointInMessage: a cache point arrives behind exactly the part it
//     was put behind. Needs prompt caching.
//  143. CAC-02 PointInSystem: a cache point in a system message arrives there,
//     or is told in Warnings. Needs prompt caching.
//  144. CAC-03 PointAfterTool: a cache point after a tool arrives after that
//     tool, or is told in Warnings. Needs prompt caching, tools.
//  145. CAC-04 SeveralPoints: several cache points all arrive, each in its
//     place. Needs prompt caching.
//  146. CAC-05 TooManyPoints: cache points that the provider has no room for
//     are told in Warnings, one by one, or refused. Needs prompt caching.
//  147. CAC-06 Lifetime: the lifetime of a cache point arrives as it was asked
//     for, and none if none was. Needs prompt caching, cache lifetimes.
//  148. CAC-07 OddLifetime: a lifetime that the provider does not have is an
//     error or a warning, never another lifetime in silence. Needs prompt
//     caching.
//  149. CAC-08 NoneAskedFor: a request without cache points is sent without
//     cache points.
//  150. CAC-09 Automatic: Request.Cache makes the prompt cached: the wish or a
//     cache point arrives. Needs prompt caching.
//  151. CAC-10 AutomaticLifetime: the lifetime in Request.Cache is that of the
//     cache points it stands for. Needs prompt caching, cache lifetimes.
//  152. CAC-11 PointAfterImage: a cache point after an image arrives there, or
//     is told in Warnings. Needs prompt caching, images.
//  153. CAC-12 PointAfterResult: a cache point after a tool result arrives
//     there, or is told in Warnings. Needs prompt caching, tools.
//  154. CAC-13 InputIsWholePrompt: InputTokens counts the whole prompt: what
//     was not cached, what was read and what was written. Needs prompt
//     caching, usage.
//  155. CAC-14 ReadOnly: tokens read from the cache are counted as read, and
//     not as written. Needs prompt caching, usage.
//  156. CAC-15 WriteOnly: tokens written to the cache are counted as written,
//     and not as read. Needs prompt caching, usage.
//  157. CAC-16 SameBothWays: a stream's usage is Generate's: nothing counted at
//     its beginning and again at its end. Needs prompt caching, usage.
//  158. CAC-17 WritesByLifetime: cache writes are split by lifetime as the
//     provider told, and the split adds up. Needs cache writes by lifetime,
//     prompt caching, usage.
//  159. CAC-18 NoSplitNotInvented: where the provider did not split the writes
//     by lifetime, nobody does. Needs prompt caching, usage that is not told.
//  160. CAC-19 ZeroIsNotAbsent: counters of zero are zero in a usage that is
//     known; one that nobody told is not Known. Needs usage that is not told,
//     prompt caching, usage.
//  161. CAC-20 WriteThenRead: what the first call writes, the second one of the
//     same prefix reads. Needs prompt caching, usage.
//  162. CAC-21 GrowingConversation: over a growing conversation each turn reads
//     what the turns before have written. Needs prompt caching, usage.
//  163. CAC-22 PrefixStability: what was sent for a turn is sent again, byte
//     for byte, at the front of every later one. Needs tools.
//  164. CAC-23 PrefixStabilityWithThinking: thinking in the history does not
//     move: it is part of the prefix like all else. Needs tools, signed
//     thinking.
//  165. CAC-24 PrefixStabilityAutomatic: automatic cache points move nothing
//     but themselves. Needs prompt caching.
//  166. CAC-25 LargeCounters: counters hold more than 32 bits. Needs prompt
//     caching, usage.
//  167. CAC-26 Sum: usages add up in any order, the split by lifetime included,
//     without changing what is added.
//  168. CAC-27 CachingRefused: a model without prompt caching says so by
//     ErrUnsupported or in Warnings. Without prompt caching.
//  169. CAC-28 NoPointsInAnswers: cache points are the caller's: an answer has
//     none, and asking for one changes nothing else that is sent. Needs
//     prompt caching.
//
// # Rules: multimodal
//
//  170. MUL-01 ImageBytes: an image arrives byte for byte, with its type. Needs
//     images.
//  171. MUL-02 ImageTypes: PNG, JPEG, GIF and WebP are told apart by their
//     first bytes where the caller does not say. Needs images.
//  172. MUL-03 Order: text and images keep their order. Needs images.
//  173. MUL-04 ImageInResult: an image in a tool result arrives there, or is
//     told in Warnings. Needs images, tools.
//  174. MUL-05 DocumentBytes: a document arrives byte for byte, with its type
//     and its name. Needs documents.
//  175. MUL-06 DocumentText: a document that is text arrives whole. Needs
//     documents.
//  176. MUL-07 DocumentNames: documents keep their names apart and in every
//     call the same; a name that was changed is told in Warnings. Needs
//     documents.
//  177. MUL-08 VideoBytes: a video arrives byte for byte, with its type. Needs
//     video.
//  178. MUL-09 AudioBytes: audio arrives byte for byte, with its type. Needs
//     audio.
//  179. MUL-10 URINotFetched: a URI is passed on as it is; nothing is fetched.
//     Needs images, media by URI.
//  180. MUL-11 BytesNotKept: once a call has returned, the caller may change
//     the bytes of its files. Needs images.
//  181. MUL-12 LargeImage: a large image arrives whole. Needs images.
//  182. MUL-13 ImagesRefused: a model without images refuses one with
//     ErrUnsupported and sends nothing. Without images.
//  183. MUL-14 DocumentsRefused: a model without documents refuses one with
//     ErrUnsupported and sends nothing. Without documents.
//  184. MUL-15 VideoRefused: a model without video refuses it with
//     ErrUnsupported and sends nothing. Without video.
//  185. MUL-16 AudioRefused: a model without audio refuses it with
//     ErrUnsupported and sends nothing. Without audio.
//
// # Rules: structured
//
//  186. SCH-01 Schema: the schema of the output arrives with nothing taken from
//     it and nothing changed. Needs structured output.
//  187. SCH-02 NameAndDescription: name and description of the output arrive
//     with it, or that is told in Warnings. Needs structured output.
//  188. SCH-03 AnswerIsText: a structured answer is text, the JSON byte for
//     byte as the model wrote it. Needs structured output.
//  189. SCH-04 CutByLimit: a structured answer that a token limit cut off is an
//     answer with that stop reason, not an error. Needs structured output.
//  190. SCH-05 WithTools: a request may have tools and an output schema; both
//     arrive. Needs tools, structured output.
//  191. SCH-06 NotAskedFor: a request without an output schema is sent without
//     one.
//  192. SCH-07 Refused: a model without structured output refuses it with
//     ErrUnsupported and sends nothing. Without structured output.
//
// # Rules: errors
//
//  193. ERR-01 Typed: a failed call returns an *Error that says who failed,
//     doing what, for which model.
//  194. ERR-02 Kinds: every kind of failure that the provider tells apart
//     arrives as that kind, both ways. Needs error kinds.
//  195. ERR-03 KindAndIsAgree: errors.Is, KindOf and Retryable agree on what an
//     error is, and it is of one kind only. Needs error kinds.
//  196. ERR-04 Message: an error says in words what the provider said. Needs
//     error kinds.
//  197. ERR-05 RetryAfter: the provider's advice how long to wait is in the
//     error, and none if it gave none. Needs retry after, error kinds.
//  198. ERR-06 NoAnswerWithError: Generate returns an answer or an error, never
//     both, and never neither. Needs error kinds.
//  199. ERR-07 AskedOnce: a model that was told not to retry asks its provider
//     once. Needs error kinds.
//  200. ERR-08 NextCallWorks: a failure is that call's: the next one works.
//     Needs error kinds.
//  201. ERR-09 NothingArrived: an error before anything has arrived has no
//     Partial, and a stream of it no events. Needs error kinds.
//  202. ERR-10 UnknownFailure: a failure that fits no kind is an error all the
//     same.
//  203. ERR-11 TimeoutIsNotTheCallers: a provider that took too long is no
//     context that ended. Needs error kinds.
//  204. ERR-12 InStream: a failure in the middle of a stream ends it with an
//     error of its kind. Needs error kinds within a stream.
//  205. ERR-13 InStreamKeepsPieces: what had arrived before a failure is handed
//     on, is in Error.Partial, and is told by Response. Needs error kinds
//     within a stream.
//  206. ERR-14 InStreamAskedOnce: a stream that has begun is never asked for
//     again. Needs error kinds within a stream.
//  207. ERR-15 InStreamReleases: a failed stream holds nothing. Needs error
//     kinds within a stream.
//  208. ERR-16 ErrorIsLast: an error is yielded last, with a zero event;
//     nothing follows it, no finish either. Needs error kinds within a
//     stream.
//  209. ERR-17 GenerateBrokenOff: Generate of an answer that breaks off fails,
//     and does not pass the beginning off as the answer. Needs error kinds
//     within a stream.
//  210. ERR-18 PartialIsIncomplete: parts in Error.Partial whose end was not
//     seen say so. Needs error kinds within a stream, signed thinking.
//  211. ERR-19 NoSecrets: no error holds a credential or the words of the
//     conversation.
//  212. ERR-20 RequestIDInError: an error of the provider's carries its id of
//     the call. Needs request ids, error kinds.
//  213. ERR-21 RefusalIsLabelled: the error of a request that is not sent is
//     labelled like all others.
//  214. ERR-22 StopIsNoError: an answer that a limit or a filter ended is an
//     answer: what was said is there and no error.
//  215. ERR-23 ErrorsAreTheCallers: errors of two calls are two values:
//     changing one changes no other. Needs error kinds.
//  216. ERR-24 InStreamRequestID: a failure in the middle of a stream carries
//     the provider's id of the call. Needs request ids, error kinds within a
//     stream.
//
// # Rules: cancellation
//
//  217. CAN-01 BeforeTheCall: a call whose context has ended returns the
//     context's error, and nothing is sent.
//  218. CAN-02 BeforeTheRange: a context that ends between Stream and the loop
//     keeps the request from being sent.
//  219. CAN-03 DuringTheWait: a call that waits for its answer ends when the
//     context does.
//  220. CAN-04 MidStream: a stream that waits for its next event ends when the
//     context does.
//  221. CAN-05 BetweenEvents: no event is handed on once the context has ended,
//     were it there already.
//  222. CAN-06 KeepsPieces: the error of a cancelled stream carries what had
//     arrived, and no usage that nobody told.
//  223. CAN-07 DeadlineIsNotCancel: a deadline that passes is ErrDeadline and
//     context.DeadlineExceeded, a cancelled context ErrCanceled and
//     context.Canceled; never one for the other.
//  224. CAN-08 Cause: the cause that a context was cancelled with is reachable
//     by errors.Is.
//  225. CAN-09 Releases: a cancelled call holds nothing, and leaves no
//     goroutine behind.
//  226. CAN-10 AfterTheEnd: a context that ends after the answer changes
//     nothing about it.
//  227. CAN-11 OneOfTwo: a context that ends ends its own call only.
//  228. CAN-12 NotRetryable: a call that its caller ended is not worth another
//     one, and is labelled like all errors.
//  229. CAN-13 DeadlineMidStream: a deadline ends a stream when it passes, not
//     when the answer does.
//  230. CAN-14 InvalidRequestStillInvalid: a nil request with a context that
//     has ended is an error, not a panic, and nothing is sent.
//
// # Rules: concurrency
//
//  231. CON-01 Generate: Generate may be called concurrently; every call gets
//     its own answer.
//  232. CON-02 Stream: Stream may be called concurrently; every stream is its
//     own answer.
//  233. CON-03 SharedRequest: one request may be used for many calls at once.
//  234. CON-04 InterleavedStreams: streams that are read in turns share
//     nothing.
//  235. CON-05 Reentrant: a model may be called within the loop over one of its
//     streams.
//  236. CON-06 SettingsApart: the settings of one call never show in another.
//  237. CON-07 RangedLater: streams may be made in one order and ranged over in
//     another; each answers its own request.
//
// # Rules: serialisation
//
//  238. SER-01 AnswerJSON: an answer's JSON decodes to the answer and encodes
//     to the same bytes.
//  239. SER-02 HistoryJSON: a history that was stored as JSON is sent as if it
//     had not been.
//  240. SER-03 EveryPart: every kind of part survives JSON, every field of it.
//  241. SER-04 UnknownParts: a part that this version does not know survives
//     being read and written.
//  242. SER-05 StoredDocuments: documents that an earlier version wrote mean
//     what they meant.
//  243. SER-06 UsageJSON: a usage that is not there and a usage of zeros stay
//     two things in JSON.
//  244. SER-07 InputJSON: a call's input survives JSON byte for byte, and is
//     sent back as it came. Needs tools.
//  245. SER-08 RequestJSON: a request survives JSON: what is sent of the copy
//     is what is sent of the original.
//
// # Rules: recordings
//
//  246. REC-01 Outcome: every call of a conversation is answered, or fails with
//     the kind of error that was expected.
//  247. REC-02 Grammar: every stream is, for every part, events and then one
//     EventPartDone; after the last part one EventFinish, and nothing after
//     it.
//  248. REC-03 Conservation: the pieces of every stream add up to its parts,
//     and the parts are the answer.
//  249. REC-04 Accounting: every usage counts the whole prompt, and what it
//     splits adds up.
//  250. REC-05 Provenance: all thinking names its provider and is whole.
//  251. REC-06 JSON: every answer survives JSON.
//  252. REC-07 StopReason: every answer says why it ended, and one that calls
//     tools says that it waits for them.
//  253. REC-08 RequestUnchanged: no call changes its request.
//  254. REC-09 FirstTextArrives: the text of a stream is what Text yields.
package conformance
