package rules

import "slices"

// modelRules are about the model and the callers that may call it.
var modelRules = []*Rule{
	{ID: "model-id", About: "the id is of a known maker, an ARN of Bedrock, or one of Options.Models, and the model is served by this API", Texts: []*Text{textModelID}, check: checkModelID},
	{ID: "model-variant", About: "the id does not name a context size, such as :24k", Texts: []*Text{textProfile}, check: checkVariant},
	{ID: "access", About: "the id is not one of Options.Denied", Code: "AccessDeniedException", Status: 403, Texts: []*Text{textAccess}, check: checkAccess},
	{ID: "end-of-life", About: "the id is not one of Options.Retired", Code: "ResourceNotFoundException", Status: 404, Texts: []*Text{textRetired}, check: checkEndOfLife},
	{ID: "inference-profile", About: "the model is called by a profile, not by its bare id", Whom: "models that need a profile", Texts: []*Text{textProfile}, check: checkProfile},
	{ID: "count-tokens", About: "the model supports CountTokens, as Claude from 3.5 to 4.6 does, and is called by its bare id", Texts: []*Text{textCount}, check: checkCountable},
	{ID: "invoke-model", About: "the model supports InvokeModel", Whom: "GPT", Texts: []*Text{textInvoke}, check: checkInvokable},
}

var (
	textModelID = &Text{Form: "The provided model identifier is invalid.", Source: sourceRecorded}
	textAccess  = &Text{Form: "You don't have access to the model with the specified model ID.", Source: sourceText}
	textRetired = &Text{Form: "This model version has reached the end of its life. Please refer to the AWS documentation for more details.", Source: sourceText,
		Others: []string{"This model version has reached the end of its life."}}
	textProfile = &Text{Form: "Invocation of model ID %s with on-demand throughput isn’t supported. " +
		"Retry your request with the ID or ARN of an inference profile that contains this model.", Source: sourceText,
		Others: []string{"Invocation of model ID %s with on-demand throughput isn't supported. Retry your request with the ID or ARN of an inference profile that contains this model."}}
	textCount  = &Text{Form: "The provided model doesn't support counting tokens.", Source: sourceRecorded, Others: []string{"The provided model doesn't support counting tokens"}}
	textInvoke = &Text{Form: "The provided model doesn't support the InvokeModel operation."}
)

// listed reports whether the options declare that the id exists.
func (in *Input) listed() bool { return slices.Contains(in.Account.Models, in.ModelID) }

func checkModelID(in *Input) *Refusal {
	id := &in.Model.ID
	switch {
	case in.listed(), isARN(id) && in.Model.NotServed == "":
		return nil
	case in.Model.Row == "" && !slices.Contains(others, id.Maker), in.Model.NotServed != "":
		return in.refuse(textModelID)
	case id.Geography != "" && in.Model.Geographies != nil && !slices.Contains(in.Model.Geographies, id.Geography):
		return in.refuse(textModelID)
	}
	return nil
}

func checkVariant(in *Input) *Refusal {
	if in.Model.ID.Variant == "" || in.listed() {
		return nil
	}
	return in.refuse(textProfile, in.ModelID)
}

func checkAccess(in *Input) *Refusal {
	if !slices.Contains(in.Account.Denied, in.ModelID) {
		return nil
	}
	return in.refuse(textAccess)
}

func checkEndOfLife(in *Input) *Refusal {
	if !slices.Contains(in.Account.Retired, in.ModelID) {
		return nil
	}
	return in.refuse(textRetired)
}

// bare reports whether the model is called by its own id.
func (in *Input) bare() bool { return in.ModelID == in.Model.ID.Base }

func checkProfile(in *Input) *Refusal {
	if in.Counting || !in.bare() || !in.Model.ProfileOnly || in.listed() {
		return nil
	}
	return in.refuse(textProfile, in.ModelID)
}

func checkCountable(in *Input) *Refusal {
	if !in.Counting || in.Model.Counts && in.bare() || in.listed() {
		return nil
	}
	return in.refuse(textCount)
}

func checkInvokable(in *Input) *Refusal {
	if in.Door != Invoke || in.Counting || !in.Model.NoInvoke || in.listed() {
		return nil
	}
	return in.refuse(textInvoke)
}
