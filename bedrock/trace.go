package bedrock

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/schemas"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/aws/smithy-go/transport/http/protocol/restjson1"
)

// GuardrailTrace returns the assessments of [ProviderMetadata.Trace] in the SDK's
// types. It returns nil if the answer has no trace, for example because
// [Guardrail.Trace] did not ask for one.
func (x *ProviderMetadata) GuardrailTrace() (*types.GuardrailTraceAssessment, error) {
	if x == nil || len(x.Trace) == 0 {
		return nil, nil
	}
	t, err := sdkTrace(x.Trace)
	if err != nil {
		return nil, fmt.Errorf("bedrock: the trace cannot be read: %w", err)
	}
	return t.Guardrail, nil
}

// PromptRouter returns the id of the model that a prompt router chose, according
// to [ProviderMetadata.Trace], or the empty string if there is none.
func (x *ProviderMetadata) PromptRouter() string {
	if x == nil || len(x.Trace) == 0 {
		return ""
	}
	t, err := sdkTrace(x.Trace)
	if err != nil || t.PromptRouter == nil {
		return ""
	}
	return deref(t.PromptRouter.InvokedModelId)
}

// sdkTrace decodes a trace by the SDK, whose decoder takes whole answers only.
// Traces are the largest and least asked for part of an answer, so that is
// done when somebody asks, and by the types that the SDK has for them.
func sdkTrace(raw []byte) (*types.ConverseTrace, error) {
	body := append(append([]byte(`{"trace":`), raw...), '}')
	resp := &smithyhttp.Response{Response: &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(body)),
	}}
	op := smithy.NewOperationSchema(schemas.Converse, schemas.ConverseRequest, schemas.ConverseResponse)
	var out bedrockruntime.ConverseOutput
	err := restjson1.New(nil).DeserializeResponse(context.Background(), op, bedrockruntime.TypeRegistry, resp, &out)
	switch {
	case err != nil:
		return nil, err
	case out.Trace == nil:
		return &types.ConverseTrace{}, nil
	}
	return out.Trace, nil
}
