package plan

// The formats are the only description of a kind of body that rules read. A
// writer that can carry something new says so here, and the rules about it are
// in force at once.

// Converse returns what bodies of Converse and ConverseStream carry.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
func Converse() *Format {
	return &Format{
		Name: "Converse", Opaque: "bedrock",
		System: true, SystemAnyTurn: true,
		Image: true, ImageURI: true, Document: true, DocumentURI: true, DocumentNames: true,
		Video: true, Audio: true, MaxImages: 20, MaxDocuments: 5, SearchResult: true, Citations: true,
		GuardContent: true,
		Tools:        true, ServerTools: true, ServerBlocks: true,
		ResultFiles: true, ResultStatus: true, ResultJSON: true,
		CachePoints: true, ThinkingReplay: true,
		OutputName: true, Effort: true, PromptVariables: true, TopK: true, StopSequences: true,
	}
}

// Anthropic returns what bodies of Anthropic's Messages carry. A limit of
// tokens is required: the caller's, or this one and the thinking on top of it.
// https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages-request-response.html
func Anthropic(maxTokens int) *Format {
	return &Format{
		Name: "Anthropic's format", Opaque: "bedrock/anthropic", ObjectOpaque: true,
		Invoke: true, Merges: true,
		Members: Members{Messages: "messages", MaxTokens: "max_tokens", Temperature: "temperature", TopP: "top_p", TopK: "top_k",
			StopSequences: "stop_sequences", ToolChoice: "tool_choice", Output: "output_config", OutputInner: "format"},
		System: true, SystemAnyTurn: true,
		Image: true, Document: true, DocumentTypes: []string{"application/pdf", "text/plain"}, TextDocuments: true, LoneDocuments: true,
		MaxImages: 100, SearchResult: true, Citations: true, SearchCitations: true, OwnCitations: true,
		Tools: true, TypedServerTools: true, ServerBlocks: true, ServerResults: "_tool_result",
		ChoiceNone: true, ParallelMember: true, ResultFiles: true, ResultStatus: true, ResultsFirst: true,
		CachePoints: true, OwnEnds: true, ThinkingReplay: true, SignedThinking: true,
		Effort: true, TopK: true, StopSequences: true, MaxTokensDefault: maxTokens,
	}
}

// OpenAI returns what bodies of OpenAI's chat completions carry. System
// messages stand among the turns. The limit of tokens is a member of the given
// name, which models disagree about.
// https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-openai.html
func OpenAI(maxTokensMember string) *Format {
	return &Format{
		Name: "OpenAI's format", Opaque: "bedrock/openai", ObjectOpaque: true,
		Invoke: true, Merges: true,
		Members: Members{Messages: "messages", MaxTokens: maxTokensMember, Temperature: "temperature", TopP: "top_p", TopK: "top_k",
			StopSequences: "stop", ToolChoice: "tool_choice", Parallel: "parallel_tool_calls", Output: "response_format"},
		SystemAnyTurn: true,
		Image:         true, MaxImages: 20,
		Tools: true, ChoiceNone: true, ParallelMember: true, ResultsFirst: true, AnyInput: true,
		OutputName: true, OutputNameDefault: "answer", TopK: true, StopSequences: true,
	}
}

// Prompt returns what a prompt of text alone carries. Name is that of its
// template, such as "llama3", and members are those that the body has. Thinks
// says that it ends in the middle of thinking, with which every answer begins,
// and marks finds its control tokens.
func Prompt(name string, members Members, thinks bool, marks func(text string) (mark string, found bool)) *Format {
	return &Format{
		Name: "the " + name + " format", Text: true, Marks: marks,
		Invoke: true, Members: members,
		System: true, UserFirst: true, NoPrefill: thinks,
		TopK: members.TopK != "", StopSequences: members.StopSequences != "",
	}
}
