package bedrocktest

import (
	"slices"
	"strings"
)

var modelChecks = []check{
	{RuleModelID, (*inspection).modelID},
	{RuleAccess, (*inspection).access},
	{RuleEndOfLife, (*inspection).endOfLife},
	{RuleProfile, (*inspection).profile},
	{RuleCountTokens, (*inspection).countable},
}

func (i *inspection) modelID() *Exception {
	id := i.record.ModelID
	if slices.Contains(i.options.Models, id) || isModelARN(id) {
		return nil
	}
	provider, name, ok := strings.Cut(withoutGeography(id), ".")
	if ok && name != "" && slices.Contains(providers, provider) {
		return nil
	}
	return validation("The provided model identifier is invalid.")
}

// isModelARN reports whether id has the form of an ARN of Bedrock:
// arn:partition:bedrock:region:account:kind/name.
func isModelARN(id string) bool {
	fields := strings.SplitN(id, ":", 6)
	if len(fields) != 6 || fields[0] != "arn" || (fields[2] != "bedrock" && fields[2] != "sagemaker") {
		return false
	}
	kind, name, ok := strings.Cut(fields[5], "/")
	return ok && kind != "" && name != ""
}

func (i *inspection) access() *Exception {
	if !slices.Contains(i.options.Denied, i.record.ModelID) {
		return nil
	}
	return &Exception{Code: "AccessDeniedException", Message: "You don't have access to the model with the specified model ID."}
}

func (i *inspection) endOfLife() *Exception {
	if !slices.Contains(i.options.Retired, i.record.ModelID) {
		return nil
	}
	return &Exception{Code: "ResourceNotFoundException",
		Message: "This model version has reached the end of its life. Please refer to the AWS documentation for more details."}
}

func (i *inspection) profile() *Exception {
	id := i.record.ModelID
	bare := id == baseModel(id)
	if i.counting || !bare || !i.traits.profileOnly || slices.Contains(i.options.Models, id) {
		return nil
	}
	return validation("Invocation of model ID " + id + " with on-demand throughput isn’t supported. " +
		"Retry your request with the ID or ARN of an inference profile that contains this model.")
}

func (i *inspection) countable() *Exception {
	id := i.record.ModelID
	if !i.counting || i.traits.countable && id == baseModel(id) || slices.Contains(i.options.Models, id) {
		return nil
	}
	return validation("The provided model doesn't support counting tokens.")
}
