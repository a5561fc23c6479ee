package conformance_test

import (
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/conformance"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// invokeSubject is a model over InvokeModel, behind a local Bedrock that
// answers in the model's own format.
func invokeSubject(modelID string, format bedrock.Format, edit func(*conformance.Capabilities), gaps map[conformance.ID]string) conformance.Subject {
	s := bedrockSubject(modelID, edit, gaps)
	s.Name = "bedrock over InvokeModel on bedrocktest, " + modelID
	s.New = func(env *conformance.Env, script *fake.Model) (model.ChatModel, error) {
		server := bedrocktest.InMemory(script, &bedrocktest.Options{KeepSignatures: true})
		return bedrock.New(clientOf(env, server), modelID, &bedrock.Options{Format: format})
	}
	return s
}

// limitGap is why a native format can't do what Converse can.
const limitGap = "the format requires max_tokens: a request without a limit is sent with the one that the documentation tells"

func invokeAnthropicSubject() conformance.Subject {
	edit := func(c *conformance.Capabilities) { c.MediaURIs, c.RedactedText, c.JSONAsText = false, true, true }
	return invokeSubject(claude, bedrock.FormatAnthropic, edit, map[conformance.ID]string{
		"BAS-17": limitGap,
		"STR-08": limitGap + ", which is less than the piece",
		"THK-38": limitGap,
		"BAS-50": "the format has no source of a citation, one quote, and no web page of another kind than its own search",
		"TOL-43": "the format has no place for the parts of a result that the provider's tool gave",
	})
}

// Without CHATMODEL_FULL=1 it runs every other case, and TestInvokeOpenAI the
// others.
func TestInvokeAnthropic(t *testing.T) {
	testSome(t, pinned(invokeAnthropicSubject(), "invoke-anthropic"), func(i int) bool { return i%2 == 0 })
}

func invokeOpenAISubject() conformance.Subject {
	edit := func(c *conformance.Capabilities) {
		c.MediaURIs, c.RedactedThinking, c.ServerTools, c.Citations, c.CacheWrites, c.CacheTTLs = false, false, false, false, false, nil
		c.EffortOnly, c.JSONAsText, c.OneText = true, true, true
		c.StopReasons = []model.StopReason{model.StopEndTurn, model.StopToolUse, model.StopMaxTokens, model.StopContentFiltered}
	}
	return invokeSubject("openai.gpt-oss-120b-1:0", bedrock.FormatOpenAI, edit, nil)
}

func TestInvokeOpenAI(t *testing.T) {
	testSome(t, pinned(invokeOpenAISubject(), "invoke-openai"), func(i int) bool { return i%2 == 1 })
}
