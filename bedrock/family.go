package bedrock

import "strings"

// A Family says in what a family of models differs from what Converse
// documents for all. The zero value is a model of which nothing is known:
// everything is sent as asked, and the service answers.
//
// [FamilyOf] returns what this package knows. To correct or complete it for a
// model, change the copy and pass it as [Options.Family].
type Family struct {
	Name string // such as "claude"; empty if unknown

	// Tools.
	Tools            Support // may be offered at all
	ChoiceAny        Support // tool choice any
	ChoiceNamed      Support // tool choice of one tool
	ForcedThinking   Support // tool choice any or named while thinking
	ParallelSwitch   Support // ToolChoice.Parallel, through Anthropic's own field
	ResultStatus     Support // toolResult.status
	TextWithToolUse  Support // text and tool calls in one assistant turn
	TextWithToolData Support // text and tool results in one user turn

	// Sampling.
	Sampling     Support // temperature and topP
	BothSampling Support // temperature and topP in one request
	TopK         TopKStyle

	// Thinking.
	Thinking         ThinkingStyle
	AdaptiveThinking Support // the model may decide how much; if Yes, that is the default
	Replay           Replay

	// Prompt caching.
	CachePoints     Support // cache points at all
	CacheTools      Support // cache points after tools
	CacheToolBlocks Support // cache points in messages with tool calls or results
	CacheHour       Support // a lifetime of one hour
	CacheDocuments  Support // cache points straight after a document or video

	// Output and input.
	NativeOutput       Support // Request.Output by outputConfig
	TrailingWhitespace Support // in the text of a final assistant message
	Media              Media   // for Capabilities only; never checked before sending
}

// A Support is a yes, a no, or nothing known, which counts as yes.
type Support int8

// The degrees of support.
const (
	Unknown Support = iota
	Yes
	No
)

func (s Support) no() bool { return s == No }

// Media says what kinds of file a family reads.
type Media struct{ Images, Documents, Video, Audio bool }

// A TopKStyle says where a family takes Request.TopK.
type TopKStyle int8

// The styles.
const (
	TopKPlain  TopKStyle = iota // additional field top_k
	TopKNested                  // additional field inferenceConfig.topK, as Nova
	TopKShort                   // additional field k, as Cohere
	TopKNone                    // nowhere: dropped with a warning
)

// A ThinkingStyle says how a family is asked to think.
type ThinkingStyle int8

// The styles.
const (
	ThinkingUnknown ThinkingStyle = iota // Request.Thinking is an error of kind ErrUnsupported
	ThinkingClaude                       // thinking{type, budget_tokens}, output_config{effort}
	ThinkingNova                         // reasoningConfig{type, maxReasoningEffort}
	ThinkingEffort                       // reasoning_effort
	ThinkingQwen                         // reasoning_config
	ThinkingAlways                       // thinks unasked, cannot be told how: asking is dropped with a warning
	ThinkingNever                        // does not think; asking is an error of kind ErrUnsupported
)

// A Replay says which thinking a family takes back in the history.
type Replay int8

// The kinds of replay.
const (
	ReplayAll      Replay = iota // whatever there is
	ReplaySigned                 // signed and redacted blocks
	ReplayUnsigned               // text without a signature, and redacted blocks
	ReplayRedacted               // redacted blocks only
	ReplayNone                   // nothing
)

// FamilyOf returns the family of a model by its id: that of a base model,
// with or without a region's prefix such as "us.", or an ARN that ends in
// one. The ARN of an application inference profile, a provisioned, custom or
// imported model says nothing about its family; name the base model.
func FamilyOf(modelID string) Family {
	base := baseModel(modelID)
	for _, row := range families {
		if strings.HasPrefix(base, row.prefix) {
			return row.family
		}
	}
	return Family{}
}

// geographies are the prefixes of cross-region inference profiles.
// https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
var geographies = []string{"us.", "eu.", "us-gov.", "apac.", "sa.", "amer.", "global.", "jp.", "au.", "ca."}

// baseModel strips everything around the id of a base model.
func baseModel(id string) string {
	if strings.HasPrefix(id, "arn:") {
		id = id[strings.LastIndexByte(id, '/')+1:]
	}
	for _, geo := range geographies {
		if rest, ok := strings.CutPrefix(id, geo); ok {
			return rest
		}
	}
	return id
}

// families is the table, by the prefix of the base model's id. The first row
// that fits counts, so the special ones come first.
var families = []struct {
	prefix string
	family Family
}{
	{"anthropic.claude-3-7", claude(thinks, olderCache)},
	{"anthropic.claude-3", claude(olderCache)},
	{"anthropic.claude-v2", claude(olderCache)},
	{"anthropic.claude-instant", claude(olderCache)},
	{"anthropic.claude-opus-4-8", claude(thinks, forcesThinking, noSampling, nativeOutput)},
	{"anthropic.claude-opus-4-7", claude(thinks, noSampling, nativeOutput)},
	{"anthropic.claude-opus-4-6", claude(thinks, oneSampling, nativeOutput)},
	{"anthropic.claude-opus-4-5", claude(thinks, oneSampling, nativeOutput)},
	{"anthropic.claude-sonnet-4-6", claude(thinks, oneSampling, nativeOutput)},
	{"anthropic.claude-sonnet-4-5", claude(thinks, oneSampling, nativeOutput)},
	{"anthropic.claude-haiku-4-5", claude(thinks, oneSampling, nativeOutput)},
	{"anthropic.claude-opus-4-1", claude(thinks, oneSampling, olderCache)},
	{"anthropic.claude-opus-4", claude(thinks, olderCache)},
	{"anthropic.claude-sonnet-4", claude(thinks, olderCache)},
	{"anthropic.claude-haiku-4", claude(thinks)},
	{"anthropic.claude-opus-5", claude(thinks, forcesThinking, noSampling, nativeOutput)},
	{"anthropic.claude-sonnet-5", claude(thinks, forcesThinking, noSampling, nativeOutput)},
	{"anthropic.claude-fable-5", claude(thinks, forcesThinking, noSampling, nativeOutput)},
	{"anthropic.claude", claude(thinks)},

	{"amazon.nova-2", nova(ThinkingNova)},
	{"amazon.nova", nova(ThinkingNever)},
	{"amazon.titan", Family{Name: "titan", Tools: No, TopK: TopKNone, Thinking: ThinkingNever, Replay: ReplayNone, CachePoints: No}},

	{"meta.llama3-1", llama(Unknown)},
	{"meta.llama3-2-1b", llama(No)},
	{"meta.llama3-2-3b", llama(No)},
	{"meta.llama3-2", llama(Unknown)},
	{"meta.llama3-3", llama(Unknown)},
	{"meta.llama3", llama(No)},
	{"meta.llama2", llama(No)},
	{"meta.llama", llama(Unknown)},

	{"mistral.", Family{Name: "mistral", ChoiceNamed: No, TextWithToolUse: No, TextWithToolData: No,
		Thinking: ThinkingNever, Replay: ReplayNone, CachePoints: No, NativeOutput: Yes, Media: Media{Documents: true}}},

	{"deepseek.r1", Family{Name: "deepseek", Tools: No, TopK: TopKNone,
		Thinking: ThinkingAlways, Replay: ReplayNone, CachePoints: No}},
	{"deepseek.", Family{Name: "deepseek", Thinking: ThinkingEffort, Replay: ReplayUnsigned, CachePoints: No}},

	{"openai.gpt-oss", Family{Name: "gpt-oss", Thinking: ThinkingEffort, Replay: ReplayUnsigned, CachePoints: No, NativeOutput: Yes}},
	{"openai.", Family{Name: "openai", Thinking: ThinkingEffort, Replay: ReplayRedacted, NativeOutput: Yes, Media: Media{Images: true}}},
	{"qwen.", Family{Name: "qwen", Thinking: ThinkingQwen, Replay: ReplayNone, CachePoints: No, NativeOutput: Yes}},
	{"moonshot", Family{Name: "kimi", Thinking: ThinkingEffort, Replay: ReplayNone, CachePoints: No}},

	{"cohere.", Family{Name: "cohere", ChoiceAny: No, ChoiceNamed: No, TopK: TopKShort,
		Thinking: ThinkingNever, Replay: ReplayNone, CachePoints: No}},
	{"ai21.", Family{Name: "ai21", ChoiceAny: No, ChoiceNamed: No, Thinking: ThinkingNever, Replay: ReplayNone, CachePoints: No}},
	{"writer.", Family{Name: "writer", ResultStatus: No, ChoiceAny: No, ChoiceNamed: No,
		Thinking: ThinkingNever, Replay: ReplayNone, CachePoints: No}},
}

// claude returns Anthropic's models, with what sets some of them apart.
func claude(with ...func(*Family)) Family {
	f := Family{
		Name: "claude", Tools: Yes, ChoiceAny: Yes, ChoiceNamed: Yes, ForcedThinking: No, ParallelSwitch: Yes,
		ResultStatus: Yes, Thinking: ThinkingNever, Replay: ReplaySigned,
		CachePoints: Yes, CacheTools: Yes, CacheHour: Yes, CacheDocuments: No,
		TrailingWhitespace: No, Media: Media{Images: true, Documents: true},
	}
	for _, w := range with {
		w(&f)
	}
	return f
}

func thinks(f *Family)         { f.Thinking = ThinkingClaude }
func forcesThinking(f *Family) { f.ForcedThinking = Yes }
func noSampling(f *Family)     { f.Sampling, f.TopK, f.AdaptiveThinking = No, TopKNone, Yes }
func oneSampling(f *Family)    { f.BothSampling = No }
func nativeOutput(f *Family)   { f.NativeOutput = Yes }
func olderCache(f *Family)     { f.CacheHour = No }

// nova returns Amazon's models. Cache points of theirs have neither a place
// among tools nor a lifetime.
// https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html#prompt-caching-models
func nova(thinking ThinkingStyle) Family {
	return Family{
		Name: "nova", Tools: Yes, ChoiceAny: Yes, ChoiceNamed: Yes, ParallelSwitch: No, TopK: TopKNested,
		Thinking: thinking, Replay: ReplayNone,
		CachePoints: Yes, CacheTools: No, CacheToolBlocks: No, CacheHour: No,
		NativeOutput: No, Media: Media{Images: true, Documents: true, Video: true},
	}
}

// llama returns Meta's models, which decide themselves whether to call a
// tool, if they can at all.
func llama(tools Support) Family {
	return Family{
		Name: "llama", Tools: tools, ChoiceAny: No, ChoiceNamed: No, TopK: TopKNone,
		TextWithToolUse: No, TextWithToolData: No,
		Thinking: ThinkingNever, Replay: ReplayNone, CachePoints: No, Media: Media{Images: true},
	}
}
