package conformance_test

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/conformance"
)

// gaps returns the gaps of a subject, from reasons to the cases that they are
// the reason of.
func gaps(reasons map[string][]conformance.ID) map[conformance.ID]string {
	all := map[conformance.ID]string{}
	for reason, ids := range reasons {
		for _, id := range ids {
			all[id] = reason
		}
	}
	return all
}

// Why other models can't do what Claude 4.5 can.
const (
	noSystemGap = "the model takes no system messages; they are sent as the user's text, with a warning"
	samplingGap = "the model takes no such setting of sampling; it is dropped, with a warning"
	adaptiveGap = "the model decides how long it thinks; a budget is dropped, with a warning"
	modeGap     = "an effort alone is sent with the mode that the model thinks in"
	thinksGap   = "nothing switches the model's thinking off or on; nothing is sent, and its answers may begin with it"
	documentGap = "documents are sent: whether the model takes them is not known"
	choiceGap   = "a choice of tools is sent as the nearest that the model knows"
	onePieceGap = "the model does not use tools in streams; its answer comes in one piece, with a warning"
	tagsGap     = "text in the tags of thinking is thinking"
)

// promptGaps are the gaps of every format that is a prompt.
func promptGaps(more map[string][]conformance.ID) map[conformance.ID]string {
	return with(gaps(map[string][]conformance.ID{
		joinedGap: {"BAS-08", "BAS-10", "BAS-47", "BAS-48", "MUL-18", "MUL-19"},
		spaceGap:  {"BAS-09", "CON-01", "CON-02", "CON-04", "CON-06", "CON-07"},
	}), more)
}

// with returns gaps with more of them.
func with(some map[conformance.ID]string, more map[string][]conformance.ID) map[conformance.ID]string {
	all := maps.Clone(some)
	if all == nil {
		all = map[conformance.ID]string{}
	}
	maps.Copy(all, gaps(more))
	return all
}

// noSystem are the cases that put a system message before the first turn.
var noSystem = []conformance.ID{"BAS-07", "BAS-18", "BAS-26", "BAS-27", "CON-03"}

// promptModels are models that know a prompt as one text.
func promptModels() map[string]conformance.Subject {
	return map[string]conformance.Subject{
		"prompt-mistral": promptSubject("mistral.mistral-7b-instruct-v0:2", bedrock.FormatMistral, reader{read: readMistral}, promptGaps(map[string][]conformance.ID{noSystemGap: noSystem})),
		"prompt-deepseek": promptSubject("us.deepseek.r1-v1:0", bedrock.FormatDeepSeek, reader{read: readDeepSeek, thinks: true}, promptGaps(map[string][]conformance.ID{
			"white space behind thinking is no part of the answer": {"BAS-01"},
		})),
		"prompt-titan": promptSubject("amazon.titan-text-express-v1", bedrock.FormatTitan, reader{read: readTitan}, promptGaps(map[string][]conformance.ID{noSystemGap: noSystem})),
	}
}

// converseModels are of other makers and generations than those that are tested
// by name, each with rules of its own.
func converseModels() map[string]conformance.Subject {
	less := func(c *conformance.Capabilities) {
		c.RedactedThinking, c.UnsignedThinking, c.ServerTools, c.MediaURIs = false, false, false, false
		c.CacheTTLs, c.CacheWrites = nil, false
	}
	converse := func(id string, reasons map[string][]conformance.ID) conformance.Subject {
		return bedrockSubject(id, less, gaps(reasons))
	}
	return map[string]conformance.Subject{
		"claude-3-haiku": converse("anthropic.claude-3-haiku-20240307-v1:0", nil),
		"claude-opus-4-7": converse("us.anthropic.claude-opus-4-7", map[string][]conformance.ID{
			samplingGap: {"BAS-11", "BAS-12", "BAS-13", "BAS-27", "CAC-09", "CON-06"},
			adaptiveGap: {"THK-04", "THK-05", "THK-06", "THK-07", "THK-08", "THK-09", "THK-10", "THK-13"},
			modeGap:     {"THK-37"},
		}),
		"nova-2-lite": converse("us.amazon.nova-2-lite-v1:0", map[string][]conformance.ID{adaptiveGap: {"TOL-31"}, modeGap: {"THK-37"}}),
		"command-r":   converse("cohere.command-r-plus-v1:0", nil),
		"mistral-large": converse("mistral.mistral-large-2407-v1:0", map[string][]conformance.ID{
			onePieceGap: {"STR-03", "STR-28", "STR-29", "TOL-09", "TOL-11", "TOL-12", "TOL-16", "TOL-17", "TOL-27", "TOL-37", "TOL-38", "ERR-13"},
			choiceGap:   {"TOL-30"},
		}),
		"deepseek-v3":      converse("deepseek.v3-v1:0", map[string][]conformance.ID{choiceGap: {"TOL-30"}, thinksGap: {"THK-29", "THK-39"}, documentGap: {"MUL-14"}}),
		"gpt-oss":          converse("openai.gpt-oss-120b-1:0", map[string][]conformance.ID{thinksGap: {"TOL-31", "THK-29", "THK-37", "THK-39"}, documentGap: {"MUL-14"}}),
		"kimi-k2-thinking": converse("moonshot.kimi-k2-thinking", map[string][]conformance.ID{thinksGap: {"TOL-31"}, tagsGap: {"THK-26"}, documentGap: {"MUL-14"}}),
		"titan-text": converse("amazon.titan-text-express-v1", map[string][]conformance.ID{
			noSystemGap: append([]conformance.ID{"BAS-08"}, noSystem...), samplingGap: {"BAS-13"}, documentGap: {"MUL-14"},
		}),
	}
}

// doorModels are models as other callers use them.
func doorModels() map[string]conformance.Subject {
	everything := &bedrock.ProviderOptions{
		AdditionalFields: json.RawMessage(`{"anthropic_beta":["context-1m-2025-08-07"],"metadata":{"user_id":"u 1"}}`), ResponseFieldPaths: []string{"/stop_sequence", "/usage/input_tokens", "/usage/output_tokens", "/no~1such", "id"},
		Guardrail: &bedrock.Guardrail{ID: "gr1", Version: "1", Trace: "enabled", StreamMode: "async"},
		Latency:   "optimized", ServiceTier: "flex", Metadata: map[string]string{"k": "v"},
	}
	tools := &bedrock.ProviderOptions{AdditionalFields: json.RawMessage(`{"tools":[{"type":"web_search_20250305","name":"web_search"}]}`)}
	oneLine := map[string][]conformance.ID{
		"a body is one line: breaks between the tokens of the caller's JSON become spaces": {"TOL-09", "TOL-11", "TOL-22", "SER-07"},
	}
	return map[string]conformance.Subject{
		"codec-converse":    carriedSubject(bedrock.FormatConverse, with(gaps(oneLine), map[string][]conformance.ID{"so in a JSON result": {"TOL-16"}})),
		"codec-anthropic":   carriedSubject(bedrock.FormatAnthropic, with(invokeAnthropicSubject().Gaps, oneLine)),
		"options-converse":  optionedSubject(claudeSubject(), everything, nil),
		"options-anthropic": optionedSubject(invokeAnthropicSubject(), everything, map[string][]conformance.ID{"guarded text goes between tags": {"MUL-18"}}),
		"tools-anthropic":   optionedSubject(invokeAnthropicSubject(), tools, nil),
		"adapting": adaptingSubject(converseModels()["claude-opus-4-7"], "us.anthropic.claude-opus-4-7", func(f *facts.Facts) {
			f.Sampling.Temperature, f.Sampling.TopP, f.Sampling.TopK, f.Thinking.Budget = facts.SupportYes, facts.SupportYes, facts.SupportYes, facts.SupportYes
		}),
	}
}

// full says that nothing is sampled.
var full = os.Getenv("CHATMODEL_FULL") == "1"

// testSome runs the suite on a subject. Without CHATMODEL_FULL=1 it runs those of
// the cases that some tells by their numbers, and none that moves megabytes.
func testSome(t *testing.T, s conformance.Subject, some func(i int) bool) {
	t.Helper()
	if full || *repin {
		conformance.Test(t, s)
		return
	}
	for i, c := range conformance.Cases() {
		if !some(i) || slices.Contains(slow, c.ID) {
			continue
		}
		t.Run(c.Group+"/"+c.Name, func(t *testing.T) {
			t.Parallel()
			if res := conformance.RunCase(t, s, c); res.Status == conformance.Failed {
				t.Error(res.Failure)
			}
		})
	}
}

// always is all cases but those that move megabytes.
func always(int) bool { return true }

// TestModels runs the suite on models of other makers and generations. What a
// model can't do is a gap of its subject, and all that it sends is pinned.
// Without CHATMODEL_FULL=1 each case meets one of the models.
func TestModels(t *testing.T) {
	if conformance.RaceDetector {
		t.Skip("the race detector meets the same code on Claude, Nova and Llama")
	}
	models := promptModels()
	maps.Copy(models, converseModels())
	maps.Copy(models, doorModels())
	names := slices.Sorted(maps.Keys(models))
	for shift, name := range names {
		t.Run(name, func(t *testing.T) {
			testSome(t, pinned(models[name], name), func(i int) bool { return (i+shift)%len(names) == 0 })
		})
	}
}
