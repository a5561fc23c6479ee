package rules

import "time"

// The efforts that Claude knows, lowest first.
var (
	efforts      = []string{"low", "medium", "high", "xhigh", "max"}
	effortsOf46  = []string{"low", "medium", "high", "max"}
	effortsOf45  = []string{"low", "medium", "high"}
	neverOff     = func(m *Model) { m.Thinking.NoDisabled = true }
	unforced     = func(m *Model) { m.NoChoiceAny, m.NoChoiceNamed = true, true }
	noStructures = func(m *Model) { m.NoOutput, m.NoStrict = true, true }
)

// The sources of the facts about Claude.
const (
	docCaching  = "AWS: prompt caching, 2026-09-15"
	docAdaptive = "AWS: adaptive thinking for Claude, 2026-10-27"
	docEffort   = "Anthropic: extended and adaptive thinking, effort, 2026-10-01"
	docCards    = "AWS: model cards, 2026-10-06"
	docBound    = "AWS: preserved thinking, 2026-10-27"
	docSystem   = "Anthropic: system messages in the middle of a conversation, 2026-10-10"
	docBurndown = "AWS: how tokens are counted in Amazon Bedrock"
	docCount    = "AWS: CountTokens, 2026-10-27"
	probes      = "probes, 2026-07 to 2026-10"
	clients     = "rules of clients, 2026-08 to 2026-11"
)

func claude(lines ...string) whom {
	w := whom{maker: "anthropic"}
	for _, l := range lines {
		w.lines = append(w.lines, "claude-"+l)
	}
	return w
}

func (w whom) since(generation, minor int) whom { w.from = [2]int{generation, minor}; return w }
func (w whom) before(generation, minor int) whom {
	w.till = [2]int{generation, minor}
	return w
}

// claudeLayers describe how Anthropic's models differ.
var claudeLayers = []layer{
	{about: "thinking is signed; files except video, and not from S3; own rules for stop sequences and call ids", source: probes,
		whom: claude(), change: func(m *Model) {
			m.Context, m.MaxOutput = 200_000, 4096
			m.Signs, m.EmptyInput, m.Lookback, m.CallIDs = true, true, 20, true
			m.NoUnsignedReplay = true
			m.Media, m.ResultMedia = MediaKnown|Images|Documents, MediaKnown|Images|Documents
			m.Format, m.TopK = FormatAnthropic, "top_k"
			m.Thinking.Field = "thinking"
			m.Thinking.None, m.Thinking.NoAdaptive, m.Thinking.NoEffort = true, true, true
			m.ClosedSchemas, m.PlainSchemas, m.ResultsFirst = true, true, true
			noStructures(m)
		}},
	{about: "answers of up to 8192 tokens; supports CountTokens", source: "Anthropic: models overview; " + docCount, whom: claude().since(3, 5),
		change: func(m *Model) { m.MaxOutput, m.Counts = 8192, true }},
	{about: "thinks within a budget; caches from 1024 tokens; needs a profile", source: docCaching, whom: claude().since(3, 7),
		change: func(m *Model) {
			m.Thinking.None, m.ProfileOnly = false, true
			caching(1024)(m)
			m.MaxOutput = 128_000
		}},
	{about: "an output token takes five tokens of the quota", source: docBurndown, whom: claude().since(3, 7), change: func(m *Model) { m.Burndown = 5 }},
	{about: "answers of up to 64,000 tokens", source: probes, whom: claude().since(4, 0), change: func(m *Model) { m.MaxOutput = 64_000 }},
	{about: "temperature or top_p, not both; toolUse blocks have a type; a cache of an hour", source: probes + "; " + docCaching, whom: claude().since(4, 5),
		change: func(m *Model) { m.OneSample, m.ToolType, m.CacheHour, m.CacheDetails = true, true, true, true }},
	{about: "native output and strict tools", source: docCards, whom: claude().since(4, 5).before(4, 7),
		change: func(m *Model) { m.NoOutput, m.NoStrict = false, false }},
	{about: "adaptive thinking; effort, but not xhigh; no prefill; a context of a million tokens", source: docAdaptive + "; " + docEffort, whom: claude().since(4, 6),
		change: func(m *Model) {
			m.Thinking.NoAdaptive, m.Thinking.NoEffort, m.Thinking.Efforts = false, false, effortsOf46
			m.NoPrefill, m.Context, m.MaxOutput = true, 1_000_000, 128_000
		}},
	{about: "no budget, no sampling; every effort; CountTokens by another API only", source: docAdaptive + "; " + docCount + "; " + probes, whom: claude().since(4, 7),
		change: func(m *Model) {
			m.Thinking.NoBudget, m.Thinking.Efforts = true, efforts
			m.NoTemperature, m.NoTopP, m.NoTopK = true, true, true
			m.Counts, m.ZeroCounters = false, CounterRead
		}},
	{about: "a tool may be forced while it thinks", source: probes, whom: claude().since(4, 8), change: func(m *Model) { m.ForcedThinking = true }},
	{about: "caches from 1024 tokens", source: docCaching, whom: claude().since(4, 8), change: func(m *Model) { m.CacheMin = 1024 }},
	{about: "system messages between turns", source: docSystem, whom: claude().since(5, 0), change: func(m *Model) { m.SystemTurns = true }},
	{about: "caches from 512 tokens", source: docCaching, whom: claude("opus", "fable", "mythos").since(5, 0), change: func(m *Model) { m.CacheMin = 512 }},
	{about: "disabled thinking goes with efforts up to high", source: docEffort, whom: claude("opus", "haiku").since(5, 0),
		change: func(m *Model) { m.Thinking.OffUpTo = "high" }},
	{about: "always thinks", source: docAdaptive, whom: claude("fable", "mythos"), change: neverOff},
	{about: "caches from 512 tokens", source: "OpenRouter and Anthropic: prompt caching, 2026-10-08", whom: claude().since(5, 1), change: func(m *Model) { m.CacheMin = 512 }},
	{about: "always thinks; no forced tool", source: probes + "; " + clients, whom: claude("opus", "sonnet", "fable", "mythos").since(5, 1),
		change: func(m *Model) { neverOff(m); unforced(m) }},
	{about: "no forced tool", source: clients, whom: claude("mythos"), change: unforced},
	{about: "thinking only between tools, in place of disabled", source: docEffort, whom: claude("sonnet").since(5, 1), change: func(m *Model) { m.Thinking.Between = true }},
	{about: "thinking of another account is left out", source: docBound, whom: claude().since(5, 1),
		change: func(m *Model) { m.BoundToServer = true }},
	{about: "thinking is bound to the model", source: docBound, whom: claude("fable", "mythos").since(5, 1), change: func(m *Model) { m.BoundToModel = true }},
	{about: "native output and strict tools", source: "vercel/ai: changelog, 2026-11-12; no call was shown", whom: claude().since(5, 0),
		since: time.Date(2026, time.November, 12, 0, 0, 0, 0, time.UTC), change: func(m *Model) { m.NoOutput, m.NoStrict = false, false }},
}

// caching gives a model Claude's prompt cache.
func caching(least int) func(*Model) {
	return func(m *Model) { m.CacheMin, m.CacheTools, m.ZeroCounters = least, true, CounterBoth }
}

func output(n int) func(*Model)   { return func(m *Model) { m.MaxOutput = n } }
func window(n int) func(*Model)   { return func(m *Model) { m.Context = n } }
func cachesAt(n int) func(*Model) { return func(m *Model) { m.CacheMin = n } }
func profile(m *Model)            { m.ProfileOnly = true }
func noSystemTurns(m *Model)      { m.SystemTurns = false }
func takes(media Media) func(*Model) {
	return func(m *Model) { m.Media = MediaKnown | media }
}

func imagesInResults(m *Model) { m.ResultMedia |= Images }

// claudeRows are Anthropic's models.
var claudeRows = []row{
	{"anthropic.claude-instant-v1", "2023-09", []func(*Model){toolless, takes(Documents)}},
	{"anthropic.claude-v2", "2023-09", []func(*Model){toolless, takes(Documents)}},
	{"anthropic.claude-v2:1", "2023-11", []func(*Model){toolless, takes(Documents)}},
	{"anthropic.claude-3-haiku-20240307-v1:0", "2024-03", nil},
	{"anthropic.claude-3-sonnet-20240229-v1:0", "2024-03", nil},
	{"anthropic.claude-3-opus-20240229-v1:0", "2024-04", nil},
	{"anthropic.claude-3-5-sonnet-20240620-v1:0", "2024-06", nil},
	{"anthropic.claude-3-5-sonnet-20241022-v2:0", "2024-10", []func(*Model){caching(1024)}},
	{"anthropic.claude-3-5-haiku-20241022-v1:0", "2024-11", []func(*Model){caching(2048)}},
	{"anthropic.claude-3-7-sonnet-20250219-v1:0", "2025-02", nil},
	{"anthropic.claude-opus-4-20250514-v1:0", "2025-05", []func(*Model){output(32_000)}},
	{"anthropic.claude-sonnet-4-20250514-v1:0", "2025-05", nil},
	{"anthropic.claude-opus-4-1-20250805-v1:0", "2025-08", []func(*Model){output(32_000), func(m *Model) { m.OneSample = true }}},
	{"anthropic.claude-sonnet-4-5-20250929-v1:0", "2025-09", nil},
	{"anthropic.claude-haiku-4-5-20251001-v1:0", "2025-10", []func(*Model){cachesAt(4096)}},
	{"anthropic.claude-opus-4-5-20251101-v1:0", "2025-11", []func(*Model){cachesAt(4096), func(m *Model) {
		m.Thinking.NoEffort, m.Thinking.Efforts = false, effortsOf45
	}}},
	{"anthropic.claude-opus-4-6-v1", "2026-02", []func(*Model){cachesAt(4096)}},
	{"anthropic.claude-sonnet-4-6", "2026-02", nil},
	{"anthropic.claude-mythos-preview", "2026-04", []func(*Model){func(m *Model) {
		likeFive(m)
		m.CacheMin = 4096
	}}},
	{"anthropic.claude-opus-4-7", "2026-04", []func(*Model){cachesAt(4096)}},
	{"anthropic.claude-opus-4-8", "2026-05", nil},
	{"anthropic.claude-fable-5", "2026-06", nil},
	{"anthropic.claude-mythos-5", "2026-06", nil},
	{"anthropic.claude-sonnet-5", "2026-06", []func(*Model){noSystemTurns, cachesAt(1024)}},
	{"anthropic.claude-opus-5", "2026-07", nil},
	{"anthropic.claude-fable-5-1", "2026-09", nil},
	{"anthropic.claude-mythos-5-1", "2026-09", nil},
	{"anthropic.claude-opus-5-5", "2026-09", nil},
	{"anthropic.claude-sonnet-5-5", "2026-09", nil},
	{"anthropic.claude-haiku-5-5", "2026-10", nil},
	{"anthropic.claude-fable-5-2", "2026-11", nil},
}

// likeFive treats a model without a version as one of the fifth generation.
func likeFive(m *Model) {
	five := m.ID
	five.Generation = 5
	for _, l := range claudeLayers {
		if l.whom.fits(&five) && l.since.IsZero() {
			l.change(m)
		}
	}
}
