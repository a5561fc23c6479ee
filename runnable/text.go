package runnable

import (
	"context"

	"github.com/chatmodel-go/chatmodel/model"
)

// Text is the step that takes an answer's text; see [model.Message.Text]. An
// answer that was cut off by a token limit is text like any other.
func Text() Runnable[*model.Response, string] {
	return namedByDefault("text", Func(func(_ context.Context, resp *model.Response) (string, error) {
		if resp == nil {
			return "", errNoResponse
		}
		return resp.Text(), nil
	}))
}

var errNoResponse = &model.Error{Kind: model.ErrInvalidRequest, Op: "invoke", Message: "the response is nil"}
