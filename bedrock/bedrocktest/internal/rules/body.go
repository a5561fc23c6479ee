package rules

import (
	"encoding/json"
	"slices"
)

// bodyRules are about the members of native bodies.
var bodyRules = []*Rule{
	{ID: "body-form", About: "a body of InvokeModel has the form of the model's bodies", Texts: []*Text{textJSON, textRequired}, check: checkBodyForm},
	{ID: "body-version", About: "the member anthropic_version is bedrock-2023-05-31, or 2026-10-21, which Anthropic's SDK for Bedrock sends", Whom: "Claude", Texts: []*Text{textMissingField, textVersion}, check: checkBodyVersion},
	{ID: "body-max-tokens", About: "the member max_tokens is present", Whom: "Claude", Texts: []*Text{textMissingField}, check: checkBodyMaxTokens},
	{ID: "body-member", About: "the body has only members that the model knows", Whom: "Claude, Nova", Texts: []*Text{textExtra, textExtraneousKey}, check: checkBodyMember},
}

var (
	textJSON          = &Text{Form: "Malformed input request, please reformat your input and try again.", Source: sourceText}
	textRequired      = &Text{Form: "Malformed input request: #: required key [%s] not found, please reformat your input and try again.", Source: sourceText}
	textMissingField  = &Text{Form: "%s: Field required", Model: true, Source: sourceText}
	textVersion       = &Text{Form: "Invalid API version: %s", Model: true, Source: sourceText}
	textExtraneousKey = &Text{Form: "Malformed input request: #: extraneous key [%s] is not permitted, please reformat your input and try again.", Source: sourceText}
)

// anthropicVersions are the versions that Bedrock accepts: its own, and the one
// that @anthropic-ai/bedrock-sdk 1.1.3 puts into every body.
var anthropicVersions = []string{"bedrock-2023-05-31", "2026-10-21"}

// body returns the members of a native body, or nil if it is not an object.
func (in *Input) body() map[string]json.RawMessage {
	var members map[string]json.RawMessage
	if json.Unmarshal(in.Raw, &members) != nil {
		return nil
	}
	return members
}

func checkBodyForm(in *Input) *Refusal {
	if in.Door != Invoke {
		return nil
	}
	members := in.body()
	if members == nil {
		return in.refuse(textJSON)
	}
	switch in.Format {
	case FormatOpenAI, FormatNova:
		if _, ok := members["messages"]; !ok {
			return in.refuse(textRequired, "messages")
		}
	}
	return nil
}

func checkBodyVersion(in *Input) *Refusal {
	if !in.claudeBody() {
		return nil
	}
	raw, ok := in.body()["anthropic_version"]
	if !ok {
		return in.refuse(textMissingField, "anthropic_version")
	}
	var version string
	if json.Unmarshal(raw, &version) != nil || !slices.Contains(anthropicVersions, version) {
		return in.refuse(textVersion, version)
	}
	return nil
}

func checkBodyMaxTokens(in *Input) *Refusal {
	if !in.claudeBody() {
		return nil
	}
	members := in.body()
	for _, name := range []string{"max_tokens", "messages"} {
		if _, ok := members[name]; !ok && !(in.Counting && name == "max_tokens") {
			return in.refuse(textMissingField, name)
		}
	}
	return nil
}

// novaMembers are the members of Nova's bodies.
// https://docs.aws.amazon.com/nova/latest/userguide/complete-request-schema.html
var novaMembers = []string{"additionalModelRequestFields", "amazon-bedrock-guardrailConfig", "inferenceConfig", "messages", "reasoningConfig", "schemaVersion", "system", "toolConfig"}

func checkBodyMember(in *Input) *Refusal {
	if in.Door != Invoke {
		return nil
	}
	for _, name := range sortedNames(in.body()) {
		switch {
		case in.Format == FormatAnthropic && !slices.Contains(claudeFields, name):
			return in.refuse(textExtra.byModel(), name)
		case in.Format == FormatNova && !slices.Contains(novaMembers, name):
			return in.refuse(textExtraneousKey, name)
		}
	}
	return nil
}
