package bedrocktest

import (
	"errors"
	"fmt"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
)

// A Rule is something that the service refuses. The package documentation
// lists what each is about, and whose text it is refused with.
type Rule string

// The rules, in the order in which they are checked.
const (
	RuleAuthentication Rule = "authentication"    // a request must say who calls
	RuleSignatureV4    Rule = "signature-v4"      // a signature must be right
	RuleBearerTLS      Rule = "bearer-tls"        // API keys come over TLS only
	RuleUnknownMember  Rule = "unknown-member"    // JSON members that do not exist
	RuleModelID        Rule = "model-id"          // the model must exist
	RuleAccess         Rule = "access"            // the caller must have access to it
	RuleEndOfLife      Rule = "end-of-life"       // it must not be retired
	RuleProfile        Rule = "inference-profile" // some models need a profile's id
	RuleCountTokens    Rule = "count-tokens"      // tokens are counted for some base models only

	RuleMaxTokens      Rule = "max-tokens"       // at least 1
	RuleSamplingRange  Rule = "sampling-range"   // temperature and topP in 0..1
	RuleToolName       Rule = "tool-name"        // letters of a tool's name
	RuleToolNameLength Rule = "tool-name-length" // and how many
	RuleToolList       Rule = "tool-list"        // at least one tool
	RuleRole           Rule = "role"             // of a message

	RuleNoMessages   Rule = "no-messages"   // there must be some
	RuleUserFirst    Rule = "user-first"    // the user begins
	RuleAlternate    Rule = "alternate"     // user and assistant take turns
	RuleEmptyContent Rule = "empty-content" // a message holds something
	RuleBlankText    Rule = "blank-text"    // a text holds something

	RuleToolConfig      Rule = "tool-config"       // tool blocks need tools
	RuleToolJSON        Rule = "tool-json"         // inputs and results are objects
	RuleToolResults     Rule = "tool-results"      // every call is answered at once
	RuleToolResultCount Rule = "tool-result-count" // and nothing else is
	RuleToolTurn        Rule = "tool-turn"         // results and other blocks in one turn
	RuleToolSupport     Rule = "tool-support"      // tools, as such and in streams
	RuleToolChoice      Rule = "tool-choice"       // a forced one
	RuleField           Rule = "unsupported-field" // other fields that a model does not have

	RuleDocumentName   Rule = "document-name"   // letters of a document's name
	RuleDocumentUnique Rule = "document-unique" // names differ
	RuleDocumentCount  Rule = "document-count"  // at most 5
	RuleDocumentSize   Rule = "document-size"   // at most 4.5 MB
	RuleDocumentText   Rule = "document-text"   // a text in the same message
	RuleDocumentType   Rule = "document-type"   // of a known format
	RuleMediaRole      Rule = "media-role"      // files come from the user
	RuleImageCount     Rule = "image-count"     // at most 20
	RuleImageSize      Rule = "image-size"      // at most 5 MB in base64
	RuleImageData      Rule = "image-data"      // an image is one

	RuleCacheSupport  Rule = "cache-support"   // cache points, as such
	RuleCachePoints   Rule = "cache-points"    // at most 4
	RuleCacheTools    Rule = "cache-tools"     // among tools
	RuleCacheDocument Rule = "cache-document"  // straight after a document
	RuleCacheTTLOrder Rule = "cache-ttl-order" // longer lives come first

	RuleMaxTokensLimit Rule = "max-tokens-limit" // the model's own limit
	RuleSampling       Rule = "sampling"         // sampling parameters of newer models
	RuleBlankStop      Rule = "blank-stop"       // stop sequences hold something
	RulePrefill        Rule = "prefill"          // a conversation that ends with the assistant
	RuleTrailingSpace  Rule = "trailing-space"   // and its last letter

	RuleForcedThinking      Rule = "forced-thinking"      // no forced tool while thinking
	RuleBudget              Rule = "budget"               // at least 1024
	RuleBudgetMaxTokens     Rule = "budget-max-tokens"    // less than max tokens
	RuleThinkingTemperature Rule = "thinking-temperature" // 1, if anything
	RuleReasoningReplay     Rule = "reasoning-replay"     // thinking that a model does not take back
	RuleThinkingSignature   Rule = "thinking-signature"   // thinking is signed by the model
	RuleThinkingEdited      Rule = "thinking-edited"      // and comes back as it was
	RuleThinkingFirst       Rule = "thinking-first"       // before the tool calls that it led to
	RuleContext             Rule = "context"              // the prompt fits
)

// isAuthentication reports whether the rule is about who calls.
func (r Rule) isAuthentication() bool {
	return r == RuleAuthentication || r == RuleSignatureV4 || r == RuleBearerTLS
}

// A check refuses requests that break a rule.
type check struct {
	rule Rule
	test func(*inspection) *Exception
}

// checks are those of a request for an answer. The service looks at shapes
// first, then at the conversation, and hands the rest to the model.
var checks = [][]check{modelChecks, shapeChecks, messageChecks, toolChecks, documentChecks, cacheChecks, inferenceChecks, thinkingChecks}

// An inspection is a request being judged.
type inspection struct {
	*call
	*wire.Request
	stream   bool
	counting bool // for CountTokens, which answers nothing
	thinking thinking
}

// judge returns the exception of the first rule that a request breaks.
func (c *call) judge(q *question) *Exception {
	return c.inspect(&inspection{call: c, Request: q.wire, stream: q.stream, thinking: thinkingOf(q.wire)})
}

// judgeCount judges a request of CountTokens; w is nil if it is not one of
// Converse.
func (c *call) judgeCount(w *wire.Request) *Exception {
	i := &inspection{call: c, Request: w, counting: true}
	if w == nil {
		return c.run(i, modelChecks)
	}
	i.thinking = thinkingOf(w)
	return c.inspect(i)
}

func (c *call) inspect(i *inspection) *Exception {
	for _, group := range checks {
		if e := c.run(i, group); e != nil {
			return e
		}
	}
	return nil
}

func (c *call) run(i *inspection, group []check) *Exception {
	for _, check := range group {
		if !c.enforces(check.rule) {
			continue
		}
		if e := check.test(i); e != nil {
			return e
		}
	}
	return nil
}

// malformed refuses a body that is not what the operation takes.
func malformed(err error) *Exception {
	f, ok := errors.AsType[*wire.FieldError](err)
	if !ok || f.Path == "" {
		return &Exception{Code: "SerializationException", Message: err.Error()}
	}
	return &Exception{Code: "SerializationException", Message: fmt.Sprintf("The value at %s could not be deserialized: %s", f.Path, f.Problem)}
}

// unknownMember refuses a member that does not exist.
func unknownMember(err error) *Exception {
	f, ok := errors.AsType[*wire.FieldError](err)
	if !ok || f.Problem != "unknown member" {
		return validation(err.Error())
	}
	return validation(f.Path + ": Extra inputs are not permitted")
}

// constraint is how the service tells that a value is out of bounds.
func constraint(value, at, must string) *Exception {
	return validation(fmt.Sprintf("1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member must %s", value, at, must))
}

// unsupported is how the service tells that a model does not have a field.
func unsupported(field string) *Exception {
	return validation(fmt.Sprintf("This model doesn't support the %s field. Remove %[1]s and try again.", field))
}
