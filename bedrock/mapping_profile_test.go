package bedrock_test

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/bedrock/types"

	controlplane "github.com/aws/aws-sdk-go-v2/service/bedrock"
)

// mappedProfile is a control plane where every profile is of the given model.
type mappedProfile string

func (p mappedProfile) GetInferenceProfile(context.Context, *controlplane.GetInferenceProfileInput, ...func(*controlplane.Options)) (*controlplane.GetInferenceProfileOutput, error) {
	return &controlplane.GetInferenceProfileOutput{Models: []types.InferenceProfileModel{{ModelArn: new("arn:aws:bedrock:us-east-1::foundation-model/" + string(p))}}}, nil
}
