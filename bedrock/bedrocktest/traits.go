package bedrocktest

import "strings"

// A traits is what sets a model apart on this side of the wire. The table is
// the server's own and not the one of the bedrock package, so that a wrong row
// of either shows.
type traits struct {
	family string // such as "claude"; empty if unknown, which is served without rules of any family

	context   int // tokens of a prompt; zero: not limited
	maxOutput int // tokens of an answer; zero: not limited

	profileOnly bool // cannot be called by its bare id
	countable   bool // CountTokens knows it

	signs        bool // thinking is signed, and checked when it comes back
	toolType     bool // toolUse blocks say "type":"tool_use"
	emptyInput   bool // the first piece of a tool's input is empty
	wholeInput   bool // a tool's input comes in one piece
	cacheDetails bool // usage says how long what was written lives
	zeroCounters counters

	cacheMin, cacheMax int // tokens of a prefix; cacheMin zero: caches nothing, cacheMax zero: not limited
	cacheTools         bool
	cacheHour          bool
	lookback           int // blocks before a cache point where a cached prefix is found; zero: all

	userFirst, alternate   bool // turns must begin with the user, and alternate
	separateResults        bool // tool results stand alone in their turn
	noTools, noChoiceAny   bool
	noChoiceTool, noStatus bool
	noStreamTools          bool // no tools in streams
	noReplay               bool // takes no thinking back
	noSampling, oneSample  bool // sampling is gone; one parameter at a time
	forcedThinking         bool // may be told to use a tool while thinking
	noPrefill              bool
}

// Counters say which cache counters an answer of Converse has when no cache
// was used. Streams have none then.
type counters uint8

const (
	counterNone counters = iota
	counterRead
	counterBoth
)

// traitsOf finds a model by its id, its profile's id or an ARN that ends in
// one.
func traitsOf(modelID string) traits {
	base := baseModel(modelID)
	for _, row := range models {
		if strings.HasPrefix(base, row.prefix) {
			return row.traits
		}
	}
	return traits{}
}

// geographies are the prefixes of cross-region inference profiles.
// https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
var geographies = []string{"us.", "eu.", "us-gov.", "apac.", "sa.", "amer.", "global.", "jp.", "au.", "ca."}

func baseModel(id string) string {
	if strings.HasPrefix(id, "arn:") {
		id = id[strings.LastIndexByte(id, '/')+1:]
	}
	return withoutGeography(id)
}

func withoutGeography(id string) string {
	for _, geo := range geographies {
		if rest, ok := strings.CutPrefix(id, geo); ok {
			return rest
		}
	}
	return id
}

// providers are the first words of the ids of models.
var providers = []string{"ai21", "amazon", "anthropic", "cohere", "deepseek", "google", "luma", "meta", "minimax",
	"mistral", "moonshot", "moonshotai", "nvidia", "openai", "qwen", "stability", "twelvelabs", "writer", "zai"}

// models is the table, by the prefix of the base model's id. The first row
// that fits counts. Sizes are those of the providers' documentation; minimums
// of the cache are AWS's.
// https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html#prompt-caching-models
var models = []struct {
	prefix string
	traits traits
}{
	{"anthropic.claude-3-7", claude(128_000, cached(1024), profile)},
	{"anthropic.claude-3-5-haiku", claude(8192, cached(2048))},
	{"anthropic.claude-3-5", claude(8192)},
	{"anthropic.claude-3", claude(4096)},
	{"anthropic.claude-v2", claude(4096)},
	{"anthropic.claude-instant", claude(4096)},
	{"anthropic.claude-opus-4-8", claude(128_000, cached(4096), profile, hour, five)},
	{"anthropic.claude-opus-4-7", claude(128_000, cached(4096), profile, hour, five, unforced)},
	{"anthropic.claude-opus-4-6", claude(128_000, cached(4096), profile, hour, typed, noPrefill)},
	{"anthropic.claude-opus-4-5", claude(64_000, cached(4096), profile, hour, single, typed)},
	{"anthropic.claude-opus-4", claude(32_000, cached(1024), profile)},
	{"anthropic.claude-sonnet-4-6", claude(64_000, cached(1024), profile, hour, typed, noPrefill)},
	{"anthropic.claude-sonnet-4-5", claude(64_000, cached(1024), profile, hour, single, typed)},
	{"anthropic.claude-sonnet-4", claude(64_000, cached(1024), profile)},
	{"anthropic.claude-haiku-4-5", claude(64_000, cached(4096), profile, hour, single, typed)},
	{"anthropic.claude-sonnet-5", claude(128_000, cached(1024), profile, hour, five, million)},
	{"anthropic.claude-opus-5", claude(128_000, cached(1024), profile, hour, five, million)},
	{"anthropic.claude-fable-5", claude(128_000, cached(1024), profile, hour, five, million)},
	{"anthropic.claude", claude(0, cached(1024), hour)},

	{"amazon.nova-2", nova(1_000_000, 0, typed)},
	{"amazon.nova-micro", nova(128_000, 10_000)},
	{"amazon.nova-premier", nova(1_000_000, 0, profile)},
	{"amazon.nova", nova(300_000, 10_000)},
	{"amazon.titan", traits{family: "titan", noTools: true, userFirst: true, alternate: true}},

	{"meta.llama3-1", llama3},
	{"meta.llama3-2-1b", llamaWithoutTools},
	{"meta.llama3-2-3b", llamaWithoutTools},
	{"meta.llama3-2", llama3},
	{"meta.llama3-3", llama3},
	{"meta.llama3", llamaWithoutTools},
	{"meta.llama2", llamaWithoutTools},
	{"meta.llama", llama},
	{"mistral.", traits{family: "mistral", noChoiceTool: true, separateResults: true, userFirst: true, alternate: true, wholeInput: true}},

	{"deepseek.r1", traits{family: "deepseek", noTools: true, noReplay: true, wholeInput: true}},
	{"deepseek.", traits{family: "deepseek", wholeInput: true}},
	{"openai.", traits{family: "openai", wholeInput: true}},
	{"qwen.", traits{family: "qwen", wholeInput: true}},
	{"moonshot", traits{family: "kimi", wholeInput: true}},
	{"cohere.", traits{family: "cohere", noChoiceAny: true, noChoiceTool: true, userFirst: true, alternate: true, wholeInput: true}},
	{"ai21.", traits{family: "ai21", noChoiceAny: true, noChoiceTool: true, userFirst: true, alternate: true, wholeInput: true}},
	{"writer.", traits{family: "writer", noStatus: true, noChoiceAny: true, noChoiceTool: true, userFirst: true, alternate: true, wholeInput: true}},
}

var (
	llama = traits{family: "llama", noChoiceAny: true, noChoiceTool: true, separateResults: true,
		userFirst: true, alternate: true, wholeInput: true}
	llama3            = llama.with([]func(*traits){func(t *traits) { t.noStreamTools = true }})
	llamaWithoutTools = traits{family: "llama", noTools: true, userFirst: true, alternate: true}
)

// claude returns Anthropic's models, which have most of the rules.
func claude(maxOutput int, with ...func(*traits)) traits {
	t := traits{family: "claude", context: 200_000, maxOutput: maxOutput, countable: true,
		signs: true, emptyInput: true, lookback: 20}
	return t.with(with)
}

func nova(context, maxOutput int, with ...func(*traits)) traits {
	t := traits{family: "nova", context: context, maxOutput: maxOutput, cacheMin: 1000, cacheMax: 32_000,
		userFirst: true, alternate: true, wholeInput: true}
	return t.with(with)
}

func (t traits) with(changes []func(*traits)) traits {
	for _, change := range changes {
		change(&t)
	}
	return t
}

func cached(minimum int) func(*traits) {
	return func(t *traits) { t.cacheMin, t.cacheTools, t.zeroCounters = minimum, true, counterBoth }
}

func profile(t *traits)   { t.profileOnly = true }
func typed(t *traits)     { t.toolType = true }
func single(t *traits)    { t.oneSample = true }
func noPrefill(t *traits) { t.noPrefill = true }
func unforced(t *traits)  { t.forcedThinking = false }
func million(t *traits)   { t.context = 1_000_000 }
func hour(t *traits)      { t.cacheHour, t.cacheDetails = true, true }

// five is what came with the fifth generation.
func five(t *traits) {
	t.toolType, t.noSampling, t.noPrefill, t.forcedThinking = true, true, true, true
	t.zeroCounters = counterRead
}
