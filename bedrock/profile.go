package bedrock

import (
	"context"
	"errors"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	controlplane "github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/smithy-go"

	"github.com/chatmodel-go/chatmodel/model"
)

// isApplicationProfile reports whether an id is the ARN of an application
// inference profile, which names no model.
func isApplicationProfile(id string) bool {
	return strings.HasPrefix(id, "arn:") && strings.Contains(id, ":application-inference-profile/")
}

// A resolver finds the model behind an application inference profile, when it
// is first needed and once. A refusal is final too: who may not ask now may
// not ask in a second. Other failures are tried again with the next call.
type resolver struct {
	profiles ProfileGetter
	arn      string

	mu   sync.Mutex
	done bool
	base string // empty if the profile may not be read
}

func (r *resolver) resolve(ctx context.Context) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.done {
		return r.base
	}
	out, err := r.profiles.GetInferenceProfile(ctx, &controlplane.GetInferenceProfileInput{InferenceProfileIdentifier: &r.arn})
	if err != nil {
		r.done = isRefusal(err)
		return ""
	}
	r.done = true
	if len(out.Models) > 0 {
		r.base = baseModel(aws.ToString(out.Models[0].ModelArn))
	}
	return r.base
}

func isRefusal(err error) bool {
	e, ok := errors.AsType[smithy.APIError](err)
	return ok && e.ErrorFault() == smithy.FaultClient && kindOf(e.ErrorCode(), 0, "") != model.ErrThrottled
}

// resolve returns what is known of the model, asking for it if need be.
func (m *Model) resolve(ctx context.Context) (base string, family Family, warnings []model.Warning) {
	if m.resolver == nil {
		return m.base, m.family, nil
	}
	base = m.resolver.resolve(ctx)
	if base == "" {
		return "", m.family, []model.Warning{{Action: model.Changed, Field: "model",
			Reason: "the inference profile could not be read, so what its model refuses is not known; name it in Options.BaseModel"}}
	}
	if m.family.Name != "" { // set by Options.Family
		return base, m.family, nil
	}
	return base, FamilyOf(base), nil
}
