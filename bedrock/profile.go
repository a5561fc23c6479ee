package bedrock

import (
	"context"
	"errors"
	"strings"

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

	turn chan struct{} // full while somebody looks up, or reads what was found
	done bool
	base string // empty if the profile may not be read
}

func newResolver(profiles ProfileGetter, arn string) *resolver {
	return &resolver{profiles: profiles, arn: arn, turn: make(chan struct{}, 1)}
}

// resolve returns the id of the base model, empty if it cannot be known. The
// error is the context's, or one that the next call may not meet.
func (r *resolver) resolve(ctx context.Context) (string, error) {
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	if r.done {
		return r.base, nil
	}
	out, err := r.profiles.GetInferenceProfile(ctx, &controlplane.GetInferenceProfileInput{InferenceProfileIdentifier: &r.arn})
	if err != nil && !isRefusal(err) {
		return "", err
	}
	r.done = true
	if err == nil && out != nil && len(out.Models) > 0 {
		r.base = baseModel(aws.ToString(out.Models[0].ModelArn))
	}
	return r.base, nil
}

func isRefusal(err error) bool {
	e, ok := errors.AsType[smithy.APIError](err)
	return ok && e.ErrorFault() == smithy.FaultClient && kindOf(e.ErrorCode(), 0, "") != model.ErrThrottled
}

// resolve returns the model's family, asking for it if need be. That it stays
// unknown is no error: the model works, with less known of what it refuses.
func (m *Model) resolve(ctx context.Context) (Family, []model.Warning, error) {
	if m.resolver == nil || m.familyGiven {
		return m.family, nil, nil
	}
	base, err := m.resolver.resolve(ctx)
	if e := model.ContextError(ctx); err != nil && e != nil {
		return Family{}, nil, e
	}
	if base == "" {
		return m.family, []model.Warning{{Action: model.WarningChanged, Field: "model",
			Reason: "the inference profile could not be read, so what its model refuses is not known; name it in Options.BaseModel"}}, nil
	}
	return FamilyOf(base), nil, nil
}

// resolveBase returns the id and the family of the model to count tokens for.
func (m *Model) resolveBase(ctx context.Context, c call) (string, Family, error) {
	base, family := m.base, m.family
	if m.resolver != nil {
		var err error
		if base, err = m.resolver.resolve(ctx); err != nil {
			return "", Family{}, c.failed(ctx, &exchange{}, err)
		}
		if !m.familyGiven {
			family = FamilyOf(base)
		}
	}
	if base == "" {
		return "", Family{}, c.error(model.ErrUnsupported, "which model to count for is not known; name it in Options.BaseModel")
	}
	return base, family, nil
}
