// Package caching holds the cases about cache points and honest token counts.
package caching

import (
	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
)

// Cases returns the cases of the group in the order in which they run.
func Cases() []probe.Case {
	points := []probe.Capability{probe.PromptCaching}
	usage := []probe.Capability{probe.PromptCaching, probe.Usage}
	return []probe.Case{
		{ID: "CAC-01", Name: "PointInMessage", Check: pointInMessage, Needs: points,
			Rule: "a cache point arrives behind exactly the part it was put behind"},
		{ID: "CAC-02", Name: "PointInSystem", Check: pointInSystem, Needs: points,
			Rule: "a cache point in a system message arrives there, or is told in Warnings"},
		{ID: "CAC-03", Name: "PointAfterTool", Check: pointAfterTool, Needs: []probe.Capability{probe.PromptCaching, probe.Tools},
			Rule: "a cache point after a tool arrives after that tool, or is told in Warnings"},
		{ID: "CAC-04", Name: "SeveralPoints", Check: severalPoints, Needs: points,
			Rule: "several cache points all arrive, each in its place"},
		{ID: "CAC-05", Name: "TooManyPoints", Check: tooManyPoints, Needs: points,
			Rule: "cache points that the provider has no room for are told in Warnings, one by one, or refused"},
		{ID: "CAC-06", Name: "Lifetime", Check: pointLifetime, Needs: []probe.Capability{probe.PromptCaching, probe.CacheTTLs},
			Rule: "the lifetime of a cache point arrives as it was asked for, and none if none was"},
		{ID: "CAC-07", Name: "OddLifetime", Check: oddLifetime, Needs: points,
			Rule: "a lifetime that the provider does not have is an error or a warning, never another lifetime in silence"},
		{ID: "CAC-08", Name: "NoneAskedFor", Check: noPointsAskedFor,
			Rule: "a request without cache points is sent without cache points"},
		{ID: "CAC-09", Name: "Automatic", Check: automaticPoints, Needs: points,
			Rule: "Request.Cache makes the prompt cached: the wish or a cache point arrives"},
		{ID: "CAC-10", Name: "AutomaticLifetime", Check: automaticLifetime, Needs: []probe.Capability{probe.PromptCaching, probe.CacheTTLs},
			Rule: "the lifetime in Request.Cache is that of the cache points it stands for"},
		{ID: "CAC-11", Name: "PointAfterImage", Check: pointAfterImage, Needs: []probe.Capability{probe.PromptCaching, probe.Images},
			Rule: "a cache point after an image arrives there, or is told in Warnings"},
		{ID: "CAC-12", Name: "PointAfterResult", Check: pointAfterResult, Needs: []probe.Capability{probe.PromptCaching, probe.Tools},
			Rule: "a cache point after a tool result arrives there, or is told in Warnings"},
		{ID: "CAC-13", Name: "InputIsWholePrompt", Check: inputIsWholePrompt, Needs: usage,
			Rule: "InputTokens counts the whole prompt: what was not cached, what was read and what was written"},
		{ID: "CAC-14", Name: "ReadOnly", Check: cacheReadOnly, Needs: usage,
			Rule: "tokens read from the cache are counted as read, and not as written"},
		{ID: "CAC-15", Name: "WriteOnly", Check: cacheWriteOnly, Needs: usage,
			Rule: "tokens written to the cache are counted as written, and not as read"},
		{ID: "CAC-16", Name: "SameBothWays", Check: cacheUsageBothWays, Needs: usage,
			Rule: "a stream's usage is Generate's: nothing counted at its beginning and again at its end"},
		{ID: "CAC-17", Name: "WritesByLifetime", Check: writesByLifetime, Needs: append([]probe.Capability{probe.CacheWrites}, usage...),
			Rule: "cache writes are split by lifetime as the provider told, and the split adds up"},
		{ID: "CAC-18", Name: "NoSplitNotInvented", Check: noSplitNotInvented, Needs: []probe.Capability{probe.PromptCaching, probe.UsageGaps},
			Rule: "where the provider did not split the writes by lifetime, nobody does"},
		{ID: "CAC-19", Name: "ZeroIsNotAbsent", Check: zeroIsNotAbsent, Needs: append([]probe.Capability{probe.UsageGaps}, usage...),
			Rule: "counters of zero are zero in a usage that is known; one that nobody told is not Known"},
		{ID: "CAC-20", Name: "WriteThenRead", Check: writeThenRead, Needs: usage,
			Rule: "what the first call writes, the second one of the same prefix reads"},
		{ID: "CAC-21", Name: "GrowingConversation", Check: growingConversation, Needs: usage,
			Rule: "over a growing conversation each turn reads what the turns before have written"},
		{ID: "CAC-22", Name: "PrefixStability", Check: prefixStability, Needs: []probe.Capability{probe.Tools},
			Rule: "what was sent for a turn is sent again, byte for byte, at the front of every later one"},
		{ID: "CAC-23", Name: "PrefixStabilityWithThinking", Check: prefixStabilityThinking, Needs: []probe.Capability{probe.Tools, probe.SignedThinking},
			Rule: "thinking in the history does not move: it is part of the prefix like all else"},
		{ID: "CAC-24", Name: "PrefixStabilityAutomatic", Check: prefixStabilityAutomatic, Needs: points,
			Rule: "automatic cache points move nothing but themselves"},
		{ID: "CAC-25", Name: "LargeCounters", Check: largeCounters, Needs: usage,
			Rule: "counters hold what an int holds: on most machines more than 32 bits"},
		{ID: "CAC-26", Name: "Sum", Check: usageSum,
			Rule: "usages add up in any order, the split by lifetime included, without changing what is added"},
		{ID: "CAC-27", Name: "CachingRefused", Check: cachingRefused, Unless: probe.PromptCaching,
			Rule: "a model without prompt caching says so by ErrUnsupported or in Warnings"},
		{ID: "CAC-28", Name: "NoPointsInAnswers", Check: noPointsInAnswers, Needs: points,
			Rule: "cache points are the caller's: an answer has none, and asking for one changes nothing else that is sent"},
		{ID: "CAC-29", Name: "AutomaticPlaces", Check: automaticPlaces, Needs: []probe.Capability{probe.PromptCaching},
			Rule: "automatic cache points stand after the tools, the system messages and the last turn, at most four in all"},
		{ID: "CAC-30", Name: "CallersPointsStay", Check: callersPointsStay, Needs: []probe.Capability{probe.PromptCaching},
			Rule: "beside automatic cache points the caller's own stay where they are, with their lifetime"},
	}
}
