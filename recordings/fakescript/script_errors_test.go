package main

import (
	"time"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// errorsService answers as the local recording errors-service does.
func errorsService() []fake.Turn {
	return []fake.Turn{
		// converse us.anthropic.claude-sonnet-4-5-20250929-v1:0: Hello.
		fake.Fail(&model.Error{Kind: model.ErrThrottled, Code: "ThrottlingException", Status: 429, Message: "Too many requests, please wait before trying again.", RetryAfter: 3000 * time.Millisecond}),
		// converse us.anthropic.claude-sonnet-4-5-20250929-v1:0: Hello.
		fake.Fail(&model.Error{Kind: model.ErrQuota, Code: "ThrottlingException", Status: 429, Message: "Too many tokens per day, please wait before trying again."}),
		// converse us.anthropic.claude-sonnet-4-5-20250929-v1:0: Hello.
		fake.Fail(&model.Error{Kind: model.ErrPermission, Code: "AccessDeniedException", Status: 403, Message: "You don't have access to the model with the specified model ID. Enable the model for this account and region under Model access in the Bedrock console, or name an inference profile of a region where it is enabled."}),
		// converse us.anthropic.claude-sonnet-4-5-20250929-v1:0: Hello.
		fake.Fail(&model.Error{Kind: model.ErrAuthentication, Code: "ExpiredTokenException", Status: 403, Message: "The security token included in the request is expired"}),
		// converse-stream us.anthropic.claude-sonnet-4-5-20250929-v1:0: Hello.
		fake.Fail(&model.Error{Kind: model.ErrUnavailable, Code: "ServiceUnavailableException", Status: 503, Message: "Bedrock is unable to process your request."}),
		// converse us.anthropic.claude-sonnet-4-5-20250929-v1:0: Hello.
		fake.Fail(&model.Error{Kind: model.ErrTimeout, Code: "ModelTimeoutException", Status: 408, Message: "Model has timed out in processing the request. Try your request again."}),
		// converse us.anthropic.claude-sonnet-4-5-20250929-v1:0: Hello.
		fake.Fail(&model.Error{Kind: model.ErrProvider, Code: "InternalServerException", Status: 500, Message: "The system encountered an unexpected error during processing. Try your request again."}),
		// converse us.anthropic.claude-sonnet-4-5-20250929-v1:0: Hello.
		fake.Fail(&model.Error{Kind: model.ErrContextOverflow, Code: "ValidationException", Status: 400, Message: "Input is too long for requested model."}),
	}
}
